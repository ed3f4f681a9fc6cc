//! Sending a transaction to the local network and waiting until it is confirmed.

use {
    anyhow::{Context, Result, bail},
    solana_commitment_config::CommitmentConfig,
    solana_instruction::Instruction,
    solana_keypair::Keypair,
    solana_rpc_client::nonblocking::rpc_client::RpcClient,
    solana_rpc_client_api::{
        client_error::{Error as ClientError, ErrorKind},
        config::RpcSendTransactionConfig,
        request::{RpcError, RpcResponseErrorData},
    },
    solana_signature::Signature,
    solana_signer::Signer,
    solana_transaction::Transaction,
    std::time::Duration,
    tokio::time::{Instant, sleep},
};

/// Longer than a blockhash lives at the slowest slot time, so that waiting always ends.
const CONFIRM_TIMEOUT: Duration = Duration::from_secs(90);
const POLL: Duration = Duration::from_millis(10);

/// Signs, sends and confirms one transaction. The first signer pays.
///
/// A refused transaction's error carries the program's log, which says why.
pub async fn execute(
    rpc: &RpcClient,
    instructions: &[Instruction],
    signers: &[&Keypair],
) -> Result<Signature> {
    let payer = signers
        .first()
        .context("a transaction needs a signer that pays")?;
    let confirmed = CommitmentConfig::confirmed();
    let (blockhash, _) = rpc.get_latest_blockhash_with_commitment(confirmed).await?;
    let transaction =
        Transaction::new_signed_with_payer(instructions, Some(&payer.pubkey()), signers, blockhash);
    let config = RpcSendTransactionConfig {
        preflight_commitment: Some(confirmed.commitment),
        ..Default::default()
    };
    let signature = rpc
        .send_transaction_with_config(&transaction, config)
        .await
        .map_err(with_program_log)?;
    confirm(rpc, &signature).await?;
    Ok(signature)
}

/// Waits until a transaction is confirmed; fails if it failed.
pub async fn confirm(rpc: &RpcClient, signature: &Signature) -> Result<()> {
    let deadline = Instant::now() + CONFIRM_TIMEOUT;
    while Instant::now() < deadline {
        let statuses = rpc.get_signature_statuses(&[*signature]).await?.value;
        if let Some(status) = statuses.into_iter().flatten().next() {
            if let Some(error) = status.err {
                bail!("transaction {signature} failed: {error}");
            }
            if status.satisfies_commitment(CommitmentConfig::confirmed()) {
                return Ok(());
            }
        }
        sleep(POLL).await;
    }
    bail!("transaction {signature} was not confirmed within {CONFIRM_TIMEOUT:?}")
}

/// A client error as text, with the log of a transaction that the simulation refused.
fn with_program_log(error: ClientError) -> anyhow::Error {
    let log = match error.kind() {
        ErrorKind::RpcError(RpcError::RpcResponseError {
            data: RpcResponseErrorData::SendTransactionPreflightFailure(simulation),
            ..
        }) => simulation.logs.clone().unwrap_or_default(),
        _ => vec![],
    };
    let error = anyhow::Error::from(error);
    if log.is_empty() {
        error
    } else {
        error.context(log.join("\n"))
    }
}
