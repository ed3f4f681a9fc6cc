//! A key from a seed phrase that is typed in, in the Solana CLI's order of questions.

use super::source::Derivation;
use bip39::Mnemonic;
use rpassword::prompt_password;
use solana_keypair::{
    Keypair, keypair_from_seed, seed_derivable::keypair_from_seed_and_derivation_path,
};
use std::io;

/// Asks for a seed phrase and its passphrase, neither of which is shown. `option` is what the key is for.
pub(super) fn ask(option: &str, derivation: Derivation) -> Result<Keypair, String> {
    let name = option.trim_start_matches('-');
    let failed =
        |error: io::Error| format!("a seed phrase can only be typed in on a terminal ({error})");
    let phrase = prompt_password(format!("[{name}] seed phrase: ")).map_err(failed)?;
    let passphrase = prompt_password(format!(
        "[{name}] If this seed phrase has an associated passphrase, enter it now. Otherwise, press ENTER to continue: "
    ))
    .map_err(failed)?;
    keypair(&phrase, &passphrase, derivation)
}

fn keypair(phrase: &str, passphrase: &str, derivation: Derivation) -> Result<Keypair, String> {
    // A word that is misspelt would make another key, with nothing in it: the checksum finds most.
    let phrase: Vec<&str> = phrase.split_whitespace().collect();
    let mnemonic = Mnemonic::parse(phrase.join(" "))
        .map_err(|error| format!("this is no seed phrase: {error}"))?;
    let seed = mnemonic.to_seed(passphrase);
    match derivation {
        Derivation::Seed => keypair_from_seed(&seed),
        Derivation::Path(path) => keypair_from_seed_and_derivation_path(&seed, path),
    }
    .map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use solana_derivation_path::DerivationPath;
    use solana_signer::Signer;

    const PHRASE: &str = "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";

    fn address(phrase: &str, derivation: Derivation) -> Result<String, String> {
        keypair(phrase, "", derivation).map(|key| key.pubkey().to_string())
    }

    /// What `solana address -k` says of the phrase that every wallet's tests use.
    #[test]
    fn a_phrase_makes_the_keys_that_the_solana_cli_makes() {
        for (derivation, expected) in [
            (
                Derivation::Path(Some(DerivationPath::new_bip44(Some(0), Some(0)))),
                "HAgk14JpMQLgt6rVgv7cBQFJWFto5Dqxi472uT3DKpqk",
            ),
            (
                Derivation::Seed,
                "EHqmfkN89RJ7Y33CXM6uCzhVeuywHoJXZZLszBHHZy7o",
            ),
        ] {
            assert_eq!(address(PHRASE, derivation).as_deref(), Ok(expected));
        }
        let spaced = format!("  {}\n", PHRASE.replace(' ', "  "));
        let default = || Derivation::Path(None);
        assert_eq!(address(&spaced, default()), address(PHRASE, default()));
    }

    #[test]
    fn a_misspelt_phrase_rejects() {
        let error = address(&PHRASE.replace("about", "abandon"), Derivation::Seed);
        assert!(error.unwrap_err().contains("no seed phrase"));
    }
}
