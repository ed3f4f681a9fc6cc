//! `cargo xtask demo`: builds what the demo shows, then shows it.

use {
    crate::{
        debian, log, page, process,
        program::{self, Arch},
        progress::{Progress, say},
        workspace::{self, Selection},
    },
    anyhow::Result,
    std::process::Command,
};

/// The demo itself, and the commands that it runs.
const PACKAGES: [&str; 5] = [
    "specie-tests",
    "specie-cli",
    "specie-gateway",
    "specie-provisioner",
    "specie-testing",
];
const DEMO: &str = "demo";

pub(crate) fn run(keep: bool) -> Result<()> {
    let mut progress = Progress::new(6);
    progress.step("Debian packages", || {
        debian::ensure(&[debian::SBF_BUILD, debian::HOST_BUILD])
    })?;
    progress.step("the builder and its linker", program::build_builder)?;
    progress.step("the program", || program::run_builder(Arch::V3))?;
    progress.step("the services (a first build takes minutes)", || {
        let mut build = workspace::cargo("build");
        for package in PACKAGES {
            build.args(Selection::Package(package).arguments());
        }
        process::run(build.arg("--bins"))
    })?;
    progress.step("the page", page::build_for_demo)?;
    progress.step("the demo", || {
        let mut demo = Command::new(workspace::binary(DEMO));
        demo.envs(program::environment())
            .env("SPECIE_PAGE", page::bundle())
            .args(keep.then_some("--keep"));
        process::show(&mut demo)
    })?;
    say(&format!(
        "all of it took {}; more is in {} and target/demo",
        progress.total(),
        log::path()
    ));
    Ok(())
}
