//! The test SVM checks signatures: were it not so, no other test here would mean much.

use {
    solana_instruction::error::InstructionError,
    solana_transaction_error::TransactionError,
    specie_tests::world::{ONE, PRICE, World},
};

#[test]
fn a_transaction_with_a_bad_signature_is_refused() {
    let mut world = World::trading();
    let (vendor, alice) = (world.vendor("north"), world.the_holder("alice"));
    let call = world.purchase(&alice, &vendor, ONE);
    for signature in 0..2 {
        let mut transaction = world.chain.transaction(&call);
        let mut bytes: [u8; 64] = transaction.signatures[signature].into();
        bytes[3] ^= 1;
        transaction.signatures[signature] = bytes.into();
        let outcome = world.chain.send_transaction(transaction);
        assert_eq!(outcome.error, Some(TransactionError::SignatureFailure));
    }
    world.ok(&call);
}

#[test]
fn a_bad_ed25519_signature_is_refused() {
    let mut world = World::new();
    let mut call = world.post_price(PRICE);
    let honest = call.clone();
    let data = &mut call.instructions[0].data;
    // The last byte is the message's, which both signatures cover.
    *data.last_mut().unwrap() ^= 1;
    let invalid_signature = InstructionError::Custom(2);
    world.chain.assert_refused(&call, 0, invalid_signature);
    world.ok(&honest);
}
