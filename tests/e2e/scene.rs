//! A currency with one vendor that serves, and a wallet with a voucher of it.

use crate::{binaries, quiet};
use serde_json::Value;
use solana_keypair::Keypair;
use solana_pubkey::Pubkey;
use specie_client::state::Voucher;
use specie_tests::demo::{Market, Person, Pledge, Service, Stage, Vendor};
use std::io::{BufRead as _, BufReader};
use std::process::{Child, ChildStdout, Command, Stdio};
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
    let stage = Stage::start(binaries(), quiet()).await.unwrap();
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

/// Ctrl-C for a process.
pub(crate) fn interrupt(process: u32) {
    let process = process.to_string();
    let asked = Command::new("kill").args(["-INT", &process]).status();
    assert!(asked.unwrap().success());
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

    /// Starts a proxy that closes its voucher when it is stopped, and prints JSON; returns it and where it listens.
    pub(crate) fn start_closing_proxy(&self) -> (Child, BufReader<ChildStdout>, String) {
        let mut arguments = vec!["proxy".to_owned(), "--close-when-done".to_owned()];
        arguments.extend(self.about_proxy());
        let rest = [
            "--listen",
            "127.0.0.1:0",
            "--step",
            "0.5",
            "--output",
            "json-compact",
        ];
        arguments.extend(rest.map(str::to_owned));
        let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
        let mut command = self.market.stage.specie_command(&self.wallet, &arguments);
        let command = command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut printed = BufReader::new(child.stdout.take().unwrap());
        let mut ready = String::new();
        printed.read_line(&mut ready).unwrap();
        let ready: Value = serde_json::from_str(&ready).unwrap();
        let url = ready["api"].as_str().unwrap().to_owned();
        (child, printed, url)
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
