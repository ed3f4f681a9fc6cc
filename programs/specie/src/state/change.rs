use {
    super::Params,
    crate::{constants::QUORUM_MAX, units::*},
    anchor_lang::prelude::*,
};

/// What a scheduled change may change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum ChangeKind {
    /// The currency's rules.
    Params = 0,
    /// A rise of the Standard.
    Standard = 1,
    /// The quorum's keys and threshold.
    Quorum = 2,
    /// The authority, which signs the execution.
    Authority = 3,
    /// The guardian.
    Guardian = 4,
    /// The treasury's token account.
    Treasury = 5,
    /// The most units that a vault may owe.
    VaultLimit = 6,
}

/// A proposal as its account and its event hold it: what its kind does not use is zero.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    bytemuck::Pod,
    bytemuck::Zeroable,
    AnchorSerialize,
    AnchorDeserialize,
    IdlType,
)]
#[repr(C)]
pub struct ScheduledProposal {
    /// A [`ChangeKind`].
    pub kind: u8,
    /// Signatures that a message of the new quorum needs.
    pub threshold: u8,
    /// How many keys the new quorum has.
    pub count: u8,
    /// Unused, zero.
    pub padding: [u8; 5],
    /// The new authority, guardian or treasury account, or the vault whose limit changes.
    pub subject: Address,
    /// The new Standard.
    pub work_per_scu: WorkPerScu,
    /// The vault's new limit.
    pub limit: Units,
    /// The new rules.
    pub params: Params,
    /// The new quorum's keys, ascending; zero behind the last.
    pub keys: [[u8; 32]; QUORUM_MAX],
}

/// A change that waits for its notice to pass. Address: `["change", currency, index]`.
#[account]
pub struct Change {
    /// Layout version.
    pub version: u8,
    /// Bump of this address.
    pub bump: u8,
    /// Unused, zero.
    pub padding: [u8; 6],
    /// The currency.
    pub currency: Address,
    /// Its number.
    pub index: Sequence,
    /// When it was scheduled.
    pub scheduled_at: Timestamp,
    /// From when it may be executed; a fall of a vault's limit need not wait for it.
    pub eta: Timestamp,
    /// Who paid this account's rent, and gets it back.
    pub rent_payer: Address,
    /// What is to change.
    pub proposal: ScheduledProposal,
    /// Zero, for later versions.
    pub reserved: [u8; 64],
}
