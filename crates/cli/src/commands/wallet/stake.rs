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
    view::CurrencyView,
};
use clap::Args;
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use specie_client::{address, constants::TOKEN_DECIMALS, instruction};

/// Staked tokens earn a part of the currency's revenue. They are taken back with `specie wallet unstake` at any time.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  specie wallet stake 10 --currency MINT")]
pub struct Stake {
    /// Tokens to stake
    amount: Decimal,
    /// The currency, or its mint
    #[arg(long, value_name = "ADDRESS", env = "SPECIE_CURRENCY", value_parser = key::parse_address)]
    currency: Pubkey,
}

impl Stake {
    pub(super) fn run(self, context: &Context) -> Result<Outcome, CliError> {
        let tokens = self.amount.base(TOKEN_DECIMALS)?;
        let owner = context.signer()?;
        let key = owner.pubkey();
        let payer = context.fee_payer()?.pubkey();
        let chain = context.chain()?;
        let view = CurrencyView::read(chain, &self.currency)?;
        let mint = view.account.mint;
        let money = (mint, TOKEN_DECIMALS);
        let gathered = Purse::provide(chain, key, money, tokens, "tokens", payer)?;
        let from = address::token_account(&key, &mint);
        let pool = address::pool(&view.address);
        Plan {
            title: format!("Stake tokens of the currency {}", view.address),
            details: Fields::default()
                .with("tokens", "Tokens", Value::scu(tokens))
                .and(gathered.fields(TOKEN_DECIMALS)),
            instructions: [
                gathered.instructions,
                vec![instruction::stake(pool, key, from, tokens)],
            ]
            .concat(),
            signers: vec![owner],
            watch: vec![
                Watch::Tokens("tokens of the owner".into(), from, TOKEN_DECIMALS),
                Watch::Stake(&view, key),
            ],
        }
        .execute(context)
    }
}
