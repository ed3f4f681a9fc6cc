use crate::core::{
    chain::Chain,
    context::Context,
    error::CliError,
    key::{self, AnySigner},
    outcome::Outcome,
    plan::Plan,
    report::{Fields, Value},
    token,
};
use clap::Args;
use solana_keypair::Keypair;
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use specie_client::{address::TOKEN_PROGRAM, constants::TOKEN_DECIMALS};
use std::sync::Arc;

/// The mint's authority is the key that signs, until a currency takes the mint over. Attach metadata before.
#[derive(Debug, Args)]
pub struct CreateMint {
    /// Key file of the mint account, to choose its address [default: a new key, which nobody needs afterwards]
    #[arg(long, value_name = "FILE")]
    mint_keypair: Option<String>,
}

impl CreateMint {
    pub(super) fn run(self, context: &Context) -> Result<Outcome, CliError> {
        if self.mint_keypair.is_none() {
            context.require_one_run("without --mint-keypair the mint is a new key")?;
        }
        let signer: AnySigner = match &self.mint_keypair {
            Some(path) => key::signer(path, "--mint-keypair")?,
            None => Arc::new(Keypair::new()),
        };
        let mint = signer.pubkey();
        let authority = context.signer()?.pubkey();
        let payer = context.fee_payer()?.pubkey();
        let chain = context.chain()?;
        require_absent(chain, &mint)?;
        let create = solana_system_interface::instruction::create_account(
            &payer,
            &mint,
            chain.rent(token::MINT_SPACE)?,
            token::MINT_SPACE as u64,
            &TOKEN_PROGRAM,
        );
        let initialize = spl_token_interface::instruction::initialize_mint2(
            &TOKEN_PROGRAM,
            &mint,
            &authority,
            None,
            TOKEN_DECIMALS,
        )
        .expect("the Token program's own address was given");
        let report = Plan {
            title: format!("Create the mint {}", mint),
            details: Fields::default().with(
                "mintAuthority",
                "Mint authority",
                Value::Address(authority),
            ),
            instructions: vec![create, initialize],
            signers: vec![signer],
            watch: vec![],
        }
        .execute(context)?;
        Ok(report.with("mint", "Mint", Value::Address(mint)))
    }
}

fn require_absent(chain: &Chain, mint: &Pubkey) -> Result<(), CliError> {
    match chain.account(mint)? {
        None => Ok(()),
        Some(_) => Err(CliError::Chain(format!(
            "{mint} exists already: choose another key for the mint"
        ))),
    }
}
