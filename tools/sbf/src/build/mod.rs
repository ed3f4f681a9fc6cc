//! From a package of the workspace to a `.so`.

mod cargo;
mod reproducible;
mod std_source;
mod toolchain;

use std::{
    fs::{self, Permissions},
    io::{self, Write},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use tempfile::NamedTempFile;

pub use reproducible::{Reproduced, check_reproducible};

use crate::{
    Arch,
    link::{self, Options},
};
use cargo::TargetCargo;
use std_source::StdSource;
use toolchain::Toolchain;

/// What to build, and where to put it.
#[derive(Clone, Debug)]
pub struct Request {
    pub package: String,
    pub arch: Arch,
    pub features: Vec<String>,
    pub no_default_features: bool,
    /// The folder of the result; `target/deploy` if none is given.
    pub out: Option<PathBuf>,
    /// Keeps LLVM's text and the object of the optimised program beside the result.
    pub keep_ir: bool,
}

impl Request {
    /// A build with the package's default features, for new deployments.
    pub fn new(package: impl Into<String>) -> Self {
        Self {
            package: package.into(),
            arch: Arch::V3,
            features: Vec::new(),
            no_default_features: false,
            out: None,
            keep_ir: false,
        }
    }

    /// The file name of the program, without its ending.
    fn stem(&self) -> String {
        self.package.replace('-', "_")
    }
}

/// The workspace that is built, and the program that rustc calls to link.
#[derive(Clone, Debug)]
pub struct Workspace {
    pub root: PathBuf,
    /// `sbf-link`, which stands beside `sbf-build`.
    pub linker: PathBuf,
}

impl Workspace {
    /// The workspace around the current folder, and the `sbf-link` beside the running program.
    pub fn locate() -> Result<Self> {
        let here = std::env::current_dir()?;
        let root = here
            .ancestors()
            .find(|folder| {
                fs::read_to_string(folder.join("Cargo.toml"))
                    .is_ok_and(|text| text.contains("[workspace]"))
            })
            .with_context(|| format!("{} is in no cargo workspace", here.display()))?;
        let program = std::env::current_exe()?;
        let linker = program.with_file_name("sbf-link");
        anyhow::ensure!(
            linker.exists(),
            "{} is missing; build both programs with `cargo build --ignore-rust-version -p sbf`",
            linker.display()
        );
        Ok(Self {
            root: root.to_path_buf(),
            linker,
        })
    }

    /// Where everything of this build lies that is not its result.
    fn scratch(&self) -> PathBuf {
        self.root.join("target/sbf")
    }
}

/// Builds one program and returns the path of its `.so`.
pub fn build(workspace: &Workspace, request: &Request) -> Result<PathBuf> {
    let toolchain = Toolchain::find()?;
    let std_source = StdSource::prepare(&toolchain, &workspace.scratch())?;
    let cargo = TargetCargo::new(&toolchain, &std_source, workspace)?;

    let artifacts = cargo.build(request)?;

    let folder = request
        .out
        .clone()
        .unwrap_or_else(|| workspace.root.join("target/deploy"));
    fs::create_dir_all(&folder)
        .with_context(|| format!("cannot make the folder {}", folder.display()))?;
    let result = folder.join(format!("{}.so", request.stem()));
    specie_stdout::error_line(format_args!(
        "sbf-build: linking {} for sBPF {}",
        request.package, request.arch
    ));
    let keep_ir = request.keep_ir.then(|| result.with_extension("ll"));
    let builtins = link::merge(&[artifacts.builtins])?;
    let program = fs::read(&artifacts.program)
        .with_context(|| format!("cannot read {}", artifacts.program.display()))?;
    let bytes = link::link(
        &program,
        &builtins,
        &Options {
            arch: request.arch,
            keep_ir,
        },
    )?;
    replace_file(&result, &bytes, DATA)?;
    Ok(result)
}

/// The permissions of what is read, and of what is run.
const DATA: u32 = 0o644;
const PROGRAM: u32 = 0o755;

/// Writes beside the file and renames: a reader never sees half of it.
fn replace_file(path: &Path, bytes: &[u8], mode: u32) -> Result<()> {
    let write = || -> io::Result<()> {
        let folder = path.parent().unwrap_or(Path::new("."));
        let mut partial = NamedTempFile::new_in(folder)?;
        partial.write_all(bytes)?;
        partial
            .as_file()
            .set_permissions(Permissions::from_mode(mode))?;
        partial.persist(path)?;
        Ok(())
    };
    write().with_context(|| format!("cannot write {}", path.display()))
}
