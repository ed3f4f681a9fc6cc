//! The economy once more, in plain words: a reference model to hold the program against.
//!
//! It is written from what the currency promises (docs/design.md and the decisions in docs/adr), not from the program,
//! and shares no rule with it: whole numbers wide enough for anything, plain maps, no addresses, no bytes. Clarity comes
//! before speed. An action either happens or names every fact that is broken ([`Broken`]), and then nothing has changed.
//!
//! Amounts are base units, shares parts per 10,000, times Unix seconds and 0 "none" wherever the promises say so.

pub mod action;
pub mod arithmetic;
mod bank;
mod book;
mod capacity;
mod cast;
mod currency;
mod default;
mod dispute;
mod founding;
mod governance;
mod issuing;
mod refusal;
mod rules;
mod staking;
mod standard;
mod vault;
mod voucher;

use {
    action::{Action, Signing},
    std::collections::{BTreeMap, BTreeSet},
};

pub use {
    bank::{Bank, Rents},
    book::{Backing, Book},
    capacity::Measure,
    cast::{Coin, Purse, Who},
    currency::Currency,
    default::Liquidation,
    founding::Founding,
    governance::{CHANGE_GRACE, Change},
    refusal::{Broken, Refusal, program_error},
    rules::Rules,
    staking::{Pool, Stake},
    standard::{Quorum, Standard},
    vault::{Status, Vault},
    voucher::Voucher,
};

/// What an action comes to.
pub type Outcome = Result<(), Broken>;

/// How far ahead of the clock a signed time may be.
pub const CLOCK_SKEW: i64 = 60;

/// How far the number of a signed message may leap.
pub const LEAP_MAX: i64 = 1 << 32;

/// A currency and everything of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Economy {
    /// The chain's clock.
    pub now: i64,
    /// All token accounts, and what lamports everybody gained or lost.
    pub bank: Bank,
    /// Who governs, by which rules.
    pub currency: Currency,
    /// What all vaults owe.
    pub book: Book,
    /// What an SCU is and costs.
    pub standard: Standard,
    /// Who attests.
    pub quorum: Quorum,
    /// What stakers earn.
    pub pool: Pool,
    /// The vaults, by the number of their founder.
    pub vaults: BTreeMap<u8, Vault>,
    /// The vouchers, by vault and session.
    pub vouchers: BTreeMap<(u8, u32), Voucher>,
    /// The scheduled changes, by label.
    pub changes: BTreeMap<u32, Change>,
    /// The stakes.
    pub stakes: BTreeMap<Who, Stake>,
    /// Other currencies, by the number of their mint.
    pub founded: BTreeSet<u32>,
}

impl Economy {
    /// Does what an action says, or names what is broken and changes nothing.
    pub fn act(&mut self, action: &Action) -> Outcome {
        let outcome = self.carry_out(action);
        self.book = self.sums();
        outcome
    }

    fn carry_out(&mut self, action: &Action) -> Outcome {
        match *action {
            Action::CreateCurrency {
                mint,
                supply,
                rule,
                value,
                threshold,
                keys,
                work,
            } => self.create_currency(mint, supply, (rule, value), (threshold, keys), work),
            Action::ScheduleChange {
                label,
                by,
                proposal,
            } => self.schedule_change(label, by, proposal),
            Action::ExecuteChange { label, by } => self.execute_change(label, by),
            Action::CancelChange { label, by } => self.cancel_change(label, by),
            Action::Pause { by, seconds } => self.pause(by, seconds),
            Action::Resume { by } => self.resume(by),
            Action::PostPrice {
                price,
                sequence,
                ago,
                signing,
            } => self.post_price(price, sequence, self.now - ago, signing),
            Action::OpenVault {
                vendor,
                by,
                limit,
                classes,
            } => self.open_vault(vendor, by, limit, classes),
            Action::UpdateVault {
                vault,
                by,
                vendor,
                operator,
                classes,
                offer,
            } => self.update_vault(vault, by, vendor, operator, classes, offer),
            Action::SuspendVault { vault, by } => self.suspend_vault(vault, by),
            Action::ReinstateVault { vault, by } => self.reinstate_vault(vault, by),
            Action::AttestCapacity {
                vault,
                rate,
                ends,
                sequence,
                ago,
                signing,
            } => {
                let (ends_at, attested_at) = (self.now + ends, self.now - ago);
                self.attest_capacity(vault, rate, ends_at, attested_at, sequence, signing)
            }
            Action::VetoAttestation { vault, by } => self.veto_attestation(vault, by),
            Action::DepositCollateral { vault, by, amount } => {
                self.deposit_collateral(vault, by, amount)
            }
            Action::RequestWithdrawal { vault, by, amount } => {
                self.request_withdrawal(vault, by, amount)
            }
            Action::WithdrawCollateral { vault, by } => self.withdraw_collateral(vault, by),
            Action::Issue {
                vault,
                by,
                to,
                tokens,
                most,
            } => self.issue(vault, by, to, tokens, most),
            Action::Purchase {
                vault,
                by,
                tokens,
                most,
            } => self.purchase(vault, by, tokens, most),
            Action::Redeem {
                vault,
                by,
                session,
                tokens,
                class,
            } => self.redeem(vault, by, session, tokens, class),
            Action::Settle {
                vault,
                ref receipts,
            } => self.settle(vault, receipts),
            Action::RequestClose { vault, session, by } => self.request_close(vault, session, by),
            Action::Reclaim { vault, session, to } => self.reclaim(vault, session, to),
            Action::ReleaseVoucher { vault, session, by } => {
                self.release_voucher(vault, session, by)
            }
            Action::Challenge { vault, session, by } => self.challenge(vault, session, by),
            Action::Answer {
                vault,
                session,
                by,
                issuer,
                more,
            } => self.answer(vault, session, by, issuer, more),
            Action::Compensate { vault, session } => self.compensate(vault, session),
            Action::RuleBreach {
                vault,
                session,
                by,
                units,
                ago,
                signing,
            } => self.rule_breach((vault, session), by, units, self.now - ago, signing),
            Action::CallMargin { vault } => self.call_margin(vault),
            Action::DefaultVault { vault } => self.default_vault(vault),
            Action::Liquidate {
                vault,
                by,
                tokens,
                least,
            } => self.liquidate(vault, by, tokens, least),
            Action::CloseVault { vault, by } => self.close_vault(vault, by),
            Action::Distribute { treasury } => self.distribute(treasury),
            Action::Stake { by, tokens } => self.stake(by, tokens),
            Action::Unstake { by, tokens } => self.unstake(by, tokens),
            Action::Claim { by } => self.claim(by),
            Action::Wait { seconds } => {
                self.now += seconds;
                Ok(())
            }
            Action::Donate { to, amount } => self.bank.donate(to, amount),
            Action::Freeze { account } => self.bank.set_frozen(account, true),
            Action::Thaw { account } => self.bank.set_frozen(account, false),
            Action::Burn { by, tokens } => self.bank.burn_outside(by, tokens),
            Action::Transfer { by, to, tokens } => {
                self.bank
                    .transfer(Purse::Tokens(by), Purse::Tokens(to), tokens)
            }
        }
    }

    fn vault(&self, vault: u8) -> Result<Vault, Broken> {
        Ok(self.vaults.get(&vault).ok_or(Refusal::Missing)?.clone())
    }

    fn voucher(&self, vault: u8, session: u32) -> Result<Voucher, Broken> {
        self.vault(vault)?;
        Ok(self
            .vouchers
            .get(&(vault, session))
            .ok_or(Refusal::Missing)?
            .clone())
    }

    /// What a message of the quorum's needs.
    fn require_signed(&self, signing: Signing, broken: &mut Broken) {
        let signers = self.quorum.signers(signing);
        broken.unless(signing.epoch == 0, Refusal::QuorumEpochMismatch);
        broken.unless(signers >= self.quorum.threshold, Refusal::BelowThreshold);
    }

    fn price_is_fresh(&self) -> bool {
        let age = self.now - self.standard.published_at;
        self.standard.price > 0 && age <= self.currency.rules.price_max_age as i64
    }
}
