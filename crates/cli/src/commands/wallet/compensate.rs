use crate::core::{
    change::Watch, context::Context, error::CliError, key, outcome::Outcome, plan::Plan,
    view::VoucherView,
};
use clap::Args;
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use specie_client::{
    address,
    constants::TOKEN_DECIMALS,
    instruction::{self, Compensation},
};

/// Pays out a voucher whose challenge went unanswered: in collateral tokens, and in tokens where the vault holds too little.
/// Anybody may do this for the owner.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  specie wallet compensate VOUCHER")]
pub struct Compensate {
    /// The voucher
    #[arg(value_parser = key::parse_address)]
    voucher: Pubkey,
}

impl Compensate {
    pub(super) fn run(self, context: &Context) -> Result<Outcome, CliError> {
        let payer = context.fee_payer()?.pubkey();
        let view = VoucherView::read(context.chain()?, &self.voucher)?;
        let (currency, voucher) = (&view.vault.currency, &view.account);
        let mints = [currency.account.collateral_mint, currency.account.mint];
        let [cash_to, tokens_to] = mints.map(|mint| address::token_account(&voucher.owner, &mint));
        let compensation = Compensation {
            mint: currency.account.mint,
            voucher: view.address,
            collateral_mint: currency.account.collateral_mint,
            cash_to: None,
            tokens_to: None,
        };
        let create = |mint| instruction::create_token_account(payer, voucher.owner, mint);
        let [cash, tokens] = mints.map(create);
        let decimals = currency.collateral_decimals;
        Plan {
            title: format!("Compensate the voucher {}", view.address),
            details: view.fields(),
            instructions: vec![
                cash,
                tokens,
                instruction::compensate(&compensation, voucher),
            ],
            signers: vec![],
            watch: vec![
                Watch::Tokens("collateral tokens of the owner".into(), cash_to, decimals),
                Watch::Tokens("tokens of the owner".into(), tokens_to, TOKEN_DECIMALS),
                Watch::Vault(currency, view.vault.address),
                Watch::Voucher(&view),
            ],
        }
        .execute(context)
    }
}
