//! `specie wallet`

mod balance;
mod buy;
mod close;
mod fetch_voucher;
mod quote;
mod reclaim;
mod redeem;
mod session;
mod vouchers;

verbs! {
    /// What a holder does.
    WalletCommand {
        /// Show what an owner holds: SOL, tokens, collateral tokens
        Balance(balance::Balance),
        /// Show what tokens would cost, at one vault or at all of a currency's
        Quote(quote::Quote),
        /// Buy tokens at a vault's offer
        Buy(buy::Buy),
        /// Burn tokens for a voucher: a claim on a vault's compute
        Redeem(redeem::Redeem),
        /// List an owner's vouchers
        Vouchers(vouchers::Vouchers),
        /// Fetch the voucher that the vendor signed from its gateway, and check it
        FetchVoucher(fetch_voucher::FetchVoucher),
        /// Start a voucher's dispute window, after which the rest can be reclaimed
        Close(close::Close),
        /// Take back what was not consumed of a voucher, as tokens
        Reclaim(reclaim::Reclaim),
        /// Create a session key file, which only you can read
        Session(session::Session),
    }
}
