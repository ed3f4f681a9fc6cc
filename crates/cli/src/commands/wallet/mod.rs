//! `specie wallet`

mod balance;
mod buy;
mod challenge;
mod claim;
mod close;
mod compensate;
mod fetch_voucher;
mod quote;
mod reclaim;
mod redeem;
mod send;
mod session;
mod stake;
mod unstake;
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
        /// Send tokens to another owner
        Send(send::Send),
        /// Call on a vendor that does not serve a voucher to answer in public
        Challenge(challenge::Challenge),
        /// Have a voucher paid out whose challenge went unanswered
        Compensate(compensate::Compensate),
        /// Stake tokens for a part of the currency's revenue
        Stake(stake::Stake),
        /// Take staked tokens back
        Unstake(unstake::Unstake),
        /// Be paid what staked tokens earned
        Claim(claim::Claim),
        /// Create a session key file, which only you can read
        Session(session::Session),
    }
}
