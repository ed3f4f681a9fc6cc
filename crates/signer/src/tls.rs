//! TLS in front of a router, for a signer that is on another host than its gateway.

use specie_service::tasks::{TaskHealth, Tasks};
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::{self, PemObject as _};
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{self, ServerConfig};
use tokio_rustls::server::TlsStream;

/// Timeout of a TLS handshake.
const HANDSHAKE: Duration = Duration::from_secs(10);

/// Pause after a failed accept, which is mostly for want of file descriptors.
const PAUSE: Duration = Duration::from_millis(100);

/// Capacity of the queue between handshakes and the server.
const WAITING: usize = 64;

/// Why TLS cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// One of the files is not PEM of its kind.
    #[error("not a certificate and its key in PEM: {0}")]
    Pem(#[from] pem::Error),
    /// The key is not the certificate's, or the certificate is malformed.
    #[error("the certificate cannot be used with the key: {0}")]
    Certificate(#[from] rustls::Error),
}

/// The TLS configuration of the signer.
#[derive(Clone)]
pub struct Tls(TlsAcceptor);

impl Tls {
    /// Reads a certificate chain and its private key, both PEM.
    pub fn new(certificates: &[u8], key: &[u8]) -> Result<Self, TlsError> {
        let chain = CertificateDer::pem_slice_iter(certificates).collect::<Result<_, _>>()?;
        let key = PrivateKeyDer::from_pem_slice(key)?;
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(chain, key)?;
        Ok(Self(TlsAcceptor::from(Arc::new(config))))
    }

    /// Accepts a listener's connections. Each handshake is a task of its own, so that a slow one delays no other.
    pub fn listen(self, listener: TcpListener) -> io::Result<TlsListener> {
        let address = listener.local_addr()?;
        let (secured, ready) = mpsc::channel(WAITING);
        let listener = Arc::new(listener);
        let mut tasks = Tasks::new(TaskHealth::default());
        tasks.keep_until_done("TLS handshakes", move || {
            accept(Arc::clone(&listener), self.0.clone(), secured.clone())
        });
        Ok(TlsListener {
            ready,
            address,
            _tasks: tasks,
        })
    }
}

/// Accepts connections until the receiver is dropped.
async fn accept(
    listener: Arc<TcpListener>,
    acceptor: TlsAcceptor,
    secured: mpsc::Sender<(TlsStream<TcpStream>, SocketAddr)>,
) {
    while !secured.is_closed() {
        let (stream, from) = match listener.accept().await {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "a connection was not accepted");
                tokio::time::sleep(PAUSE).await;
                continue;
            }
        };
        let (acceptor, secured) = (acceptor.clone(), secured.clone());
        tokio::spawn(async move {
            // A client that does not trust the certificate aborts the handshake.
            if let Ok(Ok(stream)) = timeout(HANDSHAKE, acceptor.accept(stream)).await {
                let _ = secured.send((stream, from)).await;
            }
        });
    }
}

/// Connections whose handshake is complete.
pub struct TlsListener {
    ready: mpsc::Receiver<(TlsStream<TcpStream>, SocketAddr)>,
    address: SocketAddr,
    _tasks: Tasks,
}

impl axum::serve::Listener for TlsListener {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        match self.ready.recv().await {
            Some(connection) => connection,
            // The accept loop has ended: the process is shutting down.
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        Ok(self.address)
    }
}
