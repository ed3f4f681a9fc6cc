//! What rustc calls as its linker: keeps the bitcode of a crate and of its rlibs in one file.
//!
//! The passes run later, in `sbf-build`: cargo would not call the linker again when they change, and
//! both versions of sBPF are made from the same bitcode.
// `println!` panics on a closed pipe: specie-stdout writes instead.
#![deny(clippy::print_stdout, clippy::print_stderr)]

use std::{env, fs, path::PathBuf, process::ExitCode};

use anyhow::{Context, Result, bail};

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            specie_stdout::error_line(format_args!("sbf-link: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let mut inputs = Vec::new();
    let mut output = None;
    let mut arguments = env::args_os().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.to_str() {
            Some("-o") => output = arguments.next().map(PathBuf::from),
            // rustc's BPF options that matter to a linker which optimises.
            Some("--export-symbols" | "--cpu" | "--cpu-features" | "--target" | "-L") => {
                drop(arguments.next())
            }
            Some(option) if option.starts_with('-') => {}
            _ => inputs.push(PathBuf::from(argument)),
        }
    }
    let Some(output) = output else {
        bail!(
            "rustc calls this program; to build a Solana program run `sbf-build --package <name>`"
        );
    };
    let bitcode = sbf::link::merge(&inputs)?;
    fs::write(&output, bitcode).with_context(|| format!("cannot write {}", output.display()))
}
