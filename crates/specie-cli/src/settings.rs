//! Where the RPC is and which key signs: the command line over the Solana CLI's configuration over its defaults.

use crate::{arguments::Global, error::CliError};
use solana_cli_config::{CONFIG_FILE, Config, ConfigInput};
use solana_commitment_config::CommitmentConfig;
use std::path::PathBuf;

/// What a command works with, wherever it was said.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Settings {
    pub(crate) url: String,
    pub(crate) keypair: String,
    pub(crate) commitment: CommitmentConfig,
}

impl Settings {
    /// A configuration that is named must exist; the one at the usual place need not.
    pub(crate) fn read(global: &Global) -> Result<Self, CliError> {
        let usual = CONFIG_FILE
            .as_ref()
            .map(PathBuf::from)
            .filter(|path| path.exists());
        let config = match global.config.clone().or(usual) {
            None => Config::default(),
            Some(path) => Config::load(&path.to_string_lossy()).map_err(|error| {
                CliError::File(format!(
                    "the configuration {} cannot be used: {error}. Name another with --config, or write one with \
                     `solana config set`",
                    path.display()
                ))
            })?,
        };
        let on_command_line = |value: &Option<String>| value.clone().unwrap_or_default();
        let (_, url) = ConfigInput::compute_json_rpc_url_setting(
            &on_command_line(&global.url),
            &config.json_rpc_url,
        );
        let (_, keypair) = ConfigInput::compute_keypair_path_setting(
            &on_command_line(&global.keypair),
            &config.keypair_path,
        );
        let (_, configured) = ConfigInput::compute_commitment_config("", &config.commitment);
        Ok(Self {
            url,
            keypair,
            commitment: global.commitment.unwrap_or(configured),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arguments::{Arguments, Noun};
    use clap::Parser;

    fn settings(arguments: &[&str]) -> Result<Settings, CliError> {
        let line = ["specie", "wallet", "balance"].iter().chain(arguments);
        let parsed = Arguments::parse_from(line);
        assert!(matches!(parsed.noun, Noun::Wallet(_)));
        Settings::read(&parsed.global)
    }

    fn config(text: &str) -> tempfile::NamedTempFile {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        file
    }

    const DEVNET: &str = "json_rpc_url: https://api.devnet.solana.com\nwebsocket_url: ''\n\
                          keypair_path: /keys/vendor.json\ncommitment: finalized\n";

    #[test]
    fn the_solana_clis_configuration_is_read() {
        let file = config(DEVNET);
        let settings = settings(&["-C", file.path().to_str().unwrap()]).unwrap();
        assert_eq!(
            settings,
            Settings {
                url: "https://api.devnet.solana.com".into(),
                keypair: "/keys/vendor.json".into(),
                commitment: CommitmentConfig::finalized(),
            }
        );
    }

    #[test]
    fn the_command_line_comes_first() {
        let file = config(DEVNET);
        let path = file.path().to_str().unwrap();
        let settings = settings(&[
            "-C",
            path,
            "-u",
            "localhost",
            "-k",
            "me.json",
            "--commitment",
            "processed",
        ])
        .unwrap();
        assert_eq!(
            settings,
            Settings {
                url: "http://localhost:8899".into(),
                keypair: "me.json".into(),
                commitment: CommitmentConfig::processed(),
            }
        );
    }

    #[test]
    fn a_named_configuration_must_be_there_and_be_one() {
        let broken = config("just words");
        for path in ["/nowhere/config.yml", broken.path().to_str().unwrap()] {
            let error = settings(&["-C", path]).unwrap_err().to_string();
            assert!(
                error.contains(path) && error.contains("--config"),
                "{error}"
            );
        }
    }
}
