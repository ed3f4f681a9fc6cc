//! Node.js packages under target/: the tests drive the gateway with the official OpenAI client for JavaScript.

use {
    crate::{debian, process, workspace},
    anyhow::{Context, Result},
    std::{fs, path::PathBuf, process::Command},
};

/// Pinned, so that a new release cannot change what a test means; the last series that Node.js 20 runs.
const PACKAGE: &str = "openai@6.30.1";

/// Where they are.
pub(crate) fn folder() -> PathBuf {
    workspace::target().join("node")
}

/// Installs them if they are missing or out of date, and Node.js where there is none.
pub(crate) fn ensure() -> Result<()> {
    if process::find("npm").is_none() {
        debian::ensure(&[debian::NODE])?;
    }
    let marker = folder().join("packages.txt");
    if fs::read_to_string(&marker).is_ok_and(|made| made == PACKAGE) {
        return Ok(());
    }
    fs::create_dir_all(folder())?;
    process::run(
        Command::new("npm")
            .args(["install", "--no-audit", "--no-fund", "--prefix"])
            .arg(folder())
            .arg(PACKAGE),
    )
    .context("npm could not install the OpenAI client; it needs to reach an npm registry")?;
    fs::write(marker, PACKAGE)?;
    Ok(())
}
