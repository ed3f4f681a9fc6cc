use crate::core::{
    change::Watch,
    context::Context,
    error::CliError,
    key,
    outcome::Outcome,
    plan::Plan,
    report::{Fields, Value},
    view::CurrencyView,
};
use clap::Args;
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use specie_client::{address, instruction};

/// Pays what staked tokens earned. A stake of nothing is closed, and its rent returns.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  specie wallet claim --currency MINT")]
pub struct Claim {
    /// The currency, or its mint
    #[arg(long, value_name = "ADDRESS", env = "SPECIE_CURRENCY", value_parser = key::parse_address)]
    currency: Pubkey,
}

impl Claim {
    pub(super) fn run(self, context: &Context) -> Result<Outcome, CliError> {
        let owner = context.signer()?;
        let key = owner.pubkey();
        let payer = context.fee_payer()?.pubkey();
        let view = CurrencyView::read(context.chain()?, &self.currency)?;
        view.require_stake(context.chain()?, &key)?;
        let mint = view.account.collateral_mint;
        let to = address::token_account(&key, &mint);
        let pool = address::pool(&view.address);
        let decimals = view.collateral_decimals;
        Plan {
            title: format!(
                "Claim the rewards of a stake in the currency {}",
                view.address
            ),
            details: Fields::default().with("to", "To", Value::Address(to)),
            instructions: vec![
                instruction::create_token_account(payer, key, mint),
                instruction::claim(pool, key, to),
            ],
            signers: vec![owner],
            watch: vec![
                Watch::Tokens("collateral tokens of the owner".into(), to, decimals),
                Watch::Stake(&view, key),
            ],
        }
        .execute(context)
    }
}
