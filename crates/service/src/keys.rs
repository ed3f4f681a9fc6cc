//! Keys from files that nobody else on the machine can read.

use crate::private;
use solana_pubkey::Pubkey;
use specie_wire::SigningKey;
use std::path::{Path, PathBuf};

/// Why a key file was not used.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// The file is missing or cannot be read.
    #[error("cannot read the key file {path}: {source}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The system's error.
        source: std::io::Error,
    },
    /// The file cannot be written, or exists already.
    #[error("cannot write the key file {path}: {source}")]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// The system's error.
        source: std::io::Error,
    },
    /// Somebody besides its owner can read it.
    #[error("the key file {path} is open to others (mode {mode:o}): run `chmod 600 {path}`")]
    OpenToOthers {
        /// The file.
        path: PathBuf,
        /// The file's permission bits.
        mode: u32,
    },
    /// The file holds something else.
    #[error("{path} is no key file: it must hold 64 numbers, as `solana-keygen new` writes them")]
    NotAKey {
        /// The file.
        path: PathBuf,
    },
}

/// Reads a key file as `solana-keygen` writes it: a JSON array of 64 bytes, the secret key and then the public one.
pub fn read_key_file(path: &Path) -> Result<SigningKey, KeyFileError> {
    let text = read_private_text(path)?;
    let not_a_key = || KeyFileError::NotAKey {
        path: path.to_owned(),
    };
    let bytes: Vec<u8> = serde_json::from_str(&text).map_err(|_| not_a_key())?;
    let bytes: [u8; 64] = bytes.try_into().map_err(|_| not_a_key())?;
    SigningKey::from_keypair_bytes(&bytes).map_err(|_| not_a_key())
}

/// Makes a key from the system's randomness and writes it as `solana-keygen` does, to a new file that only its owner can
/// read.
pub fn create_key_file(path: &Path) -> Result<SigningKey, KeyFileError> {
    let key = SigningKey::from_bytes(&rand::random());
    let text = serde_json::to_string(key.to_keypair_bytes().as_slice()).unwrap_or_default();
    private::write_new(path, text.as_bytes()).map_err(|source| KeyFileError::Unwritable {
        path: path.to_owned(),
        source,
    })?;
    Ok(key)
}

/// A key's address.
pub fn address_of(key: &SigningKey) -> Pubkey {
    Pubkey::new_from_array(key.verifying_key().to_bytes())
}

/// Names the folder of credentials that the service manager passes to this process alone (systemd's `LoadCredential`).
const CREDENTIALS: &str = "CREDENTIALS_DIRECTORY";

/// Reads a file that only its owner can read.
///
/// Permissions are read from the opened file, not from the path, so that the file cannot be swapped in between.
pub fn read_private_text(path: &Path) -> Result<String, KeyFileError> {
    let unreadable = |source| KeyFileError::Unreadable {
        path: path.to_owned(),
        source,
    };
    let mut file = std::fs::File::open(path).map_err(unreadable)?;
    refuse_if_open_to_others(path, &file.metadata().map_err(unreadable)?)?;
    let mut text = String::new();
    std::io::Read::read_to_string(&mut file, &mut text).map_err(unreadable)?;
    Ok(text)
}

fn refuse_if_open_to_others(path: &Path, metadata: &std::fs::Metadata) -> Result<(), KeyFileError> {
    let Some(mode) = private::open_to_others(metadata) else {
        return Ok(());
    };
    let folder = std::env::var_os(CREDENTIALS).map(PathBuf::from);
    if is_open_to_others(path, mode, folder.as_deref()) {
        return Err(KeyFileError::OpenToOthers {
            path: path.to_owned(),
            mode,
        });
    }
    Ok(())
}

/// In the folder of credentials, which only this process can enter, a file may seem to be its group's: that is how the
/// access list which lets this process read it shows in the mode.
fn is_open_to_others(path: &Path, mode: u32, credentials: Option<&Path>) -> bool {
    let is_credential = credentials.is_some() && path.parent() == credentials;
    mode & if is_credential { 0o037 } else { 0o077 } != 0
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    fn write(mode: u32, text: &str) -> tempfile::NamedTempFile {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        std::fs::set_permissions(file.path(), std::fs::Permissions::from_mode(mode)).unwrap();
        file
    }

    fn key_text() -> String {
        let key = SigningKey::from_bytes(&[7; 32]);
        serde_json::to_string(&key.to_keypair_bytes().to_vec()).unwrap()
    }

    #[test]
    fn an_owners_file_is_read() {
        let key = read_key_file(write(0o600, &key_text()).path()).unwrap();
        assert_eq!(key.to_bytes(), [7; 32]);
    }

    #[test]
    fn a_made_key_can_be_read_and_replaces_no_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("issuer.json");
        let made = create_key_file(&path).unwrap();
        assert_eq!(read_key_file(&path).unwrap().to_bytes(), made.to_bytes());
        let error = create_key_file(&path).unwrap_err();
        assert!(matches!(error, KeyFileError::Unwritable { .. }), "{error}");
        assert_eq!(read_key_file(&path).unwrap().to_bytes(), made.to_bytes());
    }

    #[test]
    fn a_world_readable_file_rejects() {
        for mode in [0o604, 0o640, 0o644, 0o602, 0o660] {
            let error = read_key_file(write(mode, &key_text()).path()).unwrap_err();
            assert!(
                matches!(error, KeyFileError::OpenToOthers { mode: seen, .. } if seen == mode),
                "{error}"
            );
        }
    }

    #[test]
    fn a_credential_may_be_its_groups_to_read_in_the_folder_of_credentials_alone() {
        let folder = Path::new("/run/credentials/specie-gateway.service");
        let (inside, outside) = (folder.join("issuer.json"), Path::new("/etc/issuer.json"));
        assert!(!is_open_to_others(&inside, 0o440, Some(folder)));
        assert!(is_open_to_others(outside, 0o440, Some(folder)));
        assert!(is_open_to_others(&inside, 0o440, None));
        for mode in [0o444, 0o460, 0o450, 0o441] {
            assert!(is_open_to_others(&inside, mode, Some(folder)), "{mode:o}");
        }
    }

    #[test]
    fn what_is_no_key_rejects() {
        let mut halves_apart = SigningKey::from_bytes(&[7; 32]).to_keypair_bytes();
        halves_apart[40] ^= 1;
        for text in [
            "",
            "[1,2,3]",
            "{}",
            &serde_json::to_string(&halves_apart.to_vec()).unwrap(),
        ] {
            let error = read_key_file(write(0o600, text).path()).unwrap_err();
            assert!(matches!(error, KeyFileError::NotAKey { .. }), "{error}");
        }
        let error = read_key_file(Path::new("/nowhere/issuer.json")).unwrap_err();
        assert!(matches!(error, KeyFileError::Unreadable { .. }), "{error}");
    }
}
