//! A copy of the packaged std in which `target_os = "solana"` is known.
//!
//! Anchor and its dependencies use std on chain, and upstream std has no Solana. Its port to another
//! single-threaded virtual machine without an operating system, zkvm, asks for the same: the copy
//! serves Solana from that arm. What zkvm would ask its machine for is never linked; if it were, the
//! link step would stop on an undefined function.

use std::{
    fs, io,
    path::{Path, PathBuf},
    process,
};

use anyhow::{Context, Result, bail};

use super::toolchain::Toolchain;

const DONOR: &str = r#"target_os = "zkvm""#;
const SOLANA: &str = r#"target_os = "solana""#;

/// std's allocator wants to know what alignment the machine's `malloc` keeps.
const ALIGNMENT_FILE: &str = "std/src/sys/alloc/mod.rs";
const ALIGNMENT_UNKNOWN: &str = r#"panic!("add a value for MIN_ALIGN")"#;

/// Changes with the edits below, so that an old copy is not taken for a new one.
const REVISION: u32 = 1;

pub(super) struct StdSource {
    /// What `-Zbuild-std` takes for the source of the standard library.
    pub(super) library: PathBuf,
}

impl StdSource {
    /// Prepares the copy, or finds the one that an earlier run completed.
    pub(super) fn prepare(toolchain: &Toolchain, scratch: &Path) -> Result<Self> {
        let folder = scratch.join("std");
        let complete = folder.join(format!("{}-{REVISION}", toolchain.version));
        let library = complete.join("library");
        if !library.exists() {
            eprintln!(
                "sbf-build: preparing std {} in {}",
                toolchain.version,
                complete.display()
            );
            let partial = folder.join(format!("partial-{}", process::id()));
            let result = Self::copy(&toolchain.std_source, &partial.join("library"));
            // The rename makes the copy appear whole, or not at all.
            let renamed = result.and_then(|()| match fs::rename(&partial, &complete) {
                Err(error) if !library.exists() => {
                    Err(error).context("cannot put the copy of std in its place")
                }
                _ => Ok(()),
            });
            fs::remove_dir_all(&partial).or_else(ignore_missing)?;
            renamed?;
        }
        Ok(Self { library })
    }

    fn copy(from: &Path, to: &Path) -> Result<()> {
        let mut edited = 0;
        copy_tree(from, to, &mut edited)?;
        if edited == 0 {
            bail!(
                "the packaged std no longer has the zkvm port that serves Solana; tools/sbf must follow it"
            );
        }
        let path = to.join(ALIGNMENT_FILE);
        let text =
            fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        if !text.contains(ALIGNMENT_UNKNOWN) {
            bail!("{ALIGNMENT_FILE} of the packaged std has changed; tools/sbf must follow it");
        }
        fs::write(&path, text.replace(ALIGNMENT_UNKNOWN, "8"))?;
        Ok(())
    }
}

/// Copies a folder, replacing the donor's name in sources and manifests.
fn copy_tree(from: &Path, to: &Path, edited: &mut usize) -> Result<()> {
    fs::create_dir_all(to).with_context(|| format!("cannot make the folder {}", to.display()))?;
    for entry in fs::read_dir(from).with_context(|| format!("cannot read {}", from.display()))? {
        let (source, name) = entry.map(|entry| (entry.path(), entry.file_name()))?;
        let target = to.join(&name);
        if source.is_dir() {
            // Cargo takes std's dependencies from the registry, by the checksums of std's own lock file.
            if name == "vendor" {
                continue;
            }
            copy_tree(&source, &target, edited)?;
            continue;
        }
        let bytes =
            fs::read(&source).with_context(|| format!("cannot read {}", source.display()))?;
        let is_source = source
            .extension()
            .is_some_and(|extension| extension == "rs" || extension == "toml");
        match std::str::from_utf8(&bytes) {
            Ok(text) if is_source && text.contains(DONOR) => {
                *edited += 1;
                fs::write(&target, text.replace(DONOR, SOLANA))
            }
            _ => fs::write(&target, &bytes),
        }
        .with_context(|| format!("cannot write {}", target.display()))?;
    }
    Ok(())
}

fn ignore_missing(error: io::Error) -> io::Result<()> {
    if error.kind() == io::ErrorKind::NotFound {
        Ok(())
    } else {
        Err(error)
    }
}
