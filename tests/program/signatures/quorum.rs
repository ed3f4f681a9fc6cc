//! Who signs for a quorum, and what.

use {
    super::{honest, price_bytes, price_refuses, shared},
    specie::errors::SpecieError,
    specie_client::{address, state::Quorum},
    specie_tests::world::{CLUSTER, PRICE, Party, World},
    specie_wire::{Message, Ruling},
};

#[test]
fn a_quorum_that_is_too_small_repeated_disordered_or_strange_rejects() {
    let (world, _) = honest();
    let bytes = price_bytes(&world);
    let [a, b, c] = [0, 1, 2].map(|i| &world.attestors[i]);
    let stranger = &Party::from_secret([66; 32]);
    let (first, last) = if stranger.key() < a.key() {
        (stranger, a)
    } else {
        (a, stranger)
    };
    let cases: [(&[&Party], SpecieError); 8] = [
        (&[a], SpecieError::BelowThreshold),
        (&[a, a], SpecieError::SignersNotAscending),
        (&[a, b, b], SpecieError::SignersNotAscending),
        (&[b, a], SpecieError::SignersNotAscending),
        (&[a, c, b], SpecieError::SignersNotAscending),
        (&[first, last], SpecieError::AttestorUnknown),
        (&[stranger], SpecieError::BelowThreshold),
        (&[stranger, stranger], SpecieError::AttestorUnknown),
    ];
    for (signers, error) in cases {
        price_refuses(shared(&bytes, signers), error);
    }
    for signers in [[a, b].as_slice(), &[a, c], &[b, c], &[a, b, c]] {
        let (mut world, [mut call, ..]) = honest();
        call.instructions[0].data = shared(&bytes, signers);
        world.ok(&call);
    }
}

#[test]
fn an_earlier_quorums_message_and_a_removed_attestors_signature_reject() {
    let (mut world, [call, attest, ..]) = honest();
    let removed = world.attestors.remove(0);
    let quorum = address::quorum(&world.currency);
    let keys: Vec<_> = world.attestors.iter().map(Party::key).collect();
    world.edit(&quorum, |quorum: &mut Quorum| {
        quorum.install(&keys, 2).unwrap()
    });
    for call in [&call, &attest] {
        world.refuses(call, SpecieError::QuorumEpochMismatch);
    }
    let bytes = price_bytes(&world);
    let mut signers = [&removed, &world.attestors[0]];
    signers.sort_by_key(|party| party.key());
    let mut call = world.post_price(PRICE);
    call.instructions[0].data = shared(&bytes, &signers);
    world.refuses(&call, SpecieError::AttestorUnknown);
    let call = world.post_price(PRICE);
    world.ok(&call);
}

#[test]
fn a_quorums_message_of_another_kind_or_cluster_rejects() {
    let (world, [price, attest, ..]) = honest();
    let signers = [&world.attestors[0], &world.attestors[1]];
    let message = world.price_message(PRICE);
    let elsewhere = message.encode(&[8; 32]);
    price_refuses(
        shared(&elsewhere, &signers),
        SpecieError::MessageForOtherCluster,
    );
    let mut other_kind = message.encode(&CLUSTER);
    other_kind[..16].copy_from_slice(Ruling::DOMAIN);
    price_refuses(
        shared(&other_kind, &signers),
        SpecieError::MessageOfOtherKind,
    );
    // The other message as it is, of another length.
    let capacity = attest.instructions[0].data.clone();
    price_refuses(capacity, SpecieError::SignaturesNotCanonical);
    let (mut world, [_, mut attest, ..]) = honest();
    attest.instructions[0] = price.instructions[0].clone();
    world.refuses(&attest, SpecieError::SignaturesNotCanonical);
}

#[test]
fn seven_of_sixteen_keys_sign() {
    let keys = || {
        let mut parties: Vec<_> = (0..16)
            .map(|i| Party::named(9, &format!("key {i}")))
            .collect();
        parties.sort_by_key(Party::key);
        parties
    };
    let mut world = World::founded(0, |args| {
        args.attestors = keys().iter().map(Party::key).collect();
        args.threshold = 7;
    });
    (world.attestors, world.threshold) = (keys(), 7);
    let bytes = price_bytes(&world);
    let mut call = world.post_price(PRICE);
    let six: Vec<_> = world.attestors[..6].iter().collect();
    call.instructions[0].data = shared(&bytes, &six);
    world.refuses(&call, SpecieError::BelowThreshold);
    let call = world.post_price(PRICE);
    world.ok(&call);
}
