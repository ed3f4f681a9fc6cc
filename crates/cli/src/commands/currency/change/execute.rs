use super::{due, fields, read};
use crate::core::{
    change::Watch, context::Context, error::CliError, key, outcome::Outcome, plan::Plan,
    view::CurrencyView,
};
use clap::Args;
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use specie_client::{instruction, refusal::Refusal, state::ChangeKind, units::Timestamp};

/// Anybody may do this. A new authority signs its own change.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  specie currency change execute MINT 0")]
pub struct Execute {
    /// The currency, or its mint
    #[arg(env = "SPECIE_CURRENCY", value_parser = key::parse_address)]
    currency: Pubkey,
    /// The change's number, as `specie currency change list` has it
    #[arg(value_name = "NUMBER")]
    change: u64,
}

impl Execute {
    pub(super) fn run(self, context: &Context) -> Result<Outcome, CliError> {
        let signer = context.signer()?;
        let chain = context.chain()?;
        let view = CurrencyView::read(chain, &self.currency)?;
        let change = read(chain, &view, self.change)?;
        let mut signers = vec![];
        if change.proposal.kind == ChangeKind::Authority as u8 {
            let subject = change.proposal.subject;
            if signer.pubkey() != subject {
                return Err(CliError::Key(format!(
                    "the new authority {subject} signs its own change, and the key that signs is {}: name its key file \
                     with --keypair",
                    signer.pubkey()
                )));
            }
            signers.push(signer);
        }
        change
            .require_due(&view.account.params, Timestamp::new(view.now))
            .map_err(|error| Refusal::from(error).because(due(&view, &change)))?;
        Plan {
            title: format!(
                "Execute change {} of the currency {}",
                self.change, view.address
            ),
            details: fields(&view, &change),
            instructions: vec![instruction::execute_change(&change)],
            signers,
            watch: vec![Watch::Currency(&view)],
        }
        .execute(context)
    }
}
