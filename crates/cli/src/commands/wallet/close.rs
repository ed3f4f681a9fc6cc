use crate::core::{
    context::Context,
    error::CliError,
    facts::Facts,
    key,
    outcome::Outcome,
    plan::Plan,
    report::{Fields, Value},
    view::VaultView,
};
use clap::Args;
use solana_pubkey::Pubkey;
use solana_signer::Signer;
use specie_client::{instruction, state::Voucher, units::Timestamp};

/// The vendor's receipts still count until the window ends.
#[derive(Debug, Args)]
pub struct Close {
    /// The voucher
    #[arg(value_parser = key::parse_address)]
    voucher: Pubkey,
}

impl Close {
    pub(super) fn run(self, context: &Context) -> Result<Outcome, CliError> {
        let owner = context.signer()?;
        let chain = context.chain()?;
        let voucher: Voucher = chain.specie(&self.voucher)?;
        if voucher.owner != owner.pubkey() {
            return Err(CliError::Key(format!(
                "the key {} does not own this voucher, {} does: sign with the owner's key file, named with --keypair",
                owner.pubkey(),
                voucher.owner
            )));
        }
        let view = VaultView::read(chain, &voucher.vault)?;
        voucher
            .require_not_closing(Timestamp::new(view.currency.now))
            .map_err(|error| {
                let facts = Facts {
                    currency: Some(&view.currency),
                    vault: Some(&view.account),
                    voucher: Some(&voucher),
                };
                facts.explain(error.into())
            })?;
        let window = view.currency.account.params.dispute_window.get();
        let reclaimable_from = view.currency.now.saturating_add(i64::from(window) + 1);
        let close = instruction::request_close(
            view.currency.address,
            view.address,
            self.voucher,
            owner.pubkey(),
        );
        Plan {
            title: format!("Close the voucher {}", self.voucher),
            details: Fields::default()
                .with("units", "Units", Value::scu(voucher.units.get()))
                .with("settled", "Settled", Value::scu(voucher.settled.get()))
                .with(
                    "disputeWindow",
                    "Dispute window",
                    Value::Duration(window.into()),
                )
                .with(
                    "reclaimableFrom",
                    "Reclaimable from",
                    Value::Time(reclaimable_from),
                ),
            instructions: vec![close],
            signers: vec![owner],
            watch: vec![],
        }
        .execute(context)
    }
}
