//! `specie proxy`

mod close;
mod issuer;
mod keys;
mod line;
mod start;
pub(crate) mod vouchers;

use crate::core::{context::Context, error::CliError, outcome::Outcome};
use clap::{Args, Subcommand};
use specie_proxy::{ChannelError, KeyError, gateway::GatewayError, tab::TabError};

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

impl ProxyCommand {
    pub(crate) fn run(self, context: &Context) -> Result<Outcome, CliError> {
        match self.verb {
            None => self.start.run(context),
            Some(Verb::Close(command)) => command.run(context),
            Some(Verb::Key(command)) => command.run(context),
        }
    }
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
