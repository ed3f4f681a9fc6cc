//! Looking at servers without being asked to: one that is well again is taken in before a request has to try it.

use super::server::Server;
use super::{UpstreamError, Upstreams};
use futures::StreamExt as _;
use futures::stream;
use std::time::{Duration, Instant};

/// Servers looked at at a time.
const AT_A_TIME: usize = 16;

/// How servers are looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probing {
    /// What is fetched below a server's base URL; it must answer with status 200.
    pub path: String,
    /// How often.
    pub interval: Duration,
    /// Time that the answer may take.
    pub timeout: Duration,
}

impl Upstreams {
    /// Looks at every server once.
    pub async fn probe(&self, probing: &Probing) {
        stream::iter(&self.servers)
            .for_each_concurrent(AT_A_TIME, |server| async move {
                let looked = tokio::time::timeout(probing.timeout, self.look(server, probing));
                let well = looked.await.unwrap_or(Err(UpstreamError::TooSlow)).is_ok();
                server.probed(well, Instant::now());
            })
            .await;
    }

    /// Looks at every server, again and again.
    pub async fn keep_probing(&self, probing: &Probing) {
        let mut ticks = tokio::time::interval(probing.interval);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            self.probe(probing).await;
        }
    }

    async fn look(&self, server: &Server, probing: &Probing) -> Result<(), UpstreamError> {
        let segments = probing.path.split('/').filter(|part| !part.is_empty());
        let mut request = self.client.get(server.below(segments)?);
        if let Some(key) = &server.key {
            request = request.bearer_auth(key.expose());
        }
        match request.send().await?.status().as_u16() {
            200 => Ok(()),
            status => Err(UpstreamError::Failed(status)),
        }
    }
}
