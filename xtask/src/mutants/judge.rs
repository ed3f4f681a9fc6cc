//! Tests that judge a mutant: whether they notice it, how, and within which time.

use {
    anyhow::{Context, Result},
    std::{
        io::{BufRead, BufReader},
        process::{Command, Stdio},
        time::Duration,
    },
};

/// Tests are too slow beyond so many times what they take on the program itself, and a little.
const SLOWER: u32 = 8;
const LITTLE: Duration = Duration::from_secs(20);

/// The time that tests are given which pass in `usual` on the program itself.
pub(super) fn limit(usual: Duration) -> Duration {
    usual * SLOWER + LITTLE
}

/// What came of running some tests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// All passed.
    Passed,
    /// One failed; its name, or what else ended the tests.
    Noticed(String),
}

/// Runs a test program until its end, its first failure, or the end of the time that it is given.
pub(super) fn judge(tests: &Command, limit: Duration) -> Result<Verdict> {
    let mut child = limited(tests, limit)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .env("RUST_BACKTRACE", "0")
        .spawn()
        .context("`timeout` could not be started")?;
    let stdout = child.stdout.take().context("no standard output")?;
    for line in BufReader::new(stdout).lines() {
        let line = line.unwrap_or_default();
        if let Some(failed) = failed_test(&line) {
            // It passes the signal on to the tests.
            let stop = Command::new("kill").arg(child.id().to_string()).status();
            stop.context("`kill` could not be started")?;
            child.wait()?;
            return Ok(Verdict::Noticed(failed.into()));
        }
    }
    let status = child.wait()?;
    Ok(match status.code() {
        Some(0) => Verdict::Passed,
        Some(124) => Verdict::Noticed("too slow".into()),
        _ => Verdict::Noticed("the tests ended".into()),
    })
}

/// `test <name> ... FAILED`
fn failed_test(line: &str) -> Option<&str> {
    line.strip_prefix("test ")?.strip_suffix(" ... FAILED")
}

/// The same command under `timeout`.
fn limited(command: &Command, limit: Duration) -> Command {
    let mut limited = Command::new("timeout");
    limited
        .arg(limit.as_secs().max(1).to_string())
        .arg(command.get_program())
        .args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => limited.env(name, value),
            None => limited.env_remove(name),
        };
    }
    if let Some(folder) = command.get_current_dir() {
        limited.current_dir(folder);
    }
    limited
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Verdict {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        judge(&command, Duration::from_secs(1)).unwrap()
    }

    #[test]
    fn a_verdict_is_the_first_failure_or_how_the_tests_ended() {
        assert_eq!(shell("echo test a ... ok"), Verdict::Passed);
        let first = "echo test a ... FAILED; echo test b ... FAILED; sleep 600";
        assert_eq!(shell(first), Verdict::Noticed("a".into()));
        assert_eq!(
            shell("exit 101"),
            Verdict::Noticed("the tests ended".into())
        );
        assert_eq!(shell("sleep 600"), Verdict::Noticed("too slow".into()));
    }
}
