//! Deploying a program by Solana's upgradeable loader (version 3), as `solana program deploy`
//! does: a buffer account, the file written into it chunk by chunk, and one last transaction in
//! which the loader verifies the code and makes it a program.

use {
    crate::transactions::execute,
    anyhow::{Context, Result, bail, ensure},
    futures::{StreamExt, stream},
    solana_commitment_config::CommitmentConfig,
    solana_keypair::Keypair,
    solana_loader_v3_interface::{
        get_program_data_address, instruction as loader, state::UpgradeableLoaderState,
    },
    solana_pubkey::Pubkey,
    solana_rpc_client::nonblocking::rpc_client::RpcClient,
    solana_rpc_client_api::config::RpcSendTransactionConfig,
    solana_signer::Signer,
    solana_transaction::Transaction,
    std::ops::Range,
};

/// The bytes of the file in one Write transaction: of 1232, the signature takes 65, the message's
/// header and lengths 9, three keys 96, the blockhash 32, and the instruction's own fields 18.
const CHUNK: usize = 1232 - 65 - 9 - 96 - 32 - 18;
/// Write transactions in flight at once.
const PARALLEL: usize = 24;
/// How often lost chunks are written again before giving up.
const ROUNDS: usize = 8;

/// A program as the network holds it after [`deploy`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deployment {
    pub program: Pubkey,
    /// The account with the code, which the upgrade authority may replace.
    pub program_data: Pubkey,
    pub upgrade_authority: Pubkey,
    /// The size of the code in bytes.
    pub size: usize,
}

/// Deploys a `.so` under a program keypair and checks that the network then holds its very bytes.
///
/// `payer` pays the rent and becomes the upgrade authority. A program that exists already is
/// refused.
pub async fn deploy(
    rpc: &RpcClient,
    code: &[u8],
    program: &Keypair,
    payer: &Keypair,
) -> Result<Deployment> {
    let address = program.pubkey();
    ensure!(
        code.starts_with(b"\x7fELF"),
        "this is not a program: the file does not start as an ELF file does"
    );
    let existing = account_data(rpc, &address).await?;
    ensure!(
        existing.is_none(),
        "program {address} is deployed already; start a fresh network"
    );

    let buffer = Keypair::new();
    create_buffer(rpc, code.len(), &buffer.pubkey(), payer, &buffer).await?;
    write_buffer(rpc, code, &buffer.pubkey(), payer).await?;

    let rent = rpc
        .get_minimum_balance_for_rent_exemption(UpgradeableLoaderState::size_of_program())
        .await?;
    let instructions = loader::deploy_with_max_program_len(
        &payer.pubkey(),
        &address,
        &buffer.pubkey(),
        &payer.pubkey(),
        rent,
        code.len(),
    )?;
    execute(rpc, &instructions, &[payer, program])
        .await
        .context("the loader refused the program")?;

    let deployment = Deployment {
        program: address,
        program_data: get_program_data_address(&address),
        upgrade_authority: payer.pubkey(),
        size: code.len(),
    };
    ensure!(
        deployed_code(rpc, &address).await? == code,
        "the network holds other bytes under {address} than the file has"
    );
    Ok(deployment)
}

/// The code that the network runs under a program's address.
pub async fn deployed_code(rpc: &RpcClient, program: &Pubkey) -> Result<Vec<u8>> {
    let program_data = get_program_data_address(program);
    let mut data = account_data(rpc, &program_data)
        .await?
        .with_context(|| format!("no program is deployed under {program}"))?;
    let metadata = UpgradeableLoaderState::size_of_programdata_metadata();
    ensure!(
        data.len() >= metadata,
        "account {program_data} is too short for a program"
    );
    Ok(data.split_off(metadata))
}

async fn create_buffer(
    rpc: &RpcClient,
    size: usize,
    address: &Pubkey,
    payer: &Keypair,
    buffer: &Keypair,
) -> Result<()> {
    let rent = rpc
        .get_minimum_balance_for_rent_exemption(UpgradeableLoaderState::size_of_buffer(size))
        .await?;
    let authority = payer.pubkey();
    let instructions = loader::create_buffer(&authority, address, &authority, rent, size)?;
    execute(rpc, &instructions, &[payer, buffer])
        .await
        .context("the buffer for the program could not be created")?;
    Ok(())
}

/// Writes every chunk that the buffer does not hold yet, until it holds all.
///
/// The buffer itself says what is missing, so a lost or late transaction needs no bookkeeping:
/// writing a chunk twice changes nothing.
async fn write_buffer(
    rpc: &RpcClient,
    code: &[u8],
    buffer: &Pubkey,
    payer: &Keypair,
) -> Result<()> {
    let metadata = UpgradeableLoaderState::size_of_buffer_metadata();
    let mut refusal = None;
    for _ in 0..ROUNDS {
        let data = account_data(rpc, buffer)
            .await?
            .context("the buffer vanished")?;
        let missing = missing_chunks(code, data.get(metadata..).unwrap_or_default());
        if missing.is_empty() {
            return Ok(());
        }
        let (blockhash, _) = rpc
            .get_latest_blockhash_with_commitment(CommitmentConfig::confirmed())
            .await?;
        let mut writes = stream::iter(missing.into_iter().map(|range| {
            let offset = range.start as u32;
            let write = loader::write(buffer, &payer.pubkey(), offset, code[range].to_vec());
            let transaction = Transaction::new_signed_with_payer(
                &[write],
                Some(&payer.pubkey()),
                &[payer],
                blockhash,
            );
            async move {
                let config = RpcSendTransactionConfig {
                    skip_preflight: true,
                    ..Default::default()
                };
                rpc.send_transaction_with_config(&transaction, config).await
            }
        }))
        .buffer_unordered(PARALLEL);
        while let Some(sent) = writes.next().await {
            refusal = sent.err().or(refusal);
        }
    }
    match refusal {
        Some(error) => Err(error).context("the program could not be written to its buffer"),
        None => bail!("the buffer was still incomplete after writing it {ROUNDS} times"),
    }
}

/// The ranges of `code`, a chunk each, whose bytes `written` does not hold.
fn missing_chunks(code: &[u8], written: &[u8]) -> Vec<Range<usize>> {
    (0..code.len())
        .step_by(CHUNK)
        .map(|start| start..code.len().min(start + CHUNK))
        .filter(|range| written.get(range.clone()) != Some(&code[range.clone()]))
        .collect()
}

async fn account_data(rpc: &RpcClient, address: &Pubkey) -> Result<Option<Vec<u8>>> {
    let account = rpc
        .get_account_with_commitment(address, CommitmentConfig::processed())
        .await?
        .value;
    Ok(account.map(|account| account.data))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_chunks_are_those_that_differ() {
        let code = vec![7; 2 * CHUNK + 1];
        let mut written = code.clone();
        assert!(missing_chunks(&code, &written).is_empty());
        written[CHUNK] = 0;
        assert_eq!(missing_chunks(&code, &written), vec![CHUNK..2 * CHUNK]);
        assert_eq!(missing_chunks(&code, &[]).len(), 3);
    }

    #[test]
    fn a_full_chunk_fills_a_transaction() {
        let payer = Keypair::new();
        let write = loader::write(&Pubkey::new_unique(), &payer.pubkey(), 0, vec![0; CHUNK]);
        let message = solana_transaction::Message::new(&[write], Some(&payer.pubkey()));
        assert_eq!(1 + 64 + message.serialize().len(), 1232);
    }
}
