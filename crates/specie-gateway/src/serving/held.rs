//! A request between its hold and its end.

use super::rate::Ticket;
use super::record::{Keeping, Record};
use super::{ServeError, is_nothing};
use crate::clock::UnixTime;
use crate::ledger::change::{ChargeHold, ChargeOnce, Release};
use crate::ledger::{Charge, Ledger};
use crate::observe::gen_ai::Measured;
use crate::tariff::{Tariff, Usage};

/// A request whose most possible cost is held.
#[derive(Debug)]
pub struct HeldRequest {
    /// The hold.
    pub id: String,
    /// The price that it was held at.
    pub tariff: Tariff,
    /// The most tokens that may be written. Whatever an upstream counts beyond them is not charged: a record of more than
    /// was asked for would be wrong.
    pub most_output: u64,
    /// Where it is held.
    pub ledger: Ledger,
    /// What is kept of its answer, if the request carries an idempotency key.
    pub keeping: Option<Keeping>,
    /// What it took of its session's rate.
    pub ticket: Ticket,
    /// What times it.
    pub measured: Measured,
}

impl HeldRequest {
    /// The record that its answer goes into, if it is kept.
    pub(super) fn record(&self, streamed: bool) -> Option<Record> {
        self.keeping.map(|keeping| Record::new(keeping, streamed))
    }

    /// Ends the hold with what was consumed, durably, and with the answer if it is kept.
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
    pub async fn release(&self) {
        let release = Release {
            id: self.id.clone(),
        };
        if let Err(error) = self.ledger.apply(release).await {
            tracing::error!(%error, request = self.id, "a hold stays for the time being");
        }
    }
}
