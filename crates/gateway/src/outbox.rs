//! Transactions on their way to the chain: recorded before they are sent, followed by their signatures, sent again while the
//! chain has not seen them, and given up once no block may contain them any more.
//!
//! Settlements and answers to challenges both go through here. Any step may be interrupted: a later round, after a restart
//! too, goes on from what the ledger and the chain say, and sending a transaction twice is sending it once.

use crate::chain::{Chain, ChainError, Errand, Outcome, PreparedTransaction, Tip};
use crate::ledger::{Outgoing, Pending, StorageError};

/// Why a round stopped. The next one goes on.
#[derive(Debug, thiserror::Error)]
pub enum RoundError {
    /// The chain did not answer.
    #[error(transparent)]
    Chain(#[from] ChainError),
    /// The ledger did not.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// What became of a recorded transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// In a block that a fork may still drop.
    Unfinalized,
    /// Executed, as one reading says.
    Finalized,
    /// The program refused it, for this reason.
    Failed(String),
    /// The chain has not seen it, and no block may contain it any more.
    Expired,
    /// The chain has not seen it, and a block may still contain it.
    Unseen,
}

impl Standing {
    /// `outcome` must have been asked for after `tip` was read: what is unseen at a block past its last valid one was dropped
    /// for good.
    fn of(outcome: Option<Outcome>, tip: Tip, last_valid_block_height: u64) -> Self {
        match outcome {
            Some(Outcome::Unfinalized) => Self::Unfinalized,
            Some(Outcome::Finalized) => Self::Finalized,
            Some(Outcome::Failed(reason)) => Self::Failed(reason),
            None if tip.block_height > last_valid_block_height => Self::Expired,
            None => Self::Unseen,
        }
    }
}

/// The transactions of one kind, on one round.
pub struct Outbox<'a> {
    /// The chain.
    pub chain: &'a dyn Chain,
    /// The newest finalized moment, read before anything is followed.
    pub tip: Tip,
    /// What the transactions are, for logs: `settlement` or `answer`.
    pub kind: &'static str,
}

impl Outbox<'_> {
    /// Asks the chain what became of a transaction, and sends it again if it is unseen and `wanted`.
    pub async fn follow(&self, pending: &Pending, wanted: bool) -> Result<Standing, ChainError> {
        let outcome = self.chain.outcome(pending.signature).await?;
        let standing = Standing::of(outcome, self.tip, pending.last_valid_block_height);
        if standing == Standing::Unseen && wanted {
            self.send(&pending.bytes).await;
        }
        Ok(standing)
    }

    /// Builds and signs an errand's transaction, has it recorded, and sends it if the record is this process's. Returns whether
    /// it is.
    pub async fn post<Recorded>(
        &self,
        errand: &Errand,
        urgency: u32,
        record: impl FnOnce(Outgoing) -> Recorded,
    ) -> Result<bool, RoundError>
    where
        Recorded: Future<Output = Result<bool, StorageError>>,
    {
        let prepared = self.chain.prepare(errand, urgency).await?;
        let bytes = prepared.bytes.clone();
        if !record(outgoing(prepared)).await? {
            return Ok(false);
        }
        self.send(&bytes).await;
        Ok(true)
    }

    /// What becomes of sending is found out by the signature, in a later round.
    async fn send(&self, bytes: &[u8]) {
        if let Err(error) = self.chain.send(bytes).await {
            tracing::warn!(
                kind = self.kind,
                %error,
                "a node did not take a transaction; it is sent again until it expires"
            );
        }
    }
}

/// A prepared transaction, as the ledger records it before it is sent.
pub fn outgoing(prepared: PreparedTransaction) -> Outgoing {
    Outgoing {
        signature: prepared.signature,
        bytes: prepared.bytes,
        last_valid_block_height: prepared.last_valid_block_height,
        bid: prepared.bid,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::UnixTime;

    fn standing(outcome: Option<Outcome>, block_height: u64) -> Standing {
        let tip = Tip {
            block_height,
            time: UnixTime(1),
        };
        Standing::of(outcome, tip, 100)
    }

    #[test]
    fn an_unseen_transaction_expires_after_its_last_valid_block_and_not_in_it() {
        assert_eq!(standing(None, 99), Standing::Unseen);
        assert_eq!(standing(None, 100), Standing::Unseen);
        assert_eq!(standing(None, 101), Standing::Expired);
    }

    #[test]
    fn a_seen_transaction_stands_as_the_chain_says_however_late() {
        let failed = || Outcome::Failed("6001".to_owned());
        for block_height in [1, 101] {
            let of = |outcome| standing(Some(outcome), block_height);
            assert_eq!(of(Outcome::Unfinalized), Standing::Unfinalized);
            assert_eq!(of(Outcome::Finalized), Standing::Finalized);
            assert_eq!(of(failed()), Standing::Failed("6001".to_owned()));
        }
    }
}
