//! A vendor: its vault and its gateway.

use super::{
    market::Person,
    stage::{Service, Stage},
};
use anyhow::Result;
use serde_json::json;
use solana_pubkey::Pubkey;

/// What a vendor brings.
pub struct Pledge {
    /// The vendor's name.
    pub name: &'static str,
    /// TFLOP/s that its hardware sustains.
    pub rate: &'static str,
    /// Stablecoins it deposits as collateral.
    pub collateral: &'static str,
    /// Price of an SCU in its offer.
    pub price: &'static str,
    /// Tokens that the wallet buys of it.
    pub bought: &'static str,
    /// Tokens that the wallet redeems at it.
    pub redeemed: &'static str,
}

/// A vendor with an open vault.
pub struct Vendor {
    /// What it brings.
    pub pledge: Pledge,
    /// The vendor's key.
    pub person: Person,
    /// The vendor's vault.
    pub vault: Pubkey,
}

impl Vendor {
    /// What it publishes about its hardware, and the quorum signs the hash of.
    pub fn inventory(&self) -> String {
        let name = self.pledge.name;
        // One H200 sustains about 790 TFLOP/s.
        let devices = self.pledge.rate.parse::<u64>().unwrap_or(0) / 790;
        let device = |n| json!({"model": "H200", "serial": format!("{name}-{n}")});
        let devices: Vec<_> = (0..devices).map(device).collect();
        json!({"vault": self.vault.to_string(), "devices": devices}).to_string()
    }

    /// Starts the vendor's gateway in front of an upstream.
    pub fn gateway(&self, stage: &Stage, upstream: &str) -> Result<Service> {
        self.gateway_asking(stage, upstream, &[], 1)
    }

    /// The same, which asks further RPC nodes, of which together with the stage's so many must agree.
    pub fn gateway_asking(
        &self,
        stage: &Stage,
        upstream: &str,
        further: &[&str],
        agree: usize,
    ) -> Result<Service> {
        self.start_gateway(stage, upstream, further, agree, "")
    }

    /// The same as [`gateway`](Self::gateway), with more in its configuration.
    pub fn gateway_with(&self, stage: &Stage, upstream: &str, more: &str) -> Result<Service> {
        self.start_gateway(stage, upstream, &[], 1, more)
    }

    fn start_gateway(
        &self,
        stage: &Stage,
        upstream: &str,
        further: &[&str],
        agree: usize,
        more: &str,
    ) -> Result<Service> {
        let name = self.pledge.name;
        let config = format!(
            r#"
listen = "127.0.0.1:0"
rpc_url = "{rpc}"
vault = "{vault}"
issuer_key = "{name}.json"
operator_key = "{name}.json"
database = "sqlite://{database}"

[[models]]
id = "demo"
upstream = "{upstream}/v1"
input_units_per_1000 = 2000000
output_units_per_1000 = 6000000
context_tokens = 4096
max_output_tokens = 512

[chain]
poll_seconds = 1
rpc_urls = {further:?}
agree = {agree}
# The network's clock is moved forward, past dispute windows.
clock_skew_seconds = 86400

[challenges]
poll_seconds = 1

[settlement]
amount_units = 1

{more}
"#,
            rpc = stage.net.rpc_url(),
            vault = self.vault,
            database = stage.path(&format!("{name}.sqlite")).display(),
        );
        let path = stage.path(&format!("{name}.toml"));
        std::fs::write(&path, config)?;
        let path = path.display().to_string();
        stage.service(
            &format!("specie-gateway-{name}"),
            "specie-gateway",
            &["--config", &path],
        )
    }
}
