//! The TypeScript SDK: its packages, and everything that must hold for it.

use {
    crate::{debian, process, program, progress::Progress, workspace},
    anyhow::{Context, Result, bail},
    std::{fs, process::Command},
};

/// `npm`, in the root of the checkout.
pub(crate) fn npm(arguments: &[&str]) -> Command {
    let mut npm = Command::new("npm");
    npm.current_dir(workspace::root()).args(arguments);
    npm
}

/// Builds the SDK, which a test drives against a node and a gateway.
pub(crate) fn build() -> Result<()> {
    ensure_packages()?;
    process::run(&mut npm(&["run", "build", "--workspace", "@specie/sdk"]))
}

/// Installs what the committed lock file names, where it has changed since, and Node.js where there is none.
pub(crate) fn ensure_packages() -> Result<()> {
    if process::find("npm").is_none() {
        debian::ensure(&[debian::NODE])?;
    }
    let marker = workspace::target().join("npm/package-lock.json");
    let lock = fs::read_to_string(workspace::root().join("package-lock.json"))?;
    let installed = workspace::root().join("node_modules").is_dir();
    if installed && fs::read_to_string(&marker).is_ok_and(|made| made == lock) {
        return Ok(());
    }
    process::run(&mut npm(&["ci", "--no-audit", "--no-fund"]))
        .context("npm could not install the SDK's packages; it needs to reach an npm registry")?;
    if let Some(folder) = marker.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(marker, lock)?;
    Ok(())
}

/// `cargo xtask sdk`
pub(crate) fn command() -> Result<()> {
    if !program::path().exists() {
        bail!("the SDK is tested with the program: run `cargo xtask build` first");
    }
    Progress::new(1).step("SDK", check_within_suite)
}

/// That what is generated is as committed, types, lints, tests in Node.js and in Chromium, and sizes; the program must
/// have been built.
pub(crate) fn check_within_suite() -> Result<()> {
    debian::ensure(&[debian::CHROMIUM])?;
    ensure_packages()?;
    let verify = ["run", "verify", "--workspace", "@specie/sdk"];
    process::run(npm(&verify).envs(program::environment()))
}
