//! An embedded Solana network: surfpool in process, offline, with nothing to install.
//!
//! It differs from a validator in three ways that tests need: it starts in under a second, its
//! clock can be moved forward, and it holds a test stablecoin that anybody may mint. Everything
//! else is real: signatures are checked, blockhashes expire, fees are paid, and programs are
//! deployed by Solana's upgradeable loader, transaction by transaction.
//!
//! ```no_run
//! # async fn example() -> anyhow::Result<()> {
//! use specie_localnet::{Config, Localnet, program_keypair};
//!
//! let network = Localnet::start(Config::default()).await?;
//! let program = std::fs::read("target/deploy/specie.so")?;
//! network.deploy(&program, &program_keypair(), network.faucet()).await?;
//! let buyer = network.funded_keypair(1_000_000_000, 250_000_000).await?;
//! network.advance(std::time::Duration::from_secs(3600)).await?;
//! # let _ = buyer; Ok(()) }
//! ```
//!
//! Each module's functions take any [`RpcClient`], so that a second process can use them
//! against a network that the first one keeps running.

pub mod clock;
pub mod keys;
pub mod loader;
pub mod network;
mod ports;
mod runloop;
pub mod stablecoin;
pub mod transactions;

pub use keys::{faucet_keypair, program_keypair};
pub use loader::{Deployment, deploy};
pub use network::{Config, Localnet};
pub use solana_rpc_client::nonblocking::rpc_client::RpcClient;
