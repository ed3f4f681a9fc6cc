//! A copy of the packaged std in which `target_os = "solana"` is known.
//!
//! Anchor and its dependencies use std on chain, and upstream std has no Solana. Its port to another
//! single-threaded virtual machine without an operating system, zkvm, asks for the same: the copy
//! serves Solana from that arm. What zkvm would ask its machine for is never linked; if it were, the
//! link step would stop on an undefined function.

use std::{
    fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};

use super::toolchain::Toolchain;

const DONOR: &str = r#"target_os = "zkvm""#;
const SOLANA: &str = r#"target_os = "solana""#;

/// std's allocator wants to know what alignment the machine's `malloc` keeps.
const ALIGNMENT_FILE: &str = "std/src/sys/alloc/mod.rs";
const ALIGNMENT_UNKNOWN: &str = r#"panic!("add a value for MIN_ALIGN")"#;

/// Changes with the edits below, so that an old copy is not taken for a new one.
const REVISION: u32 = 2;

pub(super) struct StdSource {
    /// The folder around it, which takes the place of rustc's own sysroot.
    pub(super) sysroot: PathBuf,
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
            specie_stdout::error_line(format_args!(
                "sbf-build: preparing std {} in {}",
                toolchain.version,
                complete.display()
            ));
            fs::create_dir_all(&folder)
                .with_context(|| format!("cannot make the folder {}", folder.display()))?;
            // Removed when dropped, so that a failure leaves nothing; several builds may prepare at once.
            let partial = tempfile::Builder::new()
                .prefix("partial-")
                .tempdir_in(&folder)?;
            let whole = partial.path().join("whole");
            Self::copy(&toolchain.std_source, &whole.join("library"))?;
            link_host_libraries(&toolchain.sysroot, &whole)?;
            // The rename makes the copy appear whole, or not at all.
            match fs::rename(&whole, &complete) {
                Err(error) if !library.exists() => {
                    return Err(error).context("cannot put the copy of std in its place");
                }
                _ => {}
            }
        }
        Ok(Self {
            sysroot: complete,
            library,
        })
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

/// Lets the copy serve as rustc's sysroot: build scripts and macros are compiled for the host.
fn link_host_libraries(from: &Path, to: &Path) -> Result<()> {
    let libraries = Path::new("lib/rustlib");
    fs::create_dir_all(to.join(libraries))?;
    for entry in fs::read_dir(from.join(libraries)).context("rustc's sysroot has no libraries")? {
        let target = entry?;
        // One folder for each installed target; the others are sources and tools.
        if target.path().join("lib").is_dir() {
            symlink(target.path(), to.join(libraries).join(target.file_name()))?;
        }
    }
    Ok(())
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A packaged std of two files, with or without the port that serves Solana.
    fn toolchain(folder: &Path, text: &str) -> Toolchain {
        let alloc = folder.join(ALIGNMENT_FILE);
        fs::create_dir_all(alloc.parent().expect("it has a folder")).expect("a folder");
        fs::write(alloc, ALIGNMENT_UNKNOWN).expect("a file");
        fs::write(folder.join("lib.rs"), text).expect("a file");
        fs::create_dir_all(folder.join("lib/rustlib/any-host/lib")).expect("a folder");
        Toolchain {
            rustc: PathBuf::new(),
            cargo: PathBuf::new(),
            sysroot: folder.to_path_buf(),
            std_source: folder.to_path_buf(),
            version: "1.2.3".to_owned(),
        }
    }

    #[test]
    fn the_copy_knows_solana_and_is_made_once() {
        let (source, scratch) = (
            tempfile::tempdir().expect("a folder"),
            tempfile::tempdir().expect("a folder"),
        );
        let toolchain = toolchain(source.path(), DONOR);
        let copy = StdSource::prepare(&toolchain, scratch.path()).expect("it can be prepared");
        assert_eq!(
            fs::read_to_string(copy.library.join("lib.rs")).expect("a file"),
            SOLANA
        );
        assert!(copy.sysroot.join("lib/rustlib/any-host/lib").is_dir());
        fs::write(copy.library.join("lib.rs"), "kept").expect("a file");
        let again = StdSource::prepare(&toolchain, scratch.path()).expect("it is there");
        assert_eq!(
            fs::read_to_string(again.library.join("lib.rs")).expect("a file"),
            "kept"
        );
    }

    #[test]
    fn a_failed_preparation_leaves_nothing_that_looks_complete() {
        let (source, scratch) = (
            tempfile::tempdir().expect("a folder"),
            tempfile::tempdir().expect("a folder"),
        );
        let toolchain = toolchain(source.path(), "no other machine");
        assert!(StdSource::prepare(&toolchain, scratch.path()).is_err());
        let left = fs::read_dir(scratch.path().join("std"))
            .expect("a folder")
            .count();
        assert_eq!(left, 0);
        assert!(StdSource::prepare(&toolchain, scratch.path()).is_err());
    }
}
