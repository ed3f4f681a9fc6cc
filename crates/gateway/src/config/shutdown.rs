use serde::Deserialize;
use std::time::Duration;

/// How one process hands over to the next.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ShutdownSection {
    /// Seconds that it goes on taking requests after it was asked to stop, while `/readyz` says that it will: as long as
    /// whatever routes requests here takes to notice.
    pub notice_seconds: u64,
    /// Seconds that requests being served may then take to end.
    pub drain_seconds: u64,
    /// Seconds that a process waits for its predecessor to release the ledger.
    pub lock_seconds: u64,
}

impl Default for ShutdownSection {
    fn default() -> Self {
        Self {
            notice_seconds: 0,
            drain_seconds: 30,
            lock_seconds: 0,
        }
    }
}

impl ShutdownSection {
    /// How long it goes on taking requests.
    pub fn notice(&self) -> Duration {
        Duration::from_secs(self.notice_seconds)
    }

    /// How long requests may take to end.
    pub fn drain(&self) -> Duration {
        Duration::from_secs(self.drain_seconds)
    }

    /// How long to wait for the ledger.
    pub fn lock(&self) -> Duration {
        Duration::from_secs(self.lock_seconds)
    }
}
