//! `specie vault`

mod deposit;
mod issue;
mod list;
mod offer;
mod open;
mod request_withdrawal;
mod show;
mod update;
mod withdraw;

verbs! {
    /// What can be done with a vault.
    VaultCommand {
        /// Open a vendor's vault, with the authority's signature
        Open(open::Open),
        /// Change a vault's keys, payout account or classes
        Update(update::Update),
        /// Offer tokens for sale, or withdraw the offer
        Offer(offer::Offer),
        /// Deposit collateral
        Deposit(deposit::Deposit),
        /// Request collateral back; 0 takes a request back
        RequestWithdrawal(request_withdrawal::RequestWithdrawal),
        /// Be paid the collateral that was requested
        Withdraw(withdraw::Withdraw),
        /// Issue tokens against the vault
        Issue(issue::Issue),
        /// Show a vault: what it holds and owes, its coverage and headroom
        Show(show::Show),
        /// List a currency's vaults
        List(list::List),
    }
}
