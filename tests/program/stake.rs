use {
    super::post_price::second_currency,
    anchor_lang::ErrorCode,
    solana_instruction::error::InstructionError,
    solana_pubkey::Pubkey,
    specie::{constants::seeds, errors::SpecieError},
    specie_client::{
        account::SpecieAccount,
        address,
        state::Stake,
        units::{Quote, Tokens},
    },
    specie_tests::{
        event,
        world::{Call, Holder, ONE, Outcome, World},
    },
};

const WEEK: i64 = 7 * 86_400;

/// Alice and Bob hold 100 tokens each; nobody has staked.
fn holding() -> (World, Holder, Holder) {
    let world = World::trading()
        .issued("north", "alice", 100 * ONE)
        .holder("bob", 0)
        .issued("north", "bob", 100 * ONE);
    let (alice, bob) = (world.the_holder("alice"), world.the_holder("bob"));
    (world, alice, bob)
}

fn staked_account(world: &World) -> Pubkey {
    address::staked(&world.pool())
}

/// What a holder would be paid now.
fn claimable(world: &World, holder: &Holder) -> u64 {
    let (mut stake, mut pool) = (world.stake_state(holder), world.pool_state());
    let now = specie_client::units::Timestamp::new(world.chain.now());
    stake.accrue(&mut pool, now).unwrap();
    stake.rewards.get()
}

#[test]
fn stake_moves_the_tokens_and_opens_the_stake_at_the_owners_cost() {
    let (mut world, alice, _) = holding();
    let lamports = world.chain.lamports(&alice.party.address());
    let call = world.stake(&alice, 30 * ONE);
    let outcome = world.ok(&call);
    let event = event!(outcome, Staked);
    assert_eq!(event.stake, world.stake_of(&alice));
    assert_eq!(event.tokens, Tokens::new(30 * ONE));
    let stake = world.stake_state(&alice);
    assert_eq!(stake.version, 1);
    assert_eq!(
        (stake.pool, stake.owner),
        (world.pool(), alice.party.address())
    );
    assert_eq!(stake.staked, Tokens::new(30 * ONE));
    assert_eq!(stake.rewards, Quote::ZERO);
    assert_eq!(world.pool_state().staked, Tokens::new(30 * ONE));
    assert_eq!(world.chain.tokens(&alice.tokens), 70 * ONE);
    assert_eq!(world.chain.tokens(&staked_account(&world)), 30 * ONE);
    let rent = world.chain.rent(Stake::LEN);
    assert_eq!(
        lamports - world.chain.lamports(&alice.party.address()),
        rent
    );
}

#[test]
fn stake_adds_to_what_is_staked_and_keeps_what_was_earned() {
    let (world, alice, bob) = holding();
    let mut world = world.staked("alice", ONE).distributed(2 * 604_800);
    world.chain.warp(1_000);
    let mut world = world.staked("alice", 2 * ONE).staked("bob", 3 * ONE);
    assert_eq!(world.stake_state(&alice).staked, Tokens::new(3 * ONE));
    assert_eq!(world.pool_state().staked, Tokens::new(6 * ONE));
    assert_eq!(
        (claimable(&world, &alice), claimable(&world, &bob)),
        (999, 0)
    );
    world.chain.warp(1_000);
    let both = (claimable(&world, &alice), claimable(&world, &bob));
    // Each of hers was rounded by itself.
    assert_eq!(both, (1_498, 499));
}

#[test]
fn stake_works_while_paused() {
    let (mut world, alice, _) = holding();
    let pause = world.pause(86_400);
    world.ok(&pause);
    let call = world.stake(&alice, 1);
    world.ok(&call);
}

#[test]
fn stake_at_an_address_that_somebody_funded_before_works() {
    let (world, alice, bob) = holding();
    for lamports in [1, world.chain.rent(Stake::LEN) + 1] {
        let mut world = world.clone();
        let gift = solana_system_interface::instruction::transfer(
            &bob.party.address(),
            &world.stake_of(&alice),
            lamports,
        );
        let call = Call::new([gift], &[&bob.party]);
        // One lamport alone is no account that the runtime keeps: it comes in the same transaction.
        let call = call.then(world.stake(&alice, ONE));
        world.ok(&call);
        assert_eq!(world.stake_state(&alice).staked, Tokens::new(ONE));
    }
}

#[test]
fn a_first_stake_of_one_unit_with_a_donation_takes_nothing_from_those_who_follow() {
    let (mut world, alice, bob) = holding();
    // Mallory's part is Bob's: one unit first, and a donation to both of the pool's accounts.
    let call = world.stake(&bob, 1);
    world.ok(&call);
    let staked = staked_account(&world);
    world
        .chain
        .transfer(&bob.tokens, &bob.party, &staked, 50 * ONE);
    let rewards = address::rewards(&world.pool());
    world.fund_stable(&rewards, 1_000 * ONE);
    let mut world = world.distributed(2 * 604_800).staked("alice", ONE);
    assert_eq!(world.stake_state(&alice).staked, Tokens::new(ONE));
    world.chain.warp(WEEK);
    // A millionth and a bit of the stream is Bob's.
    assert_eq!(
        (claimable(&world, &alice), claimable(&world, &bob)),
        (604_799, 0)
    );
    let call = world.unstake(&alice, ONE);
    world.ok(&call);
    assert_eq!(world.chain.tokens(&alice.tokens), 100 * ONE);
}

#[test]
fn a_first_stake_of_one_unit_earns_only_its_time() {
    let (world, alice, bob) = holding();
    let mut world = world.distributed(2 * 604_800);
    world.chain.warp(1_000_000);
    let mut world = world.staked("bob", 1);
    world.chain.warp(60);
    let mut world = world.staked("alice", ONE);
    assert_eq!(claimable(&world, &bob), 60);
    world.chain.warp(WEEK);
    assert_eq!(claimable(&world, &bob), 60);
    assert_eq!(claimable(&world, &alice), 604_739);
}

#[test]
fn staking_for_the_moment_of_a_distribution_earns_nothing() {
    let (world, alice, bob) = holding();
    let mut world = world.staked("alice", ONE);
    let revenue = address::revenue(&world.currency);
    world.fund_stable(&revenue, 2_000_000);
    let call = world
        .stake(&bob, 100 * ONE)
        .then(world.distribute())
        .then(world.unstake(&bob, 100 * ONE))
        .then(world.claim(&bob));
    world.ok(&call);
    assert_eq!(world.chain.tokens(&bob.stable), 0);
    assert_eq!(world.chain.tokens(&bob.tokens), 100 * ONE);
    world.chain.warp(WEEK);
    assert_eq!(claimable(&world, &alice), 1_000_000);
}

/// Alice's stake at the second bump that gives an address.
fn at_second_bump(world: &World, alice: &Holder, tokens: u64) -> (Call, Pubkey) {
    let (pool, owner) = (world.pool(), alice.party.address());
    let (first, bump) = address::stake_and_bump(&pool, &owner);
    let second = (0..bump).rev().find_map(|bump| {
        let seeds = [seeds::STAKE, pool.as_ref(), owner.as_ref(), &[bump]];
        Some((
            Pubkey::create_program_address(&seeds, &specie::ID).ok()?,
            bump,
        ))
    });
    let (address, bump) = second.expect("a second bump");
    let mut call = world.stake(alice, tokens).replacing(first, address);
    *call.ours().data.last_mut().unwrap() = bump;
    (call, address)
}

#[test]
fn a_stake_at_a_second_bump_is_a_second_stake_and_earns_no_more() {
    let (world, alice, bob) = holding();
    let mut world = world.staked("alice", ONE).staked("bob", 2 * ONE);
    let (call, second) = at_second_bump(&world, &alice, ONE);
    let outcome = world.ok(&call);
    assert_eq!(event!(outcome, Staked).stake, second);
    let mut world = world.distributed(2 * 604_800);
    world.chain.warp(4_000);
    let first = world.stake_of(&alice);
    let claim = world.claim(&alice);
    let rewards = |outcome: Outcome| event!(outcome, Claimed).rewards.get();
    assert_eq!(rewards(world.ok(&claim)), 999);
    assert_eq!(rewards(world.ok(&claim.replacing(first, second))), 999);
    let claim = world.claim(&bob);
    assert_eq!(rewards(world.ok(&claim)), 1_999);
}

#[test]
fn stake_at_an_address_of_another_bump_or_of_a_key_rejects() {
    let (mut world, alice, bob) = holding();
    let stake = world.stake_of(&alice);
    let (_, bump) = address::stake_and_bump(&world.pool(), &alice.party.address());
    let mut call = world.stake(&alice, ONE);
    *call.ours().data.last_mut().unwrap() = bump.wrapping_sub(1);
    world.refuses(&call, SpecieError::BumpOfOtherAddress);
    let none = (0..=u8::MAX).find(|bump| {
        let (pool, owner) = (world.pool(), alice.party.address());
        let seeds = [seeds::STAKE, pool.as_ref(), owner.as_ref(), &[*bump]];
        Pubkey::create_program_address(&seeds, &specie::ID).is_err()
    });
    *call.ours().data.last_mut().unwrap() = none.expect("half of all bumps give none");
    world.refuses(&call, SpecieError::BumpOfOtherAddress);
    let call = world.stake(&alice, ONE);
    let call = call.replacing(stake, world.stake_of(&bob));
    world.refuses(&call, SpecieError::BumpOfOtherAddress);
    // A key that signs could be created by the System program.
    let key = world.party("key");
    let mut call = world.stake(&alice, ONE).replacing(stake, key.address());
    let metas = call.ours().accounts.iter_mut();
    metas
        .filter(|meta| meta.pubkey == key.address())
        .for_each(|meta| meta.is_signer = true);
    call.signers.push(key);
    world.refuses(&call, ErrorCode::ConstraintSeeds);
}

#[test]
fn stake_of_nothing_rejects() {
    let (mut world, alice, _) = holding();
    let call = world.stake(&alice, 0);
    world.refuses(&call, SpecieError::AmountZero);
    let mut world = world.staked("alice", 1);
    world.refuses(&call, SpecieError::AmountZero);
}

#[test]
fn stake_beyond_what_is_held_rejects() {
    let (mut world, alice, _) = holding();
    let call = world.stake(&alice, 100 * ONE + 1);
    // The SPL Token program's "insufficient funds".
    world
        .chain
        .assert_refused(&call, 0, InstructionError::Custom(1));
    let mut world = world.staked("alice", 1);
    let call = world.stake(&alice, u64::MAX);
    world.refuses(&call, SpecieError::Overflow);
}

#[test]
fn stake_of_anothers_tokens_rejects() {
    let (mut world, alice, bob) = holding();
    let call = world.stake(&alice, ONE).replacing(alice.tokens, bob.tokens);
    // The SPL Token program's "owner does not match".
    world
        .chain
        .assert_refused(&call, 0, InstructionError::Custom(4));
}

#[test]
fn stake_of_another_mint_rejects() {
    let (mut world, alice, _) = holding();
    let call = world.stake(&alice, ONE);
    let call = call.replacing(alice.tokens, alice.stable);
    // The SPL Token program's "mint mismatch".
    world
        .chain
        .assert_refused(&call, 0, InstructionError::Custom(3));
}

#[test]
fn stake_of_the_staked_tokens_themselves_rejects() {
    let (world, alice, _) = holding();
    let mut world = world.staked("alice", ONE);
    let call = world.stake(&alice, ONE);
    let call = call.replacing(alice.tokens, staked_account(&world));
    world.refuses(&call, ErrorCode::ConstraintDuplicateMutableAccount);
}

#[test]
fn stake_into_another_account_rejects() {
    let (mut world, alice, bob) = holding();
    let other = second_currency(&mut world);
    let staked = staked_account(&world);
    for wrong in [bob.tokens, address::staked(&address::pool(&other))] {
        let call = world.stake(&alice, ONE).replacing(staked, wrong);
        world.refuses(&call, SpecieError::StakedAccountMismatch);
    }
}

#[test]
fn stake_on_anothers_stake_rejects() {
    let (world, alice, bob) = holding();
    let mut world = world.staked("bob", ONE);
    let call = world.stake(&alice, ONE);
    let call = call.replacing(world.stake_of(&alice), world.stake_of(&bob));
    world.refuses(&call, SpecieError::NotStakeOwner);
}

#[test]
fn stake_on_a_stake_in_another_pool_rejects() {
    let (world, alice, _) = holding();
    let mut world = world.staked("alice", ONE);
    let other = address::pool(&second_currency(&mut world));
    let call = world.stake(&alice, ONE);
    let call = call
        .replacing(staked_account(&world), address::staked(&other))
        .replacing(world.pool(), other);
    world.refuses(&call, SpecieError::StakeOfOtherPool);
}

#[test]
fn stake_without_a_signature_rejects() {
    let (mut world, alice, _) = holding();
    let call = world.stake(&alice, ONE).unsigned(&alice.party);
    world.refuses(&call, ErrorCode::ConstraintSigner);
}
