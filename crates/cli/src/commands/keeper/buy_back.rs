use crate::core::{
    amount::Decimal,
    change::Watch,
    context::Context,
    error::CliError,
    key,
    outcome::Outcome,
    plan::Plan,
    report::{Fields, Value},
    token::Purse,
    view::VaultView,
};
use clap::Args;
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use specie_client::{
    address,
    constants::TOKEN_DECIMALS,
    instruction::{self, Liquidate},
};

/// Burns your tokens for the vault's collateral, at the last price and a premium that grows with time.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  specie keeper buy-back VAULT 5 --min-payment 10")]
pub struct BuyBack {
    /// The vault
    #[arg(value_parser = key::parse_address)]
    vault: Pubkey,
    /// Tokens to sell
    amount: Decimal,
    /// The least to be paid, in collateral tokens
    #[arg(long, value_name = "AMOUNT", default_value = "0")]
    min_payment: Decimal,
}

impl BuyBack {
    pub(super) fn run(self, context: &Context) -> Result<Outcome, CliError> {
        let tokens = self.amount.base(TOKEN_DECIMALS)?;
        let seller = context.signer()?;
        let key = seller.pubkey();
        let payer = context.fee_payer()?.pubkey();
        let chain = context.chain()?;
        let view = VaultView::read(chain, &self.vault)?;
        let currency = &view.currency;
        let min_payment = self.min_payment.base(currency.collateral_decimals)?;
        let (mint, collateral_mint) = (currency.account.mint, currency.account.collateral_mint);
        let money = (mint, TOKEN_DECIMALS);
        let gathered = Purse::provide(chain, key, money, tokens, "tokens", payer)?;
        let [from, to] = [mint, collateral_mint].map(|mint| address::token_account(&key, &mint));
        let sale = Liquidate {
            mint,
            vault: view.address,
            seller: key,
            from,
            to,
            tokens,
            min_payment,
        };
        let decimals = currency.collateral_decimals;
        Plan {
            title: format!("Sell tokens to the defaulted vault {}", view.address),
            details: Fields::default()
                .with("tokens", "Tokens", Value::scu(tokens))
                .with(
                    "leastPayment",
                    "Least payment",
                    currency.collateral(min_payment),
                )
                .and(gathered.fields(TOKEN_DECIMALS)),
            instructions: [
                gathered.instructions,
                vec![
                    instruction::create_token_account(payer, key, collateral_mint),
                    instruction::liquidate(&sale),
                ],
            ]
            .concat(),
            signers: vec![seller],
            watch: vec![
                Watch::Tokens("tokens of the seller".into(), from, TOKEN_DECIMALS),
                Watch::Tokens("collateral tokens of the seller".into(), to, decimals),
                Watch::Vault(currency, view.address),
            ],
        }
        .execute(context)
    }
}
