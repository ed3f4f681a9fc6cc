//! A job on leased accelerators: a real process, paid for by the interval while it runs.

use super::{
    books::amount,
    market::{Market, Person},
    stage::{Service, Stage},
    vendor::Vendor,
};
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use solana_keypair::Keypair;
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use specie_client::state::Voucher;
use std::time::Duration;

/// Tokens that the wallet redeems for training.
const REDEEMED: &str = "2";
/// How long the job runs, in seconds: more than two intervals.
const RUNS: &str = "5";

/// A vendor's provisioner, and what its gateway must know of it.
pub struct Pool {
    _provisioner: Service,
    /// The part of the gateway's configuration.
    pub config: String,
}

impl Pool {
    /// Starts a provisioner that runs nothing but the program of this name.
    pub fn start(stage: &Stage, program: &str) -> Result<Self> {
        let key = Keypair::new();
        let key_file = stage.key_file("gateway", &key)?;
        let address = key.pubkey().to_string();
        let folder = stage.path("jobs").display().to_string();
        let binary = "specie-provisioner";
        let mut flags = vec!["--listen", "127.0.0.1:0", "--gateway-key", &address];
        flags.extend(["--folder", &folder, "--accelerators", "8"]);
        flags.extend(["--allow", program]);
        // The job is the demo's own: where this host grants no rights to keep it apart, it need not be.
        if !stage.succeeds(binary, &[&["check"], &flags[..]].concat())? {
            flags.push("--same-user");
        }
        let provisioner = stage.service(binary, binary, &[&["serve"], &flags[..]].concat())?;
        let config = format!(
            r#"
[leases]
key = "{key}"
poll_seconds = 1

[[pools]]
id = "h200"
class = "training"
accelerators = 8
units_per_second = 10000
provisioner = "{url}"
interval_seconds = 2
warning_seconds = 1
grace_seconds = 1
"#,
            key = key_file.display(),
            url = provisioner.url,
        );
        Ok(Self {
            _provisioner: provisioner,
            config,
        })
    }
}

impl Market {
    /// The wallet redeems a voucher for training, runs a job on two accelerators, and waits until what it cost is settled on
    /// chain. Returns the voucher and the units.
    pub(super) async fn train(
        &self,
        wallet: &Person,
        vendor: &Vendor,
        gateway: &Service,
    ) -> Result<(Pubkey, u64)> {
        let name = "session-training";
        let (voucher, _) = self.redeem_for(wallet, vendor, "training", REDEEMED, name)?;
        self.stage.step(format_args!(
            "{REDEEMED} more tokens are a voucher now, for training at {}",
            vendor.pledge.name
        ));
        self.stage.finalized(&voucher).await?;
        let key = self
            .stage
            .path(&format!("{name}.json"))
            .display()
            .to_string();
        let kept = self.stage.path("kept").display().to_string();
        let printed = self.stage.specie(
            wallet,
            &[
                "lease",
                "run",
                "--output",
                "json",
                "--voucher",
                &voucher.to_string(),
                "--session-key",
                &key,
                "--state",
                &kept,
                "--gateway",
                &gateway.url,
                "--pool",
                "h200",
                "--accelerators",
                "2",
                "--",
                "sleep",
                RUNS,
            ],
        )?;
        let lease: Value = serde_json::from_str(&printed)?;
        let charged: u64 = lease["charged"]["amount"]
            .as_str()
            .context("the lease names no charge")?
            .parse()?;
        ensure!(
            lease["why"] == "job_ended" && lease["held"]["amount"] == "0",
            "the lease did not end by itself: {lease}"
        );
        self.stage.step(format_args!(
            "the job ran for {} ms on 2 accelerators and cost {} SCU",
            lease["chargedMilliseconds"],
            amount(charged)
        ));
        self.stage
            .until("settlement", Duration::from_secs(60), || async {
                let account: Voucher = self.stage.account(&voucher).await?;
                Ok(account.settled.get() == charged)
            })
            .await?;
        Ok((voucher, charged))
    }
}
