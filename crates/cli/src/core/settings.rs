//! Where the RPC is and which key signs: the command line over the Solana CLI's configuration over its defaults.

use crate::{core::error::CliError, options::Global};
use serde::Deserialize;
use solana_cli_config::{CONFIG_FILE, Config, ConfigInput, load_config_file};
use solana_commitment_config::CommitmentConfig;
use specie_client::endpoint::Endpoint;
use std::path::PathBuf;

/// What is read of the Solana CLI's configuration. What is missing is as the Solana CLI has it by default.
#[derive(Deserialize)]
#[serde(default)]
struct File {
    json_rpc_url: String,
    keypair_path: String,
    commitment: String,
}

impl Default for File {
    fn default() -> Self {
        let usual = Config::default();
        Self {
            json_rpc_url: usual.json_rpc_url,
            keypair_path: usual.keypair_path,
            commitment: usual.commitment,
        }
    }
}

/// What a command works with, wherever it was said.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Settings {
    pub(crate) url: Endpoint,
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
            None => File::default(),
            Some(path) => load_config_file(&path).map_err(|error| {
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
            url: Endpoint::new(url),
            keypair,
            commitment: global.commitment.unwrap_or(configured),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::{Arguments, Noun};
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
                url: Endpoint::new("https://api.devnet.solana.com"),
                keypair: "/keys/vendor.json".into(),
                commitment: CommitmentConfig::finalized(),
            }
        );
    }

    #[test]
    fn what_a_configuration_leaves_out_is_as_usual() {
        let file = config("json_rpc_url: https://api.devnet.solana.com\n");
        let settings = settings(&["-C", file.path().to_str().unwrap()]).unwrap();
        assert_eq!(settings.url, Endpoint::new("https://api.devnet.solana.com"));
        assert_eq!(settings.keypair, Config::default().keypair_path);
        assert_eq!(settings.commitment, CommitmentConfig::confirmed());
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
                url: Endpoint::new("http://localhost:8899"),
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
