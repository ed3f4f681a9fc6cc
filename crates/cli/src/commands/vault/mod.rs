//! `specie vault`

mod accept;
mod answer;
mod close;
mod deposit;
mod hand_over;
mod issue;
mod list;
mod offer;
mod open;
mod release;
mod request_withdrawal;
mod settle;
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
        /// Decline a voucher, or what is left of it: it returns to its owner as tokens (the operator)
        Release(release::Release),
        /// Answer a voucher's challenge (the operator)
        Answer(answer::Answer),
        /// Settle receipts that were kept in files (anybody)
        Settle(settle::Settle),
        /// Offer the vault to another vendor, or take the offer back
        HandOver(hand_over::HandOver),
        /// Take over a vault that is offered to you
        Accept(accept::Accept),
        /// Close a vault that owes and holds nothing
        Close(close::Close),
        /// Show a vault: what it holds and owes, its coverage and headroom
        Show(show::Show),
        /// List a currency's vaults
        List(list::List),
    }
}
