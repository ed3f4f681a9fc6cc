//! Files and folders that only their owner can read.

use std::fs::{DirBuilder, Metadata, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;

/// Creates a folder with mode 0700, and those that it is in. One that exists keeps its mode.
pub fn create_folder(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Gives a file that these options create the mode 0600.
pub fn only_owner(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options
}

/// Writes a new file with mode 0600, durably. Fails where the file exists.
pub fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    let options = options.write(true).create_new(true);
    let mut file = only_owner(options).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// The permission bits of a file, if others than its owner have any.
pub fn open_to_others(metadata: &Metadata) -> Option<u32> {
    Some(mode(metadata)?).filter(|mode| mode & 0o077 != 0)
}

/// The permission bits of a file; `None` where the system has none.
fn mode(metadata: &Metadata) -> Option<u32> {
    #[cfg(unix)]
    return Some(std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o777);
    #[cfg(not(unix))]
    None
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn what_is_created_is_for_its_owner_alone_and_nothing_is_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("a/b");
        create_folder(&inner).unwrap();
        let file = inner.join("key.json");
        write_new(&file, b"first").unwrap();
        for (path, expected) in [
            (inner.as_path(), 0o700),
            (&inner.join(".."), 0o700),
            (&file, 0o600),
        ] {
            let metadata = path.metadata().unwrap();
            assert_eq!(mode(&metadata), Some(expected), "{}", path.display());
            assert_eq!(open_to_others(&metadata), None);
        }
        let refused = write_new(&file, b"second").unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(std::fs::read(&file).unwrap(), b"first");
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o640)).unwrap();
        assert_eq!(open_to_others(&file.metadata().unwrap()), Some(0o640));
    }
}
