//! `cargo xtask load`: how much a gateway serves on one core, and what it adds to an answer's time: bench/gateway_load.md.
//!
//! Nothing checks it, since every machine has figures of its own.

use {
    crate::{debian, process, progress::Progress, workspace},
    anyhow::Result,
    std::process::Command,
};

/// Where the figures of a run without arguments go.
const PAGE: &str = "bench/gateway_load.md";
/// What such a run is.
const USUAL: [&str; 6] = ["--holders", "512", "--rate", "1000", "--seconds", "20"];

/// `cargo xtask load`
pub(crate) fn command(arguments: &[String]) -> Result<()> {
    let mut progress = Progress::new(3);
    progress.step("Debian packages", || debian::ensure(&[debian::HOST_BUILD]))?;
    progress.step("the gateway, optimised", || {
        process::run(bench().arg("--no-run"))
    })?;
    progress.step("the load", || {
        let mut load = bench();
        load.arg("--");
        if arguments.is_empty() {
            load.args(USUAL)
                .arg("--write")
                .arg(workspace::root().join(PAGE));
        } else {
            load.args(arguments);
        }
        process::run(&mut load)
    })
}

fn bench() -> Command {
    let mut bench = workspace::cargo("bench");
    bench.args(["--package", "specie-gateway", "--bench", "load"]);
    bench
}
