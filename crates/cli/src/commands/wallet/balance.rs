use crate::core::{
    context::Context,
    error::CliError,
    key,
    outcome::Outcome,
    report::{Fields, Value},
    token::Purse,
    view::CurrencyView,
};
use clap::Args;
use solana_pubkey::Pubkey;
use specie_client::constants::TOKEN_DECIMALS;

#[derive(Debug, Args)]
pub struct Balance {
    /// The currency, or its mint; without it only SOL is shown
    #[arg(long, value_name = "ADDRESS", env = "SPECIE_CURRENCY", value_parser = key::parse_address)]
    currency: Option<Pubkey>,
    /// Whose [default: the key that signs]
    #[arg(long, value_name = "ADDRESS", value_parser = key::parse_address)]
    owner: Option<Pubkey>,
}

impl Balance {
    pub(super) fn run(self, context: &Context) -> Result<Outcome, CliError> {
        let owner = context.address_or_own(self.owner)?;
        let chain = context.chain()?;
        let lamports = chain.account(&owner)?.map_or(0, |account| account.lamports);
        let fields = Fields::default()
            .with("owner", "Owner", Value::Address(owner))
            .with("sol", "SOL", Value::sol(lamports));
        let Some(currency) = &self.currency else {
            return Ok(fields.into());
        };
        let view = CurrencyView::read(chain, currency)?;
        let (mint, collateral_mint) = (view.account.mint, view.account.collateral_mint);
        let tokens = Purse::read(chain, owner, mint, TOKEN_DECIMALS)?;
        let collateral = Purse::read(chain, owner, collateral_mint, view.collateral_decimals)?;
        Ok(fields
            .with("currency", "Currency", Value::Address(view.address))
            .with("tokens", "Tokens", tokens.total())
            .with(
                "tokenAccount",
                "Token account",
                Value::Address(tokens.own()),
            )
            .with("tokenAccounts", "Token accounts", tokens.list())
            .with("collateralTokens", "Collateral tokens", collateral.total())
            .with(
                "collateralTokenAccount",
                "Collateral token account",
                Value::Address(collateral.own()),
            )
            .with(
                "collateralTokenAccounts",
                "Collateral token accounts",
                collateral.list(),
            )
            .into())
    }
}
