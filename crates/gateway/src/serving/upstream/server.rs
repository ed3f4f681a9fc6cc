//! One inference server: its URL, its load, and its circuit.

use super::circuit::{Admission, Circuit, Failure, Tolerance};
use super::{Blame, UpstreamError};
use crate::serving::ModelKey;
use reqwest::Url;
use solana_pubkey::Pubkey;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

/// An inference server. All models that it runs share it, and so its circuit.
#[derive(Debug)]
pub(super) struct Server {
    pub(super) url: Url,
    pub(super) key: Option<ModelKey>,
    tolerance: Tolerance,
    busy: AtomicUsize,
    circuit: Mutex<Circuit>,
}

impl Server {
    pub(super) fn new(url: Url, key: Option<ModelKey>, tolerance: Tolerance) -> Self {
        Self {
            url,
            key,
            tolerance,
            busy: AtomicUsize::new(0),
            circuit: Mutex::default(),
        }
    }

    /// A URL below its base URL. The segments are the gateway's own, never a client's.
    pub(super) fn below<'a>(
        &self,
        segments: impl IntoIterator<Item = &'a str>,
    ) -> Result<Url, UpstreamError> {
        let mut url = self.url.clone();
        url.path_segments_mut()
            .map_err(|()| UpstreamError::OutOfReach)?
            .pop_if_empty()
            .extend(segments);
        Ok(url)
    }

    pub(super) fn busy(&self) -> usize {
        self.busy.load(Ordering::Relaxed)
    }

    pub(super) fn admission(&self, voucher: Pubkey, now: Instant) -> Admission {
        self.circuit().admission(voucher, now)
    }

    pub(super) fn is_closed(&self) -> bool {
        self.circuit().is_closed()
    }

    /// A place for one request of a voucher, if the circuit still admits it.
    pub(super) fn take(self: &Arc<Self>, voucher: Pubkey, now: Instant) -> Option<Slot> {
        let mut circuit = self.circuit();
        let trying = match circuit.admission(voucher, now) {
            Admission::Passes => false,
            Admission::Tries => true,
            Admission::Waits(_) => return None,
        };
        circuit.set_tried(trying);
        self.busy.fetch_add(1, Ordering::Relaxed);
        Some(Slot {
            server: Arc::clone(self),
            voucher,
            trying,
        })
    }

    /// What an active look at it found. A look asks nothing of a client, so what it finds speaks of the server alone: a
    /// good one takes the server in again at once.
    pub(super) fn probed(&self, well: bool, now: Instant) {
        if well {
            self.succeeded();
        } else {
            self.fails(Failure::Certain, true, now);
        }
    }

    fn fails(&self, failure: Failure, trying: bool, now: Instant) {
        let mut circuit = self.circuit();
        let was_closed = circuit.is_closed();
        circuit.failed(self.tolerance, failure, trying, now);
        self.tell(was_closed, circuit.is_closed());
    }

    fn succeeded(&self) {
        let mut circuit = self.circuit();
        let was_closed = circuit.is_closed();
        circuit.succeeded();
        self.tell(was_closed, true);
    }

    fn tell(&self, was_closed: bool, is_closed: bool) {
        match (was_closed, is_closed) {
            (true, false) => {
                tracing::warn!(upstream = %self.url, "upstream ejected after repeated failures")
            }
            (false, true) => tracing::info!(upstream = %self.url, "upstream is back in rotation"),
            _ => {}
        }
    }

    fn circuit(&self) -> MutexGuard<'_, Circuit> {
        self.circuit.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One request's place at a server, for as long as the server works on it.
#[derive(Debug)]
pub struct Slot {
    server: Arc<Server>,
    voucher: Pubkey,
    trying: bool,
}

impl Slot {
    pub(super) fn server(&self) -> &Arc<Server> {
        &self.server
    }

    /// The server did what it was asked.
    pub(in crate::serving) fn succeeded(self) {
        self.server.succeeded();
    }

    /// It failed; what speaks against nothing does not count.
    pub(in crate::serving) fn failed(mut self, error: &UpstreamError) {
        let failure = match error.blame() {
            Blame::Nothing => return,
            Blame::ServerOrRequest => Failure::Of(self.voucher),
            Blame::Server => Failure::Certain,
        };
        self.server.fails(failure, self.trying, Instant::now());
        self.trying = false;
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.server.busy.fetch_sub(1, Ordering::Relaxed);
        if self.trying {
            // No outcome: another request may try.
            self.server.circuit().set_tried(false);
        }
    }
}
