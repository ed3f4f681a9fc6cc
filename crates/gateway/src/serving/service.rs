//! A request's money from its hold to its end: hold, serve, charge or release.

use super::admission::{Asked, NotServed};
use super::places::Places;
use super::rate::{Levels, Rates, Ticket};
use super::stream::serve_stream;
use super::{PlainAnswer, Repeats, ServeError, Upstreams, plain::serve_plain};
use crate::clock::Clock;
use crate::gate::ServingGate;
use crate::ledger::{Charge, Ledger};
use crate::observe::gen_ai::GenAi;
use axum::body::Bytes;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::mpsc;
use tracing::Instrument as _;

/// Turns a charge into a signed usage record.
pub(super) type SignUsage = Arc<dyn Fn(&Charge) -> String + Send + Sync>;

/// Writes a failure as the body that clients are sent.
pub(super) type RenderError = fn(&ServeError) -> String;

/// Serves requests.
pub struct Serving {
    /// Where the most that a request can cost is held, and what it consumed is charged.
    pub ledger: Ledger,
    /// Whether anything may be served now.
    pub gate: Arc<ServingGate>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// The inference servers.
    pub upstreams: Arc<Upstreams>,
    /// A place for each request that may be served at a time.
    pub places: Arc<Places>,
    /// How fast each session consumes.
    pub rates: Arc<Rates>,
    /// The longest that a request may take.
    pub limit: Duration,
    /// What is kept of answers for those who repeat a request.
    pub repeats: Repeats,
    /// Times and counts what models do.
    pub gen_ai: GenAi,
    /// Signs the record of a charge.
    pub sign: SignUsage,
    /// Writes a failure as the body that clients are sent.
    pub render: RenderError,
}

/// An answer.
#[derive(Debug)]
pub enum Served {
    /// A complete answer, which was charged.
    Plain(Box<PlainAnswer>),
    /// A stream that has begun.
    Stream {
        /// The request's identity.
        id: String,
        /// Its events. The charge is made before the last of them.
        events: mpsc::Receiver<Bytes>,
    },
}

impl Serving {
    /// Holds the most that a request can cost, asks an upstream, and charges what was consumed; what was held beyond that is
    /// released. Returns the levels of the session's rate beside the answer.
    pub async fn serve(self: &Arc<Self>, asked: Asked) -> Result<(Served, Levels), NotServed> {
        let session = &asked.caller.session.id;
        let ticket = self.rates.take(session, asked.units(), Instant::now())?;
        let levels = ticket.levels();
        let serving = Arc::clone(self);
        let answer = async move { serving.answer(asked, ticket).await };
        // From its hold to its end a request is a task of its own: a client that leaves cannot stop it in between, where nothing
        // would be left to end the hold.
        let answered = tokio::spawn(answer.in_current_span()).await;
        let served = answered.map_err(|_| ServeError::Panicked)??;
        Ok((served, levels))
    }

    async fn answer(self: Arc<Self>, asked: Asked, ticket: Ticket) -> Result<Served, NotServed> {
        let place = self.places.take(asked.caller.session.voucher.address)?;
        let (request, held) = self.hold(asked, ticket).await?;
        if request.stream {
            let id = held.id.clone();
            let events = serve_stream(request, held, self, place).await?;
            return Ok(Served::Stream { id, events });
        }
        let served = serve_plain(request, held, &self).await;
        drop(place);
        Ok(Served::Plain(Box::new(served?)))
    }
}
