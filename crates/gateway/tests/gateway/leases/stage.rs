//! A gateway with a pool, and a lease on it.

use crate::world::{Holder, Session, World, units};
use serde_json::{Value, json};
use specie_gateway::class::Class;
use specie_gateway::clock::UnixMillis;
use specie_gateway::lease::turn::{Heard, Policy, Turned, turn};
use specie_gateway::lease::{Lease, Pool, State, Terms, Why};
use specie_gateway::ledger::Charge;
use specie_testing::provisioner::{MemoryJob, MemoryProvisioner};
use std::sync::Arc;
use tokio::sync::Mutex;

/// 10 s are held at a time, the next 4 s before the end.
pub(super) const TERMS: Terms = Terms {
    units_per_second: 100,
    interval_ms: 10_000,
    warning_ms: 4_000,
    grace_ms: 2_000,
};

/// Two accelerators for 10 s at 100 units a second.
pub(super) const INTERVAL: u64 = 2_000;

pub(super) const POLICY: Policy = Policy {
    poll_ms: 5_000,
    start_ms: 60_000,
    silence_ms: 600_000,
};

/// A gateway that leases 8 accelerators, 4 at most at a time.
pub(super) struct Stage {
    pub(super) world: World,
    pub(super) provisioner: Arc<MemoryProvisioner>,
    pub(super) pool: Pool,
    heard: Mutex<Heard>,
}

/// Nothing was heard yet.
fn unheard(world: &World) -> Mutex<Heard> {
    use specie_gateway::clock::Clock as _;
    Mutex::new(Heard::since(world.clock.moment()))
}

impl Stage {
    pub(super) async fn start() -> Self {
        let provisioner = Arc::new(MemoryProvisioner::default());
        let pool = Pool {
            id: "h200".to_owned(),
            class: Class::Training,
            accelerators: 8,
            most: 4,
            terms: TERMS,
            provisioner: provisioner.clone(),
        };
        let builder = World::builder().pool(pool.clone()).follows_leases(POLICY);
        let world = builder.start().await;
        Self {
            heard: unheard(&world),
            world,
            provisioner,
            pool,
        }
    }

    /// What kill -9 of the gateway leaves, and a new gateway on it; the provisioner lives on.
    pub(super) async fn restart_after_kill(&self) -> Self {
        let world = self.world.restart_after_kill().await;
        Self {
            heard: unheard(&world),
            world,
            provisioner: self.provisioner.clone(),
            pool: self.pool.clone(),
        }
    }

    /// A training voucher with a session on it.
    pub(super) async fn session(&self, allowance: u64) -> (Holder, Session) {
        let holder = self.world.redeem_for(Class::Training, 1_000_000);
        let session = self.world.open_session(&holder, allowance).await;
        (holder, session)
    }

    pub(super) async fn ask(
        &self,
        session: &Session,
        key: Option<&str>,
        request: &Value,
    ) -> (u16, Value) {
        let mut asked = self
            .world
            .http
            .post(self.world.url.clone() + "/v1/leases")
            .bearer_auth(&session.key)
            .json(request);
        if let Some(key) = key {
            asked = asked.header("idempotency-key", key);
        }
        let response = asked.send().await.unwrap();
        let status = response.status().as_u16();
        (status, response.json().await.unwrap())
    }

    /// Begins a lease of two accelerators.
    pub(super) async fn lease(&self, session: &Session) -> String {
        let (status, body) = self.ask(session, None, &request(2)).await;
        assert_eq!(status, 201, "{body}");
        body["id"].as_str().unwrap().to_owned()
    }

    /// A voucher with this allowance, a session on it and a lease of two accelerators that runs.
    pub(super) async fn running(&self, allowance: u64) -> (Holder, Session, String) {
        let (holder, session) = self.session(allowance).await;
        let id = self.lease(&session).await;
        assert_eq!(self.read(&id).await.state, State::Running);
        (holder, session, id)
    }

    pub(super) async fn stop(&self, session: &Session, id: &str) -> (u16, Value) {
        let url = format!("{}/v1/leases/{id}/stop", self.world.url);
        let asked = self.world.http.post(url).bearer_auth(&session.key);
        let response = asked.send().await.unwrap();
        let status = response.status().as_u16();
        (status, response.json().await.unwrap())
    }

    pub(super) async fn read(&self, id: &str) -> Lease {
        self.world.gateway.ledger.lease(id).await.unwrap().unwrap()
    }

    pub(super) async fn state(&self, id: &str) -> (State, Option<Why>) {
        let lease = self.read(id).await;
        (lease.state, lease.why)
    }

    pub(super) fn job(&self, id: &str) -> MemoryJob {
        self.provisioner.jobs().remove(id).unwrap()
    }

    /// Moves the leases on.
    pub(super) async fn turn(&self) -> Turned {
        let mut heard = self.heard.lock().await;
        turn(&self.world.gateway.leases, &self.pool, &mut heard)
            .await
            .unwrap()
    }

    /// Lets time pass in which the chain is read, until the job has run for `run` milliseconds, and moves on.
    pub(super) async fn run_to(&self, id: &str, run: u64) -> Turned {
        self.time_to(id, run).await;
        self.provisioner.run(id, run);
        self.turn().await
    }

    /// Lets time pass until a job that runs since the lease was asked for has run for `run` milliseconds.
    pub(super) async fn time_to(&self, id: &str, run: u64) {
        use specie_gateway::clock::Clock as _;
        let at = self.read(id).await.created.at.plus(run);
        let passed = at.since(self.world.clock.millis());
        self.world.clock.pass(passed);
        self.world.follow_clock();
        self.world.gateway.sync.come_in_step().await.unwrap();
    }

    /// The voucher's charges, in order, by their units and milliseconds.
    pub(super) async fn charges(&self, session: &Session) -> Vec<(u64, u64)> {
        let charges = self.charged(session).await;
        let amounts = charges
            .iter()
            .map(|charge| (charge.units.get(), charge.usage.milliseconds));
        amounts.collect()
    }

    pub(super) async fn charged(&self, session: &Session) -> Vec<Charge> {
        let ledger = &self.world.gateway.ledger;
        let session = ledger.session(&session.id).await.unwrap().unwrap();
        ledger.charges(session.voucher, 0, 100).await.unwrap()
    }

    /// Consumed and held of a voucher; and the ledger adds up.
    pub(super) async fn sums(&self, holder: &Holder) -> (u64, u64) {
        self.world.assert_sound().await;
        let account = self.world.account(holder).await;
        (account.consumed.get(), account.held.get())
    }

    /// Posts a receipt.
    pub(super) async fn allow(&self, holder: &Holder, session: &Session, cumulative: u64) {
        let path = format!("/v1/sessions/{}/receipts", session.id);
        let (status, body) = self.world.post(&path, &holder.receipt(cumulative)).await;
        assert_eq!(status, 200, "{body}");
        assert_eq!(
            self.world.account(holder).await.allowance,
            units(cumulative)
        );
    }
}

pub(super) fn request(accelerators: u32) -> Value {
    json!({
        "pool": "h200",
        "accelerators": accelerators,
        "job": {"command": ["train", "--epochs", "3"], "env": {"RUN": "1"}},
    })
}

pub(super) fn now_ms(stage: &Stage) -> UnixMillis {
    use specie_gateway::clock::Clock as _;
    stage.world.clock.millis()
}
