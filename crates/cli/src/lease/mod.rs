//! `specie lease`

mod list;
mod run;
mod show;
mod stop;

use crate::{
    context::Context,
    error::CliError,
    report::{Fields, Report, Value},
};
use clap::Subcommand;
use specie_claims::lease::LeaseState;
use specie_proxy::TenantError;
use std::process::ExitCode;

/// Jobs on leased accelerators.
#[derive(Debug, Subcommand)]
pub enum LeaseCommand {
    /// Run a command on leased accelerators, pay for it as it runs, and exit with its exit code
    Run(run::Run),
    /// Show a lease: how far it is, what it cost
    Show(show::Show),
    /// List a voucher's leases
    List(list::List),
    /// Stop a lease; its job has its grace period
    Stop(stop::Stop),
}

pub(crate) fn run(
    command: LeaseCommand,
    context: &Context,
) -> Result<(Report, ExitCode), CliError> {
    if context.global.dry_run {
        return Err(CliError::Usage(
            "leases are not simulated: leave --dry-run out".into(),
        ));
    }
    let report = match command {
        LeaseCommand::Run(command) => return command.run(context),
        LeaseCommand::Show(command) => command.run(context),
        LeaseCommand::List(command) => command.run(context),
        LeaseCommand::Stop(command) => command.run(context),
    }?;
    Ok((report, ExitCode::SUCCESS))
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
        .with("Lease", Value::text(&lease.id))
        .with("Pool", Value::text(&lease.pool))
        .with("Class", Value::text(lease.class))
        .with("Accelerators", Value::Number(lease.accelerators.into()))
        .with("Command", Value::Words(lease.job.command.clone()))
        .with("State", Value::text(lease.state.name()))
        .with(
            "Why",
            lease
                .why
                .map_or(Value::Nothing, |why| Value::text(why.name())),
        )
        .with(
            "Detail",
            lease.detail.as_ref().map_or(Value::Nothing, Value::text),
        )
        .with(
            "Exit code",
            lease.exit_code.map_or(Value::Nothing, |code| {
                Value::Number(code.unsigned_abs().into())
            }),
        )
        .with("Asked for at", Value::Time(lease.created_at_ms / 1_000))
        .with("Started at", time(lease.started_at_ms))
        .with("Ended at", time(lease.ended_at_ms))
        .with("Charged", Value::scu(lease.charged.get()))
        .with("Charged milliseconds", Value::Number(lease.charged_run_ms))
        .with("Held", Value::scu(lease.held.get()))
}
