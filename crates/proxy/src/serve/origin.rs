//! Where a web page is from, as its browser says it, and what a browser is told of who may ask.

use super::guard::Access;
use axum::http::{HeaderName, HeaderValue, Method};
use std::str::FromStr;
use std::time::Duration;
use tower_http::cors::{AllowHeaders, AllowOrigin, CorsLayer};

/// How long a browser may remember what it was told.
const REMEMBERED: Duration = Duration::from_secs(600);
/// What a page may read besides the answer.
const EXPOSED: [&str; 6] = [
    "x-request-id",
    "specie-usage",
    "specie-units",
    "idempotent-replayed",
    "retry-after",
    "x-should-retry",
];

/// A web page's origin: scheme, host and port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    written: String,
    header: HeaderValue,
}

/// Not one page's origin.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is not the origin of a web page: write it as the browser shows it, like http://localhost:5173, without a path. \
     Every page that is allowed can spend the vouchers, so none is allowed by a pattern"
)]
pub struct NotAnOrigin(String);

impl FromStr for Origin {
    type Err = NotAnOrigin;

    fn from_str(text: &str) -> Result<Self, NotAnOrigin> {
        let wrong = || NotAnOrigin(text.to_owned());
        let url = reqwest::Url::parse(text).map_err(|_| wrong())?;
        let is_bare = url.path() == "/"
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none();
        if !matches!(url.scheme(), "http" | "https") || !is_bare || text.contains('*') {
            return Err(wrong());
        }
        let written = url.origin().ascii_serialization();
        let header = HeaderValue::from_str(&written).map_err(|_| wrong())?;
        Ok(Self { written, header })
    }
}

impl Origin {
    /// As a browser sends it.
    pub fn as_str(&self) -> &str {
        &self.written
    }
}

/// What browsers are told: pages of the named origins may ask as applications do, with a key if one is needed, and from the
/// network as well as from this machine.
pub(super) fn layer(access: &Access) -> CorsLayer {
    let origins = access.origins().iter().map(|origin| origin.header.clone());
    CorsLayer::new()
        .allow_origin(AllowOrigin::list(origins))
        .allow_methods([Method::GET, Method::HEAD, Method::POST])
        .allow_headers(AllowHeaders::mirror_request())
        .expose_headers(EXPOSED.map(HeaderName::from_static))
        .allow_private_network(true)
        .max_age(REMEMBERED)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_read_as_browsers_send_it() {
        for (given, sent) in [
            ("http://localhost:5173", "http://localhost:5173"),
            ("http://LOCALHOST:80/", "http://localhost"),
            ("https://app.example:443", "https://app.example"),
            ("http://[::1]:3000", "http://[::1]:3000"),
        ] {
            assert_eq!(given.parse::<Origin>().unwrap().as_str(), sent);
        }
        for wrong in [
            "",
            "*",
            "null",
            "localhost:5173",
            "http://*.example",
            "http://localhost:5173/page",
            "http://user@localhost",
            "file:///page.html",
            "http://localhost?x",
        ] {
            let error = wrong.parse::<Origin>().unwrap_err();
            assert_eq!(error, NotAnOrigin(wrong.to_owned()));
        }
    }
}
