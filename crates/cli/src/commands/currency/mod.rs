//! `specie currency`

mod create;
mod create_mint;
mod params;
mod pause;
mod resume;
mod show;

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
    }
}
