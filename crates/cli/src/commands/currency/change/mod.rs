//! `specie currency change`

mod cancel;
mod execute;
mod list;
mod schedule;

use crate::core::{
    chain::Chain,
    duration,
    error::CliError,
    report::{Fields, Value},
    view::CurrencyView,
};
use solana_pubkey::Pubkey;
use specie_client::{
    address,
    state::{Change, ChangeKind, Params},
};

verbs! {
    /// Changes that a currency announces before they count.
    ChangeCommand {
        /// Announce a change (the authority)
        #[command(subcommand)]
        Schedule(schedule::Schedule),
        /// Make a change count whose notice has passed (anybody)
        Execute(execute::Execute),
        /// Cancel a change (the authority or the guardian)
        Cancel(cancel::Cancel),
        /// List a currency's scheduled changes
        List(list::List),
    }
}

/// The change of this number, where it was not executed or cancelled.
fn read(chain: &Chain, view: &CurrencyView, number: u64) -> Result<Change, CliError> {
    let address = address::change(&view.address, number);
    let found = chain.accounts(&[address])?;
    match found.get(&address) {
        Some(account) => account.specie(&address),
        None => Err(CliError::Chain(format!(
            "the currency {} has no change number {number}: `specie currency change list {}` lists those that wait",
            view.address, view.address
        ))),
    }
}

/// A change as people and programs read it.
fn fields(view: &CurrencyView, change: &Change) -> Fields {
    let proposal = &change.proposal;
    let notice = proposal.notice(&view.account.params).get();
    let due = change
        .eta
        .get()
        .max(change.scheduled_at.get().saturating_add(notice.into()));
    let fields = Fields::default()
        .with("change", "Change", Value::Number(change.index.get()))
        .with("kind", "Kind", Value::text(kind(proposal.kind)))
        .with(
            "scheduledAt",
            "Scheduled at",
            Value::Time(change.scheduled_at.get()),
        )
        .with("dueAt", "Due at", Value::Time(due));
    let subject = Value::Address(proposal.subject);
    match kind(proposal.kind) {
        "rules" => {
            let differing = differences(&view.account.params, &proposal.params);
            fields.with("rules", "Rules", Value::Fields(differing))
        }
        "standard" => {
            let work = proposal.work_per_scu.get();
            fields.with("standard", "Standard", Value::Work(work.into()))
        }
        "quorum" => {
            let keys = proposal.keys[..proposal.count.into()].iter();
            let keys = keys.map(|key| {
                let key = Value::Address(Pubkey::new_from_array(*key));
                Fields::default().with("key", "Key", key)
            });
            fields
                .with(
                    "threshold",
                    "Threshold",
                    Value::Number(proposal.threshold.into()),
                )
                .with("quorum", "Quorum", Value::List(keys.collect()))
        }
        "vault-limit" => fields.with("vault", "Vault", subject).with(
            "limit",
            "Limit",
            Value::scu(proposal.limit.get()),
        ),
        _ => fields.with("subject", "Subject", subject),
    }
}

/// The rules of `after` that are not as in `before`.
fn differences(before: &Params, after: &Params) -> Fields {
    let (before, after) = (super::params::fields(before), super::params::fields(after));
    let differing = after.0.into_iter().zip(before.0);
    let differing = differing.filter(|(after, before)| after.value != before.value);
    Fields(differing.map(|(after, _)| after).collect())
}

fn kind(kind: u8) -> &'static str {
    const RULES: u8 = ChangeKind::Params as u8;
    const STANDARD: u8 = ChangeKind::Standard as u8;
    const QUORUM: u8 = ChangeKind::Quorum as u8;
    const AUTHORITY: u8 = ChangeKind::Authority as u8;
    const GUARDIAN: u8 = ChangeKind::Guardian as u8;
    const TREASURY: u8 = ChangeKind::Treasury as u8;
    const VAULT_LIMIT: u8 = ChangeKind::VaultLimit as u8;
    match kind {
        RULES => "rules",
        STANDARD => "standard",
        QUORUM => "quorum",
        AUTHORITY => "authority",
        GUARDIAN => "guardian",
        TREASURY => "treasury",
        VAULT_LIMIT => "vault-limit",
        _ => "unknown",
    }
}

/// When a change may be executed, in words.
fn due(view: &CurrencyView, change: &Change) -> String {
    let notice = change.proposal.notice(&view.account.params).get();
    let waited = change.scheduled_at.get().saturating_add(notice.into());
    let due = change.eta.get().max(waited);
    format!(
        "change {} was scheduled at {}, its notice is {}, and it may be executed from {}",
        change.index.get(),
        duration::format_time(change.scheduled_at.get()),
        duration::format(notice.into()),
        duration::format_time(due)
    )
}
