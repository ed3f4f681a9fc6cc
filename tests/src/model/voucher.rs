//! Vouchers: redeemed, consumed, closed, returned.

use super::{
    Broken, Economy, Outcome, Purse, Refusal, Status, Who,
    action::Receipt,
    arithmetic::{SCU, down, fit, fits, up},
};

/// A claim on a vault.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "words of the design")]
pub struct Voucher {
    pub class: u8,
    pub owner: Who,
    pub rent_payer: Who,
    pub units: u64,
    pub tokens: u64,
    pub work_per_scu: u64,
    pub settled: u64,
    pub compensated: u64,
    pub opened_at: i64,
    pub expires_at: i64,
    pub closing_at: i64,
    pub challenged_until: i64,
    pub challenge_deposit: u64,
    pub answered_at: i64,
    pub ruled_at: i64,
    /// How often its vault's failure had been assessed when it was opened.
    pub assessments: u32,
    /// Lamports of its account beyond the rent: a deposit that nobody was paid yet.
    pub surplus: u64,
}

impl Voucher {
    /// Units that are neither consumed nor made good otherwise.
    pub fn remaining(&self) -> u64 {
        self.units - self.settled - self.compensated
    }

    /// Their work, under the Standard that the voucher was opened under.
    pub fn remaining_work(&self) -> u64 {
        fit(up(self.remaining(), self.work_per_scu, SCU))
    }

    /// Until when receipts count: closing or expiry, whichever comes first, and the dispute window.
    pub fn settles_until(&self, economy: &Economy) -> i64 {
        let starts = if self.closing_at > 0 {
            self.closing_at
        } else {
            self.expires_at
        };
        starts + economy.currency.rules.dispute_window as i64
    }

    /// The tokens that some of its units were.
    pub fn tokens_for(&self, units: u64) -> u64 {
        fit(down(self.tokens, units, self.units))
    }

    /// Whether it is challenged and the vendor let the time pass.
    pub fn is_unanswered(&self, now: i64) -> bool {
        self.challenged_until > 0 && now > self.challenged_until
    }
}

impl Economy {
    /// A holder burns tokens for a voucher; the holder pays its rent.
    pub fn redeem(&mut self, vault: u8, by: Who, session: u32, tokens: u64, class: u8) -> Outcome {
        let mut after = self.vault(vault)?;
        let rules = &self.currency.rules;
        let units = self.backing().worth(tokens);
        let work = up(units, self.standard.work_per_scu, SCU);
        // What is to be bought back for cash has no compute behind it.
        let served = after.redeemable();
        let mut broken = Broken::default();
        broken.unless(
            !self.vouchers.contains_key(&(vault, session)),
            Refusal::Exists,
        );
        broken.unless(tokens > 0, Refusal::AmountZero);
        broken.unless(
            class < 3 && after.classes & (1 << class) != 0,
            Refusal::ClassNotOffered,
        );
        broken.unless(
            units >= rules.min_voucher_units || (units > 0 && units == served),
            Refusal::VoucherBelowMinimum,
        );
        broken.unless(units <= served, Refusal::OutstandingExceeded);
        broken.unless(
            self.bank.held(Purse::Tokens(by)) >= tokens,
            Refusal::FundsInsufficient,
        );
        let claimed = u128::from(units) + u128::from(after.liquidation.shortage);
        broken.unless(fits(work) && fits(claimed), Refusal::Overflow);
        broken.end()?;
        after.outstanding -= units;
        after.open += units;
        after.open_work += fit(work);
        after.vouchers += 1;
        after.open_tokens += if after.assessments > 0 { tokens } else { 0 };
        let expires_at = self.now + rules.voucher_ttl as i64;
        self.bank.burn(by, tokens);
        self.bank
            .move_lamports(by, -(self.bank.rents.voucher as i64));
        self.vouchers.insert(
            (vault, session),
            Voucher {
                class,
                owner: by,
                rent_payer: by,
                units,
                tokens,
                work_per_scu: self.standard.work_per_scu,
                settled: 0,
                compensated: 0,
                opened_at: self.now,
                expires_at,
                closing_at: 0,
                challenged_until: 0,
                challenge_deposit: 0,
                answered_at: 0,
                ruled_at: 0,
                assessments: after.assessments,
                surplus: 0,
            },
        );
        self.vaults.insert(vault, after);
        Ok(())
    }

    /// Anybody brings receipts; all of them count, or none.
    pub fn settle(&mut self, vault: u8, receipts: &[Receipt]) -> Outcome {
        let mut after = self.clone();
        for receipt in receipts {
            after.settle_one(vault, *receipt)?;
        }
        *self = after;
        Ok(())
    }

    fn settle_one(&mut self, vault: u8, receipt: Receipt) -> Outcome {
        let mut voucher = self.voucher(vault, receipt.session)?;
        let mut after = self.vault(vault)?;
        // What was made good after a ruling cannot be consumed as well.
        let counted = receipt.cumulative.min(voucher.units - voucher.compensated);
        let mut broken = Broken::default();
        broken.unless(receipt.earlier == 0, Refusal::ReceiptForEarlierVoucher);
        broken.unless(
            self.now <= voucher.settles_until(self),
            Refusal::SettlementTooLate,
        );
        broken.unless(
            receipt.cumulative <= voucher.units,
            Refusal::ReceiptAboveVoucher,
        );
        broken.unless(counted > voucher.settled, Refusal::ReceiptNotAboveSettled);
        broken.end()?;
        let before = voucher.clone();
        voucher.settled = counted;
        after.delivered += counted - before.settled;
        if after.was_assessed_with(&before) {
            // Its tokens are used up, and with them what they were worth, but not what is to be bought back.
            let tokens = after.standing(&before, before.remaining())
                - after.standing(&voucher, voucher.remaining());
            after.outstanding -= self.backing().worth(tokens).min(after.redeemable());
            after.defaulted -= tokens;
        } else {
            after.open -= counted - before.settled;
            after.open_work -= before.remaining_work() - voucher.remaining_work();
            after.close_tokens(&before, &voucher);
        }
        // A receipt in time answers a challenge; what was staked stays with the rent.
        if voucher.challenged_until > 0 && !voucher.is_unanswered(self.now) {
            voucher.challenged_until = 0;
            voucher.challenge_deposit = 0;
            after.challenges -= 1;
        }
        self.vaults.insert(vault, after);
        self.vouchers
            .insert((vault, receipt.session), voucher.clone());
        // One whose challenge went unanswered stays: what was staked returns by compensation.
        let challenged = voucher.challenged_until > 0;
        if voucher.remaining() == 0 && self.now > voucher.opened_at && !challenged {
            self.end_voucher(vault, receipt.session);
        }
        Ok(())
    }

    /// A voucher's account closes: its rent goes to whoever paid it, with what else lies there, but what a standing
    /// challenge staked to the owner.
    pub fn end_voucher(&mut self, vault: u8, session: u32) {
        let voucher = self.vouchers.remove(&(vault, session)).expect("a voucher");
        let of = self.vaults.get_mut(&vault).expect("its vault");
        of.vouchers -= 1;
        of.challenges -= u64::from(voucher.challenged_until > 0);
        let rent = self.bank.rents.voucher + voucher.surplus - voucher.challenge_deposit;
        self.bank.move_lamports(voucher.rent_payer, rent as i64);
        self.bank
            .move_lamports(voucher.owner, voucher.challenge_deposit as i64);
    }

    /// The owner starts the dispute window.
    pub fn request_close(&mut self, vault: u8, session: u32, by: Who) -> Outcome {
        let mut voucher = self.voucher(vault, session)?;
        let mut broken = Broken::default();
        broken.unless(by == voucher.owner, Refusal::NotVoucherOwner);
        let open = voucher.closing_at == 0 && self.now < voucher.expires_at;
        broken.unless(open, Refusal::AlreadyClosing);
        broken.end()?;
        voucher.closing_at = self.now;
        self.vouchers.insert((vault, session), voucher);
        Ok(())
    }

    /// Anybody ends a voucher whose dispute window is over: what was not consumed returns to the owner as tokens.
    pub fn reclaim(&mut self, vault: u8, session: u32, to: Who) -> Outcome {
        let voucher = self.voucher(vault, session)?;
        let mut broken = Broken::default();
        broken.unless(to == voucher.owner, Refusal::NotAssociatedTokenAccount);
        let consumed = voucher.remaining() == 0 && self.now > voucher.opened_at;
        broken.unless(
            consumed || self.now > voucher.settles_until(self),
            Refusal::ReclaimTooEarly,
        );
        broken.unless(voucher.challenged_until == 0, Refusal::ChallengePending);
        broken.end()?;
        let remaining = voucher.remaining();
        self.return_units(vault, session, remaining, remaining);
        self.end_voucher(vault, session);
        Ok(())
    }

    /// The operator declines a voucher: what was not consumed returns at once.
    pub fn release_voucher(&mut self, vault: u8, session: u32, by: Who) -> Outcome {
        let voucher = self.voucher(vault, session)?;
        let mut broken = Broken::default();
        broken.unless(by == self.vault(vault)?.operator, Refusal::NotOperator);
        // A voucher reopened at the same address in the same second would take the same receipts.
        broken.unless(self.now > voucher.opened_at, Refusal::VoucherTooYoung);
        broken.unless(!voucher.is_unanswered(self.now), Refusal::CompensationDue);
        // A vendor sheds no debt by declining what was redeemed before a loss.
        let of = self.vault(vault)?;
        let tokens = self.tokens_returned(&of, &voucher, voucher.remaining());
        broken.unless(
            self.backing().due(tokens) >= voucher.remaining(),
            Refusal::ReleaseBelowClaim,
        );
        broken.end()?;
        let remaining = voucher.remaining();
        self.return_units(vault, session, remaining, remaining);
        self.end_voucher(vault, session);
        Ok(())
    }

    /// Whether a vault has defaulted.
    pub fn has_defaulted(&self, vault: u8) -> bool {
        self.vaults
            .get(&vault)
            .is_some_and(|vault| vault.status == Status::Defaulted)
    }
}
