//! The Ed25519 instruction before a quorum's message or receipts: every layout, place and signer that must not count.

mod layout;
mod quorum;
mod receipts;

use {
    solana_account::Account,
    solana_instruction::Instruction,
    solana_pubkey::Pubkey,
    specie::{errors::SpecieError, signatures::INSTRUCTIONS_SYSVAR},
    specie_client::instruction::Signed,
    specie_tests::world::{CLUSTER, Call, ONE, PRICE, PROXY, Party, Session, Vendor, World},
    specie_wire::ed25519::{self, Messages},
};

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
fn honest() -> (World, [Call; 5]) {
    let (mut world, vendor, session) = opened();
    let alice = session.owner.clone();
    let challenged = world.opened(&alice, &vendor, "challenged", ONE);
    let challenge = world.challenge(&challenged);
    world.ok(&challenge);
    let breached = world.opened(&alice, &vendor, "breached", ONE);
    world.chain.warp(1);
    let ends_at = world.chain.now() + 86_400;
    let calls = [
        world.post_price(PRICE),
        world.attest_capacity(&vendor, 790, ends_at),
        world.settle(&vendor, &[world.receipt(&session, ONE)]),
        world.answer(&vendor, &challenged),
        world.rule_breach(&breached, &world.ruling(&breached, ONE)),
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
