use super::fields;
use crate::{
    context::Context,
    error::CliError,
    proxy::{block_on, vouchers::Vouchers},
    report::{Fields, Report, Value},
};
use clap::Args;

/// Whose leases to list.
#[derive(Debug, Args)]
pub struct List {
    #[command(flatten)]
    voucher: Vouchers,
}

impl List {
    pub(super) fn run(self, context: &Context) -> Result<Report, CliError> {
        let leases = self.voucher.leases(context)?;
        block_on(async {
            let leases = leases.list().await?;
            let leases = leases.iter().map(fields).collect();
            Ok(Fields::default().with("Leases", Value::List(leases)).into())
        })
    }
}
