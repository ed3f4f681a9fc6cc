//! The address of an RPC or of another service, whose secrets nobody prints by mistake.
//!
//! Providers put the key to a paid RPC into its address: as user and password, as a query, or as a part of the path
//! (`https://rpc.example/v2/KEY`). Errors, logs and reports name the address, and so would publish the key.

use std::{fmt, str::FromStr};
use url::Url;

/// Stands where something is left out.
const LEFT_OUT: &str = "…";

/// An address. `Display` and `Debug` leave out user, password, query, and every part of the path but versions like `v2`.
#[derive(Clone, PartialEq, Eq)]
pub struct Endpoint(String);

impl Endpoint {
    /// The address as it was written; whether it is one shows when it is asked.
    pub fn new(address: impl Into<String>) -> Self {
        Self(address.into())
    }

    /// The address with its secrets, for whoever connects to it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl FromStr for Endpoint {
    type Err = std::convert::Infallible;

    fn from_str(address: &str) -> Result<Self, Self::Err> {
        Ok(Self::new(address))
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Ok(url) = self.0.parse::<Url>() else {
            let harmless = |byte: u8| byte.is_ascii_alphanumeric() || b".-:".contains(&byte);
            let shown = self.0.bytes().all(harmless) && self.0.len() < 32;
            return f.write_str(if shown { &self.0 } else { LEFT_OUT });
        };
        let Some(host) = url.host_str() else {
            return write!(f, "{}:{LEFT_OUT}", url.scheme());
        };
        write!(f, "{}://", url.scheme())?;
        if !url.username().is_empty() || url.password().is_some() {
            write!(f, "{LEFT_OUT}@")?;
        }
        f.write_str(host)?;
        if let Some(port) = url.port() {
            write!(f, ":{port}")?;
        }
        for part in url.path_segments().into_iter().flatten() {
            if !part.is_empty() {
                write!(f, "/{}", if is_version(part) { part } else { LEFT_OUT })?;
            }
        }
        if url.query().is_some() {
            write!(f, "?{LEFT_OUT}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.to_string())
    }
}

fn is_version(part: &str) -> bool {
    let number = part.strip_prefix('v').unwrap_or_default();
    (1..=3).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_secret_of_an_address_is_shown() {
        for (address, shown) in [
            ("http://127.0.0.1:8899", "http://127.0.0.1:8899"),
            (
                "https://api.devnet.solana.com/",
                "https://api.devnet.solana.com",
            ),
            ("https://me:KEY@rpc.example", "https://…@rpc.example"),
            (
                "https://KEY@rpc.example:8899/",
                "https://…@rpc.example:8899",
            ),
            ("https://rpc.example/?api-key=KEY", "https://rpc.example?…"),
            ("https://rpc.example/v2/KEY", "https://rpc.example/v2/…"),
            (
                "https://rpc.example/KEY/v1/#KEY",
                "https://rpc.example/…/v1",
            ),
            ("http://[::1]:8899/KEY", "http://[::1]:8899/…"),
            ("nonsense", "nonsense"),
            ("rpc.example/KEY", "…"),
            ("data:KEY", "data:…"),
        ] {
            let endpoint = Endpoint::new(address);
            assert_eq!(endpoint.to_string(), shown);
            assert!(!format!("{endpoint:?}").contains("KEY"));
            assert_eq!(endpoint.expose(), address);
        }
    }
}
