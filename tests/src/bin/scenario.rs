//! Plays a year of a currency and writes what it showed, `scenario.md` and `scenario.svg`, to a folder.
//!
//! `cargo xtask scenario` keeps docs/scenario.md and docs/scenario.svg by it.
// `println!` panics on a closed pipe: specie-stdout writes instead.
#![deny(clippy::print_stdout, clippy::print_stderr)]

use anyhow::Result;
use clap::Parser;
use specie_tests::scenario;
use std::{fs, path::PathBuf, process::ExitCode};

/// Plays a year of a currency and writes what it showed
#[derive(Parser)]
struct Arguments {
    /// Where scenario.md and scenario.svg are written; made where it is missing
    folder: PathBuf,
}

fn main() -> Result<ExitCode> {
    let Arguments { folder } = match specie_stdout::arguments() {
        Ok(arguments) => arguments,
        Err(code) => return Ok(code),
    };
    fs::create_dir_all(&folder)?;
    let year = scenario::play();
    fs::write(folder.join("scenario.md"), year.document)?;
    fs::write(folder.join("scenario.svg"), year.plot)?;
    Ok(ExitCode::SUCCESS)
}
