//! One round of settling.

use super::due::{Policy, Why, Windows, due};
use crate::chain::{Chain, Errand, SettleReceipt};
use crate::clock::UnixTime;
use crate::failpoint;
use crate::ledger::change::{End, EndSettlement, RecordSettlement};
use crate::ledger::read::StoredReceipt;
use crate::ledger::{Account, Ledger, Pending, StorageError, VoucherId};
use crate::outbox::{Outbox, RoundError, Standing};
use crate::units::Units;

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
    let outbox = Outbox {
        chain,
        tip,
        kind: "settlement",
    };
    for pending in ledger.pending_settlements().await? {
        follow(&outbox, ledger, &pending, &mut report).await?;
    }
    let hour_ago = tip.time.plus(-URGENT_FOR);
    let urgency = ledger.settlements_expired_since(hour_ago).await?;
    for receipts in choose(ledger, policy, windows, tip.time).await? {
        let settled: Vec<_> = receipts.iter().map(settled).collect();
        let record = |transaction| async move {
            let record = RecordSettlement {
                transaction,
                receipts: settled,
                now: tip.time,
            };
            Ok(ledger.apply(record).await?.is_ok())
        };
        if outbox
            .post(&Errand::Settle(receipts), urgency, record)
            .await?
        {
            report.sent += 1;
            failpoint::pass("settlement", "sent");
        }
    }
    Ok(report)
}

async fn follow(
    outbox: &Outbox<'_>,
    ledger: &Ledger,
    pending: &Pending,
    report: &mut Report,
) -> Result<(), RoundError> {
    let tip = outbox.tip;
    let signature = pending.signature;
    let end = match outbox.follow(pending, true).await? {
        Standing::Unfinalized => return Ok(()),
        Standing::Finalized if ledger.is_shown_settled(&signature.to_string()).await? => {
            report.finalized += 1;
            End::Finalized
        }
        // One answer that it is finalized is not enough to stop sending it: the accounts must show it, and several readings confirm
        // that they do.
        Standing::Finalized
            if tip.block_height
                <= pending
                    .last_valid_block_height
                    .saturating_add(BLOCKS_UNTIL_SHOWN) =>
        {
            return Ok(());
        }
        Standing::Finalized => {
            tracing::error!(
                %signature,
                "a node reported a settlement as finalized, but the vouchers' accounts do not show it; another transaction settles the receipts"
            );
            report.contradicted += 1;
            End::Expired
        }
        Standing::Failed(reason) => {
            tracing::error!(%signature, reason, "the program refused a settlement");
            report.failed += 1;
            End::Failed(reason)
        }
        Standing::Expired => {
            report.expired += 1;
            End::Expired
        }
        Standing::Unseen => {
            report.resent += 1;
            return Ok(());
        }
    };
    let ended = EndSettlement {
        signature: signature.to_string(),
        end,
        now: tip.time,
    };
    Ok(ledger.apply(ended).await?)
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
    let batches = together.chunks(windows.receipts).map(<[_]>::to_vec);
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
