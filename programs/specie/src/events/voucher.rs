//! Of a voucher: from the burning of tokens to its end.

use {
    crate::{state::Balances, units::*},
    anchor_lang::prelude::*,
};

/// A holder burned tokens for a voucher.
#[event(bytemuck)]
pub struct Redeemed {
    /// The vault.
    pub vault: Address,
    /// The voucher.
    pub voucher: Address,
    /// Who redeemed.
    pub owner: Address,
    /// Signs receipts.
    pub session: Address,
    /// Tokens burned.
    pub tokens: Tokens,
    /// Units claimed.
    pub units: Units,
    /// The Standard it is served under.
    pub work_per_scu: WorkPerScu,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// When it expires.
    pub expires_at: Timestamp,
    /// What the vault holds and owes now.
    pub balances: Balances,
    /// What it is for.
    pub class: u8,
}

/// An owner began to close a voucher.
#[event(bytemuck)]
pub struct CloseRequested {
    /// The vault.
    pub vault: Address,
    /// The voucher.
    pub voucher: Address,
    /// When.
    pub closing_at: Timestamp,
    /// Until when receipts still count.
    pub settles_until: Timestamp,
}

/// What was not consumed of a voucher went back to its owner; the voucher is closed.
#[event(bytemuck)]
pub struct Reclaimed {
    /// The vault.
    pub vault: Address,
    /// The voucher.
    pub voucher: Address,
    /// The voucher's owner.
    pub owner: Address,
    /// Units that were open.
    pub units: Units,
    /// Tokens returned.
    pub tokens: Tokens,
    /// What the vault holds and owes now.
    pub balances: Balances,
}

/// A vendor declined a voucher: what was not consumed went back to its owner, and the voucher is closed.
#[event(bytemuck)]
pub struct VoucherReleased {
    /// The vault.
    pub vault: Address,
    /// The voucher.
    pub voucher: Address,
    /// The voucher's owner.
    pub owner: Address,
    /// Units that were open.
    pub units: Units,
    /// Tokens returned.
    pub tokens: Tokens,
    /// What the vault holds and owes now.
    pub balances: Balances,
}

/// An owner challenged the vendor to publish the signed voucher.
#[event(bytemuck)]
pub struct Challenged {
    /// The vault.
    pub vault: Address,
    /// The voucher.
    pub voucher: Address,
    /// The voucher's owner.
    pub owner: Address,
    /// What the owner staked.
    pub deposit: LamportAmount,
    /// Until when the vendor may answer.
    pub challenged_until: Timestamp,
    /// Vouchers of the vault that are challenged now.
    pub challenges: Count,
}

/// A vendor answered a challenge: with the issuer's key and signature, anybody has the signed voucher.
#[event(bytemuck)]
pub struct Answered {
    /// The vault.
    pub vault: Address,
    /// The voucher.
    pub voucher: Address,
    /// Who signed it.
    pub issuer: Address,
    /// The issuer's signature over the voucher's message.
    pub signature: [u8; 64],
    /// When.
    pub answered_at: Timestamp,
}

/// A voucher was compensated: after an unanswered challenge, which closes it, or for the units of a ruling.
#[event(bytemuck)]
pub struct Compensated {
    /// The vault.
    pub vault: Address,
    /// The voucher.
    pub voucher: Address,
    /// The voucher's owner.
    pub owner: Address,
    /// SHA-256 of the ruling's evidence; zero after a challenge.
    pub evidence_hash: [u8; 32],
    /// Units paid in cash.
    pub units: Units,
    /// What was paid for them.
    pub cash: Quote,
    /// Units that returned as tokens.
    pub returned: Units,
    /// The tokens.
    pub tokens: Tokens,
    /// Units settled otherwise so far.
    pub compensated: Units,
    /// Time of the ruling; 0 after a challenge.
    pub ruled_at: Timestamp,
    /// What the vault owes to the insurance account now, this claim's part included.
    pub penalty: Quote,
    /// What the vault holds and owes now.
    pub balances: Balances,
}
