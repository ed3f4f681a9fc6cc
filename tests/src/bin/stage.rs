//! A founded currency with two vendors in service, which runs until standard input ends or a signal asks it to end.
//!
//! Prints one line of JSON with all addresses, URLs and key files once everything serves. The page's tests start it, and act
//! on it with `specie` as anybody would.
// `println!` panics on a closed pipe: specie-stdout writes instead.
#![deny(clippy::print_stdout, clippy::print_stderr)]

use anyhow::Result;
use clap::Parser;
use specie_stdout::Stdout;
use specie_tests::{
    demo::{self, Told},
    world::program_path,
};
use std::process::ExitCode;
use tokio::io::AsyncReadExt as _;

/// The wallet's stablecoins: ten thousand.
const PURSE: u64 = 10_000_000_000;

/// Starts a network with a currency and two vendors in service, and prints where everything is as a line of JSON
#[derive(Parser)]
struct Arguments {}

#[tokio::main]
async fn main() -> Result<ExitCode> {
    let Arguments {} = match specie_stdout::arguments() {
        Ok(arguments) => arguments,
        Err(code) => return Ok(code),
    };
    // A signal drops what was started: its services end, and its folder is removed.
    tokio::select! {
        stood = stand() => stood?,
        () = specie_service::ended() => {}
    }
    Ok(ExitCode::SUCCESS)
}

async fn stand() -> Result<()> {
    let folder = demo::binaries_beside(&std::env::current_exe()?)?;
    let binaries = demo::Binaries {
        folder: folder.clone(),
        program: program_path(),
    };
    let tell = |told: Told<'_>| {
        if let Told::Step(step) = told {
            specie_stdout::error_line(step);
        }
    };
    let standing = demo::Standing::start(binaries, PURSE, Box::new(tell)).await?;
    let mut described = standing.describe();
    described["binaries"] = folder.display().to_string().into();
    Stdout::new().line(described)?;
    // Whoever started it ends it by closing the pipe, or by dying.
    let mut ignored = Vec::new();
    tokio::io::stdin().read_to_end(&mut ignored).await?;
    Ok(())
}
