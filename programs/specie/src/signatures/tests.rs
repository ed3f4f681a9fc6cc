use {
    super::*,
    bytemuck::Zeroable,
    pinocchio::account::{RuntimeAccount, NOT_BORROWED},
    specie_wire::ed25519,
};

/// The sysvar's bytes for instructions of (program, accounts, data).
fn sysvar(instructions: &[(Key, usize, &[u8])], current: u16) -> Vec<u8> {
    let count = instructions.len();
    let mut bytes = (count as u16).to_le_bytes().to_vec();
    bytes.resize(2 + 2 * count, 0);
    for (i, (program, accounts, data)) in instructions.iter().enumerate() {
        let at = bytes.len() as u16;
        bytes[2 + 2 * i..4 + 2 * i].copy_from_slice(&at.to_le_bytes());
        bytes.extend((*accounts as u16).to_le_bytes());
        bytes.extend(vec![7; 33 * accounts]);
        bytes.extend(program);
        bytes.extend((data.len() as u16).to_le_bytes());
        bytes.extend(*data);
    }
    bytes.extend(current.to_le_bytes());
    bytes
}

const OURS: Key = *crate::ID.as_array();
const ED25519: Key = *ED25519_PROGRAM.as_array();

#[test]
fn the_instruction_directly_before_is_read() {
    let bytes = sysvar(
        &[
            (ED25519, 0, b"early"),
            (ED25519, 0, b"data"),
            (OURS, 3, b"x"),
        ],
        2,
    );
    assert_eq!(preceding_data(&bytes), Ok(b"data".as_slice()));
}

#[test]
fn no_or_another_instruction_before_rejects() {
    let missing = Err(SpecieError::SignaturesMissing.into());
    for bytes in [
        sysvar(&[(OURS, 3, b"x")], 0),
        sysvar(
            &[(ED25519, 0, b"data"), ([1; 32], 0, b""), (OURS, 3, b"x")],
            2,
        ),
        sysvar(&[([1; 32], 0, b"data"), (OURS, 3, b"x")], 1),
        vec![],
        vec![0],
        vec![0, 0],
    ] {
        assert_eq!(preceding_data(&bytes), missing);
    }
}

#[test]
fn a_call_from_another_program_rejects() {
    let bytes = sysvar(&[(ED25519, 0, b"data"), ([1; 32], 3, b"x")], 1);
    assert_eq!(
        preceding_data(&bytes),
        Err(SpecieError::CalledByProgram.into())
    );
}

#[test]
fn a_truncated_sysvar_never_panics() {
    let bytes = sysvar(&[(ED25519, 0, b"data"), (OURS, 3, b"x")], 1);
    for len in 0..bytes.len() {
        // Cut where its last bytes are an index by chance, it still says what stands directly before, or nothing.
        let read = preceding_data(&bytes[..len]);
        assert!(read.is_err() || read == Ok(b"data"), "{len}");
    }
}

const CLUSTER: Key = [9; 32];

fn key(n: u8) -> Key {
    [n; 32]
}

/// The sysvar after an Ed25519 instruction in which these keys signed.
fn signed(signers: &[u8], messages: Messages, bytes: &[&[u8]]) -> Vec<u8> {
    let signers: Vec<_> = signers.iter().map(|n| (key(*n), [n + 1; 64])).collect();
    let data = ed25519::build(&signers, messages, bytes);
    sysvar(&[(ED25519, 0, &data), (OURS, 0, b"")], 1)
}

/// Reads some data as an account's.
fn as_account<T>(data: &[u8], read: impl FnOnce(&AccountView) -> T) -> T {
    let header = size_of::<RuntimeAccount>();
    let mut words = vec![0_u64; (header + data.len()).div_ceil(8)];
    let bytes: &mut [u8] = bytemuck::cast_slice_mut(&mut words);
    bytes[header..header + data.len()].copy_from_slice(data);
    let account = words.as_mut_ptr().cast::<RuntimeAccount>();
    // SAFETY: zeroed words are an account, and its data stands behind it.
    let view = unsafe {
        (*account).borrow_state = NOT_BORROWED;
        (*account).data_len = data.len() as u64;
        AccountView::new_unchecked(account)
    };
    read(&view)
}

/// Keys 2 to 5, of which two sign, in epoch 7 of currency 4.
fn quorum() -> Quorum {
    let mut quorum = Quorum::zeroed();
    quorum
        .install(&[key(2), key(3), key(4), key(5)], 2)
        .unwrap();
    quorum.currency = Address::new_from_array(key(4));
    quorum.epoch = 7.into();
    quorum
}

fn take<M: QuorumMessage>(bytes: &[u8], signers: &[u8]) -> Result<M> {
    as_account(&signed(signers, Messages::Shared, &[bytes]), |view| {
        quorum_message(view, &quorum(), &CLUSTER)
    })
}

fn price() -> Price {
    Price {
        currency: key(4),
        quorum_epoch: 7,
        sequence: 1,
        price: 2,
        published_at: 3,
    }
}

#[test]
fn a_quorums_message_of_every_kind_is_taken_in_its_epoch_alone() {
    let capacity = Capacity {
        currency: key(4),
        vault: key(1),
        inventory_hash: key(2),
        quorum_epoch: 7,
        sequence: 1,
        rate: 2,
        ends_at: 3,
        attested_at: 4,
    };
    let ruling = Ruling {
        voucher: key(1),
        evidence_hash: key(2),
        quorum_epoch: 7,
        units: 3,
        ruled_at: 4,
    };
    assert_eq!(take(&price().encode(&CLUSTER), &[2, 3]), Ok(price()));
    assert_eq!(take(&capacity.encode(&CLUSTER), &[2, 3]), Ok(capacity));
    assert_eq!(take(&ruling.encode(&CLUSTER), &[2, 3]), Ok(ruling));
    let mismatch = SpecieError::QuorumEpochMismatch;
    for quorum_epoch in [6, 8] {
        let price = Price {
            quorum_epoch,
            ..price()
        };
        let of_price = take::<Price>(&price.encode(&CLUSTER), &[2, 3]);
        assert_eq!(of_price, Err(mismatch.into()));
        let capacity = Capacity {
            quorum_epoch,
            ..capacity
        };
        let of_capacity = take::<Capacity>(&capacity.encode(&CLUSTER), &[2, 3]);
        assert_eq!(of_capacity, Err(mismatch.into()));
        let ruling = Ruling {
            quorum_epoch,
            ..ruling
        };
        let of_ruling = take::<Ruling>(&ruling.encode(&CLUSTER), &[2, 3]);
        assert_eq!(of_ruling, Err(mismatch.into()));
    }
    let other = SpecieError::MessageForOtherCurrency;
    let of_other = Price {
        currency: key(3),
        ..price()
    };
    let of_price = take::<Price>(&of_other.encode(&CLUSTER), &[2, 3]);
    assert_eq!(of_price, Err(other.into()));
    let of_other = Capacity {
        currency: key(3),
        ..capacity
    };
    let of_capacity = take::<Capacity>(&of_other.encode(&CLUSTER), &[2, 3]);
    assert_eq!(of_capacity, Err(other.into()));
}

#[test]
fn a_threshold_of_distinct_ascending_keys_signs() {
    let bytes = price().encode(&CLUSTER);
    for signers in [&[2, 3][..], &[3, 5], &[2, 3, 4], &[2, 3, 4, 5]] {
        assert_eq!(take(&bytes, signers), Ok(price()), "{signers:?}");
    }
    for (signers, error) in [
        (&[2][..], SpecieError::BelowThreshold),
        (&[2, 2], SpecieError::SignersNotAscending),
        (&[3, 2], SpecieError::SignersNotAscending),
        (&[2, 4, 3], SpecieError::SignersNotAscending),
        (&[1, 2], SpecieError::AttestorUnknown),
        (&[2, 6], SpecieError::AttestorUnknown),
    ] {
        let refused = take::<Price>(&bytes, signers);
        assert_eq!(refused, Err(error.into()), "{signers:?}");
    }
    let elsewhere = take::<Price>(&price().encode(&key(8)), &[2, 3]);
    assert_eq!(elsewhere, Err(SpecieError::MessageForOtherCluster.into()));
    let mut other_kind = bytes;
    other_kind[0] ^= 1;
    let of_other_kind = take::<Price>(&other_kind, &[2, 3]);
    assert_eq!(of_other_kind, Err(SpecieError::MessageOfOtherKind.into()));
}

#[test]
fn one_voucher_is_signed_by_one_key() {
    let terms = Voucher {
        voucher: key(1),
        vault: key(2),
        session: key(3),
        class: 1,
        units: 2,
        work_per_scu: 3,
        opened_at: 4,
        expires_at: 5,
    };
    let bytes = terms.encode(&CLUSTER);
    let one = signed(&[6], Messages::OneEach, &[&bytes]);
    let voucher = as_account(&one, |view| voucher_message(view, &CLUSTER)).unwrap();
    assert_eq!((voucher.terms, voucher.issuer), (terms, key(6)));
    assert_eq!(voucher.signature, [7; 64]);
    let two = signed(&[6, 7], Messages::OneEach, &[&bytes, &bytes]);
    let refused = as_account(&two, |view| voucher_message(view, &CLUSTER).err());
    assert_eq!(refused, Some(SpecieError::SignaturesNotCanonical.into()));
}

#[test]
fn one_to_five_receipts_are_read_each_with_its_key() {
    let receipt = |cumulative| Receipt {
        voucher: key(1),
        opened_at: 2,
        cumulative,
    };
    let settled = |count: u8| {
        let bytes: Vec<_> = (0..count)
            .map(|n| receipt(u64::from(n)).encode(&CLUSTER))
            .collect();
        let bytes: Vec<&[u8]> = bytes.iter().map(|bytes| bytes.as_slice()).collect();
        signed(&Vec::from_iter(0..count), Messages::OneEach, &bytes)
    };
    let not_canonical = Some(SpecieError::SignaturesNotCanonical.into());
    for count in 1..=5 {
        let sysvar = settled(count);
        let receipts = Receipts::preceding(&sysvar, &CLUSTER).unwrap();
        let read = receipts.each().map(|one| (one.read(), one.key));
        let expected: Vec<_> = (0..count)
            .map(|n| (Ok(receipt(u64::from(n))), key(n)))
            .collect();
        let read: Vec<_> = read.map(|(receipt, key)| (receipt, *key)).collect();
        assert_eq!(read, expected);
    }
    assert_eq!(
        Receipts::preceding(&settled(6), &CLUSTER).err(),
        not_canonical
    );
}

#[test]
fn small_order_is_what_the_curve_library_calls_weak() {
    let mut weak = 0;
    for y in [
        field_element(0xec),
        field_element(0xed),
        field_element(0xee),
        [0; 32],
        field_element(0xeb),
    ] {
        for sign in [0, 0x80] {
            let mut key = y;
            key[31] |= sign;
            let expected =
                ed25519_dalek::VerifyingKey::from_bytes(&key).is_ok_and(|key| key.is_weak());
            assert!(!expected || is_small_order(&key), "{key:02x?}");
            weak += usize::from(expected);
        }
    }
    assert!(weak >= 6);
    let order_eight = curve_points_of_order_eight();
    assert!(order_eight.iter().all(is_small_order));
    let honest = ed25519_dalek::SigningKey::from_bytes(&[7; 32]).verifying_key();
    assert!(!is_small_order(&honest.to_bytes()));
}

/// The four points of order eight, from the curve library's own table.
fn curve_points_of_order_eight() -> Vec<Key> {
    curve25519_dalek::constants::EIGHT_TORSION
        .iter()
        .map(|point| point.compress().to_bytes())
        .collect()
}
