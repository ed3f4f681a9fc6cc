use super::quote::sale_fields;
use crate::core::{
    amount::Decimal,
    change::Watch,
    context::Context,
    error::CliError,
    key,
    outcome::Outcome,
    plan::Plan,
    token::Purse,
    view::{Beside, VaultView},
};
use clap::Args;
use solana_pubkey::Pubkey;
use solana_signer::Signer;
use specie_client::{address, constants::TOKEN_DECIMALS, instruction, state::Currency};

#[derive(Debug, Args)]
pub struct Buy {
    /// Tokens to buy
    amount: Decimal,
    /// The vault whose offer to take
    #[arg(long, value_name = "ADDRESS", value_parser = key::parse_address)]
    vault: Pubkey,
    /// The most collateral tokens to pay, should the offer change meanwhile [default: what the quote says]
    #[arg(long, value_name = "AMOUNT")]
    max_payment: Option<Decimal>,
}

impl Buy {
    pub(super) fn run(self, context: &Context) -> Result<Outcome, CliError> {
        let tokens = self.amount.base(TOKEN_DECIMALS)?;
        let buyer = context.signer()?;
        let chain = context.chain()?;
        let payer = context.fee_payer()?.pubkey();
        let accounts = |currency: &Currency| {
            let own = |mint| address::token_account(&buyer.pubkey(), mint);
            vec![payer, own(&currency.mint), own(&currency.collateral_mint)]
        };
        let beside = Beside {
            accounts: Some(&accounts),
            written: &[self.vault],
        };
        let view = VaultView::read_beside(chain, &self.vault, &beside)?;
        let currency = &view.currency;
        let decimals = currency.collateral_decimals;
        let sale = view.quote_purchase(tokens)?;
        let payment = sale.payment.get();
        let max_payment = match self.max_payment {
            Some(most) => most.base(decimals)?,
            None => payment,
        };
        let collateral_mint = currency.account.collateral_mint;
        let gathered = Purse::provide(
            chain,
            buyer.pubkey(),
            (collateral_mint, decimals),
            payment,
            "collateral tokens",
            payer,
        )?;
        let from = address::token_account(&buyer.pubkey(), &collateral_mint);

        let mint = currency.account.mint;
        let to = address::token_account(&buyer.pubkey(), &mint);
        let details = sale_fields(currency, tokens, &sale).and(gathered.fields(decimals));
        let mut instructions = gathered.instructions;
        if !chain.accounts_once(&[to])?.contains_key(&to) {
            instructions.push(instruction::create_token_account(
                payer,
                buyer.pubkey(),
                mint,
            ));
        }
        instructions.push(instruction::purchase(&instruction::Purchase {
            mint,
            vault: view.address,
            payout: view.account.payout,
            buyer: buyer.pubkey(),
            from,
            to,
            tokens,
            max_payment,
        }));
        Plan {
            title: format!("Buy tokens from the vault {}", view.address),
            details,
            instructions,
            signers: vec![buyer],
            watch: vec![
                Watch::Tokens("tokens of the buyer".into(), to, TOKEN_DECIMALS),
                Watch::Tokens("collateral tokens of the buyer".into(), from, decimals),
                Watch::Vault(currency, view.address),
            ],
        }
        .execute(context)
    }
}
