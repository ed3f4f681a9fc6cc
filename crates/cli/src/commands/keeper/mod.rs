//! `specie keeper`

mod buy_back;
mod call_margin;
mod default;

verbs! {
    /// What anybody may do so that vaults stay sound.
    KeeperCommand {
        /// Call the margin of a vault whose capacity has fallen short of what it owes, or clear the call of one that is covered
        CallMargin(call_margin::CallMargin),
        /// Have a vault default, or assess its default anew
        Default(default::Default),
        /// Sell tokens to a defaulted vault at a premium
        BuyBack(buy_back::BuyBack),
    }
}
