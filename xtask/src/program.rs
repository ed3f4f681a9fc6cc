//! Building the program for Solana's virtual machine.

use {
    crate::{
        debian, process,
        progress::{Progress, say},
        workspace::{self, Selection},
    },
    anyhow::{Context, Result, bail},
    clap::ValueEnum,
    sha2::{Digest, Sha256},
    std::{fs, path::PathBuf, process::Command},
};

const PACKAGE: &str = "specie";
/// The hermetic build's two programs stand side by side: one calls cargo, which calls the other.
const BUILDER: &str = "sbf-build";
const BUILDER_PACKAGE: &str = "sbf";

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Arch {
    V0,
    V3,
}

impl Arch {
    fn name(self) -> &'static str {
        match self {
            Self::V0 => "v0",
            Self::V3 => "v3",
        }
    }
}

/// The folder of the built program.
pub(crate) fn folder() -> PathBuf {
    workspace::root().join("target/deploy")
}

/// The built program.
pub(crate) fn path() -> PathBuf {
    folder().join("specie.so")
}

/// How tests and the demo find the program: the variable and its value.
pub(crate) fn environment() -> [(&'static str, PathBuf); 1] {
    [("SPECIE_PROGRAM", path())]
}

/// `cargo xtask build`
pub(crate) fn build(arch: Arch, check_reproducible: bool) -> Result<()> {
    let mut progress = Progress::new(3 + usize::from(check_reproducible));
    progress.step("Debian packages", || {
        debian::ensure(&[debian::SBF_BUILD, debian::HOST_BUILD])
    })?;
    progress.step("the builder and its linker", build_builder)?;
    progress.step("the program", || run_builder(arch))?;
    if check_reproducible {
        progress.step("the program again, elsewhere, from nothing", || {
            compare_builds(arch)
        })?;
    }
    say(&describe()?);
    Ok(())
}

/// `cargo xtask build --platform-tools`
pub(crate) fn build_with_platform_tools(arch: Arch) -> Result<()> {
    if process::find("cargo-build-sbf").is_none() {
        bail!(
            "there is no `cargo build-sbf` on the PATH. Install Solana's command line tools, or \
             run `cargo xtask build`, which needs only Debian packages"
        );
    }
    let mut progress = Progress::new(1);
    progress.step("the program, by Solana's platform-tools", || {
        process::run(
            workspace::plain_cargo("build-sbf")
                .args(["--manifest-path", "programs/specie/Cargo.toml"])
                .args(["--arch", arch.name(), "--sbf-out-dir"])
                .arg(folder()),
        )
    })?;
    say(&describe()?);
    Ok(())
}

/// Compiles the builder by itself: a minute, where the whole workspace takes many.
pub(crate) fn build_builder() -> Result<()> {
    let selection = Selection::Package(BUILDER_PACKAGE).arguments();
    process::run(workspace::cargo("build").args(selection).arg("--bins"))
}

/// Builds the program with a builder that is compiled already.
pub(crate) fn run_builder(arch: Arch) -> Result<()> {
    process::run(builder(arch).arg("--out").arg(folder()))
}

/// Builds the program without the checks of what the framework's own macros should make impossible; returns where it is.
pub(crate) fn build_without_guardrails() -> Result<PathBuf> {
    let folder = workspace::target().join("no-guardrails");
    let features = ["--no-default-features", "--features", "no-log-ix-name"];
    process::run(builder(Arch::V3).args(features).arg("--out").arg(&folder))?;
    Ok(folder.join("specie.so"))
}

/// Builds the program twice from nothing and compares.
pub(crate) fn compare_builds(arch: Arch) -> Result<()> {
    process::run(builder(arch).arg("--check-reproducible"))
}

/// The builder, which builds the checkout that it is called in.
pub(crate) fn builder(arch: Arch) -> Command {
    let mut command = Command::new(workspace::binary(BUILDER));
    command
        .current_dir(workspace::root())
        .args(["--package", PACKAGE, "--arch", arch.name()]);
    command
}

/// The built program's path, size and hash.
pub(crate) fn describe() -> Result<String> {
    let path = path();
    let code = fs::read(&path).with_context(|| format!("{} is missing", path.display()))?;
    let hash: String = Sha256::digest(&code)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let shown = path.strip_prefix(workspace::root()).unwrap_or(&path);
    Ok(format!(
        "{}: {} bytes, sha256\n{hash}",
        shown.display(),
        code.len()
    ))
}
