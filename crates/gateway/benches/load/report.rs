//! What was measured, as a page.

use crate::Arguments;
use crate::clients::Answers;
use crate::pauses::Pauses;
use crate::watched::Spent;
use std::fmt::{Display, Formatter, Result};
use std::time::Duration;

pub(crate) struct Report {
    pub(crate) arguments: Arguments,
    /// As much as possible.
    pub(crate) most: Answers,
    pub(crate) spent: Spent,
    /// Requests per second of the two that follow.
    pub(crate) rate: f64,
    pub(crate) directly: Answers,
    pub(crate) steadily: Answers,
    pub(crate) kept: Spent,
    pub(crate) charges: u64,
    /// One page, flushed to the ledger's disk.
    pub(crate) flush: Duration,
    /// Of the gateway's core and of the others, before anything was asked.
    pub(crate) pauses: [Pauses; 2],
}

impl Display for Report {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let Arguments {
            holders,
            requests_per_receipt,
            ..
        } = self.arguments;
        let kind = if self.arguments.stream {
            "streamed"
        } else {
            "plain"
        };
        let ledger = if self.arguments.server.is_some() {
            "PostgreSQL"
        } else {
            "SQLite"
        };
        writeln!(f, "# One gateway on one core\n")?;
        writeln!(
            f,
            "As `cargo xtask load` measured it on a core of {}.\n",
            processor()
        )?;
        writeln!(
            f,
            "{holders} holders with a connection each, {kind} answers, a receipt every {requests_per_receipt} \
             requests, the ledger on {ledger}. All {} answers were charged, each once.\n",
            self.charges
        )?;
        writeln!(
            f,
            "| | requests/s | p50 | p99 | p99.9 | core time a request |"
        )?;
        writeln!(f, "|---|---|---|---|---|---|")?;
        row(f, "as many as it can", &self.most, Some(&self.spent))?;
        row(f, "the model's server alone", &self.directly, None)?;
        row(f, "through the gateway", &self.steadily, Some(&self.kept))?;
        let added = |permille| {
            milliseconds(
                self.steadily
                    .within(permille)
                    .saturating_sub(self.directly.within(permille)),
            )
        };
        writeln!(
            f,
            "\nAt {:.0} requests a second the gateway adds {} at the median, {} at p99 and {} at p99.9. Each request is flushed \
             to disk twice, with others; one flush of a page takes {} here.",
            self.rate,
            added(500),
            added(990),
            added(999),
            milliseconds(self.flush),
        )?;
        let [own, others] = self.pauses;
        writeln!(
            f,
            "Before that, in a loop that only reads the clock, the gateway's core stood still for {:.2} % of the time, at most \
             for {} at once, and the others' for {:.2} %, at most for {}: what the machine takes for itself.",
            own.share * 100.0,
            milliseconds(own.longest),
            others.share * 100.0,
            milliseconds(others.longest),
        )?;
        let memory = &self.kept.memory;
        let at = |tenth: usize| mebibytes(memory[(memory.len() - 1) * tenth / 10]);
        let most = memory.iter().copied().max().unwrap_or_default();
        writeln!(
            f,
            "Its memory over those {} s, at each tenth of the time: {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {} MiB; at most {} MiB.",
            self.kept.memory.len() / 10,
            at(0),
            at(1),
            at(2),
            at(3),
            at(4),
            at(5),
            at(6),
            at(7),
            at(8),
            at(9),
            at(10),
            mebibytes(most),
        )
    }
}

/// The processor, as /proc/cpuinfo names it.
fn processor() -> String {
    let known = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = known
        .lines()
        .find_map(|line| line.strip_prefix("model name"));
    let name = name.map(|name| name.trim_start_matches([' ', '\t', ':']));
    name.unwrap_or("a processor without a name").to_owned()
}

fn row(f: &mut Formatter<'_>, name: &str, answers: &Answers, spent: Option<&Spent>) -> Result {
    let core = spent.map_or("–".to_owned(), |spent| {
        format!(
            "{:.0} µs",
            spent.cpu.as_secs_f64() * 1e6 / answers.count() as f64
        )
    });
    writeln!(
        f,
        "| {name} | {:.0} | {} | {} | {} | {core} |",
        answers.per_second(),
        milliseconds(answers.within(500)),
        milliseconds(answers.within(990)),
        milliseconds(answers.within(999)),
    )
}

fn milliseconds(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1e3)
}

fn mebibytes(bytes: u64) -> u64 {
    bytes >> 20
}
