//! The golden vectors: messages signed by a fixed key, in a file that Rust and TypeScript tests
//! read. specie-wire's example `vectors` prints them; this keeps the file.

use {
    crate::{
        generated::Generated,
        process,
        progress::Progress,
        workspace::{self, Selection},
    },
    anyhow::Result,
    std::process::Command,
};

const FILE: Generated = Generated {
    path: "crates/specie-wire/vectors.json",
    command: "cargo xtask vectors",
};
const PACKAGE: &str = "specie-wire";
const EXAMPLE: &str = "vectors";

/// `cargo xtask vectors`
pub(crate) fn command(check: bool) -> Result<()> {
    Progress::new(1).step("the golden vectors", || {
        let printed = process::output(
            workspace::cargo("run")
                .args(Selection::Package(PACKAGE).arguments())
                .args(["--quiet", "--all-features", "--example", EXAMPLE]),
        )?;
        FILE.update(&printed, check)
    })
}

/// As part of the suite, which has compiled everything already.
pub(crate) fn check_within_suite() -> Result<()> {
    FILE.update(
        &process::output(&mut Command::new(workspace::example(EXAMPLE)))?,
        true,
    )
}
