use {
    anchor_lang::ErrorCode,
    specie::{errors::SpecieError, instructions::UpdateVaultArgs},
    specie_client::{
        state::{Class, Vault, VaultStatus, Voucher},
        units::{LamportAmount, Timestamp},
    },
    specie_tests::{
        event,
        world::{CLUSTER, Call, NO_UPDATE, ONE, PRICE, Party, Session, VaultPlan, Vendor, World},
    },
    specie_wire::{
        Message, Receipt, Voucher as Terms,
        ed25519::{self, Messages},
    },
};

const WINDOW: i64 = 6 * 3_600;

/// A voucher of ten of Alice's at "north", challenged.
fn challenged() -> (World, Vendor, Session) {
    let mut world = World::trading().issued("north", "alice", 100 * ONE);
    let (vendor, alice) = (world.vendor("north"), world.the_holder("alice"));
    let session = world.opened(&alice, &vendor, "session", 10 * ONE);
    world.chain.warp(1);
    let call = world.challenge(&session);
    world.ok(&call);
    (world, vendor, session)
}

fn terms(world: &World, session: &Session) -> Terms {
    world.voucher_state(session).terms(&session.voucher)
}

/// An answer whose message and signer are replaced.
fn answer_with(world: &World, vendor: &Vendor, session: &Session, bytes: &[u8]) -> Call {
    let mut call = world.answer(vendor, session);
    let signed = vendor.issuer.sign_bytes(bytes);
    call.instructions[0].data = ed25519::build(&[signed], Messages::OneEach, &[bytes]);
    call
}

#[test]
fn answer_publishes_the_signed_voucher_and_earns_the_deposit() {
    let (mut world, vendor, session) = challenged();
    let before = world.voucher_state(&session);
    let operator = vendor.operator.address();
    let (paid_before, staked) = (
        world.chain.lamports(&operator),
        world.chain.lamports(&session.voucher),
    );
    world.chain.warp(100);
    let call = world.answer(&vendor, &session);
    let outcome = world.ok(&call);
    let event = event!(outcome, Answered);
    let now = Timestamp::new(world.chain.now());
    assert_eq!(
        (event.vault, event.voucher),
        (vendor.vault, session.voucher)
    );
    assert_eq!(event.answered_at, now);
    // The event is the signed voucher: anybody can check it.
    assert_eq!(event.issuer, vendor.issuer.address());
    let message = terms(&world, &session);
    assert_eq!(message.class, Class::Inference as u8);
    let verified = specie_wire::verify(&message, &CLUSTER, &vendor.issuer.key(), &event.signature);
    assert_eq!(verified, Ok(()));

    let expected = Voucher {
        challenged_until: Timestamp::ZERO,
        challenge_deposit: LamportAmount::ZERO,
        answered_at: now,
        ..before
    };
    let after = world.voucher_state(&session);
    assert_eq!(bytemuck::bytes_of(&after), bytemuck::bytes_of(&expected));
    let deposit = world.params().challenge_deposit.get();
    assert_eq!(world.chain.lamports(&operator), paid_before + deposit);
    assert_eq!(world.chain.lamports(&session.voucher), staked - deposit);

    let compensate = world.compensate(&session);
    world.chain.warp(WINDOW);
    world.refuses(&compensate, SpecieError::NotChallenged);
}

#[test]
fn answer_counts_to_the_second_of_the_deadline() {
    let (mut world, vendor, session) = challenged();
    let call = world.answer(&vendor, &session);
    for (wait, in_time) in [(WINDOW - 1, true), (1, true), (1, false)] {
        world.chain.warp(wait);
        if in_time {
            world.clone().ok(&call);
        } else {
            world.refuses(&call, SpecieError::AnswerTooLate);
        }
    }
}

#[test]
fn answer_works_whatever_became_of_vault_and_pause_and_of_the_voucher_closing() {
    for status in [VaultStatus::Suspended, VaultStatus::Defaulted] {
        let (mut world, vendor, session) = challenged();
        let pause = world.pause(60);
        world.ok(&pause);
        let close = world.request_close(&session);
        world.ok(&close);
        world.edit(&vendor.vault, |vault: &mut Vault| {
            vault.status = status as u8
        });
        let call = world.answer(&vendor, &session);
        world.ok(&call);
    }
}

#[test]
fn answer_of_what_is_not_challenged_rejects() {
    let (mut world, vendor, session) = challenged();
    let unchallenged = world.opened(&session.owner, &vendor, "other", ONE);
    let call = world.answer(&vendor, &unchallenged);
    world.refuses(&call, SpecieError::NotChallenged);
    let call = world.answer(&vendor, &session);
    world.ok(&call);
    world.refuses(&call, SpecieError::NotChallenged);
}

#[test]
fn answer_by_another_than_the_operator_rejects() {
    let (mut world, vendor, session) = challenged();
    let call = world.answer(&vendor, &session);
    for stranger in [&vendor.party, &vendor.issuer, &session.owner.party] {
        let call = call.clone().signed_by(&vendor.operator, stranger);
        world.refuses(&call, SpecieError::NotOperator);
    }
    let call = call.unsigned(&vendor.operator);
    world.refuses(&call, ErrorCode::ConstraintSigner);
}

#[test]
fn answer_signed_by_another_key_than_the_issuers_rejects() {
    let (mut world, vendor, session) = challenged();
    let stranger = Party::from_secret([66; 32]);
    for signer in [&vendor.party, &vendor.operator, &session.party, &stranger] {
        let call = world.answer_signed_by(&vendor, &session, signer);
        world.refuses(&call, SpecieError::IssuerMismatch);
    }
    // A key that the vendor has replaced signs nothing any more.
    let call = world.answer(&vendor, &session);
    let issuer = Some(stranger.address());
    let update = world.update_vault(
        &vendor,
        UpdateVaultArgs {
            issuer,
            ..NO_UPDATE
        },
    );
    world.ok(&update);
    world.refuses(&call, SpecieError::IssuerMismatch);
    let call = world.answer_signed_by(&vendor, &session, &stranger);
    world.ok(&call);
}

#[test]
fn answer_with_other_terms_rejects() {
    type Change = fn(&mut Terms);
    let cases: [(Change, SpecieError); 9] = [
        (|t| t.vault = [1; 32], SpecieError::MessageForOtherVault),
        (|t| t.voucher = [1; 32], SpecieError::MessageForOtherVoucher),
        (|t| t.session = [1; 32], SpecieError::VoucherTermsMismatch),
        (|t| t.class = 0, SpecieError::VoucherTermsMismatch),
        (|t| t.units -= 1, SpecieError::VoucherTermsMismatch),
        (|t| t.units += 1, SpecieError::VoucherTermsMismatch),
        (|t| t.work_per_scu -= 1, SpecieError::VoucherTermsMismatch),
        (|t| t.opened_at -= 1, SpecieError::VoucherTermsMismatch),
        (|t| t.expires_at -= 1, SpecieError::VoucherTermsMismatch),
    ];
    let (mut world, vendor, session) = challenged();
    for (change, error) in cases {
        let mut message = terms(&world, &session);
        change(&mut message);
        let call = answer_with(&world, &vendor, &session, &message.encode(&CLUSTER));
        world.refuses(&call, error);
    }
}

#[test]
fn answer_with_another_message_than_a_voucher_rejects() {
    let (mut world, vendor, session) = challenged();
    let bytes = terms(&world, &session).encode(&CLUSTER);
    let elsewhere = terms(&world, &session).encode(&[8; 32]);
    let mut receipt = bytes;
    receipt[..16].copy_from_slice(Receipt::DOMAIN);
    let longer = [&bytes[..], &[0]].concat();
    let longer_before = [&[0], &bytes[..]].concat();
    let a_receipt = world.receipt(&session, ONE).receipt.encode(&CLUSTER);
    let cases: [(&[u8], SpecieError); 6] = [
        (&elsewhere, SpecieError::MessageForOtherCluster),
        (&receipt, SpecieError::MessageOfOtherKind),
        (&bytes[..176], SpecieError::SignaturesNotCanonical),
        (&longer, SpecieError::SignaturesNotCanonical),
        (&longer_before, SpecieError::SignaturesNotCanonical),
        (&a_receipt, SpecieError::SignaturesNotCanonical),
    ];
    for (bytes, error) in cases {
        let call = answer_with(&world, &vendor, &session, bytes);
        world.refuses(&call, error);
    }
}

#[test]
fn answer_with_two_signatures_rejects() {
    let (mut world, vendor, session) = challenged();
    let bytes = terms(&world, &session).encode(&CLUSTER);
    let signed = [&vendor.issuer, &session.party].map(|party| party.sign_bytes(&bytes));
    let mut call = world.answer(&vendor, &session);
    let mut reversed = signed;
    reversed.reverse();
    for data in [
        ed25519::build(&signed, Messages::OneEach, &[&bytes, &bytes]),
        ed25519::build(&reversed, Messages::OneEach, &[&bytes, &bytes]),
        ed25519::build(&signed, Messages::Shared, &[&bytes]),
    ] {
        call.instructions[0].data = data;
        world.refuses(&call, SpecieError::SignaturesNotCanonical);
    }
}

/// A session key may be used again when its voucher is gone: what was signed for that one does not count.
#[test]
fn answer_with_an_earlier_vouchers_terms_rejects() {
    let (mut world, vendor, session) = challenged();
    let earlier = terms(&world, &session).encode(&CLUSTER);
    let release = world.release_voucher(&vendor, &session);
    world.ok(&release);
    let again = world.opened(&session.owner, &vendor, "session", 10 * ONE);
    assert_eq!(again.voucher, session.voucher);
    let call = world.challenge(&again);
    world.ok(&call);
    let call = answer_with(&world, &vendor, &again, &earlier);
    world.refuses(&call, SpecieError::VoucherTermsMismatch);
    let call = world.answer(&vendor, &again);
    world.ok(&call);
}

#[test]
fn answer_with_another_vouchers_message_rejects() {
    let (mut world, vendor, session) = challenged();
    let other = world.opened(&session.owner, &vendor, "other", 10 * ONE);
    let bytes = terms(&world, &other).encode(&CLUSTER);
    let call = answer_with(&world, &vendor, &session, &bytes);
    world.refuses(&call, SpecieError::MessageForOtherVoucher);
}

#[test]
fn answer_under_another_vault_or_currency_rejects() {
    let (world, north, session) = challenged();
    let mut world = world.vault(VaultPlan::named("south")).price(PRICE);
    let south = world.vendor("south");
    let other = super::post_price::second_currency(&mut world);
    let call = world.answer(&north, &session);
    let swapped = call.clone().replacing(world.currency, other);
    world.refuses(&swapped, SpecieError::VaultOfOtherCurrency);
    let swapped = call
        .replacing(north.vault, south.vault)
        .signed_by(&north.operator, &south.operator);
    world.refuses(&swapped, SpecieError::VoucherOfOtherVault);
}
