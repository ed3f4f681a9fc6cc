//! The file that a ledger is kept in: whose it is, who can read it, and that one process has it.

use super::OpenError;
use std::collections::HashSet;
use std::fs::{File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// A file, whatever it is called: its device and its number there.
type FileId = (u64, u64);

/// The ledgers that this process has. Closing a second handle on one of them would drop SQLite's own locks on it, so a file is looked
/// for here before it is opened.
static HELD: Mutex<Option<HashSet<FileId>>> = Mutex::new(None);

fn held<R>(act: impl FnOnce(&mut HashSet<FileId>) -> R) -> R {
    let mut held = HELD.lock().unwrap_or_else(PoisonError::into_inner);
    act(held.get_or_insert_default())
}

/// Keeps every other process, and everybody else in this one, out of a ledger's file for as long as it lives. The lock is the file's
/// and not its name's: no link leads around it.
#[derive(Debug)]
pub(super) struct Lock {
    file: File,
    id: FileId,
}

impl Drop for Lock {
    fn drop(&mut self) {
        held(|held| held.remove(&self.id));
    }
}

/// Takes a ledger's file, which is made if it is missing. Nobody but its owner can read it afterwards.
pub(super) fn take(path: &Path) -> Result<Lock, OpenError> {
    let failed = |source| OpenError::Lock {
        path: path.to_owned(),
        source,
    };
    if let Ok(metadata) = path.metadata() {
        require_one_name(path, &metadata)?;
        if held(|held| held.contains(&id(&metadata))) {
            return Err(OpenError::InUse(path.to_owned()));
        }
    }
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path).map_err(failed)?;
    let metadata = file.metadata().map_err(failed)?;
    require_one_name(path, &metadata)?;
    let id = id(&metadata);
    if !held(|held| held.insert(id)) {
        return Err(OpenError::InUse(path.to_owned()));
    }
    let lock = Lock { file, id };
    match lock.file.try_lock() {
        Ok(()) => {}
        Err(std::fs::TryLockError::WouldBlock) => return Err(OpenError::InUse(path.to_owned())),
        Err(std::fs::TryLockError::Error(source)) => return Err(failed(source)),
    }
    let real = path.canonicalize().map_err(failed)?;
    for file in with_its_log(&real) {
        close_to_others(&file).map_err(failed)?;
    }
    Ok(lock)
}

/// The file, its write-ahead log and that log's index.
fn with_its_log(path: &Path) -> [PathBuf; 3] {
    ["", "-wal", "-shm"].map(|ending| {
        let mut name = path.as_os_str().to_owned();
        name.push(ending);
        PathBuf::from(name)
    })
}

/// Takes a file from everybody but its owner, and says so. One that is not there has nothing to take.
#[cfg(unix)]
fn close_to_others(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    let metadata = match path.metadata() {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    let mode = metadata.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode & 0o700))?;
        tracing::warn!(
            path = %path.display(),
            mode = format!("{mode:o}"),
            "the ledger file was readable by others; its permissions are now owner-only, because it holds answers in plain text"
        );
    }
    Ok(())
}

#[cfg(not(unix))]
fn close_to_others(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
fn id(metadata: &std::fs::Metadata) -> FileId {
    use std::os::unix::fs::MetadataExt as _;
    (metadata.dev(), metadata.ino())
}

/// A second name has a write-ahead log of its own, so two processes would write to one file past one another.
#[cfg(unix)]
fn require_one_name(path: &Path, metadata: &std::fs::Metadata) -> Result<(), OpenError> {
    use std::os::unix::fs::MetadataExt as _;
    if !metadata.is_file() {
        return Err(OpenError::NotAFile(path.to_owned()));
    }
    match metadata.nlink() {
        0 | 1 => Ok(()),
        names => Err(OpenError::SeveralNames {
            path: path.to_owned(),
            names,
        }),
    }
}

#[cfg(not(unix))]
fn id(_: &std::fs::Metadata) -> FileId {
    (0, 0)
}

#[cfg(not(unix))]
fn require_one_name(_: &Path, _: &std::fs::Metadata) -> Result<(), OpenError> {
    Ok(())
}

/// A database's URL with its relative file, if it names one, in `folder`.
pub fn in_folder(url: &str, folder: &Path) -> Result<String, io::Error> {
    let Some(rest) = url.strip_prefix("sqlite:") else {
        return Ok(url.to_owned());
    };
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    let (file, parameters) = match rest.split_once('?') {
        Some((file, parameters)) => (file, format!("?{parameters}")),
        None => (rest, String::new()),
    };
    if file.is_empty() || file.starts_with('/') || file.starts_with(':') {
        return Ok(url.to_owned());
    }
    let folder = std::path::absolute(if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    })?;
    let folder = folder.to_str().ok_or_else(|| {
        let what = "its folder's name is not UTF-8: name the file by an absolute path";
        io::Error::new(io::ErrorKind::InvalidInput, what)
    })?;
    // As in a URL, since the file's name is one.
    let folder = folder
        .replace('%', "%25")
        .replace('?', "%3F")
        .replace('#', "%23");
    Ok(format!(
        "sqlite://{}/{file}{parameters}",
        folder.trim_end_matches("/.").trim_end_matches('/')
    ))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use crate::Ledger;
    use std::os::unix::fs::PermissionsExt as _;

    fn url(path: &Path) -> String {
        format!("sqlite://{}", path.display())
    }

    fn mode(path: &Path) -> u32 {
        path.metadata().unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn a_relative_file_is_resolved_in_the_folder_and_other_urls_are_unchanged() {
        let at = |url: &str, folder: &str| in_folder(url, Path::new(folder)).unwrap();
        assert_eq!(
            at("sqlite://a.sqlite", "/etc/specie"),
            "sqlite:///etc/specie/a.sqlite"
        );
        assert_eq!(
            at("sqlite:a.sqlite?mode=rwc", "/x"),
            "sqlite:///x/a.sqlite?mode=rwc"
        );
        assert_eq!(
            at("sqlite://b/a.sqlite", "/50% ?"),
            "sqlite:///50%25 %3F/b/a.sqlite"
        );
        for url in [
            "sqlite:///var/a.sqlite",
            "postgres://u@h/d",
            "sqlite::memory:",
            "sqlite://",
        ] {
            assert_eq!(at(url, "/x"), url);
        }
        let here = std::env::current_dir().unwrap();
        assert_eq!(
            at("sqlite://a.sqlite", ""),
            format!("sqlite://{}/a.sqlite", here.display())
        );
    }

    #[tokio::test]
    async fn a_folder_whose_name_has_characters_of_urls_is_found() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("100% sure? #1");
        std::fs::create_dir(&inner).unwrap();
        let url = in_folder("sqlite://ledger.sqlite", &inner).unwrap();
        Ledger::open(&url).await.unwrap().close().await;
        assert!(inner.join("ledger.sqlite").exists());
    }

    #[tokio::test]
    async fn a_ledger_file_is_readable_by_its_owner_only_and_wider_permissions_are_removed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger.sqlite");
        for _ in 0..2 {
            let ledger = Ledger::open(&url(&path)).await.unwrap();
            for file in with_its_log(&path) {
                assert_eq!(mode(&file), 0o600, "{}", file.display());
            }
            ledger.close().await;
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
        }
    }

    #[tokio::test]
    async fn no_link_leads_around_the_lock() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger.sqlite");
        let ledger = Ledger::open(&url(&path)).await.unwrap();
        let (symbolic, hard) = (folder.path().join("symbolic"), folder.path().join("hard"));
        std::os::unix::fs::symlink(&path, &symbolic).unwrap();
        let second = Ledger::open(&url(&symbolic)).await;
        assert!(matches!(second, Err(OpenError::InUse(_))), "{second:?}");
        std::fs::hard_link(&path, &hard).unwrap();
        for name in [&path, &hard, &symbolic] {
            let second = Ledger::open(&url(name)).await;
            let error = second.unwrap_err();
            assert!(
                matches!(error, OpenError::SeveralNames { names: 2, .. }),
                "{error}"
            );
        }
        std::fs::remove_file(&hard).unwrap();
        ledger.close().await;
        Ledger::open(&url(&symbolic)).await.unwrap().close().await;
    }

    #[tokio::test]
    async fn a_folder_is_no_ledger() {
        let folder = tempfile::tempdir().unwrap();
        let error = Ledger::open(&url(folder.path())).await.unwrap_err();
        assert!(matches!(error, OpenError::NotAFile(_)), "{error}");
    }
}
