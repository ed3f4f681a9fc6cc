//! What the kernel says of a process.

use specie_claims::clock::{Clock as _, Moment, SystemClock};

/// The fields of a process's `stat` after its name, which may hold anything.
fn fields(pid: i32) -> Option<Vec<String>> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, after_name) = stat.rsplit_once(')')?;
    Some(after_name.split_whitespace().map(str::to_owned).collect())
}

/// When a process began, to know it from a later one of the same number.
pub(crate) fn start_ticks(pid: i32) -> Option<u64> {
    fields(pid)?.get(19)?.parse().ok()
}

/// A process's parent.
pub(crate) fn parent(pid: i32) -> Option<u32> {
    fields(pid)?.get(1)?.parse().ok()
}

/// Whether the process of this number that began then, and was there at `seen`, has ended. One that nobody has waited for has, and
/// so has every process of an earlier boot.
pub(crate) fn is_gone(pid: i32, ticks: Option<u64>, seen: &Moment) -> bool {
    if seen.boot != SystemClock.moment().boot {
        return true;
    }
    let Some(fields) = fields(pid) else {
        return true;
    };
    let is_another = ticks.is_some_and(|ticks| fields.get(19) != Some(&ticks.to_string()));
    is_another || matches!(fields.first().map(String::as_str), Some("Z" | "X"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_is_identified_by_its_start_time() {
        let own = i32::try_from(std::process::id()).unwrap();
        let ticks = start_ticks(own);
        assert!(ticks.is_some_and(|ticks| ticks > 0));
        assert_eq!(start_ticks(own), ticks);
        assert_eq!(start_ticks(i32::MAX), None);
        assert_eq!(parent(own), Some(std::os::unix::process::parent_id()));
        let now = SystemClock.moment();
        assert!(!is_gone(own, ticks, &now));
        assert!(is_gone(own, Some(1), &now) && is_gone(i32::MAX, None, &now));
        // A process of the same number after the host was restarted is another.
        assert!(is_gone(own, ticks, &Moment::default()));
    }
}
