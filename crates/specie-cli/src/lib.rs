//! The `specie` command: a noun, a verb, and any Solana RPC.
//!
//! [`arguments`] is what may be typed. Each noun is a folder with a file for each verb: it reads what it needs through
//! [`chain`], quotes what the program would answer, and hands a [`transaction::Plan`] over to be simulated, shown and
//! sent. Everything that is printed is printed by [`output`], and every way to fail is in [`error`].

mod amount;
mod arguments;
mod attestor;
mod chain;
mod change;
mod class;
mod context;
mod currency;
mod duration;
mod error;
mod failure;
mod interrupts;
mod key;
mod lease;
mod localnet;
mod output;
mod proxy;
mod report;
mod settings;
mod token;
mod transaction;
mod vault;
mod view;
mod wallet;

pub use arguments::Arguments;
use arguments::Noun;
use context::Context;
pub use error::EXIT_CODES;
use output::Output;
use std::process::ExitCode;

/// Runs a command, prints what came of it, and returns the exit code that [`error`] gives it.
pub fn run(arguments: Arguments) -> ExitCode {
    let output = Output::new(arguments.global.output);
    let context = Context::new(arguments.global, output);
    let outcome = match arguments.noun {
        Noun::Currency(command) => currency::run(command, &context),
        Noun::Vault(command) => vault::run(command, &context),
        Noun::Attestor(command) => attestor::run(command, &context),
        Noun::Wallet(command) => wallet::run(command, &context),
        Noun::Proxy(command) => proxy::run(*command, &context),
        Noun::Lease(command) => match lease::run(*command, &context) {
            Ok((report, exit_code)) => {
                output.report(&report);
                return exit_code;
            }
            Err(error) => Err(error),
        },
        Noun::Localnet(command) => localnet::run(command, &context),
    };
    match outcome {
        Ok(report) => {
            output.report(&report);
            ExitCode::SUCCESS
        }
        Err(error) => {
            output.error(&error);
            error.exit_code()
        }
    }
}
