//! Key files, as `solana-keygen` writes them, and addresses on the command line.

use crate::error::CliError;
use solana_keypair::{Keypair, read_keypair_file};
use solana_pubkey::Pubkey;
use solana_signer::Signer;
use std::{
    fs::{DirBuilder, OpenOptions},
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
};

/// The key in a file; `option` is what would name another file.
pub(crate) fn read(path: &str, option: &str) -> Result<Keypair, CliError> {
    if let Some((kind, _)) = path.split_once(':').filter(|_| !Path::new(path).exists()) {
        return Err(CliError::Key(format!(
            "{path} names a signer of kind {kind:?}, but only key files can sign here: name one with {option}"
        )));
    }
    if !Path::new(path).exists() {
        return Err(CliError::Key(format!(
            "there is no key file {path}: create it with `solana-keygen new -o {path}`, or name another with {option}"
        )));
    }
    read_keypair_file(path).map_err(|error| {
        CliError::Key(format!(
            "{path} holds no key ({error}): name a file that `solana-keygen new` wrote with {option}"
        ))
    })
}

/// An address, or the address of the key in a file.
pub(crate) fn parse_address(text: &str) -> Result<Pubkey, String> {
    if let Ok(address) = text.parse() {
        return Ok(address);
    }
    if !Path::new(text).exists() {
        return Err("neither an address nor a key file".into());
    }
    read_keypair_file(text)
        .map(|keypair| keypair.pubkey())
        .map_err(|error| format!("the file holds no key: {error}"))
}

/// The key that signs a voucher's receipts: in a file already, or made anew and not yet written.
pub(crate) struct SessionKey {
    pub(crate) keypair: Keypair,
    pub(crate) path: PathBuf,
    new: bool,
}

impl SessionKey {
    /// The key in `path`, or a new one for it. Without a path, a new one for its own file in
    /// `~/.config/specie/sessions`.
    pub(crate) fn find_or_create(path: Option<PathBuf>) -> Result<Self, CliError> {
        if let Some(path) = path.clone().filter(|path| path.exists()) {
            let keypair = read(&path.to_string_lossy(), "--session")?;
            return Ok(Self {
                keypair,
                path,
                new: false,
            });
        }
        let keypair = Keypair::new();
        let path = match path {
            Some(path) => path,
            None => session_file(&keypair.pubkey())?,
        };
        Ok(Self {
            keypair,
            path,
            new: true,
        })
    }

    /// Writes a new key to its file, which only its owner can read. A key that was read stays as it is.
    pub(crate) fn save(&self) -> Result<(), CliError> {
        if self.new {
            write_new(&self.keypair, &self.path)?;
        }
        Ok(())
    }
}

fn sessions() -> Result<PathBuf, CliError> {
    let home = std::env::home_dir().ok_or_else(|| {
        CliError::File(
            "there is no home folder for the session key: name a file with --session".into(),
        )
    })?;
    Ok(home.join(".config/specie/sessions"))
}

/// Where a session key is that was made without naming a file.
pub(crate) fn session_file(session: &Pubkey) -> Result<PathBuf, CliError> {
    Ok(sessions()?.join(format!("{session}.json")))
}

/// Writes a key to a file that does not exist yet, with mode 0600.
pub(crate) fn write_new(keypair: &Keypair, path: &Path) -> Result<(), CliError> {
    let failed = |error: std::io::Error| match error.kind() {
        ErrorKind::AlreadyExists => CliError::File(format!(
            "{} exists already and was left as it is: name a file that does not exist",
            path.display()
        )),
        _ => CliError::File(format!("{} cannot be written: {error}", path.display())),
    };
    if let Some(folder) = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
    {
        private_folder(folder).map_err(failed)?;
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).map_err(failed)?;
    let bytes: Vec<u8> = keypair.to_bytes().into();
    let text = serde_json::to_string(&bytes).expect("bytes are JSON");
    file.write_all(text.as_bytes())
        .and_then(|()| file.sync_all())
        .map_err(failed)
}

fn private_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_key_is_private_and_never_overwrites() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sessions/one.json");
        let session = SessionKey::find_or_create(Some(path.clone())).unwrap();
        assert!(!path.exists());
        session.save().unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
            assert_eq!(mode(&path), 0o600);
            assert_eq!(mode(path.parent().unwrap()), 0o700);
        }
        let again = SessionKey::find_or_create(Some(path.clone())).unwrap();
        assert_eq!(again.keypair.pubkey(), session.keypair.pubkey());
        again.save().unwrap();
        assert!(matches!(
            write_new(&Keypair::new(), &path),
            Err(CliError::File(_))
        ));
    }

    #[test]
    fn an_address_may_be_a_key_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key.json");
        let key = Keypair::new();
        write_new(&key, &path).unwrap();
        assert_eq!(parse_address(path.to_str().unwrap()), Ok(key.pubkey()));
        assert_eq!(parse_address(&key.pubkey().to_string()), Ok(key.pubkey()));
        assert!(parse_address("nothing").is_err());
    }

    #[test]
    fn a_wrong_key_file_says_what_to_do() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("words.json");
        std::fs::write(&path, "words").unwrap();
        let message = |path: &str| read(path, "--keypair").unwrap_err().to_string();
        assert!(message("/nowhere/id.json").contains("solana-keygen new -o /nowhere/id.json"));
        assert!(message(path.to_str().unwrap()).contains("holds no key"));
        assert!(message("usb://ledger").contains("only key files"));
    }
}
