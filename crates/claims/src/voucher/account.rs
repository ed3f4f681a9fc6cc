//! A voucher's account, as the chain has it.

use crate::clock::UnixTime;
use solana_pubkey::Pubkey;
use specie_wire::Key;

/// A voucher account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VoucherFacts {
    /// The voucher account's address.
    pub voucher: Pubkey,
    /// The vault that owes.
    pub vault: Pubkey,
    /// The key that signs receipts against it.
    pub session: Key,
    /// Who gets its rent back.
    pub rent_payer: Pubkey,
    /// 0 training, 1 inference, 2 fine-tuning.
    pub class: u8,
    /// Units claimed.
    pub units: u64,
    /// The Standard it was opened under.
    pub work_per_scu: u64,
    /// Units settled so far.
    pub settled: u64,
    /// Units paid out in cash, which can neither be consumed nor settled any more.
    pub compensated: u64,
    /// When it was opened.
    pub opened_at: UnixTime,
    /// When it ends by itself.
    pub expires_at: UnixTime,
    /// When its owner asked to end it; `None` while nobody has.
    pub closing_at: Option<UnixTime>,
    /// Until when a challenge may be answered; `None` while there is none.
    pub challenged_until: Option<UnixTime>,
}

impl VoucherFacts {
    /// What the vault's issuer signs of it.
    pub fn terms(&self) -> specie_wire::Voucher {
        specie_wire::Voucher {
            voucher: self.voucher.to_bytes(),
            vault: self.vault.to_bytes(),
            session: self.session,
            class: self.class,
            units: self.units,
            work_per_scu: self.work_per_scu,
            opened_at: self.opened_at.0,
            expires_at: self.expires_at.0,
        }
    }
}
