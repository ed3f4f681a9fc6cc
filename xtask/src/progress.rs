//! What a command says while it works: a line for each step, and how long it took.
//!
//! On a terminal, the line of the step that is going on also has the time so far and what the program says that it runs.
//! No line is longer than the terminal is wide.

use {
    crate::log,
    anyhow::Result,
    console::{Term, style},
    indicatif::{ProgressBar, ProgressStyle},
    specie_stdout::Stdout,
    std::{
        sync::{Mutex, MutexGuard, PoisonError},
        time::{Duration, Instant},
    },
};

/// Where the width of the terminal is unknown.
const WIDTH: usize = 80;
/// How often the line of the current step is drawn.
const TICK: Duration = Duration::from_millis(120);

pub(crate) struct Progress {
    steps: usize,
    begun: usize,
    started: Instant,
}

impl Progress {
    pub(crate) fn new(steps: usize) -> Self {
        Self {
            steps,
            begun: 0,
            started: Instant::now(),
        }
    }

    /// Announces a step, does it, and says how long it took.
    pub(crate) fn step<T>(&mut self, title: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
        self.begun += 1;
        let title = format!("[{}/{}] {title}", self.begun, self.steps);
        log::begin_step(&title);
        let started = Instant::now();
        screen().begin(&title);
        let result = work();
        screen().end(&title, &duration(started.elapsed()), result.is_ok());
        result
    }

    /// The time since the first step began, in words.
    pub(crate) fn total(&self) -> String {
        let seconds = self.started.elapsed().as_secs();
        format!("{} min {:02} s", seconds / 60, seconds % 60)
    }
}

/// Prints a line at once, folded where the terminal ends.
pub(crate) fn say(text: &str) {
    screen().say(text);
}

/// Shows a line that a program printed beside the current step, on a terminal.
pub(crate) fn activity(line: &str) {
    if let Some(bar) = &screen().bar {
        bar.set_message(console::strip_ansi_codes(line.trim()).into_owned());
    }
}

/// Gives the terminal to a program that prints for itself.
pub(crate) fn hand_over() {
    screen().say("");
    screen().clear();
}

/// Shows how the log of the failed step ends, and where all of it is.
pub(crate) fn show_log() {
    let lines = log::last_lines();
    if lines.is_empty() {
        return;
    }
    let text: String = lines.iter().map(|line| format!("    {line}\n")).collect();
    say(&format!(
        "{text}all of it is in {}, which ends like this",
        log::path()
    ));
}

struct Screen {
    out: Stdout,
    /// The line of the current step; on a terminal only.
    bar: Option<ProgressBar>,
    /// The line of the current step stands there and has no end yet; elsewhere.
    open: bool,
}

static SCREEN: Mutex<Option<Screen>> = Mutex::new(None);

/// The one screen that there is.
fn screen() -> ScreenGuard {
    let mut screen = SCREEN.lock().unwrap_or_else(PoisonError::into_inner);
    screen.get_or_insert_with(|| Screen {
        out: Stdout::new(),
        bar: None,
        open: false,
    });
    ScreenGuard(screen)
}

struct ScreenGuard(MutexGuard<'static, Option<Screen>>);

impl std::ops::Deref for ScreenGuard {
    type Target = Screen;

    fn deref(&self) -> &Screen {
        self.0.as_ref().expect("made above")
    }
}

impl std::ops::DerefMut for ScreenGuard {
    fn deref_mut(&mut self) -> &mut Screen {
        self.0.as_mut().expect("made above")
    }
}

impl Screen {
    fn begin(&mut self, title: &str) {
        if Term::stdout().is_term() {
            let bar = ProgressBar::with_draw_target(
                None,
                indicatif::ProgressDrawTarget::term(Term::stdout(), 10),
            );
            let line =
                ProgressStyle::with_template("{spinner} {prefix}  {elapsed}  {wide_msg:.dim}")
                    .unwrap_or_else(|_| ProgressStyle::default_spinner());
            bar.set_style(line);
            bar.set_prefix(title.to_owned());
            bar.enable_steady_tick(TICK);
            self.bar = Some(bar);
        } else {
            self.print(title);
            self.open = true;
        }
    }

    fn end(&mut self, title: &str, took: &str, passed: bool) {
        if self.bar.is_some() {
            self.clear();
            let mark = if passed {
                style("✓").green()
            } else {
                style("✗").red()
            };
            let took = if passed {
                style(took.to_owned()).dim()
            } else {
                style(format!("FAILED after {took}")).red()
            };
            self.print(&format!("{mark} {title}  {took}\n"));
            return;
        }
        if !self.open {
            self.print(title);
        }
        self.open = false;
        let failed = if passed { "" } else { "FAILED after " };
        self.print(&format!(": {failed}{took}\n"));
    }

    fn say(&mut self, text: &str) {
        let mut text = fold(text, width());
        if std::mem::take(&mut self.open) {
            text.insert(0, '\n');
        }
        match self.bar.clone() {
            Some(bar) => bar.suspend(|| self.print(&format!("{text}\n"))),
            None if text == "\n" => self.print(&text),
            None => self.print(&format!("{text}\n")),
        }
    }

    fn clear(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }

    fn print(&mut self, text: &str) {
        // What a command does is worth doing also where nobody sees what it says.
        let _ = self.out.text(text);
    }
}

/// Columns of the terminal.
fn width() -> usize {
    let size = Term::stdout().size_checked();
    size.map_or(WIDTH, |(_, columns)| columns.into())
}

/// A text none of whose lines is longer than this; what was indented stays so.
fn fold(text: &str, width: usize) -> String {
    let lines = text.lines().flat_map(|line| {
        let indent = line.len() - line.trim_start().len();
        let options = textwrap::Options::new(width)
            .subsequent_indent(&line[..indent.min(width / 2)])
            .word_splitter(textwrap::WordSplitter::NoHyphenation);
        textwrap::wrap(line, options)
            .into_iter()
            .map(|line| line.into_owned())
            .collect::<Vec<_>>()
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn duration(took: Duration) -> String {
    let seconds = took.as_secs();
    if seconds < 60 {
        format!("{:.1} s", took.as_secs_f32())
    } else {
        format!("{} min {:02} s", seconds / 60, seconds % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_is_longer_than_the_terminal() {
        let long = format!("{} {}", "word ".repeat(40), "x".repeat(200));
        for width in [20, 80] {
            let folded = fold(&format!("    {long}\nshort\n\n  end"), width);
            let lengths = folded.lines().map(|line| line.chars().count());
            assert!(lengths.max().unwrap() <= width, "{folded}");
            assert!(folded.ends_with("short\n\n  end"), "{folded}");
        }
    }

    #[test]
    fn a_duration_is_in_seconds_or_minutes() {
        assert_eq!(duration(Duration::from_millis(1_240)), "1.2 s");
        assert_eq!(duration(Duration::from_secs(605)), "10 min 05 s");
    }
}
