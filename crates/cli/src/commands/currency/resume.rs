use crate::core::{
    change::Watch, context::Context, error::CliError, key, outcome::Outcome, plan::Plan,
    report::Fields, view::CurrencyView,
};
use clap::Args;
use solana_pubkey::Pubkey;
use solana_signer::Signer;
use specie::errors::SpecieError;
use specie_client::instruction;

#[derive(Debug, Args)]
pub struct Resume {
    /// The currency, or its mint
    #[arg(env = "SPECIE_CURRENCY", value_parser = key::parse_address)]
    currency: Pubkey,
}

impl Resume {
    pub(super) fn run(self, context: &Context) -> Result<Outcome, CliError> {
        let authority = context.signer()?;
        let view = CurrencyView::read(context.chain()?, &self.currency)?;
        let authority_signs = view.account.authority == authority.pubkey();
        view.require_role(
            authority_signs,
            &authority.pubkey(),
            SpecieError::NotAuthority,
        )?;
        Plan {
            title: format!("End the pause of the currency {}", view.address),
            details: Fields::default(),
            instructions: vec![instruction::resume(view.address, authority.pubkey())],
            signers: vec![authority],
            watch: vec![Watch::Currency(&view)],
        }
        .execute(context)
    }
}
