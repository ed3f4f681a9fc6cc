//! Carrying receipts to the chain.
//!
//! [`mod@due`] decides what is worth a transaction; [`mod@round`] finds out what became of the transactions on their way, and
//! sends new ones. A round may be interrupted anywhere and the next one, after a restart too, goes on from what the
//! ledger and the chain say: a transaction is recorded before it is sent, sending one twice is sending it once, and the
//! chain's watermark only rises.

mod due;
mod round;

pub use due::{Policy, Why, Windows, due};
pub use round::{Report, round};
