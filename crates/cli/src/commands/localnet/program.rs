//! Finding the built program.

use crate::core::error::CliError;
use std::{
    env,
    path::{Path, PathBuf},
};

/// Where a workspace's build leaves the program.
const BUILT: &str = "target/deploy/specie.so";

/// The program's code: of the file that was named, or else of the one that this workspace built.
pub(super) fn read(named: Option<&Path>) -> Result<(PathBuf, Vec<u8>), CliError> {
    let advice = "build it with `cargo xtask build`, or name the file with --program";
    let path = match named {
        Some(path) => path.to_owned(),
        None => find().ok_or_else(|| {
            CliError::File(format!(
                "there is no {BUILT} here, in a folder above, or beside this command: {advice}"
            ))
        })?,
    };
    let code = std::fs::read(&path).map_err(|error| {
        CliError::File(format!(
            "the program {} cannot be read ({error}): {advice}",
            path.display()
        ))
    })?;
    if !code.starts_with(b"\x7fELF") {
        return Err(CliError::File(format!(
            "{} is no program (it does not begin as an ELF file does): {advice}",
            path.display()
        )));
    }
    Ok((path, code))
}

fn find() -> Option<PathBuf> {
    let here = env::current_dir().ok();
    let command = env::current_exe().ok();
    [here, command]
        .iter()
        .flatten()
        .flat_map(|start| start.ancestors())
        .map(|folder| folder.join(BUILT))
        .find(|path| path.is_file())
}
