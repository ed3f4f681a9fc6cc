//! Answering challenges by itself.
//!
//! A voucher's owner may challenge the vendor on chain, and what is not answered in time is paid for in cash
//! (`docs/adr/0010`). Each [`round()`] finds every challenge of the vault, whether or not this gateway has ever seen the
//! voucher, and publishes the issuer's signature by transactions of the operator's, the next deadline first. It goes by the
//! chain's clock alone and by what is in the ledger, so it can be interrupted anywhere, and several processes may share the work:
//! an attempt belongs to whoever records it first.
//!
//! What is answered is what the chain says is owed, whether this gateway would serve it or not: `docs/adr/0023`.

mod attempt;
mod round;
mod watcher;

pub use round::{Report, Watch, round};
pub use watcher::Watcher;

/// When challenges are answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// The share of the answer window that passes first, in percent; 0 answers at once.
    pub after_percent: i64,
    /// Answers on their way at a time.
    pub in_flight: usize,
    /// Seconds after which an answer that nobody has seen is sent again, bidding twice as much.
    pub rebid_after: i64,
}
