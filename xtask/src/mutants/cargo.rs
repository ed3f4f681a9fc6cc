//! What cargo says of a build, read from its messages.

use {
    anyhow::{Result, ensure},
    serde_json::Value,
    std::{
        path::PathBuf,
        process::{Command, Stdio},
    },
};

/// Runs cargo, and returns the programs that it left.
pub(super) fn executables(mut cargo: Command) -> Result<Vec<PathBuf>> {
    let output = cargo
        .arg("--message-format=json-render-diagnostics")
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()?;
    ensure!(output.status.success(), "the tests do not compile");
    Ok(messages(&output.stdout)
        .iter()
        .filter_map(executable)
        .collect())
}

/// What cargo says, a line each.
pub(super) fn messages(stdout: &[u8]) -> Vec<Value> {
    let text = String::from_utf8_lossy(stdout);
    let read = |line| serde_json::from_str(line).ok();
    text.lines().filter_map(read).collect()
}

pub(super) fn executable(message: &Value) -> Option<PathBuf> {
    message["executable"].as_str().map(PathBuf::from)
}
