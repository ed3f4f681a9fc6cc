//! A Python environment of our own under target/, with the official OpenAI client, by which the tests drive
//! the gateway as its users do, and Schemathesis, which holds it to its own description.

use {
    crate::{process, workspace},
    anyhow::{Context, Result},
    std::{fs, path::PathBuf, process::Command},
};

/// Pinned, so that a new release cannot change what a test means.
const PACKAGES: &[&str] = &["openai==3.52.0", "schemathesis==4.32.5"];

/// The interpreter of the environment.
pub(crate) fn interpreter() -> PathBuf {
    folder().join("bin/python")
}

fn folder() -> PathBuf {
    workspace::target().join("python")
}

/// Makes the environment if it is missing or out of date.
pub(crate) fn ensure() -> Result<()> {
    let (folder, interpreter) = (folder(), interpreter());
    let marker = folder.join("packages.txt");
    let wanted = PACKAGES.join("\n");
    if interpreter.exists() && fs::read_to_string(&marker).is_ok_and(|made| made == wanted) {
        return Ok(());
    }
    process::run(
        Command::new("python3")
            .args(["-m", "venv", "--clear"])
            .arg(&folder),
    )
    .context("Python cannot make a virtual environment; `apt-get install python3-venv` helps")?;
    process::run(
        Command::new(&interpreter)
            .args([
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
            ])
            .args(PACKAGES),
    )
    .context(
        "pip could not install the packages of the tests; it needs to reach a Python package index",
    )?;
    fs::write(marker, wanted)?;
    Ok(())
}
