//! Revenue: how it is split, and how stakers earn their part over time.

use super::{
    Broken, Economy, Outcome, Purse, Refusal, Who,
    arithmetic::{WHOLE, down, fit},
};

/// Over how long stakers' revenue is spread.
const REWARD_PERIOD: i64 = 7 * 86_400;

/// What stakers share.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "words of the design")]
pub struct Pool {
    pub staked: u64,
    pub streaming: u64,
    pub streams_until: i64,
    pub accrued_at: i64,
    /// What one staked token has earned since the beginning, in parts of 2⁶⁴.
    pub reward_per_token: u128,
    /// Of the revenue, what could not be paid to stakers, insurance and treasury when it was split, and is still theirs.
    pub waiting: [u64; 3],
}

/// What somebody staked and earned.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "words of the design")]
pub struct Stake {
    pub staked: u64,
    pub rewards: u64,
    pub reward_per_token: u128,
}

impl Pool {
    /// Spreads what was to be spread until now over all that is staked; while nothing is, the stream waits.
    pub fn accrue(&mut self, now: i64) {
        let passed = now - self.accrued_at;
        if self.staked == 0 {
            self.streams_until += passed;
        } else if self.streaming > 0 {
            let released = if now >= self.streams_until {
                self.streaming
            } else {
                fit(down(
                    self.streaming,
                    passed as u64,
                    (self.streams_until - self.accrued_at) as u64,
                ))
            };
            self.streaming -= released;
            self.reward_per_token += (u128::from(released) << 64) / u128::from(self.staked);
        }
        self.accrued_at = now;
    }
}

impl Pool {
    /// Adds to what is spread. The rest's time and the whole period are averaged by the amounts that they are for: dust
    /// puts nothing off.
    pub fn stream(&mut self, added: u64, now: i64) {
        self.accrue(now);
        if added > 0 {
            self.streaming += added;
            let left = (self.streams_until - now).max(0);
            let longer = (REWARD_PERIOD - left).max(0) as u64;
            self.streams_until = now + left + fit(down(added, longer, self.streaming)) as i64;
        }
    }
}

impl Stake {
    /// Rewards by the pool's present reward for a token.
    pub fn earned(&self, pool: &Pool) -> u64 {
        let each = pool.reward_per_token - self.reward_per_token;
        // A product of a u64 and what is below 2¹²⁸ / staked tokens.
        self.rewards
            + fit((u128::from(self.staked) * (each >> 64)) + wide_fraction(self.staked, each))
    }

    fn update(&mut self, pool: &Pool) {
        self.rewards = self.earned(pool);
        self.reward_per_token = pool.reward_per_token;
    }
}

/// Whole part of `amount × fraction`, of a fraction in parts of 2⁶⁴.
fn wide_fraction(amount: u64, each: u128) -> u128 {
    (u128::from(amount) * (each & u128::from(u64::MAX))) >> 64
}

impl Economy {
    /// Anybody splits the revenue. Whose account is frozen is paid later, and keeps nobody else waiting.
    pub fn distribute(&mut self, treasury: u8) -> Outcome {
        let rules = &self.currency.rules;
        let revenue = self.bank.held(Purse::Revenue);
        let fresh = revenue - self.pool.waiting.iter().sum::<u64>();
        let stakers = fit(down(fresh, rules.stakers_share, WHOLE));
        let insurance = fit(down(fresh, rules.insurance_share, WHOLE));
        let parts = [stakers, insurance, fresh - stakers - insurance];
        let payees = [Purse::Rewards, Purse::Insurance, Purse::Treasury(treasury)];
        let (mut paid, mut waiting) = ([0; 3], [0; 3]);
        for i in 0..3 {
            let due = parts[i] + self.pool.waiting[i];
            *(if self.bank.is_frozen(payees[i]) {
                &mut waiting[i]
            } else {
                &mut paid[i]
            }) = due;
        }
        let mut broken = Broken::default();
        broken.unless(
            treasury == self.currency.treasury,
            Refusal::TreasuryMismatch,
        );
        broken.unless(paid != [0; 3], Refusal::NothingToDistribute);
        broken.end()?;
        self.pool.waiting = waiting;
        self.pool.stream(paid[0], self.now);
        for (payee, amount) in payees.into_iter().zip(paid) {
            self.bank.pay(Purse::Revenue, payee, amount);
        }
        Ok(())
    }

    /// A holder stakes.
    pub fn stake(&mut self, by: Who, tokens: u64) -> Outcome {
        let (from, to) = (Purse::Tokens(by), Purse::Staked);
        let mut broken = Broken::default();
        broken.unless(tokens > 0, Refusal::AmountZero);
        broken.unless(
            self.pool.staked.checked_add(tokens).is_some(),
            Refusal::Overflow,
        );
        self.bank.require_payable(from, to, tokens, &mut broken);
        broken.end()?;
        self.pool.accrue(self.now);
        if !self.stakes.contains_key(&by) {
            self.bank.move_lamports(by, -(self.bank.rents.stake as i64));
        }
        let stake = self.stakes.entry(by).or_default();
        stake.update(&self.pool);
        stake.staked += tokens;
        self.pool.staked += tokens;
        self.bank.pay(from, to, tokens);
        Ok(())
    }

    /// A holder takes tokens back.
    pub fn unstake(&mut self, by: Who, tokens: u64) -> Outcome {
        let mut stake = self.stakes.get(&by).ok_or(Refusal::Missing)?.clone();
        let mut broken = Broken::default();
        broken.unless(tokens > 0, Refusal::AmountZero);
        broken.unless(tokens <= stake.staked, Refusal::StakeExceeded);
        broken.end()?;
        self.pool.accrue(self.now);
        stake.update(&self.pool);
        stake.staked -= tokens;
        self.pool.staked -= tokens;
        self.stakes.insert(by, stake);
        self.bank.pay(Purse::Staked, Purse::Tokens(by), tokens);
        Ok(())
    }

    /// A holder is paid what it earned; a stake of nothing closes.
    pub fn claim(&mut self, by: Who) -> Outcome {
        let mut stake = self.stakes.get(&by).ok_or(Refusal::Missing)?.clone();
        let mut pool = self.pool.clone();
        pool.accrue(self.now);
        stake.update(&pool);
        let mut broken = Broken::default();
        broken.unless(
            stake.rewards > 0 || stake.staked == 0,
            Refusal::NothingToClaim,
        );
        broken.end()?;
        self.pool = pool;
        self.bank
            .pay(Purse::Rewards, Purse::Stable(by), stake.rewards);
        stake.rewards = 0;
        if stake.staked == 0 {
            self.stakes.remove(&by);
            self.bank.move_lamports(by, self.bank.rents.stake as i64);
        } else {
            self.stakes.insert(by, stake);
        }
        Ok(())
    }
}
