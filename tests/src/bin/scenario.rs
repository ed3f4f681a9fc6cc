//! Plays a year of a currency and writes what it showed, `scenario.md` and `scenario.svg`, to a folder.
//!
//! `cargo xtask scenario` keeps docs/scenario.md and docs/scenario.svg by it.
// `println!` panics on a closed pipe: specie-stdout writes instead.
#![deny(clippy::print_stdout, clippy::print_stderr)]

use anyhow::{Context, Result};
use specie_tests::scenario;
use std::{env, fs, path::PathBuf};

fn main() -> Result<()> {
    let folder = env::args_os().nth(1).context("which folder?")?;
    let folder = PathBuf::from(folder);
    fs::create_dir_all(&folder)?;
    let year = scenario::play();
    fs::write(folder.join("scenario.md"), year.document)?;
    fs::write(folder.join("scenario.svg"), year.plot)?;
    Ok(())
}
