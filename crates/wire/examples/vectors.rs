//! Prints the golden vectors: every message with fixed fields, signed by fixed keys.
//!
//! `cargo xtask vectors` writes them to vectors.json, which the tests of every language read.

use ed25519_dalek::SigningKey;
use serde_json::{Value, json};
use specie_wire::{
    Capacity, Key, Message, Price, Receipt, Ruling, Voucher,
    ed25519::{self, Messages},
    sign,
};

/// Genesis hash of Solana's mainnet, so that the vectors look like life.
const CLUSTER: Key = [
    0x45, 0x29, 0x69, 0x98, 0xa6, 0xf8, 0xe2, 0xa7, 0x84, 0xdb, 0x5d, 0x9f, 0x95, 0xe1, 0x8f, 0xc2,
    0x3f, 0x70, 0x44, 0x1a, 0x10, 0x39, 0x44, 0x68, 0x01, 0x08, 0x98, 0x79, 0xb0, 0x8c, 0x7e, 0xf0,
];

/// A key that is all one byte: easy to see in the encoded bytes.
const fn key(byte: u8) -> Key {
    [byte; 32]
}

fn signer(seed: u8) -> SigningKey {
    SigningKey::from_bytes(&key(seed))
}

fn vector<M: Message>(name: &str, seed: u8, message: &M, fields: Value) -> Value {
    let mut bytes = vec![0; M::LEN];
    message.encode_into(&CLUSTER, &mut bytes);
    let signer = signer(seed);
    json!({
        "message": name,
        "fields": fields,
        "bytes": hex::encode(&bytes),
        "public_key": hex::encode(signer.verifying_key().to_bytes()),
        "signature": hex::encode(sign(message, &CLUSTER, &signer)),
    })
}

fn main() {
    let voucher = Voucher {
        voucher: key(1),
        vault: key(2),
        session: key(3),
        class: 1,
        units: 1_500_000,
        work_per_scu: 2_844_000,
        opened_at: 1_767_225_600,
        expires_at: 1_775_001_600,
    };
    let receipt = Receipt {
        voucher: key(1),
        opened_at: 1_767_225_600,
        cumulative: 250_000,
    };
    let capacity = Capacity {
        currency: key(4),
        vault: key(2),
        inventory_hash: key(5),
        quorum_epoch: 7,
        sequence: 42,
        rate: 6_320,
        ends_at: 1_798_761_600,
        attested_at: 1_767_225_000,
    };
    let price = Price {
        currency: key(4),
        quorum_epoch: 7,
        sequence: 9_001,
        price: 2_150_000,
        published_at: 1_767_225_500,
    };
    let ruling = Ruling {
        voucher: key(1),
        evidence_hash: key(6),
        quorum_epoch: 7,
        units: u64::MAX,
        ruled_at: i64::MIN,
    };
    let vectors = json!([
        vector(
            "voucher",
            11,
            &voucher,
            json!({
                "voucher": hex::encode(voucher.voucher),
                "vault": hex::encode(voucher.vault),
                "session": hex::encode(voucher.session),
                "class": voucher.class,
                "units": voucher.units.to_string(),
                "work_per_scu": voucher.work_per_scu.to_string(),
                "opened_at": voucher.opened_at.to_string(),
                "expires_at": voucher.expires_at.to_string(),
            })
        ),
        vector(
            "receipt",
            12,
            &receipt,
            json!({
                "voucher": hex::encode(receipt.voucher),
                "opened_at": receipt.opened_at.to_string(),
                "cumulative": receipt.cumulative.to_string(),
            })
        ),
        vector(
            "capacity",
            13,
            &capacity,
            json!({
                "currency": hex::encode(capacity.currency),
                "vault": hex::encode(capacity.vault),
                "inventory_hash": hex::encode(capacity.inventory_hash),
                "quorum_epoch": capacity.quorum_epoch,
                "sequence": capacity.sequence.to_string(),
                "rate": capacity.rate.to_string(),
                "ends_at": capacity.ends_at.to_string(),
                "attested_at": capacity.attested_at.to_string(),
            })
        ),
        vector(
            "price",
            13,
            &price,
            json!({
                "currency": hex::encode(price.currency),
                "quorum_epoch": price.quorum_epoch,
                "sequence": price.sequence.to_string(),
                "price": price.price.to_string(),
                "published_at": price.published_at.to_string(),
            })
        ),
        vector(
            "ruling",
            13,
            &ruling,
            json!({
                "voucher": hex::encode(ruling.voucher),
                "evidence_hash": hex::encode(ruling.evidence_hash),
                "quorum_epoch": ruling.quorum_epoch,
                "units": ruling.units.to_string(),
                "ruled_at": ruling.ruled_at.to_string(),
            })
        ),
    ]);

    let quorum: Vec<_> = [13, 14, 15]
        .map(signer)
        .iter()
        .map(|signer| {
            let signature = sign(&price, &CLUSTER, signer);
            (signer.verifying_key().to_bytes(), signature)
        })
        .collect();
    let session = signer(12);
    let later = Receipt {
        cumulative: 260_000,
        ..receipt
    };
    let receipts = [receipt, later].map(|receipt| receipt.encode(&CLUSTER));
    let sessions = [receipt, later].map(|receipt| {
        let signature = sign(&receipt, &CLUSTER, &session);
        (session.verifying_key().to_bytes(), signature)
    });
    let shared = ed25519::build(&quorum, Messages::Shared, &[&price.encode(&CLUSTER)]);
    let one_each = ed25519::build(&sessions, Messages::OneEach, &[&receipts[0], &receipts[1]]);

    let file = json!({
        "cluster": hex::encode(CLUSTER),
        "messages": vectors,
        "ed25519_instructions": {
            "price_signed_by_three": hex::encode(shared),
            "two_receipts": hex::encode(one_each),
        },
    });
    println!("{file:#}");
}
