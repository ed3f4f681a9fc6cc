use super::fields;
use crate::{
    context::Context,
    error::CliError,
    proxy::{block_on, vouchers::Vouchers},
    report::Report,
};
use clap::Args;

/// Which lease to show.
#[derive(Debug, Args)]
pub struct Show {
    /// The lease
    lease: String,
    #[command(flatten)]
    voucher: Vouchers,
}

impl Show {
    pub(super) fn run(self, context: &Context) -> Result<Report, CliError> {
        let leases = self.voucher.leases(context)?;
        block_on(async {
            let lease = leases.show(&self.lease).await?;
            Ok(fields(&lease).into())
        })
    }
}
