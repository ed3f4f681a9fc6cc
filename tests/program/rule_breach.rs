use {
    specie::errors::SpecieError,
    specie_client::{
        account::SpecieAccount,
        address,
        instruction::signed_by_quorum,
        state::{Quorum, Vault, VaultStatus, Voucher},
        units::{Count, Quote, Timestamp, Tokens, Units},
    },
    specie_tests::{
        event,
        world::{CLUSTER, Call, Holder, ONE, PRICE, Party, Session, VaultPlan, Vendor, World},
    },
    specie_wire::{Message, Price, Ruling, ed25519},
};

const TTL: i64 = 7 * 86_400;

/// Alice holds ninety tokens of "north" and a voucher of ten, opened an hour ago.
fn opened() -> (World, Vendor, Session) {
    let mut world = World::trading().issued("north", "alice", 100 * ONE);
    let (vendor, alice) = (world.vendor("north"), world.the_holder("alice"));
    world.chain.fund(&world.party("sponsor").address());
    let mut session = world.session(&alice, &vendor, "session");
    session.rent_payer = world.party("sponsor");
    let call = world.redeem(&session, 10 * ONE);
    world.ok(&call);
    world.chain.warp(3_600);
    (world, vendor, session)
}

fn rule(world: &World, session: &Session, units: u64) -> Call {
    world.rule_breach(session, &world.ruling(session, units))
}

/// The same, decided at a time.
fn rule_at(world: &World, session: &Session, units: u64, ruled_at: i64) -> Call {
    let ruling = Ruling {
        ruled_at,
        ..world.ruling(session, units)
    };
    world.rule_breach(session, &ruling)
}

#[test]
fn rule_breach_pays_for_the_units_ruled() {
    let (mut world, vendor, session) = opened();
    let receipt = world.receipt(&session, ONE);
    let settle = world.settle(&vendor, &[receipt]);
    world.ok(&settle);
    let before = world.voucher_state(&session);
    let stable = world.chain.tokens(&session.owner.stable);
    let call = rule(&world, &session, 3 * ONE);
    let outcome = world.ok(&call);
    let event = event!(outcome, Compensated);
    let now = Timestamp::new(world.chain.now());
    assert_eq!(event.evidence_hash, [0xe5; 32]);
    assert_eq!(event.ruled_at, now);
    let cash = Quote::new(6_600_000);
    assert_eq!((event.units, event.cash), (Units::new(3 * ONE), cash));
    assert_eq!((event.returned, event.tokens), (Units::ZERO, Tokens::ZERO));
    assert_eq!(event.compensated, Units::new(3 * ONE));

    let expected = Voucher {
        compensated: Units::new(3 * ONE),
        ruled_at: now,
        ..before
    };
    let after = world.voucher_state(&session);
    assert_eq!(bytemuck::bytes_of(&after), bytemuck::bytes_of(&expected));
    let vault = world.vault_state(&vendor);
    assert_eq!(vault.balances.open, Units::new(6 * ONE));
    assert_eq!(vault.balances.outstanding, Units::new(90 * ONE));
    assert_eq!(vault.balances.collateral.get(), 10_000 * ONE - cash.get());
    assert_eq!(vault.vouchers, Count::new(1));
    let paid = world.chain.tokens(&session.owner.stable) - stable;
    assert_eq!(paid, cash.get());
}

#[test]
fn rule_breach_pays_what_is_above_the_ratio_and_returns_the_rest() {
    let (mut world, vendor, session) = opened();
    world.edit(&vendor.vault, |vault: &mut Vault| {
        vault.balances.collateral = Quote::new(61_600_000)
    });
    let call = rule(&world, &session, 4 * ONE);
    let outcome = world.ok(&call);
    let event = event!(outcome, Compensated);
    // 30 % of what is owed stays, which is 60: a unit paid at 2.2 takes 1.6 of what is above.
    assert_eq!((event.units.get(), event.cash.get()), (ONE, 2_200_000));
    assert_eq!(
        (event.returned.get(), event.tokens.get()),
        (3 * ONE, 3 * ONE)
    );
    assert_eq!(event.penalty, Quote::new(600_000));
    assert_eq!(world.voucher_state(&session).compensated.get(), 4 * ONE);
}

#[test]
fn rule_breach_of_all_that_remains_closes_the_voucher_and_returns_deposit_and_rent() {
    let (mut world, vendor, session) = opened();
    let (owner, sponsor) = (session.owner.party.address(), session.rent_payer.address());
    let before = [owner, sponsor].map(|who| world.chain.lamports(&who));
    let alice = session.owner.clone();
    let first = world.opened(&alice, &vendor, "first", ONE);
    for session in [&first, &session] {
        let call = world.challenge(session);
        world.ok(&call);
    }
    let call = rule(&world, &session, u64::MAX);
    let outcome = world.ok(&call);
    let event = event!(outcome, Compensated);
    assert_eq!(event.units, Units::new(10 * ONE));
    assert!(world.chain.account(&session.voucher).is_none());
    let vault = world.vault_state(&vendor);
    assert_eq!(vault.vouchers, Count::new(1));
    assert_eq!(vault.challenges, Count::new(1));
    let (rent, deposit) = (
        world.chain.rent(Voucher::LEN),
        world.params().challenge_deposit.get(),
    );
    let after = [owner, sponsor].map(|who| world.chain.lamports(&who));
    assert_eq!(after, [before[0] - rent - deposit, before[1] + rent]);
}

#[test]
fn rule_breach_of_a_part_leaves_a_challenge_standing() {
    let (mut world, vendor, session) = opened();
    let call = world.challenge(&session);
    world.ok(&call);
    let call = rule(&world, &session, ONE);
    world.ok(&call);
    let voucher = world.voucher_state(&session);
    assert!(!voucher.challenged_until.is_zero() && !voucher.challenge_deposit.is_zero());
    let call = world.answer(&vendor, &session);
    world.ok(&call);
}

#[test]
fn rule_breach_again_by_a_newer_ruling() {
    let (mut world, _, session) = opened();
    let start = world.chain.now() - 1_000;
    for (i, (units, paid)) in [(4, 4), (5, 5), (2, 1)].into_iter().enumerate() {
        let call = rule_at(&world, &session, units * ONE, start + i as i64);
        let outcome = world.ok(&call);
        let event = event!(outcome, Compensated);
        assert_eq!(event.units, Units::new(paid * ONE));
    }
    assert!(world.chain.account(&session.voucher).is_none());
}

#[test]
fn rule_breach_works_whatever_became_of_vault_price_and_pause() {
    for (status, cash) in [
        (VaultStatus::Suspended, 22 * ONE),
        // What a defaulted vault holds belongs to all its holders.
        (VaultStatus::Defaulted, 0),
    ] {
        let (mut world, vendor, session) = opened();
        let pause = world.pause(3 * 86_400);
        world.ok(&pause);
        world.chain.warp(86_400);
        world.edit(&vendor.vault, |vault: &mut Vault| {
            vault.status = status as u8
        });
        let call = rule(&world, &session, 10 * ONE);
        let outcome = world.ok(&call);
        let event = event!(outcome, Compensated);
        assert_eq!(event.cash, Quote::new(cash));
    }
}

#[test]
fn rule_breach_without_the_owners_signature_rejects() {
    let (mut world, _, session) = opened();
    let call = rule(&world, &session, ONE).unsigned(&session.owner.party);
    world.refuses(&call, SpecieError::RulingWithoutOwner);
}

#[test]
fn rule_breach_of_nothing_rejects() {
    let (mut world, _, session) = opened();
    let call = rule(&world, &session, 0);
    world.refuses(&call, SpecieError::NothingRemaining);
}

/// A voucher consumed in the second of its opening stays, with nothing in it.
#[test]
fn rule_breach_of_a_consumed_voucher_rejects() {
    let (mut world, vendor, session) = opened();
    let alice = session.owner.clone();
    let consumed = world.opened(&alice, &vendor, "consumed", ONE);
    let receipt = world.receipt(&consumed, ONE);
    let settle = world.settle(&vendor, &[receipt]);
    world.ok(&settle);
    world.chain.warp(1);
    let call = rule(&world, &consumed, ONE);
    world.refuses(&call, SpecieError::NothingRemaining);
}

#[test]
fn rule_breach_by_a_ruling_used_before_or_older_rejects() {
    let (mut world, _, session) = opened();
    let now = world.chain.now();
    let call = rule(&world, &session, ONE);
    world.ok(&call);
    world.refuses(&call, SpecieError::RulingNotNewer);
    for ruled_at in [now - 1, 0, i64::MIN] {
        let older = rule_at(&world, &session, ONE, ruled_at);
        world.refuses(&older, SpecieError::RulingNotNewer);
    }
}

#[test]
fn rule_breach_decided_before_or_as_the_voucher_was_opened_rejects() {
    let (mut world, _, session) = opened();
    for ruled_at in [session.opened_at - 1, session.opened_at] {
        let call = rule_at(&world, &session, ONE, ruled_at);
        world.refuses(&call, SpecieError::RulingNotNewer);
    }
    let call = rule_at(&world, &session, ONE, session.opened_at + 1);
    world.ok(&call);
}

/// Paid, closed, reopened at the same address in the same second with more in it: the ruling does not count again,
/// although attestors' clocks may be ahead of the chain's.
#[test]
fn rule_breach_replayed_on_a_reopened_voucher_rejects() {
    let (mut world, vendor, session) = opened();
    let call = rule(&world, &session, u64::MAX);
    world.ok(&call);
    let alice = session.owner.clone();
    let mut again = world.session(&alice, &vendor, "session");
    again.rent_payer = session.rent_payer.clone();
    let reopen = world.redeem(&again, 50 * ONE);
    world.ok(&reopen);
    assert_eq!(again.voucher, session.voucher);
    for wait in [0, 1, 3_600] {
        world.chain.warp(wait);
        world.refuses(&call, SpecieError::RulingNotNewer);
    }
}

#[test]
fn rule_breach_ahead_of_the_clock_or_too_old_rejects() {
    let (mut world, _, session) = opened();
    let now = world.chain.now();
    let ahead = rule_at(&world, &session, ONE, now + 1);
    world.refuses(&ahead, SpecieError::SignedInFuture);
    let call = rule(&world, &session, ONE);
    world.chain.warp(TTL);
    world.clone().ok(&call);
    world.chain.warp(1);
    world.refuses(&call, SpecieError::SignedTooOld);
}

#[test]
fn rule_breach_below_the_threshold_or_signed_by_others_rejects() {
    let (mut world, vendor, session) = opened();
    let ruling = world.ruling(&session, ONE);
    let bytes = ruling.encode(&CLUSTER);
    let [a, b, c] = [0, 1, 2].map(|i| world.attestors[i].clone());
    let stranger = Party::from_secret([66; 32]);
    let mut call = world.rule_breach(&session, &ruling);
    let signed_by = |signers: &[&Party]| {
        let signed: Vec<_> = signers.iter().map(|p| p.sign_bytes(&bytes)).collect();
        ed25519::build(&signed, ed25519::Messages::Shared, &[&bytes])
    };
    let mut with_stranger = [&a, &stranger];
    with_stranger.sort_by_key(|party| party.key());
    let mut with_issuer = [&a, &vendor.issuer];
    with_issuer.sort_by_key(|party| party.key());
    let cases: [(&[&Party], SpecieError); 6] = [
        (&[&a], SpecieError::BelowThreshold),
        (&[&a, &a], SpecieError::SignersNotAscending),
        (&[&a, &a, &b], SpecieError::SignersNotAscending),
        (&[&b, &a], SpecieError::SignersNotAscending),
        (&with_stranger, SpecieError::AttestorUnknown),
        (&with_issuer, SpecieError::AttestorUnknown),
    ];
    for (signers, error) in cases {
        call.instructions[0].data = signed_by(signers);
        world.refuses(&call, error);
    }
    call.instructions[0].data = signed_by(&[&a, &b, &c]);
    world.ok(&call);
}

#[test]
fn rule_breach_by_an_earlier_quorum_rejects() {
    let (mut world, _, session) = opened();
    let call = rule(&world, &session, ONE);
    let quorum = address::quorum(&world.currency);
    let keys: Vec<_> = world.attestors.iter().map(Party::key).collect();
    world.edit(&quorum, |quorum: &mut Quorum| {
        quorum.install(&keys, 2).unwrap()
    });
    world.refuses(&call, SpecieError::QuorumEpochMismatch);
    let call = rule(&world, &session, ONE);
    world.ok(&call);
}

#[test]
fn rule_breach_by_another_message_rejects() {
    let (mut world, _, session) = opened();
    let ruling = world.ruling(&session, ONE);
    let mut call = world.rule_breach(&session, &ruling);
    let signers: Vec<Party> = world.attestors[..2].to_vec();
    let mut refuses = |bytes: &[u8], error| {
        let signed: Vec<_> = signers.iter().map(|p| p.sign_bytes(bytes)).collect();
        call.instructions[0].data = ed25519::build(&signed, ed25519::Messages::Shared, &[bytes]);
        world.refuses(&call, error);
    };
    let bytes = ruling.encode(&CLUSTER);
    let elsewhere = ruling.encode(&[8; 32]);
    refuses(&elsewhere, SpecieError::MessageForOtherCluster);
    let mut other_kind = bytes;
    other_kind[..16].copy_from_slice(Price::DOMAIN);
    refuses(&other_kind, SpecieError::MessageOfOtherKind);
    refuses(&bytes[..131], SpecieError::SignaturesNotCanonical);
    let longer = [&bytes[..], &[0]].concat();
    refuses(&longer, SpecieError::SignaturesNotCanonical);
}

#[test]
fn rule_breach_of_another_voucher_rejects() {
    let (mut world, vendor, session) = opened();
    let alice = session.owner.clone();
    let other = world.opened(&alice, &vendor, "other", ONE);
    world.chain.warp(1);
    let ruling = world.ruling(&other, ONE);
    let mut call = world.rule_breach(&session, &ruling);
    call.instructions[0] = signed_by_quorum(&ruling, &CLUSTER, &world.signed_by_quorum(&ruling));
    world.refuses(&call, SpecieError::MessageForOtherVoucher);
}

#[test]
fn rule_breach_by_another_currencys_quorum_or_under_it_rejects() {
    let (mut world, _, session) = opened();
    let other = super::post_price::second_currency(&mut world);
    let call = rule(&world, &session, ONE);
    let (ours, others) = (address::quorum(&world.currency), address::quorum(&other));
    let swapped = call.clone().replacing(ours, others);
    world.refuses(&swapped, SpecieError::QuorumMismatch);
    // The same attestors serve both: all that names a currency is the other's.
    let (ours, others) = (
        address::standard(&world.currency),
        address::standard(&other),
    );
    let swapped = swapped
        .replacing(ours, others)
        .replacing(world.currency, other);
    world.refuses(&swapped, SpecieError::VaultOfOtherCurrency);
}

#[test]
fn rule_breach_under_another_vault_rejects() {
    let (world, north, session) = opened();
    let mut world = world.vault(VaultPlan::named("south")).price(PRICE);
    let south = world.vendor("south");
    let call = rule(&world, &session, ONE);
    let call = call.replacing(north.vault, south.vault);
    world.refuses(&call, SpecieError::VoucherOfOtherVault);
}

#[test]
fn rule_breach_paying_a_stranger_rejects() {
    let (world, vendor, session) = opened();
    let mut world = world.holder("mallory", 0);
    let mallory = world.the_holder("mallory");
    let Holder {
        party,
        stable,
        tokens,
    } = session.owner.clone();
    let call = rule(&world, &session, ONE);
    let stranger = mallory.party.address();
    let swaps = [
        (stable, vendor.payout, SpecieError::TokenAccountOfOtherOwner),
        (
            tokens,
            mallory.tokens,
            SpecieError::TokenAccountOfOtherOwner,
        ),
        (
            session.rent_payer.address(),
            stranger,
            SpecieError::RentPayerMismatch,
        ),
        (
            vendor.collateral,
            vendor.stable,
            SpecieError::CollateralAccountMismatch,
        ),
        (world.mint, world.stable_mint, SpecieError::MintMismatch),
    ];
    for (old, new, error) in swaps {
        let call = call.clone().replacing(old, new);
        world.refuses(&call, error);
    }
    let call = call.signed_by(&party, &mallory.party);
    world.refuses(&call, SpecieError::VoucherOwnerMismatch);
}

/// More attestors' signatures need a lookup table for the accounts.
#[test]
fn rule_breach_of_three_signatures_fits_a_plain_transaction() {
    let keys = || {
        let mut parties: Vec<_> = (0..5)
            .map(|i| Party::named(9, &format!("key {i}")))
            .collect();
        parties.sort_by_key(Party::key);
        parties
    };
    let mut world = World::founded(0, |args| {
        args.attestors = keys().iter().map(Party::key).collect();
        args.threshold = 3;
    });
    (world.attestors, world.threshold) = (keys(), 3);
    let world = world
        .vault(VaultPlan::named("north"))
        .price(PRICE)
        .holder("alice", 0);
    let mut world = world.issued("north", "alice", 10 * ONE);
    let (vendor, alice) = (world.vendor("north"), world.the_holder("alice"));
    let session = world.opened(&alice, &vendor, "session", 10 * ONE);
    world.chain.warp(1);
    let size = |world: &mut World| {
        let call = rule(world, &session, ONE);
        let transaction = world.chain.transaction(&call);
        1 + 64 * transaction.signatures.len() + transaction.message_data().len()
    };
    assert!(size(&mut world) <= 1_232);
    world.threshold = 4;
    assert!(size(&mut world) > 1_232);
}
