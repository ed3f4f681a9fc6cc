use crate::core::{
    amount::Decimal,
    change::Watch,
    context::Context,
    error::CliError,
    key,
    outcome::Outcome,
    plan::Plan,
    report::{Fields, Value},
    view::VaultView,
};
use clap::Args;
use solana_pubkey::Pubkey;
use solana_signer::Signer;
use specie_client::{address, constants::TOKEN_DECIMALS, instruction};

#[derive(Debug, Args)]
pub struct Issue {
    /// The vault
    #[arg(value_parser = key::parse_address)]
    vault: Pubkey,
    /// Tokens to issue
    amount: Decimal,
    /// Whose token account they go to, created if missing [default: the vendor]
    #[arg(long, value_name = "ADDRESS", value_parser = key::parse_address)]
    to: Option<Pubkey>,
}

impl Issue {
    pub(super) fn run(self, context: &Context) -> Result<Outcome, CliError> {
        let tokens = self.amount.base(TOKEN_DECIMALS)?;
        let vendor = context.signer()?;
        let view = VaultView::read(context.chain()?, &self.vault)?;
        view.require_vendor(&vendor.pubkey())?;
        let units = view.quote(|vault| vault.issue(tokens))?;
        let mint = view.currency.account.mint;
        let owner = self.to.unwrap_or(vendor.pubkey());
        let to = address::token_account(&owner, &mint);
        let payer = context.fee_payer()?.pubkey();
        Plan {
            title: format!("Issue tokens against the vault {}", view.address),
            details: Fields::default()
                .with("tokens", "Tokens", Value::scu(tokens))
                .with("unitsOwed", "Units owed", Value::scu(units))
                .with("to", "To", Value::Address(owner)),
            instructions: vec![
                instruction::create_token_account(payer, owner, mint),
                instruction::issue(mint, view.address, vendor.pubkey(), to, tokens),
            ],
            signers: vec![vendor],
            watch: vec![
                Watch::Tokens("tokens of the receiver".into(), to, TOKEN_DECIMALS),
                Watch::Vault(&view.currency, view.address),
            ],
        }
        .execute(context)
    }
}
