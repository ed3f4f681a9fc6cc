use {
    super::post_price::second_currency,
    anchor_lang::ErrorCode,
    specie::{constants::RATE_MAX, errors::SpecieError},
    specie_client::{
        state::{Attestation, Pending},
        units::{Rate, Timestamp},
    },
    specie_tests::{
        event,
        world::{ONE, PRICE, VaultPlan, Vendor, World},
    },
    specie_wire::Capacity,
};

const DAY: i64 = 86_400;
const DELAY: i64 = 3_600;
const RATE: u64 = 790;

/// A vault without capacity.
fn unattested() -> (World, Vendor) {
    let world = World::new().vault(VaultPlan::named("north").rate(0));
    let vendor = world.vendor("north");
    (world, vendor)
}

fn nothing() -> Attestation {
    bytemuck::Zeroable::zeroed()
}

fn attestation(message: &Capacity) -> Attestation {
    Attestation {
        rate: Rate::new(message.rate),
        ends_at: Timestamp::new(message.ends_at),
        attested_at: Timestamp::new(message.attested_at),
        inventory_hash: message.inventory_hash,
    }
}

#[test]
fn attest_capacity_waits_for_the_delay_before_it_counts() {
    let (mut world, vendor) = unattested();
    let ends_at = world.chain.now() + 30 * DAY;
    let message = world.capacity_message(&vendor, RATE, ends_at);
    world.chain.warp(30);
    let call = world.attest(&message);
    let outcome = world.ok(&call);
    let event = event!(outcome, CapacityAttested);
    let effective_at = Timestamp::new(world.chain.now() + DELAY);
    let vault = world.vault_state(&vendor);
    assert_eq!(vault.attestation_sequence.get(), 1);
    assert_eq!(vault.attested, nothing());
    let attestation = attestation(&message);
    let pending = Pending {
        attestation,
        effective_at,
    };
    assert_eq!((vault.pending, event.pending), (pending, pending));

    let mut world = world.holder("alice", 0);
    let alice = world.the_holder("alice");
    world.chain.warp_to(effective_at.get() - 1);
    let mut world = world.price(PRICE);
    let issue = world.issue(&vendor, &alice.tokens, ONE);
    world.refuses(&issue, SpecieError::CoverageBelowFull);
    world.chain.warp(1);
    world.ok(&issue);
    let vault = world.vault_state(&vendor);
    assert_eq!(vault.attested, attestation);
    assert_eq!(vault.pending, bytemuck::Zeroable::zeroed());
}

#[test]
fn attest_capacity_that_fell_counts_at_once() {
    let world = World::new().vault(VaultPlan::named("north"));
    let mut world = world.price(PRICE).holder("alice", 0);
    let (vendor, alice) = (world.vendor("north"), world.the_holder("alice"));
    let issue = world.issue(&vendor, &alice.tokens, 1_000 * ONE);
    world.ok(&issue);
    let ends_at = world.chain.now() + 30 * DAY;
    let call = world.attest_capacity(&vendor, RATE, ends_at);
    world.ok(&call);
    let vault = world.vault_state(&vendor);
    assert_eq!(vault.attested.rate, Rate::new(RATE));
    // Below what is owed: sales stop, redeeming goes on.
    let issue = world.issue(&vendor, &alice.tokens, 1);
    world.refuses(&issue, SpecieError::CoverageBelowFull);
    let session = world.session(&alice, &vendor, "session");
    let redeem = world.redeem(&session, ONE);
    world.ok(&redeem);
}

#[test]
fn attest_capacity_older_after_newer_rejects() {
    let (mut world, vendor) = unattested();
    let ends_at = world.chain.now() + DAY;
    let older = world.capacity_message(&vendor, 2 * RATE, ends_at);
    let newer = Capacity {
        sequence: 2,
        ..world.capacity_message(&vendor, RATE, ends_at)
    };
    let call = world.attest(&newer);
    world.ok(&call);
    let replay = world.attest(&newer);
    world.refuses(&replay, SpecieError::AttestationNotNewer);
    let older = world.attest(&older);
    world.refuses(&older, SpecieError::AttestationNotNewer);
}

#[test]
fn attest_capacity_of_another_vault_rejects() {
    let (world, north) = unattested();
    let mut world = world.vault(VaultPlan::named("south").rate(0));
    let south = world.vendor("south");
    let ends_at = world.chain.now() + DAY;
    let call = world.attest_capacity(&north, RATE, ends_at);
    let call = call.replacing(north.vault, south.vault);
    world.refuses(&call, SpecieError::MessageForOtherVault);
}

#[test]
fn attest_capacity_of_another_currencys_vault_rejects() {
    let (mut world, vendor) = unattested();
    let other = second_currency(&mut world);
    let ends_at = world.chain.now() + DAY;
    let message = Capacity {
        currency: other.to_bytes(),
        ..world.capacity_message(&vendor, RATE, ends_at)
    };
    let call = world.attest(&message);
    world.refuses(&call, SpecieError::VaultOfOtherCurrency);
}

#[test]
fn attest_capacity_by_another_currencys_quorum_rejects() {
    let (mut world, vendor) = unattested();
    let other = second_currency(&mut world);
    let ends_at = world.chain.now() + DAY;
    let call = world.attest_capacity(&vendor, RATE, ends_at);
    let quorum = specie_client::address::quorum;
    let call = call.replacing(quorum(&world.currency), quorum(&other));
    world.refuses(&call, SpecieError::QuorumMismatch);
}

/// The refusal of a first capacity of which one field is wrong.
fn refuses_message(change: impl FnOnce(&mut Capacity, i64), error: SpecieError) {
    let (mut world, vendor) = unattested();
    let now = world.chain.now();
    let mut message = world.capacity_message(&vendor, RATE, now + DAY);
    change(&mut message, now);
    let call = world.attest(&message);
    world.refuses(&call, error);
}

#[test]
fn attest_capacity_overflowing_rate_rejects() {
    refuses_message(
        |message, _| message.rate = RATE_MAX.get() + 1,
        SpecieError::RateOutOfBounds,
    );
    refuses_message(
        |message, _| message.rate = u64::MAX,
        SpecieError::RateOutOfBounds,
    );
}

#[test]
fn attest_capacity_with_a_number_far_ahead_rejects() {
    for sequence in [(1 << 32) + 1, u64::MAX] {
        refuses_message(
            |message, _| message.sequence = sequence,
            SpecieError::SequenceTooFarAhead,
        );
    }
}

#[test]
fn attest_capacity_ahead_of_the_clock_rejects() {
    refuses_message(
        |message, now| message.attested_at = now + 61,
        SpecieError::SignedInFuture,
    );
    refuses_message(
        |message, _| message.attested_at = i64::MAX,
        SpecieError::SignedInFuture,
    );
}

#[test]
fn attest_capacity_measured_too_long_ago_rejects() {
    refuses_message(
        |message, now| message.attested_at = now - 7 * DAY - 1,
        SpecieError::SignedTooOld,
    );
    refuses_message(
        |message, _| message.attested_at = i64::MIN,
        SpecieError::SignedTooOld,
    );
}

#[test]
fn attest_capacity_pledged_too_long_rejects() {
    refuses_message(
        |message, now| message.ends_at = now + 5 * 365 * DAY + 1,
        SpecieError::PledgeTooLong,
    );
    refuses_message(
        |message, _| message.ends_at = i64::MAX,
        SpecieError::PledgeTooLong,
    );
}

#[test]
fn attest_capacity_of_the_past_covers_nothing() {
    let (mut world, vendor) = unattested();
    for ends_at in [0, i64::MIN] {
        let call = world.attest_capacity(&vendor, RATE, ends_at);
        world.ok(&call);
    }
    world.chain.warp(DELAY);
    let mut world = world.price(PRICE).holder("alice", 0);
    let alice = world.the_holder("alice");
    let issue = world.issue(&vendor, &alice.tokens, 1);
    world.refuses(&issue, SpecieError::CoverageBelowFull);
}

#[test]
fn veto_attestation_removes_what_waits_for_good() {
    let (mut world, vendor) = unattested();
    let ends_at = world.chain.now() + DAY;
    let attest = world.attest_capacity(&vendor, RATE, ends_at);
    world.ok(&attest);
    world.chain.warp(DELAY - 1);
    let attestor = world.attestors[2].clone();
    let call = world.veto_attestation(&vendor, &attestor);
    let outcome = world.ok(&call);
    let event = event!(outcome, AttestationVetoed);
    assert_eq!(
        (event.vault, event.attestor),
        (vendor.vault, attestor.address())
    );
    let vault = world.vault_state(&vendor);
    assert_eq!(
        (vault.attested, vault.pending),
        (nothing(), bytemuck::Zeroable::zeroed())
    );
    // The same message cannot come back.
    world.refuses(&attest, SpecieError::AttestationNotNewer);
}

#[test]
fn veto_attestation_of_what_counts_already_rejects() {
    let (mut world, vendor) = unattested();
    let ends_at = world.chain.now() + DAY;
    let attest = world.attest_capacity(&vendor, RATE, ends_at);
    world.ok(&attest);
    world.chain.warp(DELAY);
    let call = world.veto_attestation(&vendor, &world.attestors[0]);
    world.refuses(&call, SpecieError::NothingPending);
}

#[test]
fn veto_attestation_with_nothing_pending_rejects() {
    let (mut world, vendor) = unattested();
    let call = world.veto_attestation(&vendor, &world.attestors[0]);
    world.refuses(&call, SpecieError::NothingPending);
}

#[test]
fn veto_attestation_by_a_stranger_rejects() {
    let (mut world, vendor) = unattested();
    let ends_at = world.chain.now() + DAY;
    let attest = world.attest_capacity(&vendor, RATE, ends_at);
    world.ok(&attest);
    for stranger in [vendor.party.clone(), world.authority.clone()] {
        let call = world.veto_attestation(&vendor, &stranger);
        world.refuses(&call, SpecieError::NotAttestor);
    }
}

#[test]
fn veto_attestation_without_a_signature_rejects() {
    let (mut world, vendor) = unattested();
    let ends_at = world.chain.now() + DAY;
    let attest = world.attest_capacity(&vendor, RATE, ends_at);
    world.ok(&attest);
    let attestor = world.attestors[0].clone();
    let call = world
        .veto_attestation(&vendor, &attestor)
        .unsigned(&attestor);
    world.refuses(&call, ErrorCode::ConstraintSigner);
}

#[test]
fn veto_attestation_by_another_currencys_attestor_rejects() {
    let (mut world, vendor) = unattested();
    let other = second_currency(&mut world);
    let ends_at = world.chain.now() + DAY;
    let attest = world.attest_capacity(&vendor, RATE, ends_at);
    world.ok(&attest);
    let attestor = world.attestors[0].clone();
    let quorum = specie_client::address::quorum;
    let call = world.veto_attestation(&vendor, &attestor);
    let call = call.replacing(quorum(&world.currency), quorum(&other));
    world.refuses(&call, SpecieError::VaultOfOtherCurrency);
}
