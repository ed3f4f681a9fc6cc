use super::{
    capacity::CapacityTerms,
    price::PriceTerms,
    statement::{Signed, Statement},
};
use crate::core::{
    context::Context, error::CliError, key, outcome::Outcome, report::Value, view::CurrencyView,
};
use clap::{Args, Subcommand};
use solana_pubkey::Pubkey;
use std::path::PathBuf;

/// What is signed.
#[derive(Debug, Subcommand)]
pub enum Sign {
    /// The price of one SCU
    Price {
        #[command(flatten)]
        terms: PriceTerms,
        #[command(flatten)]
        signing: Signing,
    },
    /// A vault's capacity
    Capacity {
        #[command(flatten)]
        terms: CapacityTerms,
        #[command(flatten)]
        signing: Signing,
    },
}

/// With which key, and into which file.
#[derive(Debug, Args)]
pub struct Signing {
    /// The attestor's key file
    #[arg(long, value_name = "FILE")]
    key: String,
    /// File to create
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

impl Sign {
    pub(super) fn run(self, context: &Context) -> Result<Outcome, CliError> {
        let (statement, view, signing) = match self {
            Self::Price { terms, signing } => {
                let (statement, view) = terms.statement(context)?;
                (statement, view, signing)
            }
            Self::Capacity { terms, signing } => {
                let (statement, view) = terms.statement(context)?;
                (statement, view, signing)
            }
        };
        signing.sign(statement, &view)
    }
}

impl Signing {
    fn sign(self, statement: Statement, view: &CurrencyView) -> Result<Outcome, CliError> {
        let key = key::read(&self.key, "--key")?;
        let signed = Signed::new(statement, view.account.cluster, &key);
        if !view.quorum.contains(&signed.key) {
            return Err(CliError::Key(format!(
                "the key {} is not one of this currency's quorum: name an attestor's key file with --key",
                Pubkey::new_from_array(signed.key)
            )));
        }
        signed.write(&self.out)?;
        let fields = statement.fields(|price| view.collateral(price));
        Ok(Outcome::from(fields)
            .with(
                "signedBy",
                "Signed by",
                Value::Address(Pubkey::new_from_array(signed.key)),
            )
            .with("file", "File", Value::text(self.out.display())))
    }
}
