use crate::core::{
    change::Watch, context::Context, error::CliError, key, outcome::Outcome, plan::Plan,
    view::VoucherView,
};
use clap::Args;
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use specie_client::{address, constants::TOKEN_DECIMALS, instruction};

/// What was not consumed returns to the voucher's owner as tokens at once; a challenge's deposit returns with it.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  specie vault release VOUCHER -k operator.json")]
pub struct Release {
    /// The voucher
    #[arg(value_parser = key::parse_address)]
    voucher: Pubkey,
}

impl Release {
    pub(super) fn run(self, context: &Context) -> Result<Outcome, CliError> {
        let operator = context.signer()?;
        let payer = context.fee_payer()?.pubkey();
        let view = VoucherView::read(context.chain()?, &self.voucher)?;
        view.vault.require_operator(&operator.pubkey())?;
        let (currency, voucher) = (&view.vault.currency, &view.account);
        let mint = currency.account.mint;
        let to = address::token_account(&voucher.owner, &mint);
        let release =
            instruction::release_voucher(mint, view.address, voucher, operator.pubkey(), None);
        Plan {
            title: format!("Release the voucher {}", view.address),
            details: view.fields(),
            instructions: vec![
                instruction::create_token_account(payer, voucher.owner, mint),
                release,
            ],
            signers: vec![operator],
            watch: vec![
                Watch::Tokens("tokens of the owner".into(), to, TOKEN_DECIMALS),
                Watch::Voucher(&view),
            ],
        }
        .execute(context)
    }
}
