//! Who may ask: applications on this machine, and no web page that the browser on it has open.
//!
//! A page cannot name this endpoint as its own site (its `Host` is another, even when its name resolves to loopback), cannot
//! hide that it is a page (`Origin`, `Sec-Fetch-Site`), and cannot send JSON without being asked first.

use super::Shared;
use super::refusal::Refused;
use crate::channel::Channel;
use crate::keys::PREFIX;
use crate::purse::Purse;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use sha2::{Digest as _, Sha256};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

/// Who may ask.
#[derive(Debug)]
pub struct Access {
    loopback_only: bool,
    key: Option<[u8; 32]>,
}

/// Why a proxy would be open to others.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AccessError {
    /// Not on loopback, and not told to.
    #[error(
        "{0} is not on loopback: whoever reaches it could spend the vouchers. Listen on 127.0.0.1, or say --allow-remote and \
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
        })
    }

    /// Refuses whatever no application on this machine would send.
    fn require(&self, method: &Method, headers: &HeaderMap) -> Result<(), Refused> {
        if self.loopback_only {
            let host = headers
                .get(header::HOST)
                .and_then(|host| host.to_str().ok());
            if !host.is_some_and(is_loopback) {
                return Err(Refused::of_another_site("the Host is not this machine's"));
            }
        }
        if let Some(origin) = headers.get(header::ORIGIN) {
            let site = origin.to_str().ok().and_then(|site| site.split_once("://"));
            if !site.is_some_and(|(_, host)| is_loopback(host)) {
                return Err(Refused::of_another_site("a web page asks"));
            }
        }
        if headers
            .get("sec-fetch-site")
            .is_some_and(|site| site == "cross-site")
        {
            return Err(Refused::of_another_site("a web page asks"));
        }
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

    /// Refuses a key that is not the proxy's; one that it has made for an application is for the gateway's endpoints alone.
    fn limits(&self, purse: &Purse, request: &Request) -> Result<Option<Limited>, Refused> {
        let given = given(request.headers());
        if let Some(key) = given.filter(|key| key.starts_with(PREFIX)) {
            let found = purse.key(key).map_err(crate::channel::ChannelError::from)?;
            return match found {
                Some((channel, kept)) if request.uri().path().starts_with("/v1/") => {
                    let api_key = kept.api_key;
                    Ok(Some(Limited { channel, api_key }))
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

/// Whoever asks may consume a part of one voucher, as the gateway's key says.
#[derive(Clone)]
pub(super) struct Limited {
    /// The voucher.
    pub(super) channel: Arc<Channel>,
    /// The gateway's key.
    pub(super) api_key: String,
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

/// Stands before every route.
pub(super) async fn check(
    State(shared): State<Shared>,
    mut request: Request,
    next: Next,
) -> Response {
    let access = &shared.access;
    let checked = access
        .require(request.method(), request.headers())
        .and_then(|()| access.limits(&shared.purse, &request));
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
