//! The `specie` command.

use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    specie_cli::run(specie_cli::Arguments::parse())
}
