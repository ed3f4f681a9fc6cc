use {
    super::{Params, Vault},
    crate::{
        constants::BPS_WHOLE,
        errors::SpecieError,
        math::{mul_div, Rounding},
        units::*,
    },
    anchor_lang::prelude::*,
};

impl Params {
    /// The most units that a vault may issue at once: half of its share of `issue_cap`. Its bucket leaks as much in each
    /// `issue_window`, so that no window, wherever it begins, sees more than the whole share.
    #[inline(always)]
    pub fn issue_burst(&self) -> Result<Units> {
        let share = u64::from(self.issue_share.get());
        let share = mul_div(self.issue_cap.get(), share, BPS_WHOLE, Rounding::Down)?;
        Ok(Units::new(share >> 1))
    }
}

impl Vault {
    /// The units in the vault's bucket at `now`, and until when it has leaked.
    ///
    /// It leaks whole units; the time that is less than one of them is left for the next reckoning, so that many small
    /// issues find as much room as one.
    #[inline(always)]
    pub fn issue_share_used(&self, params: &Params, now: Timestamp) -> Result<(Units, Timestamp)> {
        let burst = params.issue_burst()?.get();
        let window = u64::from(params.issue_window.get());
        let passed = now.since(self.issued_at);
        let leaked = mul_div(burst, passed, window, Rounding::Down).unwrap_or(u64::MAX);
        if leaked >= self.issued.get() {
            return Ok((Units::ZERO, now));
        }
        // What it has leaked took no longer than what has passed: the sum cannot be beyond `now`.
        let took = mul_div(leaked, window, burst, Rounding::Up)?;
        let until = self.issued_at.get().saturating_add_unsigned(took);
        Ok((
            self.issued.minus(Units::new(leaked))?,
            Timestamp::new(until),
        ))
    }

    /// Counts units against the vault's share of the issue cap; [`SpecieError::IssueCapReached`] where it has no room.
    #[inline(always)]
    pub fn use_issue_share(&mut self, units: Units, params: &Params, now: Timestamp) -> Result<()> {
        let (issued, until) = self.issue_share_used(params, now)?;
        let issued = issued.plus(units)?;
        require!(
            issued <= params.issue_burst()?,
            SpecieError::IssueCapReached
        );
        (self.issued, self.issued_at) = (issued, until);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use {super::*, bytemuck::Zeroable};

    const NOW: i64 = 1_000_000;

    /// A share of 200 units in 1,000 seconds: 100 at once, and one more every ten seconds.
    fn params() -> Params {
        Params {
            issue_cap: Units::new(1_000),
            issue_share: Bps::new(2_000),
            issue_window: Seconds::new(1_000),
            ..Params::default()
        }
    }

    fn issue(vault: &mut Vault, units: u64, at: i64) -> Result<()> {
        vault.use_issue_share(Units::new(units), &params(), Timestamp::new(at))
    }

    #[test]
    fn a_vault_issues_half_its_share_at_once_and_the_rest_as_time_passes() {
        let reached = Err(SpecieError::IssueCapReached.into());
        let mut vault = Vault::zeroed();
        assert_eq!(issue(&mut vault, 101, NOW), reached);
        assert_eq!(issue(&mut vault, 100, NOW), Ok(()));
        assert_eq!(issue(&mut vault, 1, NOW + 9), reached);
        assert_eq!(issue(&mut vault, 1, NOW + 10), Ok(()));
        assert_eq!(issue(&mut vault, 1, NOW + 19), reached);
        assert_eq!(issue(&mut vault, 100, NOW + 1_009), reached);
        assert_eq!(issue(&mut vault, 100, NOW + 1_010), Ok(()));
    }

    #[test]
    fn no_window_wherever_it_begins_sees_more_than_the_share() {
        for step in [1, 3, 7, 10, 11, 99, 250, 999, 1_000, 1_001] {
            let mut vault = Vault::zeroed();
            let mut issues = Vec::new();
            for at in (NOW..NOW + 5_000).step_by(step) {
                let most = (0..=100).rev().find(|units| {
                    let mut tried = vault;
                    issue(&mut tried, *units, at).is_ok()
                });
                let most = most.unwrap();
                issue(&mut vault, most, at).unwrap();
                issues.push((at, most));
            }
            for (begin, _) in &issues {
                let window = *begin..*begin + 1_000;
                let within = issues.iter().filter(|(at, _)| window.contains(at));
                let sum: u64 = within.map(|(_, units)| units).sum();
                assert!(sum <= 200, "{sum} from {begin}, every {step} s");
            }
            // Nor does asking often cost any room, as long as the bucket never runs empty.
            let all: u64 = issues.iter().map(|(_, units)| units).sum();
            let last = issues.last().unwrap().0;
            if step <= 250 {
                assert_eq!(all, 100 + (last - NOW) as u64 / 10, "every {step} s");
            }
        }
    }

    #[test]
    fn rules_that_allow_less_let_what_was_issued_leak_first() {
        let mut vault = Vault::zeroed();
        issue(&mut vault, 100, NOW).unwrap();
        let less = Params {
            issue_share: Bps::new(200),
            ..params()
        };
        let now = Timestamp::new(NOW + 1_000);
        let reached = Err(SpecieError::IssueCapReached.into());
        assert_eq!(vault.use_issue_share(Units::new(1), &less, now), reached);
        assert_eq!(
            vault.issue_share_used(&less, now).unwrap().0,
            Units::new(90)
        );
    }

    #[test]
    fn a_bucket_of_any_size_counts_over_any_time() {
        let most = Params {
            issue_cap: Units::new(u64::MAX),
            issue_share: Bps::new(10_000),
            ..params()
        };
        let mut vault = Vault::zeroed();
        let burst = most.issue_burst().unwrap();
        assert_eq!(burst, Units::new(u64::MAX >> 1));
        let now = Timestamp::new(NOW);
        assert_eq!(vault.use_issue_share(burst, &most, now), Ok(()));
        let reached = Err(SpecieError::IssueCapReached.into());
        assert_eq!(vault.use_issue_share(Units::new(1), &most, now), reached);
        let overflow = Err(SpecieError::Overflow.into());
        let all = Units::new(u64::MAX);
        assert_eq!(vault.use_issue_share(all, &most, now), overflow);
        let end = Timestamp::new(i64::MAX);
        assert_eq!(vault.use_issue_share(burst, &most, end), Ok(()));
    }
}
