use crate::core::{
    change::Watch, context::Context, error::CliError, key, outcome::Outcome, plan::Plan,
    report::Value, view::VoucherView,
};
use clap::Args;
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use specie_client::instruction;

/// Calls on a vendor that does not serve to publish the signed voucher. The deposit returns with the compensation where
/// nobody answers in time, and goes to the vendor's operator where somebody does.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  specie wallet challenge VOUCHER")]
pub struct Challenge {
    /// The voucher
    #[arg(value_parser = key::parse_address)]
    voucher: Pubkey,
}

impl Challenge {
    pub(super) fn run(self, context: &Context) -> Result<Outcome, CliError> {
        let owner = context.signer()?;
        let view = VoucherView::read(context.chain()?, &self.voucher)?;
        view.require_owner(&owner.pubkey())?;
        let currency = &view.vault.currency;
        let deposit = currency.account.params.challenge_deposit.get();
        let payer = context.fee_payer()?.pubkey();
        let challenge =
            instruction::challenge(currency.address, view.address, &view.account, payer);
        Plan {
            title: format!("Challenge the voucher {}", view.address),
            details: view
                .fields()
                .with("deposit", "Deposit", Value::sol(deposit)),
            instructions: vec![challenge],
            signers: vec![owner],
            watch: vec![Watch::Voucher(&view)],
        }
        .execute(context)
    }
}
