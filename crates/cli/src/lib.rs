//! The `specie` command: a noun, a verb, and any Solana RPC.
//!
//! [`arguments`] is what may be typed. Each noun is a folder with a file for each verb: it reads what it needs through
//! [`chain`], quotes what the program would answer, and hands a [`transaction::Plan`] over to be simulated, shown and
//! sent. Everything that is printed is printed by [`output`], and every way to fail is in [`error`].
// `println!` panics on a closed pipe: specie-stdout writes instead.
#![deny(clippy::print_stdout, clippy::print_stderr)]

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
mod facts;
mod failure;
mod interrupts;
mod key;
mod lease;
mod localnet;
mod output;
mod proxy;
mod report;
mod rpc;
mod settings;
mod token;
mod transaction;
mod vault;
mod view;
mod wallet;

pub use arguments::Arguments;
use arguments::{Format, Noun};
use context::Context;
pub use error::EXIT_CODES;
use error::{CliError, CommandLine};
use output::Output;
use std::{ffi::OsString, process::ExitCode};

/// Runs a command line, prints what came of it, and returns the exit code that [`error`] gives it.
pub fn run_line(line: impl IntoIterator<Item = OsString>) -> ExitCode {
    let line: Vec<OsString> = line.into_iter().collect();
    match specie_stdout::parse::<Arguments>(line.clone()) {
        Ok(arguments) => run(arguments),
        Err(error) => misspelt(&error, Output::new(Format::asked_for(&line))),
    }
}

/// Prints the help or the version that was asked for, or what is wrong with the command line.
fn misspelt(error: &clap::Error, output: Output) -> ExitCode {
    if !error.use_stderr() {
        return match output.help(error) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => fail(&error, output),
        };
    }
    if output.is_for_people() {
        // With clap's colours and its own `error: `. Where standard error is closed there is nobody to tell.
        let _ = error.print();
        return ExitCode::from(2);
    }
    fail(&CliError::CommandLine(CommandLine::new(error)), output)
}

fn fail(error: &CliError, output: Output) -> ExitCode {
    output.error(error);
    error.exit_code()
}

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
                return match output.conclusion(&report) {
                    Ok(()) => exit_code,
                    Err(error) => fail(&error, output),
                };
            }
            Err(error) => Err(error),
        },
        Noun::Localnet(command) => localnet::run(command, &context),
    };
    match outcome.and_then(|report| output.conclusion(&report)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&error, output),
    }
}
