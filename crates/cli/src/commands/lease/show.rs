use super::fields;
use crate::commands::proxy::vouchers::Vouchers;
use crate::core::runtime::block_on;
use crate::core::{context::Context, error::CliError, outcome::Outcome};
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
    pub(super) fn run(self, context: &Context) -> Result<Outcome, CliError> {
        let leases = self.voucher.leases(context)?;
        block_on(async {
            let lease = leases.show(&self.lease).await?;
            Ok(fields(&lease).into())
        })
    }
}
