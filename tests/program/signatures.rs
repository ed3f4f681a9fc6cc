//! The Ed25519 instruction before a quorum's message or receipts: every layout, place and signer that must not count.

use {
    solana_account::Account,
    solana_instruction::{Instruction, error::InstructionError},
    solana_pubkey::Pubkey,
    specie::{
        errors::SpecieError,
        signatures::{ED25519_PROGRAM, INSTRUCTIONS_SYSVAR},
    },
    specie_client::{
        address,
        instruction::{Signed, SignedReceipt},
        state::Quorum,
    },
    specie_tests::world::{CLUSTER, Call, ONE, PRICE, PROXY, Party, Session, Vendor, World},
    specie_wire::{
        Message, Receipt, Ruling,
        ed25519::{self, HEADER_LEN, Messages, OFFSETS_LEN, SIGNED_LEN},
    },
};

/// Positions of a signature's fields among its offsets, as the Ed25519 program reads them.
const SIGNATURE_AT: usize = 0;
const SIGNATURE_INDEX: usize = 2;
const KEY_AT: usize = 4;
const KEY_INDEX: usize = 6;
const MESSAGE_AT: usize = 8;
const MESSAGE_LEN: usize = 10;
const MESSAGE_INDEX: usize = 12;

/// A world with a proxy, and a voucher of ten.
fn opened() -> (World, Vendor, Session) {
    let mut world = World::trading().issued("north", "alice", 20 * ONE);
    world.chain.add_proxy();
    let (vendor, alice) = (world.vendor("north"), world.the_holder("alice"));
    let session = world.opened(&alice, &vendor, "session", 10 * ONE);
    world.chain.warp(600);
    (world, vendor, session)
}

/// One honest transaction for each instruction that reads signatures.
fn honest() -> (World, [Call; 3]) {
    let (world, vendor, session) = opened();
    let ends_at = world.chain.now() + 86_400;
    let calls = [
        world.post_price(PRICE),
        world.attest_capacity(&vendor, 790, ends_at),
        world.settle(&vendor, &[world.receipt(&session, ONE)]),
    ];
    (world, calls)
}

/// Each honest transaction, after a change that must make it refuse.
fn all_refuse(change: impl Fn(Call) -> Call, error: SpecieError) {
    let error: anchor_lang::Error = error.into();
    let (mut world, calls) = honest();
    for call in calls {
        let changed = change(call.clone());
        let ours = |instruction: &Instruction| instruction.program_id == specie::ID;
        let at = changed.instructions.iter().rposition(ours).unwrap();
        let error = specie_tests::world::instruction_error(error.clone());
        world.chain.assert_refused(&changed, at, error);
        // Without the change it is taken.
        world.ok(&call);
    }
}

/// The refusal of a price whose Ed25519 instruction is replaced.
fn price_refuses(data: Vec<u8>, error: SpecieError) {
    let (mut world, [mut call, ..]) = honest();
    call.instructions[0].data = data;
    world.refuses(&call, error);
}

fn u16_at(data: &[u8], at: usize) -> u16 {
    u16::from_le_bytes(data[at..at + 2].try_into().unwrap())
}

fn put_u16(data: &mut [u8], at: usize, value: u16) {
    data[at..at + 2].copy_from_slice(&value.to_le_bytes());
}

/// The quorum's Ed25519 data over a message of these signers, in their order.
fn shared(bytes: &[u8], signers: &[&Party]) -> Vec<u8> {
    let signed: Vec<Signed> = signers
        .iter()
        .map(|party| party.sign_bytes(bytes))
        .collect();
    ed25519::build(&signed, Messages::Shared, &[bytes])
}

fn price_bytes(world: &World) -> Vec<u8> {
    world.price_message(PRICE).encode(&CLUSTER).to_vec()
}

#[test]
fn another_account_as_instructions_sysvar_rejects() {
    let fake = Pubkey::new_unique();
    let (mut world, calls) = honest();
    // The sysvar as it would look, owned by the same owner, at another address.
    let owner = solana_sdk_ids::sysvar::ID;
    let account = Account {
        lamports: 1_000_000_000,
        data: vec![0; 512],
        owner,
        ..Account::default()
    };
    world.chain.put(&fake, account);
    for call in calls {
        let call = call.replacing(INSTRUCTIONS_SYSVAR, fake);
        world.refuses(&call, SpecieError::NotInstructionsSysvar);
    }
}

#[test]
fn the_same_bytes_under_another_program_reject() {
    let proxy = |mut call: Call| {
        call.instructions[0].program_id = PROXY;
        call
    };
    all_refuse(proxy, SpecieError::SignaturesMissing);
}

#[test]
fn no_signatures_at_all_reject() {
    let remove = |mut call: Call| {
        call.instructions.remove(0);
        call
    };
    all_refuse(remove, SpecieError::SignaturesMissing);
}

#[test]
fn zero_signatures_reject() {
    let zero = |mut call: Call| {
        call.instructions[0].data = vec![0, 0];
        call
    };
    all_refuse(zero, SpecieError::SignaturesNotCanonical);
}

#[test]
fn signatures_after_instead_of_before_reject() {
    let swap = |mut call: Call| {
        call.instructions.swap(0, 1);
        call
    };
    all_refuse(swap, SpecieError::SignaturesMissing);
}

#[test]
fn signatures_not_directly_before_reject() {
    all_refuse(
        |call| call.carrying(1, vec![]),
        SpecieError::SignaturesMissing,
    );
}

#[test]
fn signatures_for_two_instructions_count_once() {
    let (mut world, vendor, session) = opened();
    let mut call = world.settle(&vendor, &[world.receipt(&session, ONE)]);
    let again = call.ours().clone();
    call.instructions.push(again);
    world.refuses(&call, SpecieError::SignaturesMissing);
}

#[test]
fn a_call_from_another_program_rejects() {
    let (mut world, calls) = honest();
    for call in calls {
        let called = call.clone().by_proxy();
        world.refuses(&called, SpecieError::CalledByProgram);
        world.ok(&call);
    }
}

#[test]
fn other_instructions_before_and_after_do_no_harm() {
    let (mut world, calls) = honest();
    for call in calls {
        let call = call.carrying(0, vec![7; 100]).carrying(3, vec![7; 100]);
        world.ok(&call);
    }
}

#[test]
fn an_index_that_names_its_own_instruction_by_number_rejects() {
    for field in [SIGNATURE_INDEX, KEY_INDEX, MESSAGE_INDEX] {
        let renumber = |mut call: Call| {
            let data = &mut call.instructions[0].data;
            put_u16(data, HEADER_LEN + field, 0);
            call
        };
        all_refuse(renumber, SpecieError::SignaturesNotCanonical);
    }
}

/// Each index in turn names another instruction where the truth stands, while a decoy stands inline.
#[test]
fn a_decoy_inline_rejects() {
    let (world, _) = honest();
    let bytes = price_bytes(&world);
    let mallory = [Party::from_secret([66; 32]), Party::from_secret([67; 32])];
    let attestors = [&world.attestors[0], &world.attestors[1]];
    let true_to = shared(&bytes, &attestors);
    let by_mallory = shared(&bytes, &[&mallory[0], &mallory[1]]);
    let keys_at = HEADER_LEN + 2 * OFFSETS_LEN;

    // The signatures of the truth, none inline.
    let mut data = true_to.clone();
    for i in 0..2 {
        let at = keys_at + i * SIGNED_LEN + 32;
        data[at..at + 64].fill(0);
        put_u16(&mut data, HEADER_LEN + i * OFFSETS_LEN + SIGNATURE_INDEX, 0);
    }
    decoy_rejects(true_to.clone(), data);

    // Mallory's keys and signatures elsewhere, the attestors' keys inline.
    let mut data = by_mallory.clone();
    for (i, attestor) in attestors.iter().enumerate() {
        let at = keys_at + i * SIGNED_LEN;
        data[at..at + 32].copy_from_slice(&attestor.key());
        put_u16(&mut data, HEADER_LEN + i * OFFSETS_LEN + KEY_INDEX, 0);
    }
    decoy_rejects(by_mallory, data);

    // What the attestors did sign elsewhere, another price inline.
    let mut data = true_to.clone();
    let message_at = usize::from(u16_at(&data, HEADER_LEN + MESSAGE_AT));
    let forged = specie_wire::Price {
        price: 1,
        ..world.price_message(PRICE)
    };
    data[message_at..].copy_from_slice(&forged.encode(&CLUSTER));
    for i in 0..2 {
        put_u16(&mut data, HEADER_LEN + i * OFFSETS_LEN + MESSAGE_INDEX, 0);
    }
    decoy_rejects(true_to, data);
}

fn decoy_rejects(carried: Vec<u8>, decoy: Vec<u8>) {
    let (mut world, [mut call, ..]) = honest();
    call.instructions[0].data = decoy;
    let call = call.carrying(0, carried);
    world.refuses(&call, SpecieError::SignaturesNotCanonical);
}

#[test]
fn a_prefix_or_suffix_of_the_message_rejects() {
    let (world, _) = honest();
    let bytes = price_bytes(&world);
    let signers = [&world.attestors[0], &world.attestors[1]];
    let mut longer = bytes.clone();
    longer.push(0);
    for bytes in [&bytes[..bytes.len() - 1], &bytes[1..], &longer] {
        let data = shared(bytes, &signers);
        price_refuses(data, SpecieError::SignaturesNotCanonical);
    }
    // The whole message is there, but only its beginning was signed.
    let mut data = shared(&bytes, &signers);
    for (i, party) in signers.iter().enumerate() {
        let (_, signature) = party.sign_bytes(&bytes[..100]);
        let at = HEADER_LEN + 2 * OFFSETS_LEN + i * SIGNED_LEN + 32;
        data[at..at + 64].copy_from_slice(&signature);
        put_u16(&mut data, HEADER_LEN + i * OFFSETS_LEN + MESSAGE_LEN, 100);
    }
    price_refuses(data, SpecieError::SignaturesNotCanonical);
}

#[test]
fn what_overlaps_trails_or_stands_elsewhere_rejects() {
    let (world, _) = honest();
    let bytes = price_bytes(&world);
    let signers = [&world.attestors[0], &world.attestors[1]];
    let canonical = shared(&bytes, &signers);

    let mut trailing = canonical.clone();
    trailing.push(0);
    price_refuses(trailing, SpecieError::SignaturesNotCanonical);

    let mut padded = canonical.clone();
    padded[1] = 1;
    price_refuses(padded, SpecieError::SignaturesNotCanonical);

    // Both signatures are read from where the first one stands.
    let mut overlapping = canonical.clone();
    for field in [SIGNATURE_AT, KEY_AT] {
        let first = u16_at(&canonical, HEADER_LEN + field);
        put_u16(&mut overlapping, HEADER_LEN + OFFSETS_LEN + field, first);
    }
    price_refuses(overlapping, SpecieError::SignaturesNotCanonical);

    // The second is not counted, but stands there.
    let mut uncounted = canonical.clone();
    uncounted[0] = 1;
    price_refuses(uncounted, SpecieError::SignaturesNotCanonical);

    // One copy of the message for each signature.
    let signed = signers.map(|party| party.sign_bytes(&bytes));
    let each = ed25519::build(&signed, Messages::OneEach, &[&bytes, &bytes]);
    price_refuses(each, SpecieError::SignaturesNotCanonical);
}

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
    let (mut world, [call, attest, _]) = honest();
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
    let (world, [price, attest, _]) = honest();
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
    let (mut world, [_, mut attest, _]) = honest();
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

/// The refusal of a settlement whose receipt is changed before its session key signs it.
fn receipt_refuses(change: impl FnOnce(&mut Receipt), cluster: &[u8; 32], error: SpecieError) {
    let (mut world, vendor, session) = opened();
    let mut signed = world.receipt(&session, ONE);
    let mut call = world.settle(&vendor, &[signed]);
    change(&mut signed.receipt);
    let bytes = signed.receipt.encode(cluster);
    let signed = [session.party.sign_bytes(&bytes)];
    call.instructions[0].data = ed25519::build(&signed, Messages::OneEach, &[&bytes]);
    world.refuses(&call, error);
}

#[test]
fn a_receipt_of_another_cluster_program_voucher_or_time_rejects() {
    receipt_refuses(|_| {}, &[8; 32], SpecieError::MessageForOtherCluster);
    let (_, vendor, session) = opened();
    let seeds: [&[u8]; 3] = [b"voucher", &vendor.vault.to_bytes(), &session.party.key()];
    let (of_another_program, _) = Pubkey::find_program_address(&seeds, &PROXY);
    receipt_refuses(
        |receipt| receipt.voucher = of_another_program.to_bytes(),
        &CLUSTER,
        SpecieError::ReceiptForOtherVoucher,
    );
    receipt_refuses(
        |receipt| receipt.opened_at -= 1,
        &CLUSTER,
        SpecieError::ReceiptForEarlierVoucher,
    );
}

/// One session key at two vaults, opened in the same second: only the address tells the vouchers apart.
#[test]
fn a_receipt_of_another_vaults_voucher_of_the_same_session_rejects() {
    use specie_tests::world::VaultPlan;
    let world = World::trading()
        .vault(VaultPlan::named("south"))
        .price(PRICE);
    let world = world.issued("north", "alice", 20 * ONE);
    let mut world = world.holder("bob", 0).issued("south", "bob", 20 * ONE);
    let (north, south) = (world.vendor("north"), world.vendor("south"));
    let alice = world.the_holder("alice");
    let at_north = world.opened(&alice, &north, "session", 10 * ONE);
    let at_south = world.opened(&alice, &south, "session", 10 * ONE);
    assert_eq!(at_north.party.key(), at_south.party.key());
    assert_eq!(at_north.opened_at, at_south.opened_at);
    let receipt = world.receipt(&at_north, ONE);
    let mut call = world.settle(&south, &[receipt]);
    call.ours().accounts[3].pubkey = at_south.voucher;
    world.refuses(&call, SpecieError::ReceiptForOtherVoucher);
}

#[test]
fn a_receipt_signed_by_another_key_rejects() {
    let (mut world, vendor, session) = opened();
    let receipt = world.receipt(&session, ONE);
    for other in [&vendor.issuer, &vendor.party, &session.owner.party] {
        let (key, signature) = other.sign(&receipt.receipt, &CLUSTER);
        let forged = SignedReceipt {
            session: key,
            signature,
            ..receipt
        };
        let call = world.settle(&vendor, &[forged]);
        world.refuses(&call, SpecieError::ReceiptSignerMismatch);
    }
}

#[test]
fn two_receipts_of_which_only_the_second_is_relevant_reject() {
    let (mut world, vendor, session) = opened();
    let mallory = Session {
        party: Party::from_secret([66; 32]),
        voucher: Pubkey::new_unique(),
        ..session.clone()
    };
    let receipts = [world.receipt(&mallory, ONE), world.receipt(&session, ONE)];
    let mut call = world.settle(&vendor, &receipts);
    // Only the second one's accounts are passed.
    call.ours().accounts.drain(3..5);
    world.refuses(&call, SpecieError::ReceiptForOtherVoucher);
    // Both of them are the second one's.
    let pair = call.ours().accounts[3..5].to_vec();
    call.ours().accounts.extend(pair);
    world.refuses(&call, SpecieError::ReceiptForOtherVoucher);
}

#[test]
fn a_transaction_offered_as_a_receipt_rejects() {
    let (mut world, vendor, session) = opened();
    let mut call = world.settle(&vendor, &[world.receipt(&session, ONE)]);
    let from = session.party.address();
    let transfer = solana_system_interface::instruction::transfer(&from, &from, 1);
    let transfer = Call::new([transfer], &[&session.party]);
    let transfer = world.chain.transaction(&transfer);
    let bytes = &transfer.message_data()[..Receipt::LEN];
    let signed = [session.party.sign_bytes(bytes)];
    call.instructions[0].data = ed25519::build(&signed, Messages::OneEach, &[bytes]);
    world.refuses(&call, SpecieError::MessageOfOtherKind);
}

#[test]
fn six_receipts_reject() {
    let (mut world, vendor, session) = opened();
    let receipts: Vec<_> = (1..=6).map(|i| world.receipt(&session, i)).collect();
    let call = world.settle(&vendor, &receipts);
    world.refuses(&call, SpecieError::SignaturesNotCanonical);
    let call = world.settle(&vendor, &receipts[..5]);
    world.ok(&call);
}

/// What the Ed25519 program answers to a signature that is not the key's.
const INVALID_SIGNATURE: InstructionError = InstructionError::Custom(2);

#[test]
fn weak_keys_and_malleable_signatures_count_neither_on_chain_nor_off() {
    let (mut world, vendor, session) = opened();
    let receipt = world.receipt(&session, ONE);
    let honest = receipt.signature;
    let mut malleable = honest;
    add_group_order(&mut malleable[32..]);
    let mut flipped = honest;
    flipped[3] ^= 1;
    let mut weak_nonce = honest;
    weak_nonce[..32].fill(0);
    weak_nonce[0] = 1;
    let identity = {
        let mut key = [0; 32];
        key[0] = 1;
        key
    };
    let mut identity_signature = [0; 64];
    identity_signature[0] = 1;
    let cases = [
        (receipt.session, malleable),
        (receipt.session, flipped),
        (receipt.session, weak_nonce),
        (receipt.session, [0; 64]),
        (receipt.session, [0xff; 64]),
        (identity, identity_signature),
        ([0; 32], identity_signature),
    ];
    for (session, signature) in cases {
        let verified = specie_wire::verify(&receipt.receipt, &CLUSTER, &session, &signature);
        assert!(verified.is_err());
        let forged = SignedReceipt {
            session,
            signature,
            ..receipt
        };
        let call = world.settle(&vendor, &[forged]);
        world.chain.assert_refused(&call, 0, INVALID_SIGNATURE);
    }
    let verified = specie_wire::verify(&receipt.receipt, &CLUSTER, &receipt.session, &honest);
    assert!(verified.is_ok());
    assert_eq!(
        Pubkey::from(ED25519_PROGRAM),
        solana_sdk_ids::ed25519_program::ID
    );
}

/// Adds the order of the curve's group to a scalar: another encoding of the same.
fn add_group_order(scalar: &mut [u8]) {
    let order = [
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde,
        0x14, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
    ];
    let mut carry = 0;
    for (byte, add) in scalar.iter_mut().zip(order) {
        let sum = u16::from(*byte) + add + carry;
        *byte = sum as u8;
        carry = sum >> 8;
    }
    assert_eq!(carry, 0);
}
