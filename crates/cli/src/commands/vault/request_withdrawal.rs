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
use specie_client::instruction;

/// What is requested stops counting at once and is paid after the delay. A new request replaces the last one.
#[derive(Debug, Args)]
pub struct RequestWithdrawal {
    /// The vault
    #[arg(value_parser = key::parse_address)]
    vault: Pubkey,
    /// Collateral tokens, in all; 0 takes the request back
    amount: Decimal,
}

impl RequestWithdrawal {
    pub(super) fn run(self, context: &Context) -> Result<Outcome, CliError> {
        let vendor = context.signer()?;
        let view = VaultView::read(context.chain()?, &self.vault)?;
        view.require_vendor(&vendor.pubkey())?;
        let amount = self.amount.base(view.currency.collateral_decimals)?;
        let delay = view.currency.account.params.withdrawal_delay.get();
        Plan {
            title: format!("Request collateral back from the vault {}", view.address),
            details: Fields::default()
                .with("amount", "Amount", view.currency.collateral(amount))
                .with("delay", "Delay", Value::Duration(delay.into())),
            instructions: vec![instruction::request_withdrawal(
                view.currency.address,
                view.address,
                vendor.pubkey(),
                amount,
            )],
            signers: vec![vendor],
            watch: vec![Watch::Vault(&view.currency, view.address)],
        }
        .execute(context)
    }
}
