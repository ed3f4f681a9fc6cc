//! What every verb returns: what it has to say, and the exit code of a command that succeeded.

use super::report::{Fields, Report, Value};
use std::process::ExitCode;

/// The result of a command that did what was asked.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) report: Report,
    /// Zero, but for a command whose purpose is another program's exit code.
    pub(crate) exit: ExitCode,
}

impl Outcome {
    /// The same outcome with one more field.
    #[must_use]
    pub(crate) fn with(
        mut self,
        key: &'static str,
        label: impl Into<String>,
        value: Value,
    ) -> Self {
        self.report.fields = self.report.fields.with(key, label, value);
        self
    }

    /// The same outcome with another exit code.
    #[must_use]
    pub(crate) fn exiting(mut self, exit: ExitCode) -> Self {
        self.exit = exit;
        self
    }
}

impl From<Report> for Outcome {
    fn from(report: Report) -> Self {
        Self {
            report,
            exit: ExitCode::SUCCESS,
        }
    }
}

impl From<Fields> for Outcome {
    fn from(fields: Fields) -> Self {
        Report::from(fields).into()
    }
}
