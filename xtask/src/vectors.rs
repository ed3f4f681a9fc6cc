//! The golden vectors, in files that Rust and TypeScript tests read: messages signed by a fixed key, what holder and gateway
//! say to one another, and what quotes and instructions come to; and the description of the gateway's interface. An example
//! of each crate prints its own; this keeps the files.

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

struct Vectors {
    file: Generated,
    package: &'static str,
    example: &'static str,
}

const fn vectors(path: &'static str, package: &'static str, example: &'static str) -> Vectors {
    Vectors {
        file: Generated {
            path,
            command: "cargo xtask vectors",
        },
        package,
        example,
    }
}

const ALL: [Vectors; 4] = [
    vectors("crates/wire/vectors.json", "specie-wire", "vectors"),
    vectors(
        "crates/claims/vectors.json",
        "specie-claims",
        "claims_vectors",
    ),
    vectors("crates/claims/openapi.json", "specie-claims", "openapi"),
    vectors(
        "crates/client/vectors.json",
        "specie-client",
        "client_vectors",
    ),
];

/// `cargo xtask vectors`
pub(crate) fn command(check: bool) -> Result<()> {
    Progress::new(1).step("the golden vectors", || {
        ALL.iter().try_for_each(|vectors| {
            let printed = process::output(
                workspace::cargo("run")
                    .args(Selection::Package(vectors.package).arguments())
                    .args(["--quiet", "--all-features", "--example", vectors.example]),
            )?;
            vectors.file.update(&printed, check)
        })
    })
}

/// As part of the suite, which has compiled everything already.
pub(crate) fn check_within_suite() -> Result<()> {
    ALL.iter().try_for_each(|vectors| {
        let printed = process::output(&mut Command::new(workspace::example(vectors.example)))?;
        vectors.file.update(&printed, true)
    })
}
