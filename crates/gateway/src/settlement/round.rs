//! One round of settling.

use super::due::{Policy, Why, Windows, due};
use crate::chain::{
    Chain, ChainError, Errand, Outcome, RECEIPTS_PER_TRANSACTION, SettleReceipt, Tip,
};
use crate::clock::UnixTime;
use crate::failpoint;
use crate::ledger::change::{End, EndSettlement, RecordSettlement};
use crate::ledger::read::{PendingSettlement, StoredReceipt};
use crate::ledger::{Account, Ledger, StorageError, VoucherId};
use crate::outbox;
use crate::units::Units;
use solana_signature::Signature;

/// Seconds for which a settlement that the network had no room for makes the next ones bid more.
const URGENT_FOR: i64 = 3_600;

/// Blocks after a transaction's last valid one in which the accounts must show it: a minute, more than their readings may take.
const BLOCKS_UNTIL_SHOWN: u64 = 150;

/// What a round did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Transactions sent for the first time.
    pub sent: usize,
    /// Transactions sent again, since the chain has not seen them.
    pub resent: usize,
    /// Transactions that were finalized.
    pub finalized: usize,
    /// Transactions that the program refused.
    pub failed: usize,
    /// Transactions that can never be in a block any more.
    pub expired: usize,
    /// Transactions that were said to be finalized, and whose vouchers' accounts do not show it.
    pub contradicted: usize,
}

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

/// Finds out what became of transactions on their way, then records and sends new ones for what is due.
///
/// Settling goes by the chain's clock alone, so a host whose clock is off still settles.
pub async fn round(
    chain: &dyn Chain,
    ledger: &Ledger,
    policy: Policy,
    windows: Windows,
) -> Result<Report, RoundError> {
    let mut report = Report::default();
    // Read before any outcome: what is unseen at a block past its last valid one was dropped for good.
    let tip = chain.tip().await?;
    for pending in ledger.pending_settlements().await? {
        follow(chain, ledger, &pending, tip, &mut report).await?;
    }
    let hour_ago = tip.time.plus(-URGENT_FOR);
    let urgency = ledger.settlements_expired_since(hour_ago).await?;
    for receipts in choose(ledger, policy, windows, tip.time).await? {
        let errand = Errand::Settle(receipts.clone());
        let transaction = chain.prepare(&errand, urgency).await?;
        let bytes = transaction.bytes.clone();
        let record = RecordSettlement {
            transaction: outbox::outgoing(transaction),
            receipts: receipts.iter().map(settled).collect(),
            now: tip.time,
        };
        if ledger.apply(record).await?.is_err() {
            continue;
        }
        report.sent += 1;
        send(chain, &bytes).await;
        failpoint::pass("settlement", "sent");
    }
    Ok(report)
}

async fn follow(
    chain: &dyn Chain,
    ledger: &Ledger,
    pending: &PendingSettlement,
    tip: Tip,
    report: &mut Report,
) -> Result<(), RoundError> {
    let signature: Signature = pending
        .signature
        .parse()
        .map_err(|_| StorageError::Failed("a settlement's signature is not base58".to_owned()))?;
    let end = match chain.outcome(signature).await? {
        Some(Outcome::Unfinalized) => return Ok(()),
        Some(Outcome::Finalized) if ledger.is_shown_settled(&pending.signature).await? => {
            report.finalized += 1;
            End::Finalized
        }
        // One answer that it is finalized is not enough to stop sending it: the accounts must show it, and several readings confirm
        // that they do.
        Some(Outcome::Finalized)
            if tip.block_height
                <= pending
                    .last_valid_block_height
                    .saturating_add(BLOCKS_UNTIL_SHOWN) =>
        {
            return Ok(());
        }
        Some(Outcome::Finalized) => {
            tracing::error!(
                %signature,
                "a settlement was said to be finalized, and the vouchers' accounts do not show it; another one takes its place"
            );
            report.contradicted += 1;
            End::Expired
        }
        Some(Outcome::Failed(reason)) => {
            tracing::error!(%signature, reason, "the program refused a settlement");
            report.failed += 1;
            End::Failed(reason)
        }
        None if tip.block_height > pending.last_valid_block_height => {
            report.expired += 1;
            End::Expired
        }
        None => {
            report.resent += 1;
            send(chain, &pending.bytes).await;
            return Ok(());
        }
    };
    let ended = EndSettlement {
        signature: pending.signature.clone(),
        end,
        now: tip.time,
    };
    Ok(ledger.apply(ended).await?)
}

/// Whatever becomes of sending is found out by the signature, in a later round.
async fn send(chain: &dyn Chain, bytes: &[u8]) {
    if let Err(error) = chain.send(bytes).await {
        tracing::warn!(%error, "a settlement was not taken; it is sent again until it expires");
    }
}

/// What is due, in transactions: ended vouchers first, and whatever the chain has refused before alone.
async fn choose(
    ledger: &Ledger,
    policy: Policy,
    windows: Windows,
    time: UnixTime,
) -> Result<Vec<Vec<SettleReceipt>>, StorageError> {
    let mut alone = Vec::new();
    let mut together: Vec<(Why, SettleReceipt)> = Vec::new();
    for unsettled in ledger.unsettled().await? {
        let Some((receipt, why)) = due(&unsettled, policy, windows, time) else {
            continue;
        };
        let receipt = to_settle(&unsettled.account, receipt);
        if unsettled.account.refusals > 0 {
            alone.push(vec![receipt]);
        } else {
            together.push((why, receipt));
        }
    }
    together.sort_by_key(|(why, _)| *why);
    let together: Vec<_> = together.into_iter().map(|(_, receipt)| receipt).collect();
    let batches = together.chunks(RECEIPTS_PER_TRANSACTION).map(<[_]>::to_vec);
    Ok(batches.chain(alone).collect())
}

/// What the ledger records of a receipt on its way: the voucher, and up to where it is settled.
fn settled(receipt: &SettleReceipt) -> (VoucherId, Units) {
    let voucher = VoucherId {
        address: receipt.voucher,
        opened_at: receipt.opened_at.0,
    };
    let cumulative = Units::new(receipt.cumulative).unwrap_or(Units::MAX);
    (voucher, cumulative)
}

fn to_settle(account: &Account, receipt: StoredReceipt) -> SettleReceipt {
    SettleReceipt {
        voucher: account.channel.voucher,
        opened_at: account.channel.opened_at,
        cumulative: receipt.cumulative.get(),
        session: account.channel.session,
        rent_payer: account.rent_payer,
        signature: receipt.signature,
    }
}
