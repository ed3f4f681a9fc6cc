//! The `specie` command: a noun, a verb, and any Solana RPC.
//!
//! [`commands`] is what may be typed: each noun is a folder with a file for each verb, and [`options`] are what all of
//! them take. A verb reads what it needs through [`core::chain`], quotes what the program would answer, and hands a
//! [`core::plan::Plan`] over to be simulated, shown, priced and sent; a [`core::outcome::Outcome`] is what it returns.
//! Everything that is printed is printed by [`core::output`], and every way to fail is in [`core::error`].
// `println!` panics on a closed pipe: specie-stdout writes instead.
#![deny(clippy::print_stdout, clippy::print_stderr)]

mod commands;
mod core;
mod options;

pub use commands::Arguments;
pub use core::error::EXIT_CODES;
use core::{
    context::Context,
    error::{CliError, CommandLine},
    output::Output,
};
use options::Format;
use std::{ffi::OsString, process::ExitCode};

/// Runs a command line, prints what came of it, and returns the exit code that [`core::error`] gives it.
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

/// Runs a command, prints what came of it, and returns the exit code that [`core::error`] gives it.
pub fn run(arguments: Arguments) -> ExitCode {
    let output = Output::new(arguments.global.output);
    let context = Context::new(arguments.global, output);
    let outcome = arguments.noun.run(&context);
    match outcome.and_then(|outcome| output.conclusion(outcome)) {
        Ok(exit) => exit,
        Err(error) => fail(&error, output),
    }
}
