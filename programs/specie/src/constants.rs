//! Numbers that hold for every currency: seeds, scales and the hard bounds of what a currency may choose.

use crate::units::*;

/// Units in one SCU, and base units in one whole token.
pub const UNITS_PER_SCU: u64 = 1_000_000;
/// Decimals of the token.
pub const TOKEN_DECIMALS: u8 = 6;
/// Basis points in a whole.
pub const BPS_WHOLE: u64 = 10_000;
/// Layout version that this program writes into its accounts.
pub const VERSION: u8 = 1;

/// Most keys that a quorum may have.
pub const QUORUM_MAX: usize = 16;
/// Most signatures that a quorum may ask for: seven and their message still fit a transaction.
pub const THRESHOLD_MAX: u8 = 7;
/// Most receipts that one settlement takes.
pub const RECEIPTS_MAX: usize = 5;

/// How far a signed message's number may leap: enough for numbers that are Unix times, and too little for a quorum that is
/// captured for a while to use up all numbers for good.
pub const SEQUENCE_LEAP_MAX: Sequence = Sequence::new(1 << 32);
/// How far ahead of the chain's clock a signed time may be: attestors' clocks are real, the chain's is an estimate.
pub const CLOCK_SKEW: Seconds = Seconds::new(60);
/// Furthest end of a capacity pledge, counted from its attestation.
pub const PLEDGE_MAX: Seconds = Seconds::new(5 * 365 * 86_400);
/// Highest attested rate: 10¹² TFLOP/s is a thousand times all accelerators of the world, and keeps sums far from overflow.
pub const RATE_MAX: Rate = Rate::new(1_000_000_000_000);
/// Highest Standard, for the same reason.
pub const WORK_PER_SCU_MAX: WorkPerScu = WorkPerScu::new(1_000_000_000_000);

/// How long after its eta a change may still be executed: what nobody wanted enough to execute is not kept as a trap.
pub const CHANGE_GRACE: Seconds = Seconds::new(14 * 86_400);
/// In how long a price that has fallen is forgotten, for what collateral must answer for.
pub const PRICE_MEMORY: Seconds = Seconds::new(14 * 86_400);
/// Over how long stakers' revenue is spread, so that nobody stakes for the moment of a distribution.
pub const REWARD_PERIOD: Seconds = Seconds::new(7 * 86_400);

/// Seeds of the program's addresses, each followed by what the account's documentation names.
pub mod seeds {
    /// A currency.
    pub const CURRENCY: &[u8] = b"currency";
    /// A currency's Standard.
    pub const STANDARD: &[u8] = b"standard";
    /// A currency's quorum.
    pub const QUORUM: &[u8] = b"quorum";
    /// A currency's staking pool.
    pub const POOL: &[u8] = b"pool";
    /// A currency's revenue token account.
    pub const REVENUE: &[u8] = b"revenue";
    /// A currency's insurance token account.
    pub const INSURANCE: &[u8] = b"insurance";
    /// A pool's staked tokens.
    pub const STAKED: &[u8] = b"staked";
    /// A pool's rewards.
    pub const REWARDS: &[u8] = b"rewards";
    /// A currency's book.
    pub const BOOK: &[u8] = b"book";
    /// A vault.
    pub const VAULT: &[u8] = b"vault";
    /// A vault's collateral token account.
    pub const COLLATERAL: &[u8] = b"collateral";
    /// A voucher.
    pub const VOUCHER: &[u8] = b"voucher";
    /// A scheduled change.
    pub const CHANGE: &[u8] = b"change";
    /// A holder's stake.
    pub const STAKE: &[u8] = b"stake";
}
