//! The Standard, the price, and the quorum that posts it.

use super::{
    Broken, CLOCK_SKEW, Economy, LEAP_MAX, Outcome, Refusal, Who,
    action::Signing,
    arithmetic::{SCU, WHOLE, down, fit, up},
};

/// What an SCU is and costs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standard {
    /// TFLOP of an SCU.
    pub work_per_scu: u64,
    /// The rise that is announced.
    pub announced: u64,
    /// Until when it may be done; after that it does not count.
    pub announced_until: i64,
    /// Rises with the Standard.
    pub sequence: u64,
    /// Price of an SCU.
    pub price: u64,
    /// Rises with the price.
    pub price_sequence: u64,
    /// When the price was observed.
    pub published_at: i64,
    /// The price that collateral answers for: it follows a rise at once, and forgets a height within 14 days.
    pub cautious_price: u64,
}

impl Standard {
    /// The Standard that new promises are measured by: an announced rise counts already, as long as it may be done.
    pub fn for_issuing(&self, now: i64) -> u64 {
        if now > self.announced_until {
            return self.work_per_scu;
        }
        self.work_per_scu.max(self.announced)
    }

    /// What units are worth at the price, rounded down.
    pub fn worth(&self, units: u64) -> u128 {
        down(units, self.price, SCU)
    }

    /// What units cost at the price, rounded up.
    pub fn cost(&self, units: u64) -> u128 {
        up(units, self.price, SCU)
    }
}

/// Who attests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quorum {
    /// Signatures that a message needs.
    pub threshold: u8,
    /// The keys, in the order of their numbers.
    pub keys: Vec<Who>,
    /// Rises with every change of the keys.
    pub epoch: u32,
    /// When it last posted a price.
    pub last_seen_at: i64,
    /// For how long it has been silent in all.
    pub silent: u64,
}

impl Quorum {
    /// How many sign.
    pub fn signers(&self, signing: Signing) -> u8 {
        if signing.signers == Signing::QUORUM.signers {
            self.threshold
        } else {
            signing.signers
        }
    }
}

impl Economy {
    /// The quorum posts a price, observed at a time.
    pub fn post_price(
        &mut self,
        price: u64,
        step: i64,
        published_at: i64,
        signing: Signing,
    ) -> Outcome {
        let (rules, last) = (&self.currency.rules, &self.standard);
        let mut broken = Broken::default();
        self.require_signed(signing, &mut broken);
        broken.unless(price > 0, Refusal::PriceZero);
        broken.unless(step > 0, Refusal::PriceNotNewer);
        broken.unless(step <= LEAP_MAX, Refusal::SequenceTooFarAhead);
        broken.unless(published_at > last.published_at, Refusal::PriceNotNewer);
        broken.unless(
            published_at <= self.now + CLOCK_SKEW,
            Refusal::SignedInFuture,
        );
        broken.unless(
            self.now - published_at <= rules.price_max_age as i64,
            Refusal::SignedTooOld,
        );
        if last.price > 0 {
            let passed = (published_at - last.published_at).max(0) as u64;
            broken.unless(passed >= rules.price_min_interval, Refusal::PriceTooSoon);
            let intervals = (passed / rules.price_min_interval).min(10_000);
            let most = down(last.price, rules.price_max_move * intervals, WHOLE);
            let moved = last.price.abs_diff(price);
            broken.unless(u128::from(moved) <= most, Refusal::PriceMoveTooLarge);
        }
        broken.end()?;
        let gap = (self.now - self.quorum.last_seen_at) as u64;
        if self.quorum.last_seen_at > 0 {
            self.quorum.silent += gap.saturating_sub(rules.price_max_age);
        }
        self.quorum.last_seen_at = self.now;
        let days_14 = 14 * 86_400;
        let passed = (published_at - self.standard.published_at).clamp(0, days_14) as u64;
        let height = self.standard.cautious_price;
        let left = height - fit(down(height, passed, days_14 as u64));
        self.standard.cautious_price = price.max(left);
        self.standard.price = price;
        self.standard.price_sequence = self.standard.price_sequence.saturating_add_signed(step);
        self.standard.published_at = published_at;
        Ok(())
    }
}
