//! `specie currency`

mod change;
mod create;
mod create_mint;
mod distribute;
mod params;
mod pause;
mod reinstate;
mod resume;
mod show;
mod suspend;

verbs! {
    /// What can be done with a currency.
    CurrencyCommand {
        /// Create a mint that a currency can be founded on: 6 decimals, no freeze authority
        CreateMint(create_mint::CreateMint),
        /// Found a currency on a mint, which it takes over for good
        Create(create::Create),
        /// Show a currency: supply, backing, price, quorum, rules
        Show(show::Show),
        /// Stop issuing and withdrawing for a while (the guardian)
        Pause(pause::Pause),
        /// End a pause (the authority)
        Resume(resume::Resume),
        /// Schedule, execute, cancel and list changes of rules, keys and limits
        #[command(subcommand)]
        Change(change::ChangeCommand),
        /// Stop a vault from issuing and withdrawing (the authority or the guardian)
        Suspend(suspend::Suspend),
        /// Let a suspended vault issue and withdraw again (the authority)
        Reinstate(reinstate::Reinstate),
        /// Split the fees that came in among stakers, insurance and treasury (anybody)
        Distribute(distribute::Distribute),
    }
}
