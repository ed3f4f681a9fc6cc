//! A gateway, holders with vouchers, and proxies in front of it.

use crate::wire::Wire;
use axum::Router;
use serde_json::{Value, json};
use solana_pubkey::Pubkey;
use specie_claims::class::Class;
use specie_claims::clock::{Clock as _, ManualClock, UnixTime};
use specie_claims::units::Units;
use specie_gateway::chain::{Chain as _, Tip, VoucherFacts};
use specie_gateway::config::ConfigFile;
use specie_gateway::gateway::Gateway;
use specie_gateway::http;
use specie_gateway::lease::{Pool, Terms};
use specie_gateway::ledger::{Account, Ledger, VoucherId};
use specie_gateway::offer::Offer;
use specie_proxy::serve::{self, Access};
use specie_proxy::{
    Budget, Channel, Common, GatewayClient, Holder, IssuerFuture, Purse, Tenant, VaultIssuer,
};
use specie_testing::chain::MemoryChain;
use specie_testing::demo_upstream::{self, Behaviour};
use specie_testing::provisioner::MemoryProvisioner;
use specie_wire::{Key, SigningKey};
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub(crate) const CLUSTER: Key = [9; 32];
pub(crate) const NOW: UnixTime = UnixTime(1_700_000_000);

pub(crate) fn units(units: u64) -> Units {
    Units::new(units).unwrap()
}

/// The chain, as a holder's own node has it.
struct Node(Arc<MemoryChain>);

impl VaultIssuer for Node {
    fn issuer(&self, _: Key) -> IssuerFuture<'_> {
        Box::pin(async {
            let facts = self.0.vault().await;
            facts
                .map(|facts| facts.issuer.to_bytes())
                .map_err(|error| error.to_string())
        })
    }
}

/// A vendor: one unit for each word read, two for each written.
pub(crate) struct Vendor {
    pub(crate) chain: Arc<MemoryChain>,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) gateway: Arc<Gateway>,
    /// Who says what runs on the pool `h200`.
    pub(crate) provisioner: Arc<MemoryProvisioner>,
    pub(crate) pool: Pool,
    /// Where it is, by way of a wire.
    pub(crate) wire: Wire,
    issuer: SigningKey,
    /// Its configuration, and where that is.
    config: String,
    folder: tempfile::TempDir,
}

impl Vendor {
    pub(crate) async fn start() -> Self {
        Self::with(2, Behaviour::default()).await
    }

    pub(crate) async fn upstream_behaves(behaviour: Behaviour) -> Self {
        Self::with(2, behaviour).await
    }

    /// `number` tells it from others.
    pub(crate) async fn with(number: u8, behaviour: Behaviour) -> Self {
        Self::with_upstream(number, demo_upstream::router(behaviour)).await
    }

    /// A vendor whose model is served by these routes.
    pub(crate) async fn with_upstream(number: u8, upstream: Router) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let upstream = serve(upstream).await;
        let vault = Pubkey::new_from_array([number; 32]);
        let config = format!(
            "rpc_url = \"http://127.0.0.1:1\"\nvault = \"{vault}\"\nissuer_key = \"none\"\noperator_key = \"none\"\n\
             [[models]]\nid = \"demo\"\nupstream = \"{upstream}/v1\"\ninput_units_per_1000 = 1000\n\
             cached_units_per_1000 = 500\noutput_units_per_1000 = 2000\ncontext_tokens = 8192\nmax_output_tokens = 100\n\
             template_tokens = 10\nendpoints = [\"chat\", \"completions\", \"embeddings\"]\n"
        );
        let provisioner = Arc::new(MemoryProvisioner::default());
        let pool = Pool {
            id: "h200".to_owned(),
            class: Class::Training,
            accelerators: 8,
            most: 8,
            terms: Terms {
                units_per_second: 100,
                interval_ms: 10_000,
                warning_ms: 4_000,
                grace_ms: 2_000,
            },
            provisioner: provisioner.clone(),
        };
        let offer = offer(folder.path(), &config, &pool);
        let issuer = SigningKey::from_bytes(&[number + 100; 32]);
        let verifying = issuer.verifying_key().to_bytes();
        let facts = specie_testing::account::vault(vault, CLUSTER, verifying);
        let tip = Tip {
            block_height: 1_000,
            time: NOW,
        };
        let chain = Arc::new(MemoryChain::new(facts, tip));
        let clock = Arc::new(ManualClock::at(NOW));
        let database = format!(
            "sqlite://{}",
            folder.path().join("gateway.sqlite").display()
        );
        let ledger = Ledger::open(&database).await.unwrap();
        let gateway = Gateway::new(offer, issuer.clone(), ledger, chain.clone(), clock.clone());
        let gateway = Arc::new(gateway.unwrap());
        gateway.sync.come_in_step().await.unwrap();
        let url = serve(gateway.router()).await;
        let wire = Wire::to(&url, issuer.clone()).await;
        Self {
            chain,
            clock,
            gateway,
            provisioner,
            pool,
            wire,
            issuer,
            config,
            folder,
        }
    }

    /// The gateway anew, with another configuration and another pool, on the same ledger and at the same address.
    pub(crate) async fn restart(
        &mut self,
        configured: impl FnOnce(&str) -> String,
        pool: impl FnOnce(&mut Pool),
    ) {
        self.config = configured(&self.config);
        pool(&mut self.pool);
        let offer = offer(self.folder.path(), &self.config, &self.pool);
        let ledger = self.gateway.ledger.clone();
        let (chain, clock) = (self.chain.clone(), self.clock.clone());
        let gateway = Gateway::new(offer, self.issuer.clone(), ledger, chain, clock);
        self.gateway = Arc::new(gateway.unwrap());
        self.gateway.sync.come_in_step().await.unwrap();
        let url = serve(self.gateway.router()).await;
        self.wire.leads_to(&url);
    }

    /// The vendor replaces its issuer key, as its guide has it: on chain, in the configuration, and by a restart.
    pub(crate) async fn replace_issuer(&mut self) {
        let next = self.issuer.to_bytes()[0] + 50;
        self.issuer = SigningKey::from_bytes(&[next; 32]);
        self.name_issuer().await;
        self.wire.has_issuer(self.issuer.clone());
        self.restart(str::to_owned, |_| {}).await;
    }

    /// Lets time pass, on the chain as well.
    pub(crate) async fn pass(&self, milliseconds: u64) {
        self.clock.pass(milliseconds);
        self.chain.set_tip(Tip {
            block_height: 5_000,
            time: self.clock.now(),
        });
        self.gateway.sync.come_in_step().await.unwrap();
    }

    /// Has the chain name the issuer.
    async fn name_issuer(&self) {
        let mut facts = self.chain.vault().await.unwrap();
        facts.issuer = Pubkey::new_from_array(self.issuer.verifying_key().to_bytes());
        self.chain.set_vault(facts);
    }

    /// Opens a voucher on chain for a session key of its own.
    pub(crate) fn redeem(&self, units: u64) -> Redeemed {
        self.redeem_for(Class::Inference, units)
    }

    /// The same, for a class.
    pub(crate) fn redeem_for(&self, class: Class, units: u64) -> Redeemed {
        let (key, facts) = self.chain.redeem(class, units, NOW);
        Redeemed { key, facts }
    }

    /// A voucher of so many units, and a proxy that may sign for all of them, `step` at a time.
    pub(crate) async fn served(&self, units: u64, step: u64) -> (Redeemed, Proxy) {
        let voucher = self.redeem(units);
        let folder = self.folder.path().join(voucher.facts.voucher.to_string());
        let proxy = self.proxy(&voucher, &folder, units, step).await;
        (voucher, proxy)
    }

    /// The gateway's account of a voucher.
    pub(crate) async fn account(&self, voucher: &Redeemed) -> Account {
        let id = VoucherId {
            address: voucher.facts.voucher,
            opened_at: voucher.facts.opened_at.0,
        };
        self.gateway.ledger.account(id).await.unwrap().unwrap()
    }

    /// A channel for a voucher, by way of the wire.
    pub(crate) fn channel(&self, voucher: &Redeemed, common: &Arc<Common>) -> Channel {
        let channel = self.try_channel(voucher, common, 0);
        channel.unwrap_or_else(|error| panic!("{error}"))
    }

    pub(crate) fn try_channel(
        &self,
        voucher: &Redeemed,
        common: &Arc<Common>,
        signed: u64,
    ) -> Result<Channel, specie_proxy::tab::TabError> {
        Channel::open(
            voucher.holder(),
            GatewayClient::new(self.wire.url()).unwrap(),
            self.issuer.verifying_key().to_bytes(),
            Units::ZERO,
            units(signed),
            Arc::clone(common),
        )
    }

    /// What pays for leases with a voucher, by way of the wire.
    pub(crate) fn tenant(&self, voucher: &Redeemed, folder: &Path, budget: u64) -> Tenant {
        self.try_tenant(voucher, folder, budget)
            .unwrap_or_else(|error| panic!("{error}"))
    }

    pub(crate) fn try_tenant(
        &self,
        voucher: &Redeemed,
        folder: &Path,
        budget: u64,
    ) -> Result<Tenant, specie_proxy::tab::TabError> {
        Tenant::open(
            voucher.holder(),
            GatewayClient::new(self.wire.url()).unwrap(),
            self.issuer.verifying_key().to_bytes(),
            Units::ZERO,
            Units::ZERO,
            self.common(folder, budget, 1),
        )
    }

    /// What a holder with these files, this budget and this step has.
    pub(crate) fn common(&self, folder: &Path, budget: u64, step: u64) -> Arc<Common> {
        let budget = Budget::new(units(budget), units(step));
        let (clock, chain) = (self.clock.clone(), Arc::new(Node(self.chain.clone())));
        Arc::new(Common::new(folder.to_owned(), budget, clock, chain))
    }

    /// A proxy for one voucher, with files in `folder`.
    pub(crate) async fn proxy(
        &self,
        voucher: &Redeemed,
        folder: &Path,
        budget: u64,
        step: u64,
    ) -> Proxy {
        let common = self.common(folder, budget, step);
        let channel = self.channel(voucher, &common);
        Proxy::start(Purse::new(common, vec![channel])).await
    }
}

/// What a configuration and a pool offer.
fn offer(folder: &Path, config: &str, pool: &Pool) -> Offer {
    let path = folder.join("gateway.toml");
    std::fs::write(&path, config).unwrap();
    let mut offer = ConfigFile::read(&path).unwrap().offer().unwrap();
    offer.pools.push(pool.clone());
    offer
}

/// Evidence that is kept in a folder.
pub(crate) fn evidence(folder: &Path) -> Vec<PathBuf> {
    kept(folder, "evidence-")
}

/// Doubts that are kept in a folder.
pub(crate) fn doubts(folder: &Path) -> Vec<PathBuf> {
    kept(folder, "doubt-")
}

fn kept(folder: &Path, prefix: &str) -> Vec<PathBuf> {
    let files = std::fs::read_dir(folder).unwrap();
    let files = files.map(|entry| entry.unwrap().path());
    let is_kept = |path: &PathBuf| {
        let name = path.file_name().unwrap().to_str().unwrap();
        name.starts_with(prefix)
    };
    files.filter(is_kept).collect()
}

/// A voucher on chain and its session key.
pub(crate) struct Redeemed {
    pub(crate) key: SigningKey,
    pub(crate) facts: VoucherFacts,
}

impl Redeemed {
    pub(crate) fn holder(&self) -> Holder {
        let voucher = specie_gateway::voucher::Voucher::from_account(&self.facts);
        Holder::new(*voucher.terms(), CLUSTER, self.key.clone()).unwrap()
    }
}

/// A running proxy.
pub(crate) struct Proxy {
    pub(crate) purse: Arc<Purse>,
    pub(crate) url: String,
    http: reqwest::Client,
    serving: tokio::task::JoinHandle<()>,
}

impl Proxy {
    pub(crate) async fn start(purse: Purse) -> Self {
        Self::with_key(purse, None).await
    }

    pub(crate) async fn with_key(purse: Purse, key: Option<&str>) -> Self {
        let purse = Arc::new(purse);
        Self::with_access(purse, key, &[]).await
    }

    /// One that pages of these origins may ask as well.
    pub(crate) async fn with_access(
        purse: Arc<Purse>,
        key: Option<&str>,
        origins: &[&str],
    ) -> Self {
        let listener = http::listen("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let origins = origins.iter().map(|origin| origin.parse().unwrap());
        let access = Access::new(address, false, key).unwrap();
        let access = access.allowing(origins.collect());
        let router = serve::router(Arc::clone(&purse), access);
        let serving = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self {
            purse,
            url: format!("http://{address}"),
            http: reqwest::Client::new(),
            serving,
        }
    }

    /// Ends it at once, whatever it was doing; its files are all that is left.
    pub(crate) async fn kill(self) {
        self.serving.abort();
        let _ = self.serving.await;
        // Connections have tasks of their own, which end with their requests.
        let mut purse = self.purse;
        for _ in 0..12_000 {
            match Arc::try_unwrap(purse) {
                Ok(_) => return,
                Err(shared) => purse = shared,
            }
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        panic!("the proxy is still being used");
    }

    pub(crate) fn channel(&self) -> &Channel {
        &self.purse.channels()[0]
    }

    pub(crate) async fn send(&self, body: &Value) -> reqwest::Response {
        let url = format!("{}/v1/chat/completions", self.url);
        self.http.post(url).json(body).send().await.unwrap()
    }

    /// Posts to any path, as the same request each time that `key` is the same.
    pub(crate) async fn repeat(&self, path: &str, key: &str, body: &Value) -> reqwest::Response {
        let request = self.http.post(self.url.clone() + path).json(body);
        let request = request.header("idempotency-key", key);
        request.send().await.unwrap()
    }

    pub(crate) async fn ask(&self, body: &Value) -> (u16, Value) {
        let response = self.send(body).await;
        (response.status().as_u16(), response.json().await.unwrap())
    }

    pub(crate) async fn stream(&self, body: &Value) -> String {
        let mut body = body.clone();
        body["stream"] = json!(true);
        let response = self.send(&body).await;
        assert_eq!(response.status(), 200);
        response.text().await.unwrap()
    }

    pub(crate) async fn get(&self, path: &str) -> (u16, String) {
        let response = self.http.get(self.url.clone() + path).send().await.unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    }

    pub(crate) async fn status(&self) -> Value {
        let (status, body) = self.get("/specie/status").await;
        assert_eq!(status, 200);
        serde_json::from_str(&body).unwrap()
    }
}

/// A question of `words` words: it costs `words` and twice as many units as it has `answer` words.
pub(crate) fn question(words: usize, answer: u64) -> Value {
    json!({
        "model": "demo",
        "max_tokens": answer,
        "messages": [{"role": "user", "content": vec!["word"; words].join(" ")}],
    })
}

/// The code of a refusal.
pub(crate) fn code(body: &Value) -> &str {
    body["error"]["code"].as_str().unwrap_or_default()
}

/// Serves routes on a free port of loopback.
pub(crate) async fn serve(router: Router) -> String {
    let listener = http::listen("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}
