//! One RPC node.

use super::agreement::Answer;
use super::transport::Transport;
use crate::{ChainError, Outcome};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures::FutureExt as _;
use serde::Deserialize;
use serde_json::json;
use solana_commitment_config::CommitmentConfig;
use solana_pubkey::Pubkey;
use solana_rpc_client::nonblocking::rpc_client::RpcClient;
use solana_rpc_client::rpc_client::RpcClientConfig;
use solana_rpc_client_api::client_error::{Error as ClientError, ErrorKind};
use solana_rpc_client_api::request::{RpcError, RpcRequest, RpcResponseErrorData};
use solana_signature::Signature;
use specie_client::account::SpecieAccount;
use specie_client::state::Voucher;
use specie_wire::Key;
use std::panic::AssertUnwindSafe;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How long a node may take for one answer.
const TIMEOUT: Duration = Duration::from_secs(15);

/// How long a node may take for everything that one question asks of it.
const QUESTION_TIMEOUT: Duration = Duration::from_secs(30);

/// Where the chain's clock stands in the clock sysvar: after slot, epoch start, epoch and leader epoch.
const CLOCK_TIME: std::ops::Range<usize> = 32..40;

/// A node, and the cluster that it said to be of when it was last asked.
pub(super) struct Node {
    number: usize,
    rpc: RpcClient,
    cluster: Mutex<Option<Key>>,
}

/// Height and time of a node's newest finalized block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NodeTip {
    pub(super) block_height: u64,
    pub(super) time: i64,
}

/// An account as a node has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Account {
    /// The program that it belongs to.
    pub(super) owner: Pubkey,
    /// The account's balance.
    pub(super) lamports: u64,
    /// The account's bytes.
    pub(super) data: Vec<u8>,
}

/// What a program's account is listed as.
#[derive(Deserialize)]
struct Listed {
    pubkey: String,
    account: SentData,
}

#[derive(Deserialize)]
struct SentData {
    data: (String, String),
}

/// What answers for several accounts look like.
#[derive(Deserialize)]
struct SentAccounts {
    context: Context,
    value: Vec<Option<SentAccount>>,
}

#[derive(Deserialize)]
struct Context {
    slot: u64,
}

#[derive(Deserialize)]
struct SentAccount {
    owner: String,
    lamports: u64,
    data: (String, String),
}

impl SentAccount {
    /// `None` if it is not what a node sends that was asked for base64. The client library panics on such an account.
    fn read(&self) -> Option<Account> {
        if self.data.1 != "base64" {
            return None;
        }
        Some(Account {
            owner: self.owner.parse().ok()?,
            lamports: self.lamports,
            data: STANDARD.decode(&self.data.0).ok()?,
        })
    }
}

/// A node's answer to a question, or that it failed: too late, or with what makes the code that reads it panic.
pub(super) async fn failure_is_the_nodes<T>(
    question: impl Future<Output = Result<T, ChainError>>,
) -> Result<T, ChainError> {
    let question = AssertUnwindSafe(tokio::time::timeout(QUESTION_TIMEOUT, question));
    match question.catch_unwind().await {
        Ok(Ok(answer)) => answer,
        Ok(Err(_)) => Err(ChainError::OutOfReach(
            "the RPC node does not answer in time".to_owned(),
        )),
        Err(_) => {
            tracing::error!(
                "reading an RPC node's answer panicked; it counts as that node's failure"
            );
            Err(ChainError::OutOfReach(
                "the RPC node's answer cannot be read".to_owned(),
            ))
        }
    }
}

impl Node {
    /// The node at `url`, which is the configuration's `number`th.
    pub(super) fn new(number: usize, url: &str) -> Self {
        let transport = Transport::new(url, TIMEOUT).expect("the TLS library is compiled in");
        let config = RpcClientConfig::with_commitment(CommitmentConfig::finalized());
        Self {
            number,
            rpc: RpcClient::new_sender(transport, config),
            cluster: Mutex::new(None),
        }
    }

    async fn answer<T>(&self, slot: u64, value: T) -> Result<Answer<T>, ChainError> {
        let known = *self.cluster();
        let cluster = match known {
            Some(cluster) => cluster,
            None => {
                let cluster = self.rpc.get_genesis_hash().await?.to_bytes();
                *self.cluster() = Some(cluster);
                cluster
            }
        };
        Ok(Answer {
            node: self.number,
            cluster,
            slot,
            value,
        })
    }

    fn cluster(&self) -> MutexGuard<'_, Option<Key>> {
        self.cluster.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next answer asks for the cluster again: what it said may have been wrong, or be another node's behind the same URL.
    pub(super) fn forget_cluster(&self) {
        *self.cluster() = None;
    }

    /// The accounts at these addresses, in their order, at finality.
    pub(super) async fn accounts(
        &self,
        addresses: &[Pubkey],
    ) -> Result<Answer<Vec<Option<Account>>>, ChainError> {
        let addresses: Vec<_> = addresses.iter().map(Pubkey::to_string).collect();
        let parameters = json!([addresses, {"encoding": "base64", "commitment": "finalized"}]);
        let sent: SentAccounts = self
            .rpc
            .send(RpcRequest::GetMultipleAccounts, parameters)
            .await?;
        if sent.value.len() != addresses.len() {
            return Err(ChainError::OutOfReach(format!(
                "RPC node {} answers for {} accounts and was asked for {}",
                self.number,
                sent.value.len(),
                addresses.len()
            )));
        }
        let mut accounts = Vec::with_capacity(addresses.len());
        for (address, sent) in addresses.iter().zip(&sent.value) {
            let account = match sent {
                None => None,
                Some(sent) => Some(sent.read().ok_or_else(|| {
                    ChainError::OutOfReach(format!(
                        "RPC node {} sends the account {address} in a form that cannot be read",
                        self.number
                    ))
                })?),
            };
            accounts.push(account);
        }
        self.answer(sent.context.slot, accounts).await
    }

    /// The newest finalized moment that the node knows.
    pub(super) async fn tip(&self) -> Result<Answer<NodeTip>, ChainError> {
        // The height first: the time is then of that block or a later one.
        let block_height = self.rpc.get_block_height().await?;
        let clock = [solana_sdk_ids::sysvar::clock::ID];
        let clock = self.accounts(&clock).await?;
        let time = clock.value[0]
            .as_ref()
            .and_then(|clock| clock.data.get(CLOCK_TIME))
            .and_then(|bytes| bytes.try_into().ok())
            .map(i64::from_le_bytes)
            .ok_or_else(|| ChainError::OutOfReach("the RPC node knows no clock".to_owned()))?;
        self.answer(clock.slot, NodeTip { block_height, time })
            .await
    }

    /// Where vouchers of a vault are challenged, as it says.
    pub(super) async fn challenged(&self, vault: &Pubkey) -> Result<Vec<Pubkey>, ChainError> {
        let until = std::mem::offset_of!(Voucher, challenged_until);
        let listed = self.vouchers_of(vault, until).await?;
        let challenged = listed.into_iter().filter(|(_, until)| *until != 0);
        Ok(challenged.map(|(address, _)| address).collect())
    }

    /// What was settled of each voucher of a vault, as it says.
    pub(super) async fn settled(&self, vault: &Pubkey) -> Result<Vec<(Pubkey, u64)>, ChainError> {
        let settled = std::mem::offset_of!(Voucher, settled);
        self.vouchers_of(vault, settled).await
    }

    /// All vouchers of a vault with one field of eight bytes. A node that has an index of programs' accounts is asked for no more of
    /// each. What cannot be read of its list is left out.
    async fn vouchers_of(
        &self,
        vault: &Pubkey,
        field: usize,
    ) -> Result<Vec<(Pubkey, u64)>, ChainError> {
        let body = Voucher::LEN - size_of::<Voucher>();
        let is = |offset: usize, bytes: &[u8]| {
            let bytes = bs58::encode(bytes).into_string();
            json!({"memcmp": {"offset": offset, "bytes": bytes, "encoding": "base58"}})
        };
        let parameters = json!([
            specie_client::PROGRAM_ID.to_string(),
            {
                "commitment": "finalized",
                "encoding": "base64",
                "dataSlice": {"offset": body + field, "length": size_of::<u64>()},
                "filters": [
                    {"dataSize": Voucher::LEN},
                    is(0, discriminator::<Voucher>()),
                    is(body + std::mem::offset_of!(Voucher, vault), vault.as_array()),
                ],
            },
        ]);
        let listed: Vec<Listed> = self
            .rpc
            .send(RpcRequest::GetProgramAccounts, parameters)
            .await?;
        let read = |listed: &Listed| {
            let bytes = STANDARD.decode(&listed.account.data.0).ok()?;
            let field = u64::from_le_bytes(bytes.try_into().ok()?);
            Some((listed.pubkey.parse().ok()?, field))
        };
        Ok(listed.iter().filter_map(read).collect())
    }

    /// A recent blockhash, and the last block that may contain a transaction with it.
    pub(super) async fn blockhash(&self) -> Result<(solana_transaction::Hash, u64), ChainError> {
        let finalized = CommitmentConfig::finalized();
        let latest = self.rpc.get_latest_blockhash_with_commitment(finalized);
        Ok(latest.await?)
    }

    /// What recent blocks asked for at least of a transaction that writes to `account`, in micro-lamports a compute unit.
    pub(super) async fn recent_fees(&self, account: Pubkey) -> Result<Vec<u64>, ChainError> {
        let fees = self.rpc.get_recent_prioritization_fees(&[account]).await?;
        Ok(fees.into_iter().map(|fee| fee.prioritization_fee).collect())
    }

    /// An account's balance, in lamports.
    pub(super) async fn lamports(&self, address: Pubkey) -> Result<u64, ChainError> {
        Ok(self.rpc.get_balance(&address).await?)
    }

    /// Sends a signed transaction on.
    pub(super) async fn send(&self, transaction: &[u8]) -> Result<(), ChainError> {
        let parameters = json!([
            STANDARD.encode(transaction),
            {"encoding": "base64", "preflightCommitment": "confirmed"}
        ]);
        let _signature: String = self
            .rpc
            .send(RpcRequest::SendTransaction, parameters)
            .await?;
        Ok(())
    }

    /// What became of a transaction, as far as it has seen.
    pub(super) async fn outcome(
        &self,
        signature: Signature,
    ) -> Result<Option<Outcome>, ChainError> {
        let statuses = self
            .rpc
            .get_signature_statuses_with_history(&[signature])
            .await?;
        let Some(status) = statuses.value.into_iter().next().flatten() else {
            return Ok(None);
        };
        Ok(Some(
            if !status.satisfies_commitment(CommitmentConfig::finalized()) {
                Outcome::Unfinalized
            } else if let Some(error) = status.err {
                Outcome::Failed(error.to_string())
            } else {
                Outcome::Finalized
            },
        ))
    }
}

/// What every account of this kind begins with.
pub(super) fn discriminator<T: SpecieAccount>() -> &'static [u8] {
    T::DISCRIMINATOR
}

/// A node's address may hold a secret, so what goes out names the kind of failure and never the address.
impl From<ClientError> for ChainError {
    fn from(error: ClientError) -> Self {
        match error.kind() {
            ErrorKind::RpcError(RpcError::RpcResponseError {
                message,
                data: RpcResponseErrorData::SendTransactionPreflightFailure(_),
                ..
            }) => Self::Refused(message.clone()),
            ErrorKind::RpcError(RpcError::RpcResponseError { code, message, .. }) => {
                Self::OutOfReach(format!("the RPC node answers {code}: {message}"))
            }
            ErrorKind::RpcError(RpcError::ForUser(what)) => Self::OutOfReach(what.clone()),
            ErrorKind::Reqwest(_) | ErrorKind::Io(_) | ErrorKind::Middleware(_) => {
                Self::OutOfReach("the RPC node does not answer".to_owned())
            }
            _ => Self::OutOfReach("the RPC node's answer cannot be read".to_owned()),
        }
    }
}
