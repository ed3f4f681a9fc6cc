//! Something between a ledger and its server that fails at a chosen moment.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::watch;

/// When a connection is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// The commit never reaches the server.
    BeforeCommit,
    /// The commit has come about, and its answer is lost.
    AfterCommit,
}

/// A socket that passes everything on, until it is told otherwise.
pub struct Proxy {
    folder: tempfile::TempDir,
    orders: Arc<Orders>,
}

struct Orders {
    server: PathBuf,
    /// Cuts, once, the transaction in which a statement with this text is prepared.
    cut: Mutex<Option<(&'static str, Cut)>>,
    is_open: watch::Sender<bool>,
}

const SOCKET: &str = ".s.PGSQL.5432";

impl Proxy {
    /// A proxy before the server of that URL.
    pub async fn before(server: &str) -> Self {
        let (_, folder) = server.split_once("host=").unwrap();
        let server = PathBuf::from(folder).join(SOCKET);
        let folder = tempfile::tempdir().unwrap();
        let listener = UnixListener::bind(folder.path().join(SOCKET)).unwrap();
        let orders = Arc::new(Orders {
            server,
            cut: Mutex::new(None),
            is_open: watch::Sender::new(true),
        });
        let orders_of_all = orders.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let orders = orders_of_all.clone();
                tokio::spawn(async move {
                    let mut is_open = orders.is_open.subscribe();
                    tokio::select! {
                        _ = relay(client, &orders) => {}
                        _ = is_open.wait_for(|is_open| !is_open) => {}
                    }
                });
            }
        });
        Self { folder, orders }
    }

    /// The URL of the server through the proxy, without a database.
    pub fn url(&self) -> String {
        let folder = self.folder.path().display();
        format!("postgres://postgres@localhost/?host={folder}")
    }

    /// Cuts the connection once, at the commit of the next transaction that prepares a statement with `text`.
    pub fn cut_at(&self, text: &'static str, cut: Cut) {
        *self.orders.cut.lock().unwrap() = Some((text, cut));
    }

    /// Whether the cut that was ordered was made.
    pub fn has_cut(&self) -> bool {
        self.orders.cut.lock().unwrap().is_none()
    }

    /// Lets connections through, or none at all.
    pub fn set_open(&self, is_open: bool) {
        self.orders.is_open.send_replace(is_open);
    }
}

async fn relay(client: UnixStream, orders: &Orders) -> std::io::Result<()> {
    let server = UnixStream::connect(&orders.server).await?;
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let mut asked = [0; 16_384];
    let mut answered = [0; 16_384];
    // What the client has said since its last commit.
    let mut said = Vec::new();
    let mut withheld = false;
    loop {
        tokio::select! {
            count = from_client.read(&mut asked) => {
                let bytes = &asked[..count?];
                if bytes.is_empty() {
                    return Ok(());
                }
                said.extend_from_slice(bytes);
                if contains(bytes, b"COMMIT\0") {
                    let mut cut = orders.cut.lock().unwrap();
                    if cut.is_some_and(|(text, _)| contains(&said, text.as_bytes())) {
                        match cut.take() {
                            Some((_, Cut::BeforeCommit)) => return Ok(()),
                            _ => withheld = true,
                        }
                    }
                    said.clear();
                }
                to_server.write_all(bytes).await?;
            }
            count = from_server.read(&mut answered) => {
                let bytes = &answered[..count?];
                if bytes.is_empty() || (withheld && contains(bytes, b"COMMIT\0")) {
                    return Ok(());
                }
                to_client.write_all(bytes).await?;
            }
        }
    }
}

fn contains(bytes: &[u8], text: &[u8]) -> bool {
    bytes.windows(text.len()).any(|window| window == text)
}
