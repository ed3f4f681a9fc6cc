//! What a default does beyond its first assessment: with vouchers open, with everything lost, and anew.

use {
    super::default_vault::{DAY, TO_THE_MAXIMUM, backing, failing, liquidation, owing},
    specie::errors::SpecieError,
    specie_client::{
        state::Vault,
        units::{Price, Quote, Timestamp, Tokens, Units},
    },
    specie_tests::{
        event,
        world::{ONE, PRICE, VaultPlan, World},
    },
};

#[test]
fn default_vault_leaves_vouchers_the_share_of_their_tokens() {
    let mut world = owing(24 * ONE);
    let (south, alice) = (world.vendor("south"), world.the_holder("alice"));
    // Of the 40 that "south" owes, 30 and 5 are owed to vouchers.
    let sessions = [("one", 30 * ONE), ("two", 5 * ONE)]
        .map(|(name, tokens)| world.opened(&alice, &south, name, tokens));
    world.edit(&south.vault, |v: &mut Vault| {
        // Out of reach, so that all is lost.
        v.balances.collateral = Quote::ZERO;
    });
    let mut world = world.failing(&south);
    let call = world.default_vault(&south);
    let outcome = world.ok(&call);
    assert_eq!(event!(outcome, VaultDefaulted).loss, Units::new(40 * ONE));
    // 65 tokens and the 35 that the vouchers stand for share the 60 that "north" owes.
    assert_eq!(world.backing(), backing(60 * ONE, 100 * ONE));
    assert_eq!(liquidation(&world, &south), [0, 0, 40 * ONE]);
    let balances = world.vault_state(&south).balances;
    assert_eq!(balances.defaulted, Tokens::new(35 * ONE));
    assert_eq!(
        (balances.outstanding, balances.open),
        (Units::ZERO, Units::ZERO)
    );
    // The same loss is not taken again.
    world.refuses(&call, SpecieError::NothingShort);

    for (session, left) in sessions.iter().zip([5 * ONE, 0]) {
        let close = world.request_close(session);
        world.ok(&close);
        world.chain.warp(2 * DAY + 1);
        let reclaim = world.reclaim(session);
        world.ok(&reclaim);
        let balances = world.vault_state(&south).balances;
        assert_eq!(balances.defaulted, Tokens::new(left));
    }
    // All 100 tokens are alice's again, and stand for just the 60 that "north" owes.
    assert_eq!(world.chain.tokens(&alice.tokens), 100 * ONE);
    assert_eq!(world.vault_state(&south).balances.outstanding, Units::ZERO);
    assert_eq!(world.vault_state(&south).balances.open, Units::ZERO);
    let north = world.vendor("north");
    world.opened(&alice, &north, "all", 100 * ONE);
    assert_eq!(world.vault_state(&north).balances.outstanding, Units::ZERO);
}

#[test]
fn default_vault_anew_after_the_highest_premium_at_a_risen_price_loses_more() {
    let (mut world, south) = failing(44 * ONE);
    let call = world.default_vault(&south);
    world.ok(&call);
    world.chain.warp(TO_THE_MAXIMUM - 600);
    let mut world = world.price(PRICE * 105 / 100);
    world.refuses(&call, SpecieError::LiquidationRunning);
    world.chain.warp(600);
    let outcome = world.ok(&call);
    let event = event!(outcome, VaultDefaulted);
    // At 2.31 the 44 buy 19.047619 back of the 20.
    assert_eq!(event.loss, Units::new(20 * ONE - 19_047_619));
    assert_eq!(event.backing_before, backing(80 * ONE, 100 * ONE));
    let left = 80 * ONE - (20 * ONE - 19_047_619);
    assert_eq!(event.backing, backing(left, 100 * ONE));
    let state = world.vault_state(&south).liquidation;
    assert_eq!(state.price, Price::new(PRICE * 105 / 100));
    assert_eq!(state.started_at, Timestamp::new(world.chain.now()));
    assert_eq!(
        liquidation(&world, &south),
        [19_047_619, 0, 40 * ONE - 19_047_619]
    );
    assert_eq!(
        world.vault_state(&south).balances.outstanding,
        Units::new(19_047_619)
    );
}

#[test]
fn default_vault_anew_with_collateral_frozen_since_loses_the_rest() {
    let (mut world, south) = failing(44 * ONE);
    world = world.insured(4_400_000 * 2);
    let call = world.default_vault(&south);
    world.ok(&call);
    assert_eq!(liquidation(&world, &south)[..2], [22 * ONE, 4_400_000]);
    let (mint, issuer) = (world.stable_mint, world.stable_issuer.clone());
    world
        .chain
        .set_frozen(&south.collateral, &mint, &issuer, true);
    world.chain.warp(TO_THE_MAXIMUM - 600);
    let mut world = world.price(PRICE);
    world.chain.warp(600);
    world.ok(&call);
    // What is reserved of the insurance still buys 2 back.
    assert_eq!(liquidation(&world, &south), [2 * ONE, 4_400_000, 38 * ONE]);
    assert_eq!(world.backing(), backing(62 * ONE, 100 * ONE));
}

#[test]
fn default_vault_anew_where_capacity_came_back_ends_the_buying_back() {
    let (mut world, south) = failing(44 * ONE);
    world = world.insured(4_400_000 * 2);
    let call = world.default_vault(&south);
    world.ok(&call);
    let ends_at = world.chain.now() + 30 * DAY;
    let attest = world.attest_capacity(&south, 790, ends_at);
    world.ok(&attest);
    let mut world = world.attended(TO_THE_MAXIMUM);
    world.ok(&call);
    assert_eq!(liquidation(&world, &south), [0, 0, 18 * ONE]);
    assert_eq!(world.currency_state().insurance_reserved, Quote::ZERO);
    world.refuses(&call, SpecieError::NothingShort);
}

#[test]
fn default_vault_with_everything_lost_leaves_nothing_to_issue() {
    let plan = VaultPlan::named("south").rate(790).pledge(2 * DAY);
    let world = World::new().vault(plan).price(PRICE).holder("alice", 0);
    let mut world = world.issued("south", "alice", 40 * ONE);
    let (south, alice) = (world.vendor("south"), world.the_holder("alice"));
    world.edit(&south.vault, |v: &mut Vault| {
        v.balances.collateral = Quote::ZERO
    });
    let world = world.defaulted(&south);
    assert_eq!(world.backing(), backing(0, 40 * ONE));
    let mut world = world.vault(VaultPlan::named("west"));
    let call = world.post_price(PRICE);
    world.ok(&call);
    let west = world.vendor("west");
    for call in [
        world.issue(&west, &alice.tokens, u64::MAX / 2),
        world.purchase(&alice, &west, 1),
    ] {
        world.refuses(&call, SpecieError::BackingExhausted);
    }
}

#[test]
fn default_vault_anew_before_the_highest_premium_rejects() {
    let (mut world, south) = failing(44 * ONE);
    let call = world.default_vault(&south);
    world.ok(&call);
    world.refuses(&call, SpecieError::LiquidationRunning);
    world.chain.warp(TO_THE_MAXIMUM - 1);
    world.refuses(&call, SpecieError::LiquidationRunning);
}
