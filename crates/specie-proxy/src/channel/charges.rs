//! A channel's charges: which request is for what, which record says what, and what is done about one too many.

use super::{Channel, ChannelError, Live, lock};
use crate::ask::Ask;
use crate::book::{BookError, Bound, Fault, Ticket};
use crate::evidence::Evidence;

impl Channel {
    /// A request is about to be sent.
    pub(crate) fn ask(&self, ask: &Ask) -> (Ticket, Bound) {
        lock(&self.book).ask(ask.most)
    }

    /// The request costs nothing.
    pub(crate) fn refused(&self, ticket: Ticket) {
        lock(&self.book).refused(ticket);
    }

    /// Whether the request was heard is not known. If it was, its charge is made while it is being served.
    pub(crate) fn lost(&self, ticket: Ticket) {
        lock(&self.book).lost(ticket);
        let served = lock(&self.live).as_ref().map_or(0, |live| {
            i64::try_from(live.description.limits.request_seconds).unwrap_or(i64::MAX)
        });
        let until = self.common.clock.now().plus(served);
        let mut expecting = lock(&self.expecting_until);
        *expecting = until.max(*expecting);
    }

    /// Whether a record may come that no answer brings.
    pub(crate) fn expects_records(&self) -> bool {
        let expecting = self.common.clock.now() < *lock(&self.expecting_until);
        expecting || lock(&self.book).outstanding() > 0
    }

    /// The answer begins.
    pub(crate) fn named(&self, ticket: Ticket, id: &str, ask: &Ask) {
        let named = lock(&self.book).named(ticket, id, ask);
        if let Err(fault) = named {
            self.dispute(&fault, Some(id), &[]);
        }
    }

    /// The answer has ended.
    pub(crate) fn answered(&self, id: &str, ask: &Ask, output: u64, token: &str) {
        let taken = lock(&self.book).answered(id, ask, output, token);
        self.settle_with(taken, Some(id), token);
    }

    /// The answer has ended whole, without a charge.
    pub(crate) fn was_free(&self, id: &str) {
        lock(&self.book).was_free(id);
    }

    fn settle_with(&self, taken: Result<(), BookError>, id: Option<&str>, token: &str) {
        match taken {
            Ok(()) => {}
            Err(BookError::Fault(fault)) => self.dispute(&fault, id, &[token.to_owned()]),
            Err(BookError::Tab(error)) => {
                self.retire(&error.to_string());
            }
        }
    }

    /// Keeps the evidence and signs nothing more. Where it cannot be written, at least this run signs nothing.
    fn dispute(&self, fault: &Fault, request: Option<&str>, records: &[String]) {
        if self.require_undisputed().is_err() {
            return;
        }
        let live = lock(&self.live).clone();
        let signed = *lock(&self.signed);
        let (consumed, checked) = {
            let book = lock(&self.book);
            (book.consumed(), book.records_file().to_owned())
        };
        let token = lock(&self.token).clone();
        let evidence = Evidence {
            fault,
            at: self.common.clock.now(),
            terms: self.holder.terms(),
            cluster: self.holder.cluster(),
            issuer: &self.issuer,
            gateway: self.gateway.url(),
            voucher: token.as_deref(),
            request,
            lease: None,
            records,
            checked: &checked,
            published: live.as_ref().map(|live| &live.description.published),
            signed,
            consumed,
        };
        self.common.dispute(&evidence);
        self.retire(&format!("the gateway charged too much: {fault}"));
    }

    /// Reads and checks all records that are not known yet.
    pub async fn sync(&self) -> Result<(), ChannelError> {
        let live = self.session().await?;
        self.list(&live).await
    }

    pub(super) async fn list(&self, live: &Live) -> Result<(), ChannelError> {
        let _one_at_a_time = self.syncing.lock().await;
        loop {
            let after = lock(&self.book).number();
            let page = self.gateway.usage(&live.id, &live.api_key, after).await?;
            for listed in &page.data {
                let taken = lock(&self.book).take_listed(&listed.record);
                self.settle_with(taken, None, &listed.record);
                self.require_undisputed()?;
            }
            if !page.has_more || page.data.is_empty() {
                return Ok(());
            }
        }
    }
}
