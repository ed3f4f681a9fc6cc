use {
    super::post_price::second_currency,
    anchor_lang::ErrorCode,
    solana_instruction::error::InstructionError,
    solana_pubkey::Pubkey,
    specie::errors::SpecieError,
    specie_client::{
        account::SpecieAccount,
        address,
        state::Stake,
        units::{Quote, Tokens},
    },
    specie_tests::{
        event,
        world::{Holder, ONE, World},
    },
};

const WEEK: i64 = 7 * 86_400;
/// The SPL Token program's "account frozen".
const FROZEN: InstructionError = InstructionError::Custom(17);

/// Carol has staked 2²² of 2²⁴ base units, by which everything divides evenly, and a stream of one base unit for each second
/// has run for 1,000 seconds.
fn staking() -> (World, Holder) {
    let mut world = World::trading()
        .holder("carol", 0)
        .issued("north", "carol", 1 << 24)
        .staked("carol", 1 << 22)
        .distributed(2 * 604_800);
    world.chain.warp(1_000);
    let carol = world.the_holder("carol");
    (world, carol)
}

fn rewards_account(world: &World) -> Pubkey {
    address::rewards(&world.pool())
}

#[test]
fn claim_pays_what_was_earned_and_the_tokens_stay() {
    let (mut world, carol) = staking();
    let call = world.claim(&carol);
    let outcome = world.ok(&call);
    let event = event!(outcome, Claimed);
    assert_eq!(event.stake, world.stake_of(&carol));
    assert_eq!(
        (event.pool, event.owner),
        (world.pool(), carol.party.address())
    );
    assert_eq!(event.rewards, Quote::new(1_000));
    assert_eq!(event.staked, Tokens::new(1 << 22));
    assert_eq!(world.chain.tokens(&carol.stable), 1_000);
    assert_eq!(world.rewards_held(), 603_800);
    assert_eq!(world.stake_state(&carol).rewards, Quote::ZERO);
    assert_eq!(world.pool_state().streaming, Quote::new(603_800));
    assert_eq!(world.pool_state().staked, Tokens::new(1 << 22));
}

#[test]
fn claims_divide_the_stream_by_tokens_and_time() {
    let (world, carol) = staking();
    let mut world = world
        .holder("bob", 0)
        .issued("north", "bob", 1 << 24)
        .staked("bob", 3 << 22);
    let bob = world.the_holder("bob");
    world.chain.warp(4_000);
    let (first, second) = (world.claim(&carol), world.claim(&bob));
    world.ok(&first);
    world.ok(&second);
    assert_eq!(world.chain.tokens(&carol.stable), 1_000 + 1_000);
    assert_eq!(world.chain.tokens(&bob.stable), 3_000);
    world.chain.warp(2 * WEEK);
    world.ok(&second);
    world.ok(&first);
    assert_eq!(world.chain.tokens(&carol.stable), 2_000 + 149_950);
    assert_eq!(world.chain.tokens(&bob.stable), 3_000 + 449_850);
    assert_eq!(world.rewards_held(), 0);
    for call in [first, second] {
        world.refuses(&call, SpecieError::NothingToClaim);
    }
}

#[test]
fn claim_of_a_stake_of_nothing_closes_it_and_returns_the_rent() {
    let (mut world, carol) = staking();
    let (owner, stake) = (carol.party.address(), world.stake_of(&carol));
    let call = world.unstake(&carol, 1 << 22);
    world.ok(&call);
    let lamports = world.chain.lamports(&owner);
    let claim = world.claim(&carol);
    let outcome = world.ok(&claim);
    assert_eq!(event!(outcome, Claimed).rewards, Quote::new(1_000));
    assert_eq!(event!(outcome, Claimed).staked, Tokens::ZERO);
    assert_eq!(world.chain.lamports(&stake), 0);
    let rent = world.chain.rent(Stake::LEN);
    assert_eq!(world.chain.lamports(&owner), lamports + rent);
}

#[test]
fn claim_works_while_paused() {
    let (mut world, carol) = staking();
    let pause = world.pause(3 * 86_400);
    world.ok(&pause);
    let call = world.claim(&carol);
    world.ok(&call);
}

#[test]
fn claim_twice_rejects() {
    let (mut world, carol) = staking();
    let call = world.claim(&carol);
    world.ok(&call);
    world.refuses(&call, SpecieError::NothingToClaim);
    let twice = call.clone().then(call.clone());
    world.chain.warp(1);
    world.refuses(&twice, SpecieError::NothingToClaim);
    assert_eq!(world.chain.tokens(&carol.stable), 1_000);
}

#[test]
fn claim_after_leaving_rejects() {
    let (mut world, carol) = staking();
    for call in [world.unstake(&carol, 1 << 22), world.claim(&carol)] {
        world.ok(&call);
    }
    world.chain.warp(WEEK);
    let gone = InstructionError::AccountDataTooSmall;
    for call in [world.claim(&carol), world.unstake(&carol, 1)] {
        world.chain.assert_refused(&call, 0, gone.clone());
    }
}

#[test]
fn a_stake_opened_anew_earns_nothing_of_the_time_between() {
    let (mut world, carol) = staking();
    let leave_and_return = world
        .unstake(&carol, 1 << 22)
        .then(world.claim(&carol))
        .then(world.stake(&carol, 1));
    world.ok(&leave_and_return);
    assert_eq!(world.chain.tokens(&carol.stable), 1_000);
    let claim = world.claim(&carol);
    world.refuses(&claim, SpecieError::NothingToClaim);
    for call in [world.unstake(&carol, 1), claim.clone()] {
        world.ok(&call);
    }
    world.chain.warp(WEEK);
    let mut world = world.staked("carol", 1 << 23);
    world.refuses(&claim, SpecieError::NothingToClaim);
    world.chain.warp(10);
    world.ok(&claim);
    assert_eq!(world.chain.tokens(&carol.stable), 1_010);
}

#[test]
fn claim_of_nothing_rejects() {
    let (world, _) = staking();
    let mut world = world
        .holder("bob", 0)
        .issued("north", "bob", ONE)
        .staked("bob", ONE);
    let bob = world.the_holder("bob");
    let call = world.claim(&bob);
    world.refuses(&call, SpecieError::NothingToClaim);
}

#[test]
fn claim_by_another_than_the_owner_rejects() {
    let (world, carol) = staking();
    let mut world = world.holder("bob", 0);
    let bob = world.the_holder("bob");
    let call = world.claim(&carol);
    let call = call.signed_by(&carol.party, &bob.party);
    world.refuses(&call, SpecieError::NotStakeOwner);
}

#[test]
fn claim_without_a_signature_rejects() {
    let (mut world, carol) = staking();
    let call = world.claim(&carol).unsigned(&carol.party);
    world.refuses(&call, ErrorCode::ConstraintSigner);
}

#[test]
fn claim_from_another_pool_rejects() {
    let (mut world, carol) = staking();
    let other = address::pool(&second_currency(&mut world));
    let call = world.claim(&carol);
    let call = call
        .replacing(rewards_account(&world), address::rewards(&other))
        .replacing(world.pool(), other);
    world.refuses(&call, SpecieError::StakeOfOtherPool);
}

#[test]
fn claim_from_another_account_rejects() {
    let (mut world, carol) = staking();
    let other = address::pool(&second_currency(&mut world));
    let revenue = address::revenue(&world.currency);
    let staked = address::staked(&world.pool());
    for wrong in [address::rewards(&other), revenue, staked] {
        let call = world.claim(&carol);
        let call = call.replacing(rewards_account(&world), wrong);
        world.refuses(&call, SpecieError::RewardsAccountMismatch);
    }
}

#[test]
fn claim_to_the_rewards_account_itself_or_another_mint_rejects() {
    let (mut world, carol) = staking();
    let call = world.claim(&carol);
    let itself = call
        .clone()
        .replacing(carol.stable, rewards_account(&world));
    world.refuses(&itself, ErrorCode::ConstraintDuplicateMutableAccount);
    let other_mint = call.replacing(carol.stable, carol.tokens);
    // The SPL Token program's "mint mismatch".
    world
        .chain
        .assert_refused(&other_mint, 0, InstructionError::Custom(3));
}

#[test]
fn claim_from_a_frozen_account_rejects_but_one_of_nothing_closes() {
    let (mut world, carol) = staking();
    let rewards = rewards_account(&world);
    let (mint, issuer) = (world.stable_mint, world.stable_issuer.clone());
    let claim = world.claim(&carol);
    let mut thawed = world.clone();
    world.chain.set_frozen(&rewards, &mint, &issuer, true);
    world.chain.assert_refused(&claim, 0, FROZEN);
    world.chain.set_frozen(&rewards, &mint, &issuer, false);
    world.ok(&claim);

    let unstake = thawed.unstake(&carol, 1 << 22);
    let leave = claim.clone().then(unstake);
    thawed.ok(&leave);
    thawed.chain.set_frozen(&rewards, &mint, &issuer, true);
    thawed.ok(&claim);
    assert_eq!(thawed.chain.lamports(&thawed.stake_of(&carol)), 0);
}
