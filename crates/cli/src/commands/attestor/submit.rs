use super::statement::{Signed, Statement};
use crate::core::{
    change::Watch, context::Context, error::CliError, outcome::Outcome, plan::Plan, report::Value,
    view::CurrencyView,
};
use clap::Args;
use solana_pubkey::Pubkey;
use specie_client::instruction;
use std::path::PathBuf;

/// Anybody may submit: the signatures are what counts.
#[derive(Debug, Args)]
pub struct Submit {
    /// Files that attestors signed, as many as the quorum's threshold
    #[arg(required = true)]
    files: Vec<PathBuf>,
}

impl Submit {
    pub(super) fn run(self, context: &Context) -> Result<Outcome, CliError> {
        let mut signed: Vec<Signed> = vec![];
        for path in &self.files {
            let one = Signed::read(path)?;
            if let Some(first) = signed.first()
                && (first.statement, first.cluster) != (one.statement, one.cluster)
            {
                return Err(CliError::File(format!(
                    "{} says something else than {}: attestors must sign the same fields, as `specie attestor cosign` does",
                    path.display(),
                    self.files[0].display()
                )));
            }
            if signed.iter().any(|known| known.key == one.key) {
                return Err(CliError::File(format!(
                    "{} was signed by an attestor whose file was named already",
                    path.display()
                )));
            }
            signed.push(one);
        }
        submit(context, &signed)
    }
}

/// Brings one statement that these signed to the chain; `signed` is not empty.
pub(super) fn submit(context: &Context, signed: &[Signed]) -> Result<Outcome, CliError> {
    let Signed {
        statement, cluster, ..
    } = &signed[0];
    let chain = context.chain()?;
    chain.require_cluster("this statement", cluster)?;
    let view = CurrencyView::read(chain, &statement.currency())?;
    if let Some(stranger) = signed.iter().find(|one| !view.quorum.contains(&one.key)) {
        return Err(CliError::Key(format!(
            "the key {} is not one of this currency's quorum: `specie currency show {}` lists its keys",
            Pubkey::new_from_array(stranger.key),
            view.address
        )));
    }
    // More signatures than the threshold only cost room in the transaction.
    let enough = signed.len().min(view.quorum.threshold.into());
    let signatures: Vec<instruction::Signed> = signed[..enough]
        .iter()
        .map(|one| (one.key, one.signature))
        .collect();
    let (title, instructions, watch) = match statement {
        Statement::Price(price) => (
            "Post a price".to_string(),
            instruction::post_price(cluster, price, &signatures),
            Watch::Currency(&view),
        ),
        Statement::Capacity(capacity) => {
            let vault = Pubkey::new_from_array(capacity.vault);
            (
                format!("Attest the capacity of the vault {vault}"),
                instruction::attest_capacity(cluster, capacity, &signatures),
                Watch::Vault(&view, vault),
            )
        }
    };
    Plan {
        title,
        details: statement.fields(|price| view.collateral(price)).with(
            "signatures",
            "Signatures",
            Value::Number(enough as u64),
        ),
        instructions: instructions.into(),
        signers: vec![],
        watch: vec![watch],
    }
    .execute(context)
}
