//! `specie-gateway init`: a configuration to start from, and keys.
//!
//! It asks nothing and replaces nothing: key files that are there are kept, a configuration that is there is a refusal.

use crate::config::Flags;
use crate::keys::{KeyFileError, address_of, create_key_file, read_key_file};
use solana_pubkey::Pubkey;
use std::fmt;
use std::fs::OpenOptions;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

/// The configuration that is written, before the flags are laid over it.
const EXAMPLE: &str = include_str!("../gateway.example.toml");

/// Why nothing, or not all, was written.
#[derive(Debug, thiserror::Error)]
pub enum InitError {
    /// There is a configuration.
    #[error(
        "{0} is there and stays as it is: name another with --config, or see `specie-gateway check`"
    )]
    Exists(PathBuf),
    /// The configuration cannot be written.
    #[error("cannot write {path}: {source}")]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A key file cannot be written, or the one that is there not be used.
    #[error(transparent)]
    Key(#[from] KeyFileError),
}

/// What is there now.
#[derive(Debug)]
pub struct Initialised {
    config: PathBuf,
    issuer: KeyFile,
    operator: KeyFile,
    vault_named: bool,
}

#[derive(Debug)]
struct KeyFile {
    path: PathBuf,
    address: Pubkey,
    made: bool,
}

/// Writes key files and then the configuration, so that what was cut off can be repeated.
pub fn init(flags: &Flags) -> Result<Initialised, InitError> {
    let config = flags.config.clone();
    if config.exists() {
        return Err(InitError::Exists(config));
    }
    let folder = config.parent().unwrap_or(Path::new(""));
    let issuer = key_file(folder.join("issuer.json"))?;
    let operator = key_file(folder.join("operator.json"))?;

    let unwritable = |source: std::io::Error| match source.kind() {
        ErrorKind::AlreadyExists => InitError::Exists(config.clone()),
        _ => InitError::Unwritable {
            path: config.clone(),
            source,
        },
    };
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(&config)
        .map_err(unwritable)?;
    file.write_all(text(flags).as_bytes())
        .and_then(|()| file.sync_all())
        .map_err(unwritable)?;
    Ok(Initialised {
        config,
        issuer,
        operator,
        vault_named: flags.vault.is_some(),
    })
}

fn key_file(path: PathBuf) -> Result<KeyFile, KeyFileError> {
    let made = !path.exists();
    let key = if made {
        create_key_file(&path)?
    } else {
        read_key_file(&path)?
    };
    Ok(KeyFile {
        address: address_of(&key),
        path,
        made,
    })
}

/// The example, with the settings that the flags name in their lines' places.
fn text(flags: &Flags) -> String {
    let named = [
        ("listen", &flags.listen),
        ("rpc_url", &flags.rpc_url),
        ("vault", &flags.vault),
        ("database", &flags.database),
    ];
    let mut text = String::with_capacity(EXAMPLE.len());
    let mut in_section = false;
    for line in EXAMPLE.lines() {
        in_section |= line.starts_with('[');
        let replaced = named.iter().find_map(|(name, value)| {
            let value = value.as_ref().filter(|_| !in_section)?;
            let is_its_line = line.split_once(" = ").is_some_and(|(n, _)| n == *name);
            is_its_line.then(|| format!("{name} = {}", toml::Value::from(value.as_str())))
        });
        text += replaced.as_deref().unwrap_or(line);
        text.push('\n');
    }
    text
}

/// What was written, and what to do next.
impl fmt::Display for Initialised {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let config = self.config.display();
        writeln!(f, "configuration  {config}")?;
        for (name, key) in [
            ("issuer key", &self.issuer),
            ("operator key", &self.operator),
        ] {
            let kept = if key.made { "" } else { " (was there)" };
            let path = key.path.display();
            writeln!(f, "{name:<13}  {path}: {}{kept}", key.address)?;
        }
        writeln!(f, "\nNext:")?;
        writeln!(
            f,
            "1. Keep copies of both key files; whoever has the issuer key signs vouchers in the vault's name."
        )?;
        if self.vault_named {
            writeln!(
                f,
                "2. See that the vault's issuer is {}.",
                self.issuer.address
            )?;
        } else {
            writeln!(
                f,
                "2. Open a vault whose issuer is {} (specie vault open --issuer), and write its address into {config}.",
                self.issuer.address
            )?;
        }
        writeln!(
            f,
            "3. Send some SOL to {}: it pays the fees of settlements.",
            self.operator.address
        )?;
        writeln!(
            f,
            "4. In {config}, set rpc_url and, under [[models]], your inference servers and prices."
        )?;
        write!(
            f,
            "5. specie-gateway check --config {config}, then specie-gateway run --config {config}"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::ConfigFile;

    fn flags(folder: &Path) -> Flags {
        Flags {
            config: folder.join("gateway.toml"),
            listen: None,
            rpc_url: None,
            vault: None,
            database: None,
        }
    }

    fn listing(folder: &Path) -> Vec<(String, Vec<u8>)> {
        let mut files: Vec<_> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .map(|path| {
                let bytes = std::fs::read(&path).unwrap();
                (path.display().to_string(), bytes)
            })
            .collect();
        files.sort();
        files
    }

    #[tokio::test]
    async fn what_it_writes_is_a_configuration_with_keys_that_only_their_owner_can_read() {
        let folder = tempfile::tempdir().unwrap();
        let mut flags = flags(folder.path());
        let vault = Pubkey::new_unique().to_string();
        flags.vault = Some(vault.clone());
        flags.rpc_url = Some("https://rpc.example/?key=\"x\"".to_owned());
        let made = init(&flags).unwrap();
        let config = ConfigFile::read(&flags.config).unwrap();
        assert_eq!(config.offer().unwrap().vault.to_string(), vault);
        assert_eq!(Some(config.rpc_url.clone()), flags.rpc_url);
        assert_eq!(config.listen, "127.0.0.1:8402");
        let issuer = config.issuer(crate::clock::UnixTime(0)).await.unwrap();
        let issuer = Pubkey::new_from_array(issuer.public_key());
        assert_eq!(issuer, made.issuer.address);
        assert_ne!(issuer.to_bytes(), config.operator().unwrap().public_key());
        assert!(made.to_string().contains(&issuer.to_string()));
        // The comments of the example are kept.
        let text = std::fs::read_to_string(&flags.config).unwrap();
        assert_eq!(text.matches('#').count(), EXAMPLE.matches('#').count());
    }

    #[test]
    fn a_configuration_that_is_there_rejects_and_nothing_changes() {
        let folder = tempfile::tempdir().unwrap();
        let flags = flags(folder.path());
        std::fs::write(&flags.config, "mine").unwrap();
        let before = listing(folder.path());
        assert!(matches!(init(&flags), Err(InitError::Exists(_))));
        assert_eq!(listing(folder.path()), before);
    }

    #[test]
    fn key_files_that_are_there_are_kept_and_one_that_others_can_read_rejects() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let flags = flags(folder.path());
        let path = folder.path().join("issuer.json");
        let key = create_key_file(&path).unwrap();
        let made = init(&flags).unwrap();
        assert_eq!(made.issuer.address, address_of(&key));
        assert!(made.to_string().contains("was there"));

        std::fs::remove_file(&flags.config).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
        let error = init(&flags).unwrap_err();
        assert!(error.to_string().contains("chmod 600"), "{error}");
        assert!(!flags.config.exists());
    }

    #[test]
    fn a_folder_that_is_not_there_rejects() {
        let error = init(&flags(Path::new("/nowhere"))).unwrap_err();
        assert!(error.to_string().contains("/nowhere"), "{error}");
    }
}
