use super::fields;
use crate::{
    context::Context,
    error::CliError,
    proxy::{block_on, vouchers::Vouchers},
    report::Report,
};
use clap::Args;

/// Which lease to stop.
#[derive(Debug, Args)]
pub struct Stop {
    /// The lease
    lease: String,
    #[command(flatten)]
    voucher: Vouchers,
}

impl Stop {
    pub(super) fn run(self, context: &Context) -> Result<Report, CliError> {
        let leases = self.voucher.leases(context)?;
        block_on(async {
            let lease = leases.stop(&self.lease).await?;
            Ok(fields(&lease).into())
        })
    }
}
