use {
    super::post_price::second_currency,
    solana_pubkey::Pubkey,
    specie::errors::SpecieError,
    specie_client::{
        address,
        units::{Bps, Quote, Timestamp},
    },
    specie_tests::{
        event,
        world::{Call, Holder, ONE, World},
    },
    spl_token_interface::instruction as token,
};

const WEEK: i64 = 7 * 86_400;

/// Alice has staked 10 tokens, and the revenue account holds so much.
fn with_revenue(revenue: u64) -> (World, Holder) {
    let mut world = World::trading()
        .issued("north", "alice", 100 * ONE)
        .staked("alice", 10 * ONE);
    let account = address::revenue(&world.currency);
    world.fund_stable(&account, revenue);
    let alice = world.the_holder("alice");
    (world, alice)
}

/// The currency's accounts that a distribution moves collateral between: revenue, rewards, insurance, treasury.
fn accounts(world: &World) -> [Pubkey; 4] {
    let currency = world.currency;
    [
        address::revenue(&currency),
        address::rewards(&world.pool()),
        address::insurance(&currency),
        world.treasury,
    ]
}

fn held(world: &World) -> [u64; 4] {
    accounts(world).map(|account| world.chain.tokens(&account))
}

#[test]
fn distribute_splits_all_revenue_and_starts_the_stream() {
    let (mut world, _) = with_revenue(1_000_003);
    let now = world.chain.now();
    let call = world.distribute();
    let outcome = world.ok(&call);
    let event = event!(outcome, Distributed);
    assert_eq!(event.currency, world.currency);
    assert_eq!(event.to_stakers, Quote::new(500_001));
    assert_eq!(event.to_insurance, Quote::new(300_000));
    assert_eq!(event.to_treasury, Quote::new(200_002));
    assert_eq!(held(&world), [0, 500_001, 300_000, 200_002]);
    let pool = world.pool_state();
    assert_eq!(pool.streaming, Quote::new(500_001));
    assert_eq!(pool.streams_until, Timestamp::new(now + WEEK));
    assert_eq!(pool.accrued_at, Timestamp::new(now));
    assert_eq!(pool.reward_per_token, 0);
}

#[test]
fn distribute_splits_what_purchases_paid() {
    let mut world = World::trading();
    let (vendor, alice) = (world.vendor("north"), world.the_holder("alice"));
    let call = world.purchase(&alice, &vendor, 100 * ONE);
    world.ok(&call);
    // 0.3 % of 200.
    assert_eq!(held(&world)[0], 600_000);
    let call = world.distribute();
    world.ok(&call);
    assert_eq!(held(&world), [0, 300_000, 180_000, 120_000]);
}

#[test]
fn distribute_works_while_paused_and_without_a_price() {
    let (mut world, _) = with_revenue(10);
    let pause = world.pause(86_400);
    world.ok(&pause);
    world.chain.warp(80_000);
    let call = world.distribute();
    world.ok(&call);
}

#[test]
fn distribute_twice_spreads_both_over_the_average_of_their_times() {
    let (world, _) = with_revenue(0);
    let mut world = world.distributed(2_000_000);
    let began = world.chain.now();
    world.chain.warp(WEEK / 2);
    let world = world.distributed(1_000_000);
    let pool = world.pool_state();
    // Half of 1,000,000 for half a week, and 500,000 for a week.
    assert_eq!(pool.streaming, Quote::new(1_000_000));
    let until = began + WEEK / 2 + WEEK * 3 / 4;
    assert_eq!(pool.streams_until, Timestamp::new(until));
}

#[test]
fn revenue_of_a_time_in_which_nobody_staked_waits_for_the_first_who_does() {
    let mut world = World::trading()
        .issued("north", "alice", 100 * ONE)
        .distributed(1_209_600);
    let alice = world.the_holder("alice");
    world.chain.warp(30 * 86_400);
    let mut world = world.staked("alice", 1);
    let pool = world.pool_state();
    assert_eq!(pool.streaming, Quote::new(604_800));
    assert_eq!(pool.streams_until, Timestamp::new(world.chain.now() + WEEK));
    let call = world.claim(&alice);
    world.refuses(&call, SpecieError::NothingToClaim);
    world.chain.warp(1_000);
    let outcome = world.ok(&call);
    assert_eq!(event!(outcome, Claimed).rewards, Quote::new(1_000));
    // It waits again while she is away.
    let call = world.unstake(&alice, 1);
    world.ok(&call);
    world.chain.warp(WEEK);
    let mut world = world.staked("alice", 5);
    world.chain.warp(WEEK - 1_000);
    let call = world.claim(&alice);
    let outcome = world.ok(&call);
    assert_eq!(event!(outcome, Claimed).rewards, Quote::new(603_800));
    assert_eq!(world.pool_state().streaming, Quote::ZERO);
}

#[test]
fn distributing_dust_puts_nothing_off() {
    let (world, alice) = with_revenue(0);
    let mut world = world.distributed(2 * 1_008_000_000);
    for _ in 0..167 {
        world.chain.warp(3_600);
        world = world.distributed(2);
    }
    world.chain.warp(3_600);
    let call = world.claim(&alice);
    let outcome = world.ok(&call);
    let rewards = event!(outcome, Claimed).rewards.get();
    assert!(rewards > 1_007_990_000, "{rewards} of 1,008 after a week");
}

#[test]
fn distributing_the_least_leaves_the_stream_alone() {
    let (mut world, _) = with_revenue(1);
    let before = world.pool_state();
    let call = world.distribute();
    world.ok(&call);
    assert_eq!(held(&world), [0, 0, 0, 1]);
    let after = world.pool_state();
    assert_eq!(
        (after.streaming, after.streams_until),
        (before.streaming, before.streams_until)
    );
}

#[test]
fn distribute_calls_no_account_that_has_no_part() {
    let mut world = World::with_params(|params| {
        params.stakers_share = Bps::ZERO;
        params.insurance_share = Bps::new(10_000);
        params.treasury_share = Bps::ZERO;
    });
    let [revenue, rewards, _, treasury] = accounts(&world);
    world.fund_stable(&revenue, 1_000);
    let (mint, issuer) = (world.stable_mint, world.stable_issuer.clone());
    for account in [rewards, treasury] {
        world.chain.set_frozen(&account, &mint, &issuer, true);
    }
    let call = world.distribute();
    world.ok(&call);
    assert_eq!(held(&world), [0, 0, 1_000, 0]);
}

#[test]
fn a_donation_of_rewards_changes_nobodys() {
    let (world, alice) = with_revenue(0);
    let mut world = world.distributed(2_000_000);
    let rewards = address::rewards(&world.pool());
    world.fund_stable(&rewards, 1_000_000);
    world.chain.warp(WEEK);
    let call = world.claim(&alice);
    let outcome = world.ok(&call);
    assert_eq!(event!(outcome, Claimed).rewards, Quote::new(999_999));
    world.chain.warp(WEEK);
    world.refuses(&call, SpecieError::NothingToClaim);
}

#[test]
fn distribute_of_nothing_rejects() {
    let (mut world, _) = with_revenue(0);
    let call = world.distribute();
    world.refuses(&call, SpecieError::NothingToDistribute);
    world = world.distributed(10);
    world.refuses(&call, SpecieError::NothingToDistribute);
}

#[test]
fn distribute_into_another_currencys_pool_rejects() {
    let (mut world, _) = with_revenue(10);
    let other = second_currency(&mut world);
    let call = world.distribute();
    let call = call.replacing(world.pool(), address::pool(&other));
    world.refuses(&call, SpecieError::PoolMismatch);
}

#[test]
fn distribute_between_other_accounts_rejects() {
    let (mut world, alice) = with_revenue(10);
    let other = second_currency(&mut world);
    let errors = [
        SpecieError::RevenueMismatch,
        SpecieError::RewardsAccountMismatch,
        SpecieError::InsuranceMismatch,
        SpecieError::TreasuryMismatch,
    ];
    let substitutes = [
        address::revenue(&other),
        address::rewards(&address::pool(&other)),
        address::insurance(&other),
        alice.stable,
    ];
    for (i, error) in errors.into_iter().enumerate() {
        for wrong in [substitutes[i], alice.stable] {
            let call = world.distribute().replacing(accounts(&world)[i], wrong);
            world.refuses(&call, error);
        }
    }
}

#[test]
fn a_payee_that_is_frozen_waits_and_nobody_waits_for_it() {
    for i in 1..4 {
        let (mut world, _) = with_revenue(10);
        let account = accounts(&world)[i];
        let (mint, issuer) = (world.stable_mint, world.stable_issuer.clone());
        world.chain.set_frozen(&account, &mint, &issuer, true);
        let call = world.distribute();
        world.ok(&call);
        let mut expected = [0, 5, 3, 2];
        expected[0] = expected[i];
        expected[i] = 0;
        assert_eq!(held(&world), expected);
        // Of what comes later it has its part alone, too.
        let revenue = accounts(&world)[0];
        world.fund_stable(&revenue, 20);
        world.ok(&call);
        let mut expected = [0, 15, 9, 6];
        expected[0] = expected[i];
        expected[i] = 0;
        assert_eq!(held(&world), expected);
        world.refuses(&call, SpecieError::NothingToDistribute);
        world.chain.set_frozen(&account, &mint, &issuer, false);
        world.ok(&call);
        assert_eq!(held(&world), [0, 15, 9, 6]);
        assert_eq!(world.pool_state().streaming, Quote::new(15));
        world.refuses(&call, SpecieError::NothingToDistribute);
    }
}

/// As an authority would that wants stakers and insurance to have nothing: it closes the treasury's account. Before, every
/// distribution failed. Now the others have all that is theirs, to the unit, and the next treasury has what waited.
#[test]
fn a_treasury_that_was_closed_stops_neither_stakers_nor_insurance() {
    let (mut world, alice) = with_revenue(1_209_600);
    let (treasury, owner) = (world.treasury, world.party("treasury"));
    let (program, to) = (address::TOKEN_PROGRAM, alice.party.address());
    let close = token::close_account(&program, &treasury, &to, &owner.address(), &[]);
    let close = Call::new([close.expect("an instruction")], &[&owner]);
    world.ok(&close);
    let call = world.distribute();
    let outcome = world.ok(&call);
    let event = event!(outcome, Distributed);
    assert_eq!(event.to_treasury, Quote::ZERO);
    assert_eq!(event.waiting.to_treasury, Quote::new(241_920));
    let [revenue, rewards, insurance, _] = accounts(&world);
    let lies_in = |world: &World, account| world.chain.tokens(account);
    assert_eq!(lies_in(&world, &rewards), 604_800);
    assert_eq!(lies_in(&world, &insurance), 362_880);
    assert_eq!(lies_in(&world, &revenue), 241_920);
    world.refuses(&call, SpecieError::NothingToDistribute);
    let (owner, mint) = (owner.address(), world.stable_mint);
    world.chain.create_token_account(&owner, &mint);
    world.ok(&call);
    assert_eq!(held(&world), [0, 604_800, 362_880, 241_920]);
}

#[test]
fn distribute_of_frozen_revenue_rejects() {
    let (mut world, _) = with_revenue(10);
    let (mint, issuer) = (world.stable_mint, world.stable_issuer.clone());
    let revenue = accounts(&world)[0];
    world.chain.set_frozen(&revenue, &mint, &issuer, true);
    let call = world.distribute();
    world.refuses(&call, SpecieError::NothingToDistribute);
    world.chain.set_frozen(&revenue, &mint, &issuer, false);
    world.ok(&call);
}
