use {
    anchor_lang::ErrorCode,
    specie::errors::SpecieError,
    specie_client::units::Timestamp,
    specie_tests::{
        event,
        world::{ONE, World},
    },
};

const DAY: i64 = 86_400;

#[test]
fn pause_stops_issuing_until_its_end() {
    let mut world = World::trading();
    let call = world.pause(DAY);
    let outcome = world.ok(&call);
    let until = world.chain.now() + DAY;
    assert_eq!(event!(outcome, Paused).until, Timestamp::new(until));
    assert_eq!(world.currency_state().paused_until, Timestamp::new(until));

    let (vendor, alice) = (world.vendor("north"), world.the_holder("alice"));
    let issue = world.issue(&vendor, &alice.tokens, ONE);
    world.refuses(&issue, SpecieError::Paused);
    world.chain.warp_to(until - 1);
    world.refuses(&issue, SpecieError::Paused);
    world.chain.warp(1);
    let mut world = world.price(2_000_000);
    world.ok(&issue);
}

#[test]
fn pause_may_be_lengthened_and_shortened() {
    let mut world = World::new();
    for seconds in [DAY, 3 * DAY, 60] {
        let call = world.pause(seconds);
        world.ok(&call);
    }
    let until = world.chain.now() + 60;
    assert_eq!(world.currency_state().paused_until, Timestamp::new(until));
}

#[test]
fn pause_longer_than_allowed_rejects() {
    let mut world = World::new();
    let call = world.pause(3 * DAY + 1);
    world.refuses(&call, SpecieError::PauseOutOfBounds);
    let call = world.pause(i64::MAX - world.chain.now());
    world.refuses(&call, SpecieError::PauseOutOfBounds);
}

#[test]
fn pause_that_ends_at_once_rejects() {
    let mut world = World::new();
    let call = world.pause(0);
    world.refuses(&call, SpecieError::PauseOutOfBounds);
}

#[test]
fn pause_by_another_than_the_guardian_rejects() {
    let mut world = World::new();
    let authority = world.authority.clone();
    let call = world.pause(DAY).signed_by(&world.guardian, &authority);
    world.refuses(&call, SpecieError::NotGuardian);
}

#[test]
fn pause_without_a_signature_rejects() {
    let mut world = World::new();
    let call = world.pause(DAY).unsigned(&world.guardian);
    world.refuses(&call, ErrorCode::ConstraintSigner);
}

#[test]
fn resume_ends_a_pause() {
    let mut world = World::trading();
    let call = world.pause(DAY).then(world.resume());
    let outcome = world.chain.send(&call).expect_success();
    assert_eq!(outcome.events.len(), 2);
    world.assert_event(&outcome.events[1], true);
    assert_eq!(world.currency_state().paused_until, Timestamp::ZERO);

    let (vendor, alice) = (world.vendor("north"), world.the_holder("alice"));
    let issue = world.issue(&vendor, &alice.tokens, ONE);
    world.ok(&issue);
}

#[test]
fn resume_without_a_pause_rejects() {
    let mut world = World::new();
    let call = world.resume();
    world.refuses(&call, SpecieError::NotPaused);
    let pause = world.pause(60);
    world.ok(&pause);
    world.chain.warp(60);
    world.refuses(&call, SpecieError::NotPaused);
}

#[test]
fn resume_by_another_than_the_authority_rejects() {
    let mut world = World::new();
    let pause = world.pause(60);
    world.ok(&pause);
    let guardian = world.guardian.clone();
    let call = world.resume().signed_by(&world.authority, &guardian);
    world.refuses(&call, SpecieError::NotAuthority);
}

#[test]
fn resume_without_a_signature_rejects() {
    let mut world = World::new();
    let pause = world.pause(60);
    world.ok(&pause);
    let call = world.resume().unsigned(&world.authority);
    world.refuses(&call, ErrorCode::ConstraintSigner);
}
