//! Every charge as a CloudEvent, posted to whoever bills, at least once.
//!
//! What was delivered is remembered in the ledger, so a receiver that is away, a crash or a restart lose nothing: delivery
//! goes on from there, from the very first charge if it was never switched on before. A batch may arrive twice; its events'
//! `id` is the charge's, by which a receiver tells. Within a voucher events come in the order of their charges. Delivery is
//! a task of its own that no request waits for.

mod event;

pub use event::{BATCH_TYPE, event};

use crate::issuer::RecordSigner;
use crate::ledger::change::MarkDelivered;
use crate::ledger::{Ledger, StorageError};
use std::fmt;
use std::time::Duration;

/// How long to wait for further charges when all are delivered.
const IDLE: Duration = Duration::from_secs(1);

/// How long a receiver may take to answer.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Who takes usage events.
#[derive(Clone)]
pub struct Receiver {
    url: reqwest::Url,
    token: Option<String>,
    batch: u32,
    longest_pause: Duration,
    client: reqwest::Client,
}

/// The token is nobody's to see.
impl fmt::Debug for Receiver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receiver")
            .field("host", &self.url.host_str())
            .field("batch", &self.batch)
            .finish_non_exhaustive()
    }
}

/// Why a batch was not delivered. It is tried again.
#[derive(Debug, thiserror::Error)]
pub enum DeliveryError {
    /// Nobody answered.
    #[error("the receiver of usage events does not answer")]
    OutOfReach,
    /// It did not take the batch.
    #[error("the receiver of usage events answers {0}")]
    NotTaken(u16),
    /// The ledger cannot be read, or what was delivered not be remembered: it will be delivered again.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl Receiver {
    /// A receiver at `url`, which gets at most `batch` events at a time and is left alone for at most `longest_pause`
    /// after it did not take one.
    pub fn new(
        url: reqwest::Url,
        token: Option<String>,
        batch: u32,
        longest_pause: Duration,
    ) -> Result<Self, reqwest::Error> {
        Ok(Self {
            url,
            token,
            batch,
            longest_pause,
            client: reqwest::Client::builder()
                .redirect(reqwest::redirect::Policy::none())
                .no_proxy()
                .timeout(TIMEOUT)
                .build()?,
        })
    }

    /// Delivers one batch of what was not delivered, and returns how many charges that were.
    pub async fn deliver_batch(
        &self,
        ledger: &Ledger,
        records: &RecordSigner,
    ) -> Result<usize, DeliveryError> {
        let charges = ledger.undelivered(self.batch).await?;
        if charges.is_empty() {
            return Ok(0);
        }
        let events: Vec<_> = charges
            .iter()
            .map(|charge| event(charge, records))
            .collect();
        let mut request = self
            .client
            .post(self.url.clone())
            .header("content-type", BATCH_TYPE)
            .body(serde_json::Value::from(events).to_string());
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        let response = request
            .send()
            .await
            .map_err(|_| DeliveryError::OutOfReach)?;
        if !response.status().is_success() {
            return Err(DeliveryError::NotTaken(response.status().as_u16()));
        }
        let delivered = charges.len();
        ledger.apply(MarkDelivered(charges)).await?;
        Ok(delivered)
    }

    /// Delivers, again and again. What was not taken is tried after one second, then after twice as long each time.
    pub async fn deliver(&self, ledger: &Ledger, records: &RecordSigner) {
        let mut pause = IDLE;
        loop {
            match self.deliver_batch(ledger, records).await {
                Ok(delivered) if delivered == self.batch as usize => {
                    pause = IDLE;
                    continue;
                }
                Ok(_) => pause = IDLE,
                Err(error) => {
                    tracing::warn!(%error, seconds = pause.as_secs(), "delivering usage events failed; retrying after a pause");
                    tokio::time::sleep(pause).await;
                    pause = (pause * 2).min(self.longest_pause);
                    continue;
                }
            }
            tokio::time::sleep(pause).await;
        }
    }
}
