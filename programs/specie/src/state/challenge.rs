use {
    super::{Backing, Params, Vault, VaultStatus, Voucher},
    crate::{errors::SpecieError, math::Rounding, units::*},
    anchor_lang::prelude::*,
};

impl Vault {
    /// Puts an answer into the queue of those that the vendor owes; returns until when it may be given.
    ///
    /// Each that is owed already gives it `answer_spacing` longer than `answer_window`, but all together no more than that
    /// window once more. So a vendor that answers in order, one in each `answer_spacing`, is late for none of as many as fit
    /// in a window, and a friend's challenges that nobody answers put off what is owed to others by no more than a window.
    pub fn queue_answer(&mut self, params: &Params, now: Timestamp) -> Result<Timestamp> {
        require!(
            self.status != VaultStatus::Defaulted as u8,
            SpecieError::VaultDefaulted
        );
        let spacing = u64::from(params.answer_spacing.get());
        let queue = spacing.saturating_mul(self.challenges.get());
        let queue = u32::try_from(queue).map_or(params.answer_window, |queue| {
            params.answer_window.min(Seconds::new(queue))
        });
        self.challenges = self.challenges.plus(Count::new(1))?;
        now.after(params.answer_window)?.after(queue)
    }

    /// `Challenged → not challenged`, whatever ended the challenge, if there is one; returns what was staked.
    #[inline(never)]
    pub fn end_challenge(&mut self, voucher: &mut Voucher) -> Result<LamportAmount> {
        if !voucher.challenged_until.is_zero() {
            self.challenges = self.challenges.minus(Count::new(1))?;
            voucher.challenged_until = Timestamp::ZERO;
        }
        Ok(core::mem::take(&mut voucher.challenge_deposit))
    }
}

impl Voucher {
    /// The terms that the vault's issuer signs off chain for the voucher at `address`.
    pub fn terms(&self, address: &Address) -> specie_wire::Voucher {
        specie_wire::Voucher {
            voucher: *address.as_array(),
            vault: *self.vault.as_array(),
            session: *self.session.as_array(),
            class: self.class,
            units: self.units.get(),
            work_per_scu: self.work_per_scu.get(),
            opened_at: self.opened_at.get(),
            expires_at: self.expires_at.get(),
        }
    }

    /// Refuses unless a signed voucher states the terms of the voucher at `address`, to the byte.
    pub fn require_terms(&self, address: &Address, signed: &specie_wire::Voucher) -> Result<()> {
        let terms = self.terms(address);
        require!(
            signed.vault == terms.vault,
            SpecieError::MessageForOtherVault
        );
        require!(
            signed.voucher == terms.voucher,
            SpecieError::MessageForOtherVoucher
        );
        require!(*signed == terms, SpecieError::VoucherTermsMismatch);
        Ok(())
    }

    /// `Open → Challenged`: the vendor has until `until` to publish the signed voucher, to serve or to release it.
    ///
    /// Only once, and only where nothing says that the vendor serves it.
    pub fn challenge(
        &mut self,
        until: Timestamp,
        deposit: LamportAmount,
        now: Timestamp,
    ) -> Result<()> {
        self.require_not_closing(now)?;
        require!(
            self.challenged_until.is_zero(),
            SpecieError::AlreadyChallenged
        );
        require!(self.answered_at.is_zero(), SpecieError::AlreadyAnswered);
        require!(
            self.settled.is_zero() && self.compensated.is_zero(),
            SpecieError::AlreadyServed
        );
        self.challenged_until = until;
        self.challenge_deposit = deposit;
        Ok(())
    }

    /// `Challenged → Answered`; what was staked is still to be taken from [`Vault::end_challenge`].
    pub fn answer(&mut self, now: Timestamp) -> Result<()> {
        require!(!self.challenged_until.is_zero(), SpecieError::NotChallenged);
        require!(now <= self.challenged_until, SpecieError::AnswerTooLate);
        self.answered_at = now;
        Ok(())
    }

    /// Whether the vendor let a challenge go unanswered.
    pub fn is_unanswered(&self, now: Timestamp) -> bool {
        !self.challenged_until.is_zero() && now > self.challenged_until
    }

    /// Whether a claim for an unanswered challenge is paid in cash: within `attestation_ttl` of the lapse. Who waits longer
    /// would choose the price.
    pub fn is_claimed_in_time(&self, params: &Params, now: Timestamp) -> Result<bool> {
        Ok(now <= self.challenged_until.after(params.attestation_ttl)?)
    }

    /// Refuses unless a challenge went unanswered.
    pub fn require_unanswered(&self, now: Timestamp) -> Result<()> {
        require!(!self.challenged_until.is_zero(), SpecieError::NotChallenged);
        require!(self.is_unanswered(now), SpecieError::AnswerWindowOpen);
        Ok(())
    }

    /// Refuses where the vendor may not decline the voucher.
    pub fn require_releasable(&self, now: Timestamp) -> Result<()> {
        // A voucher reopened at the same address in the same second would be the same channel to the old receipts.
        require!(now > self.opened_at, SpecieError::VoucherTooYoung);
        require!(!self.is_unanswered(now), SpecieError::CompensationDue);
        Ok(())
    }

    /// Refuses to give less back than the voucher claims: a vendor must not shed the debt of vouchers from before a loss.
    pub fn require_whole(units: Units, tokens: Tokens, backing: Backing) -> Result<()> {
        let worth = tokens.units(backing, Rounding::Up)?;
        require!(worth >= units, SpecieError::ReleaseBelowClaim);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use {super::*, bytemuck::Zeroable};

    const NOW: i64 = 1_000_000;
    const DEPOSIT: LamportAmount = LamportAmount::new(5);

    fn at(seconds: i64) -> Timestamp {
        Timestamp::new(NOW + seconds)
    }

    fn params() -> Params {
        Params {
            answer_window: Seconds::new(600),
            answer_spacing: Seconds::new(30),
            ..Params::default()
        }
    }

    fn voucher() -> Voucher {
        Voucher {
            units: Units::new(10),
            tokens: Tokens::new(10),
            opened_at: at(-1),
            expires_at: at(3_600),
            ..Voucher::zeroed()
        }
    }

    /// So many vouchers, all challenged at once.
    fn flood(vault: &mut Vault, count: usize) -> Vec<Voucher> {
        let challenged = |_| {
            let until = vault.queue_answer(&params(), at(0)).unwrap();
            let mut voucher = voucher();
            voucher.challenge(until, DEPOSIT, at(0)).unwrap();
            voucher
        };
        (0..count).map(challenged).collect()
    }

    #[test]
    fn a_flood_falls_due_at_the_advertised_rate_and_within_one_more_window() {
        let mut vault = Vault::zeroed();
        for (i, voucher) in flood(&mut vault, 100).iter().enumerate() {
            assert_eq!(voucher.challenged_until, at((30 * i as i64).min(600) + 600));
        }
        assert_eq!(vault.challenges, Count::new(100));
        vault.challenges = Count::new(u64::MAX - 1);
        assert_eq!(vault.queue_answer(&params(), at(0)), Ok(at(1_200)));
    }

    #[test]
    fn a_challenge_that_ended_delays_nobody() {
        let mut vault = Vault::zeroed();
        let mut vouchers = flood(&mut vault, 3);
        for (left, voucher) in [2, 1, 0].into_iter().zip(&mut vouchers) {
            assert_eq!(vault.end_challenge(voucher), Ok(DEPOSIT));
            assert_eq!(voucher.challenged_until, Timestamp::ZERO);
            assert_eq!(vault.challenges, Count::new(left));
            // There is nothing to end any more.
            assert_eq!(vault.end_challenge(voucher), Ok(LamportAmount::ZERO));
            assert_eq!(vault.challenges, Count::new(left));
        }
        assert_eq!(vault.queue_answer(&params(), at(9)), Ok(at(609)));
    }

    /// However the challenges come, and whatever others are answered out of turn.
    #[test]
    fn answering_in_order_at_the_advertised_rate_is_always_in_time() {
        // As many as fit in the window, which these never exceed.
        let params = Params {
            answer_window: Seconds::new(90_000),
            ..params()
        };
        let mut vault = Vault::zeroed();
        let mut due = flood(&mut vault, 20);
        let mut seed = 1u64;
        let mut random = |below: u64| {
            seed = seed
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) % below
        };
        for step in 0..2_000 {
            let now = at(30 * step);
            let mut answers = vec![0];
            if random(3) == 0 {
                answers.push(due.len() / 2);
            }
            for i in answers {
                if i < due.len() {
                    let mut voucher = due.remove(i);
                    assert_eq!(voucher.answer(now), Ok(()), "step {step}");
                    assert_eq!(vault.end_challenge(&mut voucher), Ok(DEPOSIT));
                }
            }
            for _ in 0..random(4) {
                let now = at(30 * step + 1);
                let until = vault.queue_answer(&params, now).unwrap();
                let mut voucher = Voucher {
                    expires_at: Timestamp::new(i64::MAX),
                    ..voucher()
                };
                voucher.challenge(until, DEPOSIT, now).unwrap();
                due.push(voucher);
            }
        }
        assert_eq!(vault.challenges, Count::new(due.len() as u64));
        assert!(due.len() > 20, "{}", due.len());
    }

    #[test]
    fn a_defaulted_vault_owes_no_answer() {
        let mut vault = Vault {
            status: VaultStatus::Defaulted as u8,
            ..Vault::zeroed()
        };
        assert_eq!(
            vault.queue_answer(&params(), at(0)),
            Err(SpecieError::VaultDefaulted.into())
        );
    }

    #[test]
    fn a_voucher_is_challenged_once_and_only_where_nothing_was_served() {
        type Change = fn(&mut Voucher);
        let cases: [(Change, Result<()>); 7] = [
            (|_| {}, Ok(())),
            (
                |v| v.closing_at = at(-1),
                Err(SpecieError::AlreadyClosing.into()),
            ),
            (
                |v| v.expires_at = at(0),
                Err(SpecieError::AlreadyClosing.into()),
            ),
            (
                |v| v.challenged_until = at(9),
                Err(SpecieError::AlreadyChallenged.into()),
            ),
            (
                |v| v.answered_at = at(-1),
                Err(SpecieError::AlreadyAnswered.into()),
            ),
            (
                |v| v.settled = Units::new(1),
                Err(SpecieError::AlreadyServed.into()),
            ),
            (
                |v| v.compensated = Units::new(1),
                Err(SpecieError::AlreadyServed.into()),
            ),
        ];
        for (change, expected) in cases {
            let mut voucher = voucher();
            change(&mut voucher);
            assert_eq!(voucher.challenge(at(600), DEPOSIT, at(0)), expected);
        }
    }

    #[test]
    fn an_answer_counts_to_the_second_of_the_deadline_and_compensation_from_the_next() {
        let mut open = voucher();
        let not_challenged = Err(SpecieError::NotChallenged.into());
        assert_eq!(open.answer(at(0)), not_challenged);
        assert_eq!(open.require_unanswered(at(0)), not_challenged);
        open.challenge(at(600), DEPOSIT, at(0)).unwrap();
        for (seconds, in_time) in [(599, true), (600, true), (601, false)] {
            let now = at(seconds);
            let mut voucher = open;
            assert_eq!(voucher.is_unanswered(now), !in_time);
            let (answer, compensation, release) = if in_time {
                (Ok(()), Err(SpecieError::AnswerWindowOpen.into()), Ok(()))
            } else {
                let due = Err(SpecieError::CompensationDue.into());
                (Err(SpecieError::AnswerTooLate.into()), Ok(()), due)
            };
            assert_eq!(voucher.require_unanswered(now), compensation);
            assert_eq!(voucher.is_claimed_in_time(&params(), now), Ok(true));
            assert_eq!(voucher.require_releasable(now), release);
            assert_eq!(voucher.answer(now), answer);
            let answered_at = if in_time { now } else { Timestamp::ZERO };
            assert_eq!(voucher.answered_at, answered_at);
        }
    }

    #[test]
    fn a_release_is_neither_of_a_voucher_of_this_second_nor_for_less_than_it_claims() {
        let voucher = voucher();
        assert_eq!(
            voucher.require_releasable(voucher.opened_at),
            Err(SpecieError::VoucherTooYoung.into())
        );
        assert_eq!(
            Voucher::require_whole(Units::new(4), Tokens::new(10), Backing::of(1, 3)),
            Ok(())
        );
        assert_eq!(
            Voucher::require_whole(Units::new(5), Tokens::new(10), Backing::of(1, 3)),
            Err(SpecieError::ReleaseBelowClaim.into())
        );
    }

    #[test]
    fn every_term_counts() {
        let voucher = voucher();
        let address = Address::new_from_array([7; 32]);
        let terms = voucher.terms(&address);
        assert_eq!(voucher.require_terms(&address, &terms), Ok(()));
        type Change = fn(&mut specie_wire::Voucher);
        let cases: [(Change, SpecieError); 8] = [
            (|t| t.vault = [1; 32], SpecieError::MessageForOtherVault),
            (|t| t.voucher = [1; 32], SpecieError::MessageForOtherVoucher),
            (|t| t.session = [1; 32], SpecieError::VoucherTermsMismatch),
            (|t| t.class = 2, SpecieError::VoucherTermsMismatch),
            (|t| t.units = 11, SpecieError::VoucherTermsMismatch),
            (|t| t.work_per_scu = 1, SpecieError::VoucherTermsMismatch),
            (|t| t.opened_at -= 1, SpecieError::VoucherTermsMismatch),
            (|t| t.expires_at += 1, SpecieError::VoucherTermsMismatch),
        ];
        for (change, error) in cases {
            let mut signed = terms;
            change(&mut signed);
            assert_eq!(voucher.require_terms(&address, &signed), Err(error.into()));
        }
    }
}
