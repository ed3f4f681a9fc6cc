//! The golden vectors say what the bytes are, and this crate agrees with them.

use serde_json::Value;
use specie_wire::{
    Capacity, Key, Message, Price, Receipt, Ruling, Voucher,
    ed25519::{Messages, Signed},
    verify,
};
use std::collections::BTreeMap;

fn vectors() -> Value {
    serde_json::from_str(include_str!("../vectors.json")).unwrap()
}

fn bytes(value: &Value) -> Vec<u8> {
    hex::decode(value.as_str().unwrap()).unwrap()
}

fn key(value: &Value) -> Key {
    bytes(value).try_into().unwrap()
}

fn integer<T: std::str::FromStr<Err: std::fmt::Debug>>(value: &Value) -> T {
    value.as_str().unwrap().parse().unwrap()
}

/// A message built from a vector's fields has the vector's bytes and signature, and back.
fn check<M: Message + PartialEq + std::fmt::Debug>(vector: &Value, cluster: &Key, message: M) {
    let expected = bytes(&vector["bytes"]);
    let mut encoded = vec![0; M::LEN];
    message.encode_into(cluster, &mut encoded);
    assert_eq!(hex::encode(&encoded), hex::encode(&expected));
    assert_eq!(M::decode(&expected, cluster), Ok(message));

    let public_key = key(&vector["public_key"]);
    let mut signature: [u8; 64] = bytes(&vector["signature"]).try_into().unwrap();
    let message = M::decode(&expected, cluster).unwrap();
    assert!(verify(&message, cluster, &public_key, &signature).is_ok());
    assert!(verify(&message, &[0; 32], &public_key, &signature).is_err());
    signature[40] ^= 1;
    assert!(verify(&message, cluster, &public_key, &signature).is_err());
}

#[test]
fn every_message_agrees_with_its_vector() {
    let file = vectors();
    let cluster = key(&file["cluster"]);
    let mut seen = BTreeMap::new();
    for vector in file["messages"].as_array().unwrap() {
        let name = vector["message"].as_str().unwrap();
        let fields = &vector["fields"];
        let epoch = || u32::try_from(fields["quorum_epoch"].as_u64().unwrap()).unwrap();
        match name {
            "voucher" => check(
                vector,
                &cluster,
                Voucher {
                    voucher: key(&fields["voucher"]),
                    vault: key(&fields["vault"]),
                    session: key(&fields["session"]),
                    class: u8::try_from(fields["class"].as_u64().unwrap()).unwrap(),
                    units: integer(&fields["units"]),
                    work_per_scu: integer(&fields["work_per_scu"]),
                    opened_at: integer(&fields["opened_at"]),
                    expires_at: integer(&fields["expires_at"]),
                },
            ),
            "receipt" => check(
                vector,
                &cluster,
                Receipt {
                    voucher: key(&fields["voucher"]),
                    opened_at: integer(&fields["opened_at"]),
                    cumulative: integer(&fields["cumulative"]),
                },
            ),
            "capacity" => check(
                vector,
                &cluster,
                Capacity {
                    currency: key(&fields["currency"]),
                    vault: key(&fields["vault"]),
                    inventory_hash: key(&fields["inventory_hash"]),
                    quorum_epoch: epoch(),
                    sequence: integer(&fields["sequence"]),
                    rate: integer(&fields["rate"]),
                    ends_at: integer(&fields["ends_at"]),
                    attested_at: integer(&fields["attested_at"]),
                },
            ),
            "price" => check(
                vector,
                &cluster,
                Price {
                    currency: key(&fields["currency"]),
                    quorum_epoch: epoch(),
                    sequence: integer(&fields["sequence"]),
                    price: integer(&fields["price"]),
                    published_at: integer(&fields["published_at"]),
                },
            ),
            "ruling" => check(
                vector,
                &cluster,
                Ruling {
                    voucher: key(&fields["voucher"]),
                    evidence_hash: key(&fields["evidence_hash"]),
                    quorum_epoch: epoch(),
                    units: integer(&fields["units"]),
                    ruled_at: integer(&fields["ruled_at"]),
                },
            ),
            other => panic!("a vector of no known message: {other}"),
        }
        seen.insert(name.to_owned(), ());
    }
    assert_eq!(seen.len(), 5, "a vector for each message");
}

#[test]
fn the_instructions_are_laid_out_as_their_vectors() {
    let file = vectors();
    let cluster = key(&file["cluster"]);
    let instructions = &file["ed25519_instructions"];

    let shared = bytes(&instructions["price_signed_by_three"]);
    let signed = Signed::parse(&shared, Messages::Shared, Price::LEN).unwrap();
    assert_eq!(signed.len(), 3);
    let price = Price::decode(signed.messages(), &cluster).unwrap();
    assert_eq!(price.sequence, 9_001);

    let one_each = bytes(&instructions["two_receipts"]);
    let signed = Signed::parse(&one_each, Messages::OneEach, Receipt::LEN).unwrap();
    let cumulative = signed
        .messages()
        .chunks(Receipt::LEN)
        .map(|message| Receipt::decode(message, &cluster).unwrap().cumulative);
    assert!(cumulative.eq([250_000, 260_000]));
}
