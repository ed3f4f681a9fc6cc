//! Every way in which a command fails, and the exit code that scripts can tell it by.
//!
//! A message says what happened and what would help. Unless it is [`CliError::Unconfirmed`], nothing was changed,
//! save for the fee of a transaction whose simulation succeeded and which another one then overtook.

use serde::{Serialize, Serializer, ser::SerializeStruct};
use solana_signature::Signature;
use specie_client::refusal::Refusal;
use std::{fmt, process::ExitCode};

/// Exit codes: number, name in JSON, meaning. A number is never reused.
pub const EXIT_CODES: &[(u8, &str, &str)] = &[
    (0, "", "done"),
    (
        2,
        "usage",
        "the command line is wrong, or an amount in it is",
    ),
    (
        3,
        "key",
        "a key file is missing, holds no key, or holds the wrong one",
    ),
    (
        4,
        "network",
        "an RPC or a gateway does not answer, or refuses to",
    ),
    (
        5,
        "chain",
        "something is not on the chain, exists already, or is of another cluster",
    ),
    (
        6,
        "refused",
        "the program refuses it; the message has the refusal's name and code",
    ),
    (7, "balance", "an account holds too little"),
    (
        8,
        "file",
        "a file is missing, exists already, or holds something else",
    ),
    (9, "port", "a port is in use"),
    (10, "transaction", "a transaction fails for another reason"),
    (
        11,
        "unconfirmed",
        "a transaction was sent and not seen since: look it up before sending it again",
    ),
    (
        12,
        "expired",
        "a transaction was sent and can no longer be confirmed: nothing was changed",
    ),
];

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CliError {
    /// A misspelt command line. Exit code 2.
    #[error("{0}")]
    CommandLine(CommandLine),
    /// Arguments that fit no account or each other. Exit code 2, like any misspelt command line.
    #[error("{0}")]
    Usage(String),
    /// A key file that is missing or holds no key. Exit code 3.
    #[error("{0}")]
    Key(String),
    /// An RPC or a gateway that does not answer, or answers with an error. Exit code 4.
    #[error("{0}")]
    Network(String),
    /// Something that is not on the chain, or is not what was expected. Exit code 5.
    #[error("{0}")]
    Chain(String),
    /// A refusal of the program, by a quote or by simulation. Exit code 6.
    #[error("refused: {0}")]
    Refused(Refusal),
    /// More than an account holds. Exit code 7.
    #[error("{0}")]
    Balance(String),
    /// A file that is missing, exists already or holds something else. Exit code 8.
    #[error("{0}")]
    File(String),
    /// A port that another program listens on. Exit code 9.
    #[error("{0}")]
    Port(String),
    /// A transaction that failed for a reason that is not Specie's. Exit code 10.
    #[error("{0}")]
    Transaction(String),
    /// A transaction that was sent and then not seen: it may have changed everything or nothing. Exit code 11.
    #[error(
        "transaction {0} was sent, but the network did not confirm it in time: `specie transaction status {0}` tells \
         whether it did later. Look it up before you send it again"
    )]
    Unconfirmed(Signature),
    /// A transaction whose blockhash passed before anybody confirmed it: it changed nothing and never will. Exit code 12.
    #[error(
        "transaction {0} was sent and expired unconfirmed: nothing was changed, and `specie transaction status {0}` will \
         not find it. Send it again"
    )]
    Expired(Signature),
}

impl CliError {
    /// What scripts call this failure, and its exit code.
    fn class(&self) -> (&'static str, u8) {
        match self {
            Self::CommandLine(_) | Self::Usage(_) => ("usage", 2),
            Self::Key(_) => ("key", 3),
            Self::Network(_) => ("network", 4),
            Self::Chain(_) => ("chain", 5),
            Self::Refused(_) => ("refused", 6),
            Self::Balance(_) => ("balance", 7),
            Self::File(_) => ("file", 8),
            Self::Port(_) => ("port", 9),
            Self::Transaction(_) => ("transaction", 10),
            Self::Unconfirmed(_) => ("unconfirmed", 11),
            Self::Expired(_) => ("expired", 12),
        }
    }

    /// The exit code of this failure.
    pub(crate) fn exit_code(&self) -> ExitCode {
        ExitCode::from(self.class().1)
    }
}

/// What is wrong with a command line.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct CommandLine {
    /// What scripts know it by.
    pub(crate) reason: &'static str,
    message: String,
}

impl CommandLine {
    pub(crate) fn new(error: &clap::Error) -> Self {
        use clap::error::ErrorKind;
        let reason = match error.kind() {
            ErrorKind::InvalidValue => "invalid_value",
            ErrorKind::UnknownArgument => "unknown_argument",
            ErrorKind::InvalidSubcommand => "unknown_command",
            ErrorKind::NoEquals
            | ErrorKind::ValueValidation
            | ErrorKind::TooManyValues
            | ErrorKind::TooFewValues
            | ErrorKind::WrongNumberOfValues => "wrong_value",
            ErrorKind::ArgumentConflict => "conflicting_arguments",
            ErrorKind::MissingRequiredArgument => "missing_argument",
            ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
                "missing_command"
            }
            ErrorKind::InvalidUtf8 => "not_utf8",
            _ => "command_line",
        };
        let text = error.render().to_string();
        let message = text.trim().trim_start_matches("error: ");
        Self {
            reason,
            message: message.into(),
        }
    }
}

impl fmt::Display for CommandLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl From<Refusal> for CliError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<crate::core::amount::AmountError> for CliError {
    fn from(error: crate::core::amount::AmountError) -> Self {
        Self::Usage(error.to_string())
    }
}

impl Serialize for CliError {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (class, code) = self.class();
        let mut error = serializer.serialize_struct("Error", 5)?;
        error.serialize_field("error", class)?;
        error.serialize_field("exitCode", &code)?;
        error.serialize_field("message", &self.to_string())?;
        if let Self::CommandLine(CommandLine { reason, .. }) = self {
            error.serialize_field("reason", reason)?;
        }
        if let Self::Refused(refusal) = self {
            error.serialize_field("refusal", &refusal.name)?;
            error.serialize_field("refusalCode", &refusal.code)?;
        }
        if let Self::Unconfirmed(signature) | Self::Expired(signature) = self {
            error.serialize_field("signature", &signature.to_string())?;
        }
        error.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_failure_has_its_exit_code_in_the_list() {
        let text = String::new;
        let failures = [
            CliError::Usage(text()),
            CliError::Key(text()),
            CliError::Network(text()),
            CliError::Chain(text()),
            CliError::Refused(Refusal {
                code: 0,
                name: text(),
                message: text(),
            }),
            CliError::Balance(text()),
            CliError::File(text()),
            CliError::Port(text()),
            CliError::Transaction(text()),
            CliError::Unconfirmed(Signature::default()),
            CliError::Expired(Signature::default()),
        ];
        assert_eq!(failures.len() + 1, EXIT_CODES.len());
        for (failure, (code, name, _)) in failures.iter().zip(&EXIT_CODES[1..]) {
            assert_eq!(failure.class(), (*name, *code));
        }
    }
}
