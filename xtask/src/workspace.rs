//! Where things are in this checkout, and how cargo is called in it.

use {
    anyhow::{Context, Result},
    std::{
        env, fs,
        path::{Path, PathBuf},
        process::Command,
    },
};

/// What the program is built from: the workspace's members and manifests.
const SOURCE: [&str; 7] = [
    "Cargo.toml",
    "Cargo.lock",
    "programs",
    "crates",
    "tests",
    "tools",
    "xtask",
];

/// The root of the checkout.
pub(crate) fn root() -> PathBuf {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask).to_path_buf()
}

/// Cargo's output folder.
pub(crate) fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// A binary of this workspace, as a debug build leaves it.
pub(crate) fn binary(name: &str) -> PathBuf {
    target().join("debug").join(name)
}

/// An example of this workspace, as a debug build leaves it.
pub(crate) fn example(name: &str) -> PathBuf {
    target().join("debug/examples").join(name)
}

/// `cargo <subcommand>`, for every subcommand that compiles.
///
/// Agave declares a newer Rust than it needs, hence the flag.
pub(crate) fn cargo(subcommand: &str) -> Command {
    let mut cargo = plain_cargo(subcommand);
    cargo.arg("--ignore-rust-version");
    cargo
}

/// `cargo <subcommand>`, in the root of the checkout.
pub(crate) fn plain_cargo(subcommand: &str) -> Command {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(root()).arg(subcommand);
    cargo
}

/// Copies what the program is built from.
pub(crate) fn copy_source(to: &Path) -> Result<()> {
    for name in SOURCE {
        copy(&root().join(name), &to.join(name))?;
    }
    Ok(())
}

/// Copies a file or a folder; of a folder that was copied before nothing else stays.
pub(crate) fn copy(from: &Path, to: &Path) -> Result<()> {
    if from.is_dir() && to.exists() {
        fs::remove_dir_all(to)?;
    }
    copy_all(from, to).with_context(|| format!("copying {}", from.display()))
}

fn copy_all(from: &Path, to: &Path) -> Result<()> {
    if !from.is_dir() {
        fs::create_dir_all(to.parent().context("a folder to copy to")?)?;
        fs::copy(from, to)?;
        return Ok(());
    }
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        copy_all(&entry.path(), &to.join(entry.file_name()))?;
    }
    Ok(())
}

/// Which packages a cargo command selects.
///
/// Cargo merges the features of all selected packages, and compiles a dependency again when the
/// merged set changes. So one selection serves a whole command: the test suite, which needs
/// everything, always says `Everything`, and the small commands name their package, so that they
/// need not compile Agave.
#[derive(Clone, Copy)]
pub(crate) enum Selection {
    Everything,
    Package(&'static str),
}

impl Selection {
    pub(crate) fn arguments(self) -> Vec<&'static str> {
        match self {
            // `idl-build` only adds tests that print the IDL: with it in the selection, the suite
            // gets the IDL without compiling the program once more.
            Self::Everything => vec!["--workspace", "--features", "specie/idl-build"],
            Self::Package(name) => vec!["--package", name],
        }
    }
}
