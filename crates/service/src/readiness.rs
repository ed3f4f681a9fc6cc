//! The readiness protocol of systemd (`NOTIFY_SOCKET`); without it nothing is sent.

use sd_notify::NotifyState;

/// Reports to the service manager that requests are served from now on.
pub fn tell_ready() {
    tell(NotifyState::Ready);
}

/// Reports to the service manager that the process is shutting down.
pub fn tell_stopping() {
    tell(NotifyState::Stopping);
}

fn tell(state: NotifyState<'_>) {
    if let Err(error) = sd_notify::notify(&[state]) {
        tracing::warn!(%error, "notifying the service manager failed");
    }
}
