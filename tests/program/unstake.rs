use {
    super::post_price::second_currency,
    anchor_lang::ErrorCode,
    solana_instruction::error::InstructionError,
    solana_pubkey::Pubkey,
    specie::errors::SpecieError,
    specie_client::{
        address,
        units::{Quote, Tokens},
    },
    specie_tests::{
        event,
        world::{Holder, ONE, World},
    },
};

const WEEK: i64 = 7 * 86_400;

/// Alice has staked 10 of her 100 tokens, and a stream of one base unit for each second has run for 1,000 seconds.
fn staking() -> (World, Holder) {
    let mut world = World::trading()
        .issued("north", "alice", 100 * ONE)
        .staked("alice", 10 * ONE)
        .distributed(2 * 604_800);
    world.chain.warp(1_000);
    let alice = world.the_holder("alice");
    (world, alice)
}

fn staked_account(world: &World) -> Pubkey {
    address::staked(&world.pool())
}

#[test]
fn unstake_returns_the_tokens_and_keeps_what_they_earned() {
    let (mut world, alice) = staking();
    let call = world.unstake(&alice, 4 * ONE);
    let outcome = world.ok(&call);
    let event = event!(outcome, Unstaked);
    assert_eq!(event.stake, world.stake_of(&alice));
    assert_eq!(event.tokens, Tokens::new(4 * ONE));
    assert_eq!(world.stake_state(&alice).staked, Tokens::new(6 * ONE));
    assert_eq!(world.stake_state(&alice).rewards, Quote::new(999));
    assert_eq!(world.pool_state().staked, Tokens::new(6 * ONE));
    assert_eq!(world.chain.tokens(&alice.tokens), 94 * ONE);
    assert_eq!(world.chain.tokens(&staked_account(&world)), 6 * ONE);
    assert_eq!(world.chain.tokens(&alice.stable), 10_000 * ONE);
}

#[test]
fn unstake_of_everything_earns_no_more() {
    let (mut world, alice) = staking();
    let call = world.unstake(&alice, 10 * ONE);
    world.ok(&call);
    world.chain.warp(WEEK);
    let call = world.claim(&alice);
    let outcome = world.ok(&call);
    assert_eq!(event!(outcome, Claimed).rewards, Quote::new(999));
}

#[test]
fn unstake_works_while_paused_and_to_any_account_of_the_mint() {
    let (world, alice) = staking();
    let mut world = world.holder("bob", 0);
    let bob = world.the_holder("bob");
    let pause = world.pause(3 * 86_400);
    world.ok(&pause);
    let call = world.unstake(&alice, 3);
    let call = call.replacing(alice.tokens, bob.tokens);
    world.ok(&call);
    assert_eq!(world.chain.tokens(&bob.tokens), 3);
}

#[test]
fn unstake_works_whatever_becomes_of_the_rewards() {
    let (mut world, alice) = staking();
    let rewards = address::rewards(&world.pool());
    let (mint, issuer) = (world.stable_mint, world.stable_issuer.clone());
    world.chain.set_frozen(&rewards, &mint, &issuer, true);
    let call = world.unstake(&alice, ONE);
    world.ok(&call);
    // Nor does the end of the chain's time, or a pool whose numbers are as large as they get.
    let pool = world.pool();
    world.edit(&pool, |pool: &mut specie_client::state::Pool| {
        pool.reward_per_token = u128::MAX.into();
    });
    let stake = world.stake_of(&alice);
    world.edit(&stake, |stake: &mut specie_client::state::Stake| {
        stake.reward_per_token = u128::MAX.into();
    });
    world.chain.warp(100 * 365 * 86_400);
    let call = world.unstake(&alice, 9 * ONE);
    world.ok(&call);
    assert_eq!(world.chain.tokens(&alice.tokens), 100 * ONE);
}

#[test]
fn unstake_of_nothing_rejects() {
    let (mut world, alice) = staking();
    let call = world.unstake(&alice, 0);
    world.refuses(&call, SpecieError::AmountZero);
}

#[test]
fn unstake_beyond_what_is_staked_rejects() {
    let (world, alice) = staking();
    let mut world = world.holder("bob", 0).issued("north", "bob", ONE);
    world = world.staked("bob", ONE);
    for tokens in [10 * ONE + 1, 11 * ONE, u64::MAX] {
        let call = world.unstake(&alice, tokens);
        world.refuses(&call, SpecieError::StakeExceeded);
    }
    let call = world.unstake(&alice, 10 * ONE);
    world.ok(&call);
    world.refuses(&call, SpecieError::StakeExceeded);
}

#[test]
fn unstake_by_another_than_the_owner_rejects() {
    let (world, alice) = staking();
    let mut world = world.holder("bob", 0);
    let bob = world.the_holder("bob");
    let call = world.unstake(&alice, ONE);
    let call = call.signed_by(&alice.party, &bob.party);
    world.refuses(&call, SpecieError::NotStakeOwner);
}

#[test]
fn unstake_without_a_signature_rejects() {
    let (mut world, alice) = staking();
    let call = world.unstake(&alice, ONE).unsigned(&alice.party);
    world.refuses(&call, ErrorCode::ConstraintSigner);
}

#[test]
fn unstake_from_another_pool_rejects() {
    let (mut world, alice) = staking();
    let other = address::pool(&second_currency(&mut world));
    let call = world.unstake(&alice, ONE);
    let call = call
        .replacing(staked_account(&world), address::staked(&other))
        .replacing(world.pool(), other);
    world.refuses(&call, SpecieError::StakeOfOtherPool);
}

#[test]
fn unstake_from_another_account_rejects() {
    let (mut world, alice) = staking();
    let other = address::pool(&second_currency(&mut world));
    let (staked, rewards) = (staked_account(&world), address::rewards(&world.pool()));
    for wrong in [address::staked(&other), rewards] {
        let call = world.unstake(&alice, ONE).replacing(staked, wrong);
        world.refuses(&call, SpecieError::StakedAccountMismatch);
    }
}

#[test]
fn unstake_to_the_staked_account_itself_or_another_mint_rejects() {
    let (mut world, alice) = staking();
    let call = world.unstake(&alice, ONE);
    let itself = call.clone().replacing(alice.tokens, staked_account(&world));
    world.refuses(&itself, ErrorCode::ConstraintDuplicateMutableAccount);
    let other_mint = call.replacing(alice.tokens, alice.stable);
    // The SPL Token program's "mint mismatch".
    world
        .chain
        .assert_refused(&other_mint, 0, InstructionError::Custom(3));
}
