use crate::{
    chain::Chain,
    context::Context,
    error::CliError,
    key,
    report::{Fields, Report, Value},
    token,
    transaction::Plan,
};
use clap::Args;
use solana_keypair::Keypair;
use solana_signer::Signer;
use specie_client::{address::TOKEN_PROGRAM, constants::TOKEN_DECIMALS};

/// The mint's authority is the key that signs, until a currency takes the mint over. Attach metadata before.
#[derive(Debug, Args)]
pub struct CreateMint {
    /// Key file of the mint account, to choose its address [default: a new key, which nobody needs afterwards]
    #[arg(long, value_name = "FILE")]
    mint_keypair: Option<String>,
}

impl CreateMint {
    pub(super) fn run(self, context: &Context) -> Result<Report, CliError> {
        let mint = match &self.mint_keypair {
            Some(path) => key::read(path, "--mint-keypair")?,
            None => Keypair::new(),
        };
        let authority = context.keypair()?.pubkey();
        let payer = context.fee_payer()?.pubkey();
        let chain = context.chain()?;
        require_absent(chain, &mint)?;
        let create = solana_system_interface::instruction::create_account(
            &payer,
            &mint.pubkey(),
            chain.rent(token::MINT_SPACE)?,
            token::MINT_SPACE as u64,
            &TOKEN_PROGRAM,
        );
        let initialize = spl_token_interface::instruction::initialize_mint2(
            &TOKEN_PROGRAM,
            &mint.pubkey(),
            &authority,
            None,
            TOKEN_DECIMALS,
        )
        .expect("the Token program's own address was given");
        let report = Plan {
            title: format!("Create the mint {}", mint.pubkey()),
            details: Fields::default().with("Mint authority", Value::Address(authority)),
            instructions: vec![create, initialize],
            signers: vec![&mint],
            watch: vec![],
        }
        .execute(context)?;
        Ok(report.with("Mint", Value::Address(mint.pubkey())))
    }
}

fn require_absent(chain: &Chain, mint: &Keypair) -> Result<(), CliError> {
    match chain.account(&mint.pubkey())? {
        None => Ok(()),
        Some(_) => Err(CliError::Chain(format!(
            "{} exists already: choose another key for the mint",
            mint.pubkey()
        ))),
    }
}
