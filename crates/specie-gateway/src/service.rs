//! What a service manager gives a process, and what it hears of it: systemd's protocol, signals and the log.

use sd_notify::NotifyState;
use std::io::IsTerminal as _;
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

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

/// Logs to standard error, in colours only if that is a terminal: what `RUST_LOG` says, `info` if it is not set.
pub fn log_to_standard_error() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| "info".into());
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr)
        .init();
}

/// Keeps SIGHUP from ending the process, which is what it does by default. There is nothing to read again: a restart does that,
/// and loses nothing either.
pub fn outlive_hangups() -> std::io::Result<()> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut hangups = signal(SignalKind::hangup())?;
        tokio::spawn(async move {
            while hangups.recv().await.is_some() {
                tracing::warn!("SIGHUP changes nothing: restart to have files read again");
            }
        });
    }
    Ok(())
}

fn tell(state: NotifyState<'_>) {
    if let Err(error) = sd_notify::notify(&[state]) {
        tracing::warn!(%error, "the service manager was not told");
    }
}
