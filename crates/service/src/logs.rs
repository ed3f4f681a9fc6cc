//! Logs of the small daemons. The gateway's own are configured in its file.

use std::io::IsTerminal as _;
use tracing_subscriber::EnvFilter;

/// Logs to standard error, in colours only if that is a terminal: what `RUST_LOG` says, `info` if it is not set.
pub fn log_to_standard_error() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| "info".into());
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr)
        .init();
}
