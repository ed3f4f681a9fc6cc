//! A session at a gateway, opened by hand: what a client is given that talks to the gateway itself.

use crate::scene::Scene;
use specie_claims::api::answer::OpenedSession;
use specie_claims::{
    clock::{Clock as _, SystemClock},
    units::Units,
};
use specie_client::state;
use specie_proxy::{GatewayClient, Holder};
use specie_wire::SigningKey;

pub(crate) struct Session {
    gateway: GatewayClient,
    open: OpenedSession,
}

impl Session {
    /// Fetches the scene's voucher and opens a session with an allowance of `units`.
    pub(crate) async fn open(scene: &Scene, units: u64) -> Self {
        let stage = &scene.market.stage;
        let account: state::Voucher = stage.account(&scene.voucher).await.unwrap();
        let terms = account.terms(&scene.voucher);
        let key = SigningKey::from_bytes(scene.session.secret_bytes());
        let cluster = stage.net.genesis_hash().to_bytes();
        let holder = Holder::new(terms, cluster, key).unwrap();
        let gateway = GatewayClient::new(&scene.gateway.url).unwrap();
        let allowance = Units::new(units).unwrap();
        let now = SystemClock.now();
        let open = holder.open(&gateway, allowance, now).await.unwrap();
        Self { gateway, open }
    }

    /// The key that a client of this session uses.
    pub(crate) fn api_key(&self) -> &str {
        &self.open.api_key
    }

    /// Units consumed, as the gateway says once nothing is held.
    pub(crate) async fn consumed(&self) -> u64 {
        let id = &self.open.state.id;
        let session = self.gateway.session(id, self.api_key()).await.unwrap();
        assert_eq!(session.held, Units::ZERO);
        session.consumed.get()
    }
}
