use crate::core::{
    amount::Decimal,
    change::Watch,
    context::Context,
    error::CliError,
    key,
    outcome::Outcome,
    plan::Plan,
    report::{Fields, Value},
    token::{self, Gathered, Purse},
    view::VaultView,
};
use clap::Args;
use solana_pubkey::Pubkey;
use solana_signer::Signer;
use specie_client::{address, instruction};

#[derive(Debug, Args)]
pub struct Deposit {
    /// The vault
    #[arg(value_parser = key::parse_address)]
    vault: Pubkey,
    /// Collateral tokens to deposit
    amount: Decimal,
    /// Token account that pays [default: the vendor's, into which others of the vendor's are gathered where it holds too little]
    #[arg(long, value_name = "ADDRESS", value_parser = key::parse_address)]
    from: Option<Pubkey>,
}

impl Deposit {
    pub(super) fn run(self, context: &Context) -> Result<Outcome, CliError> {
        let vendor = context.signer()?;
        let chain = context.chain()?;
        let view = VaultView::read(chain, &self.vault)?;
        view.require_vendor(&vendor.pubkey())?;
        let decimals = view.currency.collateral_decimals;
        let amount = self.amount.base(decimals)?;
        let what = "collateral tokens";
        let (from, gathered) = match self.from {
            Some(from) => {
                token::require_balance(chain, &from, what, amount, decimals)?;
                (from, Gathered::default())
            }
            None => {
                let mint = view.currency.account.collateral_mint;
                let payer = context.fee_payer()?.pubkey();
                let key = vendor.pubkey();
                let gathered = Purse::provide(chain, key, (mint, decimals), amount, what, payer)?;
                (address::token_account(&key, &mint), gathered)
            }
        };
        let (currency, vault) = (view.currency.address, view.address);
        let deposit =
            instruction::deposit_collateral(currency, vault, vendor.pubkey(), from, amount);
        Plan {
            title: format!("Deposit collateral into the vault {}", view.address),
            details: Fields::default()
                .with("amount", "Amount", view.currency.collateral(amount))
                .and(gathered.fields(decimals)),
            instructions: [gathered.instructions, vec![deposit]].concat(),
            signers: vec![vendor],
            watch: vec![
                Watch::Tokens("collateral tokens of the vendor".into(), from, decimals),
                Watch::Vault(&view.currency, view.address),
            ],
        }
        .execute(context)
        .map(|report| report.with("vault", "Vault", Value::Address(view.address)))
    }
}
