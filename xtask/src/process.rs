//! Running other programs, whose output goes to the log, with errors that name the command and what went wrong.

use {
    crate::{log, progress},
    anyhow::{Context, Result, bail},
    std::{
        env,
        io::{self, BufRead, BufReader},
        path::PathBuf,
        process::{Command, ExitStatus, Stdio},
    },
};

/// Runs a program. Fails if it fails.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = watch(command, |_| {})?;
    if !status.success() {
        bail!("`{}` failed ({status})", describe(command));
    }
    Ok(())
}

/// Runs a program that prints for itself on the terminal. Fails if it fails.
pub(crate) fn show(command: &mut Command) -> Result<()> {
    let line = describe(command);
    progress::hand_over();
    let status = command
        .stdin(Stdio::null())
        .status()
        .with_context(|| format!("`{line}` could not be started"))?;
    if !status.success() {
        bail!("`{line}` failed ({status}); its messages are above");
    }
    Ok(())
}

/// Runs a program and returns its standard output. Fails if it fails.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let line = describe(command);
    log::line(format!("$ {line}").as_bytes());
    let output = command
        .stdin(Stdio::null())
        .stderr(log::output())
        .output()
        .with_context(|| format!("`{line}` could not be started"))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    if !output.status.success() {
        log::line(text.as_bytes());
        bail!("`{line}` failed ({})", output.status);
    }
    Ok(text)
}

/// Runs a program and shows each line that it prints to `see`, whichever of its two outputs it is of.
pub(crate) fn watch(command: &mut Command, mut see: impl FnMut(&str)) -> Result<ExitStatus> {
    let line = describe(command);
    log::line(format!("$ {line}").as_bytes());
    let (reader, writer) = io::pipe()?;
    let mut child = command
        .stdin(Stdio::null())
        .stdout(writer.try_clone()?)
        .stderr(writer)
        .spawn()
        .with_context(|| format!("`{line}` could not be started"))?;
    // The command holds the pipe's other end, which would never be closed.
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut lines = BufReader::new(reader);
    let mut bytes = vec![];
    while lines.read_until(b'\n', &mut bytes)? > 0 {
        log::line(&bytes);
        let text = String::from_utf8_lossy(&bytes);
        let text = text.trim_end();
        progress::activity(text);
        see(text);
        bytes.clear();
    }
    Ok(child.wait()?)
}

/// A program on the PATH.
pub(crate) fn find(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
}

fn describe(command: &Command) -> String {
    let program = command.get_program().to_string_lossy();
    let program = program.rsplit('/').next().unwrap_or_default();
    let arguments = command
        .get_args()
        .map(|argument| argument.to_string_lossy());
    std::iter::once(program.into())
        .chain(arguments)
        .collect::<Vec<_>>()
        .join(" ")
}
