//! Every other layout than the canonical one.

use {
    super::{all_refuse, honest, price_bytes, price_refuses, shared},
    specie::errors::SpecieError,
    specie_tests::world::{CLUSTER, Call, PRICE, Party},
    specie_wire::ed25519::{self, HEADER_LEN, Messages, OFFSETS_LEN, SIGNED_LEN},
};

/// Positions of a signature's fields among its offsets, as the Ed25519 program reads them.
const SIGNATURE_AT: usize = 0;
const SIGNATURE_INDEX: usize = 2;
const KEY_AT: usize = 4;
const KEY_INDEX: usize = 6;
const MESSAGE_AT: usize = 8;
const MESSAGE_LEN: usize = 10;
const MESSAGE_INDEX: usize = 12;

fn u16_at(data: &[u8], at: usize) -> u16 {
    u16::from_le_bytes(data[at..at + 2].try_into().unwrap())
}

fn put_u16(data: &mut [u8], at: usize, value: u16) {
    data[at..at + 2].copy_from_slice(&value.to_le_bytes());
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

fn decoy_rejects(carried: Vec<u8>, decoy: Vec<u8>) {
    let (mut world, [mut call, ..]) = honest();
    call.instructions[0].data = decoy;
    let call = call.carrying(0, carried);
    world.refuses(&call, SpecieError::SignaturesNotCanonical);
}
