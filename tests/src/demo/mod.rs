//! A currency's life from founding to a table that adds up, on real parts: the built program on an embedded network,
//! the real binaries, and messages over HTTP.

mod books;
mod inference;
mod lease;
mod market;
mod page;
mod shell;
mod stage;
mod standing;
mod vendor;

pub use books::{Books, amount};
pub use lease::Pool;
pub use market::{Market, Person};
pub use page::Page;
pub use shell::Shell;
pub use stage::{Binaries, Service, Stage, Tell};
pub use standing::Standing;
pub use vendor::{Pledge, Vendor};

use anyhow::{Context, Result, ensure};
use books::Owners;
use inference::Place;
use solana_pubkey::Pubkey;
use specie_client::state::{Currency, Vault};
use std::path::Path;

/// The wallet's stablecoins at first: a thousand.
const PURSE: u64 = 1_000_000_000;

const NORTH: Pledge = Pledge {
    name: "north",
    rate: "6320",
    collateral: "500",
    price: "2.20",
    bought: "60",
    redeemed: "1.5",
};
const SOUTH: Pledge = Pledge {
    name: "south",
    rate: "3160",
    collateral: "300",
    price: "2.35",
    bought: "25.5",
    redeemed: "4",
};

/// What is told while it plays.
#[derive(Clone, Copy, Debug)]
pub enum Told<'a> {
    /// Another part of it begins.
    Part(&'a str),
    /// A step that has happened.
    Step(&'a str),
    /// An address has this name from now on.
    Name(&'a str, &'a Pubkey),
    /// `specie` runs with these arguments, on files of this folder.
    Command {
        /// The arguments.
        arguments: &'a [&'a str],
        /// Where files are that they name.
        folder: &'a Path,
    },
}

/// What the demo came to.
pub struct Story {
    /// The currency on its network, which runs until this is dropped.
    pub market: Market,
    /// Its vendors, whose gateways have ended.
    pub vendors: [Vendor; 2],
    /// Whose tokens they were.
    pub wallet: Person,
    /// Tokens bought, in base units.
    pub bought: u64,
    /// Units consumed at the gateways.
    pub consumed: u64,
    /// The closing balances, which were checked.
    pub books: Books,
}

/// Plays it on a stage where nothing has happened yet.
pub async fn play(stage: Stage) -> Result<Story> {
    let market = found(stage).await?;
    let vendors = open_vaults(&market).await?;

    let part = |title| market.stage.tell(Told::Part(title));
    part("A wallet buys tokens and redeems some for vouchers");
    let wallet = market.stage.person("wallet", PURSE).await?;
    for vendor in &vendors {
        market.buy(&wallet, vendor)?;
    }
    let bought = outstanding(&market.stage, &vendors).await?;
    market.stage.step(format_args!(
        "the wallet paid for {} tokens: {} of {} and {} of {}",
        amount(bought),
        NORTH.bought,
        NORTH.name,
        SOUTH.bought,
        SOUTH.name
    ));
    let mut vouchers = Vec::new();
    for vendor in &vendors {
        let (voucher, _) = market.redeem(&wallet, vendor)?;
        vouchers.push(voucher);
    }

    part("Any OpenAI application consumes them, through the wallet's own proxy");
    let upstream = standing::demo_upstream(&market.stage)?;
    let pool = Pool::start(&market.stage, "sleep")?;
    let [north, south] = &vendors;
    let gateways = [
        north.gateway_with(&market.stage, &upstream.url, &pool.config)?,
        south.gateway(&market.stage, &upstream.url)?,
    ];
    market.stage.step(format_args!(
        "{} and {} run gateways before a demo upstream, which is no model",
        NORTH.name, SOUTH.name
    ));
    let places: Vec<_> = vendors
        .iter()
        .zip(&gateways)
        .zip(&vouchers)
        .map(|((vendor, gateway), voucher)| Place {
            vendor,
            gateway,
            voucher: *voucher,
        })
        .collect();
    let mut consumed = market.infer(&wallet, &places).await?;

    part("A training job runs on leased accelerators");
    let (voucher, units) = market.train(&wallet, north, &gateways[0]).await?;
    consumed += units;
    vouchers.push(voucher);
    drop(gateways);

    part("What was not consumed returns to the wallet");
    take_back(&market, &wallet, &vouchers).await?;
    market
        .stage
        .step("the dispute window of ten minutes passed, and the rest is tokens again");
    let books = closing_books(&market, &vendors, &wallet).await?;
    books.check().context("the balances do not add up")?;
    ensure!(
        books.supply + consumed == bought,
        "{bought} units were bought, but {} exist and {consumed} were consumed",
        books.supply
    );
    Ok(Story {
        market,
        vendors,
        wallet,
        bought,
        consumed,
        books,
    })
}

/// The program on the network, and a currency.
async fn found(stage: Stage) -> Result<Market> {
    stage.tell(Told::Part(
        "A currency is founded on a network inside this process",
    ));
    stage.step(format_args!("the network runs at {}", stage.net.rpc_url()));
    let (bytes, took) = stage.deploy().await?;
    stage.step(format_args!(
        "the upgradeable loader deployed the program: {bytes} bytes in {:.1} s",
        took.as_secs_f64()
    ));
    let market = Market::found(stage).await?;
    market
        .stage
        .step("the currency has three attestors, of whom two must sign");
    Ok(market)
}

/// Two vendors with collateral, offers and attested capacity.
async fn open_vaults(market: &Market) -> Result<[Vendor; 2]> {
    market.stage.tell(Told::Part(
        "Two vendors pledge collateral and measured capacity",
    ));
    let vendors = [
        market.open_vault(NORTH).await?,
        market.open_vault(SOUTH).await?,
    ];
    market.stage.step(format_args!(
        "{} and {} deposited {} and {} of collateral, and offer 100 SCU each",
        NORTH.name, SOUTH.name, NORTH.collateral, SOUTH.collateral
    ));
    market.post_price("2.15")?;
    for vendor in &vendors {
        market.attest_capacity(vendor)?;
    }
    market.pass(61).await?;
    market
        .stage
        .step("the quorum posted a price of 2.15 and attested the hardware of both");
    Ok(vendors)
}

/// Closes vouchers, lets the dispute window pass, and reclaims what is left.
async fn take_back(market: &Market, wallet: &Person, vouchers: &[Pubkey]) -> Result<()> {
    let each = |verb: &str| {
        vouchers.iter().try_for_each(|voucher| {
            let command = ["wallet", verb, &voucher.to_string()];
            market.stage.specie(wallet, &command).map(|_| ())
        })
    };
    each("close")?;
    market.pass(601).await?;
    each("reclaim")?;
    for voucher in vouchers {
        let gone = market.stage.net.rpc().get_account(voucher).await.is_err();
        ensure!(
            gone,
            "voucher {voucher} is still there after it was reclaimed"
        );
    }
    Ok(())
}

async fn closing_books(market: &Market, vendors: &[Vendor], wallet: &Person) -> Result<Books> {
    let stablecoin = market.stage.net.stablecoin();
    let account: Currency = market.stage.account(&market.currency).await?;
    let vaults: Vec<_> = vendors.iter().map(|v| (v.pledge.name, v.vault)).collect();
    let stable_of = |person: &Person| Some(person.token_account(&stablecoin));
    let mut purses = vec![(
        "wallet",
        Some(wallet.token_account(&market.mint)),
        stable_of(wallet),
    )];
    purses.extend(
        vendors
            .iter()
            .map(|v| (v.pledge.name, None, stable_of(&v.person))),
    );
    purses.extend([
        ("treasury", None, stable_of(&market.authority)),
        ("revenue", None, Some(account.revenue)),
        ("insurance", None, Some(account.insurance)),
    ]);
    let owners = Owners {
        mint: market.mint,
        stablecoin,
        vaults: &vaults,
        purses: &purses,
    };
    Books::read(market.stage.net.rpc(), &owners).await
}

async fn outstanding(stage: &Stage, vendors: &[Vendor]) -> Result<u64> {
    let mut sum = 0;
    for vendor in vendors {
        let vault: Vault = stage.account(&vendor.vault).await?;
        sum += vault.balances.outstanding.get();
    }
    Ok(sum)
}

/// The folder in which this build's binaries lie, which is the running one's or, for a test, its parent.
pub fn binaries_beside(running: &Path) -> Result<std::path::PathBuf> {
    running
        .ancestors()
        .find(|folder| folder.join("specie-gateway").is_file())
        .map(Path::to_path_buf)
        .context("specie-gateway is not built: `cargo xtask demo` and `cargo xtask test` build it")
}
