//! What not serving costs: attacks on the claims of who was not served, and what everybody has before and after.

use {
    specie::errors::SpecieError,
    specie_client::{
        address,
        state::{Currency, Standard, Vault, VaultStatus},
        units::{Price, Quote, Seconds, Timestamp},
    },
    specie_tests::{
        event,
        world::{Holder, ONE, PRICE, Session, VaultPlan, Vendor, World},
    },
};

const HOUR: i64 = 3_600;
const WINDOW: i64 = 6 * HOUR;
const DAY: i64 = 24 * HOUR;
/// How long a called vault may cure, by the default rules.
const CURE: i64 = 6 * DAY;

/// "north" owes bob 60 SCU. "south" owes alice 40 at 2.0, and holds 24 for them: its ratio of 30 %, to the unit.
fn exact() -> (World, Vendor, Holder) {
    let world = World::new()
        .vault(VaultPlan::named("north"))
        .vault(VaultPlan::named("south").collateral(24 * ONE))
        .price(PRICE)
        .holder("alice", 0)
        .holder("bob", 0)
        .issued("north", "bob", 60 * ONE)
        .issued("south", "alice", 40 * ONE);
    let (south, alice) = (world.vendor("south"), world.the_holder("alice"));
    (world, south, alice)
}

/// Redeems `tokens`, is not answered, and claims; returns the cash and the tokens.
fn lapse(world: &mut World, vendor: &Vendor, who: &Holder, name: &str, tokens: u64) -> (u64, u64) {
    let session = world.opened(who, vendor, name, tokens);
    let challenge = world.challenge(&session);
    world.ok(&challenge);
    world.chain.warp(WINDOW + 1);
    let claim = world.compensate(&session);
    let outcome = world.ok(&claim);
    let event = event!(outcome, Compensated);
    (event.cash.get(), event.tokens.get())
}

fn penalty(world: &World, vendor: &Vendor) -> u64 {
    world.vault_state(vendor).penalty.get()
}

/// The vendor's plan: serve nobody, deposit nothing, and keep what is in the vault.
#[test]
fn a_vendor_that_answers_nothing_and_deposits_nothing_loses_all_that_it_pledged() {
    let (mut world, south, alice) = exact();
    // What alice is not served returns to the unit: she is no poorer. The premium of 2.0 is owed.
    assert_eq!(
        lapse(&mut world, &south, &alice, "session", 10 * ONE),
        (0, 10 * ONE)
    );
    assert_eq!(world.chain.tokens(&alice.tokens), 40 * ONE);
    assert_eq!(penalty(&world, &south), 2 * ONE);
    // From this second on nothing is issued, sold or withdrawn.
    let mut world = world.attended(600);
    let issue = world.issue(&south, &alice.tokens, 1);
    let request = world.request_withdrawal(&south, 1);
    let purchase = world.purchase(&alice, &south, 1);
    for call in [&issue, &request, &purchase] {
        world.refuses(call, SpecieError::PenaltyOwed);
    }
    // Capacity covers what it owes twenty times over, and does not help.
    let call = world.call_margin(&south);
    world.ok(&call);
    let default = world.default_vault(&south);
    world.refuses(&default, SpecieError::CurePeriodRunning);
    world.refuses(&call, SpecieError::MarginUnchanged);
    let mut world = world.attended(CURE);
    let outcome = world.ok(&default);
    let event = event!(outcome, VaultDefaulted);
    // All 40 are short: 24 buy 10.909090 of them back at 2.2, the rest is lost.
    assert_eq!(event.loss.get(), 29_090_910);
    assert_eq!(event.liquidation.shortage.get(), 10_909_090);
    let vault = world.vault_state(&south);
    assert_eq!(vault.status, VaultStatus::Defaulted as u8);
    // The vendor has nothing of its 24, where a vendor that serves keeps them all; and no capacity brings them back.
    let request = world.request_withdrawal(&south, 1);
    world.refuses(&request, SpecieError::VaultNotActive);
    assert_eq!(world.chain.tokens(&south.stable), 0);
    world.chain.warp(20 * 600);
    let mut world = world.attended(600);
    let outcome = world.ok(&default);
    assert_eq!(event!(outcome, VaultDefaulted).loss.get(), 0);
    assert_eq!(penalty(&world, &south), 2 * ONE);
}

/// The honest baseline: a vendor that missed one answer pays the premium, and is in business again.
#[test]
fn a_vendor_that_pays_the_premium_is_in_business_again() {
    let (mut world, south, alice) = exact();
    lapse(&mut world, &south, &alice, "session", 10 * ONE);
    let mut world = world.attended(600);
    let call = world.call_margin(&south);
    world.ok(&call);
    world.fund_stable(&south.stable, 3 * ONE);
    let deposit = world.deposit_collateral(&south, 3 * ONE);
    let outcome = world.ok(&deposit);
    let event = event!(outcome, CollateralDeposited);
    assert_eq!(event.to_insurance, Quote::new(2 * ONE));
    assert_eq!(event.penalty, Quote::ZERO);
    let insurance = world.insurance();
    assert_eq!(world.chain.tokens(&insurance), 2 * ONE);
    assert_eq!(world.chain.tokens(&south.collateral), 25 * ONE);
    let vault = world.vault_state(&south);
    assert_eq!(vault.balances.collateral, Quote::new(25 * ONE));
    assert_eq!(vault.penalized_at, Timestamp::ZERO);
    let call = world.call_margin(&south);
    world.ok(&call);
    let issue = world.issue(&south, &alice.tokens, ONE);
    world.ok(&issue);
}

/// A claim that is held back until a margin call's cure period is over does not take the capacity along with it.
#[test]
fn a_claim_sprung_on_a_called_vault_does_not_void_its_capacity() {
    let (mut world, south, alice) = exact();
    let session = world.opened(&alice, &south, "session", 10 * ONE);
    let challenge = world.challenge(&session);
    world.ok(&challenge);
    let mut world = world.attended(WINDOW + 600);
    // It is short by some seconds of capacity, and called for that.
    let vault = south.vault;
    world.edit(&vault, |vault: &mut Vault| {
        let ends_at = Timestamp::new(world_end(vault));
        vault.attested.ends_at = ends_at;
    });
    let call = world.call_margin(&south);
    world.ok(&call);
    let mut world = world.attended(CURE);
    let claim = world.compensate(&session);
    world.ok(&claim);
    assert_eq!(penalty(&world, &south), 2 * ONE);
    assert!(!world.vault_state(&south).has_forfeited_capacity());
    // Capacity attested anew ends that call; for the penalty another one begins, with a cure period of its own.
    let ends_at = world.chain.now() + 30 * DAY;
    let attest = world.attest_capacity(&south, 8 * 790, ends_at);
    world.ok(&attest);
    let mut world = world.attended(2 * HOUR);
    world.ok(&call);
    world.chain.warp(1);
    world.ok(&call);
    let default = world.default_vault(&south);
    world.refuses(&default, SpecieError::CurePeriodRunning);
}

/// The end of a pledge that has run out just now.
fn world_end(vault: &Vault) -> i64 {
    vault.attested.attested_at.get() + 60
}

/// A vendor's friend redeems, is not answered, claims, and redeems what returned again.
#[test]
fn eleven_rounds_of_lapses_to_a_friend_take_nothing_that_backs_others() {
    for (collateral, cash, rounds_paid) in [(60 * ONE, 0, 0), (80 * ONE, 27_500_000, 1)] {
        let world = World::new()
            .vault(VaultPlan::named("north").collateral(collateral))
            .price(PRICE)
            .holder("alice", 0)
            .holder("friend", 0)
            .issued("north", "alice", 50 * ONE);
        let mut world = world.issued("north", "friend", 50 * ONE);
        let (north, friend) = (world.vendor("north"), world.the_holder("friend"));
        let mut paid = vec![];
        for _ in 0..11 {
            let tokens = world.chain.tokens(&friend.tokens);
            let (cash, back) = lapse(&mut world, &north, &friend, "friend's", tokens);
            assert!(back > 0);
            paid.push(cash);
            world.chain.warp(1);
        }
        assert_eq!(paid.iter().filter(|cash| **cash > 0).count(), rounds_paid);
        assert_eq!(world.chain.tokens(&friend.stable), cash);
        // Before, 0.6 backed each of alice's 50; and 0.6 does after.
        let vault = world.vault_state(&north);
        let (held, owed) = (vault.balances.collateral.get(), vault.owed().unwrap().get());
        assert!(u128::from(held) * 10 >= u128::from(owed) * 6);
        // By honest business the vendor withdraws what is above that, and its friend keeps 50 tokens, worth 100. With what the
        // friend was paid they have no more: 2.2 for each token that is gone, of the vendor's own.
        let friend_has = cash + 2 * world.chain.tokens(&friend.tokens);
        let honest = collateral - 60 * ONE + 100 * ONE;
        assert!(friend_has <= honest, "{friend_has} {honest}");
        // And the vendor is out of business until it has paid each round's premium.
        assert!(vault.penalty.get() >= 11 * 7 * ONE);
    }
}

/// A friend lets twenty challenges lapse, so that the vendor may answer alice the later.
#[test]
fn a_friends_lapsed_challenges_delay_an_answer_by_no_more_than_a_window() {
    let world = World::trading()
        .holder("friend", 0)
        .issued("north", "alice", 100 * ONE);
    let mut world = world.issued("north", "friend", 100 * ONE);
    let currency = world.currency;
    world.edit(&currency, |currency: &mut Currency| {
        currency.params.answer_spacing = Seconds::new(3_600);
    });
    let (north, alice) = (world.vendor("north"), world.the_holder("alice"));
    let until = |world: &World, session: &Session| {
        world.voucher_state(session).challenged_until.get() - world.chain.now()
    };
    // The baseline: nobody else is challenging.
    let session = world.opened(&alice, &north, "first", ONE);
    let mut alone = world.clone();
    let challenge = alone.challenge(&session);
    alone.ok(&challenge);
    assert_eq!(until(&alone, &session), WINDOW);
    let friend = world.the_holder("friend");
    for i in 0..20 {
        let name = format!("friend's {i}");
        let session = world.opened(&friend, &north, &name, ONE);
        let challenge = world.challenge(&session);
        world.ok(&challenge);
        world.chain.warp(1);
    }
    world.chain.warp(2 * WINDOW);
    let challenge = world.challenge(&session);
    world.ok(&challenge);
    assert_eq!(until(&world, &session), 2 * WINDOW);
}

/// Alice was not served ten SCU at 2.0, and the price falls by 80 %.
#[test]
fn a_compensation_asked_for_after_the_price_fell_by_80_percent() {
    let claimed = |wait: i64, price: u64| {
        let mut world = World::trading().issued("north", "alice", 100 * ONE);
        let (north, alice) = (world.vendor("north"), world.the_holder("alice"));
        let session = world.opened(&alice, &north, "session", 10 * ONE);
        let challenge = world.challenge(&session);
        world.ok(&challenge);
        world.chain.warp(WINDOW + 1 + wait);
        let standard = address::standard(&world.currency);
        world.edit(&standard, |standard: &mut Standard| {
            standard.price = Price::new(price);
        });
        // It need not be alice who claims: whoever does has her paid.
        let claim = world.compensate(&session);
        let outcome = world.ok(&claim);
        let event = event!(outcome, Compensated);
        (event.cash.get(), event.tokens.get())
    };
    assert_eq!(claimed(0, PRICE), (22 * ONE, 0));
    // A tenth more than the compute is worth by then; and when the time for cash is over, the tokens for it.
    assert_eq!(claimed(6 * DAY, PRICE / 5), (4_400_000, 0));
    assert_eq!(claimed(7 * DAY, PRICE / 5), (0, 10 * ONE));
    // Nor is a rise worth waiting for.
    assert_eq!(claimed(7 * DAY, 50 * PRICE), (0, 10 * ONE));
}
