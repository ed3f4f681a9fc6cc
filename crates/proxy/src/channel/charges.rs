//! A channel's charges: which request is for what, which record says what, and what is done about one too many.

use super::{Channel, ChannelError, Live, Turn};
use crate::ask::{Ask, Seen};
use crate::book::{BookError, Bound, Doubted, Fault, Ticket};
use crate::doubt;
use crate::evidence::Evidence;
use specie_claims::units::Units;

/// Milliseconds beyond the longest that a request may be served after which its charge is not waited for.
const EXPIRY_MARGIN: u64 = 120_000;

impl Channel {
    /// A request is about to be sent.
    pub(crate) fn ask(&self, ask: &Ask) -> (Ticket, Bound) {
        self.state().book.ask(ask.most)
    }

    /// Refuses a model whose counts are in doubt.
    pub(crate) fn require_undoubted(&self, model: &str) -> Result<(), ChannelError> {
        let vault = &self.holder.terms().vault;
        self.common.require_undoubted(vault, model)
    }

    /// The request costs nothing.
    pub(crate) fn refused(&self, ticket: Ticket) {
        self.state().book.refused(ticket);
    }

    /// Whether the request was heard is not known. If it was, its charge is made while it is being served.
    pub(crate) fn lost(&self, ticket: Ticket) {
        let now = self.common.clock.moment();
        let mut state = self.state();
        state.book.lost(ticket, now);
        let until = now.plus(state.longest());
        if until.since(&state.expecting_until) > 0 {
            state.expecting_until = until;
        }
    }

    /// Whether a record may come that no answer brings.
    pub(crate) fn expects_records(&self) -> bool {
        let now = self.common.clock.moment();
        let state = self.state();
        let expecting = state.expecting_until.since(&now) > 0;
        expecting || state.book.is_waiting() || state.book.outstanding() > 0
    }

    /// The answer begins.
    pub(crate) fn named(&self, ticket: Ticket, id: &str, ask: &Ask) {
        let now = self.common.clock.moment();
        let named = self.state().book.named(ticket, id, ask, now);
        if let Err(fault) = named {
            self.dispute(&fault, Some(id), &[]);
        }
    }

    /// The answer has ended, with this record.
    pub(crate) fn answered(&self, id: &str, seen: Option<Seen>, token: &str) {
        let taken = self.state().book.answered(id, seen, token);
        match taken {
            // The list of records brings it again, where the chain can be asked about its signer.
            Err(error) if error.unknown_issuer().is_some() => {}
            taken => self.settle_with(taken, Some(id), token),
        }
    }

    /// The answer has ended without a record.
    pub(crate) fn ended(&self, id: &str, seen: Option<Seen>) {
        let doubted = self.state().book.ended(id, seen);
        if let Some(doubted) = doubted {
            self.doubt(&doubted);
        }
    }

    fn settle_with(
        &self,
        taken: Result<Option<Doubted>, BookError>,
        id: Option<&str>,
        token: &str,
    ) {
        match taken {
            Ok(None) => {}
            Ok(Some(doubted)) => self.doubt(&doubted),
            Err(BookError::Fault(fault)) => self.dispute(&fault, id, &[token.to_owned()]),
            Err(BookError::Tab(error)) => {
                self.retire(&error.to_string());
            }
        }
    }

    /// Keeps a doubt and signs nothing more for its model.
    fn doubt(&self, doubted: &Doubted) {
        let live = self.state().live.clone();
        let Doubted {
            doubt,
            record,
            token,
        } = doubted;
        self.common.doubt(&doubt::Doubted {
            doubt,
            at: self.common.clock.now(),
            terms: self.holder.terms(),
            gateway: self.gateway.url(),
            model: &record.model,
            record: token,
            number: record.number,
            published: live.as_ref().map(|live| &live.description.published),
        });
    }

    /// Keeps the evidence and signs nothing more. Where it cannot be written, at least this run signs nothing.
    fn dispute(&self, fault: &Fault, request: Option<&str>, records: &[String]) {
        if self.require_undisputed().is_err() {
            return;
        }
        let state = self.state();
        let evidence = Evidence {
            fault,
            at: self.common.clock.now(),
            terms: self.holder.terms(),
            cluster: self.holder.cluster(),
            issuers: state.book.issuers(),
            gateway: self.gateway.url(),
            voucher: state.tab.token(),
            request,
            lease: None,
            records,
            checked: state.book.records_file(),
            published: state.live.as_ref().map(|live| &live.description.published),
            signed: state.tab.signed(),
            consumed: state.book.consumed(),
        };
        self.common.dispute(&evidence);
        drop(state);
        self.retire(&format!("the gateway charged too much: {fault}"));
    }

    /// Reads and checks all records that are not known yet, and finds out which requests were free.
    pub async fn sync(&self) -> Result<(), ChannelError> {
        let live = self.session().await?;
        let asked_at = self.common.clock.moment();
        let (ended, is_waiting) = {
            let state = self.state();
            (state.book.unrecorded(), state.book.is_waiting())
        };
        let holds_nothing = if is_waiting {
            let state = self.gateway.session(&live.id, &live.api_key).await?;
            state.held == Units::ZERO
        } else {
            false
        };
        self.list(&self.turn().await, &live).await?;
        let mut state = self.state();
        let longest = state.longest();
        if holds_nothing {
            state.book.was_free(&ended, &asked_at);
        }
        let longest = longest.saturating_add(EXPIRY_MARGIN);
        state.book.expire(&asked_at, longest);
        Ok(())
    }

    /// Reads and checks the records after the last one that is known.
    pub(super) async fn list(&self, turn: &Turn<'_>, live: &Live) -> Result<(), ChannelError> {
        loop {
            let after = self.state().book.number();
            let page = self.gateway.usage(&live.id, &live.api_key, after).await?;
            for listed in &page.data {
                self.take(turn, &listed.record).await?;
            }
            if !page.has_more || page.data.is_empty() {
                return Ok(());
            }
        }
    }

    async fn take(&self, turn: &Turn<'_>, token: &str) -> Result<(), ChannelError> {
        let mut taken = self.state().book.take_listed(token);
        if let Err(error) = &taken
            && let Some(fault) = error.unknown_issuer()
            && self.meet(turn, fault).await?
        {
            taken = self.state().book.take_listed(token);
        }
        self.settle_with(taken, None, token);
        self.require_undisputed()
    }
}
