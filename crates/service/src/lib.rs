//! What every daemon of Specie shares: listening, signals, readiness, logs, private files, key files and background tasks.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod cause;
pub mod failpoint;
mod finding;
pub mod keys;
mod listener;
mod logs;
pub mod private;
mod readiness;
mod signals;
pub mod signer;
pub mod tasks;

pub use cause::root_cause;
pub use finding::{Finding, Missing};
pub use listener::{ListenError, inherited_listener, listen};
pub use logs::log_to_standard_error;
pub use readiness::{tell_ready, tell_stopping};
pub use signals::{ended, outlive_hangups, shutdown};
