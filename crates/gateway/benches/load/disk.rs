//! What no gateway can do without: having the disk take something for sure.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

/// How often it is tried.
const TRIES: usize = 200;

/// As much as SQLite writes at a time.
const PAGE: [u8; 4096] = [0; 4096];

/// How long appending a page to a file and flushing it takes, at the median.
pub(crate) fn flush(path: &Path) -> Duration {
    let mut file = File::create(path).expect("the ledger's folder is writable");
    let mut times: Vec<Duration> = (0..TRIES)
        .map(|_| {
            let begun = Instant::now();
            file.write_all(&PAGE).expect("there is room");
            file.sync_data().expect("the disk takes it");
            begun.elapsed()
        })
        .collect();
    times.sort_unstable();
    times[TRIES / 2]
}
