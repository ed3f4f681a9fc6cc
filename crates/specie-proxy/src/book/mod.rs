//! What a gateway charged, against what was asked of it and what came back.
//!
//! A record is checked by itself, against the price that was published when its session began, against the request that
//! it is for, and against the records before it. The gateway cannot know which requests were watched, so it is caught by
//! the first unit too many.

mod fault;

pub(crate) use fault::BookError;
pub use fault::Fault;

use crate::ask::Ask;
use crate::records::Records;
use crate::tab::TabError;
use sha2::{Digest as _, Sha256};
use specie_claims::tariff::Tariff;
use specie_claims::units::Units;
use specie_claims::usage::{RecordFault, Statement, UsageRecord};
use specie_wire::{Key, Voucher};
use std::collections::{BTreeMap, HashMap};
use std::path::Path;

/// A charge that is known, whoever signed its record when.
type Digest = [u8; 32];

fn digest(record: &UsageRecord) -> Digest {
    let claims = serde_json::to_vec(record).expect("a record is a plain struct");
    Sha256::digest(claims).into()
}

/// A request whose answer has begun, or was broken off: its record may come later.
#[derive(Clone, Copy, Debug)]
struct Named {
    input: u64,
    output: u64,
    most: Units,
}

impl Named {
    /// Checks that a record's tokens can have been sent and written.
    fn require(&self, record: &UsageRecord) -> Result<(), Fault> {
        if record.input_tokens > self.input {
            return Err(Fault::MoreReadThanSent {
                tokens: record.input_tokens,
                most: self.input,
            });
        }
        if record.output_tokens > self.output {
            return Err(Fault::MoreWrittenThanCame {
                tokens: record.output_tokens,
                most: self.output,
            });
        }
        Ok(())
    }
}

/// The number of a request that was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Ticket(u64);

/// What the gateway could ask a receipt for when a request was sent.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bound {
    then: Units,
    begun: Units,
}

/// What was charged after the proxy that asked for it had ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Unwatched {
    /// Charges.
    pub charges: u64,
    /// What they came to.
    pub units: Units,
}

/// One voucher's charges.
pub(crate) struct Book {
    statement: Statement,
    records: Records,
    digests: Vec<Digest>,
    /// Records that came before their turn.
    ahead: BTreeMap<u64, (UsageRecord, String)>,
    /// Each session's prices when it began.
    sessions: HashMap<String, HashMap<String, Tariff>>,
    tickets: u64,
    /// Requests without an answer yet.
    open: HashMap<Ticket, Units>,
    /// Requests with an answer and without a record yet, by their identity.
    named: HashMap<String, Named>,
    /// Charges of requests whose answer has not come, by their identity.
    unclaimed: HashMap<String, UsageRecord>,
    /// The most that requests can cost whose answer will never come.
    lost: Units,
    /// The most of all requests ever sent, to know what has begun since.
    begun: Units,
    settled: Units,
    /// What was consumed when watching began: what the chain has settled counts as consumed, whatever the records come to.
    base: Units,
    /// The sum of the records since.
    charged: Units,
    unwatched: Unwatched,
    watching: bool,
}

impl Book {
    /// Opens a voucher's records. `settled` is what the chain says was settled of it.
    pub(crate) fn open(
        folder: &Path,
        terms: &Voucher,
        issuer: Key,
        settled: Units,
    ) -> Result<Self, TabError> {
        let mut statement = Statement::new(terms, issuer, settled);
        let (records, known) = Records::open(folder, terms, &mut statement)?;
        Ok(Self {
            statement,
            records,
            digests: known.iter().map(digest).collect(),
            ahead: BTreeMap::new(),
            sessions: HashMap::new(),
            tickets: 0,
            open: HashMap::new(),
            named: HashMap::new(),
            unclaimed: HashMap::new(),
            lost: Units::ZERO,
            begun: Units::ZERO,
            settled,
            base: Units::ZERO,
            charged: Units::ZERO,
            unwatched: Unwatched::default(),
            watching: false,
        })
    }

    /// What the records come to.
    pub(crate) fn consumed(&self) -> Units {
        self.statement.cumulative().unwrap_or_default()
    }

    /// What the records come to; where there are none, what the gateway `says`, as far as it was settled on chain.
    pub(crate) fn consumed_or(&self, says: Units) -> Units {
        self.statement
            .cumulative()
            .unwrap_or_else(|| says.min(self.settled))
    }

    /// The allowance that a session needs at least to be opened.
    pub(crate) fn first_allowance(&self) -> Units {
        self.consumed().max(self.settled)
    }

    /// The number of the last record in order.
    pub(crate) fn number(&self) -> u64 {
        self.statement.number()
    }

    pub(crate) fn unwatched(&self) -> Unwatched {
        self.unwatched
    }

    pub(crate) fn records_file(&self) -> &Path {
        self.records.path()
    }

    /// Requests that were sent and whose answer has not ended, or whose record has not come.
    pub(crate) fn outstanding(&self) -> usize {
        self.open.len() + self.named.len() + self.ahead.len()
    }

    /// A session began, at these prices.
    pub(crate) fn session(&mut self, id: &str, tariffs: HashMap<String, Tariff>) {
        self.sessions.insert(id.to_owned(), tariffs);
    }

    /// From now on every charge must be of a request that was made here. `held` is what the gateway held before: its
    /// requests were made before this run, and are charged yet.
    pub(crate) fn watch(&mut self, held: Units) {
        if !self.watching {
            self.watching = true;
            self.base = self.consumed().max(self.settled);
            self.lost = held;
        }
    }

    /// Whether [`watch`](Self::watch) was called.
    pub(crate) fn is_watching(&self) -> bool {
        self.watching
    }

    /// A request is about to be sent.
    pub(crate) fn ask(&mut self, most: Units) -> (Ticket, Bound) {
        let ticket = Ticket(self.tickets);
        self.tickets += 1;
        self.open.insert(ticket, most);
        self.begun = self.begun.saturating_add(most);
        let then = self
            .base
            .saturating_add(self.charged)
            .max(self.consumed())
            .max(self.settled)
            .saturating_add(self.pending());
        let bound = Bound {
            then,
            begun: self.begun,
        };
        (ticket, bound)
    }

    /// The highest receipt that the gateway can want for a request, by its own prices: what was consumed, what is not
    /// charged yet, and what was asked since.
    pub(crate) fn most_wanted(&self, bound: Bound) -> Units {
        let since = self.begun.saturating_sub(bound.begun);
        bound.then.saturating_add(since)
    }

    /// The most that everything can cost whose record has not come.
    fn pending(&self) -> Units {
        let sum = |sum: Units, units: Units| sum.saturating_add(units);
        let open = self.open.values().copied().fold(self.lost, sum);
        self.named.values().map(|named| named.most).fold(open, sum)
    }

    /// The request was refused, or cannot have been heard: it costs nothing.
    pub(crate) fn refused(&mut self, ticket: Ticket) {
        self.open.remove(&ticket);
    }

    /// The request may have been heard, and its answer will not come.
    pub(crate) fn lost(&mut self, ticket: Ticket) {
        if let Some(most) = self.open.remove(&ticket) {
            self.lost = self.lost.saturating_add(most);
        }
    }

    /// The answer has begun, and names the request.
    pub(crate) fn named(&mut self, ticket: Ticket, id: &str, ask: &Ask) -> Result<(), Fault> {
        let Some(most) = self.open.remove(&ticket) else {
            return Ok(());
        };
        let named = Named {
            input: ask.input,
            output: ask.output,
            most,
        };
        match self.unclaimed.remove(id) {
            Some(record) => named.require(&record)?,
            None => {
                self.named.insert(id.to_owned(), named);
            }
        }
        self.require_asked()
    }

    /// The answer has ended, with this record; `output` is the most tokens that what came can have had.
    pub(crate) fn answered(
        &mut self,
        id: &str,
        ask: &Ask,
        output: u64,
        token: &str,
    ) -> Result<(), BookError> {
        let record = self.statement.read(token).map_err(Fault::from)?;
        let bounds = Named {
            input: ask.input,
            output,
            most: ask.most,
        };
        if record.jti == id {
            bounds.require(&record)?;
        }
        self.take_read(record, token)?;
        self.named.remove(id);
        Ok(())
    }

    /// The answer has ended whole, and nothing was charged for it.
    pub(crate) fn was_free(&mut self, id: &str) {
        self.named.remove(id);
    }

    /// Takes a record in. One that is known already changes nothing.
    fn take_read(&mut self, record: UsageRecord, token: &str) -> Result<(), BookError> {
        let digest = digest(&record);
        if let Some(known) = self.known(record.number) {
            return if known == digest {
                Ok(())
            } else {
                Err(Fault::TwoRecords(record.number).into())
            };
        }
        if self.watching {
            self.check_price(&record)?;
        }
        self.claim(&record)?;
        self.ahead.insert(record.number, (record, token.to_owned()));
        while let Some((record, token)) = self.ahead.remove(&(self.statement.number() + 1)) {
            self.statement.follow(&record).map_err(Fault::from)?;
            if self.watching {
                self.charged = self.charged.saturating_add(record.units);
            }
            self.digests.push(self::digest(&record));
            self.records.add(&token)?;
        }
        self.require_asked()?;
        Ok(())
    }

    /// Takes in the next record of a list, which is in order and whole: what is missing in it is missing.
    pub(crate) fn take_listed(&mut self, token: &str) -> Result<(), BookError> {
        let record = self.statement.read(token).map_err(Fault::from)?;
        let expected = self.statement.number() + 1;
        if record.number > expected {
            let found = record.number;
            return Err(Fault::from(RecordFault::Gap { expected, found }).into());
        }
        self.take_read(record, token)
    }

    fn known(&self, number: u64) -> Option<Digest> {
        if let Some((record, _)) = self.ahead.get(&number) {
            return Some(digest(record));
        }
        let index = usize::try_from(number.checked_sub(1)?).ok()?;
        self.digests.get(index).copied()
    }

    /// A lower price than the published one is a gift.
    fn check_price(&self, record: &UsageRecord) -> Result<(), Fault> {
        let tariffs = self
            .sessions
            .get(&record.session)
            .ok_or_else(|| Fault::OfAnotherSession(record.session.clone()))?;
        let published = tariffs.get(&record.model);
        let charged = record.tariff();
        let fair = published.is_some_and(|published| {
            charged.input_units_per_1000 <= published.input_units_per_1000
                && charged.cached_units_per_1000 <= published.cached_units_per_1000
                && charged.output_units_per_1000 <= published.output_units_per_1000
                && charged.units_per_second <= published.units_per_second
        });
        if fair {
            return Ok(());
        }
        Err(Fault::Dearer {
            model: record.model.clone(),
        })
    }

    /// Finds the request that a record is for.
    fn claim(&mut self, record: &UsageRecord) -> Result<(), Fault> {
        if let Some(named) = self.named.get(&record.jti) {
            named.require(record)?;
            self.named.remove(&record.jti);
        } else if self.watching {
            self.unclaimed.insert(record.jti.clone(), record.clone());
        } else {
            self.unwatched.charges += 1;
            self.unwatched.units = self.unwatched.units.saturating_add(record.units);
        }
        Ok(())
    }

    /// Charges of requests that are not known are at most what the requests without an answer can cost.
    fn require_asked(&self) -> Result<(), Fault> {
        let sum = |sum: Units, units: Units| sum.saturating_add(units);
        let unclaimed = self.unclaimed.values().map(|record| record.units);
        let units = unclaimed.fold(Units::ZERO, sum);
        let most = self.open.values().copied().fold(self.lost, sum);
        if units <= most {
            return Ok(());
        }
        Err(Fault::NeverAsked { units, most })
    }
}

#[cfg(test)]
mod tests;
