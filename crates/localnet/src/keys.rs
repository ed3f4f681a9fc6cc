//! The keys of every local network, derived from phrases that anybody can read here.
//!
//! They make addresses the same on each run, so that scripts, explorers and the program's
//! `declare_id!` can name them. For that very reason they protect nothing: never send anything of
//! value to one of these addresses, and never deploy to a public network under them, where
//! whoever reads this file first owns the address.

use {
    sha2::{Digest, Sha256},
    solana_keypair::Keypair,
};

/// What the program's local address is derived from.
pub const PROGRAM_PHRASE: &str = "specie local network program";
/// What the faucet is derived from: the first payer, and the test stablecoin's mint authority.
pub const FAUCET_PHRASE: &str = "specie local network faucet";
/// What the test stablecoin's mint address is derived from.
pub const STABLECOIN_PHRASE: &str = "specie local network stablecoin";

/// The program's keypair on local networks; its public key is the program's `declare_id!`.
pub fn program_keypair() -> Keypair {
    from_phrase(PROGRAM_PHRASE)
}

/// The key that holds the local network's lamports and mints its stablecoin.
pub fn faucet_keypair() -> Keypair {
    from_phrase(FAUCET_PHRASE)
}

/// The keypair of the test stablecoin's mint account.
pub fn stablecoin_keypair() -> Keypair {
    from_phrase(STABLECOIN_PHRASE)
}

/// An Ed25519 key whose seed is the SHA-256 of a phrase.
fn from_phrase(phrase: &str) -> Keypair {
    Keypair::new_from_array(Sha256::digest(phrase).into())
}

#[cfg(test)]
mod tests {
    use {super::*, solana_signer::Signer};

    #[test]
    fn addresses_are_the_published_ones() {
        let addresses = [program_keypair(), faucet_keypair(), stablecoin_keypair()]
            .map(|keypair| keypair.pubkey().to_string());
        assert_eq!(
            addresses,
            [
                "5NayjWrtiBgyT4GcsKekbvTuA7YeXaEVXq36nm7MvfcD",
                "4oRpy5RmV2gzgwkZHiSxmd4TpgTU64a2heuwwTtyqcYV",
                "FHwSmRB5LonTxgd1jFFrwaJTnRryxXai2L27ebbFVZHa",
            ]
        );
    }
}
