//! Several nodes, asked as if they were one.

use super::agreement::{Agreement, Answer};
use super::node::{Account, Node, NodeTip, failure_is_the_nodes};
use crate::{ChainError, Outcome, Tip};
use futures::stream::{FuturesUnordered, StreamExt as _};
use solana_pubkey::Pubkey;
use solana_signature::Signature;
use specie_claims::clock::UnixTime;
use specie_wire::Key;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

/// How often nodes are asked that do not agree, and how long apart: an account that changes is seen by one a moment before the
/// next.
const ATTEMPTS: usize = 4;
const BETWEEN_ATTEMPTS: Duration = Duration::from_millis(400);

/// How much longer the rest of the nodes may take to list challenges once enough have.
const GRACE: Duration = Duration::from_secs(2);

/// For how long the highest slot that nodes reached is held against them. What they claimed by mistake is then forgotten.
const REMEMBERED: Duration = Duration::from_secs(300);

/// Vouchers that are believed to be challenged at most; what is beyond is found once these are answered.
const CHALLENGED_AT_MOST: usize = 10_000;

/// The nodes, and how many of them must agree.
pub(super) struct Nodes {
    nodes: Vec<Arc<Node>>,
    agreement: Agreement,
    /// The cluster that they must be of, once that is known.
    cluster: OnceLock<Key>,
    /// Which one is asked first for what any of them may say.
    turn: AtomicUsize,
    /// The highest slot that they agreed to have reached, and when.
    reached: Mutex<Option<(u64, Instant)>>,
}

impl Nodes {
    /// The nodes at these URLs.
    pub(super) fn new(urls: &[String], agreement: Agreement) -> Self {
        let numbered = urls.iter().enumerate();
        Self {
            nodes: numbered
                .map(|(n, url)| Arc::new(Node::new(n + 1, url)))
                .collect(),
            agreement,
            cluster: OnceLock::new(),
            turn: AtomicUsize::new(0),
            reached: Mutex::new(None),
        }
    }

    /// Counts only nodes of this cluster from now on, of which there must be enough.
    pub(super) async fn require_cluster(&self, cluster: Key) -> Result<(), ChainError> {
        let judge = |answers: &[Answer<_>]| {
            let of_cluster = self.agreement.of_one_cluster(answers, Some(cluster));
            of_cluster.map(|_| ())
        };
        self.ask(|node| node.tip(), judge).await?;
        self.cluster.get_or_init(|| cluster);
        Ok(())
    }

    /// Asks all nodes at once and hands their answers, as they come, to `judge` until that is content; then its refusal, or what
    /// the nodes that failed said.
    async fn ask<'a, T, R, F: Future<Output = Result<Answer<T>, ChainError>>>(
        &'a self,
        ask: impl Fn(&'a Node) -> F,
        judge: impl Fn(&[Answer<T>]) -> Result<R, ChainError>,
    ) -> Result<R, ChainError> {
        let nodes = self.nodes.iter().map(AsRef::as_ref);
        let asked = nodes.map(|node| failure_is_the_nodes(ask(node)));
        let mut asked: FuturesUnordered<_> = asked.collect();
        let mut answers = Vec::new();
        let mut failure = None;
        let mut verdict = None;
        while let Some(answer) = asked.next().await {
            match answer {
                Ok(answer) => answers.push(answer),
                Err(error) => failure = Some(error),
            }
            if answers.len() >= self.agreement.nodes {
                match judge(&answers) {
                    Ok(content) => return Ok(content),
                    Err(refusal) => verdict = Some(refusal),
                }
            }
        }
        let refusal = verdict.or(failure).unwrap_or_else(nobody);
        if matches!(refusal, ChainError::OtherCluster(_)) {
            self.nodes.iter().for_each(|node| node.forget_cluster());
        }
        Err(refusal)
    }

    /// Asks one node, and the next one if that does not answer; another one first each time.
    pub(super) async fn any<'a, T, F: Future<Output = Result<T, ChainError>>>(
        &'a self,
        ask: impl Fn(&'a Node) -> F,
    ) -> Result<T, ChainError> {
        let first = self.turn.fetch_add(1, Ordering::Relaxed) % self.nodes.len().max(1);
        let mut failure = nobody();
        for node in self.nodes[first..].iter().chain(&self.nodes[..first]) {
            match failure_is_the_nodes(ask(node)).await {
                Ok(answer) => return Ok(answer),
                Err(error) => failure = error,
            }
        }
        Err(failure)
    }

    /// The accounts at these addresses, in their order, as enough nodes have them to the byte, and the lowest slot that these nodes
    /// answered for.
    pub(super) async fn accounts(
        &self,
        addresses: &[Pubkey],
    ) -> Result<(u64, Vec<Option<Account>>), ChainError> {
        let judge = |answers: &[Answer<Vec<Option<Account>>>]| {
            let cluster = self.cluster.get().copied();
            let answers = self.agreement.of_one_cluster(answers, cluster)?;
            let mut slot = u64::MAX;
            let of_one = |(at, address): (usize, &Pubkey)| {
                let said = answers.iter().map(|answer| Answer {
                    node: answer.node,
                    cluster: answer.cluster,
                    slot: answer.slot,
                    value: &answer.value[at],
                });
                let said: Vec<_> = said.collect();
                let said: Vec<_> = said.iter().collect();
                let (read_at, agreed) = self.agreement.on(&address.to_string(), &said)?;
                slot = slot.min(read_at);
                Ok::<_, ChainError>((*agreed).clone())
            };
            let accounts = addresses.iter().enumerate().map(of_one);
            let accounts = accounts.collect::<Result<Vec<_>, _>>()?;
            Ok((slot, accounts))
        };
        let mut attempt = 1;
        loop {
            match self.ask(|node| node.accounts(addresses), judge).await {
                Err(ChainError::Disagreeing(_) | ChainError::Lagging(_)) if attempt < ATTEMPTS => {
                    attempt += 1;
                    tokio::time::sleep(BETWEEN_ATTEMPTS).await;
                }
                agreed => return agreed,
            }
        }
    }

    /// The lowest of what enough nodes that lie together have reached: so far, all of them have.
    pub(super) async fn tip(&self) -> Result<Tip, ChainError> {
        let judge = |answers: &[Answer<NodeTip>]| {
            let answers = self
                .agreement
                .of_one_cluster(answers, self.cluster.get().copied())?;
            let together = self.agreement.together(&answers)?;
            let slots = together.iter().map(|answer| answer.slot);
            let heights = together.iter().map(|answer| answer.value.block_height);
            let times = together.iter().map(|answer| answer.value.time);
            let tip = Tip {
                block_height: heights.min().unwrap_or_default(),
                time: UnixTime(times.min().unwrap_or_default()),
            };
            Ok((slots.min().unwrap_or_default(), tip))
        };
        let (slot, tip) = self.ask(|node| node.tip(), judge).await?;
        self.reach(slot, Instant::now())?;
        Ok(tip)
    }

    /// Refuses a slot that lies too far behind one that was reached before: what is behind one URL may be many nodes, and the next
    /// one lag.
    fn reach(&self, slot: u64, now: Instant) -> Result<(), ChainError> {
        let mut reached = self.reached.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((highest, at)) = *reached
            && slot < highest
            && now.duration_since(at) < REMEMBERED
        {
            if highest - slot > self.agreement.slot_distance {
                return Err(ChainError::Lagging(format!(
                    "slot {slot}, after slot {highest} was finalized"
                )));
            }
            return Ok(());
        }
        *reached = Some((slot, now));
        Ok(())
    }

    /// What any node lists: one that hides a challenge hides nothing, and what one makes up is found out when it is read. Once
    /// enough have answered, the rest is waited for a little longer and no more.
    pub(super) async fn challenged(&self, vault: &Pubkey) -> Result<Vec<Pubkey>, ChainError> {
        let nodes = self.nodes.iter();
        let asked = nodes.map(|node| failure_is_the_nodes(node.challenged(vault)));
        let mut asked: FuturesUnordered<_> = asked.collect();
        let mut challenged = Vec::new();
        let mut answered = 0;
        let mut failure = None;
        loop {
            let listed = if answered < self.agreement.nodes {
                asked.next().await
            } else {
                let rest = tokio::time::timeout(GRACE, asked.next()).await;
                rest.unwrap_or_default()
            };
            match listed {
                None => break,
                Some(Ok(listed)) => {
                    answered += 1;
                    challenged.extend(listed);
                }
                Some(Err(error)) => failure = Some(error),
            }
        }
        if let Some(failure) = failure.filter(|_| answered < self.agreement.nodes) {
            return Err(failure);
        }
        challenged.sort_unstable();
        challenged.dedup();
        challenged.truncate(CHALLENGED_AT_MOST);
        Ok(challenged)
    }

    /// To all nodes, so that none alone can keep it from the chain; the first that takes it is waited for, and the others go on
    /// being told.
    pub(super) async fn send(&self, transaction: &[u8]) -> Result<(), ChainError> {
        let transaction: Arc<[u8]> = transaction.into();
        let mut told = JoinSet::new();
        for node in &self.nodes {
            let (node, transaction) = (Arc::clone(node), Arc::clone(&transaction));
            told.spawn(async move { node.send(&transaction).await });
        }
        let mut refusal = None;
        while let Some(sent) = told.join_next().await {
            match sent {
                Ok(Ok(())) => {
                    told.detach_all();
                    return Ok(());
                }
                // What a node says of the transaction is more than that another one is down.
                Ok(Err(error @ ChainError::Refused(_))) => refusal = Some(error),
                Ok(Err(error)) => refusal = refusal.or(Some(error)),
                Err(error) => {
                    tracing::error!(%error, "sending a transaction to an RPC node panicked")
                }
            }
        }
        Err(refusal.unwrap_or_else(nobody))
    }

    /// An end counts once enough nodes say it, and so does that nothing was seen.
    pub(super) async fn outcome(
        &self,
        signature: Signature,
    ) -> Result<Option<Outcome>, ChainError> {
        let nodes = self.nodes.iter();
        let asked = nodes.map(|node| failure_is_the_nodes(node.outcome(signature)));
        let mut asked: FuturesUnordered<_> = asked.collect();
        let mut outcomes = Vec::new();
        let mut failure = None;
        while let Some(outcome) = asked.next().await {
            match outcome {
                Ok(outcome) => outcomes.push(outcome),
                Err(error) => failure = Some(error),
            }
            if let Some(agreed) = agreed_outcome(&outcomes, self.agreement.nodes) {
                return Ok(agreed);
            }
        }
        match failure.filter(|_| outcomes.len() < self.agreement.nodes) {
            Some(failure) => Err(failure),
            None => Ok(Some(Outcome::Unfinalized)),
        }
    }
}

fn nobody() -> ChainError {
    ChainError::OutOfReach("fewer RPC nodes are configured than must agree".to_owned())
}

/// What enough nodes say became of a transaction, or that they have not seen it; `None` while too few say the same. That some have
/// it on its way is for the others to come to.
fn agreed_outcome(outcomes: &[Option<Outcome>], nodes: usize) -> Option<Option<Outcome>> {
    let agreed = outcomes.iter().find(|outcome| {
        let same = outcomes.iter().filter(|other| other == outcome).count();
        same >= nodes
    });
    agreed.cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outcome_counts_once_enough_nodes_report_it() {
        let finalized = || Some(Outcome::Finalized);
        let failed = |reason: &str| Some(Outcome::Failed(reason.to_owned()));
        let on_its_way = || Some(Outcome::Unfinalized);
        for (outcomes, expected) in [
            (vec![finalized()], None),
            (vec![finalized(), finalized()], Some(finalized())),
            (vec![None, finalized(), finalized()], Some(finalized())),
            (vec![failed("a"), failed("a")], Some(failed("a"))),
            (vec![finalized(), None], None),
            (vec![failed("a"), failed("b")], None),
            (vec![on_its_way(), finalized()], None),
            (vec![on_its_way(), on_its_way()], Some(on_its_way())),
            (vec![None, None], Some(None)),
            (vec![None, None, finalized()], Some(None)),
        ] {
            assert_eq!(agreed_outcome(&outcomes, 2), expected, "{outcomes:?}");
        }
        assert_eq!(agreed_outcome(&[finalized()], 1), Some(finalized()));
    }

    #[test]
    fn a_node_that_falls_behind_where_it_was_lags_until_what_it_said_is_forgotten() {
        let agreement = Agreement {
            nodes: 1,
            slot_distance: 50,
        };
        let nodes = Nodes::new(&["http://127.0.0.1:1".to_owned()], agreement);
        let start = Instant::now();
        let at = |seconds, slot| nodes.reach(slot, start + Duration::from_secs(seconds));
        assert_eq!(at(0, 1_000), Ok(()));
        assert_eq!(at(1, 950), Ok(()));
        assert!(matches!(at(2, 949), Err(ChainError::Lagging(_))));
        assert_eq!(at(10, 1_001), Ok(()));
        assert!(matches!(at(309, 950), Err(ChainError::Lagging(_))));
        assert_eq!(at(310, 10), Ok(()));
        assert_eq!(at(311, 11), Ok(()));
    }
}
