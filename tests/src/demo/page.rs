//! The page, served as any static host serves it, with a currency on it.

use super::Standing;
use anyhow::{Context, Result, ensure};
use axum::{
    Router,
    body::Body,
    http::{StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use std::path::{Component, Path, PathBuf};
use tokio::{net::TcpListener, task::JoinHandle};

/// A bundle that is served until this is dropped.
pub struct Page {
    /// Where.
    pub url: String,
    serving: JoinHandle<std::io::Result<()>>,
}

impl Page {
    /// Serves the bundle in a folder on a free port of this machine.
    pub async fn serve(bundle: PathBuf, standing: &Standing) -> Result<Self> {
        ensure!(
            bundle.join("index.html").is_file(),
            "{} has no page: `npm run build:test --workspace specie-app` builds it",
            bundle.display()
        );
        let config = standing.page_config().to_string();
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}/", listener.local_addr()?);
        let router = Router::new().fallback(move |uri: Uri| {
            let answer = answer(&bundle, uri.path(), &config);
            async move { answer }
        });
        let serving = tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(Self { url, serving })
    }

    /// Loads the page as a browser begins to: the document, everything that it names, and the currency's configuration.
    pub async fn require_loads(&self) -> Result<usize> {
        let document = self.load("").await?;
        let names: Vec<_> = document
            .split(['"', '\''])
            .filter(|text| text.starts_with("./"))
            .collect();
        ensure!(!names.is_empty(), "the page names no scripts");
        for name in &names {
            self.load(name.trim_start_matches("./")).await?;
        }
        self.load("config.json").await?;
        Ok(names.len())
    }

    async fn load(&self, path: &str) -> Result<String> {
        let answer = reqwest::get(format!("{}{path}", self.url)).await?;
        let answer = answer
            .error_for_status()
            .with_context(|| format!("the page lacks {path:?}"))?;
        Ok(String::from_utf8_lossy(&answer.bytes().await?).into_owned())
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// A file of the bundle, or the configuration that lies beside it.
fn answer(bundle: &Path, path: &str, config: &str) -> Response<Body> {
    let name = match path.trim_start_matches('/') {
        "" => "index.html",
        name => name,
    };
    if name == "config.json" {
        return (
            [(header::CONTENT_TYPE, "application/json")],
            config.to_owned(),
        )
            .into_response();
    }
    let is_within = Path::new(name)
        .components()
        .all(|part| matches!(part, Component::Normal(_)));
    let file = is_within.then(|| std::fs::read(bundle.join(name)).ok());
    match file.flatten() {
        Some(bytes) => ([(header::CONTENT_TYPE, content_type(name))], bytes).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript",
        Some("css") => "text/css",
        Some("svg") => "image/svg+xml",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    }
}
