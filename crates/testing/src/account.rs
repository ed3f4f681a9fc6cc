//! A vault and a voucher, for tests of what follows from one: as the chain has them, as the issuer signs it, as the ledger keeps it.

use solana_pubkey::Pubkey;
use specie_chain::VaultFacts;
use specie_claims::class::Class;
use specie_claims::clock::UnixTime;
use specie_claims::receipt::Channel;
use specie_claims::units::Units;
use specie_ledger::Account;
use specie_wire::{Key, Voucher};

/// A sound vault with all classes on offer and windows of ten minutes.
pub fn vault(address: Pubkey, cluster: Key, issuer: Key) -> VaultFacts {
    VaultFacts {
        vault: address,
        currency: Pubkey::new_from_array([6; 32]),
        cluster,
        issuer: Pubkey::new_from_array(issuer),
        operator: Pubkey::new_from_array([5; 32]),
        classes: 0b111,
        challenges: 0,
        dispute_window: 600,
        answer_window: 600,
        defaulted: false,
    }
}

/// What an issuer signs: a voucher for inference of 1,000 units that was opened at second 5.
pub fn terms() -> Voucher {
    Voucher {
        voucher: [1; 32],
        vault: [2; 32],
        session: [3; 32],
        class: 1,
        units: 1_000,
        work_per_scu: 2_844_000,
        opened_at: 5,
        expires_at: 6_000,
    }
}

/// An account for inference that was opened at second 1, claims as many units as there can be, expires at the end of time, and has
/// neither receipts nor charges.
pub fn account() -> Account {
    Account {
        channel: Channel {
            voucher: Pubkey::new_from_array([1; 32]),
            opened_at: UnixTime(1),
            session: [2; 32],
            units: Units::MAX,
        },
        class: Class::Inference,
        rent_payer: Pubkey::new_from_array([3; 32]),
        expires_at: UnixTime(i64::MAX),
        closing_at: None,
        challenged_until: None,
        ended: false,
        carried: Units::ZERO,
        settled: Units::ZERO,
        compensated: Units::ZERO,
        allowance: Units::ZERO,
        consumed: Units::ZERO,
        elsewhere: Units::ZERO,
        held: Units::ZERO,
        charges: 0,
        refusals: 0,
        settle_after: UnixTime(0),
        settled_elsewhere: None,
        slot: 0,
    }
}
