//! `cargo xtask load`: how much a gateway serves on one core, and what it adds to an answer's time: bench/gateway_load.md.
//!
//! Nothing checks it, since every machine has figures of its own.

use {
    crate::{debian, process, progress::Progress, workspace},
    anyhow::Result,
    std::{path::PathBuf, process::Command},
};

/// Where the figures of a run without arguments go.
const PAGE: &str = "bench/gateway_load.md";
/// What such a run is.
const USUAL: [&str; 6] = ["--holders", "512", "--rate", "1000", "--seconds", "20"];

/// `cargo xtask load`
pub(crate) fn command(arguments: &[String]) -> Result<()> {
    let mut progress = Progress::new(4);
    progress.step("Debian packages", || debian::ensure(&[debian::HOST_BUILD]))?;
    progress.step("the gateway, as it is shipped", || {
        process::run(&mut build())
    })?;
    progress.step("those who ask it", || process::run(bench().arg("--no-run")))?;
    progress.step("the load", || {
        let mut load = bench();
        load.arg("--").arg("--gateway").arg(shipped());
        if arguments.is_empty() {
            load.args(USUAL)
                .arg("--write")
                .arg(workspace::root().join(PAGE));
        } else {
            load.args(arguments);
        }
        process::show(&mut load)
    })
}

/// What vendors run. The bench has a profile of its own, which compiles faster and would overwrite it.
fn build() -> Command {
    let mut build = workspace::cargo("build");
    build.args(["--release", "--package", "specie-gateway"]);
    build.args(["--bin", "specie-gateway", "--target-dir"]);
    build.arg(folder());
    build
}

fn folder() -> PathBuf {
    workspace::root().join("target/shipped")
}

fn shipped() -> PathBuf {
    folder().join("release/specie-gateway")
}

fn bench() -> Command {
    let mut bench = workspace::cargo("bench");
    bench.args(["--package", "specie-gateway", "--bench", "load"]);
    bench
}
