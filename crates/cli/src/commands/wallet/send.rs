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
use specie_client::{
    address::{self, TOKEN_PROGRAM},
    constants::TOKEN_DECIMALS,
    instruction,
};

/// The receiver's token account is created if it is missing, at the sender's cost.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  specie wallet send 2.5 --to ADDRESS --currency MINT")]
pub struct Send {
    /// Tokens to send
    amount: Decimal,
    /// Whom to send them to: an owner's address, not a token account's
    #[arg(long, value_name = "ADDRESS", value_parser = key::parse_address)]
    to: Pubkey,
    /// The currency, or its mint
    #[arg(long, value_name = "ADDRESS", env = "SPECIE_CURRENCY", value_parser = key::parse_address)]
    currency: Pubkey,
}

impl Send {
    pub(super) fn run(self, context: &Context) -> Result<Outcome, CliError> {
        let tokens = self.amount.base(TOKEN_DECIMALS)?;
        if tokens == 0 {
            return Err(CliError::Usage(
                "0 tokens are nothing to send: name an amount".into(),
            ));
        }
        let owner = context.signer()?;
        let key = owner.pubkey();
        let payer = context.fee_payer()?.pubkey();
        let chain = context.chain()?;
        let view = CurrencyView::read(chain, &self.currency)?;
        let mint = view.account.mint;
        let [from, to] = [key, self.to].map(|owner| address::token_account(&owner, &mint));
        let found = chain.accounts_once(&[self.to, from, to])?;
        if found
            .get(&self.to)
            .is_some_and(|held| held.owner == TOKEN_PROGRAM)
        {
            return Err(CliError::Usage(format!(
                "{} is a token account or a mint: name its owner with --to",
                self.to
            )));
        }
        let money = (mint, TOKEN_DECIMALS);
        let gathered = Purse::provide(chain, key, money, tokens, "tokens", payer)?;
        let details = Fields::default()
            .with("tokens", "Tokens", Value::scu(tokens))
            .with("to", "To", Value::Address(self.to))
            .and(gathered.fields(TOKEN_DECIMALS));
        let mut instructions = gathered.instructions;
        if !found.contains_key(&to) {
            instructions.push(instruction::create_token_account(payer, self.to, mint));
        }
        let transfer = spl_token_interface::instruction::transfer_checked(
            &TOKEN_PROGRAM,
            &from,
            &mint,
            &to,
            &key,
            &[],
            tokens,
            TOKEN_DECIMALS,
        );
        instructions.push(
            transfer.map_err(|error| {
                CliError::Transaction(format!("no transfer can be made: {error}"))
            })?,
        );
        Plan {
            title: format!("Send tokens to {}", self.to),
            details,
            instructions,
            signers: vec![owner],
            watch: vec![
                Watch::Tokens("tokens of the sender".into(), from, TOKEN_DECIMALS),
                Watch::Tokens("tokens of the receiver".into(), to, TOKEN_DECIMALS),
            ],
        }
        .execute(context)
    }
}
