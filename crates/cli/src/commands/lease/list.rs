use super::fields;
use crate::commands::proxy::vouchers::Vouchers;
use crate::core::runtime::block_on;
use crate::core::{
    context::Context,
    error::CliError,
    outcome::Outcome,
    report::{Fields, Value},
};
use clap::Args;

/// Whose leases to list.
#[derive(Debug, Args)]
pub struct List {
    #[command(flatten)]
    voucher: Vouchers,
}

impl List {
    pub(super) fn run(self, context: &Context) -> Result<Outcome, CliError> {
        let leases = self.voucher.leases(context)?;
        block_on(async {
            let leases = leases.list().await?;
            let leases = leases.iter().map(fields).collect();
            Ok(Fields::default()
                .with("leases", "Leases", Value::List(leases))
                .into())
        })
    }
}
