use crate::core::{
    change::Watch,
    context::Context,
    duration,
    error::CliError,
    key,
    outcome::Outcome,
    plan::Plan,
    report::{Fields, Value},
    view::CurrencyView,
};
use clap::Args;
use solana_pubkey::Pubkey;
use solana_signer::Signer;
use specie::errors::SpecieError;
use specie_client::instruction;

/// Redeeming and every exit go on.
#[derive(Debug, Args)]
pub struct Pause {
    /// The currency, or its mint
    #[arg(env = "SPECIE_CURRENCY", value_parser = key::parse_address)]
    currency: Pubkey,
    /// How long from now, like 2h
    #[arg(long = "for", value_name = "TIME", value_parser = duration::parse)]
    length: u32,
}

impl Pause {
    pub(super) fn run(self, context: &Context) -> Result<Outcome, CliError> {
        context.require_one_run("a pause ends at a time that is counted from now")?;
        let guardian = context.signer()?;
        let view = CurrencyView::read(context.chain()?, &self.currency)?;
        let guardian_signs = view.account.guardian == guardian.pubkey();
        view.require_role(guardian_signs, &guardian.pubkey(), SpecieError::NotGuardian)?;
        let until = view.now.saturating_add(self.length.into());
        Plan {
            title: format!("Pause the currency {}", view.address),
            details: Fields::default().with("until", "Until", Value::Time(until)),
            instructions: vec![instruction::pause(view.address, guardian.pubkey(), until)],
            signers: vec![guardian],
            watch: vec![Watch::Currency(&view)],
        }
        .execute(context)
    }
}
