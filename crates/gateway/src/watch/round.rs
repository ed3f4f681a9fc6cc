//! One round of answering.

use super::Policy;
use super::attempt::{Next, next};
use crate::chain::{AnsweredVoucher, Chain, ChainError, Errand, VaultFacts, VoucherFacts};
use crate::clock::UnixTime;
use crate::ledger::answers::{AnswerState, PendingAnswer};
use crate::ledger::change::{EndAnswer, RecordAnswer};
use crate::ledger::{Ledger, VoucherId};
use crate::outbox::{Outbox, RoundError, Standing};
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
            "the vault counts challenges that no RPC node lists; use a node that serves getProgramAccounts"
        );
    }
    let standing: HashSet<_> = challenged.iter().map(|challenge| challenge.id).collect();
    let outbox = Outbox {
        chain: *chain,
        tip,
        kind: "answer",
    };
    let mut in_a_block = HashSet::new();
    for pending in ledger.pending_answers().await? {
        let stands = standing.contains(&pending.voucher);
        if follow(&outbox, ledger, &pending, stands, &mut report).await? {
            in_a_block.insert(pending.voucher);
        }
    }
    let to_answer: Vec<_> = in_time
        .iter()
        .filter(|challenge| !in_a_block.contains(&challenge.id))
        .collect();
    answer(watch, &outbox, &vault, &to_answer, &mut report).await?;
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
    outbox: &Outbox<'_>,
    ledger: &Ledger,
    pending: &PendingAnswer,
    stands: bool,
    report: &mut Report,
) -> Result<bool, RoundError> {
    let transaction = &pending.transaction;
    let (state, reason) = match outbox.follow(transaction, stands).await? {
        Standing::Unfinalized => return Ok(true),
        Standing::Finalized => {
            report.finalized += 1;
            (AnswerState::Finalized, String::new())
        }
        Standing::Failed(reason) => {
            tracing::warn!(signature = %transaction.signature, reason, "the program refused an answer");
            report.failed += 1;
            (AnswerState::Failed, reason)
        }
        Standing::Expired => {
            report.expired += 1;
            (AnswerState::Expired, String::new())
        }
        Standing::Unseen if stands => {
            report.resent += 1;
            return Ok(false);
        }
        Standing::Unseen => {
            report.moot += 1;
            (AnswerState::Moot, String::new())
        }
    };
    let ended = EndAnswer {
        signature: transaction.signature.to_string(),
        state,
        reason,
        now: outbox.tip.time,
    };
    ledger.apply(ended).await?;
    Ok(false)
}

/// Attempts what is due, the next deadline first, while there is room among those on their way.
async fn answer(
    watch: &Watch<'_>,
    outbox: &Outbox<'_>,
    vault: &VaultFacts,
    challenged: &[&Challenge],
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
            outbox.tip.time,
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
        .map(|(challenge, number)| attempt(watch, outbox, vault, challenge, number).boxed())
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
                tracing::error!(%error, "answering a challenge failed");
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

impl From<RoundError> for AttemptError {
    fn from(error: RoundError) -> Self {
        match error {
            RoundError::Chain(ChainError::Unsigned(error)) => Self::Signer(error),
            error => Self::Round(error),
        }
    }
}

async fn attempt(
    watch: &Watch<'_>,
    outbox: &Outbox<'_>,
    vault: &VaultFacts,
    challenge: &Challenge,
    attempt: u32,
) -> Result<Attempted, AttemptError> {
    let terms = challenge.facts.terms();
    let message = terms.encode(&vault.cluster);
    let signature = watch.issuer.sign(Purpose::Voucher, &message).await;
    let errand = Errand::Answer(Box::new(AnsweredVoucher {
        terms,
        issuer: watch.issuer.public_key(),
        signature: signature.map_err(AttemptError::Signer)?,
    }));
    let record = |transaction| async move {
        let record = RecordAnswer {
            voucher: challenge.id,
            attempt,
            challenged_until: challenge.until,
            transaction,
            now: outbox.tip.time,
        };
        watch.ledger.apply(record).await
    };
    if !outbox.post(&errand, attempt, record).await? {
        return Ok(Attempted::BySomebodyElse);
    }
    Ok(Attempted::Sent(attempt))
}
