//! The two ports of a network: RPC, and WebSocket right above it, where every Solana client
//! looks for it when it is told the RPC address alone.

use {
    anyhow::{Context, Result, bail},
    std::net::TcpListener,
};

pub(crate) const HOST: &str = "127.0.0.1";

/// How many pairs to try before saying that none is free.
const ATTEMPTS: usize = 64;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ports {
    pub(crate) rpc: u16,
    pub(crate) websocket: u16,
}

impl Ports {
    /// The asked-for RPC port and the one above it, if nobody listens on either.
    pub(crate) fn fixed(rpc: u16) -> Result<Self> {
        let websocket = rpc
            .checked_add(1)
            .filter(|_| rpc != 0)
            .with_context(|| format!("port {rpc} cannot be used: choose one from 1 to 65534"))?;
        let ports = Self { rpc, websocket };
        for port in [rpc, websocket] {
            if let Err(error) = TcpListener::bind((HOST, port)) {
                bail!(
                    "port {port} on {HOST} cannot be opened ({error}): stop the program that \
                     listens on it, or choose another RPC port (the WebSocket port is one above)"
                );
            }
        }
        Ok(ports)
    }

    /// Two neighbouring ports that nobody listens on at the moment.
    pub(crate) fn free() -> Result<Self> {
        for _ in 0..ATTEMPTS {
            let offered = TcpListener::bind((HOST, 0))
                .and_then(|listener| listener.local_addr())
                .context("the system offers no free port")?
                .port();
            if let Ok(ports) = Self::fixed(offered) {
                return Ok(ports);
            }
        }
        bail!("no two neighbouring free ports on {HOST} in {ATTEMPTS} attempts")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_without_a_neighbour_are_refused() {
        for port in [0, u16::MAX] {
            let error = Ports::fixed(port).unwrap_err().to_string();
            assert!(error.contains("choose one from 1 to 65534"), "{error}");
        }
    }

    #[test]
    fn a_port_in_use_is_named() {
        let taken = TcpListener::bind((HOST, 0)).unwrap();
        let port = taken.local_addr().unwrap().port();
        let error = Ports::fixed(port).unwrap_err().to_string();
        assert!(error.starts_with(&format!("port {port} on")), "{error}");
    }

    #[test]
    fn a_websocket_port_in_use_is_named() {
        let ports = Ports::free().unwrap();
        let _taken = TcpListener::bind((HOST, ports.websocket)).unwrap();
        let error = Ports::fixed(ports.rpc).unwrap_err().to_string();
        assert!(
            error.starts_with(&format!("port {} on", ports.websocket)),
            "{error}"
        );
    }
}
