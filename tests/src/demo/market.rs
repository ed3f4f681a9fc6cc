//! A currency on the stage: founded, with vendors whose capacity is attested, and a wallet that buys and redeems.

use super::{
    Told,
    stage::Stage,
    vendor::{Pledge, Vendor},
};
use anyhow::Result;
use solana_keypair::Keypair;
use solana_pubkey::Pubkey;
use solana_signer::Signer;
use specie_client::address;
use std::{path::PathBuf, time::Duration};

/// Somebody with a key file.
pub struct Person {
    /// The key.
    pub keypair: Keypair,
    /// The key's file.
    pub file: PathBuf,
    /// A configuration of the Solana CLI that names the stage's network and the key.
    pub config: PathBuf,
}

impl Person {
    /// The file's path as an argument.
    pub fn path(&self) -> String {
        self.file.display().to_string()
    }

    /// The associated token account of a mint.
    pub fn token_account(&self, mint: &Pubkey) -> Pubkey {
        address::token_account(&self.keypair.pubkey(), mint)
    }
}

/// A currency, and who runs it.
pub struct Market {
    /// Where it all happens.
    pub stage: Stage,
    /// The currency.
    pub currency: Pubkey,
    /// The currency's mint.
    pub mint: Pubkey,
    /// Its authority, guardian and treasury.
    pub authority: Person,
    /// Key files of the attestors.
    attestors: Vec<String>,
}

impl Market {
    /// Founds a currency with three attestors, two of whom must sign, and the shortest delays that the program allows.
    pub async fn found(stage: Stage) -> Result<Self> {
        let authority = stage.person("authority", 0).await?;
        let mut attestors = Vec::new();
        for name in ["attestor-1", "attestor-2", "attestor-3"] {
            let file = stage.key_file(name, &Keypair::new())?;
            attestors.push(file.display().to_string());
        }
        let mint = Keypair::new();
        let mint_file = stage.key_file("mint", &mint)?.display().to_string();
        stage.specie(
            &authority,
            &["currency", "create-mint", "--mint-keypair", &mint_file],
        )?;
        let mint = mint.pubkey();
        let stablecoin = stage.net.stablecoin();
        stage.tell(Told::Name("MINT", &mint));
        stage.tell(Told::Name("STABLECOIN", &stablecoin));
        let (mint_text, stablecoin_text) = (mint.to_string(), stablecoin.to_string());
        let mut create = vec![
            "currency",
            "create",
            "--mint",
            &mint_text,
            "--collateral-mint",
            &stablecoin_text,
            "--threshold",
            "2",
            "--param",
            "attestation_delay=1m",
            "--param",
            "dispute_window=10m",
            "--param",
            "price_min_interval=1s",
        ];
        for path in &attestors {
            create.extend(["--attestor", path]);
        }
        stage.specie(&authority, &create)?;
        let currency = address::currency(&mint);
        stage.tell(Told::Name("CURRENCY", &currency));
        Ok(Self {
            currency,
            mint,
            stage,
            authority,
            attestors,
        })
    }

    /// Opens a vendor's vault, deposits its collateral and makes its offer.
    pub async fn open_vault(&self, pledge: Pledge) -> Result<Vendor> {
        let person = self.stage.person(pledge.name, 1_000_000_000).await?;
        let vault = address::vault(&self.currency, &person.keypair.pubkey());
        let (currency, text) = (self.currency.to_string(), vault.to_string());
        let authority = self.authority.path();
        let name = pledge.name.to_uppercase();
        self.stage.specie(
            &person,
            &[
                "vault",
                "open",
                "--currency",
                &currency,
                "--authority",
                &authority,
                "--limit",
                "1000000",
                "--class",
                "inference",
                "--class",
                "training",
            ],
        )?;
        self.stage.tell(Told::Name(&name, &vault));
        self.stage
            .specie(&person, &["vault", "deposit", &text, pledge.collateral])?;
        self.stage.specie(
            &person,
            &[
                "vault",
                "offer",
                &text,
                "--price",
                pledge.price,
                "--units",
                "100",
                "--retain",
                "25%",
            ],
        )?;
        Ok(Vendor {
            pledge,
            person,
            vault,
        })
    }

    /// Two attestors sign a price.
    pub fn post_price(&self, price: &str) -> Result<()> {
        let mint = self.mint.to_string();
        self.attest(&["attestor", "price", price, "--currency", &mint])
    }

    /// Two attestors sign what a vendor's hardware sustains for 30 days; it counts after a minute.
    pub fn attest_capacity(&self, vendor: &Vendor) -> Result<()> {
        let inventory = self
            .stage
            .path(&format!("{}-inventory.json", vendor.pledge.name));
        std::fs::write(&inventory, vendor.inventory())?;
        self.attest(&[
            "attestor",
            "capacity",
            &vendor.vault.to_string(),
            "--rate",
            vendor.pledge.rate,
            "--until",
            "30d",
            "--inventory",
            &inventory.display().to_string(),
        ])
    }

    fn attest(&self, command: &[&str]) -> Result<()> {
        let (first, third) = (&self.attestors[0], &self.attestors[2]);
        let signed = [command, &["--key", first, "--key", third]].concat();
        self.stage.specie(&self.authority, &signed)?;
        Ok(())
    }

    /// The wallet buys what a vendor's pledge says.
    pub fn buy(&self, wallet: &Person, vendor: &Vendor) -> Result<()> {
        let vault = vendor.vault.to_string();
        let bought = vendor.pledge.bought;
        self.stage
            .specie(wallet, &["wallet", "buy", bought, "--vault", &vault])?;
        Ok(())
    }

    /// The wallet redeems what a vendor's pledge says; returns the voucher and its session key.
    pub fn redeem(&self, wallet: &Person, vendor: &Vendor) -> Result<(Pubkey, Keypair)> {
        let name = format!("session-{}", vendor.pledge.name);
        self.redeem_for(wallet, vendor, "inference", vendor.pledge.redeemed, &name)
    }

    /// The wallet redeems tokens for a class; the session key is in a file of this `name`.
    pub fn redeem_for(
        &self,
        wallet: &Person,
        vendor: &Vendor,
        class: &str,
        tokens: &str,
        name: &str,
    ) -> Result<(Pubkey, Keypair)> {
        let session = Keypair::new();
        let file = self.stage.key_file(name, &session)?.display().to_string();
        self.stage.specie(
            wallet,
            &[
                "wallet",
                "redeem",
                tokens,
                "--vault",
                &vendor.vault.to_string(),
                "--class",
                class,
                "--session",
                &file,
            ],
        )?;
        let voucher = address::voucher(&vendor.vault, &session.pubkey());
        let called = format!("{}_{class}", vendor.pledge.name).to_uppercase();
        self.stage.tell(Told::Name(&called, &voucher));
        Ok((voucher, session))
    }

    /// Lets time pass.
    pub async fn pass(&self, seconds: u64) -> Result<()> {
        self.stage.net.advance(Duration::from_secs(seconds)).await?;
        Ok(())
    }
}
