//! Where a key comes from, written as the Solana CLI takes it.

use solana_derivation_path::DerivationPath;
use solana_pubkey::Pubkey;
use std::path::{Path, PathBuf};
use uriparse::URIReference;

/// Standard input, as `solana-keygen` writes it.
const STDIN: &str = "-";
/// A prompt for the seed phrase of a key that is derived as before derivation paths were.
const ASK: &str = "ASK";

/// Where a key comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// A key file: `id.json`, `~/id.json`, `file:///keys/id.json`.
    File(PathBuf),
    /// The text of a key file on standard input: `-`, `stdin:`.
    Stdin,
    /// A seed phrase that is typed in: `ASK`, `prompt:`, `prompt:?key=0/1`.
    Prompt(Derivation),
    /// A hardware wallet: `usb://ledger`.
    HardwareWallet,
    /// An address, which has no secret.
    Address(Pubkey),
}

/// How a key follows from its seed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Derivation {
    /// The seed's first half, as `ASK` has it.
    Seed,
    /// By a path; without one by that of Solana's first account.
    Path(Option<DerivationPath>),
}

impl Source {
    /// Reads it as the Solana CLI does. A file of that very name comes first.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        if Path::new(text).exists() {
            return Ok(Self::File(text.into()));
        }
        match text {
            STDIN => return Ok(Self::Stdin),
            ASK => return Ok(Self::Prompt(Derivation::Seed)),
            _ => {}
        }
        if let Ok(address) = text.parse() {
            return Ok(Self::Address(address));
        }
        if let Some(path) = text.strip_prefix("~/")
            && let Some(home) = std::env::home_dir()
        {
            return Ok(Self::File(home.join(path)));
        }
        // A path that is no URI, with a space in it for example.
        let Ok(uri) = URIReference::try_from(text) else {
            return Ok(Self::File(text.into()));
        };
        let Some(scheme) = uri.scheme() else {
            return Ok(Self::File(text.into()));
        };
        match scheme.as_str().to_ascii_lowercase().as_str() {
            "file" => Ok(Self::File(uri.path().to_string().into())),
            "stdin" => Ok(Self::Stdin),
            "prompt" => DerivationPath::from_uri_any_query(&uri)
                .map(|path| Self::Prompt(Derivation::Path(path)))
                .map_err(|error| format!("its derivation path cannot be read: {error}")),
            "usb" => Ok(Self::HardwareWallet),
            other => Err(format!("{other}: is no kind of key")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_are_read_as_the_solana_cli_reads_them() {
        let file = |path: &str| Ok(Source::File(path.into()));
        let prompt = |path| Ok(Source::Prompt(Derivation::Path(path)));
        let home = std::env::home_dir().unwrap();
        for (text, source) in [
            ("id.json", file("id.json")),
            ("/keys/id.json", file("/keys/id.json")),
            ("with a space.json", file("with a space.json")),
            ("file:///keys/id.json", file("/keys/id.json")),
            ("file:id.json", file("id.json")),
            ("~/id.json", Ok(Source::File(home.join("id.json")))),
            ("-", Ok(Source::Stdin)),
            ("stdin:", Ok(Source::Stdin)),
            ("ASK", Ok(Source::Prompt(Derivation::Seed))),
            ("prompt:", prompt(None)),
            ("prompt://", prompt(None)),
            (
                "prompt://?key=0/1",
                prompt(Some(DerivationPath::new_bip44(Some(0), Some(1)))),
            ),
            ("usb://ledger?key=0", Ok(Source::HardwareWallet)),
            (
                "11111111111111111111111111111111",
                Ok(Source::Address(Pubkey::default())),
            ),
        ] {
            assert_eq!(Source::parse(text), source, "{text}");
        }
        assert!(Source::parse("prompt://?key=x").is_err());
        assert!(Source::parse("ftp://keys/id.json").is_err());
    }
}
