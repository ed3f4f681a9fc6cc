//! `specie transaction`

mod status;

verbs! {
    /// Transactions that were sent.
    TransactionCommand {
        /// Whether a transaction is confirmed, failed, or was never seen
        Status(status::Status),
    }
}
