use crate::core::{
    amount::Decimal,
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
use specie_client::{address, constants::TOKEN_DECIMALS, instruction};

/// What they earned stays to be claimed.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  specie wallet unstake 10 --currency MINT")]
pub struct Unstake {
    /// Tokens to take back
    amount: Decimal,
    /// The currency, or its mint
    #[arg(long, value_name = "ADDRESS", env = "SPECIE_CURRENCY", value_parser = key::parse_address)]
    currency: Pubkey,
}

impl Unstake {
    pub(super) fn run(self, context: &Context) -> Result<Outcome, CliError> {
        let tokens = self.amount.base(TOKEN_DECIMALS)?;
        let owner = context.signer()?;
        let key = owner.pubkey();
        let payer = context.fee_payer()?.pubkey();
        let view = CurrencyView::read(context.chain()?, &self.currency)?;
        view.require_stake(context.chain()?, &key)?;
        let mint = view.account.mint;
        let to = address::token_account(&key, &mint);
        let pool = address::pool(&view.address);
        Plan {
            title: format!("Take back staked tokens of the currency {}", view.address),
            details: Fields::default().with("tokens", "Tokens", Value::scu(tokens)),
            instructions: vec![
                instruction::create_token_account(payer, key, mint),
                instruction::unstake(pool, key, to, tokens),
            ],
            signers: vec![owner],
            watch: vec![
                Watch::Tokens("tokens of the owner".into(), to, TOKEN_DECIMALS),
                Watch::Stake(&view, key),
            ],
        }
        .execute(context)
    }
}
