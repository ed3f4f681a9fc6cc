//! What became of a transaction.

use {
    anchor_lang::Error,
    solana_instruction::error::InstructionError,
    solana_transaction_error::TransactionError,
    specie_client::event::{Event, events},
};

/// What became of a transaction.
pub struct Outcome {
    /// Why it failed, if it did.
    pub error: Option<TransactionError>,
    /// The transaction's log.
    pub logs: Vec<String>,
    /// Compute units of the whole transaction.
    pub compute_units: u64,
    /// The program's events.
    pub events: Vec<Event>,
}

impl Outcome {
    pub(super) fn new(
        error: Option<TransactionError>,
        logs: Vec<String>,
        compute_units: u64,
    ) -> Self {
        Self {
            error,
            events: events(&logs),
            logs,
            compute_units,
        }
    }

    /// Panics with the log unless the transaction succeeded.
    pub fn expect_success(self) -> Self {
        if let Some(error) = &self.error {
            panic!("refused: {error}\n{}", self.logs.join("\n"));
        }
        self
    }

    /// The transaction's only event.
    pub fn only_event(&self) -> &Event {
        assert_eq!(self.events.len(), 1, "events\n{}", self.logs.join("\n"));
        &self.events[0]
    }

    /// Compute units of each top-level call of the program, token program included.
    pub fn program_units(&self) -> Vec<u64> {
        let prefix = format!("Program {} consumed ", specie::ID);
        self.logs
            .iter()
            .filter_map(|line| line.strip_prefix(&prefix)?.split(' ').next()?.parse().ok())
            .collect()
    }
}

/// The error of an instruction that answers with this program error.
pub fn instruction_error(error: impl Into<Error>) -> InstructionError {
    u64::from(error.into()).into()
}

/// The transaction's only event, which must be of the variant; evaluates to its fields.
#[macro_export]
macro_rules! event {
    ($outcome:expr, $variant:ident) => {
        match $outcome.only_event() {
            specie_client::event::Event::$variant(event) => *event,
            other => panic!("the event is {}", other.name()),
        }
    };
}
