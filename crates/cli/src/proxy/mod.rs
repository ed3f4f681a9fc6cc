//! `specie proxy`

mod close;
mod issuer;
mod keys;
mod line;
pub(crate) mod start;
pub(crate) mod vouchers;

use crate::{context::Context, error::CliError, report::Report};
use clap::{Args, Subcommand};
use specie_proxy::{ChannelError, KeyError, gateway::GatewayError, tab::TabError};
use std::future::Future;

/// Serves OpenAI's API to applications on this machine, and pays for it with vouchers, until Ctrl-C.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct ProxyCommand {
    #[command(subcommand)]
    verb: Option<Verb>,
    #[command(flatten)]
    start: start::Start,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Sign for exactly what was consumed, before a voucher is closed
    Close(close::Close),
    /// Keys for applications that are to consume a part and no more
    #[command(subcommand)]
    Key(keys::KeyCommand),
}

pub(crate) fn run(command: ProxyCommand, context: &Context) -> Result<Report, CliError> {
    if context.global.dry_run {
        return Err(CliError::Usage(
            "the proxy's commands are not simulated: leave --dry-run out".into(),
        ));
    }
    match command.verb {
        None => command.start.run(context),
        Some(Verb::Close(command)) => command.run(context),
        Some(Verb::Key(command)) => command.run(context),
    }
}

pub(crate) fn block_on<T>(work: impl Future<Output = Result<T, CliError>>) -> Result<T, CliError> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| CliError::Transaction(format!("no threads can be started: {error}")))?
        .block_on(work)
}

impl From<ChannelError> for CliError {
    fn from(error: ChannelError) -> Self {
        Self::of_channel(&error, error.to_string())
    }
}

impl CliError {
    /// What `error` is to a script, with a message that says more.
    fn of_channel(error: &ChannelError, message: String) -> Self {
        match error {
            ChannelError::Tab(_) | ChannelError::Doubted { .. } => Self::File(message),
            ChannelError::Gateway(GatewayError::Address(_)) | ChannelError::Budget(_) => {
                Self::Usage(message)
            }
            ChannelError::AnotherVaults { .. } | ChannelError::VoucherDiffers { .. } => {
                Self::Chain(message)
            }
            _ => Self::Network(message),
        }
    }
}

impl From<KeyError> for CliError {
    fn from(error: KeyError) -> Self {
        match error {
            KeyError::Gateway(error) => ChannelError::from(error).into(),
            KeyError::Tab(error) => error.into(),
        }
    }
}

impl From<TabError> for CliError {
    fn from(error: TabError) -> Self {
        Self::File(error.to_string())
    }
}
