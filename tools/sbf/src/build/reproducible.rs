//! The proof that the bytes depend on the sources alone.

use std::{fs, path::Path, process::Command};

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};

use super::{Request, Workspace, build};

/// What two builds agreed on.
#[derive(Clone, Debug)]
pub struct Reproduced {
    pub sha256: String,
    pub bytes: usize,
}

/// Builds here and in a copy of the tree elsewhere, with its own std and target folders, and compares.
///
/// The copy holds what git tracks, as it is on disk now. The build here may be incremental; the one in
/// the copy starts from nothing, so the two differ in path, in order and in what was cached.
pub fn check_reproducible(workspace: &Workspace, request: &Request) -> Result<Reproduced> {
    let first = fs::read(build(workspace, request)?)?;
    let elsewhere = tempfile::Builder::new()
        .prefix("another-path-")
        .tempdir()
        .context("cannot make a temporary folder")?;
    let copy = Workspace {
        root: elsewhere.path().join("a/longer/checkout"),
        linker: workspace.linker.clone(),
    };
    copy_tracked_files(&workspace.root, &copy.root)?;
    specie_stdout::error_line(format_args!(
        "sbf-build: building once more in {}",
        copy.root.display()
    ));
    let second_request = Request {
        out: Some(elsewhere.path().join("out")),
        ..request.clone()
    };
    let second = fs::read(build(&copy, &second_request)?)?;
    let (first_sum, second_sum) = (sha256(&first), sha256(&second));
    if first_sum != second_sum {
        let kept = elsewhere.keep();
        bail!(
            "the two builds differ: {first_sum} here, {second_sum} in {}; compare them with `--keep-ir`",
            kept.display()
        );
    }
    Ok(Reproduced {
        sha256: first_sum,
        bytes: first.len(),
    })
}

fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

fn copy_tracked_files(from: &Path, to: &Path) -> Result<()> {
    let listing = Command::new("git")
        .current_dir(from)
        .args([
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ])
        .output()
        .context("cannot run git")?;
    if !listing.status.success() {
        bail!(
            "git cannot list the files of {}: {}",
            from.display(),
            String::from_utf8_lossy(&listing.stderr)
        );
    }
    for name in listing
        .stdout
        .split(|byte| *byte == 0)
        .filter(|name| !name.is_empty())
    {
        let name = Path::new(std::str::from_utf8(name)?);
        let (source, target) = (from.join(name), to.join(name));
        // Deleted, and not committed yet.
        if !source.is_file() {
            continue;
        }
        if let Some(folder) = target.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::copy(&source, &target).with_context(|| format!("cannot copy {}", source.display()))?;
    }
    Ok(())
}
