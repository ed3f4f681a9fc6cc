//! Who may ask: applications on this machine, and no web page that the browser on it has open, but for those that the holder
//! has named.
//!
//! Without a key, whoever can ask can spend. A page cannot name this endpoint as its own site (its `Host` is another, even when
//! its name resolves to loopback), cannot hide that it is a page (`Origin`, `Sec-Fetch-Site`), and cannot send JSON without being
//! allowed to first, which only an origin that was named is. Another port of this machine is another site: what serves pages
//! there, and whose they are, is not known here.

use super::Shared;
use super::origin::Origin;
use super::refusal::Refused;
use crate::channel::Channel;
use crate::keys::{KeptKey, PREFIX};
use crate::purse::Purse;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use sha2::{Digest as _, Sha256};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// The requests that are let through.
#[derive(Debug)]
pub struct Access {
    loopback_only: bool,
    key: Option<[u8; 32]>,
    origins: Vec<Origin>,
}

/// Why a proxy would be open to others.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AccessError {
    /// Not on loopback, and not told to.
    #[error(
        "{0} is not on loopback: whoever reaches it could spend the vouchers. Listen on 127.0.0.1, or pass --allow-remote and \
         name a key with --app-key"
    )]
    NotLoopback(SocketAddr),
    /// Open to others without a key.
    #[error("with --allow-remote a key is needed: name its file with --app-key")]
    NoKey,
}

impl Access {
    /// Access to a proxy that listens at `address`. `remote` says that others may ask, which needs a key.
    pub fn new(address: SocketAddr, remote: bool, key: Option<&str>) -> Result<Self, AccessError> {
        let loopback_only = address.ip().is_loopback();
        if !loopback_only && !remote {
            return Err(AccessError::NotLoopback(address));
        }
        if !loopback_only && key.is_none() {
            return Err(AccessError::NoKey);
        }
        Ok(Self {
            loopback_only,
            key: key.map(hash),
            origins: Vec::new(),
        })
    }

    /// Pages of these origins may ask as well, as applications may.
    pub fn allowing(mut self, origins: Vec<Origin>) -> Self {
        self.origins = origins;
        self
    }

    /// The origins whose pages may ask.
    pub(super) fn origins(&self) -> &[Origin] {
        &self.origins
    }

    /// Refuses what a page sends that was not named.
    fn require_site(&self, headers: &HeaderMap) -> Result<(), Refused> {
        let text = |name: &HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or(""));
        let host = text(&header::HOST);
        if self.loopback_only && !host.is_some_and(is_loopback) {
            return Err(Refused::of_another_site(
                "the Host is not this machine's",
                None,
            ));
        }
        if let Some(origin) = text(&header::ORIGIN) {
            let is_own = origin.strip_prefix("http://") == host;
            let is_named = self.origins.iter().any(|named| named.as_str() == origin);
            return if is_own || is_named {
                Ok(())
            } else {
                Err(Refused::of_another_site("a web page asks", Some(origin)))
            };
        }
        match text(&FETCH_SITE) {
            None | Some("same-origin" | "none") => Ok(()),
            Some(_) => Err(Refused::of_another_site("a web page asks", None)),
        }
    }

    /// Refuses a key that is not the proxy's; one that it has made for an application is for the gateway's endpoints alone.
    fn limits(&self, purse: &Purse, request: &Request) -> Result<Option<Limited>, Refused> {
        let given = given(request.headers());
        if let Some(key) = given.filter(|key| key.starts_with(PREFIX)) {
            let found = purse.key(key).map_err(crate::channel::ChannelError::from)?;
            return match found {
                Some((channel, kept)) if request.uri().path().starts_with("/v1/") => {
                    Ok(Some(Limited { channel, key: kept }))
                }
                Some(_) => Err(Refused::limited_key()),
                None => Err(Refused::unknown_limited_key()),
            };
        }
        match self.key {
            Some(key) if given.map(hash) != Some(key) => Err(Refused::wrong_key()),
            _ => Ok(None),
        }
    }
}

/// The request may consume a part of one voucher, as the gateway's key says.
#[derive(Clone)]
pub(super) struct Limited {
    /// The voucher.
    pub(super) channel: Arc<Channel>,
    /// The gateway's key.
    pub(super) key: KeptKey,
}

/// Whether a host, with or without a port, is this machine by its own name for itself.
pub fn is_loopback(host: &str) -> bool {
    if let Ok(address) = host.parse::<SocketAddr>() {
        return address.ip().is_loopback();
    }
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    let name = name.trim_start_matches('[').trim_end_matches(']');
    name.eq_ignore_ascii_case("localhost")
        || name.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

fn given(headers: &HeaderMap) -> Option<&str> {
    let (scheme, key) = headers
        .get(header::AUTHORIZATION)?
        .to_str()
        .ok()?
        .split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| key.trim())
}

/// Comparing hashes tells a guesser nothing about the key by the time it takes.
fn hash(key: &str) -> [u8; 32] {
    Sha256::digest(key.as_bytes()).into()
}

/// Refuses a body that is not JSON: a form can be sent by any page without being allowed to.
fn require_json(method: &Method, headers: &HeaderMap) -> Result<(), Refused> {
    let bodyless = matches!(*method, Method::GET | Method::HEAD | Method::DELETE);
    let json = headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .and_then(|kind| kind.split(';').next())
        .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"));
    if !bodyless && !json {
        return Err(Refused::not_json());
    }
    Ok(())
}

/// Stands before everything, also before what a page may ask first.
pub(super) async fn check_site(
    State(shared): State<Shared>,
    request: Request,
    next: Next,
) -> Response {
    match shared.access.require_site(request.headers()) {
        Ok(()) => next.run(request).await,
        Err(refused) => refused.into_response(),
    }
}

/// Stands before every route.
pub(super) async fn check(
    State(shared): State<Shared>,
    mut request: Request,
    next: Next,
) -> Response {
    let checked = require_json(request.method(), request.headers())
        .and_then(|()| shared.access.limits(&shared.purse, &request));
    match checked {
        Ok(limited) => {
            if let Some(limited) = limited {
                request.extensions_mut().insert(limited);
            }
            next.run(request).await
        }
        Err(refused) => refused.into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_is_known_by_its_own_names() {
        for host in [
            "127.0.0.1:8411",
            "127.0.0.1",
            "localhost:8411",
            "LOCALHOST",
            "[::1]:8411",
            "[::1]",
        ] {
            assert!(is_loopback(host), "{host}");
        }
        for host in [
            "",
            "evil.example",
            "evil.example:8411",
            "127.0.0.1.evil.example",
            "10.0.0.1:8411",
            "localhost.evil.example",
            "0.0.0.0",
        ] {
            assert!(!is_loopback(host), "{host}");
        }
    }

    #[test]
    fn what_is_open_to_others_needs_their_word_and_a_key() {
        let access = |address: &str, remote, key| {
            Access::new(address.parse().unwrap(), remote, key).map(|_| ())
        };
        assert_eq!(access("127.0.0.1:1", false, None), Ok(()));
        assert_eq!(access("[::1]:1", false, None), Ok(()));
        for address in ["0.0.0.0:1", "10.0.0.1:1", "[::]:1"] {
            let error = access(address, false, Some("key"));
            assert!(
                matches!(error, Err(AccessError::NotLoopback(_))),
                "{address}"
            );
            assert_eq!(access(address, true, None), Err(AccessError::NoKey));
            assert_eq!(access(address, true, Some("key")), Ok(()));
        }
    }
}
