//! What a gateway charged, against what was asked of it and what came back.
//!
//! A record is checked by itself, against the price that was published when its session began, against the request that
//! it is for, and against the records before it. The gateway cannot know which requests were watched, so it is caught by
//! the first unit too many. What can be proven is a [`Fault`], and bars the vault; a count that only the vendor can know is a
//! [`Doubt`]. It is the same for plain answers and for streams.

mod fault;

pub(crate) use fault::BookError;
pub use fault::Fault;

use crate::ask::{Ask, Seen};
use crate::doubt::Doubt;
use crate::records::Records;
use crate::tab::TabError;
use sha2::{Digest as _, Sha256};
use specie_claims::clock::Moment;
use specie_claims::issuers::Issuers;
use specie_claims::tariff::Tariff;
use specie_claims::units::Units;
use specie_claims::usage::{RecordFault, Statement, UsageRecord};
use specie_wire::Voucher;
use std::collections::{BTreeMap, HashMap};
use std::path::Path;

/// Milliseconds after which a request that was given up is at the gateway, or never will be.
const IN_TRANSIT: u64 = 60_000;
/// Requests that are remembered although they were free.
const LAPSED: usize = 1_024;

/// A charge that is known, whoever signed its record when.
type Digest = [u8; 32];

fn digest(record: &UsageRecord) -> Digest {
    let claims = serde_json::to_vec(record).expect("a record is a plain struct");
    Sha256::digest(claims).into()
}

/// A request whose answer has begun: its record comes with the answer, or in a list.
#[derive(Clone, Debug)]
struct Named {
    ask: Ask,
    asked_at: Moment,
    /// Its record, if that was listed before the answer ended.
    listed: Option<(UsageRecord, String)>,
    /// `Some` once the answer has ended without a record, with what was seen of it if it came whole.
    ended: Option<Option<Seen>>,
}

/// A request that may have been heard, and whose answer will not come.
#[derive(Clone, Copy, Debug)]
struct Lost {
    most: Units,
    since: Moment,
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
    /// Requests with an answer that has not ended, or whose record has not come, by their identity.
    named: HashMap<String, Named>,
    /// Requests that were free as far as is known. Should one be charged after all, it was made.
    lapsed: HashMap<String, Named>,
    /// Charges of requests whose answer has not come, by their identity.
    unclaimed: HashMap<String, (UsageRecord, String)>,
    /// Requests whose answer will never come.
    lost: Vec<Lost>,
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
        issuers: Issuers,
        settled: Units,
    ) -> Result<Self, TabError> {
        let mut statement = Statement::new(terms, issuers, settled);
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
            lapsed: HashMap::new(),
            unclaimed: HashMap::new(),
            lost: Vec::new(),
            begun: Units::ZERO,
            settled,
            base: Units::ZERO,
            charged: Units::ZERO,
            unwatched: Unwatched::default(),
            watching: false,
        })
    }

    /// The keys that may have signed the records.
    pub(crate) fn issuers(&self) -> &Issuers {
        self.statement.issuers()
    }

    /// From now on these may have signed the records.
    pub(crate) fn set_issuers(&mut self, issuers: Issuers) {
        self.statement.set_issuers(issuers);
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
    pub(crate) fn watch(&mut self, held: Units, now: Moment) {
        if !self.watching {
            self.watching = true;
            self.base = self.consumed().max(self.settled);
            if held != Units::ZERO {
                self.lost.push(Lost {
                    most: held,
                    since: now,
                });
            }
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
        let unrecorded = self.named.values().filter(|named| named.listed.is_none());
        unrecorded
            .map(|named| named.ask.most)
            .fold(self.unanswered(), sum)
    }

    /// The most that requests can cost whose identity is not known.
    fn unanswered(&self) -> Units {
        let sum = |sum: Units, units: Units| sum.saturating_add(units);
        let lost = self.lost.iter().map(|lost| lost.most);
        self.open
            .values()
            .copied()
            .chain(lost)
            .fold(Units::ZERO, sum)
    }

    /// The request was refused, or cannot have been heard: it costs nothing.
    pub(crate) fn refused(&mut self, ticket: Ticket) {
        self.open.remove(&ticket);
    }

    /// The request may have been heard, and its answer will not come.
    pub(crate) fn lost(&mut self, ticket: Ticket, now: Moment) {
        if let Some(most) = self.open.remove(&ticket) {
            self.lost.push(Lost { most, since: now });
        }
    }

    /// The answer has begun, and names the request.
    pub(crate) fn named(
        &mut self,
        ticket: Ticket,
        id: &str,
        ask: &Ask,
        now: Moment,
    ) -> Result<(), Fault> {
        if self.open.remove(&ticket).is_none() {
            return Ok(());
        }
        let listed = self.unclaimed.remove(id);
        if let Some((record, _)) = &listed {
            ask.require(record)?;
        }
        let named = Named {
            ask: ask.clone(),
            asked_at: now,
            listed,
            ended: None,
        };
        self.lapsed.remove(id);
        self.named.insert(id.to_owned(), named);
        self.require_asked()
    }

    /// The answer has ended, with this record. `seen` is what was seen of it, if it came whole.
    pub(crate) fn answered(
        &mut self,
        id: &str,
        seen: Option<Seen>,
        token: &str,
    ) -> Result<Option<Doubted>, BookError> {
        let taken = self
            .statement
            .read(token)
            .map_err(|fault| Fault::from(fault).into())
            .and_then(|record| self.take_answered(id, seen, record, token));
        if taken.is_err() {
            // Its record may be listed yet, by a signer that is known.
            self.ended(id, seen);
        }
        taken
    }

    fn take_answered(
        &mut self,
        id: &str,
        seen: Option<Seen>,
        record: UsageRecord,
        token: &str,
    ) -> Result<Option<Doubted>, BookError> {
        if self.is_known(&record)? {
            // What was charged before this request was made is an answer that is given again.
            let named = self.named.remove(id);
            let is_listed =
                |named: &Named| named.listed.as_ref().is_some_and(|(l, _)| *l == record);
            let asked = named.filter(is_listed);
            let doubt = asked.and_then(|named| named.ask.doubt(&record, seen.as_ref()));
            return Ok(doubt.map(|doubt| Doubted::new(doubt, record, token)));
        }
        if let Some(named) = self.named.get_mut(id) {
            named.ended = Some(seen);
        }
        self.take_new(record, token)
    }

    /// The answer has ended without a record. Whether it was free shows once all records were listed.
    pub(crate) fn ended(&mut self, id: &str, seen: Option<Seen>) -> Option<Doubted> {
        let named = self.named.get_mut(id)?;
        named.ended = Some(seen);
        let (record, token) = named.listed.take()?;
        let doubt = named.ask.doubt(&record, seen.as_ref());
        self.named.remove(id);
        doubt.map(|doubt| Doubted::new(doubt, record, &token))
    }

    /// Requests whose answer has ended and whose record has not come.
    pub(crate) fn unrecorded(&self) -> Vec<String> {
        let ended = self.named.iter().filter(|(_, named)| named.ended.is_some());
        ended.map(|(id, _)| id.clone()).collect()
    }

    /// Whether there are requests of which only the gateway can say what became of them.
    pub(crate) fn is_waiting(&self) -> bool {
        !self.lost.is_empty() || self.named.values().any(|named| named.ended.is_some())
    }

    /// The gateway held nothing at `then`, when these requests had ended, and all records were listed since: what has none
    /// was free.
    pub(crate) fn was_free(&mut self, ended: &[String], then: &Moment) {
        for id in ended {
            self.lapse(id);
        }
        self.clear_lost(|lost| then.since(&lost.since) >= IN_TRANSIT);
    }

    /// All records were listed, and nothing that was asked more than `longest` milliseconds before `now` is being served any
    /// more.
    pub(crate) fn expire(&mut self, now: &Moment, longest: u64) {
        for id in self.unrecorded() {
            if now.since(&self.named[&id].asked_at) > longest {
                self.lapse(&id);
            }
        }
        self.clear_lost(|lost| now.since(&lost.since) > longest);
    }

    /// Forgets what was lost, if all of it has ended: whatever was charged of it stands in the records.
    fn clear_lost(&mut self, has_ended: impl Fn(&Lost) -> bool) {
        if self.open.is_empty() && self.lost.iter().all(has_ended) {
            self.lost.clear();
            self.unclaimed.clear();
        }
    }

    fn lapse(&mut self, id: &str) {
        let Some(named) = self.named.remove(id) else {
            return;
        };
        if self.lapsed.len() >= LAPSED {
            let earliest = self
                .lapsed
                .iter()
                .min_by_key(|(_, named)| named.asked_at.up_ms);
            if let Some(id) = earliest.map(|(id, _)| id.clone()) {
                self.lapsed.remove(&id);
            }
        }
        self.lapsed.insert(id.to_owned(), named);
    }

    /// Whether the record is in the book. Another one of its number is a fault.
    fn is_known(&self, record: &UsageRecord) -> Result<bool, Fault> {
        match self.known(record.number) {
            None => Ok(false),
            Some(known) if known == digest(record) => Ok(true),
            Some(_) => Err(Fault::TwoRecords(record.number)),
        }
    }

    /// Takes in a record that is not known.
    fn take_new(&mut self, record: UsageRecord, token: &str) -> Result<Option<Doubted>, BookError> {
        if self.watching {
            self.check_price(&record)?;
        }
        let doubt = self.claim(&record, token)?;
        let doubt = doubt.map(|doubt| Doubted::new(doubt, record.clone(), token));
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
        Ok(doubt)
    }

    /// Takes in the next record of a list, which is in order and whole: what is missing in it is missing.
    pub(crate) fn take_listed(&mut self, token: &str) -> Result<Option<Doubted>, BookError> {
        let record = self.statement.read(token).map_err(Fault::from)?;
        let expected = self.statement.number() + 1;
        if record.number > expected {
            let found = record.number;
            return Err(Fault::from(RecordFault::Gap { expected, found }).into());
        }
        if self.is_known(&record)? {
            return Ok(None);
        }
        self.take_new(record, token)
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
        if published.is_some_and(|published| charged.is_at_most(published)) {
            return Ok(());
        }
        Err(Fault::Dearer {
            model: record.model.clone(),
        })
    }

    /// Finds the request that a record is for, and what is doubtful about it.
    fn claim(&mut self, record: &UsageRecord, token: &str) -> Result<Option<Doubt>, Fault> {
        let found = match self.named.get_mut(&record.jti) {
            Some(named) => Some(named),
            None => self.lapsed.get_mut(&record.jti),
        };
        if let Some(named) = found {
            named.ask.require(record)?;
            let Some(seen) = named.ended else {
                named.listed = Some((record.clone(), token.to_owned()));
                return Ok(None);
            };
            let doubt = named.ask.doubt(record, seen.as_ref());
            self.named.remove(&record.jti);
            self.lapsed.remove(&record.jti);
            return Ok(doubt);
        }
        if self.watching {
            let unclaimed = (record.clone(), token.to_owned());
            self.unclaimed.insert(record.jti.clone(), unclaimed);
        } else {
            self.unwatched.charges += 1;
            self.unwatched.units = self.unwatched.units.saturating_add(record.units);
        }
        Ok(None)
    }

    /// Charges of requests that are not known are at most what the requests without an answer can cost.
    fn require_asked(&self) -> Result<(), Fault> {
        let sum = |sum: Units, units: Units| sum.saturating_add(units);
        let unclaimed = self.unclaimed.values().map(|(record, _)| record.units);
        let units = unclaimed.fold(Units::ZERO, sum);
        let most = self.unanswered();
        if units <= most {
            return Ok(());
        }
        Err(Fault::NeverAsked { units, most })
    }
}

/// A record that was taken in and is in doubt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Doubted {
    pub(crate) doubt: Doubt,
    pub(crate) record: UsageRecord,
    pub(crate) token: String,
}

impl Doubted {
    fn new(doubt: Doubt, record: UsageRecord, token: &str) -> Self {
        Self {
            doubt,
            record,
            token: token.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests;
