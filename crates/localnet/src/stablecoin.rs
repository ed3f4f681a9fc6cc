//! The test stablecoin: a classic SPL token with 6 decimals, as USDC has, whose mint authority is
//! the faucet. What it is worth depends on nobody.

use {
    crate::{
        keys::{faucet_keypair, stablecoin_keypair},
        transactions::execute,
    },
    anyhow::Result,
    solana_pubkey::Pubkey,
    solana_rpc_client::nonblocking::rpc_client::RpcClient,
    solana_signer::Signer,
    spl_associated_token_account_interface::{
        address::get_associated_token_address,
        instruction::create_associated_token_account_idempotent,
    },
    spl_token_interface::instruction::{initialize_mint2, mint_to},
};

pub const DECIMALS: u8 = 6;
/// The size of a classic SPL mint account.
const MINT_SPACE: usize = 82;

/// The mint's address, the same on every local network.
pub fn mint() -> Pubkey {
    stablecoin_keypair().pubkey()
}

/// Creates the mint, which the faucet pays for and may mint from. No one can freeze.
pub async fn create_mint(rpc: &RpcClient) -> Result<()> {
    let (faucet, mint) = (faucet_keypair(), stablecoin_keypair());
    let rent = rpc
        .get_minimum_balance_for_rent_exemption(MINT_SPACE)
        .await?;
    let create = solana_system_interface::instruction::create_account(
        &faucet.pubkey(),
        &mint.pubkey(),
        rent,
        MINT_SPACE as u64,
        &spl_token_interface::ID,
    );
    let initialize = initialize_mint2(
        &spl_token_interface::ID,
        &mint.pubkey(),
        &faucet.pubkey(),
        None,
        DECIMALS,
    )?;
    execute(rpc, &[create, initialize], &[&faucet, &mint]).await?;
    Ok(())
}

/// Creates an owner's associated token account of any classic SPL mint, if it is missing, and
/// returns its address. The faucet pays the rent.
pub async fn create_token_account(
    rpc: &RpcClient,
    owner: &Pubkey,
    mint: &Pubkey,
) -> Result<Pubkey> {
    let faucet = faucet_keypair();
    let create = create_associated_token_account_idempotent(
        &faucet.pubkey(),
        owner,
        mint,
        &spl_token_interface::ID,
    );
    execute(rpc, &[create], &[&faucet]).await?;
    Ok(get_associated_token_address(owner, mint))
}

/// Mints base units (10⁻⁶ of a coin) to an owner's associated token account, which is created if
/// it is missing; returns that account.
pub async fn fund(rpc: &RpcClient, owner: &Pubkey, amount: u64) -> Result<Pubkey> {
    let (faucet, mint) = (faucet_keypair(), mint());
    let account = get_associated_token_address(owner, &mint);
    let create = create_associated_token_account_idempotent(
        &faucet.pubkey(),
        owner,
        &mint,
        &spl_token_interface::ID,
    );
    let mint_to = mint_to(
        &spl_token_interface::ID,
        &mint,
        &account,
        &faucet.pubkey(),
        &[],
        amount,
    )?;
    execute(rpc, &[create, mint_to], &[&faucet]).await?;
    Ok(account)
}
