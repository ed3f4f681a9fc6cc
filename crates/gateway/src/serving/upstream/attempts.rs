//! Asking one server after another, while nothing was delivered.

use super::pool::NoneAdmits;
use super::server::{Server, Slot};
use super::{UpstreamError, Upstreams};
use crate::serving::Request;
use solana_pubkey::Pubkey;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, timeout_at};

/// A server that began to answer.
#[derive(Debug)]
pub(in crate::serving) struct Attempt {
    /// The request's place there.
    pub(in crate::serving) slot: Slot,
    /// What it answers.
    pub(in crate::serving) response: reqwest::Response,
    /// When it was asked.
    pub(in crate::serving) since: Instant,
}

/// One request's way through a model's servers. Each is asked once at most.
#[derive(Debug)]
pub(in crate::serving) struct Attempts<'a> {
    upstreams: &'a Upstreams,
    request: &'a Request,
    voucher: Pubkey,
    deadline: Instant,
    tried: Vec<Arc<Server>>,
    last: Option<UpstreamError>,
    /// When the server was asked that had not begun to answer at the deadline.
    cut_off: Option<Instant>,
}

impl Upstreams {
    /// The servers that may be asked for a voucher's request, until `deadline`. A stream's must begin to answer before
    /// they have been silent for too long.
    pub(in crate::serving) fn attempts<'a>(
        &'a self,
        request: &'a Request,
        voucher: Pubkey,
        deadline: Instant,
    ) -> Attempts<'a> {
        Attempts {
            upstreams: self,
            request,
            voucher,
            deadline,
            tried: Vec::new(),
            last: None,
            cut_off: None,
        }
    }
}

impl Attempts<'_> {
    /// The next server that begins to answer. Once none is left, the error is that of the last one asked.
    pub(in crate::serving) async fn next(&mut self) -> Result<Attempt, UpstreamError> {
        loop {
            let slot = self.pick()?;
            self.tried.push(Arc::clone(slot.server()));
            let since = Instant::now();
            let sent = self.ask(slot.server());
            let deadline = if self.request.stream {
                self.deadline.min(since + self.upstreams.idle)
            } else {
                self.deadline
            };
            match timeout_at(deadline, sent).await {
                Ok(Ok(response)) => {
                    return Ok(Attempt {
                        slot,
                        response,
                        since,
                    });
                }
                Ok(Err(error)) => self.failed(slot, error)?,
                Err(_) => {
                    self.cut_off = Some(since);
                    self.failed(slot, UpstreamError::TooSlow)?;
                }
            }
        }
    }

    /// For how long a server had been at work that had not begun to answer at the deadline. It took longer than a connection
    /// may take, so it was reached.
    pub(in crate::serving) fn cut_off_after(&self) -> Option<Duration> {
        let worked = self.cut_off?.elapsed();
        (worked > self.upstreams.connect).then_some(worked)
    }

    /// A server that refuses a request whose output limit the gateway has added is asked again without the limit: the
    /// prompt may leave less of the context than that, and only the server can count it.
    async fn ask(&self, server: &Server) -> Result<reqwest::Response, UpstreamError> {
        let request = self.request;
        let send = |body| self.upstreams.send(server, request.endpoint, body);
        match (&request.without_limit, send(request.body.clone()).await) {
            (Some(unlimited), Err(UpstreamError::Refused(_))) => send(unlimited.clone()).await,
            (_, sent) => sent,
        }
    }

    /// An attempt came to nothing before anything was delivered. An error is final.
    pub(in crate::serving) fn failed(
        &mut self,
        slot: Slot,
        error: UpstreamError,
    ) -> Result<(), UpstreamError> {
        slot.failed(&error);
        if !error.may_go_elsewhere() {
            return Err(error);
        }
        self.last = Some(error);
        Ok(())
    }

    fn pick(&mut self) -> Result<Slot, UpstreamError> {
        let pool = self.upstreams.pools.get(&self.request.model.id);
        let picked = match pool {
            Some(pool) => pool.pick(self.voucher, &self.tried, std::time::Instant::now()),
            None => return Err(UpstreamError::OutOfReach),
        };
        picked.map_err(|NoneAdmits { retry_after }| {
            self.last
                .take()
                .unwrap_or(UpstreamError::LeftOut(retry_after))
        })
    }
}
