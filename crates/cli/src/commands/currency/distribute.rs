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
use specie_client::{address, instruction};

/// Splits the fees that came in among stakers, insurance and treasury. Anybody may do this.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  specie currency distribute MINT")]
pub struct Distribute {
    /// The currency, or its mint
    #[arg(env = "SPECIE_CURRENCY", value_parser = key::parse_address)]
    currency: Pubkey,
}

impl Distribute {
    pub(super) fn run(self, context: &Context) -> Result<Outcome, CliError> {
        let view = CurrencyView::read(context.chain()?, &self.currency)?;
        let treasury = view.account.treasury;
        let pool = address::pool(&view.address);
        let decimals = view.collateral_decimals;
        let watch = |what: &str, account| Watch::Tokens(what.into(), account, decimals);
        Plan {
            title: format!("Distribute the revenue of the currency {}", view.address),
            details: Fields::default().with("treasury", "Treasury", Value::Address(treasury)),
            instructions: vec![instruction::distribute(view.address, treasury)],
            signers: vec![],
            watch: vec![
                watch("revenue", address::revenue(&view.address)),
                watch("rewards of stakers", address::rewards(&pool)),
                watch("insurance", address::insurance(&view.address)),
                watch("treasury", treasury),
            ],
        }
        .execute(context)
    }
}
