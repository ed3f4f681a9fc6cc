//! Everything that is printed: results on standard output, failures on standard error.
//!
//! A reader that has seen enough, like `head`, closes the pipe: that is no failure of a command. A full device is one.

use crate::{
    core::{
        error::CliError,
        outcome::Outcome,
        report::{Field, Fields, Preview, Report, Value},
    },
    options::Format,
};
use serde::Serialize;
use specie_stdout::Stdout;
use std::{
    io::{self, IsTerminal, Write},
    process::ExitCode,
};

/// Prints in the form that was asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Output(Format);

impl Output {
    pub(crate) fn new(format: Format) -> Self {
        Self(format)
    }

    /// What a transaction would change, before it is sent. JSON has it in its report.
    pub(crate) fn preview(self, preview: &Preview) -> Result<(), CliError> {
        match self.0 {
            Format::Display => print(&preview_text(preview)),
            Format::Json | Format::JsonCompact => Ok(()),
        }
    }

    /// What came of a command.
    pub(crate) fn report(self, report: &Report) -> Result<(), CliError> {
        match self.json(report) {
            Some(json) => print(&(json + "\n")),
            None => print(&fields_text(&report.fields, 0)),
        }
    }

    /// What came of a command that has ended; an error says that it was done all the same.
    pub(crate) fn conclusion(self, outcome: Outcome) -> Result<ExitCode, CliError> {
        let report = &outcome.report;
        let printed = self.report(report).map_err(|error| match report.signature() {
            Some(signature) => CliError::File(format!(
                "{error}. Transaction {signature} was sent and confirmed: look it up rather than sending it again"
            )),
            None => error,
        });
        printed.map(|()| outcome.exit)
    }

    /// Help or a version, with colours where they are seen.
    pub(crate) fn help(self, help: &clap::Error) -> Result<(), CliError> {
        specie_stdout::help(help).map_err(|error| CliError::File(error.to_string()))
    }

    /// Whether no script reads what is printed.
    pub(crate) fn is_for_people(self) -> bool {
        self.0 == Format::Display
    }

    /// Why a command failed.
    pub(crate) fn error(self, error: &CliError) {
        let text = self
            .json(error)
            .unwrap_or_else(|| format!("error: {error}"));
        specie_stdout::error_line(text);
    }

    /// Something that is worth knowing while a command runs.
    pub(crate) fn notice(self, text: &str) {
        self.end_status_line();
        specie_stdout::error_line(format_args!("note: {text}"));
    }

    /// Replaces the last line of the terminal. Where there is none, nobody would see it.
    pub(crate) fn status_line(self, text: &str) {
        let mut err = io::stderr();
        if self.0 == Format::Display && err.is_terminal() {
            let _ = write!(err, "\r\x1b[K{text}").and_then(|()| err.flush());
        }
    }

    /// Clears what [`status_line`](Self::status_line) wrote.
    pub(crate) fn end_status_line(self) {
        self.status_line("");
    }

    fn json(self, value: &impl Serialize) -> Option<String> {
        let json = match self.0 {
            Format::Display => return None,
            Format::Json => serde_json::to_string_pretty(value),
            Format::JsonCompact => serde_json::to_string(value),
        };
        Some(json.expect("reports have string keys only"))
    }
}

fn print(text: &str) -> Result<(), CliError> {
    Stdout::new()
        .text(text)
        .map_err(|error| CliError::File(error.to_string()))
}

fn preview_text(preview: &Preview) -> String {
    let mut text = format!("{}\n{}", preview.title, fields_text(&preview.details, 2));
    if preview.changes.is_empty() {
        return text;
    }
    if !preview.details.0.is_empty() {
        text.push('\n');
    }
    let rows: Vec<[String; 3]> = preview
        .changes
        .iter()
        .map(|change| {
            [
                change.what.clone(),
                change.before.line(),
                change.after.line(),
            ]
        })
        .collect();
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max();
    let (what, before) = (width(0).unwrap_or(0), width(1).unwrap_or(0));
    for [name, from, to] in &rows {
        let arrow = if from == to { "= " } else { "->" };
        text += &format!("  {name:what$}  {from:>before$} {arrow} {to}\n");
    }
    text
}

fn fields_text(fields: &Fields, indent: usize) -> String {
    let width = fields
        .0
        .iter()
        .filter(|field| !matches!(field.value, Value::Fields(_) | Value::List(_)))
        .map(|field| field.label.chars().count())
        .max()
        .unwrap_or(0);
    let mut text = String::new();
    for Field { label, value, .. } in &fields.0 {
        let pad = " ".repeat(indent);
        match value {
            Value::Fields(inner) => {
                text += &format!("{pad}{label}\n{}", fields_text(inner, indent + 2));
            }
            Value::List(list) if list.is_empty() => text += &format!("{pad}{label}: none\n"),
            Value::List(list) => {
                text += &format!("{pad}{label}\n");
                let items: Vec<String> = list
                    .iter()
                    .map(|item| fields_text(item, indent + 2))
                    .collect();
                // Items of one line each need no empty line between them.
                let separator = if list.iter().all(|item| item.0.len() == 1) {
                    ""
                } else {
                    "\n"
                };
                text += &items.join(separator);
            }
            _ => text += &format!("{pad}{label:width$}  {}\n", value.line()),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::report::Change;

    #[test]
    fn a_preview_lines_up() {
        let preview = Preview {
            title: "Buy 10 tokens".into(),
            details: Fields::default().with("payment", "Payment", Value::Amount(20_000_000, 6)),
            changes: vec![
                Change {
                    what: "Tokens".into(),
                    before: Value::scu(0),
                    after: Value::scu(10_000_000),
                },
                Change {
                    what: "Vault headroom".into(),
                    before: Value::scu(120_000_000),
                    after: Value::scu(120_000_000),
                },
            ],
        };
        assert_eq!(
            preview_text(&preview),
            "Buy 10 tokens\n  Payment  20\n\n  Tokens            0 -> 10\n  Vault headroom  120 =  120\n"
        );
    }

    #[test]
    fn lists_and_groups_are_indented() {
        let item = |n| {
            Fields::default()
                .with("units", "Units", Value::Number(n))
                .with("open", "Open", Value::Flag(true))
        };
        let key = |n| Fields::default().with("key", "Key", Value::Number(n));
        let fields = Fields::default()
            .with("owner", "Owner", Value::text("me"))
            .with("vouchers", "Vouchers", Value::List(vec![item(1), item(2)]))
            .with("closed", "Closed", Value::List(vec![]))
            .with("quorum", "Quorum", Value::List(vec![key(1), key(2)]));
        assert_eq!(
            fields_text(&fields, 0),
            "Owner  me\nVouchers\n  Units  1\n  Open   yes\n\n  Units  2\n  Open   yes\nClosed: none\nQuorum\n  Key  1\n  Key  2\n"
        );
    }

    #[test]
    fn json_is_one_line_only_where_asked_for() {
        let report = Report::from(Fields::default().with("units", "Units", Value::Number(1)));
        let json = |format| Output::new(format).json(&report).unwrap();
        assert_eq!(json(Format::JsonCompact), r#"{"units":1}"#);
        assert_eq!(json(Format::Json), "{\n  \"units\": 1\n}");
    }
}
