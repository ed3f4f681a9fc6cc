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
    /// The most to pay as a fee, in the collateral token [default: 1 % above the fee at the present price]
    #[arg(long, value_name = "AMOUNT")]
    max_fee: Option<Decimal>,
}

impl Issue {
    pub(super) fn run(self, context: &Context) -> Result<Outcome, CliError> {
        let tokens = self.amount.base(TOKEN_DECIMALS)?;
        let vendor = context.signer()?;
        let view = VaultView::read(context.chain()?, &self.vault)?;
        view.require_vendor(&vendor.pubkey())?;
        let quote = view.quote_issue(tokens)?;
        let decimals = view.currency.collateral_decimals;
        let max_fee = match &self.max_fee {
            Some(amount) => amount.base(decimals)?,
            None => quote.fee.saturating_add(quote.fee.div_ceil(100)),
        };
        let mint = view.currency.account.mint;
        let owner = self.to.unwrap_or(vendor.pubkey());
        let to = address::token_account(&owner, &mint);
        let from = address::token_account(&vendor.pubkey(), &view.currency.account.collateral_mint);
        let payer = context.fee_payer()?.pubkey();
        Plan {
            title: format!("Issue tokens against the vault {}", view.address),
            details: Fields::default()
                .with("tokens", "Tokens", Value::scu(tokens))
                .with("unitsOwed", "Units owed", Value::scu(quote.units))
                .with("fee", "Fee", view.currency.collateral(quote.fee))
                .with("maxFee", "At most", view.currency.collateral(max_fee))
                .with("to", "To", Value::Address(owner)),
            instructions: vec![
                instruction::create_token_account(payer, owner, mint),
                instruction::issue(&instruction::Issue {
                    mint,
                    vault: view.address,
                    vendor: vendor.pubkey(),
                    from,
                    to,
                    tokens,
                    max_fee,
                }),
            ],
            signers: vec![vendor],
            watch: vec![
                Watch::Tokens("tokens of the receiver".into(), to, TOKEN_DECIMALS),
                Watch::Tokens("collateral tokens".into(), from, decimals),
                Watch::Vault(&view.currency, view.address),
            ],
        }
        .execute(context)
    }
}
