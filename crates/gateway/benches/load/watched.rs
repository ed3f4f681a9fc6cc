//! What a process spends: its time on cores, and its memory.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::task::JoinHandle;

/// Between two readings of memory.
const BETWEEN: Duration = Duration::from_millis(100);

/// A process being watched.
pub(crate) struct Watched {
    process: u32,
    cpu_before: Duration,
    done: Arc<AtomicBool>,
    memory: JoinHandle<Vec<u64>>,
}

/// What it spent while it was.
#[derive(Clone, Debug)]
pub(crate) struct Spent {
    /// CPU time of the process.
    pub(crate) cpu: Duration,
    /// Bytes of memory that it kept in use, ten times a second.
    pub(crate) memory: Vec<u64>,
}

impl Watched {
    pub(crate) fn begin(process: u32) -> Self {
        let done = Arc::new(AtomicBool::new(false));
        let ended = Arc::clone(&done);
        let memory = tokio::spawn(async move {
            let mut memory = vec![resident(process)];
            while !ended.load(Ordering::Relaxed) {
                tokio::time::sleep(BETWEEN).await;
                memory.push(resident(process));
            }
            memory
        });
        Self {
            process,
            cpu_before: cpu(process),
            done,
            memory,
        }
    }

    pub(crate) async fn end(self) -> Spent {
        let cpu = cpu(self.process).saturating_sub(self.cpu_before);
        self.done.store(true, Ordering::Relaxed);
        let memory = self.memory.await.expect("memory was read");
        Spent { cpu, memory }
    }
}

/// User and system time, from the 14th and 15th field of /proc/<pid>/stat, in hundredths of a second (proc_pid_stat(5)).
fn cpu(process: u32) -> Duration {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).expect("it runs");
    let after_name = stat.rsplit(") ").next().expect("a state follows the name");
    let fields: Vec<&str> = after_name.split(' ').collect();
    let ticks = |field: usize| fields[field - 3].parse::<u64>().expect("a number");
    Duration::from_millis(10 * (ticks(14) + ticks(15)))
}

/// VmRSS of /proc/<pid>/status, which is in KiB (proc_pid_status(5)).
fn resident(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).expect("it runs");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.trim().strip_suffix(" kB"));
    1024 * kib.and_then(|kib| kib.parse::<u64>().ok()).expect("a size")
}
