use {
    super::post_price::second_currency,
    specie::errors::SpecieError,
    specie_client::{
        address,
        state::{Backing, Liquidation, Offer, Vault, VaultStatus},
        units::{Price, Quote, Seconds, Timestamp, Tokens, Units},
    },
    specie_tests::{
        event,
        world::{ONE, PRICE, VaultPlan, Vendor, World, tokens_for},
    },
};

const HOUR: i64 = 3_600;
/// How long a called vault may cure, by the default rules.
const CURE: i64 = 6 * 86_400;
pub(crate) const DAY: i64 = 24 * HOUR;
/// How long the premium takes to its maximum: 20 steps of ten minutes.
pub(crate) const TO_THE_MAXIMUM: i64 = 20 * 600;

/// Alice holds 60 tokens of "north" and 40 of "south", which has so much collateral and whose pledge runs out.
pub(crate) fn failing(collateral: u64) -> (World, Vendor) {
    let world = owing(collateral);
    let south = world.vendor("south");
    let world = world.failing(&south);
    (world, south)
}

pub(crate) fn owing(collateral: u64) -> World {
    let south = VaultPlan::named("south").rate(790).pledge(2 * DAY);
    World::new()
        .vault(VaultPlan::named("north"))
        .vault(south.collateral(collateral))
        .price(PRICE)
        .holder("alice", 0)
        .issued("north", "alice", 60 * ONE)
        .issued("south", "alice", 40 * ONE)
}

/// Units to be bought back, the insurance for them, and units lost in all.
pub(crate) fn liquidation(world: &World, vendor: &Vendor) -> [u64; 3] {
    let l = world.vault_state(vendor).liquidation;
    [l.shortage.get(), l.insurance.get(), l.written_off.get()]
}

/// So many units owed for so many tokens.
pub(crate) fn backing(owed: u64, tokens: u64) -> Backing {
    Backing {
        owed: Units::new(owed),
        tokens: Tokens::new(tokens),
    }
}

#[test]
fn default_vault_takes_from_all_what_the_money_does_not_buy_back() {
    // 44 buy 20 of the 40 SCU back at 2.0 and a premium of 10 %.
    let (mut world, south) = failing(44 * ONE);
    let before = world.vault_state(&south);
    let call = world.default_vault(&south);
    let outcome = world.ok(&call);
    let event = event!(outcome, VaultDefaulted);
    assert_eq!((event.currency, event.vault), (world.currency, south.vault));
    assert_eq!(event.backing_before, backing(100 * ONE, 100 * ONE));
    assert_eq!(event.backing, backing(80 * ONE, 100 * ONE));
    assert_eq!(event.loss, Units::new(20 * ONE));
    let liquidation = Liquidation {
        started_at: Timestamp::new(world.chain.now()),
        price: Price::new(PRICE),
        shortage: Units::new(20 * ONE),
        insurance: Quote::ZERO,
        written_off: Units::new(20 * ONE),
        backing: backing(100 * ONE, 100 * ONE),
    };
    let mut expected = Vault {
        status: VaultStatus::Defaulted as u8,
        margin_called_at: Timestamp::ZERO,
        offer: bytemuck::Zeroable::zeroed(),
        liquidation,
        assessments: 1.into(),
        ..before
    };
    expected.balances.outstanding = Units::new(20 * ONE);
    let after = world.vault_state(&south);
    assert_eq!(bytemuck::bytes_of(&after), bytemuck::bytes_of(&expected));
    assert_eq!(world.supply(), 100 * ONE);
    assert_eq!(world.backing(), backing(80 * ONE, 100 * ONE));
}

#[test]
fn default_vault_with_collateral_enough_loses_nothing() {
    let (mut world, south) = failing(88 * ONE);
    let call = world.default_vault(&south);
    let outcome = world.ok(&call);
    assert_eq!(event!(outcome, VaultDefaulted).loss, Units::ZERO);
    assert!(world.backing().is_full());
    assert_eq!(liquidation(&world, &south), [40 * ONE, 0, 0]);
    let (mut world, south) = failing(88 * ONE - 1);
    world.ok(&call);
    assert_eq!(liquidation(&world, &south)[2], 1);
}

#[test]
fn default_vault_counts_what_was_requested_for_withdrawal() {
    let mut world = owing(44 * ONE);
    let south = world.vendor("south");
    let request = world.request_withdrawal(&south, 20 * ONE);
    world.ok(&request);
    let mut world = world.failing(&south);
    let call = world.default_vault(&south);
    world.ok(&call);
    assert_eq!(liquidation(&world, &south)[0], 20 * ONE);
    let withdraw = world.withdraw_collateral(&south);
    world.chain.warp(7 * DAY);
    world.refuses(&withdraw, SpecieError::VaultNotActive);
}

#[test]
fn default_vault_takes_no_more_of_the_insurance_than_one_default_may_or_than_it_needs() {
    // Half of 40, and with it 29.09 SCU.
    let world = owing(44 * ONE).insured(40 * ONE);
    let south = world.vendor("south");
    let mut world = world.defaulted(&south);
    let bought = 64 * ONE * 10 / 22;
    assert_eq!(
        liquidation(&world, &south),
        [bought, 20 * ONE, 40 * ONE - bought]
    );
    let currency = world.currency_state();
    assert_eq!(currency.insurance_reserved, Quote::new(20 * ONE));
    assert_eq!(world.backing(), backing(60 * ONE + bought, 100 * ONE));
    assert_eq!(world.chain.tokens(&world.insurance()), 40 * ONE);
    // What somebody gives to the insurance later is for later defaults.
    world = world.insured(100 * ONE);
    assert_eq!(liquidation(&world, &south)[1], 20 * ONE);

    let world = owing(87 * ONE).insured(40 * ONE);
    let world = world.defaulted(&south);
    assert_eq!(liquidation(&world, &south), [40 * ONE, ONE, 0]);
}

#[test]
fn default_vault_of_one_vault_after_another_never_reserves_more_insurance_than_there_is() {
    let plan = |name| VaultPlan::named(name).rate(790).pledge(2 * DAY);
    let mut world = World::with_params(|params| {
        params.insurance_per_default = specie_client::units::Bps::new(10_000);
    })
    .vault(plan("south").collateral(24 * ONE))
    .vault(plan("west").collateral(24 * ONE))
    .price(PRICE)
    .holder("alice", 0)
    .issued("south", "alice", 40 * ONE)
    .issued("west", "alice", 40 * ONE)
    .insured(100 * ONE);
    let (south, west) = (world.vendor("south"), world.vendor("west"));
    world = world.failing(&south);
    let call = world.call_margin(&west);
    world.ok(&call);
    let call = world.default_vault(&south);
    world.ok(&call);
    // 88 buy all 40 back, 64 of them from the insurance.
    assert_eq!(liquidation(&world, &south), [40 * ONE, 64 * ONE, 0]);
    let mut world = world.attended(CURE);
    let call = world.default_vault(&west);
    world.ok(&call);
    let bought = 60 * ONE * 10 / 22;
    assert_eq!(
        liquidation(&world, &west),
        [bought, 36 * ONE, 40 * ONE - bought]
    );
    let reserved = world.currency_state().insurance_reserved;
    assert_eq!(reserved, Quote::new(100 * ONE));
    // Both are bought back to the end, out of just that much.
    let alice = world.the_holder("alice");
    world.chain.warp(TO_THE_MAXIMUM);
    for vendor in [&west, &south] {
        let tokens = tokens_for(world.backing(), liquidation(&world, vendor)[0]);
        let tokens = tokens.min(world.chain.tokens(&alice.tokens));
        let call = world.liquidate(&alice, vendor, tokens);
        world.ok(&call);
    }
    assert_eq!(world.chain.tokens(&alice.tokens), 0);
}

#[test]
fn default_vault_leaves_alone_what_capacity_covers() {
    // Its accelerator is pledged on for 30 SCU when the cure period ends.
    let mut world = owing(24 * ONE);
    let south = world.vendor("south");
    let start = world.chain.now();
    let ends_at = start + 8 * HOUR + CURE + 30 * HOUR;
    let attest = world.attest_capacity(&south, 790, ends_at);
    world.ok(&attest);
    let session = world.opened(&world.the_holder("alice"), &south, "session", 4 * ONE);
    // Cut to a sixth, it is short; then back, it covers 30.
    let cut = world.attest_capacity(&south, 130, ends_at);
    world.chain.warp(HOUR);
    world.ok(&cut);
    let mut world = world.price(PRICE);
    let call = world.call_margin(&south);
    world.ok(&call);
    let back = world.attest_capacity(&south, 790, ends_at);
    world.ok(&back);
    let left = ends_at - 30 * HOUR - world.chain.now();
    let mut world = world.attended(left);
    let call = world.default_vault(&south);
    let outcome = world.ok(&call);
    // 10 are short, which the collateral buys back.
    assert_eq!(event!(outcome, VaultDefaulted).loss, Units::ZERO);
    assert_eq!(liquidation(&world, &south)[0], 10 * ONE);
    assert_eq!(world.voucher_state(&session).units, Units::new(4 * ONE));
}

#[test]
fn default_vault_is_for_good_and_no_exit_is_closed() {
    let (mut world, south) = failing(44 * ONE);
    let (north, alice) = (world.vendor("north"), world.the_holder("alice"));
    let call = world.default_vault(&south);
    world.ok(&call);
    let issue = world.issue(&south, &alice.tokens, 1);
    world.refuses(&issue, SpecieError::VaultNotActive);
    let request = world.request_withdrawal(&south, 1);
    world.refuses(&request, SpecieError::VaultNotActive);
    let offer = world.vault_state(&south).offer;
    assert_eq!(offer, <Offer as bytemuck::Zeroable>::zeroed());
    world.opened(&alice, &north, "session", 10 * ONE);
    // "north", which did not fail, issues on at the new backing.
    let issue = world.issue(&north, &alice.tokens, 10 * ONE);
    world.ok(&issue);
    assert_eq!(
        world.vault_state(&north).balances.outstanding,
        Units::new(60 * ONE)
    );
}

#[test]
fn default_vault_of_a_suspended_vault_works() {
    let (mut world, south) = failing(44 * ONE);
    world.edit(&south.vault, |v: &mut Vault| {
        v.status = VaultStatus::Suspended as u8
    });
    let call = world.default_vault(&south);
    world.ok(&call);
}

#[test]
fn default_vault_within_the_cure_period_rejects() {
    let world = owing(44 * ONE);
    let south = world.vendor("south");
    let mut world = world.attended(2 * DAY);
    let call = world.call_margin(&south);
    world.ok(&call);
    let mut world = world.attended(CURE - 600);
    world.chain.warp(599);
    let call = world.default_vault(&south);
    world.refuses(&call, SpecieError::CurePeriodRunning);
    world.chain.warp(1);
    world.ok(&call);
}

#[test]
fn default_vault_waits_for_as_long_as_the_quorum_was_silent() {
    let world = owing(44 * ONE);
    let south = world.vendor("south");
    let mut world = world.attended(2 * DAY);
    let call = world.call_margin(&south);
    world.ok(&call);
    let called_at = world.chain.now();
    // Eight days without a price, in which nobody could have been attested.
    world.chain.warp(8 * DAY);
    let call = world.default_vault(&south);
    world.refuses(&call, SpecieError::PriceStale);
    let mut world = world.price(PRICE);
    world.refuses(&call, SpecieError::CurePeriodRunning);
    let silence = 8 * DAY - 2 * HOUR;
    assert_eq!(world.quorum_state().silent, Seconds::new(silence as u32));
    let due = called_at + CURE + silence;
    let left = due - 600 - world.chain.now();
    world = world.attended(left);
    world.chain.warp(599);
    world.refuses(&call, SpecieError::CurePeriodRunning);
    world.chain.warp(1);
    world.ok(&call);
}

#[test]
fn default_vault_without_a_margin_call_rejects() {
    let world = owing(44 * ONE);
    let south = world.vendor("south");
    let mut world = world.attended(2 * DAY);
    let call = world.default_vault(&south);
    world.refuses(&call, SpecieError::NotMarginCalled);
}

#[test]
fn default_vault_with_a_stale_price_rejects() {
    let (mut world, south) = failing(44 * ONE);
    world.chain.warp(2 * HOUR + 1);
    let call = world.default_vault(&south);
    world.refuses(&call, SpecieError::PriceStale);
    let mut world = world.price(PRICE);
    world.ok(&call);
    world.chain.warp(TO_THE_MAXIMUM);
    world.refuses(&call, SpecieError::PriceStale);
}

#[test]
fn default_vault_that_is_covered_again_rejects() {
    let (mut world, south) = failing(44 * ONE);
    let ends_at = world.chain.now() + 30 * DAY;
    let attest = world.attest_capacity(&south, 790, ends_at);
    world.ok(&attest);
    world.chain.warp(HOUR);
    let call = world.default_vault(&south);
    world.refuses(&call, SpecieError::NothingShort);
}

#[test]
fn default_vault_with_accounts_of_others_rejects() {
    let (mut world, south) = failing(44 * ONE);
    let north = world.vendor("north");
    let other = second_currency(&mut world);
    let call = world.default_vault(&south);
    let currency = world.currency;
    let cases = [
        (
            address::standard(&currency),
            address::standard(&other),
            SpecieError::StandardMismatch,
        ),
        (
            address::quorum(&currency),
            address::quorum(&other),
            SpecieError::QuorumMismatch,
        ),
        (
            south.collateral,
            north.collateral,
            SpecieError::CollateralAccountMismatch,
        ),
        (
            address::insurance(&currency),
            address::insurance(&other),
            SpecieError::InsuranceMismatch,
        ),
        (
            address::insurance(&currency),
            address::revenue(&currency),
            SpecieError::InsuranceMismatch,
        ),
        (world.mint, world.stable_mint, SpecieError::MintMismatch),
    ];
    for (right, wrong, error) in cases {
        let call = call.clone().replacing(right, wrong);
        world.refuses(&call, error);
    }
    let call = call
        .replacing(address::standard(&currency), address::standard(&other))
        .replacing(address::quorum(&currency), address::quorum(&other))
        .replacing(currency, other);
    world.refuses(&call, SpecieError::VaultOfOtherCurrency);
}
