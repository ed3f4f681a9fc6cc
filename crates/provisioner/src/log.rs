//! What a job prints, of which the latest is kept: a job may print for months, and its end is what somebody wants to read.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

/// The smallest bound: room for the line that says what was cut, and some more.
pub(crate) const LEAST_BYTES: u64 = 4_096;
/// How long is waited for the end of what an ended job printed. Something that left its group may hold the pipe for ever.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// A file that keeps the latest of what is added to it.
struct Log {
    path: PathBuf,
    file: File,
    length: u64,
    most: u64,
    /// Bytes that were cut so far.
    cut: u64,
    /// The length of the line that says so.
    said: u64,
}

impl Log {
    /// An empty one of at most so many bytes.
    fn create(path: &Path, most: u64) -> io::Result<Self> {
        Ok(Self {
            file: empty(path)?,
            path: path.to_owned(),
            length: 0,
            most: most.max(LEAST_BYTES),
            cut: 0,
            said: 0,
        })
    }

    fn add(&mut self, bytes: &[u8]) -> io::Result<()> {
        for part in bytes.chunks(usize::try_from(self.most / 4).unwrap_or(usize::MAX)) {
            if self.length + part.len() as u64 > self.most {
                self.make_room()?;
            }
            self.file.write_all(part)?;
            self.length += part.len() as u64;
        }
        Ok(())
    }

    /// Keeps the latter half, from the beginning of a line, below a line that says what was cut. The file is replaced whole.
    fn make_room(&mut self) -> io::Result<()> {
        let from = self.length - self.most / 2;
        self.file.seek(SeekFrom::Start(from))?;
        let mut kept = Vec::new();
        self.file.read_to_end(&mut kept)?;
        let lines = kept.iter().position(|byte| *byte == b'\n');
        let skipped = lines.map_or(0, |end| end + 1);
        let kept = &kept[skipped..];
        self.cut += from + skipped as u64 - self.said;
        let line = format!(
            "[specie-provisioner: {} bytes were cut here; of a log the latest {} are kept]\n",
            self.cut, self.most
        );
        let beside = self.path.with_extension("new");
        let mut file = empty(&beside)?;
        file.write_all(line.as_bytes())?;
        file.write_all(kept)?;
        std::fs::rename(&beside, &self.path)?;
        self.said = line.len() as u64;
        self.length = self.said + kept.len() as u64;
        self.file = file;
        Ok(())
    }
}

fn empty(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    let options = options.create(true).truncate(true).read(true).write(true);
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options.open(path)
}

/// Takes what a job prints into its log, from a thread of its own.
pub(crate) struct Keeping(Receiver<()>);

impl Keeping {
    /// Begins with an empty log of at most `most` bytes.
    pub(crate) fn begin(
        mut printed: impl Read + Send + 'static,
        path: &Path,
        most: u64,
    ) -> io::Result<Self> {
        let mut log = Log::create(path, most)?;
        let (ended, end) = channel();
        thread::spawn(move || {
            let mut bytes = [0; 16_384];
            let mut is_kept = true;
            // What cannot be written is read all the same: a full disk is no reason for the job to stand still.
            loop {
                match printed.read(&mut bytes) {
                    Ok(0) => break,
                    Ok(length) => is_kept = is_kept && log.add(&bytes[..length]).is_ok(),
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    Err(_) => break,
                }
            }
            drop(ended);
        });
        Ok(Self(end))
    }

    /// Waits until all of it is kept, once nothing of the job is left.
    pub(crate) fn end(self) {
        let _ = self.0.recv_timeout(LAST_WORDS);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log(most: u64) -> (tempfile::TempDir, Log) {
        let folder = tempfile::tempdir().unwrap();
        let log = Log::create(&folder.path().join("stdout.log"), most).unwrap();
        (folder, log)
    }

    fn text(log: &Log) -> String {
        std::fs::read_to_string(&log.path).unwrap()
    }

    #[test]
    fn output_within_the_limit_is_kept_unchanged() {
        let (_folder, mut log) = log(LEAST_BYTES);
        let printed = "x".repeat(4_096);
        log.add(printed.as_bytes()).unwrap();
        assert_eq!(text(&log), printed);
    }

    #[test]
    fn only_the_provisioner_reads_a_log() {
        use std::os::unix::fs::PermissionsExt as _;
        let (_folder, log) = log(LEAST_BYTES);
        let mode = log.file.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn output_beyond_the_limit_keeps_the_last_whole_lines_below_a_line_with_the_bytes_cut() {
        let (_folder, mut log) = log(LEAST_BYTES);
        let mut printed = String::new();
        for number in 0..10_000 {
            let line = format!("line {number}\n");
            log.add(line.as_bytes()).unwrap();
            printed += &line;
            assert!(log.length <= LEAST_BYTES, "{}", log.length);
        }
        let text = text(&log);
        assert_eq!(text.len() as u64, log.length);
        let (said, kept) = text.split_once('\n').unwrap();
        assert!(printed.ends_with(kept) && kept.starts_with("line "));
        assert!(kept.len() >= 2_000, "{}", kept.len());
        let cut = printed.len() - kept.len();
        let expected = format!(
            "[specie-provisioner: {cut} bytes were cut here; of a log the latest 4096 are kept]"
        );
        assert_eq!(said, expected);
    }

    #[test]
    fn output_without_line_breaks_is_cut_as_well() {
        let (_folder, mut log) = log(LEAST_BYTES);
        log.add(&[b'x'; 100_000]).unwrap();
        let text = text(&log);
        assert!(text.len() as u64 <= LEAST_BYTES);
        let (said, kept) = text.split_once('\n').unwrap();
        assert!(kept.bytes().all(|byte| byte == b'x'));
        let cut = 100_000 - kept.len();
        assert!(said.contains(&format!(": {cut} bytes were cut")), "{said}");
    }
}
