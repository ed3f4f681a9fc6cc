//! cargo-mutants itself, installed by cargo where it is missing.

use {
    crate::{process, progress::say, workspace},
    anyhow::{Context, Result},
};

/// Pinned: another version makes other mutants, and the explained ones are named as this one names them.
const VERSION: &str = "27.1.0";

pub(super) fn ensure() -> Result<()> {
    let installed = workspace::plain_cargo("mutants")
        .arg("--version")
        .output()?;
    if String::from_utf8_lossy(&installed.stdout).trim() == format!("cargo-mutants {VERSION}") {
        return Ok(());
    }
    say(&format!(
        "installing cargo-mutants {VERSION}, which changes the program's source: some minutes"
    ));
    process::run(workspace::plain_cargo("install").args([
        "cargo-mutants",
        "--locked",
        "--force",
        "--version",
        VERSION,
    ]))
    .context("cargo-mutants cannot be installed; it comes from the crate registry")
}
