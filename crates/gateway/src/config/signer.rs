//! A signer elsewhere, instead of a key file.

use super::file::{ConfigError, setting};
use crate::keys::read_private_text;
use crate::signer::{RemoteSigner, RemoteSignerConfig, Token};
use serde::Deserialize;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A signer elsewhere, instead of a key file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignerSection {
    /// Where it listens: https://, or http:// on this host.
    pub url: String,
    /// The public key, base58.
    pub public_key: String,
    /// A file with the bearer token that it expects, readable by its owner only.
    pub token_file: PathBuf,
    /// Certificates of the signer's own authority, PEM, to trust instead of the web's.
    pub ca_file: Option<PathBuf>,
    /// Seconds that it may take.
    #[serde(default = "default_timeout")]
    pub timeout_seconds: u64,
}

fn default_timeout() -> u64 {
    5
}

impl SignerSection {
    /// The signer; `section` is its name in the file, to which `folder` its paths are relative.
    pub(super) fn signer(&self, section: &str, folder: &Path) -> Result<RemoteSigner, ConfigError> {
        if !(1..=60).contains(&self.timeout_seconds) {
            return Err(setting(
                format!("{section}.timeout_seconds"),
                "must be 1 to 60",
            ));
        }
        let public_key = self
            .public_key
            .parse()
            .map_err(|_| setting(format!("{section}.public_key"), "is not a key in base58"))?;
        let token = read_private_text(&folder.join(&self.token_file))?;
        let authority = match &self.ca_file {
            None => None,
            Some(path) => {
                let path = folder.join(path);
                let read = std::fs::read(&path);
                Some(read.map_err(|source| ConfigError::Unreadable { path, source })?)
            }
        };
        RemoteSigner::new(RemoteSignerConfig {
            url: self.url.clone(),
            public_key,
            token: Token(token.trim().to_owned()),
            authority,
            timeout: Duration::from_secs(self.timeout_seconds),
        })
        .map_err(|error| setting(section, error.to_string()))
    }
}
