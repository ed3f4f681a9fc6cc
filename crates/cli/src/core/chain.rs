//! The chain behind an RPC: the only place that talks to it.

mod sending;

use crate::core::{
    batch::{Batches, Call},
    error::CliError,
    output::Output,
    price,
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
        RpcAccountInfoConfig, RpcProgramAccountsConfig, RpcSimulateTransactionAccountsConfig,
        RpcSimulateTransactionConfig,
    },
    filter::{Memcmp, RpcFilterType},
    request::{RpcError, RpcRequest},
    response::{Response, RpcKeyedAccount, UiAccount, UiAccountEncoding},
};
use solana_sdk_ids::sysvar;
use solana_transaction::Transaction;
use solana_transaction_error::TransactionError;
use specie_client::{account::SpecieAccount, endpoint::Endpoint};
use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// How long to wait for an answer of the RPC.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(30);
/// The account of the chain's own time.
pub(crate) const CLOCK: Pubkey = sysvar::clock::ID;
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

/// What a command has read already, so that it reads nothing twice.
#[derive(Default)]
struct Seen {
    accounts: HashMap<Pubkey, Option<RawAccount>>,
    genesis: Option<Hash>,
    compute_unit_price: Option<u64>,
}

/// Until when a transaction can be confirmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Expiry {
    /// The last block height.
    Height(u64),
    /// Until this account's durable nonce is advanced, by this transaction or by another.
    Nonce(Pubkey),
}

/// What the transaction's blockhash is, and until when it can be confirmed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lifetime {
    pub(crate) blockhash: Hash,
    pub(crate) expiry: Expiry,
}

/// What a transaction would do.
pub(crate) struct Simulation {
    /// The latest blockhash, where the RPC says it.
    pub(crate) lifetime: Option<Lifetime>,
    /// The fee without a price for compute, in lamports, where the RPC says it.
    pub(crate) fee: Option<u64>,
    pub(crate) failure: Option<TransactionError>,
    pub(crate) logs: Vec<String>,
    pub(crate) units_consumed: Option<u64>,
    /// Bytes of all accounts that it loaded, programs included, where the RPC says it.
    pub(crate) loaded_bytes: Option<u32>,
    /// Of the watched accounts those that the RPC says anything about.
    pub(crate) accounts: Accounts,
}

/// A cluster, by way of one RPC.
pub(crate) struct Chain {
    rpc: RpcClient,
    batches: Batches,
    seen: Mutex<Seen>,
    url: Endpoint,
    commitment: CommitmentConfig,
    output: Output,
}

impl Chain {
    /// Asks nothing yet. Where a request is to be sent again, `output` says so.
    pub(crate) fn new(settings: &Settings, output: Output) -> Result<Self, CliError> {
        let url = settings.url.clone();
        let client = rpc::client(&url, ANSWER_TIMEOUT, output)
            .map_err(|error| CliError::Network(format!("no HTTP client can be made: {error}")))?;
        let batches = Batches::new(client.clone(), url.clone());
        let sender = HttpSender::new_with_client_with_middleware(url.expose(), client);
        let config = RpcClientConfig::with_commitment(settings.commitment);
        Ok(Self {
            rpc: RpcClient::new_sender(sender, config),
            batches,
            seen: Mutex::default(),
            url,
            commitment: settings.commitment,
            output,
        })
    }

    pub(crate) fn url(&self) -> &Endpoint {
        &self.url
    }

    /// The accounts that exist of these addresses, as they are now.
    pub(crate) fn accounts(&self, addresses: &[Pubkey]) -> Result<Accounts, CliError> {
        self.read(addresses, &[])
    }

    /// The accounts that exist of these addresses, as this command has seen them; those that it has not are read.
    pub(crate) fn accounts_once(&self, addresses: &[Pubkey]) -> Result<Accounts, CliError> {
        let missing: Vec<Pubkey> = {
            let seen = self.seen();
            let unseen = addresses
                .iter()
                .filter(|key| !seen.accounts.contains_key(key));
            unseen.copied().collect()
        };
        if !missing.is_empty() {
            self.read(&missing, &[])?;
        }
        let seen = self.seen();
        Ok(addresses
            .iter()
            .filter_map(|key| Some((*key, seen.accounts.get(key)?.clone()?)))
            .collect())
    }

    /// Reads accounts in one request, and with them what is not known yet of the cluster and, for a transaction that
    /// writes `written`, of the price for compute.
    pub(crate) fn read(
        &self,
        addresses: &[Pubkey],
        written: &[Pubkey],
    ) -> Result<Accounts, CliError> {
        let keys = |keys: &[Pubkey]| json!(keys.iter().map(Pubkey::to_string).collect::<Vec<_>>());
        let mut calls: Vec<Call> = vec![(
            RpcRequest::GetMultipleAccounts,
            json!([
                keys(addresses),
                { "encoding": "base64", "commitment": self.commitment.commitment },
            ]),
        )];
        let asks_genesis = self.seen().genesis.is_none();
        if asks_genesis {
            calls.push((RpcRequest::GetGenesisHash, json!(null)));
        }
        if !written.is_empty() {
            let parameters = json!([keys(written)]);
            calls.push((RpcRequest::GetRecentPrioritizationFees, parameters));
        }
        let answers = self.batches.ask(&self.rpc, &calls);
        let mut answers = answers.map_err(|error| self.unanswered(error))?.into_iter();
        let mut answer = || answers.next().expect("every call has its answer");

        let found = answer().map_err(|error| self.unanswered(error))?;
        let found: Response<Vec<Option<UiAccount>>> =
            serde_json::from_value(found).map_err(|_| self.unreadable(&addresses[0]))?;
        let mut seen = self.seen();
        if asks_genesis {
            let genesis = answer()
                .ok()
                .and_then(|genesis| genesis.as_str()?.parse().ok());
            seen.genesis = genesis;
        }
        if !written.is_empty() {
            let fees = answer()
                .ok()
                .and_then(|fees| serde_json::from_value(fees).ok());
            seen.compute_unit_price = Some(price::of(fees.unwrap_or_default()));
        }
        let mut accounts = Accounts::new();
        for (address, account) in addresses.iter().zip(found.value) {
            let account = account.map(|account| {
                RawAccount::from_ui(&account).ok_or_else(|| self.unreadable(address))
            });
            let account = account.transpose()?;
            seen.accounts.insert(*address, account.clone());
            accounts.extend(account.map(|account| (*address, account)));
        }
        Ok(accounts)
    }

    /// What transactions that wrote these accounts recently paid for a compute unit, in micro-lamports.
    pub(crate) fn compute_unit_price(&self, written: &[Pubkey]) -> Result<u64, CliError> {
        if let Some(price) = self.seen().compute_unit_price {
            return Ok(price);
        }
        let fees = self.rpc.get_recent_prioritization_fees(written);
        let price = price::of(fees.unwrap_or_default());
        self.seen().compute_unit_price = Some(price);
        Ok(price)
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// An account, if there is one.
    pub(crate) fn account(&self, address: &Pubkey) -> Result<Option<RawAccount>, CliError> {
        Ok(self.accounts(&[*address])?.remove(address))
    }

    /// One of the program's accounts, which must exist.
    pub(crate) fn specie<T: SpecieAccount>(&self, address: &Pubkey) -> Result<T, CliError> {
        self.specie_among(&self.accounts(&[*address])?, address)
    }

    /// One of the program's accounts among those that were read, where it must be.
    pub(crate) fn specie_among<T: SpecieAccount>(
        &self,
        accounts: &Accounts,
        address: &Pubkey,
    ) -> Result<T, CliError> {
        let account = accounts.get(address).ok_or_else(|| {
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
        self.now_among(&self.accounts(&[CLOCK])?)
    }

    /// The chain's own time among accounts that were read, [`CLOCK`] with them.
    pub(crate) fn now_among(&self, accounts: &Accounts) -> Result<i64, CliError> {
        accounts
            .get(&CLOCK)
            .and_then(|clock| clock.data.get(CLOCK_UNIX_TIMESTAMP)?.try_into().ok())
            .map(i64::from_le_bytes)
            .ok_or_else(|| self.unreadable(&CLOCK))
    }

    /// What tells this cluster from all others.
    pub(crate) fn genesis(&self) -> Result<Hash, CliError> {
        if let Some(genesis) = self.seen().genesis {
            return Ok(genesis);
        }
        let genesis = self.rpc.get_genesis_hash();
        let genesis = genesis.map_err(|error| self.unanswered(error))?;
        self.seen().genesis = Some(genesis);
        Ok(genesis)
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

    pub(crate) fn lifetime(&self) -> Result<Lifetime, CliError> {
        let (blockhash, last_valid_block_height) = self
            .rpc
            .get_latest_blockhash_with_commitment(self.commitment)
            .map_err(|error| self.unanswered(error))?;
        Ok(Lifetime {
            blockhash,
            expiry: Expiry::Height(last_valid_block_height),
        })
    }

    /// Lamports that an account of this size must hold.
    pub(crate) fn rent(&self, size: usize) -> Result<u64, CliError> {
        self.rpc
            .get_minimum_balance_for_rent_exemption(size)
            .map_err(|error| self.unanswered(error))
    }

    /// Runs a transaction without keeping what it does, with the latest blockhash and whether it is signed or not;
    /// `watched` are accounts to return.
    pub(crate) fn simulate(
        &self,
        transaction: &Transaction,
        watched: &[Pubkey],
    ) -> Result<Simulation, CliError> {
        let config = RpcSimulateTransactionConfig {
            replace_recent_blockhash: true,
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
        let lifetime = result.replacement_blockhash.and_then(|latest| {
            Some(Lifetime {
                blockhash: latest.blockhash.parse().ok()?,
                expiry: Expiry::Height(latest.last_valid_block_height),
            })
        });
        Ok(Simulation {
            lifetime,
            fee: result.fee,
            failure: result.err.map(Into::into),
            logs: result.logs.unwrap_or_default(),
            units_consumed: result.units_consumed,
            loaded_bytes: result.loaded_accounts_data_size,
            accounts: accounts
                .filter_map(|(address, account)| Some((*address, RawAccount::from_ui(&account?)?)))
                .collect(),
        })
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
                "{url} did not answer within {ANSWER_TIMEOUT:?}: try again, or name another RPC with --url"
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
