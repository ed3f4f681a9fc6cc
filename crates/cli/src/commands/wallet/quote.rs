use crate::core::{
    amount::Decimal,
    context::Context,
    error::CliError,
    key,
    outcome::Outcome,
    report::{Fields, Value},
    view::{CurrencyView, VaultView},
};
use clap::Args;
use solana_pubkey::Pubkey;
use specie_client::{
    constants::TOKEN_DECIMALS,
    state::{Sale, Vault},
};
use std::mem::offset_of;

/// The cheapest vault comes first; a vault that would refuse says why.
#[derive(Debug, Args)]
pub struct Quote {
    /// Tokens to buy
    amount: Decimal,
    /// The vault to ask
    #[arg(long, value_name = "ADDRESS", value_parser = key::parse_address, required_unless_present = "currency")]
    vault: Option<Pubkey>,
    /// The currency, or its mint, all of whose vaults to ask where none is named
    #[arg(long, value_name = "ADDRESS", env = "SPECIE_CURRENCY", value_parser = key::parse_address)]
    currency: Option<Pubkey>,
}

impl Quote {
    pub(super) fn run(self, context: &Context) -> Result<Outcome, CliError> {
        let tokens = self.amount.base(TOKEN_DECIMALS)?;
        let chain = context.chain()?;
        if let Some(vault) = &self.vault {
            let view = VaultView::read(chain, vault)?;
            let sale = view.quote(|vault| vault.purchase(tokens))?;
            return Ok(Fields::default()
                .with("vault", "Vault", Value::Address(view.address))
                .and(sale_fields(&view.currency, tokens, &sale))
                .into());
        }
        let currency = self.currency.expect("one of the two was required");
        let view = CurrencyView::read(chain, &currency)?;
        let vaults: Vec<(Pubkey, Vault)> =
            chain.specie_accounts_with(offset_of!(Vault, currency), &view.address)?;
        let mut quotes: Vec<(u64, Fields)> = vaults
            .iter()
            .map(|(address, vault)| {
                let fields = Fields::default().with("vault", "Vault", Value::Address(*address));
                match view.quote(vault, |vault| vault.purchase(tokens)) {
                    Ok(sale) => (
                        sale.payment.get(),
                        fields.and(sale_fields(&view, tokens, &sale)),
                    ),
                    Err(refusal) => (
                        u64::MAX,
                        fields.with("refused", "Refused", Value::Refusal(refusal)),
                    ),
                }
            })
            .collect();
        quotes.sort_by_key(|(payment, _)| *payment);
        let quotes = quotes.into_iter().map(|(_, fields)| fields).collect();
        Ok(Fields::default()
            .with("currency", "Currency", Value::Address(view.address))
            .with("quotes", "Quotes", Value::List(quotes))
            .into())
    }
}

/// What a sale comes to, in collateral tokens.
pub(super) fn sale_fields(currency: &CurrencyView, tokens: u64, sale: &Sale) -> Fields {
    Fields::default()
        .with("tokens", "Tokens", Value::scu(tokens))
        .with(
            "payment",
            "Payment",
            currency.collateral(sale.payment.get()),
        )
        .with("fee", "Fee", currency.collateral(sale.fee.get()))
        .with(
            "retainedByTheVault",
            "Retained by the vault",
            currency.collateral(sale.retained.get()),
        )
        .with(
            "paidToTheVendor",
            "Paid to the vendor",
            currency.collateral(sale.payout.get()),
        )
}
