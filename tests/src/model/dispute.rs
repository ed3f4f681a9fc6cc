//! Served, or paid: challenges, answers, and what a voucher that is not served is paid.

use super::{
    Broken, Economy, Outcome, Purse, Refusal, Who,
    action::Signing,
    arithmetic::{SCU, WHOLE, down, fit, fits, up},
};

impl Economy {
    /// The owner stakes a deposit: the vendor must publish the signed voucher, or pay.
    pub fn challenge(&mut self, vault: u8, session: u32, by: Who) -> Outcome {
        let (mut after, mut voucher) = (self.vault(vault)?, self.voucher(vault, session)?);
        let rules = &self.currency.rules;
        let mut broken = Broken::default();
        broken.unless(by == voucher.owner, Refusal::NotVoucherOwner);
        let open = voucher.closing_at == 0 && self.now < voucher.expires_at;
        broken.unless(open, Refusal::AlreadyClosing);
        broken.unless(!self.has_defaulted(vault), Refusal::VaultDefaulted);
        broken.unless(voucher.challenged_until == 0, Refusal::AlreadyChallenged);
        broken.unless(voucher.answered_at == 0, Refusal::AlreadyAnswered);
        let untouched = voucher.settled == 0 && voucher.compensated == 0;
        broken.unless(untouched, Refusal::AlreadyServed);
        broken.end()?;
        // Of many that stand, each gives the vendor so much longer, but all of them no more than the window again.
        let queue = (rules.answer_spacing * after.challenges).min(rules.answer_window);
        let time = rules.answer_window + queue;
        after.challenges += 1;
        voucher.challenged_until = self.now + time as i64;
        voucher.challenge_deposit = rules.challenge_deposit;
        voucher.surplus += rules.challenge_deposit;
        self.bank
            .move_lamports(by, -(rules.challenge_deposit as i64));
        self.vaults.insert(vault, after);
        self.vouchers.insert((vault, session), voucher);
        Ok(())
    }

    /// The operator publishes the voucher that the issuer signed, and gets the deposit for it. `more` is what the signed
    /// voucher states beyond the units of the account.
    pub fn answer(&mut self, vault: u8, session: u32, by: Who, issuer: Who, more: u64) -> Outcome {
        let (mut of, mut voucher) = (self.vault(vault)?, self.voucher(vault, session)?);
        let mut broken = Broken::default();
        broken.unless(by == of.operator, Refusal::NotOperator);
        broken.unless(issuer == of.issuer, Refusal::IssuerMismatch);
        broken.unless(more == 0, Refusal::VoucherTermsMismatch);
        broken.unless(voucher.challenged_until > 0, Refusal::NotChallenged);
        broken.unless(!voucher.is_unanswered(self.now), Refusal::AnswerTooLate);
        broken.end()?;
        voucher.answered_at = self.now;
        voucher.challenged_until = 0;
        of.challenges -= 1;
        self.bank
            .move_lamports(by, voucher.challenge_deposit as i64);
        voucher.surplus -= voucher.challenge_deposit;
        voucher.challenge_deposit = 0;
        self.vaults.insert(vault, of);
        self.vouchers.insert((vault, session), voucher);
        Ok(())
    }

    /// Anybody has an unanswered voucher paid in cash, if soon enough; the rest returns as tokens.
    pub fn compensate(&mut self, vault: u8, session: u32) -> Outcome {
        let voucher = self.voucher(vault, session)?;
        let mut broken = Broken::default();
        broken.unless(voucher.challenged_until > 0, Refusal::NotChallenged);
        let over = voucher.challenged_until == 0 || voucher.is_unanswered(self.now);
        broken.unless(over, Refusal::AnswerWindowOpen);
        broken.end()?;
        let ttl = self.currency.rules.attestation_ttl as i64;
        let in_time = self.now <= voucher.challenged_until + ttl;
        self.make_good(vault, session, voucher.remaining(), in_time);
        self.end_voucher(vault, session);
        Ok(())
    }

    /// The quorum rules that so many units of a voucher were due and not served: the same payment for those, if the owner
    /// wants it.
    pub fn rule_breach(
        &mut self,
        (vault, session): (u8, u32),
        by: Who,
        units: u64,
        ruled_at: i64,
        signing: Signing,
    ) -> Outcome {
        let voucher = self.voucher(vault, session)?;
        let ttl = self.currency.rules.attestation_ttl as i64;
        let ruled = units.min(voucher.remaining());
        let mut broken = Broken::default();
        self.require_signed(signing, &mut broken);
        broken.unless(by == voucher.owner, Refusal::RulingWithoutOwner);
        // A voucher reopened at the address was opened no earlier than what was ruled of the one before.
        let newer = ruled_at > voucher.ruled_at && ruled_at > voucher.opened_at;
        broken.unless(newer, Refusal::RulingNotNewer);
        broken.unless(ruled_at <= self.now, Refusal::SignedInFuture);
        broken.unless(self.now - ruled_at <= ttl, Refusal::SignedTooOld);
        broken.unless(ruled > 0, Refusal::NothingRemaining);
        broken.end()?;
        self.make_good(vault, session, ruled, true);
        let after = self
            .vouchers
            .get_mut(&(vault, session))
            .expect("the voucher");
        after.compensated += ruled;
        after.ruled_at = ruled_at;
        if after.remaining() == 0 {
            self.end_voucher(vault, session);
        }
        Ok(())
    }

    /// What a voucher is paid for some of its units, and for how many of them: above the price, for as many as leave the
    /// vault its ratio of all that it still owes then.
    pub fn compensation(&self, vault: u8, units: u64, owner: Who) -> (u64, u64) {
        let (of, rules) = (&self.vaults[&vault], &self.currency.rules);
        let price = down(self.standard.price, 10_000 + rules.breach_premium, WHOLE);
        let frozen = self.bank.is_frozen(Purse::Collateral(vault))
            || self.bank.is_frozen(Purse::Stable(owner));
        if units == 0 || price == 0 || frozen || self.has_defaulted(vault) {
            return (0, 0);
        }
        let keeps_its_ratio = |paid: u64| {
            let kept = (of.owed() - u128::from(paid))
                * u128::from(self.standard.cautious_price)
                * u128::from(rules.collateral_ratio);
            let cost = u128::from(paid) * price * WHOLE;
            u128::from(of.holds()) * SCU * WHOLE >= kept + cost
        };
        let paid = if keeps_its_ratio(units) {
            units
        } else {
            // The first number that is too many is above the last that is not.
            let (mut most, mut too_many) = (0, units);
            while too_many - most > 1 {
                let middle = most + (too_many - most) / 2;
                if keeps_its_ratio(middle) {
                    most = middle;
                } else {
                    too_many = middle;
                }
            }
            most
        };
        (paid, fit(down(paid, price, SCU)))
    }

    /// Pays some units of a voucher as far as that goes, and returns the rest of them as tokens. The premium on these is owed
    /// to the insurance. Who comes too late has tokens alone.
    fn make_good(&mut self, vault: u8, session: u32, units: u64, in_time: bool) {
        let voucher = self.vouchers[&(vault, session)].clone();
        let (paid, cash) = if in_time {
            self.compensation(vault, units, voucher.owner)
        } else {
            (0, 0)
        };
        self.return_units(vault, session, units, units - paid);
        let price = u128::from(self.standard.price);
        let raised = down(price, 10_000 + self.currency.rules.breach_premium, WHOLE);
        let penalty = up(units - paid, raised - price, SCU);
        let defaulted = self.has_defaulted(vault);
        let of = self.vaults.get_mut(&vault).expect("its vault");
        of.take(cash);
        if in_time && !defaulted && penalty > 0 && fits(penalty) {
            of.penalized_at = if of.penalty > 0 {
                of.penalized_at
            } else {
                self.now
            };
            of.penalty += fit(penalty);
        }
        self.bank
            .pay(Purse::Collateral(vault), Purse::Stable(voucher.owner), cash);
    }
}
