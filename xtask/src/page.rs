//! The page: its types, lints, messages, unit tests, bundle and its size, and its tests in Chromium on a real network.

use {
    crate::{debian, process, program, progress::Progress, sdk, workspace},
    anyhow::{Result, bail},
    std::path::PathBuf,
};

/// What keeps a currency in service for the page's tests.
const STAGE: &str = "stage";

/// Where the bundle lies.
pub(crate) fn bundle() -> PathBuf {
    workspace::root().join("app/dist")
}

/// The bundle with a burner wallet, for a network that nobody else has a wallet on.
pub(crate) fn build_for_demo() -> Result<()> {
    sdk::ensure_packages()?;
    process::run(&mut sdk::npm(&[
        "run",
        "build:test",
        "--workspace",
        "specie-app",
    ]))
}

/// `cargo xtask page`
pub(crate) fn command() -> Result<()> {
    if !program::path().exists() || !workspace::binary(STAGE).exists() {
        bail!(
            "the page is tested on a network: run `cargo xtask demo` first, which builds what that takes"
        );
    }
    Progress::new(1).step("the page", check_within_suite)
}

/// Everything that must hold for the page; the program and all binaries must have been built.
pub(crate) fn check_within_suite() -> Result<()> {
    debian::ensure(&[debian::CHROMIUM, debian::CJK_FONTS])?;
    sdk::ensure_packages()?;
    process::run(
        sdk::npm(&["run", "verify", "--workspace", "specie-app"])
            .envs(program::environment())
            .env("SPECIE_STAGE", workspace::binary(STAGE)),
    )
}
