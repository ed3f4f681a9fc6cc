use std::{path::PathBuf, process::Command};

use anyhow::{Context, Result, bail};

/// Debian's compiler, the one that the code generator's LLVM matches.
#[derive(Clone, Debug)]
pub(super) struct Toolchain {
    pub(super) rustc: PathBuf,
    pub(super) cargo: PathBuf,
    /// Where the package keeps the libraries of the host.
    pub(super) sysroot: PathBuf,
    /// The `library` folder of the packaged source.
    pub(super) std_source: PathBuf,
    /// The versions of every package that decides about the bytes; the std copy is named after it.
    pub(super) version: String,
}

impl Toolchain {
    pub(super) fn find() -> Result<Self> {
        let rustc = packaged_program("rustc-web", "/usr/bin/rustc")?;
        let cargo = packaged_program("cargo-web", "/usr/bin/cargo")?;
        let version = package_version("rust-web-src")?;
        let compiler = package_version("rustc-web")?;
        if compiler != version {
            bail!(
                "rustc-web is {compiler} and rust-web-src is {version}; run `apt-get install rustc-web rust-web-src` to have one version"
            );
        }
        let printed = Command::new(&rustc)
            .args(["--print", "sysroot"])
            .output()
            .context("cannot run Debian's rustc")?;
        let sysroot = PathBuf::from(String::from_utf8(printed.stdout)?.trim());
        let std_source = sysroot.join("lib/rustlib/src/rust/library");
        if !std_source.join("Cargo.lock").exists() {
            bail!(
                "{} is incomplete; reinstall it: `apt-get install --reinstall rust-web-src`",
                std_source.display()
            );
        }
        Ok(Self {
            rustc,
            cargo,
            sysroot,
            std_source,
            version,
        })
    }
}

/// The program at `path`, if the package `package` brought it.
fn packaged_program(package: &str, path: &str) -> Result<PathBuf> {
    let listing = Command::new("dpkg")
        .args(["-L", package])
        .output()
        .context("cannot run dpkg: this build needs a Debian system")?;
    if !String::from_utf8_lossy(&listing.stdout)
        .lines()
        .any(|line| line == path)
    {
        bail!(
            "the package {package} is not installed; run `apt-get install rustc-web cargo-web rust-web-src llvm-22-dev`"
        );
    }
    Ok(PathBuf::from(path))
}

fn package_version(package: &str) -> Result<String> {
    let query = Command::new("dpkg-query")
        .args(["-W", "-f", "${Version}", package])
        .output()
        .context("cannot run dpkg-query")?;
    let version = String::from_utf8_lossy(&query.stdout).into_owned();
    if !query.status.success() || version.is_empty() {
        bail!("the package {package} is not installed; run `apt-get install {package}`");
    }
    Ok(version)
}
