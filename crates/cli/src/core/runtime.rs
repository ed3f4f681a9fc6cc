//! The asynchronous runtime of the commands that serve, lease or run a local network.

use super::error::CliError;
use std::future::Future;

/// Runs asynchronous work to its end on a runtime of its own.
pub(crate) fn block_on<T>(work: impl Future<Output = Result<T, CliError>>) -> Result<T, CliError> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| CliError::Transaction(format!("no threads can be started: {error}")))?
        .block_on(work)
}
