//! Errors' causes.

use std::error::Error;

/// The innermost of an error's causes: what the system reported.
pub fn root_cause(error: &dyn Error) -> String {
    match error.source() {
        Some(source) => root_cause(source),
        None => error.to_string(),
    }
}
