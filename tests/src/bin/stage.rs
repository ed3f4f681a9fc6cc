//! A founded currency with two vendors in service, which runs until standard input ends.
//!
//! Prints one line of JSON with all addresses, URLs and key files once everything serves. The page's tests start it, and act
//! on it with `specie` as anybody would.
// `println!` panics on a closed pipe: specie-stdout writes instead.
#![deny(clippy::print_stdout, clippy::print_stderr)]

use anyhow::Result;
use specie_stdout::Stdout;
use specie_tests::{
    demo::{self, Told},
    world::program_path,
};
use tokio::io::AsyncReadExt as _;

/// The wallet's stablecoins: ten thousand.
const PURSE: u64 = 10_000_000_000;

#[tokio::main]
async fn main() -> Result<()> {
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
