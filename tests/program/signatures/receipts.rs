//! Which receipts count, for which voucher.

use {
    super::opened,
    solana_instruction::error::InstructionError,
    solana_pubkey::Pubkey,
    specie::{errors::SpecieError, signatures::ED25519_PROGRAM},
    specie_client::instruction::SignedReceipt,
    specie_tests::world::{CLUSTER, Call, ONE, PRICE, PROXY, Party, Session, VaultPlan, World},
    specie_wire::{
        Message, Receipt,
        ed25519::{self, Messages},
    },
};

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
    assert_eq!(ED25519_PROGRAM, solana_sdk_ids::ed25519_program::ID);
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
