//! A currency with one vendor that serves, and a wallet with a voucher of it.

use crate::{binaries, quiet};
use solana_keypair::Keypair;
use solana_pubkey::Pubkey;
use specie_client::state::Voucher;
use specie_tests::demo::{Market, Person, Pledge, Service, Stage, Vendor};
use std::time::Duration;

/// The key that an application of the wallet's shows to the proxy.
pub(crate) const APP_KEY: &str = "a key of the application's own";

const PLEDGE: Pledge = Pledge {
    name: "north",
    rate: "6320",
    collateral: "500",
    price: "2.20",
    bought: "10",
    redeemed: "5",
};

/// A vault that sold ten tokens, and who has them.
pub(crate) async fn sold() -> (Market, Vendor, Person) {
    let stage = Stage::start(binaries(), quiet).await.unwrap();
    stage.deploy().await.unwrap();
    let market = Market::found(stage).await.unwrap();
    let vendor = market.open_vault(PLEDGE).await.unwrap();
    market.post_price("2.15").unwrap();
    market.attest_capacity(&vendor).unwrap();
    market.pass(61).await.unwrap();
    let wallet = market.stage.person("wallet", 100_000_000).await.unwrap();
    market.buy(&wallet, &vendor).unwrap();
    (market, vendor, wallet)
}

/// What is there before anything is consumed.
pub(crate) struct Scene {
    pub(crate) market: Market,
    pub(crate) wallet: Person,
    /// The voucher, of which 5 SCU can be consumed.
    pub(crate) voucher: Pubkey,
    /// Its session key, which is in `session-north.json` as well.
    pub(crate) session: Keypair,
    pub(crate) gateway: Service,
    _upstream: Service,
}

impl Scene {
    pub(crate) async fn set() -> Self {
        Self::with("").await
    }

    /// The same, with more in the gateway's configuration.
    pub(crate) async fn with(more: &str) -> Self {
        let (market, vendor, wallet) = sold().await;
        let (voucher, session) = market.redeem(&wallet, &vendor).unwrap();
        market.stage.finalized(&voucher).await.unwrap();

        let upstream = market
            .stage
            .service(
                "upstream",
                "specie-demo-upstream",
                &["--listen", "127.0.0.1:0"],
            )
            .unwrap();
        let gateway = vendor
            .gateway_with(&market.stage, &upstream.url, more)
            .unwrap();
        Self {
            market,
            wallet,
            voucher,
            session,
            gateway,
            _upstream: upstream,
        }
    }

    /// The proxy's arguments, without a verb.
    fn about_proxy(&self) -> Vec<String> {
        let path = |name: &str| self.market.stage.path(name).display().to_string();
        [
            ("--voucher", self.voucher.to_string()),
            ("--session-key", path("session-north.json")),
            ("--gateway", self.gateway.url.clone()),
            ("--state", path("proxy")),
        ]
        .into_iter()
        .flat_map(|(flag, value)| [flag.to_owned(), value])
        .collect()
    }

    /// Starts `specie proxy` for the voucher, with a budget of 2 SCU of which it signs a tenth of one at a time.
    pub(crate) fn start_proxy(&self) -> Service {
        let stage = &self.market.stage;
        let key = stage.path("app.key");
        std::fs::write(&key, APP_KEY).unwrap();
        let key = key.display().to_string();
        let mut arguments = vec!["proxy"];
        let about = self.about_proxy();
        arguments.extend(about.iter().map(String::as_str));
        arguments.extend(["--listen", "127.0.0.1:0", "--budget", "2", "--step", "0.1"]);
        arguments.extend(["--app-key", &key]);
        stage.specie_service(&self.wallet, &arguments).unwrap()
    }

    /// Has the proxy that was stopped sign for exactly what was consumed.
    pub(crate) fn close_proxy(&self) {
        let mut close = vec!["proxy".to_owned(), "close".to_owned()];
        close.extend(self.about_proxy());
        let close: Vec<_> = close.iter().map(String::as_str).collect();
        let closed = self.market.stage.specie(&self.wallet, &close).unwrap();
        assert!(closed.contains("specie wallet close"), "{closed}");
    }

    /// Waits until the chain has settled so many units, and sees to it that it never settles more.
    pub(crate) async fn until_settled(&self, units: u64) {
        let stage = &self.market.stage;
        let settled = || async move {
            let account: Voucher = stage.account(&self.voucher).await?;
            assert!(account.settled.get() <= units);
            Ok(account.settled.get() == units)
        };
        stage
            .until("settlement", Duration::from_secs(60), settled)
            .await
            .unwrap();
    }
}
