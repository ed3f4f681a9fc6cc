//! One round of answering.

use super::Policy;
use super::attempt::{Next, next};
use crate::chain::{
    AnsweredVoucher, Chain, ChainError, Errand, Outcome, Tip, VaultFacts, VoucherFacts,
};
use crate::clock::UnixTime;
use crate::ledger::answers::{AnswerState, PendingAnswer};
use crate::ledger::change::{EndAnswer, RecordAnswer};
use crate::ledger::{Ledger, StorageError, VoucherId};
use crate::outbox;
use crate::settlement::RoundError;
use crate::signer::{Purpose, Signer, SignerError};
use futures::FutureExt as _;
use futures::stream::{self, StreamExt as _};
use solana_pubkey::Pubkey;
use std::collections::HashSet;

/// Accounts that one call of an RPC returns at most.
const ACCOUNTS_PER_CALL: usize = 100;

/// Answers that are prepared at a time.
const TOGETHER: usize = 8;

/// What a round found and did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Challenges that stand, by the vault's own count.
    pub challenges: u64,
    /// Of these, that no node showed.
    pub hidden: u64,
    /// The next deadline, in Unix seconds.
    pub next_deadline: Option<UnixTime>,
    /// Answers sent for the first time.
    pub sent: usize,
    /// Of these, that bid more than one before for the same challenge.
    pub rebid: usize,
    /// Answers sent again as they are, since the chain has not seen them.
    pub resent: usize,
    /// Answers that were finalized.
    pub finalized: usize,
    /// Answers that the program refused.
    pub failed: usize,
    /// Answers that can never be in a block any more.
    pub expired: usize,
    /// Answers that nobody needs any more.
    pub moot: usize,
    /// Challenges whose deadline has passed: nothing answers them any more.
    pub missed: usize,
    /// Challenges that cannot be answered because a key here is not the vault's, or its signer does not sign.
    pub unsigned: usize,
}

/// What answering needs.
pub struct Watch<'a> {
    /// The chain.
    pub chain: &'a dyn Chain,
    /// The ledger.
    pub ledger: &'a Ledger,
    /// Signs vouchers.
    pub issuer: &'a dyn Signer,
    /// When.
    pub policy: Policy,
}

/// Finds out what became of answers on their way, then records and sends new ones.
pub async fn round(watch: &Watch<'_>) -> Result<Report, RoundError> {
    let Watch { chain, ledger, .. } = watch;
    // Read before any outcome: what is unseen at a block past its last valid one was dropped for good.
    let tip = chain.tip().await?;
    let vault = chain.vault().await?;
    let challenged = challenged(*chain, ledger, &vault).await?;
    let in_time = challenged.partition_point(|challenge| challenge.until < tip.time);
    let (missed, in_time) = challenged.split_at(in_time);
    let mut report = Report {
        challenges: vault.challenges,
        hidden: vault.challenges.saturating_sub(challenged.len() as u64),
        missed: missed.len(),
        next_deadline: in_time.first().map(|challenge| challenge.until),
        ..Report::default()
    };
    if report.hidden > 0 {
        tracing::error!(
            hidden = report.hidden,
            "challenges stand that no RPC node shows: it must index programs' accounts (getProgramAccounts)"
        );
    }
    let standing: HashSet<_> = challenged.iter().map(|challenge| challenge.id).collect();
    let mut in_a_block = HashSet::new();
    for pending in ledger.pending_answers().await? {
        let stands = standing.contains(&pending.voucher);
        if follow(watch, &pending, stands, tip, &mut report).await? {
            in_a_block.insert(pending.voucher);
        }
    }
    let to_answer: Vec<_> = in_time
        .iter()
        .filter(|challenge| !in_a_block.contains(&challenge.id))
        .collect();
    answer(watch, &vault, &to_answer, tip, &mut report).await?;
    Ok(report)
}

/// A challenge that stands.
struct Challenge {
    id: VoucherId,
    until: UnixTime,
    facts: VoucherFacts,
}

/// Every challenge of the vault, the next deadline first. Nobody is asked for them while the vault says that there is none. Where no
/// node lists them, those of vouchers that the ledger knows are found all the same.
async fn challenged(
    chain: &dyn Chain,
    ledger: &Ledger,
    vault: &VaultFacts,
) -> Result<Vec<Challenge>, RoundError> {
    let mut challenged = Vec::new();
    if vault.challenges == 0 {
        return Ok(challenged);
    }
    let mut listed = ledger.challenged_vouchers().await?;
    match chain.challenged().await {
        Ok(found) => listed.extend(found),
        Err(error) => tracing::warn!(%error, "no RPC node lists challenged vouchers"),
    }
    listed.sort_unstable();
    listed.dedup();
    for addresses in listed.chunks(ACCOUNTS_PER_CALL) {
        let read = chain.vouchers(addresses).await?;
        for facts in read.vouchers.into_iter().flatten() {
            if let (Some(until), true) = (facts.challenged_until, facts.vault == vault.vault) {
                let id = VoucherId {
                    address: facts.voucher,
                    opened_at: facts.opened_at.0,
                };
                challenged.push(Challenge { id, until, facts });
            }
        }
    }
    challenged.sort_by_key(|challenge| (challenge.until, challenge.id.address));
    Ok(challenged)
}

/// Whether it is in a block, if not for good: then only time is needed.
async fn follow(
    watch: &Watch<'_>,
    pending: &PendingAnswer,
    stands: bool,
    tip: Tip,
    report: &mut Report,
) -> Result<bool, RoundError> {
    let signature = pending.signature()?;
    let (state, reason) = match watch.chain.outcome(signature).await? {
        Some(Outcome::Unfinalized) => return Ok(true),
        Some(Outcome::Finalized) => {
            report.finalized += 1;
            (AnswerState::Finalized, String::new())
        }
        Some(Outcome::Failed(reason)) => {
            tracing::warn!(%signature, reason, "the program refused an answer");
            report.failed += 1;
            (AnswerState::Failed, reason)
        }
        None if tip.block_height > pending.last_valid_block_height => {
            report.expired += 1;
            (AnswerState::Expired, String::new())
        }
        None if !stands => {
            report.moot += 1;
            (AnswerState::Moot, String::new())
        }
        None => {
            report.resent += 1;
            send(watch.chain, &pending.bytes).await;
            return Ok(false);
        }
    };
    let ended = EndAnswer {
        signature: pending.signature.clone(),
        state,
        reason,
        now: tip.time,
    };
    watch.ledger.apply(ended).await?;
    Ok(false)
}

/// Attempts what is due, the next deadline first, while there is room among those on their way.
async fn answer(
    watch: &Watch<'_>,
    vault: &VaultFacts,
    challenged: &[&Challenge],
    tip: Tip,
    report: &mut Report,
) -> Result<(), RoundError> {
    let issuer = Pubkey::new_from_array(watch.issuer.public_key());
    if !challenged.is_empty() && (vault.issuer, vault.operator) != (issuer, watch.chain.operator())
    {
        tracing::error!(
            issuer = %vault.issuer,
            operator = %vault.operator,
            "challenges cannot be answered: the vault's issuer and operator must be this gateway's keys"
        );
        report.unsigned = challenged.len();
        return Ok(());
    }
    let mut on_their_way = watch.ledger.pending_answers().await?.len();
    let mut due = Vec::new();
    for challenge in challenged {
        let last = watch.ledger.last_attempt(challenge.id).await?;
        match next(
            challenge.until,
            last,
            vault.answer_window,
            watch.policy,
            tip.time,
        ) {
            Next::Wait => {}
            Next::Attempt(attempt) if on_their_way < watch.policy.in_flight => {
                on_their_way += 1;
                due.push((challenge, attempt));
            }
            // The rest is due no earlier, and waits for room.
            Next::Attempt(_) => break,
        }
    }
    let attempts: Vec<_> = due
        .into_iter()
        .map(|(challenge, number)| attempt(watch, vault, challenge, number, tip).boxed())
        .collect();
    let mut attempts = stream::iter(attempts).buffered(TOGETHER);
    while let Some(attempted) = attempts.next().await {
        match attempted {
            Ok(Attempted::Sent(attempt)) => {
                report.sent += 1;
                report.rebid += usize::from(attempt > 0);
            }
            Ok(Attempted::BySomebodyElse) => {}
            Err(AttemptError::Signer(error)) => {
                tracing::error!(%error, "a challenge is not answered");
                report.unsigned += 1;
            }
            Err(AttemptError::Round(error)) => return Err(error),
        }
    }
    Ok(())
}

enum Attempted {
    Sent(u32),
    /// Another process that shares the ledger makes this attempt.
    BySomebodyElse,
}

enum AttemptError {
    Signer(SignerError),
    Round(RoundError),
}

impl From<ChainError> for AttemptError {
    fn from(error: ChainError) -> Self {
        match error {
            ChainError::Unsigned(error) => Self::Signer(error),
            error => Self::Round(error.into()),
        }
    }
}

impl From<StorageError> for AttemptError {
    fn from(error: StorageError) -> Self {
        Self::Round(error.into())
    }
}

async fn attempt(
    watch: &Watch<'_>,
    vault: &VaultFacts,
    challenge: &Challenge,
    attempt: u32,
    tip: Tip,
) -> Result<Attempted, AttemptError> {
    let terms = challenge.facts.terms();
    let message = terms.encode(&vault.cluster);
    let signature = watch.issuer.sign(Purpose::Voucher, &message).await;
    let errand = Errand::Answer(Box::new(AnsweredVoucher {
        terms,
        issuer: watch.issuer.public_key(),
        signature: signature.map_err(AttemptError::Signer)?,
    }));
    let transaction = watch.chain.prepare(&errand, attempt).await?;
    let bytes = transaction.bytes.clone();
    let record = RecordAnswer {
        voucher: challenge.id,
        attempt,
        challenged_until: challenge.until,
        transaction: outbox::outgoing(transaction),
        now: tip.time,
    };
    if !watch.ledger.apply(record).await? {
        return Ok(Attempted::BySomebodyElse);
    }
    send(watch.chain, &bytes).await;
    Ok(Attempted::Sent(attempt))
}

/// Whatever becomes of sending is found out by the signature, in a later round.
async fn send(chain: &dyn Chain, bytes: &[u8]) {
    if let Err(error) = chain.send(bytes).await {
        tracing::warn!(%error, "an answer was not taken; it is sent again until it expires");
    }
}
