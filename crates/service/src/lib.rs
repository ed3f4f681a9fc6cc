//! What every daemon of Specie shares: listening, signals, readiness, logs, key files and background tasks.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod failpoint;
pub mod keys;
mod listener;
mod logs;
mod readiness;
mod signals;
pub mod tasks;

pub use listener::{ListenError, inherited_listener, listen};
pub use logs::log_to_standard_error;
pub use readiness::{tell_ready, tell_stopping};
pub use signals::{ended, outlive_hangups, shutdown};
