//! What may be typed: a noun, then a verb. Each noun is a folder with a file for each verb.

use crate::{
    core::{
        context::Context,
        error::{CliError, EXIT_CODES},
        outcome::Outcome,
    },
    options::Global,
};
use clap::{Parser, Subcommand};

/// A noun's verbs: what each one is called in help, and the type that reads its arguments and runs it.
macro_rules! verbs {
    ($(#[$about:meta])* $noun:ident { $($(#[$verb_about:meta])* $verb:ident($arguments:ty),)* }) => {
        $(#[$about])*
        #[derive(Debug, clap::Subcommand)]
        pub enum $noun {
            $($(#[$verb_about])* $verb($arguments),)*
        }

        impl $noun {
            pub(crate) fn run(
                self,
                context: &crate::core::context::Context,
            ) -> Result<crate::core::outcome::Outcome, crate::core::error::CliError> {
                match self {
                    $(Self::$verb(command) => command.run(context),)*
                }
            }
        }
    };
}

mod attestor;
mod currency;
mod keeper;
mod lease;
mod localnet;
mod proxy;
mod transaction;
mod vault;
mod wallet;

/// An AI-compute currency: buy, hold and redeem tokens for compute; run a vendor's vault; attest capacity and prices.
#[derive(Debug, Parser)]
#[command(name = "specie", version, arg_required_else_help = true, after_help = exit_codes())]
pub struct Arguments {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub noun: Noun,
}

/// What commands are about.
#[derive(Debug, Subcommand)]
pub enum Noun {
    /// Found a currency, look at it, change it, pause it
    #[command(subcommand)]
    Currency(currency::CurrencyCommand),
    /// Run a vendor's vault
    #[command(subcommand)]
    Vault(vault::VaultCommand),
    /// Sign and bring what the attestor quorum says: prices and capacities
    #[command(subcommand)]
    Attestor(attestor::AttestorCommand),
    /// Buy, hold, redeem and stake tokens
    #[command(subcommand)]
    Wallet(wallet::WalletCommand),
    /// Call margins, have vaults default, and sell tokens to those that did
    #[command(subcommand)]
    Keeper(keeper::KeeperCommand),
    /// Sign and send exported transactions, and look up those that were sent
    #[command(subcommand)]
    Transaction(transaction::TransactionCommand),
    /// Serve OpenAI's API to applications on this machine, paid for with vouchers
    Proxy(Box<proxy::ProxyCommand>),
    /// Run jobs on leased accelerators, paid for with a voucher for training or fine-tuning
    #[command(subcommand)]
    Lease(Box<lease::LeaseCommand>),
    /// Run a local network with the program and a test stablecoin
    Localnet(localnet::LocalnetCommand),
}

impl Noun {
    pub(crate) fn run(self, context: &Context) -> Result<Outcome, CliError> {
        match self {
            Self::Currency(command) => command.run(context),
            Self::Vault(command) => command.run(context),
            Self::Attestor(command) => command.run(context),
            Self::Wallet(command) => command.run(context),
            Self::Keeper(command) => command.run(context),
            Self::Transaction(command) => command.run(context),
            Self::Proxy(command) => {
                context.require_live("the proxy's commands")?;
                command.run(context)
            }
            Self::Lease(command) => {
                context.require_live("leases")?;
                command.run(context)
            }
            Self::Localnet(command) => {
                context.require_live("a local network's commands")?;
                command.run(context)
            }
        }
    }
}

fn exit_codes() -> String {
    let lines = EXIT_CODES
        .iter()
        .map(|(code, _, meaning)| format!("  {code:>2}  {meaning}\n"));
    format!("Exit codes:\n{}", lines.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    /// Every command that takes a currency takes it from the environment, too, as the guide says.
    #[test]
    fn every_currency_is_taken_from_the_environment() {
        fn walk(command: &clap::Command, path: &str, seen: &mut usize) {
            let path = format!("{path} {}", command.get_name());
            for argument in command.get_arguments() {
                if argument.get_id() == "currency" {
                    let env = argument.get_env().map(|name| name.to_string_lossy());
                    assert_eq!(env.as_deref(), Some("SPECIE_CURRENCY"), "{path}");
                    *seen += 1;
                }
            }
            for verb in command.get_subcommands() {
                walk(verb, &path, seen);
            }
        }
        let mut seen = 0;
        walk(&Arguments::command(), "", &mut seen);
        assert!(seen > 5, "{seen}");
    }
}
