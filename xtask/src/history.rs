//! The form of commit subjects: `part: imperative subject`, short enough for one line of a log.

use {
    crate::workspace,
    anyhow::{Result, bail},
    std::process::Command,
};

/// The last commit from before the rule.
const BEFORE: &str = "4f8727c57dbe4b616242e29c045e30d707ce6930";

/// The most characters of a subject.
const LONGEST: usize = 72;

/// Checks the subjects of all commits after the rule was made. A checkout without git, or without that much history, has
/// nothing to check.
pub(crate) fn check() -> Result<()> {
    let mut wrong = Vec::new();
    for subject in subjects()? {
        if let Some(fault) = fault(&subject) {
            wrong.push(format!("{subject:?} {fault}"));
        }
    }
    if !wrong.is_empty() {
        bail!(
            "commit subjects are `part: imperative subject`, at most {LONGEST} characters; `git rebase -i` rewords these:\n{}",
            wrong.join("\n")
        );
    }
    Ok(())
}

fn subjects() -> Result<Vec<String>> {
    let range = format!("{BEFORE}..HEAD");
    let listed = Command::new("git")
        .current_dir(workspace::root())
        .args(["log", "--no-merges", "--format=%s", &range])
        .output();
    let Ok(listed) = listed else {
        return Ok(Vec::new());
    };
    if !listed.status.success() {
        return Ok(Vec::new());
    }
    let listed = String::from_utf8_lossy(&listed.stdout);
    Ok(listed.lines().map(str::to_owned).collect())
}

/// What is wrong with a subject.
fn fault(subject: &str) -> Option<String> {
    let length = subject.chars().count();
    if length > LONGEST {
        return Some(format!("has {length} characters"));
    }
    if subject
        .to_lowercase()
        .split(|c: char| !c.is_alphanumeric())
        .any(|word| word == "wip")
    {
        return Some("says that it is unfinished".to_owned());
    }
    if subject.starts_with("Revert \"") {
        return None;
    }
    let Some((part, rest)) = subject.split_once(": ") else {
        return Some("names no part".to_owned());
    };
    let is_part = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_/., ".contains(c);
    if part.is_empty() || !part.chars().all(is_part) || rest.is_empty() {
        return Some("names no part".to_owned());
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_names_a_part_and_fits_a_line() {
        for fine in [
            "gateway: keep a lease's hold until its run is reported",
            "sdk/ts, app: regenerate",
            "Revert \"gateway: keep a hold\"",
        ] {
            assert_eq!(fault(fine), None, "{fine}");
        }
        for wrong in [
            "Keep a hold",
            "gateway: wip",
            "Gateway: keep",
            "gateway:",
            &format!("gateway: {}", "x".repeat(64)),
        ] {
            assert!(fault(wrong).is_some(), "{wrong}");
        }
    }
}
