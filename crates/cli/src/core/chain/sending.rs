//! Sending a transaction, and what became of it: confirmed, expired or unknown, never a guess.

use super::{Chain, Expiry};
use crate::core::{
    error::CliError,
    nonce::{self, Nonce},
    rpc::Trouble,
};
use solana_hash::Hash;
use solana_pubkey::Pubkey;
use solana_rpc_client_api::{
    client_error::{Error as ClientError, ErrorKind},
    config::RpcSendTransactionConfig,
    request::{RpcError, RpcResponseErrorData},
};
use solana_signature::Signature;
use solana_transaction::Transaction;
use solana_transaction_error::TransactionError;
use std::{
    thread::sleep,
    time::{Duration, Instant},
};

/// Longer than a blockhash lives on mainnet: after it a transaction is either seen or dead.
const CONFIRM_TIMEOUT: Duration = Duration::from_secs(90);
const POLL_FIRST: Duration = Duration::from_millis(50);
const POLL_MOST: Duration = Duration::from_millis(1_000);
/// How long a command waits before it prints what it waits for.
const STATUS_AFTER: Duration = Duration::from_secs(1);

/// How far a transaction that was sent has come.
#[derive(Clone, Debug)]
pub(crate) struct Status {
    pub(crate) slot: u64,
    /// It is as far as the commitment asks.
    pub(crate) confirmed: bool,
    pub(crate) failure: Option<TransactionError>,
}

/// Why a cluster refused a transaction, with its log where there is one.
pub(crate) type Failure = (TransactionError, Vec<String>);

impl Chain {
    /// What a transaction that is confirmed has reached: `processed`, `confirmed` or `finalized`.
    pub(crate) fn commitment_name(&self) -> String {
        self.commitment.commitment.to_string()
    }

    /// Refuses a blockhash that this cluster does not take, or no longer.
    pub(crate) fn require_valid(&self, blockhash: &Hash) -> Result<(), CliError> {
        let valid = self.rpc.is_blockhash_valid(blockhash, self.commitment);
        if valid.map_err(|error| self.unanswered(error))? {
            return Ok(());
        }
        Err(CliError::Transaction(format!(
            "{} does not take the blockhash {blockhash} any more: a blockhash counts for about a minute. Sign again with a \
             newer one, or with a durable nonce (--nonce), which counts until it is used. Nothing was sent",
            self.url
        )))
    }

    /// The durable nonce in an account, which must be there.
    pub(crate) fn nonce(&self, address: &Pubkey) -> Result<Nonce, CliError> {
        let account = self.account(address)?;
        account.as_ref().and_then(nonce::decode).ok_or_else(|| {
            CliError::Chain(format!(
                "{address} is no nonce account on {}: create one with `solana create-nonce-account`, or check the address \
                 and --url",
                self.url
            ))
        })
    }

    /// Sends a transaction that was simulated and waits until it is confirmed. The inner error is why the chain refused it
    /// all the same, with its log where there is one.
    pub(crate) fn send(
        &self,
        transaction: &Transaction,
        expiry: Expiry,
    ) -> Result<Result<Signature, Failure>, CliError> {
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
        let confirmed = self.confirm(transaction, expiry);
        self.output.end_status_line();
        confirmed
    }

    fn confirm(
        &self,
        transaction: &Transaction,
        expiry: Expiry,
    ) -> Result<Result<Signature, Failure>, CliError> {
        let signature = transaction.signatures[0];
        let began = Instant::now();
        let mut pause = POLL_FIRST;
        while began.elapsed() < CONFIRM_TIMEOUT {
            sleep(pause);
            pause = POLL_MOST.min(pause * 2);
            if began.elapsed() > STATUS_AFTER {
                let start: String = signature.to_string().chars().take(8).collect();
                self.output.status_line(&format!(
                    "Sent {start}…; waiting until it is {}, {} s of at most {} s",
                    self.commitment_name(),
                    began.elapsed().as_secs(),
                    CONFIRM_TIMEOUT.as_secs()
                ));
            }
            // Asked before the status: what is not seen after its expiry cannot be seen later.
            let expired = pause == POLL_MOST && self.has_expired(transaction, expiry);
            // An RPC that fails now must not make a sent transaction look unsent.
            let Ok(status) = self.status(&signature, expired) else {
                continue;
            };
            match status {
                Some(Status {
                    failure: Some(failure),
                    ..
                }) => return Ok(Err((failure, vec![]))),
                Some(status) if status.confirmed => return Ok(Ok(signature)),
                Some(_) => {}
                None if expired => return Err(CliError::Expired(signature)),
                None => {}
            }
        }
        Err(CliError::Unconfirmed(signature))
    }

    /// Whether a transaction can surely not be confirmed later, if it is not yet.
    fn has_expired(&self, transaction: &Transaction, expiry: Expiry) -> bool {
        match expiry {
            Expiry::Height(last) => self
                .rpc
                .get_block_height()
                .is_ok_and(|height| height > last),
            Expiry::Nonce(account) => self
                .nonce(&account)
                .is_ok_and(|nonce| nonce.hash != transaction.message.recent_blockhash),
        }
    }

    /// What the cluster says of a transaction that was sent; nothing where it has not seen it. With `history`, old ones
    /// are looked up as well.
    pub(crate) fn status(
        &self,
        signature: &Signature,
        history: bool,
    ) -> Result<Option<Status>, CliError> {
        let statuses = if history {
            self.rpc.get_signature_statuses_with_history(&[*signature])
        } else {
            self.rpc.get_signature_statuses(&[*signature])
        };
        let statuses = statuses.map_err(|error| self.unanswered(error))?.value;
        Ok(statuses.into_iter().flatten().next().map(|status| Status {
            slot: status.slot,
            confirmed: status.satisfies_commitment(self.commitment),
            failure: status.err,
        }))
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

/// Whether the RPC refused a transaction or never received it.
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
