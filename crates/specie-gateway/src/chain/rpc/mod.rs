//! The chain as Solana RPC nodes tell it, at finality.
//!
//! [`node`] asks one; [`agreement`] decides what of several nodes' answers counts; [`transaction`] builds what is sent, for
//! what [`fees`] bid.

mod agreement;
mod fees;
mod node;
mod transaction;

pub use agreement::Agreement;
pub use fees::Fees;

use super::{
    Chain, ChainError, ChainFuture, Errand, Outcome, PreparedTransaction, Tip, VaultFacts,
    VoucherFacts,
};
use crate::clock::UnixTime;
use crate::signer::Signer;
use agreement::Answer;
use futures::stream::{FuturesUnordered, StreamExt as _};
use node::Node;
use solana_account::Account;
use solana_pubkey::Pubkey;
use solana_signature::Signature;
use specie_client::account::SpecieAccount;
use specie_client::state::{Currency, Vault, Voucher};
use specie_wire::Key;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::OnceCell;
use tokio::task::JoinSet;
use transaction::Place;

/// How often nodes are asked that do not agree, and how long apart: an account that changes is seen by one a moment before the
/// next.
const ATTEMPTS: usize = 4;
const BETWEEN_ATTEMPTS: Duration = Duration::from_millis(400);

/// How much longer the rest of the nodes may take to list challenges once enough have.
const GRACE: Duration = Duration::from_secs(2);

/// Blocks for which a blockhash is good on any cluster, and some more; a node that promises longer is not believed.
const BLOCKHASH_LIFE: u64 = 300;

/// Vouchers that are believed to be challenged at most; what is beyond is found once these are answered.
const CHALLENGED_AT_MOST: usize = 10_000;

/// Where the chain is asked, and how.
#[derive(Clone, Debug)]
pub struct RpcConfig {
    /// The nodes.
    pub urls: Vec<String>,
    /// How many of them must agree.
    pub agreement: Agreement,
    /// What transactions bid.
    pub fees: Fees,
}

/// One vault, seen through one or several nodes.
pub struct RpcChain {
    nodes: Vec<Arc<Node>>,
    agreement: Agreement,
    fees: Fees,
    vault: Pubkey,
    operator: Arc<dyn Signer>,
    place: OnceCell<Place>,
    /// Which node is asked first for what any of them may say.
    turn: AtomicUsize,
}

impl RpcChain {
    /// Asks nodes about `vault`; `operator` signs and pays for transactions.
    pub fn new(config: &RpcConfig, vault: Pubkey, operator: Arc<dyn Signer>) -> Self {
        let numbered = config.urls.iter().enumerate();
        Self {
            nodes: numbered
                .map(|(n, url)| Arc::new(Node::new(n + 1, url)))
                .collect(),
            agreement: config.agreement,
            fees: config.fees,
            vault,
            operator,
            place: OnceCell::new(),
            turn: AtomicUsize::new(0),
        }
    }

    /// The cluster that nodes must be of, once that is known.
    fn cluster(&self) -> Option<Key> {
        self.place.get().map(|place| place.cluster)
    }

    /// Asks all nodes at once and hands their answers, as they come, to `judge` until that is content; then its refusal, or what
    /// the nodes that failed said.
    async fn ask<'a, T, R, F: Future<Output = Result<Answer<T>, ChainError>>>(
        &'a self,
        ask: impl Fn(&'a Node) -> F,
        judge: impl Fn(&[Answer<T>]) -> Result<R, ChainError>,
    ) -> Result<R, ChainError> {
        let nodes = self.nodes.iter().map(AsRef::as_ref);
        let mut asked: FuturesUnordered<_> = nodes.map(ask).collect();
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
        Err(verdict.or(failure).unwrap_or_else(|| {
            ChainError::OutOfReach("fewer RPC nodes are configured than must agree".to_owned())
        }))
    }

    /// The accounts at these addresses, in their order, as enough nodes have them to the byte.
    async fn accounts(&self, addresses: &[Pubkey]) -> Result<Vec<Option<Account>>, ChainError> {
        for attempt in 1.. {
            let judge = |answers: &[Answer<Vec<Option<Account>>>]| {
                let answers = self.agreement.of_one_cluster(answers, self.cluster())?;
                let of_one = |(at, address): (usize, &Pubkey)| {
                    let of_one = answers.iter().map(|answer| Answer {
                        node: answer.node,
                        cluster: answer.cluster,
                        slot: answer.slot,
                        value: &answer.value[at],
                    });
                    let of_one: Vec<_> = of_one.collect();
                    let said = self
                        .agreement
                        .on(&address.to_string(), &of_one.iter().collect::<Vec<_>>())?;
                    Ok((*said).clone())
                };
                addresses.iter().enumerate().map(of_one).collect()
            };
            match self.ask(|node| node.accounts(addresses), judge).await {
                Err(ChainError::Disagreeing(_) | ChainError::Lagging(_)) if attempt < ATTEMPTS => {
                    tokio::time::sleep(BETWEEN_ATTEMPTS).await;
                }
                agreed => return agreed,
            }
        }
        unreachable!("the last attempt returns")
    }

    async fn account<T: SpecieAccount>(&self, address: Pubkey) -> Result<T, ChainError> {
        let found = self.accounts(&[address]).await?.pop().flatten();
        found
            .and_then(|account| T::decode(&account.owner, &account.data).ok())
            .ok_or_else(|| {
                ChainError::Unexpected(format!(
                    "no finalized {} of Specie is at {address}; is the address or the RPC of another cluster?",
                    T::NAME
                ))
            })
    }

    /// The vault's currency, and the cluster that both the currency and the nodes must be of.
    async fn place(&self) -> Result<Place, ChainError> {
        let read = async {
            let vault: Vault = self.account(self.vault).await?;
            let currency: Currency = self.account(vault.currency).await?;
            let judge = |answers: &[Answer<_>]| {
                let cluster = Some(currency.cluster);
                self.agreement.of_one_cluster(answers, cluster).map(|_| ())
            };
            self.ask(|node| node.tip(), judge).await?;
            Ok(Place {
                vault: self.vault,
                currency: vault.currency,
                cluster: currency.cluster,
            })
        };
        self.place.get_or_try_init(|| read).await.copied()
    }

    async fn read_vault(&self) -> Result<VaultFacts, ChainError> {
        let Place {
            currency, cluster, ..
        } = self.place().await?;
        let vault: Vault = self.account(self.vault).await?;
        let rules: Currency = self.account(currency).await?;
        Ok(VaultFacts {
            vault: self.vault,
            currency,
            cluster,
            issuer: vault.issuer,
            operator: vault.operator,
            classes: vault.classes,
            challenges: vault.challenges.get(),
            dispute_window: i64::from(rules.params.dispute_window.get()),
            answer_window: i64::from(rules.params.answer_window.get()),
        })
    }

    /// The lowest of what enough nodes that lie together have reached: so far, all of them have.
    async fn read_tip(&self) -> Result<Tip, ChainError> {
        let judge = |answers: &[Answer<node::NodeTip>]| {
            let answers = self.agreement.of_one_cluster(answers, self.cluster())?;
            let together = self.agreement.together(&answers)?;
            let heights = together.iter().map(|answer| answer.value.block_height);
            let times = together.iter().map(|answer| answer.value.time);
            Ok(Tip {
                block_height: heights.min().unwrap_or_default(),
                time: UnixTime(times.min().unwrap_or_default()),
            })
        };
        self.ask(|node| node.tip(), judge).await
    }

    async fn read_vouchers(
        &self,
        addresses: &[Pubkey],
    ) -> Result<Vec<Option<VoucherFacts>>, ChainError> {
        let accounts = self.accounts(addresses).await?;
        let facts = addresses.iter().zip(accounts).map(|(address, account)| {
            let account = account?;
            let voucher = Voucher::decode(&account.owner, &account.data).ok()?;
            Some(facts_of(*address, &voucher))
        });
        Ok(facts.collect())
    }

    /// What any node lists: one that hides a challenge hides nothing, and what one makes up is found out when it is read. Once
    /// enough have answered, the rest is waited for a little longer and no more.
    async fn find_challenged(&self) -> Result<Vec<Pubkey>, ChainError> {
        let nodes = self.nodes.iter();
        let mut asked: FuturesUnordered<_> = nodes.map(|n| n.challenged(&self.vault)).collect();
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

    /// The nodes, another one first each time.
    fn in_turn(&self) -> impl Iterator<Item = &Arc<Node>> {
        let first = self.turn.fetch_add(1, Ordering::Relaxed) % self.nodes.len().max(1);
        self.nodes[first..].iter().chain(&self.nodes[..first])
    }

    /// A recent blockhash, of the first node that answers: with one that is made up a transaction expires, and the next one has
    /// another node's.
    async fn blockhash(&self) -> Result<(solana_transaction::Hash, u64), ChainError> {
        let mut failure = ChainError::OutOfReach("no RPC node is configured".to_owned());
        for node in self.in_turn() {
            match node.blockhash().await {
                Ok(blockhash) => return Ok(blockhash),
                Err(error) => failure = error,
            }
        }
        Err(failure)
    }

    /// Nobody has to agree on what recent blocks asked for: the cap bounds a lie.
    async fn recent_fees(&self) -> Vec<u64> {
        if self.fees.percentile > 0 {
            for node in self.in_turn() {
                match node.recent_fees(self.vault).await {
                    Ok(recent) => return recent,
                    Err(error) => tracing::debug!(%error, "recent fees"),
                }
            }
        }
        Vec::new()
    }

    async fn build(
        &self,
        errand: &Errand,
        urgency: u32,
    ) -> Result<PreparedTransaction, ChainError> {
        let place = self.place().await?;
        let height = self.read_tip().await?.block_height;
        let bid = self.fees.bid(&self.recent_fees().await, urgency);
        let (blockhash, last_valid) = self.blockhash().await?;
        let operator = self.operator.as_ref();
        let transaction = transaction::build(errand, place, operator, blockhash, bid).await?;
        let bytes = wincode::serialize(&transaction)
            .map_err(|error| ChainError::Unexpected(error.to_string()))?;
        Ok(PreparedTransaction {
            signature: transaction.signatures[0],
            bytes,
            last_valid_block_height: last_valid.min(height.saturating_add(BLOCKHASH_LIFE)),
            bid,
        })
    }

    /// To all nodes, so that none alone can keep it from the chain; the first that takes it is waited for, and the others go on
    /// being told.
    async fn submit(&self, transaction: &[u8]) -> Result<(), ChainError> {
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
                Err(error) => tracing::error!(%error, "sending to a node"),
            }
        }
        Err(refusal.unwrap_or_else(|| ChainError::OutOfReach("no RPC node took it".to_owned())))
    }

    /// An end counts once enough nodes say it, and so does that nothing was seen.
    async fn find(&self, signature: Signature) -> Result<Option<Outcome>, ChainError> {
        let nodes = self.nodes.iter();
        let mut asked: FuturesUnordered<_> = nodes.map(|node| node.outcome(signature)).collect();
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

/// What enough nodes say became of a transaction, or that they have not seen it; `None` while too few say the same. That some have
/// it on its way is for the others to come to.
fn agreed_outcome(outcomes: &[Option<Outcome>], nodes: usize) -> Option<Option<Outcome>> {
    let agreed = outcomes.iter().find(|outcome| {
        let same = outcomes.iter().filter(|other| other == outcome).count();
        same >= nodes
    });
    agreed.cloned()
}

impl RpcChain {
    /// The finalized balance of an account, in lamports, as one node says.
    pub async fn lamports(&self, address: Pubkey) -> Result<u64, ChainError> {
        let mut failure = ChainError::OutOfReach("no RPC node is configured".to_owned());
        for node in self.in_turn() {
            match node.lamports(address).await {
                Ok(lamports) => return Ok(lamports),
                Err(error) => failure = error,
            }
        }
        Err(failure)
    }

    /// What a settlement of [`RECEIPTS_PER_TRANSACTION`](super::RECEIPTS_PER_TRANSACTION) receipts bids at most beyond its
    /// signatures' fees, in lamports, rounded up.
    pub fn priority_fee(&self) -> u64 {
        transaction::settlement_limit(super::RECEIPTS_PER_TRANSACTION)
            .saturating_mul(self.fees.cap)
            .div_ceil(1_000_000)
    }
}

impl Chain for RpcChain {
    fn operator(&self) -> Pubkey {
        Pubkey::new_from_array(self.operator.public_key())
    }

    fn tip(&self) -> ChainFuture<'_, Tip> {
        Box::pin(self.read_tip())
    }

    fn vault(&self) -> ChainFuture<'_, VaultFacts> {
        Box::pin(self.read_vault())
    }

    fn vouchers<'a>(
        &'a self,
        addresses: &'a [Pubkey],
    ) -> ChainFuture<'a, Vec<Option<VoucherFacts>>> {
        Box::pin(self.read_vouchers(addresses))
    }

    fn challenged(&self) -> ChainFuture<'_, Vec<Pubkey>> {
        Box::pin(self.find_challenged())
    }

    fn prepare<'a>(
        &'a self,
        errand: &'a Errand,
        urgency: u32,
    ) -> ChainFuture<'a, PreparedTransaction> {
        Box::pin(self.build(errand, urgency))
    }

    fn send<'a>(&'a self, transaction: &'a [u8]) -> ChainFuture<'a, ()> {
        Box::pin(self.submit(transaction))
    }

    fn outcome(&self, signature: Signature) -> ChainFuture<'_, Option<Outcome>> {
        Box::pin(self.find(signature))
    }
}

fn facts_of(address: Pubkey, voucher: &Voucher) -> VoucherFacts {
    let time = |time: specie_client::units::Timestamp| UnixTime(time.get());
    VoucherFacts {
        voucher: address,
        vault: voucher.vault,
        session: voucher.session.to_bytes(),
        rent_payer: voucher.rent_payer,
        class: voucher.class,
        units: voucher.units.get(),
        work_per_scu: voucher.work_per_scu.get(),
        settled: voucher.settled.get(),
        compensated: voucher.compensated.get(),
        opened_at: time(voucher.opened_at),
        expires_at: time(voucher.expires_at),
        closing_at: Some(time(voucher.closing_at)).filter(|at| at.0 != 0),
        challenged_until: Some(time(voucher.challenged_until)).filter(|at| at.0 != 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_counts_once_enough_nodes_say_it() {
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
}
