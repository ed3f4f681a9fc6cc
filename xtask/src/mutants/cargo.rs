//! What cargo says of a build, read from its messages.

use {serde_json::Value, std::path::PathBuf};

/// What cargo says, a line each.
pub(super) fn messages(stdout: &[u8]) -> Vec<Value> {
    let text = String::from_utf8_lossy(stdout);
    let read = |line| serde_json::from_str(line).ok();
    text.lines().filter_map(read).collect()
}

pub(super) fn executable(message: &Value) -> Option<PathBuf> {
    message["executable"].as_str().map(PathBuf::from)
}
