//! One RPC node.

use super::agreement::Answer;
use crate::chain::{ChainError, Outcome};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::json;
use solana_account::Account;
use solana_commitment_config::CommitmentConfig;
use solana_pubkey::Pubkey;
use solana_rpc_client::nonblocking::rpc_client::RpcClient;
use solana_rpc_client_api::client_error::{Error as ClientError, ErrorKind};
use solana_rpc_client_api::request::{RpcError, RpcRequest, RpcResponseErrorData};
use solana_signature::Signature;
use specie_client::account::SpecieAccount;
use specie_client::state::Voucher;
use specie_wire::Key;
use std::time::Duration;
use tokio::sync::OnceCell;

/// How long a node may take to answer.
const PATIENCE: Duration = Duration::from_secs(15);

/// Where the chain's clock stands in the clock sysvar: after slot, epoch start, epoch and leader epoch.
const CLOCK_TIME: std::ops::Range<usize> = 32..40;

/// A node, and the cluster that it said to be of when it was first asked.
pub(super) struct Node {
    number: usize,
    rpc: RpcClient,
    cluster: OnceCell<Key>,
}

/// Height and time of a node's newest finalized block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NodeTip {
    pub(super) block_height: u64,
    pub(super) time: i64,
}

/// What a program's account is listed as.
#[derive(Deserialize)]
struct Listed {
    pubkey: String,
    account: ListedAccount,
}

#[derive(Deserialize)]
struct ListedAccount {
    data: (String, String),
}

impl Node {
    /// The node at `url`, which is the configuration's `number`th.
    pub(super) fn new(number: usize, url: &str) -> Self {
        Self {
            number,
            rpc: RpcClient::new_with_timeout_and_commitment(
                url.to_owned(),
                PATIENCE,
                CommitmentConfig::finalized(),
            ),
            cluster: OnceCell::new(),
        }
    }

    async fn answer<T>(&self, slot: u64, value: T) -> Result<Answer<T>, ChainError> {
        let ask = || async { Ok::<_, ClientError>(self.rpc.get_genesis_hash().await?.to_bytes()) };
        Ok(Answer {
            node: self.number,
            cluster: *self.cluster.get_or_try_init(ask).await?,
            slot,
            value,
        })
    }

    /// The accounts at these addresses, in their order, at finality.
    pub(super) async fn accounts(
        &self,
        addresses: &[Pubkey],
    ) -> Result<Answer<Vec<Option<Account>>>, ChainError> {
        let finalized = CommitmentConfig::finalized();
        let accounts = self
            .rpc
            .get_multiple_accounts_with_commitment(addresses, finalized)
            .await?;
        if accounts.value.len() != addresses.len() {
            return Err(ChainError::Unexpected(format!(
                "RPC node {} answers for other accounts than it was asked for",
                self.number
            )));
        }
        self.answer(accounts.context.slot, accounts.value).await
    }

    /// Its newest finalized moment.
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
            .ok_or_else(|| ChainError::Unexpected("the node knows no clock".to_owned()))?;
        self.answer(clock.slot, NodeTip { block_height, time })
            .await
    }

    /// Where vouchers of a vault are challenged, as it says. A node that has an index of programs' accounts is asked for eight
    /// bytes of each voucher.
    pub(super) async fn challenged(&self, vault: &Pubkey) -> Result<Vec<Pubkey>, ChainError> {
        let body = Voucher::LEN - size_of::<Voucher>();
        let field = |offset: usize, bytes: &[u8]| {
            let bytes = bs58::encode(bytes).into_string();
            json!({"memcmp": {"offset": offset, "bytes": bytes, "encoding": "base58"}})
        };
        let parameters = json!([
            specie_client::PROGRAM_ID.to_string(),
            {
                "commitment": "finalized",
                "encoding": "base64",
                "dataSlice": {
                    "offset": body + std::mem::offset_of!(Voucher, challenged_until),
                    "length": size_of::<i64>(),
                },
                "filters": [
                    {"dataSize": Voucher::LEN},
                    field(0, discriminator::<Voucher>()),
                    field(body + std::mem::offset_of!(Voucher, vault), vault.as_array()),
                ],
            },
        ]);
        let listed: Vec<Listed> = self
            .rpc
            .send(RpcRequest::GetProgramAccounts, parameters)
            .await?;
        let is_challenged = |listed: &Listed| {
            let until = STANDARD.decode(&listed.account.data.0);
            until.is_ok_and(|until| until.iter().any(|byte| *byte != 0))
        };
        Ok(listed
            .iter()
            .filter(|listed| is_challenged(listed))
            .filter_map(|listed| listed.pubkey.parse().ok())
            .collect())
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
fn discriminator<T: SpecieAccount>() -> &'static [u8] {
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
            ErrorKind::Reqwest(_) | ErrorKind::Io(_) | ErrorKind::Middleware(_) => {
                Self::OutOfReach("the RPC node does not answer".to_owned())
            }
            _ => Self::OutOfReach("the RPC node's answer cannot be read".to_owned()),
        }
    }
}
