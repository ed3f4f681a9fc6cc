//! bench/compute_units.md: what each instruction costs, measured on the built program by
//! specie-tests' binary `compute_units`, which prints the table.

use {
    crate::{
        debian,
        generated::Generated,
        process,
        program::{self, Arch},
        progress::Progress,
        workspace::{self, Selection},
    },
    anyhow::Result,
    std::process::Command,
};

const FILE: Generated = Generated {
    path: "bench/compute_units.md",
    command: "cargo xtask bench",
};

const BINARY: &str = "compute_units";

/// `cargo xtask bench`
pub(crate) fn command(check: bool) -> Result<()> {
    let mut progress = Progress::new(4);
    progress.step("Debian packages", || {
        debian::ensure(&[debian::SBF_BUILD, debian::HOST_BUILD])
    })?;
    progress.step("the builder and its linker", program::build_builder)?;
    progress.step("the program", || program::run_builder(Arch::V3))?;
    progress.step("the measurement", || {
        let table = process::output(
            workspace::cargo("run")
                .args(Selection::Package("specie-tests").arguments())
                .args(["--quiet", "--bin", BINARY])
                .envs(program::environment()),
        )?;
        FILE.update(&table, check)
    })
}

/// As part of the suite, which has compiled everything already.
pub(crate) fn check_within_suite() -> Result<()> {
    let mut binary = Command::new(workspace::binary(BINARY));
    FILE.update(&process::output(binary.envs(program::environment()))?, true)
}
