//! A currency with one vendor that serves, and a wallet with a voucher of it.

use crate::{binaries, quiet};
use solana_keypair::Keypair;
use solana_pubkey::Pubkey;
use specie_tests::demo::{Market, Person, Pledge, Service, Stage, Vendor};

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
        let gateway = vendor.gateway(&market.stage, &upstream.url).unwrap();
        Self {
            market,
            wallet,
            voucher,
            session,
            gateway,
            _upstream: upstream,
        }
    }
}
