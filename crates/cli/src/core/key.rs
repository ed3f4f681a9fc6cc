//! Keys, in files as `solana-keygen` writes them or from wherever else the Solana CLI takes them, and addresses on the
//! command line.

mod prompt;
mod source;

use crate::core::error::CliError;
use solana_keypair::{Keypair, read_keypair, read_keypair_file};
use solana_pubkey::Pubkey;
use solana_signer::{Signer, null_signer::NullSigner};
use source::Source;
use specie_service::private;
use std::{
    io::{ErrorKind, stdin},
    path::{Path, PathBuf},
    sync::Arc,
};

/// A key that signs transactions, wherever it is kept.
pub(crate) type AnySigner = Arc<dyn Signer>;

/// The key at a source, for whatever only asks it to sign.
pub(crate) fn signer(source: &str, option: &str) -> Result<AnySigner, CliError> {
    let key = read(source, option).map_err(|error| match Source::parse(source) {
        Ok(Source::Address(_)) => CliError::Key(format!(
            "{error}, or write the transaction for that key with --export, or give its signature with --signer \
             PUBKEY=SIGNATURE"
        )),
        _ => error,
    })?;
    Ok(Arc::new(key))
}

/// The same, or an address where the key is not at hand: its signature is left out.
pub(crate) fn signer_or_address(source: &str, option: &str) -> Result<AnySigner, CliError> {
    match Source::parse(source) {
        Ok(Source::Address(address)) => Ok(Arc::new(NullSigner::new(&address))),
        _ => signer(source, option),
    }
}

/// The same, where only the addresses of keys that have signed will do.
pub(crate) fn signer_or_address_among(
    source: &str,
    option: &str,
    signed: &[Pubkey],
) -> Result<AnySigner, CliError> {
    match Source::parse(source) {
        Ok(Source::Address(address)) if signed.contains(&address) => {
            Ok(Arc::new(NullSigner::new(&address)))
        }
        _ => signer(source, option),
    }
}

/// The key at a source as the Solana CLI writes it: a key file, `-`, `ASK`, `prompt:`. `option` is what would name another.
pub(crate) fn read(source: &str, option: &str) -> Result<Keypair, CliError> {
    let key = |reason: String| Err(CliError::Key(reason));
    match Source::parse(source) {
        Ok(Source::File(path)) => read_file(&path, option),
        Ok(Source::Stdin) => read_keypair(&mut stdin()).or_else(|error| {
            key(format!(
                "standard input holds no key ({error}): pipe in a file that `solana-keygen new` wrote, or name it with \
                 {option}"
            ))
        }),
        Ok(Source::Prompt(derivation)) => prompt::ask(option, derivation)
            .or_else(|error| key(format!("{error}. Another key is named with {option}"))),
        Ok(Source::HardwareWallet) => key(format!(
            "{source} names a hardware wallet, and only keys in files, on standard input (-) or from a seed phrase \
             (prompt:) can sign: name one with {option}"
        )),
        Ok(Source::Address(_)) => key(format!(
            "{source} is an address, and only a key can sign: name its key file with {option}"
        )),
        Err(reason) => key(format!(
            "{source} names no key ({reason}): name a key file with {option}"
        )),
    }
}

fn read_file(path: &Path, option: &str) -> Result<Keypair, CliError> {
    let shown = path.display();
    if !path.exists() {
        return Err(CliError::Key(format!(
            "there is no key file {shown}: create it with `solana-keygen new -o {shown}`, or name another with {option}"
        )));
    }
    read_keypair_file(path).map_err(|error| {
        CliError::Key(format!(
            "{shown} holds no key ({error}): name a file that `solana-keygen new` wrote with {option}"
        ))
    })
}

/// An address, or the address of the key in a file.
pub(crate) fn parse_address(text: &str) -> Result<Pubkey, String> {
    match Source::parse(text) {
        Ok(Source::Address(address)) => Ok(address),
        Ok(Source::File(path)) if path.exists() => read_keypair_file(path)
            .map(|keypair| keypair.pubkey())
            .map_err(|error| format!("the file holds no key: {error}")),
        _ => Err("neither an address nor a key file".into()),
    }
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

    /// The key, as one of a transaction's signers.
    pub(crate) fn signer(&self) -> AnySigner {
        Arc::new(self.keypair.insecure_clone())
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
        private::create_folder(folder).map_err(failed)?;
    }
    let bytes: Vec<u8> = keypair.to_bytes().into();
    let text = serde_json::to_string(&bytes).expect("bytes are JSON");
    private::write_new(path, text.as_bytes()).map_err(failed)
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
        assert!(message("usb://ledger").contains("a hardware wallet"));
        let address = Pubkey::new_unique().to_string();
        assert!(message(&address).contains("is an address, and only a key can sign"));
        assert!(message("ftp://key").contains("names no key"));
    }
}
