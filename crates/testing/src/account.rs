//! A voucher's account as the ledger has it, for tests of what follows from one.

use solana_pubkey::Pubkey;
use specie_claims::class::Class;
use specie_claims::clock::UnixTime;
use specie_claims::receipt::Channel;
use specie_claims::units::Units;
use specie_gateway::ledger::Account;

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
