//! Where the process listens, and whether it was asked to stop.

use std::net::SocketAddr;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

/// The state of the process that is known only once it runs.
#[derive(Debug, Default)]
pub struct Lifecycle {
    stopping: AtomicBool,
    listening: OnceLock<String>,
}

impl Lifecycle {
    /// Records the address of the listener. The first call counts.
    pub fn listens_on(&self, address: SocketAddr) {
        self.listening.get_or_init(|| format!("http://{address}"));
    }

    /// The listener's URL, without a slash at its end; empty before there is one.
    pub fn listening(&self) -> &str {
        self.listening.get().map_or("", String::as_str)
    }

    /// From now on `/readyz` answers 503, and each connection closes after its answer. Requests are still served.
    pub fn begin_to_stop(&self) {
        self.stopping.store(true, Ordering::SeqCst);
    }

    /// Whether the process was asked to stop.
    pub fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::SeqCst)
    }
}
