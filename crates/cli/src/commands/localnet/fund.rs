use crate::core::runtime::block_on;
use crate::core::{
    amount::Decimal,
    context::Context,
    error::CliError,
    key,
    outcome::Outcome,
    report::{Fields, Value},
    token,
};
use clap::Args;
use solana_pubkey::Pubkey;
use solana_signer::Signer;
use specie_localnet::{RpcClient, faucet_keypair, stablecoin, transactions};

#[derive(Debug, Args)]
pub(super) struct Fund {
    /// Who is given it, or its key file [default: the key that signs]
    #[arg(value_parser = key::parse_address)]
    address: Option<Pubkey>,
    /// SOL to give
    #[arg(long, default_value = "10")]
    sol: Decimal,
    /// Test stablecoins to give
    #[arg(long, default_value = "0")]
    stablecoin: Decimal,
}

impl Fund {
    pub(super) fn run(self, context: &Context) -> Result<Outcome, CliError> {
        let (lamports, coins) = (
            self.sol.base(9)?,
            self.stablecoin.base(stablecoin::DECIMALS)?,
        );
        let address = context.address_or_own(self.address)?;
        let chain = context.chain()?;
        let faucet = faucet_keypair();
        let held = chain
            .account(&faucet.pubkey())?
            .map_or(0, |account| account.lamports);
        if held <= lamports {
            return Err(CliError::Chain(format!(
                "{} is no local network of Specie: its faucet holds too little SOL there. Start one with \
                 `specie localnet`, and name it with --url localhost",
                chain.url()
            )));
        }
        let rpc = RpcClient::new(chain.url().expose().to_owned());
        block_on(async {
            let failed = |error: anyhow::Error| CliError::Transaction(format!("{error:#}"));
            if lamports > 0 {
                let transfer = solana_system_interface::instruction::transfer(
                    &faucet.pubkey(),
                    &address,
                    lamports,
                );
                transactions::execute(&rpc, &[transfer], &[&faucet])
                    .await
                    .map_err(failed)?;
            }
            if coins > 0 {
                stablecoin::fund(&rpc, &address, coins)
                    .await
                    .map_err(failed)?;
            }
            Ok(())
        })?;
        let purse = specie_client::address::token_account(&address, &stablecoin::mint());
        let found = chain.accounts(&[address, purse])?;
        let held = found.get(&address).map_or(0, |account| account.lamports);
        let coins_held = token::balance_of(&found, &purse);
        Ok(Fields::default()
            .with("address", "Address", Value::Address(address))
            .with("solAdded", "SOL added", Value::sol(lamports))
            .with("solNow", "SOL now", Value::sol(held))
            .with(
                "stablecoinsAdded",
                "Stablecoins added",
                Value::Amount(coins, stablecoin::DECIMALS),
            )
            .with(
                "stablecoinsNow",
                "Stablecoins now",
                Value::Amount(coins_held, stablecoin::DECIMALS),
            )
            .into())
    }
}
