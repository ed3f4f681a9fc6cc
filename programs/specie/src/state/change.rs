use {
    super::{Params, ScheduledProposal},
    crate::{constants::CHANGE_GRACE, errors::SpecieError, units::*},
    anchor_lang::prelude::*,
};

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
    /// The change's number.
    pub index: Sequence,
    /// When it was scheduled.
    pub scheduled_at: Timestamp,
    /// From when it may be executed; a fall of a vault's limit need not wait for it, and where the notice it needs was
    /// lengthened since, all of that must have passed.
    pub eta: Timestamp,
    /// Who paid this account's rent, and gets it back.
    pub rent_payer: Address,
    /// What is to change.
    pub proposal: ScheduledProposal,
    /// Zero, for later versions.
    pub reserved: [u8; 64],
}

impl Change {
    /// `Nothing → Scheduled`, in an account that is new.
    pub fn schedule(
        &mut self,
        index: Sequence,
        proposal: ScheduledProposal,
        params: &Params,
        now: Timestamp,
    ) -> Result<()> {
        self.index = index;
        self.scheduled_at = now;
        self.eta = now.after(proposal.notice(params))?;
        self.proposal = proposal;
        Ok(())
    }

    /// Refuses with [`SpecieError::ChangeTooEarly`] before the notice has passed, and as
    /// [`Self::require_not_expired`] does.
    pub fn require_due(&self, params: &Params, now: Timestamp) -> Result<()> {
        // Under the present rules, too: what was scheduled while a notice was short is no way around a longer one.
        let notice = self.scheduled_at.after(self.proposal.notice(params))?;
        require!(now >= self.eta.max(notice), SpecieError::ChangeTooEarly);
        self.require_not_expired(now)
    }

    /// Refuses with [`SpecieError::ChangeExpired`] when [`CHANGE_GRACE`] has passed since the eta.
    pub fn require_not_expired(&self, now: Timestamp) -> Result<()> {
        require!(now <= self.expires_at()?, SpecieError::ChangeExpired);
        Ok(())
    }

    /// Until when it may be executed.
    pub fn expires_at(&self) -> Result<Timestamp> {
        self.eta.after(CHANGE_GRACE)
    }
}

#[cfg(test)]
mod tests {
    use {super::*, crate::state::Proposal, bytemuck::Zeroable};

    const NOW: i64 = 1_000_000;
    const DAY: i64 = 86_400;

    fn params() -> Params {
        Params::default()
    }

    fn scheduled(proposal: &Proposal) -> Change {
        let mut change = Change::zeroed();
        change
            .schedule(
                Sequence::new(7),
                proposal.flatten().unwrap(),
                &params(),
                Timestamp::new(NOW),
            )
            .unwrap();
        change
    }

    fn due(change: &Change, params: &Params, after: i64) -> Result<()> {
        change.require_due(params, Timestamp::new(NOW + after))
    }

    #[test]
    fn a_change_may_be_executed_from_its_eta_to_the_end_of_its_grace() {
        let early = Err(SpecieError::ChangeTooEarly.into());
        let expired = Err(SpecieError::ChangeExpired.into());
        let cases = [
            (Proposal::Params(params()), 3 * DAY),
            (Proposal::Standard(WorkPerScu::new(9)), 90 * DAY),
        ];
        for (proposal, notice) in cases {
            let change = scheduled(&proposal);
            assert_eq!(change.index, Sequence::new(7));
            assert_eq!(change.eta, Timestamp::new(NOW + notice));
            assert_eq!(due(&change, &params(), notice - 1), early);
            assert_eq!(due(&change, &params(), notice), Ok(()));
            assert_eq!(due(&change, &params(), notice + 14 * DAY), Ok(()));
            assert_eq!(due(&change, &params(), notice + 14 * DAY + 1), expired);
        }
    }

    #[test]
    fn rules_that_shorten_the_standards_notice_wait_for_all_of_it() {
        let with_notice = |days: u32| {
            let standard_notice = Seconds::new(days * 86_400);
            scheduled(&Proposal::Params(Params {
                standard_notice,
                ..params()
            }))
        };
        assert_eq!(with_notice(89).eta, Timestamp::new(NOW + 90 * DAY));
        assert_eq!(with_notice(90).eta, Timestamp::new(NOW + 3 * DAY));
        assert_eq!(with_notice(91).eta, Timestamp::new(NOW + 3 * DAY));
    }

    #[test]
    fn a_notice_that_was_lengthened_since_counts() {
        let longer = Params {
            change_delay: Seconds::new(5 * 86_400),
            ..params()
        };
        let early = Err(SpecieError::ChangeTooEarly.into());
        let change = scheduled(&Proposal::Treasury(Address::default()));
        assert_eq!(due(&change, &longer, 5 * DAY - 1), early);
        assert_eq!(due(&change, &longer, 5 * DAY), Ok(()));
        let shorter = Params {
            change_delay: Seconds::new(3_600),
            ..params()
        };
        assert_eq!(due(&change, &shorter, 3 * DAY - 1), early);
        // What a shorter notice let in, back to it again, waits for the notice it would shorten.
        let back = scheduled(&Proposal::Params(params()));
        let standard_notice = Seconds::new(100 * 86_400);
        let longest = Params {
            standard_notice,
            ..params()
        };
        assert_eq!(due(&back, &longest, 16 * DAY), early);
    }
}
