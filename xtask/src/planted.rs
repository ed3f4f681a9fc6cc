//! `cargo xtask planted`: whether the random worlds notice what they are there for.
//!
//! For each invariant of the design, tests/planted has a bug that breaks it. A copy of the program is built with all of
//! them, each behind a switch of one byte; the worlds are played on it once for each, and must fail by that invariant's
//! name. With the switch off they must not.

use {
    crate::{
        debian, process,
        program::{self, Arch},
        progress::{Progress, say},
        workspace::{self, Selection},
    },
    anyhow::{Context, Result, bail, ensure},
    std::{
        fs,
        path::{Path, PathBuf},
        process::Command,
    },
};

/// Where the patches are; `switch` first, then the bugs, by their invariant's name.
const PATCHES: &str = "tests/planted";
/// What stands before the switch in the built program.
const SWITCH: &[u8] = b"planted bug no ";
const BUGS: u8 = 10;
/// Actions within which a bug must be noticed.
const ACTIONS: &str = "20000";
/// Actions that must pass with no bug switched on.
const ACTIONS_WITHOUT: &str = "2000";

/// `cargo xtask planted`
pub(crate) fn command() -> Result<()> {
    let mut progress = Progress::new(3);
    progress.step("Debian packages", || {
        debian::ensure(&[debian::SBF_BUILD, debian::HOST_BUILD])
    })?;
    progress.step("the builder and its linker", program::build_builder)?;
    progress.step("the planted bugs", || {
        check(&Selection::Package("specie-tests").arguments())
    })
}

/// As part of the suite, which has compiled everything already.
pub(crate) fn check_within_suite() -> Result<()> {
    check(&Selection::Everything.arguments())
}

fn check(selection: &[&str]) -> Result<()> {
    let folder = workspace::target().join("planted");
    let built = build(&folder)?;
    let switch = find(&built, SWITCH)? + SWITCH.len();
    let mut unnoticed = Vec::new();
    for bug in 0..=BUGS {
        let mut program = built.clone();
        program[switch] = b'0' + bug;
        let path = folder.join(format!("planted-{bug}.so"));
        fs::write(&path, program)?;
        let (passed, output) = play(&path, bug, selection)?;
        let noticed = if bug == 0 {
            passed
        } else {
            !passed && output.contains(&format!("I{bug}: "))
        };
        let first = output
            .lines()
            .find(|line| line.starts_with('I') && line.contains(": "));
        say(&format!(
            "bug {bug}: {}",
            first.unwrap_or(if passed { "nothing found" } else { "it failed" })
        ));
        if !noticed {
            say(&output);
            unnoticed.push(bug);
        }
    }
    ensure!(
        unnoticed.is_empty(),
        "not noticed by their names (0 is no bug): {unnoticed:?}"
    );
    Ok(())
}

/// Builds a copy of the program that all patches are applied to.
fn build(folder: &Path) -> Result<Vec<u8>> {
    let source = folder.join("source");
    workspace::copy_source(&source)?;
    let mut patches: Vec<PathBuf> = fs::read_dir(source.join(PATCHES))?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<_>>()?;
    patches.sort();
    for patch in &patches {
        apply(&source, patch)?;
    }
    let mut builder = program::builder(Arch::V3);
    builder.current_dir(&source).arg("--out").arg(folder);
    process::run(&mut builder).context("the program with planted bugs does not build")?;
    Ok(fs::read(folder.join("specie.so"))?)
}

/// Applies a patch to the copy; lines around it may have changed, those right beside it not.
fn apply(source: &Path, patch: &Path) -> Result<()> {
    let mut git = Command::new("git");
    git.current_dir(source)
        // The copy is within the checkout, and none of it.
        .env("GIT_CEILING_DIRECTORIES", source.parent().unwrap_or(source))
        .args(["apply", "-C1", "--recount"])
        .arg(patch);
    process::run(&mut git).with_context(|| {
        format!(
            "{} does not apply any more: plant that bug anew where its rule now stands",
            patch.display()
        )
    })
}

/// Where some bytes stand, once.
pub(crate) fn find(built: &[u8], what: &[u8]) -> Result<usize> {
    let mut places = built
        .windows(what.len())
        .enumerate()
        .filter(|(_, bytes)| *bytes == what);
    match (places.next(), places.next()) {
        (Some((at, _)), None) => Ok(at),
        _ => bail!("the built program does not have exactly one switch"),
    }
}

/// Plays the worlds on a program; returns whether they passed, and what they printed.
fn play(program: &Path, bug: u8, selection: &[&str]) -> Result<(bool, String)> {
    let output = workspace::cargo("test")
        .args(selection)
        .args([
            "--quiet",
            "--test",
            "worlds",
            "--",
            "--nocapture",
            "program_and_model_agree",
        ])
        .env("SPECIE_PROGRAM", program)
        .env(
            "SPECIE_ACTIONS",
            if bug == 0 { ACTIONS_WITHOUT } else { ACTIONS },
        )
        // Always the same worlds, so that the same program always has the same outcome.
        .env("SPECIE_SEED", "1")
        // What failed is known here; a shorter script is of no use.
        .env("SPECIE_SHRINKING", "0")
        .env("RUST_BACKTRACE", "0")
        .output()?;
    let text = [output.stdout, output.stderr].concat();
    Ok((
        output.status.success(),
        String::from_utf8_lossy(&text).into_owned(),
    ))
}
