//! Vaults: who runs one, its collateral, and its end.

use super::{
    Broken, Economy, Liquidation, Measure, Outcome, Purse, Refusal, Rules, Who,
    action::Offer,
    arithmetic::{SCU, up},
};

/// Whether a vault does business.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "words of the design")]
pub enum Status {
    Active,
    Suspended,
    Defaulted,
}

/// A vendor's pledge and debt.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "words of the design")]
pub struct Vault {
    pub status: Status,
    pub classes: u8,
    pub vendor: Who,
    pub pending_vendor: Option<Who>,
    pub issuer: Who,
    pub operator: Who,
    pub limit: u64,
    pub offer: Offer,
    pub attestation_sequence: u64,
    pub attested: Measure,
    /// What waits, and from when it counts.
    pub pending: Option<(Measure, i64)>,
    pub collateral: u64,
    pub withdrawing: u64,
    pub withdrawal_available_at: i64,
    pub outstanding: u64,
    pub open: u64,
    pub open_work: u64,
    pub delivered: u64,
    pub margin_called_at: i64,
    pub silent_at_margin_call: u64,
    pub liquidation: Liquidation,
    pub assessments: u32,
    pub defaulted: u64,
    pub open_tokens: u64,
    pub challenges: u64,
    pub opened_at: i64,
    pub vouchers: u64,
    /// What it owes to the insurance for what it neither served nor paid.
    pub penalty: u64,
    /// Since when; 0 = it owes none.
    pub penalized_at: i64,
    /// Units issued of late that still count against its share of the cap.
    pub issued: u64,
    /// Until when time has been taken off them.
    pub issued_at: i64,
}

impl Vault {
    /// What of its issues still counts at `now`, and until when time has been taken off: as much as may be issued at once
    /// ceases to count in each window, unit by unit.
    pub fn issued_by(&self, now: i64, rules: &Rules) -> (u64, i64) {
        let (burst, window) = (
            u128::from(rules.issue_burst()),
            u128::from(rules.issue_window),
        );
        let passed = u128::from(now.abs_diff(self.issued_at));
        let ceased = burst * passed / window;
        if ceased >= u128::from(self.issued) {
            return (0, now);
        }
        let seconds = (ceased * window).div_ceil(burst);
        (self.issued - ceased as u64, self.issued_at + seconds as i64)
    }

    /// Units that it owes in all.
    pub fn owed(&self) -> u128 {
        u128::from(self.outstanding) + u128::from(self.open)
    }

    /// Work that it owes: tokens under a Standard, vouchers under their own.
    pub fn owed_work(&self, work_per_scu: u64) -> u128 {
        up(self.outstanding, work_per_scu, SCU) + u128::from(self.open_work)
    }

    /// What it holds, requested for withdrawal or not.
    pub fn holds(&self) -> u64 {
        self.collateral + self.withdrawing
    }

    /// A defaulted vault whose holders lost nothing, and that owes nothing any more.
    pub fn is_settled_default(&self) -> bool {
        self.status == Status::Defaulted && self.owed() == 0 && self.liquidation.written_off == 0
    }

    /// Takes from what is requested for withdrawal first, then from what counts.
    pub fn take(&mut self, amount: u64) {
        let requested = amount.min(self.withdrawing);
        self.withdrawing -= requested;
        self.collateral -= amount - requested;
        if self.withdrawing == 0 {
            self.withdrawal_available_at = 0;
        }
    }
}

impl Economy {
    /// The authority admits a vendor, who opens its vault; the authority pays the rent.
    pub fn open_vault(&mut self, vendor: u8, by: Who, limit: u64, classes: u8) -> Outcome {
        let mut broken = Broken::default();
        broken.unless(by == self.currency.authority, Refusal::NotAuthority);
        broken.unless(!self.vaults.contains_key(&vendor), Refusal::Exists);
        broken.unless((1..=7).contains(&classes), Refusal::ClassesUnknown);
        broken.end()?;
        let rent = self.bank.rents.vault + self.bank.rents.token_account;
        self.bank.move_lamports(by, -(rent as i64));
        self.bank.purses.insert(Purse::Collateral(vendor), 0);
        self.vaults.insert(
            vendor,
            Vault {
                status: Status::Active,
                classes,
                vendor: Who::Vendor(vendor),
                pending_vendor: None,
                issuer: Who::Issuer(vendor),
                operator: Who::Operator(vendor),
                limit,
                offer: Offer {
                    price: 0,
                    units: 0,
                    retained: 0,
                },
                attestation_sequence: 0,
                attested: Measure::default(),
                pending: None,
                collateral: 0,
                withdrawing: 0,
                withdrawal_available_at: 0,
                outstanding: 0,
                open: 0,
                open_work: 0,
                delivered: 0,
                margin_called_at: 0,
                silent_at_margin_call: 0,
                liquidation: Liquidation::default(),
                assessments: 0,
                defaulted: 0,
                open_tokens: 0,
                challenges: 0,
                opened_at: self.now,
                vouchers: 0,
                penalty: 0,
                penalized_at: 0,
                issued: 0,
                issued_at: 0,
            },
        );
        Ok(())
    }

    /// The vendor changes its vault, or hands it over; whom it is handed to takes it by doing the same.
    pub fn update_vault(
        &mut self,
        vault: u8,
        by: Who,
        vendor: Option<Who>,
        operator: Option<Who>,
        classes: Option<u8>,
        offer: Option<Offer>,
    ) -> Outcome {
        let mut after = self.vault(vault)?;
        let mut broken = Broken::default();
        broken.unless(
            by == after.vendor || Some(by) == after.pending_vendor,
            Refusal::NotVendor,
        );
        broken.unless(
            classes.is_none_or(|classes| (1..=7).contains(&classes)),
            Refusal::ClassesUnknown,
        );
        let fee = self.currency.rules.fee;
        let keeps = |offer: Offer| offer.retained + fee <= 10_000;
        broken.unless(offer.is_none_or(keeps), Refusal::RetainedShareTooLarge);
        broken.end()?;
        if by != after.vendor {
            after.vendor = by;
            after.pending_vendor = None;
        }
        if let Some(vendor) = vendor {
            after.pending_vendor = Some(vendor).filter(|vendor| *vendor != after.vendor);
        }
        after.operator = operator.unwrap_or(after.operator);
        after.classes = classes.unwrap_or(after.classes);
        after.offer = offer.unwrap_or(after.offer);
        self.vaults.insert(vault, after);
        Ok(())
    }

    /// Guardian or authority stop a vault from issuing and withdrawing.
    pub fn suspend_vault(&mut self, vault: u8, by: Who) -> Outcome {
        let mut after = self.vault(vault)?;
        let mut broken = Broken::default();
        let may = by == self.currency.guardian || by == self.currency.authority;
        broken.unless(may, Refusal::NotAuthorityNorGuardian);
        broken.unless(after.status == Status::Active, Refusal::VaultNotActive);
        broken.end()?;
        after.status = Status::Suspended;
        self.vaults.insert(vault, after);
        Ok(())
    }

    /// The authority lets it go on.
    pub fn reinstate_vault(&mut self, vault: u8, by: Who) -> Outcome {
        let mut after = self.vault(vault)?;
        let mut broken = Broken::default();
        broken.unless(by == self.currency.authority, Refusal::NotAuthority);
        broken.unless(
            after.status == Status::Suspended,
            Refusal::VaultNotSuspended,
        );
        broken.end()?;
        after.status = Status::Active;
        self.vaults.insert(vault, after);
        Ok(())
    }

    /// The vendor deposits.
    pub fn deposit_collateral(&mut self, vault: u8, by: Who, amount: u64) -> Outcome {
        let mut after = self.vault(vault)?;
        let (from, to) = (Purse::Stable(by), Purse::Collateral(vault));
        let mut broken = Broken::default();
        broken.unless(by == after.vendor, Refusal::NotVendor);
        broken.unless(amount > 0, Refusal::AmountZero);
        broken.unless(
            after
                .collateral
                .checked_add(amount.saturating_sub(after.penalty))
                .is_some(),
            Refusal::Overflow,
        );
        // What it was to serve and did not comes first.
        let due = amount.min(after.penalty);
        let held = self.bank.held(from) >= amount;
        broken.unless(held, Refusal::FundsInsufficient);
        self.bank
            .require_payable(from, Purse::Insurance, due, &mut broken);
        self.bank
            .require_payable(from, to, amount - due, &mut broken);
        broken.end()?;
        after.collateral += amount - due;
        after.penalty -= due;
        if after.penalty == 0 {
            after.penalized_at = 0;
        }
        self.bank.pay(from, Purse::Insurance, due);
        self.bank.pay(from, to, amount - due);
        self.vaults.insert(vault, after);
        Ok(())
    }

    /// The vendor asks for collateral back: all that it asked for before is replaced, and the delay begins anew.
    pub fn request_withdrawal(&mut self, vault: u8, by: Who, amount: u64) -> Outcome {
        let before = self.vault(vault)?;
        let mut broken = Broken::default();
        broken.unless(by == before.vendor, Refusal::NotVendor);
        broken.unless(amount <= before.holds(), Refusal::CollateralInsufficient);
        let mut after = before.clone();
        after.promote(self.now);
        after.collateral = before.holds().saturating_sub(amount);
        after.withdrawing = amount;
        let delay = self.currency.rules.withdrawal_delay as i64;
        after.withdrawal_available_at = if amount == 0 { 0 } else { self.now + delay };
        if after.collateral < before.collateral {
            broken.unless(!self.currency.is_paused(self.now), Refusal::Paused);
            if after.owed() > 0 {
                self.require_may_issue(&after, &mut broken);
            } else {
                self.require_may_withdraw(&after, &mut broken);
            }
        }
        broken.end()?;
        self.vaults.insert(vault, after);
        Ok(())
    }

    /// The vendor is paid what it asked for, where the vault is solvent without it.
    pub fn withdraw_collateral(&mut self, vault: u8, by: Who) -> Outcome {
        let mut after = self.vault(vault)?;
        let (from, to) = (Purse::Collateral(vault), Purse::Stable(by));
        let amount = after.withdrawing;
        let mut broken = Broken::default();
        broken.unless(by == after.vendor, Refusal::NotVendor);
        broken.unless(amount > 0, Refusal::NoWithdrawalRequested);
        broken.unless(
            self.now >= after.withdrawal_available_at,
            Refusal::WithdrawalTooEarly,
        );
        broken.unless(!self.currency.is_paused(self.now), Refusal::Paused);
        self.require_may_withdraw(&after, &mut broken);
        after.promote(self.now);
        if after.owed() > 0 {
            self.require_covered(&after, &mut broken);
            let ratio = self.currency.rules.maintenance_ratio;
            self.require_collateral(&after, ratio, &mut broken);
        }
        self.bank.require_payable(from, to, amount, &mut broken);
        broken.end()?;
        after.take(amount);
        self.bank.pay(from, to, amount);
        self.vaults.insert(vault, after);
        Ok(())
    }

    /// Collateral leaves active vaults, and those whose default is over and cost nobody anything; none that owes a penalty.
    fn require_may_withdraw(&self, vault: &Vault, broken: &mut Broken) {
        broken.unless(vault.penalty == 0, Refusal::PenaltyOwed);
        if !vault.is_settled_default() {
            self.require_active(vault, broken);
        }
    }

    /// Ends a vault that owes nothing. The vendor takes what was given to it; of one whose default cost holders anything,
    /// all that is left goes to the insurance.
    pub fn close_vault(&mut self, vault: u8, by: Who) -> Outcome {
        let before = self.vault(vault)?;
        let cost_holders = before.status == Status::Defaulted && before.liquidation.written_off > 0;
        let from = Purse::Collateral(vault);
        let mut broken = Broken::default();
        broken.unless(
            before.owed() == 0 && before.vouchers == 0,
            Refusal::VaultOwes,
        );
        if !cost_holders {
            broken.unless(by == before.vendor, Refusal::NotVendor);
            broken.unless(before.holds() == 0, Refusal::VaultHolds);
            broken.unless(before.penalty == 0, Refusal::PenaltyOwed);
        }
        let to = if cost_holders {
            Purse::Insurance
        } else {
            Purse::Stable(by)
        };
        let left = self.bank.held(from);
        self.bank.require_payable(from, to, left, &mut broken);
        broken.end()?;
        let mut after = before.clone();
        self.reserve_insurance(&mut after, 0);
        self.bank.pay(from, to, left);
        self.bank.purses.remove(&from);
        self.bank.frozen.remove(&from);
        let rent = self.bank.rents.vault + self.bank.rents.token_account;
        self.bank.move_lamports(before.vendor, rent as i64);
        self.vaults.remove(&vault);
        Ok(())
    }
}
