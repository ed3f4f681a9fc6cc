//! A gateway with everything around it, and holders who use it.

use serde_json::{Value, json};
use solana_pubkey::Pubkey;
use specie_gateway::chain::view::Freshness;
use specie_gateway::chain::{Tip, VaultFacts, VoucherFacts};
use specie_gateway::class::Class;
use specie_gateway::clock::{Clock, ManualClock, UnixTime};
use specie_gateway::gateway::Gateway;
use specie_gateway::issuer::Issuer;
use specie_gateway::lease::{self, Pool};
use specie_gateway::ledger::{Account, VoucherId};
use specie_gateway::limits::Limits;
use specie_gateway::offer::{Offer, Origins};
use specie_gateway::receipt::SentReceipt;
use specie_gateway::serving::upstream::Tolerance;
use specie_gateway::serving::{Endpoint, Keeping, Model, Repeats};
use specie_gateway::settlement::Policy;
use specie_gateway::tariff::Tariff;
use specie_gateway::units::Units;
use specie_gateway::watch;
use specie_gateway::{http, proof};
use specie_testing::chain::MemoryChain;
use specie_testing::database::TestDatabase;
use specie_testing::demo_upstream::{self, Behaviour};
use specie_wire::{Key, Receipt, SigningKey};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

pub(crate) const CLUSTER: Key = [9; 32];
pub(crate) const NOW: UnixTime = UnixTime(1_700_000_000);
pub(crate) const WINDOW: i64 = 600;
pub(crate) const STALENESS: i64 = 60;
pub(crate) const PUBLIC_URL: &str = "https://gateway.example";
pub(crate) const VAULT: Pubkey = Pubkey::new_from_array([2; 32]);

/// One unit for each word read, two for each written: sums are easy to follow.
pub(crate) const TARIFF: Tariff = Tariff {
    input_units_per_1000: 1_000,
    cached_units_per_1000: 500,
    output_units_per_1000: 2_000,
    units_per_second: 0,
};

pub(crate) fn units(units: u64) -> Units {
    Units::new(units).unwrap()
}

pub(crate) fn issuer() -> SigningKey {
    SigningKey::from_bytes(&[4; 32])
}

/// What a test changes before the gateway starts.
pub(crate) struct WorldBuilder {
    behaviour: Behaviour,
    limits: Limits,
    policy: Policy,
    upstreams: Vec<String>,
    model: Model,
    second_model: Option<Model>,
    tolerance: Tolerance,
    repeats: Repeats,
    pools: Vec<Pool>,
    leases: lease::turn::Policy,
    challenges: watch::Policy,
    origins: Origins,
    issuer: Issuer,
    database: Option<TestDatabase>,
}

impl WorldBuilder {
    pub(crate) fn upstream_behaves(mut self, behaviour: Behaviour) -> Self {
        self.behaviour = behaviour;
        self
    }

    /// One more of the servers that run the model, instead of the demo's.
    pub(crate) fn upstream_at(mut self, url: &str) -> Self {
        self.upstreams.push(url.to_owned());
        self
    }

    pub(crate) fn on_database(mut self, database: TestDatabase) -> Self {
        self.database = Some(database);
        self
    }

    pub(crate) fn continuous_usage(self) -> Self {
        self.model(|model| model.continuous_usage = true)
    }

    pub(crate) fn model(mut self, change: impl FnOnce(&mut Model)) -> Self {
        change(&mut self.model);
        self
    }

    /// One more model, at the same servers.
    pub(crate) fn second_model(mut self, change: impl FnOnce(&mut Model)) -> Self {
        let mut model = self.model.clone();
        change(&mut model);
        self.second_model = Some(model);
        self
    }

    pub(crate) fn tolerance(mut self, failures: u32, cooldown: Duration) -> Self {
        self.tolerance = Tolerance { failures, cooldown };
        self
    }

    pub(crate) fn repeats(mut self, change: impl FnOnce(&mut Repeats)) -> Self {
        change(&mut self.repeats);
        self
    }

    pub(crate) fn pool(mut self, pool: Pool) -> Self {
        self.pools.push(pool);
        self
    }

    pub(crate) fn follows_leases(mut self, policy: lease::turn::Policy) -> Self {
        self.leases = policy;
        self
    }

    pub(crate) fn limits(mut self, change: impl FnOnce(&mut Limits)) -> Self {
        change(&mut self.limits);
        self
    }

    pub(crate) fn issuer(mut self, issuer: Issuer) -> Self {
        self.issuer = issuer;
        self
    }

    pub(crate) fn challenges(mut self, policy: watch::Policy) -> Self {
        self.challenges = policy;
        self
    }

    pub(crate) fn origins(mut self, origins: Origins) -> Self {
        self.origins = origins;
        self
    }

    pub(crate) fn settles_from(mut self, amount: u64) -> Self {
        self.policy.amount = units(amount);
        self
    }

    pub(crate) async fn start(self) -> World {
        let mut upstreams = self.upstreams;
        if upstreams.is_empty() {
            upstreams.push(serve(demo_upstream::router(self.behaviour)).await + "/v1");
        }
        let mut models = vec![self.model];
        models.extend(self.second_model);
        for model in &mut models {
            model.upstreams = upstreams.iter().map(|url| url.parse().unwrap()).collect();
        }
        let offer = Offer {
            vault: VAULT,
            models,
            public_url: Some(PUBLIC_URL.to_owned()),
            pools: self.pools,
            leases: self.leases,
            limits: self.limits,
            tolerance: self.tolerance,
            probing: None,
            repeats: self.repeats,
            freshness: Freshness {
                staleness: STALENESS,
                clock_skew: 30,
                readings: 3,
            },
            settlement: self.policy,
            challenges: self.challenges,
            origins: self.origins,
        };
        let issuer = issuer().verifying_key().to_bytes();
        let vault = VaultFacts {
            dispute_window: WINDOW,
            answer_window: WINDOW,
            ..specie_testing::account::vault(VAULT, CLUSTER, issuer)
        };
        let tip = Tip {
            block_height: 1_000,
            time: NOW,
        };
        let chain = Arc::new(MemoryChain::new(vault, tip));
        let clock = Arc::new(ManualClock::at(NOW));
        let database = Arc::new(self.database.unwrap_or_else(TestDatabase::create));
        World::on(database, offer, self.issuer, chain, clock).await
    }
}

/// A running gateway and what is around it.
pub(crate) struct World {
    pub(crate) chain: Arc<MemoryChain>,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) gateway: Arc<Gateway>,
    pub(crate) url: String,
    pub(crate) http: reqwest::Client,
    pub(crate) database: Arc<TestDatabase>,
}

impl World {
    pub(crate) fn builder() -> WorldBuilder {
        WorldBuilder {
            behaviour: Behaviour::default(),
            limits: Limits {
                body_bytes: 16_384,
                concurrent_requests: 128,
                choices: 4,
                inputs: 8,
                sessions_per_voucher: 4,
                session_seconds: 3_600,
                body_seconds: 60,
                header_seconds: 60,
                idle_seconds: 60,
                request_seconds: 30,
                ..Limits::default()
            },
            policy: Policy {
                amount: units(1_000_000),
                age: 3_600,
            },
            upstreams: Vec::new(),
            model: Model {
                id: "demo".to_owned(),
                upstreams: Vec::new(),
                upstream_model: "demo".to_owned(),
                key: None,
                endpoints: Endpoint::ALL.to_vec(),
                tariff: TARIFF,
                context_tokens: 8_192,
                max_output_tokens: 100,
                template_tokens: 10,
                continuous_usage: false,
            },
            second_model: None,
            tolerance: Tolerance {
                failures: 3,
                cooldown: Duration::from_secs(60),
            },
            repeats: Repeats {
                keeping: Keeping {
                    answer_bytes: 16_384,
                    session_bytes: 65_536,
                },
                seconds: 86_400,
            },
            pools: Vec::new(),
            leases: lease::turn::Policy {
                poll_ms: 5_000,
                start_ms: 300_000,
                silence_ms: 3_600_000,
            },
            challenges: watch::Policy {
                after_percent: 0,
                in_flight: 4,
                rebid_after: 20,
            },
            origins: Origins::Any,
            database: None,
            issuer: issuer().into(),
        }
    }

    pub(crate) async fn start() -> Self {
        Self::builder().start().await
    }

    async fn on(
        database: Arc<TestDatabase>,
        offer: Offer,
        issuer: Issuer,
        chain: Arc<MemoryChain>,
        clock: Arc<ManualClock>,
    ) -> Self {
        let read = clock.clone();
        Self::by(database, offer, issuer, chain, clock, read).await
    }

    /// With a clock that the gateway reads in the place of the one that is set.
    async fn by(
        database: Arc<TestDatabase>,
        offer: Offer,
        issuer: Issuer,
        chain: Arc<MemoryChain>,
        clock: Arc<ManualClock>,
        read: Arc<dyn Clock>,
    ) -> Self {
        let ledger = database.ledger().await;
        let gateway = Gateway::new(offer, issuer, ledger, chain.clone(), read).unwrap();
        let gateway = Arc::new(gateway);
        gateway.sync.come_in_step().await.unwrap();
        let url = serve_gateway(gateway.clone()).await;
        Self {
            chain,
            clock,
            gateway,
            url,
            http: reqwest::Client::new(),
            database,
        }
    }

    /// What kill -9 leaves: the ledger as it is on disk, opened by a new gateway.
    pub(crate) async fn restart_after_kill(&self) -> Self {
        let database = Arc::new(self.database.copy_after_kill());
        let offer = Offer::clone(&self.gateway.offer);
        let (chain, clock) = (self.chain.clone(), self.clock.clone());
        Self::on(database, offer, issuer().into(), chain, clock).await
    }

    /// A gateway of the same vault on another ledger: an older copy of this one's, or one of its own.
    pub(crate) async fn on_another_ledger(&self, database: TestDatabase) -> Self {
        let offer = Offer::clone(&self.gateway.offer);
        let (chain, clock) = (self.chain.clone(), self.clock.clone());
        Self::on(Arc::new(database), offer, issuer().into(), chain, clock).await
    }

    /// The same, with another clock.
    pub(crate) async fn restart_by(&self, read: Arc<dyn Clock>) -> Self {
        let database = Arc::new(self.database.copy_after_kill());
        let offer = Offer::clone(&self.gateway.offer);
        let (chain, clock) = (self.chain.clone(), self.clock.clone());
        Self::by(database, offer, issuer().into(), chain, clock, read).await
    }

    /// Another gateway beside this one.
    pub(crate) async fn replica(&self) -> Self {
        self.replica_with(|_| {}).await
    }

    /// The same, with another configuration.
    pub(crate) async fn replica_with(&self, change: impl FnOnce(&mut Offer)) -> Self {
        let mut offer = Offer::clone(&self.gateway.offer);
        change(&mut offer);
        let (chain, clock) = (self.chain.clone(), self.clock.clone());
        Self::on(self.database.clone(), offer, issuer().into(), chain, clock).await
    }

    /// The same, with another configuration.
    pub(crate) async fn restart_with(&self, change: impl FnOnce(&mut Offer)) -> Self {
        let database = Arc::new(self.database.copy_after_kill());
        let mut offer = Offer::clone(&self.gateway.offer);
        change(&mut offer);
        let (chain, clock) = (self.chain.clone(), self.clock.clone());
        Self::on(database, offer, issuer().into(), chain, clock).await
    }

    /// Every row that tells of money, to compare before and after.
    pub(crate) async fn rows(&self) -> Vec<String> {
        self.database.rows().await
    }

    /// Moves both clocks.
    pub(crate) async fn pass(&self, seconds: i64) {
        use specie_gateway::chain::Chain as _;
        let tip = self.chain.tip().await.unwrap();
        self.clock.set(self.clock.now().plus(seconds));
        self.chain.set_tip(Tip {
            block_height: tip.block_height + seconds as u64,
            time: tip.time.plus(seconds),
        });
    }

    /// Moves the chain's clock to the gateway's.
    pub(crate) fn follow_clock(&self) {
        let time = self.clock.now();
        self.chain.set_tip(Tip {
            block_height: 1_000 + time.since(NOW).unsigned_abs(),
            time,
        });
    }

    /// As many turns of the loop that keeps the gateway in step as readings must confirm one another.
    pub(crate) async fn turn(&self) -> specie_gateway::settlement::Report {
        let seen = self.gateway.sync.come_in_step().await.unwrap();
        self.gateway.sync.settle(&seen).await.unwrap()
    }

    /// Opens a voucher on chain for a holder of its own.
    pub(crate) fn redeem(&self, units: u64) -> Holder {
        self.redeem_for(Class::Inference, units)
    }

    /// Opens a voucher on chain, for a class, for a holder of its own.
    pub(crate) fn redeem_for(&self, class: Class, units: u64) -> Holder {
        let (key, facts) = self.chain.redeem(class, units, NOW);
        Holder { key, facts }
    }

    /// Opens a training voucher that expires then.
    pub(crate) fn redeem_until(&self, expires_at: UnixTime) -> Holder {
        let mut holder = self.redeem_for(Class::Training, 1_000_000);
        holder.facts.expires_at = expires_at;
        self.chain.put_voucher(holder.facts);
        holder
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        answer(self.http.post(self.url.clone() + path).json(body)).await
    }

    pub(crate) async fn get(&self, path: &str, key: &str) -> (u16, Value) {
        answer(self.http.get(self.url.clone() + path).bearer_auth(key)).await
    }

    /// Fetches a holder's signed voucher.
    pub(crate) async fn voucher_token(&self, holder: &Holder) -> String {
        let path = format!("/v1/vouchers/{}", holder.facts.voucher);
        let (status, body) = self.post(&path, &json!({})).await;
        assert_eq!(status, 200, "{body}");
        body["voucher"].as_str().unwrap().to_owned()
    }

    /// Somebody with a voucher of so many units, and a session in which so many are allowed.
    pub(crate) async fn holder_allowed(&self, units: u64, allowance: u64) -> (Holder, Session) {
        let holder = self.redeem(units);
        let session = self.open_session(&holder, allowance).await;
        (holder, session)
    }

    /// Opens a session with a receipt for `allowance`.
    pub(crate) async fn open_session(&self, holder: &Holder, allowance: u64) -> Session {
        let request = self.session_request(holder, allowance).await;
        let (status, body) = self.post("/v1/sessions", &request).await;
        assert_eq!(status, 201, "{body}");
        Session {
            id: body["id"].as_str().unwrap().to_owned(),
            key: body["api_key"].as_str().unwrap().to_owned(),
        }
    }

    /// What opens a session.
    pub(crate) async fn session_request(&self, holder: &Holder, allowance: u64) -> Value {
        json!({
            "voucher": self.voucher_token(holder).await,
            "proof": holder.proof(self.clock.now()),
            "receipt": holder.receipt(allowance),
        })
    }

    pub(crate) async fn chat(&self, session: &Session, body: &Value) -> reqwest::Response {
        self.ask(Endpoint::Chat, session, body).await
    }

    pub(crate) async fn ask(
        &self,
        endpoint: Endpoint,
        session: &Session,
        body: &Value,
    ) -> reqwest::Response {
        let request = self.request(endpoint, session).json(body);
        request.send().await.unwrap()
    }

    /// A request of a session's, without a body yet.
    pub(crate) fn request(&self, endpoint: Endpoint, session: &Session) -> reqwest::RequestBuilder {
        self.http
            .post(self.url.clone() + endpoint.path())
            .bearer_auth(&session.key)
    }

    pub(crate) async fn account(&self, holder: &Holder) -> Account {
        let id = VoucherId {
            address: holder.facts.voucher,
            opened_at: holder.facts.opened_at.0,
        };
        self.gateway.ledger.account(id).await.unwrap().unwrap()
    }

    /// Waits until a request of a holder's is being served.
    pub(crate) async fn until_held(&self, holder: &Holder) {
        for _ in 0..6_000 {
            if self.account(holder).await.held > Units::ZERO {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("nothing is held: {:?}", self.account(holder).await);
    }

    /// Waits until nothing is held for a holder any more.
    pub(crate) async fn settled_down(&self, holder: &Holder) -> Account {
        for _ in 0..6_000 {
            let account = self.account(holder).await;
            if account.held == Units::ZERO {
                return account;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("something stays held: {:?}", self.account(holder).await);
    }

    pub(crate) async fn assert_sound(&self) {
        assert_eq!(self.gateway.ledger.audit().await.unwrap(), None);
    }
}

/// An open session.
pub(crate) struct Session {
    pub(crate) id: String,
    pub(crate) key: String,
}

/// Somebody with a voucher and its session key.
pub(crate) struct Holder {
    pub(crate) key: SigningKey,
    pub(crate) facts: VoucherFacts,
}

impl Holder {
    pub(crate) fn message(&self, cumulative: u64) -> Receipt {
        Receipt {
            voucher: self.facts.voucher.to_bytes(),
            opened_at: self.facts.opened_at.0,
            cumulative,
        }
    }

    pub(crate) fn receipt(&self, cumulative: u64) -> Value {
        sent(&self.message(cumulative), &CLUSTER, &self.key)
    }

    pub(crate) fn proof(&self, now: UnixTime) -> String {
        static PROOFS: AtomicU64 = AtomicU64::new(0);
        let jti = format!("proof-{:016}", PROOFS.fetch_add(1, Ordering::SeqCst));
        let voucher = specie_gateway::voucher::Voucher::from_account(&self.facts);
        proof::sign(voucher.terms(), &CLUSTER, &self.key, now, &jti)
    }
}

/// A signed receipt as it is posted.
pub(crate) fn sent(message: &Receipt, cluster: &Key, key: &SigningKey) -> Value {
    json!(SentReceipt::sign(message, cluster, key))
}

/// A question of `words` words.
pub(crate) fn question(words: usize, max_tokens: u64) -> Value {
    json!({
        "model": "demo",
        "max_tokens": max_tokens,
        "messages": [{"role": "user", "content": vec!["word"; words].join(" ")}],
    })
}

/// The reason of a refusal.
pub(crate) fn reason(body: &Value) -> &str {
    assert_eq!(body["error"]["code"], body["error"]["specie"]["reason"]);
    body["error"]["code"].as_str().unwrap_or_default()
}

/// Serves routes on a free port of loopback.
pub(crate) async fn serve(router: axum::Router) -> String {
    let listener = http::listen("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}

/// Serves a gateway as its binary does.
pub(crate) async fn serve_gateway(gateway: Arc<Gateway>) -> String {
    let listener = http::listen("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let limits = http::ServerLimits::from(&gateway.offer.limits);
    let router = gateway.router();
    tokio::spawn(http::serve(
        listener,
        router,
        limits,
        std::future::pending(),
    ));
    url
}

async fn answer(request: reqwest::RequestBuilder) -> (u16, Value) {
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    (status, response.json().await.unwrap())
}
