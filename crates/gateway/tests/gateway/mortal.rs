//! Servers that die, and count what they are asked.

use axum::Router;
use axum::extract::Request;
use axum::middleware::{self, Next};
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::runtime::{Builder, Runtime};

/// A server with threads of its own, so that it can die with all its connections at any moment.
pub(crate) struct Mortal {
    address: SocketAddr,
    router: Router,
    asked: Arc<AtomicUsize>,
    life: Option<Runtime>,
}

impl Mortal {
    pub(crate) fn born(router: Router) -> Self {
        let asked = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&asked);
        let count = move |request: Request, next: Next| {
            counter.fetch_add(1, Ordering::SeqCst);
            next.run(request)
        };
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let mut mortal = Self {
            address: listener.local_addr().unwrap(),
            router: router.layer(middleware::from_fn(count)),
            asked,
            life: None,
        };
        mortal.live(listener);
        mortal
    }

    fn live(&mut self, listener: TcpListener) {
        listener.set_nonblocking(true).unwrap();
        let life = Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let router = self.router.clone();
        life.spawn(async move {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            axum::serve(listener, router).await
        });
        self.life = Some(life);
    }

    /// The gateway's base URL.
    pub(crate) fn url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    /// How often it was asked for anything.
    pub(crate) fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    /// Takes its listener and all its connections from it.
    pub(crate) async fn die(&mut self) {
        self.life.take().unwrap().shutdown_background();
        while TcpStream::connect(self.address).await.is_ok() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Lets it live again where it lived before.
    pub(crate) fn revive(&mut self) {
        let listener = TcpListener::bind(self.address).unwrap();
        self.live(listener);
    }
}

impl Drop for Mortal {
    fn drop(&mut self) {
        if let Some(life) = self.life.take() {
            life.shutdown_background();
        }
    }
}
