//! What a rule of the program compared when it refused: numbers, times and keys, out of the accounts that a command has
//! read. The program itself answers with a code alone.

use crate::core::{amount, change::status, class, duration, report::Value, view::CurrencyView};
use solana_pubkey::Pubkey;
use specie_client::{
    refusal::Refusal,
    state::{Vault, Voucher},
};

/// The accounts that a refusal may be about.
#[derive(Clone, Copy, Default)]
pub(crate) struct Facts<'a> {
    pub(crate) currency: Option<&'a CurrencyView>,
    pub(crate) vault: Option<&'a Vault>,
    pub(crate) voucher: Option<&'a Voucher>,
}

impl Facts<'_> {
    /// The refusal with what was compared, where these accounts show it.
    pub(crate) fn explain(&self, refusal: Refusal) -> Refusal {
        let name = refusal.name.as_str();
        let found = of_voucher(name, self)
            .or_else(|| of_vault(name, self))
            .or_else(|| of_currency(name, self.currency?));
        match found {
            Some(facts) => refusal.because(facts),
            None => refusal,
        }
    }
}

fn time(unix: i64) -> String {
    duration::format_time(unix)
}

fn scu(units: u64) -> String {
    format!("{} SCU", Value::scu(units).line())
}

fn length(seconds: u32) -> String {
    duration::format(seconds.into())
}

fn share(bps: u32) -> String {
    amount::format_share(bps.into())
}

fn of_currency(name: &str, view: &CurrencyView) -> Option<String> {
    let (currency, standard, quorum) = (&view.account, &view.standard, &view.quorum);
    let params = &currency.params;
    let published_at = standard.published_at.get();
    Some(match name {
        "Paused" => format!("the pause ends at {}", time(currency.paused_until.get())),
        "PauseOutOfBounds" => format!("pause_max is {}", length(params.pause_max.get())),
        "NotAuthority" => format!("the authority is {}", currency.authority),
        "NotGuardian" => format!("the guardian is {}", currency.guardian),
        "NotAuthorityNorGuardian" => format!(
            "the authority is {}, the guardian {}",
            currency.authority, currency.guardian
        ),
        "NotAttestor" | "AttestorUnknown" => {
            let keys = quorum.keys().iter().map(|key| Pubkey::new_from_array(*key));
            let keys: Vec<String> = keys.map(|key| key.to_string()).collect();
            format!("the quorum's keys are {}", keys.join(", "))
        }
        "BelowThreshold" => format!("{} must sign", quorum.threshold),
        "QuorumEpochMismatch" => format!("the present epoch is {}", quorum.epoch.get()),
        "PriceStale" if published_at == 0 => "no price has been posted yet".into(),
        "PriceStale" => format!(
            "the last price is {} old, of {}, and may be {} old",
            duration::format(view.now.saturating_sub(published_at).max(0).unsigned_abs()),
            time(published_at),
            length(params.price_max_age.get())
        ),
        "PriceNotNewer" => format!(
            "the last one has the sequence {} and is of {}",
            standard.price_sequence.get(),
            time(published_at)
        ),
        "PriceTooSoon" => format!(
            "the last price is of {}, and the next may be of {} at the earliest",
            time(published_at),
            time(published_at.saturating_add(params.price_min_interval.get().into()))
        ),
        "PriceMoveTooLarge" => format!(
            "the last price is {}, and may move by {} for each {} that passed since {}",
            view.collateral(standard.price.get()).line(),
            share(params.price_max_move.get()),
            length(params.price_min_interval.get()),
            time(published_at)
        ),
        "VoucherBelowMinimum" => {
            format!(
                "it must be of at least {}",
                scu(params.min_voucher_units.get())
            )
        }
        "RetainedShareTooLarge" => format!("the fee is {}", share(params.fee.get())),
        _ => return None,
    })
}

fn of_vault(name: &str, facts: &Facts) -> Option<String> {
    let (vault, view) = (facts.vault?, facts.currency?);
    let balances = &vault.balances;
    let health = || view.snapshot(vault).health().ok();
    let owed = balances
        .outstanding
        .get()
        .saturating_add(balances.open.get());
    Some(match name {
        "IssueCapReached" => format!(
            "of its share of the issue cap it may issue {} now; {} are its most at once, and grow back evenly in {}",
            scu(view.snapshot(vault).issue_room().ok()?),
            scu(view.account.params.issue_burst().ok()?.get()),
            length(view.account.params.issue_window.get())
        ),
        "VaultOwes" => format!(
            "it owes {} to holders and {} in {} open vouchers",
            scu(balances.outstanding.get()),
            scu(balances.open.get()),
            vault.vouchers.get()
        ),
        "VaultHolds" => format!(
            "it holds {} as collateral and {} that is being withdrawn: `specie vault request-withdrawal`, then `specie vault \
             withdraw`",
            view.collateral(balances.collateral.get()).line(),
            view.collateral(balances.withdrawing.get()).line()
        ),
        "MarginUnchanged" | "NotMarginCalled" => {
            let health = health()?;
            let called = match vault.margin_called_at.get() {
                0 => "its margin is not called".into(),
                at => format!("its margin was called at {}", time(at)),
            };
            format!(
                "{called}, the attested capacity is {} TFLOP, and {} TFLOP are owed",
                health.capacity_work, health.owed_work
            )
        }
        "CurePeriodRunning" => format!(
            "the margin was called at {}, and the cure period of {} ends at {}",
            time(vault.margin_called_at.get()),
            length(view.account.params.cure_period.get()),
            time(
                vault
                    .margin_called_at
                    .get()
                    .saturating_add(view.account.params.cure_period.get().into())
            )
        ),
        "VaultNotDefaulted" => format!("its status is {}", status(vault.status)),
        "NotVendor" => format!("the vendor is {}", vault.vendor),
        "NotOperator" => format!("the operator is {}", vault.operator),
        "OfferTooSmall" => format!("it has {} left to sell", scu(vault.offer.units.get())),
        "LimitExceeded" => format!(
            "the limit is {}, and {} are owed",
            scu(vault.limit.get()),
            scu(owed)
        ),
        "CoverageBelowFull" => {
            let health = health()?;
            format!(
                "the attested capacity is {} TFLOP, and {} TFLOP are owed",
                health.capacity_work, health.owed_work
            )
        }
        "CollateralBelowRatio" => format!(
            "it holds {}, and must hold {} of what it owes, which was worth {} before this",
            view.collateral(balances.collateral.get()).line(),
            share(view.account.params.collateral_ratio.get()),
            view.collateral(health()?.owed_value).line()
        ),
        "CollateralInsufficient" => format!(
            "it holds {}",
            view.collateral(balances.collateral.get()).line()
        ),
        "WithdrawalTooEarly" => format!(
            "{} can be withdrawn from {}",
            view.collateral(balances.withdrawing.get()).line(),
            time(vault.withdrawal_available_at.get())
        ),
        "MarginCalled" => format!(
            "the margin was called at {}, and the cure period is {}",
            time(vault.margin_called_at.get()),
            length(view.account.params.cure_period.get())
        ),
        "OutstandingExceeded" => {
            format!("it owes {} to holders", scu(balances.outstanding.get()))
        }
        "ClassNotOffered" => format!("it offers {}", class::names(vault.classes).line()),
        "AttestationNotNewer" => format!(
            "the last one has the sequence {}",
            vault.attestation_sequence.get()
        ),
        "MeasuredBeforeOpening" => {
            format!("the vault was opened at {}", time(vault.opened_at.get()))
        }
        _ => return None,
    })
}

fn of_voucher(name: &str, facts: &Facts) -> Option<String> {
    let (voucher, view) = (facts.voucher?, facts.currency?);
    let ends = voucher.settles_until(&view.account.params).ok()?.get();
    let begins = match voucher.closing_at.get() {
        0 => format!("it expires at {}", time(voucher.expires_at.get())),
        closing_at => format!("it was closed at {}", time(closing_at)),
    };
    Some(match name {
        "ReclaimTooEarly" => format!(
            "{begins}, receipts count until {}, and it can be reclaimed after that",
            time(ends)
        ),
        "AlreadyClosing" => format!("{begins}, and receipts count until {}", time(ends)),
        "SettlementTooLate" => format!("receipts counted until {}", time(ends)),
        "ReceiptAboveVoucher" => format!("it holds {}", scu(voucher.units.get())),
        "ReceiptNotAboveSettled" => format!("{} are settled", scu(voucher.settled.get())),
        "ChallengePending" | "AnswerWindowOpen" | "CompensationDue" | "AnswerTooLate" => {
            format!(
                "the challenge is open until {}",
                time(voucher.challenged_until.get())
            )
        }
        "NotChallenged" => match voucher.answered_at.get() {
            0 => "it was never challenged".into(),
            at => format!("its challenge was answered at {}", time(at)),
        },
        "NotVoucherOwner" => format!("the owner is {}", voucher.owner),
        _ => return None,
    })
}
