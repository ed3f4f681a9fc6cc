//! Builds a package of this workspace into a Solana program.
// `println!` panics on a closed pipe: specie-stdout writes instead.
#![deny(clippy::print_stdout, clippy::print_stderr)]

use std::{path::PathBuf, process::ExitCode};

use anyhow::Result;
use clap::Parser;
use sbf::{
    Arch,
    build::{Request, Workspace, build, check_reproducible},
};
use specie_stdout::Stdout;

/// Builds a package of this workspace into a loadable Solana program, from Debian packages and the crate registry alone.
#[derive(Parser)]
struct Arguments {
    /// The package to build; its library must be a cdylib.
    #[arg(long, short)]
    package: String,
    /// The version of sBPF.
    #[arg(long, value_enum, default_value_t = Arch::V3)]
    arch: Arch,
    /// The folder of the result [default: target/deploy].
    #[arg(long)]
    out: Option<PathBuf>,
    /// Features of the package, separated by commas.
    #[arg(long, value_delimiter = ',')]
    features: Vec<String>,
    #[arg(long)]
    no_default_features: bool,
    /// Leaves LLVM's text of the optimised program, and its object with symbols, beside the result.
    #[arg(long)]
    keep_ir: bool,
    /// Builds again from nothing in another folder, and fails if a byte differs.
    #[arg(long)]
    check_reproducible: bool,
}

fn main() -> ExitCode {
    let arguments = match specie_stdout::arguments() {
        Ok(arguments) => arguments,
        Err(code) => return code,
    };
    match run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            specie_stdout::error_line(format_args!("sbf-build: error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> Result<()> {
    let Arguments {
        package,
        arch,
        out,
        features,
        no_default_features,
        keep_ir,
        check_reproducible: check,
    } = arguments;
    let request = Request {
        package,
        arch,
        features,
        no_default_features,
        out,
        keep_ir,
    };
    let workspace = Workspace::locate()?;
    if check {
        let proof = check_reproducible(&workspace, &request)?;
        Stdout::new().line(format_args!(
            "reproducible: {} bytes, sha256 {}",
            proof.bytes, proof.sha256
        ))?;
    } else {
        let path = build(&workspace, &request)?;
        Stdout::new().line(format_args!(
            "{} ({} bytes)",
            path.display(),
            std::fs::metadata(&path)?.len()
        ))?;
    }
    Ok(())
}
