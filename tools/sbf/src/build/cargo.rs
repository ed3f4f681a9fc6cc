//! Debian's cargo, run for the SVM in an environment that only this file decides.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};

use super::{
    DATA, PROGRAM, Request, Workspace, replace_file, std_source::StdSource, toolchain::Toolchain,
};

/// The target's name; rustc finds `<name>.json` in RUST_TARGET_PATH. Given as a path instead, the
/// path would become part of every symbol's hash.
const TARGET: &str = "sbpf-solana-solana";
const TARGET_SPECIFICATION: &str = include_str!("sbpf-solana-solana.json");

/// The package whose functions replace what the code generator lacks.
const BUILTINS: &str = "sbf-builtins";

/// What cargo may still see of the caller's environment: where things are and how to fetch, nothing that changes bytes.
const INHERITED: [&str; 14] = [
    "HOME",
    "CARGO_HOME",
    "TMPDIR",
    "TERM",
    "LANG",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
    "http_proxy",
    "https_proxy",
    "no_proxy",
    "ALL_PROXY",
];
const INHERITED_PREFIXES: [&str; 4] = [
    "CARGO_HTTP_",
    "CARGO_NET_",
    "CARGO_REGISTRIES_",
    "CARGO_SOURCE_",
];

/// What cargo left: a program's bitcode, and the rlib of the builtins.
pub(super) struct Artifacts {
    pub(super) program: PathBuf,
    pub(super) builtins: PathBuf,
}

pub(super) struct TargetCargo<'a> {
    toolchain: &'a Toolchain,
    std_source: &'a StdSource,
    workspace: &'a Workspace,
    /// Holds the target specification.
    targets: PathBuf,
    linker: PathBuf,
    rustc: PathBuf,
    build_folder: PathBuf,
}

impl<'a> TargetCargo<'a> {
    pub(super) fn new(
        toolchain: &'a Toolchain,
        std_source: &'a StdSource,
        workspace: &'a Workspace,
    ) -> Result<Self> {
        let scratch = workspace.scratch();
        let targets = scratch.join("targets");
        fs::create_dir_all(&targets)?;
        refresh(
            &targets.join(format!("{TARGET}.json")),
            TARGET_SPECIFICATION.as_bytes(),
            DATA,
        )?;
        // One path for every builder: cargo compiles std anew when the linker's path changes.
        let linker = scratch.join("sbf-link");
        let program = fs::read(&workspace.linker)
            .with_context(|| format!("cannot read {}", workspace.linker.display()))?;
        refresh(&linker, &program, PROGRAM)?;
        // Of std and of its build scripts, cargo hashes the path within the sysroot, and the whole path if
        // they lie elsewhere: this rustc's sysroot is the copy.
        let rustc = scratch.join("rustc");
        let script = format!(
            "#!/bin/sh\nexec '{}' --sysroot='{}' \"$@\"\n",
            toolchain.rustc.display(),
            std_source.sysroot.display()
        );
        refresh(&rustc, script.as_bytes(), PROGRAM)?;
        Ok(Self {
            toolchain,
            std_source,
            workspace,
            targets,
            linker,
            rustc,
            build_folder: scratch.join("build"),
        })
    }

    /// Builds a program's bitcode, and the builtins with it: apart, cargo would compile std once for each.
    pub(super) fn build(&self, request: &Request) -> Result<Artifacts> {
        let package = &request.package;
        specie_stdout::error_line(format_args!(
            "sbf-build: compiling {package} with Debian's rustc {}",
            self.toolchain.version
        ));
        let mut command = Command::new(&self.toolchain.cargo);
        command
            .current_dir(&self.workspace.root)
            .args([
                "build",
                "--locked",
                "--release",
                "--lib",
                "--target",
                TARGET,
            ])
            .args(["--package", package, "--package", BUILTINS])
            // Above this level LLVM recognises the multiplication in words, and makes `mul i128` of it again.
            .args([
                "--config",
                &format!("profile.release.package.{BUILTINS}.opt-level=1"),
            ])
            .args([
                "-Zbuild-std=std,panic_abort",
                "-Zbuild-std-features=optimize_for_size",
            ]);
        if request.no_default_features {
            command.arg("--no-default-features");
        }
        if !request.features.is_empty() {
            command.arg("--features").arg(request.features.join(","));
        }
        let status = command
            .env_clear()
            .envs(env::vars_os().filter(|(name, _)| name.to_str().is_some_and(is_inherited)))
            .env("PATH", "/usr/local/bin:/usr/bin:/bin")
            .env("RUSTC", &self.rustc)
            .env("CARGO_TARGET_DIR", &self.build_folder)
            .env("CARGO_ENCODED_RUSTFLAGS", self.rustflags().join("\u{1f}"))
            .env("CARGO_TARGET_SBPF_SOLANA_SOLANA_LINKER", &self.linker)
            .env("RUST_TARGET_PATH", &self.targets)
            // The packaged compiler is a stable one; building std for a new target is not.
            .env("RUSTC_BOOTSTRAP", "1")
            // std is complete for a target it does not know by name.
            .env("RUSTC_BOOTSTRAP_SYNTHETIC_TARGET", "1")
            .env("__CARGO_TESTS_ONLY_SRC_ROOT", &self.std_source.library)
            .status()
            .context("cannot run Debian's cargo")?;
        if !status.success() {
            bail!("cargo could not build {package} for the SVM; its messages are above");
        }
        let stem = |package: &str| package.replace('-', "_");
        Ok(Artifacts {
            program: self.artifact(&format!("lib{}.so", stem(package)))?,
            builtins: self.artifact(&format!("lib{}.rlib", stem(BUILTINS)))?,
        })
    }

    fn artifact(&self, name: &str) -> Result<PathBuf> {
        let path = self.build_folder.join(TARGET).join("release").join(name);
        if !path.exists() {
            bail!(
                "cargo left no {name}; the package's `[lib]` must say `crate-type = [\"cdylib\", \"lib\"]`"
            );
        }
        Ok(path)
    }

    fn rustflags(&self) -> Vec<String> {
        let remap = |from: &Path, to: &str| format!("--remap-path-prefix={}={to}", from.display());
        let cargo_home = env::var_os("CARGO_HOME")
            .map(PathBuf::from)
            .or_else(|| env::var_os("HOME").map(|home| Path::new(&home).join(".cargo")))
            .unwrap_or_default();
        vec![
            "-Zunstable-options".to_owned(),
            // A panic is the syscall `abort`: no message is formatted, so no formatting is linked in.
            "-Cpanic=immediate-abort".to_owned(),
            "-Zlocation-detail=none".to_owned(),
            // For the passes that run inside rustc.
            format!("-Cllvm-args={}", crate::llvm::OPTIMISER_OPTIONS.join(" ")),
            // The same bytes wherever the checkout lies. Of two that match, rustc takes the last.
            remap(&cargo_home, "/cargo"),
            remap(&self.workspace.root, "/workspace"),
            remap(&self.std_source.library, "/std"),
        ]
    }
}

/// Writes a file that differs, and leaves alone one that is right: cargo builds again what depends on it.
fn refresh(path: &Path, bytes: &[u8], mode: u32) -> Result<()> {
    if fs::read(path).is_ok_and(|found| found == bytes) {
        return Ok(());
    }
    replace_file(path, bytes, mode)
}

fn is_inherited(name: &str) -> bool {
    INHERITED.contains(&name)
        || INHERITED_PREFIXES
            .iter()
            .any(|prefix| name.starts_with(prefix))
}
