//! A founded currency with two vendors whose gateways serve, for as long as somebody needs it.

use super::{Binaries, Market, Person, Service, Tell, Vendor, found, open_vaults, stage::Stage};
use anyhow::Result;
use serde_json::{Value, json};
use solana_signer::Signer;

/// A currency in service. What it started ends when it is dropped.
pub struct Standing {
    /// The currency, and the network that it is on.
    pub market: Market,
    /// The currency's vendors.
    pub vendors: [Vendor; 2],
    /// Their gateways, in the same order.
    pub gateways: [Service; 2],
    /// Somebody with SOL and stablecoins.
    pub wallet: Person,
    _upstream: Service,
}

impl Standing {
    /// Founds the currency, opens the vaults and starts the gateways. The wallet is given so many stablecoins, in base units.
    pub async fn start(binaries: Binaries, purse: u64, tell: Tell) -> Result<Self> {
        let market = found(Stage::start(binaries, tell).await?).await?;
        let vendors = open_vaults(&market).await?;
        let wallet = market.stage.person("wallet", purse).await?;
        Self::with(market, vendors, wallet)
    }

    /// Starts the gateways of a currency that is there already.
    pub fn with(market: Market, vendors: [Vendor; 2], wallet: Person) -> Result<Self> {
        let upstream = demo_upstream(&market.stage)?;
        let [north, south] = &vendors;
        let gateways = [
            north.gateway(&market.stage, &upstream.url)?,
            south.gateway(&market.stage, &upstream.url)?,
        ];
        Ok(Self {
            market,
            vendors,
            gateways,
            wallet,
            _upstream: upstream,
        })
    }

    /// What the page's `config.json` says of this currency.
    pub fn page_config(&self) -> Value {
        let vendors: Vec<_> = self
            .vendors
            .iter()
            .zip(&self.gateways)
            .map(|(vendor, gateway)| {
                json!({
                    "vault": vendor.vault.to_string(),
                    "name": vendor.pledge.name,
                    "gateway": gateway.url,
                })
            })
            .collect();
        json!({
            "mint": self.market.mint.to_string(),
            "symbol": "SCU",
            "collateralSymbol": "USDX",
            "rpc": [self.market.stage.net.rpc_url()],
            "vendors": vendors,
        })
    }

    /// Everything that a test of the page needs to act on this currency: addresses, URLs and key files.
    pub fn describe(&self) -> Value {
        let key_file = |name: &str| self.market.stage.path(&format!("{name}.json"));
        let vendors: Vec<_> = self
            .vendors
            .iter()
            .zip(&self.gateways)
            .map(|(vendor, gateway)| {
                json!({
                    "name": vendor.pledge.name,
                    "vault": vendor.vault.to_string(),
                    "keyFile": vendor.person.file,
                    "gateway": gateway.url,
                    "collateral": vendor.pledge.collateral,
                    "price": vendor.pledge.price,
                })
            })
            .collect();
        let attestors = ["attestor-1", "attestor-2", "attestor-3"].map(key_file);
        json!({
            "rpc": self.market.stage.net.rpc_url(),
            "program": specie_client::PROGRAM_ID.to_string(),
            "currency": self.market.currency.to_string(),
            "mint": self.market.mint.to_string(),
            "stablecoin": self.market.stage.net.stablecoin().to_string(),
            "authorityKeyFile": self.market.authority.file,
            "attestorKeyFiles": attestors,
            "wallet": {
                "address": self.wallet.keypair.pubkey().to_string(),
                "keyFile": self.wallet.file,
            },
            "vendors": vendors,
            "page": self.page_config(),
        })
    }
}

/// An OpenAI server for gateways to stand before, which is no model.
pub(super) fn demo_upstream(stage: &Stage) -> Result<Service> {
    stage.service(
        "specie-demo-upstream",
        "specie-demo-upstream",
        &["--listen", "127.0.0.1:0"],
    )
}
