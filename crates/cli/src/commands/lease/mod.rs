//! `specie lease`

mod list;
mod run;
mod show;
mod stop;

use crate::core::{
    error::CliError,
    report::{Fields, Value},
};
use specie_claims::lease::LeaseState;
use specie_proxy::TenantError;

verbs! {
    /// Jobs on leased accelerators.
    LeaseCommand {
        /// Run a command on leased accelerators, pay for it as it runs, and exit with its exit code
        Run(run::Run),
        /// Show a lease: how far it is, what it cost
        Show(show::Show),
        /// List a voucher's leases
        List(list::List),
        /// Stop a lease; its job has its grace period
        Stop(stop::Stop),
    }
}

impl From<TenantError> for CliError {
    fn from(error: TenantError) -> Self {
        match error {
            TenantError::Channel(error) => error.into(),
            TenantError::NoSuchPool { .. } => Self::Usage(error.to_string()),
            TenantError::OtherTerms { .. } => Self::Network(error.to_string()),
        }
    }
}

/// A lease, as people and scripts want to see it.
fn fields(lease: &LeaseState) -> Fields {
    let time = |at: Option<i64>| at.map_or(Value::Nothing, |at| Value::Time(at / 1_000));
    Fields::default()
        .with("lease", "Lease", Value::text(&lease.id))
        .with("pool", "Pool", Value::text(&lease.pool))
        .with("class", "Class", Value::text(lease.class))
        .with(
            "accelerators",
            "Accelerators",
            Value::Number(lease.accelerators.into()),
        )
        .with(
            "command",
            "Command",
            Value::Words(lease.job.command.clone()),
        )
        .with("state", "State", Value::text(lease.state.name()))
        .with(
            "why",
            "Why",
            lease
                .why
                .map_or(Value::Nothing, |why| Value::text(why.name())),
        )
        .with(
            "detail",
            "Detail",
            lease.detail.as_ref().map_or(Value::Nothing, Value::text),
        )
        .with(
            "exitCode",
            "Exit code",
            lease.exit_code.map_or(Value::Nothing, |code| {
                Value::Number(code.unsigned_abs().into())
            }),
        )
        .with(
            "askedForAt",
            "Asked for at",
            Value::Time(lease.created_at_ms / 1_000),
        )
        .with("startedAt", "Started at", time(lease.started_at_ms))
        .with("endedAt", "Ended at", time(lease.ended_at_ms))
        .with("charged", "Charged", Value::scu(lease.charged.get()))
        .with(
            "chargedMilliseconds",
            "Charged milliseconds",
            Value::Number(lease.charged_run_ms),
        )
        .with("held", "Held", Value::scu(lease.held.get()))
}
