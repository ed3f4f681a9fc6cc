//! Where a test has the process abort, to see what a crash just there leaves behind.
//!
//! Builds with debug assertions alone have these points, and only one that `SPECIE_ABORT_AT` names does anything. In what
//! vendors run they are not compiled: nothing there can be told to die, and nothing costs a comparison.

/// Whether this build has points.
pub const ENABLED: bool = cfg!(debug_assertions);

/// Aborts, as abruptly as a kill, if this is the point that the environment names as `what/stage/n` and it is passed for
/// the n-th time.
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

/// Nothing.
#[cfg(not(debug_assertions))]
#[inline(always)]
pub fn pass(_what: &str, _stage: &str) {}
