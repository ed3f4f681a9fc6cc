//! A voucher for this crate's tests. Other crates' tests take theirs from `specie-testing`, which stands above this crate.

use specie_wire::{SigningKey, Voucher};

/// The voucher's session key.
pub(crate) fn session() -> SigningKey {
    SigningKey::from_bytes(&[3; 32])
}

/// A voucher for inference of 1,000 units that was opened at second 5.
pub(crate) fn terms() -> Voucher {
    Voucher {
        voucher: [1; 32],
        vault: [2; 32],
        session: session().verifying_key().to_bytes(),
        class: 1,
        units: 1_000,
        work_per_scu: 2_844_000,
        opened_at: 5,
        expires_at: 6_000,
    }
}
