//! A currency's life from founding to a table that adds up, on real parts: the built program on an embedded network,
//! the real binaries, and messages over HTTP.

mod books;
mod holder;
mod lease;
mod market;
mod stage;
mod vendor;

pub use books::{Books, amount};
pub use holder::{Held, PaymentRequired, Session};
pub use market::{Market, Person};
pub use stage::{Binaries, Service, Stage};
pub use vendor::{Pledge, Vendor};

use anyhow::{Context, Result, ensure};
use books::Owners;
use lease::Pool;
use solana_keypair::Keypair;
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
    redeemed: "5",
};
const SOUTH: Pledge = Pledge {
    name: "south",
    rate: "3160",
    collateral: "300",
    price: "2.35",
    bought: "25.5",
    redeemed: "4",
};

/// What is asked of each vendor.
const QUESTIONS: [&str; 2] = ["What is an SCU?", "What backs a token?"];

/// What the demo came to.
pub struct Story {
    /// Tokens bought, in base units.
    pub bought: u64,
    /// Units consumed at the gateways.
    pub consumed: u64,
    /// The closing balances, which were checked.
    pub books: Books,
}

/// Plays it; every step is told to `say`, every command line to `echo`.
pub async fn play(
    binaries: Binaries,
    echo: fn(&[&str]),
    mut say: impl FnMut(&str),
) -> Result<Story> {
    let stage = Stage::start(binaries, echo).await?;
    say(&format!("a network runs at {}", stage.net.rpc_url()));
    let (bytes, took) = stage.deploy().await?;
    say(&format!(
        "program {} deployed by the upgradeable loader: {bytes} bytes in {:.1} s",
        specie_client::PROGRAM_ID,
        took.as_secs_f64()
    ));
    let market = Market::found(stage).await?;
    say(&format!(
        "currency {} founded, with three attestors of whom two must sign",
        market.currency
    ));

    let mut vendors = Vec::new();
    for pledge in [NORTH, SOUTH] {
        let vendor = market.open_vault(pledge).await?;
        let Pledge {
            name,
            collateral,
            price,
            ..
        } = vendor.pledge;
        say(&format!(
            "{name} opened vault {}, deposited {collateral} and offers 100 SCU at {price}",
            vendor.vault
        ));
        vendors.push(vendor);
    }
    market.post_price("2.15")?;
    for vendor in &vendors {
        market.attest_capacity(vendor)?;
    }
    say(
        "the quorum posted a price of 2.15 and attested both vendors' hardware; any attestor may veto for a minute",
    );
    market.pass(61).await?;

    let wallet = market.stage.person("wallet", PURSE).await?;
    for vendor in &vendors {
        market.buy(&wallet, vendor)?;
        say(&format!(
            "the wallet bought {} tokens of {}",
            vendor.pledge.bought, vendor.pledge.name
        ));
    }
    let bought = outstanding(&market.stage, &vendors).await?;
    let mut vouchers = Vec::new();
    for vendor in &vendors {
        let (voucher, session) = market.redeem(&wallet, vendor)?;
        say(&format!(
            "the wallet redeemed {} tokens at {}: voucher {voucher}",
            vendor.pledge.redeemed, vendor.pledge.name
        ));
        vouchers.push((voucher, session));
    }

    let mut consumed = 0;
    let upstream = start_upstream(&market.stage, &mut say)?;
    for (vendor, (voucher, session)) in vendors.iter().zip(&vouchers) {
        let gateway = vendor.gateway(&market.stage, &upstream.url)?;
        let held = (*voucher, session);
        let units = vendor.consume(&market.stage, &gateway, held, &QUESTIONS, &mut say);
        consumed += units.await?;
    }
    let pool = Pool::start(&market.stage)?;
    let vendor = &vendors[0];
    say(&format!(
        "{} leases accelerators for training too: the wallet redeems a voucher for that, and runs a command on two",
        vendor.pledge.name
    ));
    let gateway = vendor.gateway_with(&market.stage, &upstream.url, &pool.config)?;
    let (voucher, units) = market.train(&wallet, vendor, &gateway, &mut say).await?;
    consumed += units;
    vouchers.push(voucher);
    drop(gateway);
    take_back(&market, &wallet, &vouchers).await?;
    say(
        "the wallet closed its vouchers, ten minutes of dispute window passed, and what was not consumed is back",
    );

    let books = closing_books(&market, &vendors, &wallet).await?;
    books.check().context("the balances do not add up")?;
    ensure!(
        books.supply + consumed == bought,
        "{bought} units were bought, but {} exist and {consumed} were consumed",
        books.supply
    );
    Ok(Story {
        bought,
        consumed,
        books,
    })
}

fn start_upstream(stage: &Stage, mut say: impl FnMut(&str)) -> Result<Service> {
    let upstream = stage.service(
        "specie-demo-upstream",
        "specie-demo-upstream",
        &["--listen", "127.0.0.1:0"],
    )?;
    say(&format!(
        "a demo upstream (an OpenAI-compatible server, no model) listens at {}",
        upstream.url
    ));
    Ok(upstream)
}

/// Closes vouchers, lets the dispute window pass, and reclaims what is left.
async fn take_back(market: &Market, wallet: &Person, vouchers: &[(Pubkey, Keypair)]) -> Result<()> {
    let each = |verb: &str| {
        vouchers.iter().try_for_each(|(voucher, _)| {
            let command = ["wallet", verb, &voucher.to_string()];
            market.stage.specie(wallet, &command).map(|_| ())
        })
    };
    each("close")?;
    market.pass(601).await?;
    each("reclaim")?;
    for (voucher, _) in vouchers {
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
