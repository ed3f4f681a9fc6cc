use {
    crate::{constants::VERSION, units::*},
    anchor_lang::{pod::PodU128, prelude::*},
};

/// Where holders stake their tokens for a part of the revenue. Address: `["pool", currency]`.
#[account]
pub struct Pool {
    /// Layout version.
    pub version: u8,
    /// Bump of this address.
    pub bump: u8,
    /// Unused, zero.
    pub padding: [u8; 6],
    /// The currency.
    pub currency: Address,
    /// Token account `["staked", pool]`, which holds what is staked.
    pub staked_account: Address,
    /// Token account `["rewards", pool]`, which holds what stakers may claim.
    pub rewards_account: Address,
    /// Tokens staked by all.
    pub staked: Tokens,
    /// Revenue that is still to be spread over the time until `streams_until`.
    pub streaming: Quote,
    /// When all of it has been spread, if somebody stakes all the while.
    pub streams_until: Timestamp,
    /// Until when it has been spread.
    pub accrued_at: Timestamp,
    /// Collateral base units that one staked token has earned since the beginning, Q64.64.
    pub reward_per_token: PodU128,
    /// Zero, for later versions.
    pub reserved: [u8; 64],
}

impl Pool {
    /// The empty pool of a new currency.
    pub fn found(&mut self, currency: Address, bump: u8, staked: Address, rewards: Address) {
        self.version = VERSION;
        self.bump = bump;
        self.currency = currency;
        self.staked_account = staked;
        self.rewards_account = rewards;
    }
}
