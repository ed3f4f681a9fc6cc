//! The command line. clap's own `parse()` prints help by itself and ends with success where it could not be written.

use crate::Stdout;
use clap::{
    Arg, Command, Parser,
    error::{ContextKind, ContextValue},
};
use std::{
    ffi::OsString,
    io::{self, IsTerminal as _, Write as _, stderr, stdout},
    os::fd::AsFd,
    process::ExitCode,
};
use terminal_size::{Width, terminal_size_of};

/// The widest line of help where no terminal says how wide it is.
const COLUMNS: usize = 80;

/// Parses the process's command line. Help, the version and usage errors are printed here.
///
/// # Errors
/// The exit code where there is nothing to run: 0 after help or the version, 1 where that could not be written, 2 after a
/// usage error.
pub fn arguments<A: Parser>() -> Result<A, ExitCode> {
    parse(std::env::args_os()).map_err(|error| answer(&error))
}

/// Parses a command line, the program's name first. Help is wrapped at the terminal's width, or at 80 columns elsewhere. A
/// variable of the environment that is empty counts as unset, and an error about a variable's value names the variable.
///
/// # Errors
/// Help or a version where they are asked for, and what is wrong with the command line.
pub fn parse<A: Parser>(line: impl IntoIterator<Item = OsString>) -> Result<A, clap::Error> {
    let command = match stdout().is_terminal() {
        true => A::command(),
        false => A::command().term_width(COLUMNS),
    };
    read(without_empty_variables(command), line)
}

fn read<A: Parser>(
    mut command: Command,
    line: impl IntoIterator<Item = OsString>,
) -> Result<A, clap::Error> {
    // Arguments can be named once they are built.
    command.build();
    let line: Vec<_> = line.into_iter().collect();
    let matches = command.try_get_matches_from_mut(&line);
    let read = matches.and_then(|mut matches| {
        A::from_arg_matches_mut(&mut matches).map_err(|error| error.format(&mut command))
    });
    read.map_err(|error| name_variable(error, &command, &line))
}

fn without_empty_variables(command: Command) -> Command {
    command
        .mut_args(|argument| match is_empty(&argument) {
            true => argument.env(None::<&'static str>),
            false => argument,
        })
        .mut_subcommands(without_empty_variables)
}

/// Whether the argument's variable is set to nothing.
fn is_empty(argument: &Arg) -> bool {
    argument
        .get_env()
        .and_then(std::env::var_os)
        .is_some_and(|value| value.is_empty())
}

/// Adds to the error of a wrong value the variable that it came from, where it was not typed.
fn name_variable(mut error: clap::Error, command: &Command, line: &[OsString]) -> clap::Error {
    let text = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.clone()),
        _ => None,
    };
    if let (Some(shown), Some(wrong)) = (
        text(ContextKind::InvalidArg),
        text(ContextKind::InvalidValue),
    ) && !line
        .iter()
        .any(|typed| typed.to_string_lossy().contains(&wrong))
        && let Some(variable) = variable(command, &shown)
    {
        let tip = format!("the value is that of the environment variable {variable}");
        error.insert(
            ContextKind::Suggested,
            ContextValue::StyledStrs(vec![tip.into()]),
        );
    }
    error
}

/// The variable of the argument that errors show like this.
fn variable(command: &Command, shown: &str) -> Option<String> {
    let of_this = command
        .get_arguments()
        .find(|argument| argument.to_string() == shown);
    of_this
        .and_then(Arg::get_env)
        .map(|name| name.to_string_lossy().into_owned())
        .or_else(|| {
            command
                .get_subcommands()
                .find_map(|inner| variable(inner, shown))
        })
}

fn answer(error: &clap::Error) -> ExitCode {
    if error.use_stderr() {
        // Where standard error is closed there is nobody to tell.
        let _ = write!(stderr(), "{}", shown(error, terminal_width(&stderr())));
        return ExitCode::from(2);
    }
    match help(error) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            crate::error_line(format_args!("error: {error}"));
            ExitCode::FAILURE
        }
    }
}

/// Prints the help or the version that was asked for to standard output.
///
/// # Errors
/// Where it cannot be written for another reason than a closed pipe, like a full device.
pub fn help(help: &clap::Error) -> io::Result<()> {
    Stdout::new().text(shown(help, terminal_width(&stdout())))
}

/// The columns of a terminal, which also shows colours.
fn terminal_width(stream: &impl AsFd) -> Option<usize> {
    let (Width(columns), _) = terminal_size_of(stream)?;
    Some(columns.into())
}

/// A message of clap's, in colours on a terminal. clap itself never wraps the line that shows the usage.
fn shown(message: &clap::Error, terminal: Option<usize>) -> String {
    let text = message.render();
    let text = match terminal {
        Some(_) if std::env::var_os("NO_COLOR").is_none_or(|set| set.is_empty()) => {
            text.ansi().to_string()
        }
        _ => text.to_string(),
    };
    let options = textwrap::Options::new(terminal.unwrap_or(COLUMNS))
        .subsequent_indent("       ")
        .break_words(false)
        .word_splitter(textwrap::WordSplitter::NoHyphenation);
    let wrapped = text
        .split_inclusive('\n')
        .map(|line| match line.contains("Usage:") {
            true => textwrap::fill(line, &options),
            false => line.to_owned(),
        });
    wrapped.collect()
}
