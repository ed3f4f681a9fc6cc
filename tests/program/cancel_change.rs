use {
    super::post_price::second_currency,
    anchor_lang::ErrorCode,
    solana_pubkey::Pubkey,
    specie::errors::SpecieError,
    specie_client::{
        address,
        state::Proposal,
        units::{Bps, Sequence, WorkPerScu},
    },
    specie_tests::{event, world::World},
};

const DAY: i64 = 86_400;

/// A world with a change of the fee that waits.
fn waiting() -> (World, Pubkey) {
    let mut world = World::new();
    let proposal = world.new_params(|params| params.fee = Bps::new(50));
    let change = world.scheduled(proposal);
    (world, change)
}

#[test]
fn cancel_change_by_authority_or_guardian_returns_the_rent() {
    for by in [
        |world: &World| world.authority.clone(),
        |world: &World| world.guardian.clone(),
    ] {
        let (mut world, change) = waiting();
        let (before, by) = (world.currency_state(), by(&world));
        let payer = world.authority.address();
        let lamports = world.chain.lamports(&payer) + world.chain.lamports(&change);
        let call = world.cancel_change(&change, &by);
        let outcome = world.ok(&call);
        let event = event!(outcome, ChangeCancelled);
        assert_eq!((event.change, event.by), (change, by.address()));
        assert_eq!(
            (event.currency, event.index),
            (world.currency, Sequence::ZERO)
        );
        assert_eq!(world.chain.lamports(&payer), lamports);
        let after = world.currency_state();
        assert_eq!(bytemuck::bytes_of(&after), bytemuck::bytes_of(&before));
    }
}

#[test]
fn cancel_change_of_a_rise_takes_the_announcement_back_and_others_leave_it() {
    let (mut world, other) = waiting();
    let rise = world.rise(100);
    let Proposal::Standard(to) = rise else {
        unreachable!()
    };
    let change = world.scheduled(rise);
    world.ok(&world.cancel_change(&other, &world.guardian));
    assert_eq!(world.standard_state().announced, to);
    world.ok(&world.cancel_change(&change, &world.guardian));
    assert_eq!(world.standard_state().announced, WorkPerScu::ZERO);
    world.scheduled(world.rise(1_000));
}

#[test]
fn cancel_change_however_late() {
    let (mut world, change) = waiting();
    world.chain.warp(3 * DAY);
    world
        .clone()
        .ok(&world.cancel_change(&change, &world.guardian));
    world.chain.warp(14 * DAY + 1);
    world.ok(&world.cancel_change(&change, &world.guardian));
}

#[test]
fn cancel_change_of_its_own_replacement_by_the_guardian_rejects() {
    let mut world = World::new();
    let new = world.party("new guardian");
    let change = world.scheduled(Proposal::Guardian(new.address()));
    let by_guardian = world.cancel_change(&change, &world.guardian);
    world.refuses(
        &by_guardian,
        SpecieError::GuardianCannotCancelOwnReplacement,
    );
    world
        .clone()
        .ok(&world.cancel_change(&change, &world.authority));
    // It is replaced after the delay, whatever it does, and can do nothing then.
    world.executed(&change);
    let next = world.scheduled(world.rise(1));
    let by_old = world.cancel_change(&next, &world.guardian);
    world.refuses(&by_old, SpecieError::NotAuthorityNorGuardian);
    world.ok(&world.cancel_change(&next, &new));
}

#[test]
fn cancel_change_by_anybody_else_rejects() {
    let (mut world, change) = waiting();
    let stranger = world.party("stranger");
    let call = world.cancel_change(&change, &stranger);
    world.refuses(&call, SpecieError::NotAuthorityNorGuardian);
}

#[test]
fn cancel_change_without_a_signature_rejects() {
    let (mut world, change) = waiting();
    let call = world.cancel_change(&change, &world.guardian);
    let call = call.unsigned(&world.guardian);
    world.refuses(&call, ErrorCode::ConstraintSigner);
}

#[test]
fn cancel_change_twice_rejects() {
    let (mut world, change) = waiting();
    let call = world.cancel_change(&change, &world.guardian);
    world.ok(&call);
    world.refuses(&call, anchor_lang::Error::AccountDataTooSmall);
}

#[test]
fn cancel_change_of_another_currency_rejects() {
    let (mut world, change) = waiting();
    let other = second_currency(&mut world);
    let call = world.cancel_change(&change, &world.authority);
    let standard = address::standard(&world.currency);
    let swapped = call.clone().replacing(standard, address::standard(&other));
    world.refuses(&swapped, SpecieError::StandardMismatch);
    let swapped = call
        .replacing(standard, address::standard(&other))
        .replacing(world.currency, other);
    world.refuses(&swapped, SpecieError::ChangeOfOtherCurrency);
}

#[test]
fn cancel_change_with_the_rent_to_a_stranger_rejects() {
    let (mut world, change) = waiting();
    let stranger = world.party("stranger").address();
    let call = world.cancel_change(&change, &world.guardian);
    let call = call.replacing(world.authority.address(), stranger);
    world.refuses(&call, SpecieError::ChangeRentPayerMismatch);
}
