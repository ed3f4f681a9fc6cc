//! The log of a run, target/logs/COMMAND.log: everything that the programs print which a command runs.
//!
//! The terminal shows a line for each step; whoever wants more reads the log, whose last lines are shown where a step
//! fails.

use {
    crate::workspace,
    anyhow::{Context, Result},
    std::{
        fs::{self, File},
        io::{Read, Seek, SeekFrom, Write},
        path::PathBuf,
        process::Stdio,
        sync::{Mutex, OnceLock, PoisonError},
    },
};

/// How many lines of a failed step's log are shown.
const SHOWN: usize = 20;

struct Log {
    path: PathBuf,
    file: File,
    /// Where the part of the current step begins, in bytes.
    step: Mutex<u64>,
}

static LOG: OnceLock<Log> = OnceLock::new();

/// Begins the log of a command; what an earlier run left is gone.
pub(crate) fn begin(command: &str) -> Result<()> {
    let folder = workspace::target().join("logs");
    fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
    let path = folder.join(format!("{command}.log"));
    File::create(&path).with_context(|| format!("making {}", path.display()))?;
    // Programs write to it beside this one, hence at its end.
    let file = File::options().append(true).read(true).open(&path)?;
    let step = Mutex::new(0);
    let _ = LOG.set(Log { path, file, step });
    Ok(())
}

/// The log's path, relative to the checkout where it lies there.
pub(crate) fn path() -> String {
    let path = LOG.get().map(|log| log.path.as_path());
    let path = path.map(|path| path.strip_prefix(workspace::root()).unwrap_or(path));
    path.map_or_else(String::new, |path| path.display().to_string())
}

/// Writes a line. A log that cannot be written is no reason to stop working.
pub(crate) fn line(line: &[u8]) {
    if let Some(log) = LOG.get() {
        let line = [line.trim_ascii_end(), b"\n"].concat();
        let _ = (&log.file).write_all(&line);
    }
}

/// The log as a program's output.
pub(crate) fn output() -> Stdio {
    let file = LOG.get().map(|log| log.file.try_clone());
    match file {
        Some(Ok(file)) => file.into(),
        _ => Stdio::null(),
    }
}

/// A step begins: what the log has so far is of earlier ones.
pub(crate) fn begin_step(title: &str) {
    let Some(log) = LOG.get() else { return };
    let length = log.file.metadata().map_or(0, |file| file.len());
    *log.step.lock().unwrap_or_else(PoisonError::into_inner) = length;
    line(format!("=== {title}").as_bytes());
}

/// The last lines of the current step, apart from its title.
pub(crate) fn last_lines() -> Vec<String> {
    let Some(log) = LOG.get() else { return vec![] };
    let start = *log.step.lock().unwrap_or_else(PoisonError::into_inner);
    let mut bytes = vec![];
    let mut file = &log.file;
    let read = file
        .seek(SeekFrom::Start(start))
        .and_then(|_| file.read_to_end(&mut bytes));
    if read.is_err() {
        return vec![];
    }
    let text = String::from_utf8_lossy(&bytes);
    let lines: Vec<_> = text
        .lines()
        .skip(1)
        .filter(|line| !line.is_empty())
        .collect();
    let from = lines.len().saturating_sub(SHOWN);
    lines[from..].iter().map(|line| (*line).into()).collect()
}
