//! Signals: SIGTERM and Ctrl-C end a process in order, SIGHUP changes nothing.

/// Waits for SIGTERM or SIGINT (Ctrl-C).
pub async fn shutdown() {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut terminated) => {
                tokio::select! {
                    _ = interrupted => {}
                    _ = terminated.recv() => {}
                }
            }
            Err(_) => {
                let _ = interrupted.await;
            }
        }
    }
    #[cfg(not(unix))]
    {
        let _ = interrupted.await;
    }
}

/// Waits for SIGTERM, SIGINT (Ctrl-C) or SIGHUP (the terminal closes).
pub async fn ended() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut hangup) = signal(SignalKind::hangup()) {
            tokio::select! {
                () = shutdown() => {}
                _ = hangup.recv() => {}
            }
            return;
        }
    }
    shutdown().await;
}

/// Keeps SIGHUP from ending the process, which it does by default. Files are read again by a restart, which loses nothing.
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
