//! `specie attestor`

mod capacity;
mod cosign;
mod price;
mod sign;
mod statement;
mod submit;
mod veto;

verbs! {
    /// What attestors do. Their keys sign messages, not transactions: anybody may bring the messages to the chain.
    AttestorCommand {
        /// Sign a price with keys at hand, and submit it
        Price(price::Price),
        /// Sign a vault's capacity with keys at hand, and submit it
        Capacity(capacity::Capacity),
        /// Sign a price or a capacity into a file
        #[command(subcommand)]
        Sign(sign::Sign),
        /// Sign what another attestor signed, without any network
        Cosign(cosign::Cosign),
        /// Submit what enough attestors signed into files
        Submit(submit::Submit),
        /// Remove a vault's pending attestation (any one attestor)
        Veto(veto::Veto),
    }
}
