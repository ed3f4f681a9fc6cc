//! A currency: founding it and pausing it.

use super::{Broken, Economy, Outcome, Refusal, Rules, Who};

/// Who governs a currency, and by which rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Currency {
    /// Admits vaults and schedules changes.
    pub authority: Who,
    /// Pauses, suspends, cancels.
    pub guardian: Who,
    /// Number of the treasury that is paid.
    pub treasury: u8,
    /// Until when it is paused.
    pub paused_until: i64,
    /// Number of the next change.
    pub next_change: u64,
    /// Part of the insurance that liquidations may still take.
    pub insurance_reserved: u64,
    /// The rules.
    pub rules: Rules,
}

impl Currency {
    /// Whether it is paused.
    pub fn is_paused(&self, now: i64) -> bool {
        now < self.paused_until
    }
}

/// The highest Standard that there may be.
pub(super) const STANDARD_MAX: u64 = 1_000_000_000_000;

/// Names what is wrong with a quorum of so many keys.
pub(super) fn require_well_formed(threshold: u8, keys: u32, broken: &mut Broken) {
    let count = keys.count_ones();
    let formed = (1..=16).contains(&count) && (1..=7).contains(&threshold);
    broken.unless(
        formed && u32::from(threshold) <= count,
        Refusal::QuorumMalformed,
    );
}

impl Economy {
    /// Founds another currency beside this one, by the first authority.
    pub fn create_currency(
        &mut self,
        mint: u32,
        supply: u64,
        (rule, value): (u8, u64),
        (threshold, keys): (u8, u32),
        work: u64,
    ) -> Outcome {
        let mut broken = Broken::default();
        broken.unless(!self.founded.contains(&mint), Refusal::Exists);
        broken.unless(supply == 0, Refusal::MintHasSupply);
        let mut rules = self.currency.rules;
        *rules.value_mut(rule.into()) = value;
        rules.require_allowed(&mut broken);
        require_well_formed(threshold, keys, &mut broken);
        broken.unless(
            (1..=STANDARD_MAX).contains(&work),
            Refusal::StandardOutOfBounds,
        );
        broken.end()?;
        self.founded.insert(mint);
        self.bank
            .move_lamports(Who::Authority(0), -(self.bank.rents.founding as i64));
        Ok(())
    }

    /// The guardian stops issuing and withdrawing for so many seconds.
    pub fn pause(&mut self, by: Who, seconds: i64) -> Outcome {
        let mut broken = Broken::default();
        broken.unless(by == self.currency.guardian, Refusal::NotGuardian);
        let allowed = 1..=self.currency.rules.pause_max as i64;
        broken.unless(allowed.contains(&seconds), Refusal::PauseOutOfBounds);
        broken.end()?;
        self.currency.paused_until = self.now + seconds;
        Ok(())
    }

    /// The authority ends a pause.
    pub fn resume(&mut self, by: Who) -> Outcome {
        let mut broken = Broken::default();
        broken.unless(by == self.currency.authority, Refusal::NotAuthority);
        broken.unless(self.currency.is_paused(self.now), Refusal::NotPaused);
        broken.end()?;
        self.currency.paused_until = 0;
        Ok(())
    }
}
