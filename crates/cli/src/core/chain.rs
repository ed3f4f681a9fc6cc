//! The chain behind an RPC: the only place that talks to it.

use crate::core::{
    error::CliError,
    output::Output,
    rpc::{self, Trouble},
    settings::Settings,
};
use serde_json::json;
use solana_commitment_config::CommitmentConfig;
use solana_hash::Hash;
use solana_pubkey::Pubkey;
use solana_rpc_client::{
    http_sender::HttpSender,
    rpc_client::{RpcClient, RpcClientConfig},
};
use solana_rpc_client_api::{
    client_error::{Error as ClientError, ErrorKind},
    config::{
        RpcAccountInfoConfig, RpcProgramAccountsConfig, RpcSendTransactionConfig,
        RpcSimulateTransactionAccountsConfig, RpcSimulateTransactionConfig,
    },
    filter::{Memcmp, RpcFilterType},
    request::{RpcError, RpcRequest, RpcResponseErrorData},
    response::{Response, RpcKeyedAccount, UiAccount, UiAccountEncoding},
};
use solana_sdk_ids::sysvar;
use solana_signature::Signature;
use solana_transaction::Transaction;
use solana_transaction_error::TransactionError;
use specie_client::{account::SpecieAccount, endpoint::Endpoint};
use std::{
    collections::HashMap,
    thread::sleep,
    time::{Duration, Instant},
};

/// How long to wait for an answer of the RPC.
const ANSWER_PATIENCE: Duration = Duration::from_secs(30);
/// Longer than a blockhash lives on mainnet: after it a transaction is either seen or dead.
const CONFIRM_PATIENCE: Duration = Duration::from_secs(90);
const POLL_FIRST: Duration = Duration::from_millis(50);
const POLL_MOST: Duration = Duration::from_millis(1_000);
/// Where the Clock sysvar keeps `unix_timestamp`: after slot, epoch start, epoch and leader schedule epoch.
const CLOCK_UNIX_TIMESTAMP: std::ops::Range<usize> = 32..40;

/// An account as the RPC has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RawAccount {
    pub(crate) owner: Pubkey,
    pub(crate) lamports: u64,
    pub(crate) data: Vec<u8>,
}

impl RawAccount {
    fn from_ui(account: &UiAccount) -> Option<Self> {
        Some(Self {
            owner: account.owner.parse().ok()?,
            lamports: account.lamports,
            data: account.data.decode()?,
        })
    }

    /// This as one of the program's accounts.
    pub(crate) fn specie<T: SpecieAccount>(&self, address: &Pubkey) -> Result<T, CliError> {
        T::decode(&self.owner, &self.data).map_err(|error| {
            CliError::Chain(format!(
                "{address} is no {} of Specie: {error}. Check the address and --url",
                T::NAME
            ))
        })
    }
}

/// Accounts by address, as they were or would be at one moment; absent where there is none.
pub(crate) type Accounts = HashMap<Pubkey, RawAccount>;

/// What a transaction would do.
pub(crate) struct Simulation {
    pub(crate) failure: Option<TransactionError>,
    pub(crate) logs: Vec<String>,
    pub(crate) units_consumed: Option<u64>,
    /// Of the watched accounts those that the RPC says anything about.
    pub(crate) accounts: Accounts,
}

/// A cluster, by way of one RPC.
pub(crate) struct Chain {
    rpc: RpcClient,
    url: Endpoint,
    commitment: CommitmentConfig,
}

impl Chain {
    /// Asks nothing yet. Where a request is to be sent again, `output` says so.
    pub(crate) fn new(settings: &Settings, output: Output) -> Result<Self, CliError> {
        let url = settings.url.clone();
        let client = rpc::client(&url, ANSWER_PATIENCE, output)
            .map_err(|error| CliError::Network(format!("no HTTP client can be made: {error}")))?;
        let sender = HttpSender::new_with_client_with_middleware(url.expose(), client);
        let config = RpcClientConfig::with_commitment(settings.commitment);
        Ok(Self {
            rpc: RpcClient::new_sender(sender, config),
            url,
            commitment: settings.commitment,
        })
    }

    pub(crate) fn url(&self) -> &Endpoint {
        &self.url
    }

    /// The accounts that exist of these addresses.
    pub(crate) fn accounts(&self, addresses: &[Pubkey]) -> Result<Accounts, CliError> {
        let found = self
            .rpc
            .get_multiple_accounts_with_commitment(addresses, self.commitment)
            .map_err(|error| self.unanswered(error))?
            .value;
        let found = addresses.iter().zip(found);
        Ok(found
            .filter_map(|(address, account)| {
                let account = account?;
                let raw = RawAccount {
                    owner: account.owner,
                    lamports: account.lamports,
                    data: account.data,
                };
                Some((*address, raw))
            })
            .collect())
    }

    /// An account, if there is one.
    pub(crate) fn account(&self, address: &Pubkey) -> Result<Option<RawAccount>, CliError> {
        Ok(self.accounts(&[*address])?.remove(address))
    }

    /// One of the program's accounts, which must exist.
    pub(crate) fn specie<T: SpecieAccount>(&self, address: &Pubkey) -> Result<T, CliError> {
        let account = self.account(address)?.ok_or_else(|| {
            CliError::Chain(format!(
                "there is no {} at {address} on {}: check the address and --url",
                T::NAME,
                self.url
            ))
        })?;
        account.specie(address)
    }

    /// The program's accounts of a kind that hold `key` at `offset` of their fields, by address.
    pub(crate) fn specie_accounts_with<T: SpecieAccount>(
        &self,
        offset: usize,
        key: &Pubkey,
    ) -> Result<Vec<(Pubkey, T)>, CliError> {
        let field = T::DISCRIMINATOR.len() + offset;
        let config = RpcProgramAccountsConfig {
            filters: Some(vec![
                RpcFilterType::Memcmp(Memcmp::new_base58_encoded(0, T::DISCRIMINATOR)),
                RpcFilterType::Memcmp(Memcmp::new_base58_encoded(field, key.as_ref())),
            ]),
            account_config: RpcAccountInfoConfig {
                encoding: Some(UiAccountEncoding::Base64),
                commitment: Some(self.commitment),
                ..Default::default()
            },
            ..Default::default()
        };
        let found = self
            .rpc
            .get_program_ui_accounts_with_config(&specie_client::PROGRAM_ID, config)
            .map_err(|error| self.unanswered(error))?;
        let mut accounts = Vec::with_capacity(found.len());
        for (address, account) in found {
            let raw = RawAccount::from_ui(&account).ok_or_else(|| self.unreadable(&address))?;
            accounts.push((address, raw.specie(&address)?));
        }
        accounts.sort_unstable_by_key(|(address, _)| *address);
        Ok(accounts)
    }

    /// All accounts of the classic Token program that an owner has of a mint, by address.
    pub(crate) fn token_accounts(
        &self,
        owner: &Pubkey,
        mint: &Pubkey,
    ) -> Result<Vec<(Pubkey, RawAccount)>, CliError> {
        let parameters = json!([
            owner.to_string(),
            { "mint": mint.to_string() },
            { "encoding": "base64", "commitment": self.commitment.commitment },
        ]);
        let found: Response<Vec<RpcKeyedAccount>> = self
            .rpc
            .send(RpcRequest::GetTokenAccountsByOwner, parameters)
            .map_err(|error| self.unanswered(error))?;
        let mut accounts = vec![];
        for keyed in found.value {
            let unreadable = || self.unreadable(owner);
            let address = keyed.pubkey.parse().map_err(|_| unreadable())?;
            let account = RawAccount::from_ui(&keyed.account).ok_or_else(unreadable)?;
            accounts.push((address, account));
        }
        accounts.sort_unstable_by_key(|(address, _)| *address);
        Ok(accounts)
    }

    /// What the cluster takes for a transaction, in lamports; unknown where its blockhash is.
    pub(crate) fn fee(&self, transaction: &Transaction) -> Result<u64, CliError> {
        self.rpc
            .get_fee_for_message(&transaction.message)
            .map_err(|error| self.unanswered(error))
    }

    /// The chain's own time, in Unix seconds.
    pub(crate) fn now(&self) -> Result<i64, CliError> {
        let clock = self.account(&sysvar::clock::ID)?;
        clock
            .and_then(|clock| clock.data.get(CLOCK_UNIX_TIMESTAMP)?.try_into().ok())
            .map(i64::from_le_bytes)
            .ok_or_else(|| self.unreadable(&sysvar::clock::ID))
    }

    /// What tells this cluster from all others.
    pub(crate) fn genesis(&self) -> Result<Hash, CliError> {
        self.rpc
            .get_genesis_hash()
            .map_err(|error| self.unanswered(error))
    }

    /// Refuses unless what was made for `cluster` is for this one.
    pub(crate) fn require_cluster(&self, what: &str, cluster: &[u8; 32]) -> Result<(), CliError> {
        let (genesis, cluster) = (self.genesis()?, Hash::new_from_array(*cluster));
        if genesis == cluster {
            return Ok(());
        }
        Err(CliError::Chain(format!(
            "{what} is for the cluster with genesis hash {cluster}, but {} serves {genesis}: name an RPC of the right \
             cluster with --url. Nothing was signed",
            self.url
        )))
    }

    pub(crate) fn blockhash(&self) -> Result<Hash, CliError> {
        self.rpc
            .get_latest_blockhash()
            .map_err(|error| self.unanswered(error))
    }

    /// Lamports that an account of this size must hold.
    pub(crate) fn rent(&self, size: usize) -> Result<u64, CliError> {
        self.rpc
            .get_minimum_balance_for_rent_exemption(size)
            .map_err(|error| self.unanswered(error))
    }

    /// Runs a signed transaction without keeping what it does; `watched` are accounts to return.
    pub(crate) fn simulate(
        &self,
        transaction: &Transaction,
        watched: &[Pubkey],
    ) -> Result<Simulation, CliError> {
        let config = RpcSimulateTransactionConfig {
            sig_verify: true,
            commitment: Some(self.commitment),
            accounts: Some(RpcSimulateTransactionAccountsConfig {
                encoding: Some(UiAccountEncoding::Base64),
                addresses: watched.iter().map(Pubkey::to_string).collect(),
            }),
            ..Default::default()
        };
        let result = self
            .rpc
            .simulate_transaction_with_config(transaction, config)
            .map_err(|error| self.unanswered(error))?
            .value;
        let accounts = watched.iter().zip(result.accounts.unwrap_or_default());
        Ok(Simulation {
            failure: result.err.map(Into::into),
            logs: result.logs.unwrap_or_default(),
            units_consumed: result.units_consumed,
            accounts: accounts
                .filter_map(|(address, account)| Some((*address, RawAccount::from_ui(&account?)?)))
                .collect(),
        })
    }

    /// Sends a transaction that was simulated and waits until it is confirmed. The inner error is why the chain refused it
    /// all the same, with its log where there is one.
    pub(crate) fn send(
        &self,
        transaction: &Transaction,
    ) -> Result<Result<Signature, (TransactionError, Vec<String>)>, CliError> {
        let config = RpcSendTransactionConfig {
            preflight_commitment: Some(self.commitment.commitment),
            ..Default::default()
        };
        let sent = self.rpc.send_transaction_with_config(transaction, config);
        if let Err(error) = sent {
            if let Some(failure) = preflight_failure(&error) {
                return Ok(Err(failure));
            }
            if surely_not_sent(&error) {
                return Err(self.unanswered(error));
            }
            // The answer was lost, not necessarily the transaction: look for it.
        }
        let signature = transaction.signatures[0];
        let deadline = Instant::now() + CONFIRM_PATIENCE;
        let mut pause = POLL_FIRST;
        while Instant::now() < deadline {
            sleep(pause);
            pause = POLL_MOST.min(pause * 2);
            // An RPC that stumbles now must not make a sent transaction look unsent.
            let Ok(statuses) = self.rpc.get_signature_statuses(&[signature]) else {
                continue;
            };
            let Some(status) = statuses.value.into_iter().flatten().next() else {
                continue;
            };
            if let Some(failure) = status.err.clone() {
                return Ok(Err((failure, vec![])));
            }
            if status.satisfies_commitment(self.commitment) {
                return Ok(Ok(signature));
            }
        }
        Err(CliError::Unconfirmed(signature))
    }

    fn unreadable(&self, address: &Pubkey) -> CliError {
        CliError::Network(format!(
            "{} answered something else than the account {address}: name another RPC with --url",
            self.url
        ))
    }

    fn unanswered(&self, error: ClientError) -> CliError {
        let url = &self.url;
        CliError::Network(match error.kind() {
            ErrorKind::Middleware(error) => match error.downcast_ref::<Trouble>() {
                Some(trouble) => format!("{url} {trouble}, or name another RPC with --url"),
                None => format!("{url} could not be asked: {error}"),
            },
            ErrorKind::Reqwest(error) if error.is_connect() => format!(
                "nothing answers at {url}: start a local network with `specie localnet`, or name an RPC that runs with --url"
            ),
            ErrorKind::Reqwest(error) if error.is_timeout() => format!(
                "{url} did not answer within {ANSWER_PATIENCE:?}: try again, or name another RPC with --url"
            ),
            ErrorKind::Reqwest(error) if error.is_builder() => format!(
                "\"{url}\" is no RPC address: name one like http://127.0.0.1:8899, or a moniker like devnet, with --url"
            ),
            ErrorKind::Reqwest(error) if error.is_decode() => {
                format!(
                    "{url} answers with something that is no JSON: name a Solana RPC with --url"
                )
            }
            ErrorKind::Reqwest(_) => {
                format!(
                    "{url} broke off while it answered: try again, or name another RPC with --url"
                )
            }
            ErrorKind::RpcError(RpcError::RpcResponseError { code, message, .. }) => {
                format!("{url} refused the request: {message} (RPC error {code})")
            }
            _ => format!(
                "{url} does not answer as a Solana RPC does ({error}): name another with --url"
            ),
        })
    }
}

fn preflight_failure(error: &ClientError) -> Option<(TransactionError, Vec<String>)> {
    match error.kind() {
        ErrorKind::RpcError(RpcError::RpcResponseError {
            data: RpcResponseErrorData::SendTransactionPreflightFailure(simulation),
            ..
        }) => Some((
            simulation.err.clone()?.into(),
            simulation.logs.clone().unwrap_or_default(),
        )),
        _ => None,
    }
}

/// Whether the RPC refused a transaction or never heard of it.
fn surely_not_sent(error: &ClientError) -> bool {
    match error.kind() {
        ErrorKind::Reqwest(error) => error.is_connect() || error.is_builder(),
        ErrorKind::RpcError(RpcError::RpcResponseError { .. }) => true,
        ErrorKind::Middleware(error) => error
            .downcast_ref::<Trouble>()
            .is_some_and(Trouble::is_untaken),
        _ => false,
    }
}
