//! `specie transaction`

mod send;
mod show;
mod sign;
mod status;

verbs! {
    /// Transactions that other keys sign, or that were sent.
    TransactionCommand {
        /// Show what a transaction in a file does, and who signed it
        Show(show::Show),
        /// Sign a transaction in a file, without any network
        Sign(sign::Sign),
        /// Send a transaction that all of its keys have signed
        Send(send::Send),
        /// Whether a transaction is confirmed, failed, or was never seen
        Status(status::Status),
    }
}
