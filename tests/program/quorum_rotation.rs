//! The quorum changes while its messages are under way.

use {
    specie::errors::SpecieError,
    specie_client::state::Proposal,
    specie_tests::{
        event,
        world::{PRICE, Party, World},
    },
};

const DAY: i64 = 86_400;

/// Three new attestors, ascending.
fn new_attestors(world: &World) -> Vec<Party> {
    let mut parties: Vec<_> = (0..3)
        .map(|i| world.party(&format!("new attestor {i}")))
        .collect();
    parties.sort_by_key(Party::key);
    parties
}

#[test]
fn messages_in_flight_over_a_rotation_count_in_their_epoch_only() {
    let mut world = World::trading();
    let new = new_attestors(&world);
    let keys: Vec<_> = new.iter().map(Party::key).collect();
    let change = world.scheduled(Proposal::Quorum { threshold: 3, keys });
    world.chain.warp(3 * DAY);
    let vendor = world.vendor("north");
    let ends_at = world.chain.now() + 30 * DAY;

    // Signed for the new epoch before it begins, by whichever quorum.
    let mut price = world.price_message(PRICE);
    let mut capacity = world.capacity_message(&vendor, 8 * 790, ends_at);
    let old = [world.post(&price), world.attest(&capacity)];
    (price.quorum_epoch, capacity.quorum_epoch) = (2, 2);
    let early = [world.post(&price), world.attest(&capacity)];
    let mut to_come = world.clone();
    (to_come.attestors, to_come.threshold) = (new.clone(), 3);
    let signed_by_new = [to_come.post(&price), to_come.attest(&capacity)];
    for call in early.iter().chain(&signed_by_new) {
        world.refuses(call, SpecieError::QuorumEpochMismatch);
    }
    for call in &old {
        world.clone().ok(call);
    }

    let execute = world.execute_change(&change);
    let outcome = world.ok(&execute);
    assert_eq!(event!(outcome, ChangeExecuted).quorum_epoch.get(), 2);
    let quorum = world.quorum_state();
    assert_eq!(
        (quorum.threshold, quorum.count, quorum.epoch.get()),
        (3, 3, 2)
    );
    assert!(new.iter().map(Party::key).eq(quorum.keys().iter().copied()));
    for call in &old {
        world.refuses(call, SpecieError::QuorumEpochMismatch);
    }
    // The old quorum's names for the new epoch are no names of it.
    for call in &early {
        world.refuses(call, SpecieError::BelowThreshold);
    }
    let veto = world.veto_attestation(&vendor, &world.attestors[0]);
    world.refuses(&veto, SpecieError::NotAttestor);
    for call in &signed_by_new {
        world.ok(call);
    }
    let veto = world.veto_attestation(&vendor, &new[0]);
    world.ok(&veto);
}
