use {
    super::{Params, PayablePayees, RevenueSplit},
    crate::{
        constants::{seeds, REWARD_PERIOD, VERSION},
        errors::SpecieError,
        math::{mul_div, Rounding},
        units::*,
    },
    anchor_lang::{pod::PodU128, prelude::*},
    pinocchio::cpi::Seed,
};

/// Where holders stake their tokens for a part of the revenue. Address: `["pool", currency]`.
///
/// It owns the accounts of what is staked and of what may be claimed.
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
    /// Revenue that was split and could not be paid: it lies in the revenue account, for these alone.
    pub waiting: RevenueSplit,
    /// Unused, zero.
    pub padding_2: [u8; 8],
    /// Zero, for later versions.
    pub reserved: [u8; 32],
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

    /// The seeds that this pool signs with.
    #[inline(always)]
    pub fn signer_seeds<'a>(&'a self, bump: &'a [u8; 1]) -> [Seed<'a>; 3] {
        [
            Seed::from(seeds::POOL),
            Seed::from(self.currency.as_ref()),
            Seed::from(bump.as_slice()),
        ]
    }

    /// Spreads what the stream released since `accrued_at` over the tokens staked meanwhile; where none were, the stream
    /// waited.
    ///
    /// What the division by time leaves over stays in the stream. Of what the division by tokens leaves over, less than
    /// one base unit, nobody is paid anything.
    #[inline(never)]
    pub fn accrue(&mut self, now: Timestamp) -> Result<()> {
        if now <= self.accrued_at {
            return Ok(());
        }
        if self.staked.is_zero() {
            let waited = now.minus(self.accrued_at)?;
            self.streams_until = self.streams_until.plus(waited)?;
        } else if !self.streaming.is_zero() {
            let released = self.released(now)?;
            self.streaming = self.streaming.minus(released)?;
            let per_token = (u128::from(released.get()) << 64)
                .checked_div(self.staked.get().into())
                .ok_or(SpecieError::Overflow)?;
            // Only differences of it count, and they are right whether it has passed 2¹²⁸ or not.
            let sum = self.reward_per_token.get().wrapping_add(per_token);
            self.reward_per_token = sum.into();
        }
        self.accrued_at = now;
        Ok(())
    }

    /// What the stream releases from `accrued_at` to `now`: the part of the rest that this is of the rest of its time.
    fn released(&self, now: Timestamp) -> Result<Quote> {
        if now >= self.streams_until {
            return Ok(self.streaming);
        }
        let elapsed = now.since(self.accrued_at);
        let left = self.streams_until.since(self.accrued_at);
        mul_div(self.streaming.get(), elapsed, left, Rounding::Down).map(Quote::new)
    }

    /// Splits what the revenue account holds, and adds what waits for each payee; returns what is paid now. What cannot be
    /// paid waits.
    ///
    /// Refuses with [`SpecieError::NothingToDistribute`] where nothing is paid.
    pub fn share_out(
        &mut self,
        held: Quote,
        params: &Params,
        payees: &PayablePayees,
    ) -> Result<RevenueSplit> {
        let fresh = held
            .minus(self.waiting.sum()?)
            .map_err(|_| SpecieError::NothingToDistribute)?;
        let due = params.split_revenue(fresh)?.plus(&self.waiting)?;
        let paid = due.for_those(payees);
        require!(!paid.sum()?.is_zero(), SpecieError::NothingToDistribute);
        self.waiting = due.minus(&paid)?;
        Ok(paid)
    }

    /// Adds revenue to the stream.
    ///
    /// The time that the whole is spread over is the average of the rest's and of [`REWARD_PERIOD`] for what is added,
    /// weighted by amount: dust puts nothing off, and whoever wants all put off by a time `t` has to add at least
    /// `t / REWARD_PERIOD` of it.
    pub fn stream(&mut self, revenue: Quote, now: Timestamp) -> Result<()> {
        self.accrue(now)?;
        if revenue.is_zero() {
            return Ok(());
        }
        self.streaming = self.streaming.plus(revenue)?;
        let left = self.streams_until.since(self.accrued_at);
        let shorter = u64::from(REWARD_PERIOD.get()).saturating_sub(left);
        let (revenue, streaming) = (revenue.get(), self.streaming.get());
        let extension = mul_div(revenue, shorter, streaming, Rounding::Down)?;
        // Neither is more than REWARD_PERIOD, nor is their sum.
        let seconds =
            u32::try_from(left.wrapping_add(extension)).map_err(|_| SpecieError::Overflow)?;
        self.streams_until = self.accrued_at.after(Seconds::new(seconds))?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use {super::*, bytemuck::Zeroable};

    const NOW: i64 = 1_000_000;
    const PERIOD: i64 = 7 * 86_400;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::new(NOW + seconds)
    }

    /// A pool in which `staked` tokens earn, and `streaming` was added to its stream at `NOW`.
    fn pool(staked: u64, streaming: u64) -> Pool {
        let mut pool = Pool::zeroed();
        pool.accrue(at(0)).unwrap();
        pool.staked = Tokens::new(staked);
        pool.stream(Quote::new(streaming), at(0)).unwrap();
        pool
    }

    /// Collateral base units that all staked tokens have earned together, rounded down.
    fn earned(pool: &Pool) -> u128 {
        (pool.reward_per_token.get() * u128::from(pool.staked.get())) >> 64
    }

    #[test]
    fn a_stream_releases_by_the_second_and_ends_after_seven_days() {
        let mut pool = pool(4, 604_800);
        assert_eq!(pool.streams_until, at(PERIOD));
        assert_eq!((pool.streaming, earned(&pool)), (Quote::new(604_800), 0));
        pool.accrue(at(1)).unwrap();
        assert_eq!((pool.streaming, earned(&pool)), (Quote::new(604_799), 1));
        pool.accrue(at(PERIOD - 1)).unwrap();
        assert_eq!((pool.streaming, earned(&pool)), (Quote::new(1), 604_799));
        pool.accrue(at(PERIOD)).unwrap();
        assert_eq!((pool.streaming, earned(&pool)), (Quote::ZERO, 604_800));
        pool.accrue(at(2 * PERIOD)).unwrap();
        assert_eq!((pool.streaming, earned(&pool)), (Quote::ZERO, 604_800));
    }

    #[test]
    fn many_accruals_release_as_much_as_one_and_lose_nothing() {
        for streaming in [1, 2, 1_000_003, u64::MAX] {
            let mut often = pool(1, streaming);
            for second in (0..=PERIOD).step_by(977) {
                often.accrue(at(second)).unwrap();
                let mut once = pool(1, streaming);
                once.accrue(at(second)).unwrap();
                let behind = often.streaming.get() - once.streaming.get();
                assert!(behind <= (second / 977) as u64, "{behind} after {second}");
            }
            often.accrue(at(PERIOD)).unwrap();
            assert_eq!(
                (often.streaming, earned(&often)),
                (Quote::ZERO, streaming.into())
            );
        }
    }

    #[test]
    fn the_stream_waits_while_nobody_stakes() {
        let mut pool = pool(0, 604_800);
        pool.accrue(at(1_000)).unwrap();
        assert_eq!(pool.streaming, Quote::new(604_800));
        assert_eq!(pool.streams_until, at(1_000 + PERIOD));
        assert_eq!(pool.reward_per_token, 0);
        pool.staked = Tokens::new(1);
        pool.accrue(at(1_001)).unwrap();
        assert_eq!(pool.streaming, Quote::new(604_799));
    }

    #[test]
    fn a_stream_that_is_over_begins_anew() {
        let mut pool = pool(1, 100);
        pool.stream(Quote::new(7), at(3 * PERIOD)).unwrap();
        assert_eq!((pool.streaming, earned(&pool)), (Quote::new(7), 100));
        assert_eq!(pool.streams_until, at(4 * PERIOD));
    }

    #[test]
    fn dust_does_not_put_a_stream_off() {
        let mut pool = pool(1, 1_000_000_000);
        for second in 1..PERIOD {
            pool.stream(Quote::new(1), at(second)).unwrap();
            let straight = 1_000_000_000 * (PERIOD - second) / PERIOD;
            assert!(pool.streaming.get() <= (straight + 2 * second) as u64);
        }
    }

    #[test]
    fn putting_a_stream_off_costs_its_part_of_it() {
        for added in [0, 1, 142_857, 1_000_000, 999_000_000] {
            let mut pool = pool(1, 7_000_000);
            pool.accrue(at(6 * 86_400)).unwrap();
            assert_eq!(pool.streaming, Quote::new(1_000_000));
            pool.stream(Quote::new(added), at(6 * 86_400)).unwrap();
            let left = pool.streams_until.since(at(6 * 86_400));
            // (1,000,000 × 1 day + added × 7 days) / (1,000,000 + added)
            let average = (1_000_000 * 86_400 + added * 604_800) / (1_000_000 + added);
            assert!(average.abs_diff(left) <= 1, "{left} for {average}");
            assert!((left - 86_400) * 1_000_000 <= added * 604_800);
            assert_eq!(pool.streaming, Quote::new(1_000_000 + added));
        }
    }

    #[test]
    fn no_amount_and_no_time_overflow() {
        for staked in [1, u64::MAX] {
            let mut pool = pool(staked, u64::MAX);
            assert_eq!(
                pool.stream(Quote::new(1), at(0)),
                Err(SpecieError::Overflow.into())
            );
            pool.accrue(at(PERIOD / 2)).unwrap();
            pool.stream(Quote::new(1 << 62), at(PERIOD / 2)).unwrap();
            pool.accrue(Timestamp::new(i64::MAX)).unwrap();
            assert_eq!(pool.streaming, Quote::ZERO);
        }
    }

    #[test]
    fn a_clock_that_steps_back_changes_nothing() {
        let mut pool = pool(3, 1_000_000);
        pool.accrue(at(500)).unwrap();
        let before = pool;
        pool.accrue(at(400)).unwrap();
        assert_eq!(bytemuck::bytes_of(&pool), bytemuck::bytes_of(&before));
        pool.stream(Quote::new(1_000_000), at(400)).unwrap();
        assert_eq!(pool.accrued_at, at(500));
        assert!(pool.streams_until <= at(500 + PERIOD));
    }

    #[test]
    fn a_pool_is_founded_empty() {
        let key = |n| Address::new_from_array([n; 32]);
        let mut pool = Pool::zeroed();
        pool.found(key(1), 2, key(3), key(4));
        let expected = Pool {
            version: VERSION,
            bump: 2,
            currency: key(1),
            staked_account: key(3),
            rewards_account: key(4),
            ..Pool::zeroed()
        };
        assert_eq!(bytemuck::bytes_of(&pool), bytemuck::bytes_of(&expected));
    }
}
