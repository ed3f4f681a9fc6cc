//! What may be run. A stranger's command is a stranger on this host, so nothing runs that was not named.

use specie_claims::job::Job;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What the vendor allows jobs to run.
#[derive(Clone, Debug)]
pub enum Allowed {
    /// Anything, with any environment.
    AnyCommand,
    /// These programs, with these variables.
    Only {
        /// Where each program is, by the name that commands give it.
        programs: BTreeMap<String, PathBuf>,
        /// The names of variables that jobs may set.
        variables: Vec<String>,
    },
}

/// Why a job may not be run here.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAllowed {
    /// The program was not named.
    #[error("the program {0:?} is not allowed here; its vendor names what is, with --allow")]
    Program(String),
    /// The variable was not named.
    #[error("the variable {0} is not allowed here; its vendor names what is, with --allow-env")]
    Variable(String),
    /// The variable is the provisioner's own.
    #[error("the variable {0} is set by the provisioner")]
    OwnVariable(String),
}

/// A program that was allowed is not there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("--allow {0}: there is no such program; name one that is in PATH, or its absolute path")]
pub struct NotFound(String);

impl Allowed {
    /// Allows these programs, each a name that is looked up in `path` now, or an absolute path.
    pub fn only(
        programs: &[String],
        variables: &[String],
        path: &std::ffi::OsStr,
    ) -> Result<Self, NotFound> {
        let find = |name: &String| {
            let found = match Path::new(name).is_absolute() {
                true => Some(PathBuf::from(name)).filter(|path| path.is_file()),
                false if name.contains('/') => None,
                false => std::env::split_paths(path)
                    .map(|folder| folder.join(name))
                    .find(|path| path.is_file()),
            };
            let found = found.ok_or_else(|| NotFound(name.clone()))?;
            Ok((name.clone(), found))
        };
        Ok(Self::Only {
            programs: programs.iter().map(find).collect::<Result<_, _>>()?,
            variables: variables.to_vec(),
        })
    }

    /// Where a job's program is, if the job may be run.
    pub fn program(&self, job: &Job) -> Result<PathBuf, NotAllowed> {
        let own = |name: &&String| {
            name.starts_with("SPECIE_") || ["CUDA_VISIBLE_DEVICES"].contains(&name.as_str())
        };
        if let Some(name) = job.env.keys().find(own) {
            return Err(NotAllowed::OwnVariable(name.clone()));
        }
        let name = job.command.first().cloned().unwrap_or_default();
        match self {
            Self::AnyCommand => Ok(PathBuf::from(name)),
            Self::Only {
                programs,
                variables,
            } => {
                let found = programs.get(&name).cloned();
                let program = found.ok_or(NotAllowed::Program(name))?;
                match job.env.keys().find(|name| !variables.contains(name)) {
                    Some(name) => Err(NotAllowed::Variable(name.clone())),
                    None => Ok(program),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job(program: &str, variable: Option<&str>) -> Job {
        Job {
            command: vec![program.to_owned()],
            env: variable
                .map(|name| (name.to_owned(), "x".to_owned()))
                .into_iter()
                .collect(),
            warn_signal: None,
        }
    }

    fn only(programs: &[&str]) -> Result<Allowed, NotFound> {
        let programs: Vec<_> = programs.iter().map(|name| (*name).to_owned()).collect();
        Allowed::only(&programs, &["RUN".to_owned()], "/usr/bin:/bin".as_ref())
    }

    #[test]
    fn only_allowed_programs_run_and_from_the_path_found_at_start() {
        let allowed = only(&["sleep", "/bin/sh"]).unwrap();
        let sleep = allowed.program(&job("sleep", Some("RUN"))).unwrap();
        assert!(sleep.is_absolute() && sleep.ends_with("sleep"));
        assert_eq!(allowed.program(&job("/bin/sh", None)), Ok("/bin/sh".into()));
        for program in ["sh", "/bin/sleep", "./sleep", ""] {
            let refused = allowed.program(&job(program, None));
            assert_eq!(refused, Err(NotAllowed::Program(program.to_owned())));
        }
    }

    #[test]
    fn only_allowed_variables_are_set() {
        let allowed = only(&["sleep"]).unwrap();
        let refused = |name: &str| allowed.program(&job("sleep", Some(name))).unwrap_err();
        assert_eq!(
            refused("LD_PRELOAD"),
            NotAllowed::Variable("LD_PRELOAD".into())
        );
        for name in ["SPECIE_LEASE", "CUDA_VISIBLE_DEVICES"] {
            assert_eq!(refused(name), NotAllowed::OwnVariable(name.into()));
            let any = Allowed::AnyCommand.program(&job("sleep", Some(name)));
            assert_eq!(any, Err(NotAllowed::OwnVariable(name.into())));
        }
    }

    #[test]
    fn a_program_that_is_not_there_rejects() {
        for name in ["no-such-program", "/no/such/program", "bin/sh"] {
            assert_eq!(only(&[name]).unwrap_err(), NotFound(name.to_owned()));
        }
    }
}
