//! A currency's life from founding to a table that adds up, on real parts: the built program on an embedded network,
//! the real binaries, and messages over HTTP.

mod books;
mod holder;
mod stage;
mod vendor;

pub use books::{Books, amount};
pub use holder::{Held, PaymentRequired, Session};
pub use stage::{Binaries, Service, Stage};
pub use vendor::{Pledge, Vendor};

use anyhow::{Context, Result, ensure};
use books::Owners;
use solana_keypair::Keypair;
use solana_signer::Signer;
use specie_client::{
    address,
    state::{Currency, Vault},
};
use std::{path::Path, time::Duration};

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

/// What the demo came to.
pub struct Story {
    /// Tokens bought, in base units.
    pub bought: u64,
    /// Units consumed at the gateways.
    pub consumed: u64,
    /// The closing balances, which were checked.
    pub books: Books,
}

/// Plays it; every step is told to `say`.
pub async fn play(binaries: Binaries, mut say: impl FnMut(&str)) -> Result<Story> {
    let stage = Stage::start(binaries).await?;
    say(&format!("network at {}", stage.net.rpc_url()));
    let (bytes, took) = stage.deploy().await?;
    say(&format!(
        "program {} deployed by the upgradeable loader: {bytes} bytes in {:.1} s",
        specie_client::PROGRAM_ID,
        took.as_secs_f64()
    ));

    let (authority, authority_key) = stage.person("authority", 0).await?;
    let attestors = ["attestor-1", "attestor-2", "attestor-3"];
    let mut attestor_keys = Vec::new();
    for name in attestors {
        attestor_keys.push(stage.key_file(name, &Keypair::new())?.display().to_string());
    }
    let mint = Keypair::new();
    let mint_file = stage.key_file("mint", &mint)?.display().to_string();
    stage.specie(
        &authority_key,
        &["currency", "create-mint", "--mint-keypair", &mint_file],
    )?;
    let (mint, stablecoin) = (mint.pubkey(), stage.net.stablecoin());
    let currency = address::currency(&mint);
    let (mint_text, stable_text) = (mint.to_string(), stablecoin.to_string());
    let mut create = vec![
        "currency",
        "create",
        "--mint",
        &mint_text,
        "--collateral-mint",
        &stable_text,
        "--threshold",
        "2",
        "--param",
        "attestation_delay=1m",
        "--param",
        "dispute_window=10m",
        "--param",
        "price_min_interval=1s",
    ];
    for key in &attestor_keys {
        create.extend(["--attestor", key]);
    }
    stage.specie(&authority_key, &create)?;
    say(&format!(
        "currency {currency}: three attestors, two of whom must sign"
    ));

    let authority_text = authority_key.display().to_string();
    let mut vendors = Vec::new();
    for pledge in [NORTH, SOUTH] {
        let vendor = Vendor::open(&stage, pledge, &currency, &authority_text).await?;
        say(&format!(
            "{} opened vault {}, deposited {} and offers 100 SCU at {}",
            vendor.pledge.name, vendor.vault, vendor.pledge.collateral, vendor.pledge.price
        ));
        vendors.push(vendor);
    }

    let two = ["--key", &attestor_keys[0], "--key", &attestor_keys[2]];
    let quorum = |command: &[&str]| stage.specie(&authority_key, &[command, &two].concat());
    quorum(&["attestor", "price", "2.15", "--currency", &mint_text])?;
    for vendor in &vendors {
        let vault = vendor.vault.to_string();
        let inventory = stage.path(&format!("{}-inventory.json", vendor.pledge.name));
        std::fs::write(&inventory, inventory_of(vendor))?;
        let inventory = inventory.display().to_string();
        let rate = vendor.pledge.rate;
        quorum(&[
            "attestor",
            "capacity",
            &vault,
            "--rate",
            rate,
            "--until",
            "30d",
            "--inventory",
            &inventory,
        ])?;
        say(&format!(
            "the quorum attests {rate} TFLOP/s of {} for 30 days; any attestor may veto for a minute",
            vendor.pledge.name
        ));
    }
    stage.net.advance(Duration::from_secs(61)).await?;
    say("a minute passes");

    let (wallet, wallet_key) = stage.person("wallet", PURSE).await?;
    for vendor in &vendors {
        let vault = vendor.vault.to_string();
        stage.specie(
            &wallet_key,
            &["wallet", "buy", vendor.pledge.bought, "--vault", &vault],
        )?;
        say(&format!(
            "the wallet buys {} tokens of {}",
            vendor.pledge.bought, vendor.pledge.name
        ));
    }
    let bought = outstanding(&stage, &vendors).await?;

    let mut vouchers = Vec::new();
    for vendor in &vendors {
        let (address, session) = vendor.redeem(&stage, &wallet_key)?;
        say(&format!(
            "the wallet redeems {} tokens at {}: voucher {address}",
            vendor.pledge.redeemed, vendor.pledge.name
        ));
        vouchers.push((address, session));
    }

    let upstream = stage.service(
        "specie-demo-upstream",
        "specie-demo-upstream",
        &["--listen", "127.0.0.1:0"],
    )?;
    say(&format!(
        "demo upstream (an OpenAI-compatible server, no model) at {}",
        upstream.url
    ));
    let mut consumed = 0;
    for (vendor, (address, session)) in vendors.iter().zip(&vouchers) {
        let gateway = vendor.gateway(&stage, &upstream.url)?;
        let questions = ["What is an SCU?", "What backs a token?"];
        consumed += vendor
            .consume(&stage, &gateway, (*address, session), &questions, &mut say)
            .await?;
    }
    drop(upstream);

    for (address, _) in &vouchers {
        stage.specie(&wallet_key, &["wallet", "close", &address.to_string()])?;
    }
    stage.net.advance(Duration::from_secs(601)).await?;
    say("the wallet closes both vouchers; ten minutes of dispute window pass");
    for (address, _) in &vouchers {
        stage.specie(&wallet_key, &["wallet", "reclaim", &address.to_string()])?;
        let gone = stage.net.rpc().get_account(address).await.is_err();
        ensure!(
            gone,
            "voucher {address} is still there after it was reclaimed"
        );
    }
    say("what was not consumed is back as tokens, the vouchers' rent is back, too");

    let account: Currency = stage.account(&currency).await?;
    let token_account = |owner, mint| Some(address::token_account(owner, mint));
    let owner = wallet.pubkey();
    let books = Books::read(
        stage.net.rpc(),
        &Owners {
            mint,
            stablecoin,
            vaults: &vendors
                .iter()
                .map(|v| (v.pledge.name, v.vault))
                .collect::<Vec<_>>(),
            purses: &[
                (
                    "wallet",
                    token_account(&owner, &mint),
                    token_account(&owner, &stablecoin),
                ),
                (
                    "north",
                    None,
                    token_account(&vendors[0].keypair.pubkey(), &stablecoin),
                ),
                (
                    "south",
                    None,
                    token_account(&vendors[1].keypair.pubkey(), &stablecoin),
                ),
                (
                    "treasury",
                    None,
                    token_account(&authority.pubkey(), &stablecoin),
                ),
                ("revenue", None, Some(account.revenue)),
                ("insurance", None, Some(account.insurance)),
            ],
        },
    )
    .await?;
    books.check().context("the balances do not add up")?;
    let issued = books.supply + consumed;
    ensure!(
        issued == bought,
        "{bought} units were bought, but {} exist and {consumed} were consumed",
        books.supply
    );
    Ok(Story {
        bought,
        consumed,
        books,
    })
}

/// What a vendor publishes about its hardware, and the quorum signs the hash of.
fn inventory_of(vendor: &Vendor) -> String {
    let devices: u64 = vendor.pledge.rate.parse::<u64>().unwrap_or(0) / 790;
    let devices: Vec<_> = (0..devices)
        .map(|n| serde_json::json!({"model": "demo accelerator", "serial": format!("{}-{n}", vendor.pledge.name)}))
        .collect();
    serde_json::json!({"vault": vendor.vault.to_string(), "devices": devices}).to_string()
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
