//! docs/scenario.md and docs/scenario.svg: a year of a currency, played on the built program by specie-tests' binary
//! `scenario`, which writes both to a folder.

use {
    crate::{
        debian,
        generated::Generated,
        process,
        program::{self, Arch},
        progress::Progress,
        workspace::{self, Selection},
    },
    anyhow::{Context, Result},
    std::{fs, path::PathBuf, process::Command},
};

const COMMAND: &str = "cargo xtask scenario";

const DOCUMENT: Generated = Generated {
    path: "docs/scenario.md",
    command: COMMAND,
};

const PLOT: Generated = Generated {
    path: "docs/scenario.svg",
    command: COMMAND,
};

const BINARY: &str = "scenario";

/// `cargo xtask scenario`
pub(crate) fn command(check: bool) -> Result<()> {
    let mut progress = Progress::new(4);
    progress.step("Debian packages", || {
        debian::ensure(&[debian::SBF_BUILD, debian::HOST_BUILD])
    })?;
    progress.step("the builder and its linker", program::build_builder)?;
    progress.step("the program", || program::run_builder(Arch::V3))?;
    progress.step("the year", || {
        process::run(
            workspace::cargo("run")
                .args(Selection::Package("specie-tests").arguments())
                .args(["--quiet", "--bin", BINARY, "--"])
                .arg(folder())
                .envs(program::environment()),
        )?;
        update(check)
    })
}

/// As part of the suite, which has compiled everything already.
pub(crate) fn check_within_suite() -> Result<()> {
    let mut binary = Command::new(workspace::binary(BINARY));
    process::run(binary.arg(folder()).envs(program::environment()))?;
    update(true)
}

fn update(check: bool) -> Result<()> {
    for file in [DOCUMENT, PLOT] {
        let written = folder().join(file.path.trim_start_matches("docs/"));
        let content = fs::read_to_string(&written)
            .with_context(|| format!("{} is missing", written.display()))?;
        file.update(&content, check)?;
    }
    Ok(())
}

/// Where the binary writes.
fn folder() -> PathBuf {
    workspace::target().join(BINARY)
}
