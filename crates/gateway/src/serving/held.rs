//! A request between its hold and its end.

use super::meter::Counted;
use super::rate::Ticket;
use super::record::{Keeping, Record};
use super::{Model, ServeError, is_nothing};
use crate::clock::UnixTime;
use crate::ledger::change::{ChargeHold, ChargeOnce, Release};
use crate::ledger::{Charge, Ledger};
use crate::observe::gen_ai::Measured;
use crate::tariff::{Tariff, Usage};
use solana_pubkey::Pubkey;
use std::sync::atomic::{AtomicBool, Ordering};

/// A request whose most possible cost is held.
///
/// However serving ends, the hold does: one that is neither charged nor released when this is dropped, as after a panic,
/// is released then.
#[derive(Debug)]
pub(super) struct HeldRequest {
    /// The hold.
    pub(super) id: String,
    /// The voucher of which it is held.
    pub(super) voucher: Pubkey,
    /// The price that it was held at.
    pub(super) tariff: Tariff,
    /// The most tokens that may be written. Whatever an upstream counts beyond them is not charged: a record of more than
    /// was asked for would be wrong.
    pub(super) most_output: u64,
    /// The ledger that has the hold.
    pub(super) ledger: Ledger,
    /// How much of the answer is kept, if the request carries an idempotency key.
    pub(super) keeping: Option<Keeping>,
    /// The request's share of its session's rate.
    pub(super) ticket: Ticket,
    /// Times and counts the request.
    pub(super) measured: Measured,
    /// Whether the hold stands.
    pub(super) hold: HoldState,
}

/// Whether a hold stands: not before the ledger has it, and not once something has ended it.
#[derive(Debug, Default)]
pub(super) struct HoldState(AtomicBool);

impl HoldState {
    /// The ledger has it.
    pub(super) fn stands(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    /// Something ends it, and whether it stood.
    fn ends(&self) -> bool {
        self.0.swap(false, Ordering::SeqCst)
    }
}

impl HeldRequest {
    /// The record for the answer, if it is kept.
    pub(super) fn record(&self, streamed: bool) -> Option<Record> {
        self.keeping.map(|keeping| Record::new(keeping, streamed))
    }

    /// The usage to charge. Where tokens have no price, none are estimated. Where they have one and a complete answer came
    /// without a report of them, a warning is logged and counted.
    pub(super) fn usage_of(&self, counted: Counted, model: &Model, answered_whole: bool) -> Usage {
        if counted.is_estimated && !model.is_priced_by_tokens() {
            return Usage::default();
        }
        if !counted.is_estimated || !answered_whole {
            return counted.usage;
        }
        self.measured.usage_missing();
        tracing::warn!(
            model = model.id,
            request = self.id,
            input = counted.usage.input,
            output = counted.usage.output,
            "the model's server did not report usage: the request is charged by an estimate"
        );
        counted.usage
    }

    /// Ends the hold with a durable charge of the usage, and with the answer if it is kept.
    pub(super) async fn charge(
        &self,
        usage: Usage,
        record: Option<Record>,
        now: UnixTime,
    ) -> Result<Charge, ServeError> {
        let charge = ChargeHold {
            id: self.id.clone(),
            usage: Usage {
                output: usage.output.min(self.most_output),
                ..usage
            },
            tariff: self.tariff,
            now,
        };
        // From here on the ledger ends it: a charge that cannot be written is released by it.
        self.hold.ends();
        let charge = match record.map(Record::into_answer) {
            Some(answer) => self.ledger.apply(ChargeOnce { charge, answer }).await??,
            None => self.ledger.apply(charge).await??,
        };
        self.ticket.spend(charge.units);
        self.measured.charged(charge.usage);
        Ok(charge)
    }

    /// As [`charge`](Self::charge), and without a charge if nothing was consumed, for this reason.
    pub(super) async fn charge_or_release(
        &self,
        usage: Usage,
        record: Option<Record>,
        reason: &'static str,
        now: UnixTime,
    ) -> Result<Option<Charge>, ServeError> {
        if is_nothing(usage) {
            self.measured.failed(reason);
            self.release().await;
            return Ok(None);
        }
        self.charge(usage, record, now).await.map(Some)
    }

    /// Ends the hold without a charge. If that cannot be written, the ledger does it as soon as it can.
    pub(super) async fn release(&self) {
        self.hold.ends();
        release(&self.ledger, self.id.clone()).await;
    }
}

async fn release(ledger: &Ledger, id: String) {
    let release = Release { id: id.clone() };
    if let Err(error) = ledger.apply(release).await {
        tracing::error!(%error, request = id, "releasing a hold failed; the ledger releases it once it can be written");
    }
}

impl Drop for HeldRequest {
    fn drop(&mut self) {
        if !self.hold.ends() {
            return;
        }
        if std::thread::panicking() {
            self.measured.panicked();
            tracing::error!(
                request = self.id,
                "serving a request panicked: its hold is released"
            );
        }
        // Where the runtime has ended, so has the process, and the next start releases it.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            let (ledger, id) = (self.ledger.clone(), self.id.clone());
            runtime.spawn(async move { release(&ledger, id).await });
        }
    }
}
