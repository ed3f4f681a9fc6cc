use {
    crate::units::*,
    anchor_lang::{pod::PodU128, prelude::*},
};

/// What a holder has staked and earned. Address: `["stake", pool, owner]`.
#[account]
pub struct Stake {
    /// Layout version.
    pub version: u8,
    /// Bump of this address.
    pub bump: u8,
    /// Unused, zero.
    pub padding: [u8; 6],
    /// The pool.
    pub pool: Address,
    /// Who staked; pays this account's rent, and gets it back.
    pub owner: Address,
    /// Tokens staked.
    pub staked: Tokens,
    /// Rewards earned until `reward_per_token`, not claimed yet.
    pub rewards: Quote,
    /// The pool's reward per token when `rewards` was last brought up to date.
    pub reward_per_token: PodU128,
    /// Zero, for later versions.
    pub reserved: [u8; 64],
}
