//! Listening sockets: bound here, or inherited from the service manager.

use tokio::net::TcpListener;

/// The address cannot be bound.
#[derive(Debug, thiserror::Error)]
#[error("cannot listen on {address}: {source}; is something else using the port?")]
pub struct ListenError {
    address: String,
    source: std::io::Error,
}

/// Listens on an address, as address:port.
pub async fn listen(address: &str) -> Result<TcpListener, ListenError> {
    TcpListener::bind(address)
        .await
        .map_err(|source| ListenError {
            address: address.to_owned(),
            source,
        })
}

/// The socket that the service manager listens on for this process, if it does (`LISTEN_FDS`).
///
/// Such a socket outlives the process: connections that arrive while one process ends and the next one starts wait in it,
/// and none is refused.
pub fn inherited_listener() -> std::io::Result<Option<TcpListener>> {
    let Some(listener) = listenfd::ListenFd::from_env().take_tcp_listener(0)? else {
        return Ok(None);
    };
    listener.set_nonblocking(true)?;
    TcpListener::from_std(listener).map(Some)
}
