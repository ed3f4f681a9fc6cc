//! Jobs: what a holder asks to run on leased accelerators.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The most arguments of a command, its program included.
const MAX_ARGUMENTS: usize = 256;
/// The most variables of an environment.
const MAX_VARIABLES: usize = 256;
/// The most bytes of one argument, or of one variable.
const MAX_TEXT: usize = 8_192;

/// What a holder asks to run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Job {
    /// The program and its arguments.
    pub command: Vec<String>,
    /// Environment variables besides those that the provisioner sets.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub env: BTreeMap<String, String>,
    /// What the job is sent when it should save its work. Only a job that handles the signal should ask for one: by
    /// default it ends a process.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warn_signal: Option<WarnSignal>,
}

/// A signal that says: save your work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum WarnSignal {
    /// SIGUSR1.
    #[serde(rename = "SIGUSR1")]
    Usr1,
    /// SIGUSR2.
    #[serde(rename = "SIGUSR2")]
    Usr2,
}

/// Why a job cannot be run anywhere.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JobRefusal {
    /// There is no program.
    #[error("job.command is empty: name a program and its arguments")]
    NoCommand,
    /// The job is too large.
    #[error(
        "the job has too many or too long arguments or variables: at most 256 of each, 8,192 bytes long"
    )]
    TooLarge,
    /// No process can be given this.
    #[error("an argument or a variable has a NUL byte in it, which no process can be given")]
    Nul,
    /// Not a variable's name.
    #[error(
        "{0:?} is not a variable's name: letters, digits and underscores, not beginning with a digit"
    )]
    VariableName(String),
}

impl Job {
    /// Whether some process could be started so.
    pub fn check(&self) -> Result<(), JobRefusal> {
        if self.command.first().is_none_or(String::is_empty) {
            return Err(JobRefusal::NoCommand);
        }
        let texts = self.command.iter().chain(self.env.values());
        let too_long = texts.clone().any(|text| text.len() > MAX_TEXT);
        if too_long || self.command.len() > MAX_ARGUMENTS || self.env.len() > MAX_VARIABLES {
            return Err(JobRefusal::TooLarge);
        }
        if texts.clone().any(|text| text.contains('\0')) {
            return Err(JobRefusal::Nul);
        }
        match self.env.keys().find(|name| !is_variable_name(name)) {
            Some(name) => Err(JobRefusal::VariableName(name.clone())),
            None => Ok(()),
        }
    }
}

fn is_variable_name(name: &str) -> bool {
    name.len() <= 128
        && name
            .bytes()
            .all(|byte| byte == b'_' || byte.is_ascii_alphanumeric())
        && name
            .bytes()
            .next()
            .is_some_and(|first| !first.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job(change: impl FnOnce(&mut Job)) -> Result<(), JobRefusal> {
        let mut job = Job {
            command: vec!["train".into(), "--epochs".into(), "3".into()],
            env: [("RUN_ID".to_owned(), "a=b".to_owned())].into(),
            warn_signal: None,
        };
        change(&mut job);
        job.check()
    }

    #[test]
    fn a_job_that_some_process_can_be_is_accepted() {
        assert_eq!(job(|_| {}), Ok(()));
    }

    #[test]
    fn a_job_that_no_process_can_be_rejects_by_name() {
        assert_eq!(job(|j| j.command.clear()), Err(JobRefusal::NoCommand));
        assert_eq!(job(|j| j.command[0].clear()), Err(JobRefusal::NoCommand));
        assert_eq!(job(|j| j.command[1].push('\0')), Err(JobRefusal::Nul));
        assert_eq!(
            job(|j| j.command = vec![String::from("x"); 257]),
            Err(JobRefusal::TooLarge)
        );
        assert_eq!(
            job(|j| j.command[1] = "x".repeat(8_193)),
            Err(JobRefusal::TooLarge)
        );
        for name in ["", "1A", "A-B", "A=B", "A\0"] {
            let refused = job(|j| {
                j.env.insert(name.to_owned(), String::new());
            });
            assert_eq!(refused, Err(JobRefusal::VariableName(name.to_owned())));
        }
    }
}
