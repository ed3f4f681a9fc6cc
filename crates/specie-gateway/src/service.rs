//! What a service manager gives the gateway and is told by it: systemd's protocol, and nothing where there is none.

use sd_notify::NotifyState;
use tokio::net::TcpListener;

/// The socket that the service manager listens on for the gateway, if it does (`LISTEN_FDS`).
///
/// Such a socket outlives the process: connections that arrive while one gateway ends and the next one starts wait in it
/// and are refused by nobody.
pub fn inherited_listener() -> std::io::Result<Option<TcpListener>> {
    let Some(listener) = listenfd::ListenFd::from_env().take_tcp_listener(0)? else {
        return Ok(None);
    };
    listener.set_nonblocking(true)?;
    TcpListener::from_std(listener).map(Some)
}

/// Says that requests are served from now on.
pub fn tell_ready() {
    tell(NotifyState::Ready);
}

/// Says that the process is about to end.
pub fn tell_stopping() {
    tell(NotifyState::Stopping);
}

fn tell(state: NotifyState<'_>) {
    if let Err(error) = sd_notify::notify(&[state]) {
        tracing::warn!(%error, "the service manager was not told");
    }
}
