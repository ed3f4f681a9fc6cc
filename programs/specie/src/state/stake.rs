use {
    super::Pool,
    crate::{constants::VERSION, errors::SpecieError, units::*},
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

impl Stake {
    /// A stake of nothing.
    pub fn found(&mut self, pool: Address, owner: Address, bump: u8) {
        self.version = VERSION;
        self.bump = bump;
        self.pool = pool;
        self.owner = owner;
    }

    /// Stakes tokens, which earn from now on.
    #[inline(always)]
    pub fn stake(&mut self, tokens: Tokens, pool: &mut Pool, now: Timestamp) -> Result<()> {
        require!(!tokens.is_zero(), SpecieError::AmountZero);
        self.accrue(pool, now)?;
        self.staked = self.staked.plus(tokens)?;
        pool.staked = pool.staked.plus(tokens)?;
        Ok(())
    }

    /// Takes tokens back, which earn until now. What they earned stays to be claimed.
    #[inline(always)]
    pub fn unstake(&mut self, tokens: Tokens, pool: &mut Pool, now: Timestamp) -> Result<()> {
        require!(!tokens.is_zero(), SpecieError::AmountZero);
        require!(tokens <= self.staked, SpecieError::StakeExceeded);
        self.accrue(pool, now)?;
        self.staked = self.staked.minus(tokens)?;
        pool.staked = pool.staked.minus(tokens)?;
        Ok(())
    }

    /// Takes the rewards out; returns how much.
    #[inline(always)]
    pub fn claim(&mut self, pool: &mut Pool, now: Timestamp) -> Result<Quote> {
        self.accrue(pool, now)?;
        let rewards = self.rewards;
        require!(
            !rewards.is_zero() || self.staked.is_zero(),
            SpecieError::NothingToClaim
        );
        self.rewards = Quote::ZERO;
        Ok(rewards)
    }

    /// Brings pool and rewards up to date. Rounded down: less than one base unit each time is paid to nobody.
    ///
    /// No sum can overflow while the rewards account holds what all may claim: it never holds more than a `u64`.
    #[inline(never)]
    pub fn accrue(&mut self, pool: &mut Pool, now: Timestamp) -> Result<()> {
        pool.accrue(now)?;
        let total = pool.reward_per_token.get();
        let per_token = total.wrapping_sub(self.reward_per_token.get());
        self.reward_per_token = pool.reward_per_token;
        let staked = self.staked.get();
        let (whole, fraction) = ((per_token >> 64) as u64, per_token as u64);
        let of_whole = staked.checked_mul(whole).ok_or(SpecieError::Overflow)?;
        // The product of two u64 is below 2¹²⁸.
        let of_fraction = (u128::from(staked).wrapping_mul(fraction.into()) >> 64) as u64;
        self.rewards = self
            .rewards
            .plus(Quote::new(of_whole))?
            .plus(Quote::new(of_fraction))?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use {
        super::*,
        crate::{constants::REWARD_PERIOD, math::proofs::Random},
        bytemuck::Zeroable,
    };

    const PERIOD: i64 = 7 * 86_400;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::new(1_000_000 + seconds)
    }

    fn tokens(amount: u64) -> Tokens {
        Tokens::new(amount)
    }

    /// A pool with a stream of `streaming` from second 0 on.
    fn pool(streaming: u64) -> Pool {
        let mut pool = Pool::zeroed();
        pool.stream(Quote::new(streaming), at(0)).unwrap();
        pool
    }

    fn claimed(stake: &mut Stake, pool: &mut Pool, seconds: i64) -> u64 {
        stake.claim(pool, at(seconds)).unwrap().get()
    }

    #[test]
    fn a_stake_is_founded_empty() {
        let key = |n| Address::new_from_array([n; 32]);
        let mut stake = Stake::zeroed();
        stake.found(key(1), key(2), 3);
        let expected = Stake {
            version: VERSION,
            bump: 3,
            pool: key(1),
            owner: key(2),
            ..Stake::zeroed()
        };
        assert_eq!(bytemuck::bytes_of(&stake), bytemuck::bytes_of(&expected));
    }

    #[test]
    fn stakers_earn_by_tokens_and_time() {
        let mut pool = pool(604_800);
        let (mut alice, mut bob) = (Stake::zeroed(), Stake::zeroed());
        alice.stake(tokens(1), &mut pool, at(0)).unwrap();
        bob.stake(tokens(3), &mut pool, at(100)).unwrap();
        assert_eq!(pool.staked, tokens(4));
        assert_eq!(claimed(&mut alice, &mut pool, 500), 100 + 100);
        assert_eq!(claimed(&mut bob, &mut pool, 500), 300);
        bob.unstake(tokens(3), &mut pool, at(900)).unwrap();
        assert_eq!(claimed(&mut alice, &mut pool, 1_000), 100 + 100);
        assert_eq!(claimed(&mut bob, &mut pool, 2_000), 300);
        assert_eq!((alice.staked, bob.staked), (tokens(1), Tokens::ZERO));
    }

    #[test]
    fn staking_for_a_moment_earns_nothing() {
        let mut pool = pool(604_800);
        let (mut alice, mut mallory) = (Stake::zeroed(), Stake::zeroed());
        alice.stake(tokens(1), &mut pool, at(0)).unwrap();
        mallory.stake(tokens(1_000_000), &mut pool, at(10)).unwrap();
        pool.stream(Quote::new(1_000_000), at(10)).unwrap();
        mallory
            .unstake(tokens(1_000_000), &mut pool, at(10))
            .unwrap();
        assert_eq!(claimed(&mut mallory, &mut pool, 10), 0);
        assert_eq!(claimed(&mut mallory, &mut pool, 2 * PERIOD), 0);
        assert_eq!(claimed(&mut alice, &mut pool, 2 * PERIOD), 1_604_800);
    }

    #[test]
    fn the_first_staker_earns_nothing_of_the_time_before() {
        let mut pool = pool(604_800);
        let mut alice = Stake::zeroed();
        alice.stake(tokens(1), &mut pool, at(5_000)).unwrap();
        assert_eq!(
            alice.claim(&mut pool, at(5_000)),
            Err(SpecieError::NothingToClaim.into())
        );
        assert_eq!(claimed(&mut alice, &mut pool, 5_007), 7);
    }

    #[test]
    fn nothing_is_claimed_twice() {
        let mut pool = pool(604_800);
        let mut alice = Stake::zeroed();
        alice.stake(tokens(5), &mut pool, at(0)).unwrap();
        assert_eq!(claimed(&mut alice, &mut pool, 10), 10);
        let nothing = Err(SpecieError::NothingToClaim.into());
        assert_eq!(alice.claim(&mut pool, at(10)), nothing);
        alice.unstake(tokens(5), &mut pool, at(10)).unwrap();
        // A stake of nothing is paid nothing, so that it can close.
        assert_eq!(claimed(&mut alice, &mut pool, 20), 0);
    }

    #[test]
    fn only_what_is_staked_can_be_taken_back() {
        let mut pool = pool(0);
        let mut alice = Stake::zeroed();
        let zero = Err(SpecieError::AmountZero.into());
        assert_eq!(alice.stake(tokens(0), &mut pool, at(0)), zero);
        alice.stake(tokens(5), &mut pool, at(0)).unwrap();
        assert_eq!(alice.unstake(tokens(0), &mut pool, at(0)), zero);
        assert_eq!(
            alice.unstake(tokens(6), &mut pool, at(0)),
            Err(SpecieError::StakeExceeded.into())
        );
        alice.unstake(tokens(5), &mut pool, at(0)).unwrap();
        assert_eq!((alice.staked, pool.staked), (Tokens::ZERO, Tokens::ZERO));
    }

    #[test]
    fn rewards_are_right_when_the_sum_per_token_has_wrapped() {
        let mut pool = pool(604_800);
        pool.reward_per_token = (u128::MAX - 1).into();
        let mut alice = Stake::zeroed();
        alice.stake(tokens(2), &mut pool, at(0)).unwrap();
        assert_eq!(claimed(&mut alice, &mut pool, 604_800), 604_800);
        assert!(pool.reward_per_token < 604_800 << 64);
    }

    /// A pool and its stakers, and beside them what exact fractions say.
    struct Exact {
        pool: Pool,
        stakes: [Stake; 4],
        now: i64,
        /// What the rewards account holds.
        held: u64,
        /// What each staker was paid.
        paid: [u64; 4],
        /// What each has earned, in parts of 1 / [`WHOLE`] base units.
        earned: [u128; 4],
        /// How often each one's rewards were rounded.
        roundings: [u64; 4],
        /// The stream since revenue was last added: what it held, for how long, how long somebody has staked, and how
        /// often it was accrued.
        stream: (u64, u64, u64, u64),
    }

    /// A multiple of every number of tokens that four stakers of at most six hold together.
    const WHOLE: u128 = 5_354_228_880;

    impl Exact {
        fn new() -> Self {
            Self {
                pool: pool(0),
                stakes: [Stake::zeroed(); 4],
                now: 0,
                held: 0,
                paid: [0; 4],
                earned: [0; 4],
                roundings: [0; 4],
                stream: (0, 0, 0, 0),
            }
        }

        /// Lets time pass, and spreads exactly what the pool releases for it.
        fn pass(&mut self, seconds: u64) {
            self.now += seconds as i64;
            let before = self.pool.streaming.get();
            self.pool.accrue(at(self.now)).unwrap();
            let released = before - self.pool.streaming.get();
            let staked = self.pool.staked.get();
            if staked == 0 {
                assert_eq!(released, 0);
                return;
            }
            for (earned, stake) in self.earned.iter_mut().zip(&self.stakes) {
                let share = u128::from(stake.staked.get()) * (WHOLE / u128::from(staked));
                *earned += u128::from(released) * share;
            }
            let (held, time, passed, accruals) = &mut self.stream;
            *passed = (*passed + seconds).min(*time);
            *accruals += 1;
            // What the stream holds still is what a straight line says, or less than one base unit more for each accrual.
            if *time > 0 {
                let left = u128::from(*held) * u128::from(*time - *passed);
                let streams = u128::from(self.pool.streaming.get()) * u128::from(*time);
                let most = left + u128::from(*accruals) * u128::from(*time);
                assert!(left <= streams && streams <= most);
                assert!(*passed < *time || streams == 0);
            }
        }

        fn distribute(&mut self, revenue: u64) {
            self.pool.stream(Quote::new(revenue), at(self.now)).unwrap();
            self.held += revenue;
            if revenue > 0 {
                let left = self.pool.streams_until.since(at(self.now));
                assert!((1..=u64::from(REWARD_PERIOD.get())).contains(&left));
                self.stream = (self.pool.streaming.get(), left, 0, 0);
            }
        }

        fn act(&mut self, who: usize, what: u64, amount: u64) {
            let (stake, now) = (&mut self.stakes[who], at(self.now));
            let pool = &mut self.pool;
            let done = match what {
                0 if stake.staked.get() + amount <= 6 => stake.stake(tokens(amount), pool, now),
                1 => stake.unstake(tokens(amount), pool, now),
                _ => stake.claim(pool, now).map(|rewards| {
                    self.held -= rewards.get();
                    self.paid[who] += rewards.get();
                }),
            };
            if done.is_ok() {
                self.roundings[who] += 1;
            }
        }

        /// I7, and each staker's earnings against the exact ones: never more, and less than one base unit less for each
        /// rounding.
        fn check(&self) {
            let mut claimable = 0;
            for (i, stake) in self.stakes.iter().enumerate() {
                let (mut stake, mut pool) = (*stake, self.pool);
                stake.accrue(&mut pool, at(self.now)).unwrap();
                claimable += stake.rewards.get();
                let earned = u128::from(self.paid[i] + stake.rewards.get()) * WHOLE;
                assert!(earned <= self.earned[i], "staker {i} earned too much");
                // One more for this rounding, and one for all of the pool's: none is more than 6 / 2⁶⁴.
                let most = u128::from(self.roundings[i] + 2) * WHOLE;
                assert!(self.earned[i] < earned + most, "staker {i} lost too much");
            }
            let streaming = self.pool.streaming.get();
            assert!(claimable + streaming <= self.held);
            let roundings: u64 = self.roundings.iter().sum();
            assert!(self.held <= claimable + streaming + roundings + 8);
            let staked: u64 = self.stakes.iter().map(|stake| stake.staked.get()).sum();
            assert_eq!(staked, self.pool.staked.get());
        }
    }

    #[test]
    fn whole_is_a_multiple_of_every_total() {
        assert!((1..=24).all(|total| WHOLE.is_multiple_of(total)));
    }

    #[test]
    fn random_lives_of_a_pool_pay_what_exact_fractions_say() {
        for seed in 0..400 {
            let mut random = Random(seed);
            let mut exact = Exact::new();
            let (longest, largest) =
                [(100, 50), (90_000, 10_000_000), (700_000, 1 << 40)][random.below(3) as usize];
            for _ in 0..120 {
                match random.below(4) {
                    0 => exact.pass(random.below(longest)),
                    1 => exact.distribute(random.below(largest)),
                    _ => {
                        let (who, what) = (random.below(4) as usize, random.below(3));
                        exact.act(who, what, 1 + random.below(6));
                    }
                }
                exact.check();
            }
            // Everybody leaves, and takes everything along but the dust.
            exact.pass(700_000);
            for who in 0..4 {
                let staked = exact.stakes[who].staked.get();
                exact.act(who, 1, staked);
                exact.act(who, 2, 0);
            }
            exact.check();
            assert_eq!(exact.pool.staked, Tokens::ZERO);
        }
    }

    #[test]
    fn no_amount_of_tokens_or_rewards_pays_more_than_there_is() {
        for seed in 0..400 {
            let mut random = Random(seed);
            let mut pool = Pool::zeroed();
            let mut stakes = [Stake::zeroed(); 4];
            let (mut now, mut held) = (0_i64, 0_u64);
            for _ in 0..80 {
                now += random.below(100_000) as i64;
                let revenue = random.below(u64::MAX - held) >> random.below(64);
                pool.stream(Quote::new(revenue), at(now)).unwrap();
                held += revenue;
                let stake = &mut stakes[random.below(4) as usize];
                let free = (u64::MAX - pool.staked.get()) >> random.below(64);
                match random.below(3) {
                    0 if free > 0 => {
                        let amount = 1 + random.below(free);
                        stake.stake(tokens(amount), &mut pool, at(now)).unwrap();
                    }
                    1 if !stake.staked.is_zero() => {
                        let amount = 1 + random.below(stake.staked.get());
                        stake.unstake(tokens(amount), &mut pool, at(now)).unwrap();
                    }
                    _ => {
                        let rewards = stake.claim(&mut pool, at(now)).unwrap_or(Quote::ZERO);
                        held = held.checked_sub(rewards.get()).expect("claims are held");
                    }
                }
                let claimable: u128 = stakes
                    .iter()
                    .map(|stake| {
                        let (mut stake, mut pool) = (*stake, pool);
                        stake.accrue(&mut pool, at(now)).unwrap();
                        u128::from(stake.rewards.get())
                    })
                    .sum();
                assert!(claimable + u128::from(pool.streaming.get()) <= held.into());
            }
        }
    }
}
