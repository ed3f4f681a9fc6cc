//! Failpoints: places at which a test aborts the process, to see what a crash there leaves behind.
//!
//! They are compiled only with debug assertions, and only the one that `SPECIE_ABORT_AT` names does anything. Release builds have
//! none, so that no variable can end a vendor's process.

/// Whether this build has failpoints.
pub const ENABLED: bool = cfg!(debug_assertions);

/// Aborts the process, like SIGKILL, on the n-th pass of the failpoint that the environment names as `what/stage/n`.
#[cfg(debug_assertions)]
pub fn pass(what: &str, stage: &str) {
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicU64, Ordering};

    struct Point {
        what: String,
        stage: String,
        left: AtomicU64,
    }
    fn named() -> Option<Point> {
        let named = std::env::var("SPECIE_ABORT_AT").ok()?;
        let mut parts = named.split('/');
        let (what, stage, times) = (parts.next()?, parts.next()?, parts.next()?);
        Some(Point {
            what: what.to_owned(),
            stage: stage.to_owned(),
            left: AtomicU64::new(times.parse().ok()?),
        })
    }
    static POINT: OnceLock<Option<Point>> = OnceLock::new();
    if let Some(point) = POINT.get_or_init(named)
        && point.what == what
        && point.stage == stage
        && point.left.fetch_sub(1, Ordering::SeqCst) == 1
    {
        std::process::abort();
    }
}

/// Does nothing: this build has no failpoints.
#[cfg(not(debug_assertions))]
#[inline(always)]
pub fn pass(_what: &str, _stage: &str) {}
