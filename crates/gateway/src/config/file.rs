//! The configuration file.

use super::{
    ChainSection, ChallengesSection, CorsSection, FeesSection, HealthSection, IdempotencySection,
    LeasesSection, LogsSection, MetricsSection, ModelSection, PoolSection, ReplicasSection,
    SettlementSection, ShutdownSection, SignerSection, TracingSection, UsageEventsSection, limits,
};
use crate::chain::rpc::RpcConfig;
use crate::clock::UnixTime;
use crate::issuer::Issuer;
use crate::keys::{KeyFileError, read_key_file};
use crate::ledger;
use crate::limits::Limits;
use crate::offer::Offer;
use crate::signer::{KeySigner, RemoteSigner, Signer, SignerError};
use crate::usage_events::Receiver;
use serde::Deserialize;
use solana_pubkey::Pubkey;
use specie_wire::SigningKey;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Why the configuration is not used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file is not there or cannot be read.
    #[error("cannot read the configuration {path}: {source}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The file is not the expected TOML.
    #[error("{path} is not a gateway's configuration: {source}")]
    Malformed {
        /// The file.
        path: PathBuf,
        /// Where and why.
        source: Box<toml::de::Error>,
    },
    /// A setting makes no sense.
    #[error("the setting {setting} {problem}")]
    Setting {
        /// The setting's name.
        setting: String,
        /// What is wrong with it.
        problem: String,
    },
    /// A key file is missing, open to others or no key.
    #[error(transparent)]
    Key(#[from] KeyFileError),
    /// The issuer's signer did not do what only it can.
    #[error("the issuer's signer must delegate usage records before anything is served: {0}")]
    Signer(#[from] SignerError),
}

/// Where a key is.
enum ConfiguredKey {
    File(SigningKey),
    Remote(RemoteSigner),
}

/// A gateway's configuration file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConfigFile {
    /// Where to listen, as address:port.
    #[serde(default = "default_listen")]
    pub listen: String,
    /// Where clients reach this gateway, if not there: what answers name as its address.
    pub public_url: Option<String>,
    /// The Solana RPC to ask; `chain.rpc_urls` names further ones.
    pub rpc_url: String,
    /// The vault to serve for, base58.
    pub vault: String,
    /// The key that signs vouchers and usage records: the vault's issuer on chain.
    pub issuer_key: Option<PathBuf>,
    /// Who has it, if no file does.
    pub issuer_signer: Option<SignerSection>,
    /// The key that answers challenges and pays for transactions: the vault's operator on chain.
    pub operator_key: Option<PathBuf>,
    /// Who has it, if no file does.
    pub operator_signer: Option<SignerSection>,
    /// The ledger, as sqlite://FILE or postgres://USER:PASSWORD@HOST/DATABASE.
    #[serde(default = "default_database")]
    pub database: String,
    /// The models on offer.
    #[serde(default)]
    pub models: Vec<ModelSection>,
    /// The pools of accelerators on offer.
    #[serde(default)]
    pub pools: Vec<PoolSection>,
    /// How leases of them are followed.
    #[serde(default)]
    pub leases: LeasesSection,
    /// Bounds on what clients may ask.
    #[serde(default)]
    pub limits: Limits,
    /// Which web pages may ask.
    #[serde(default)]
    pub cors: CorsSection,
    /// When an upstream is left out, and how it is probed.
    #[serde(default)]
    pub health: HealthSection,
    /// What is kept of answers for those who repeat a request.
    #[serde(default)]
    pub idempotency: IdempotencySection,
    /// How fresh the chain must be.
    #[serde(default)]
    pub chain: ChainSection,
    /// What transactions bid.
    #[serde(default)]
    pub fees: FeesSection,
    /// When receipts go to the chain.
    #[serde(default)]
    pub settlement: SettlementSection,
    /// How challenges are answered.
    #[serde(default)]
    pub challenges: ChallengesSection,
    /// Where metrics are shown.
    #[serde(default)]
    pub metrics: MetricsSection,
    /// Where every charge is reported.
    #[serde(default)]
    pub usage_events: UsageEventsSection,
    /// How one process hands over to the next.
    #[serde(default)]
    pub shutdown: ShutdownSection,
    /// How logs are written.
    #[serde(default)]
    pub logs: LogsSection,
    /// Where traces go.
    #[serde(default)]
    pub tracing: TracingSection,
    /// How gateways share a ledger on a server.
    #[serde(default)]
    pub replicas: ReplicasSection,
    /// Where the file stands; its paths are relative to that.
    #[serde(skip)]
    folder: PathBuf,
}

fn default_listen() -> String {
    "127.0.0.1:8402".to_owned()
}

fn default_database() -> String {
    "sqlite://specie-gateway.sqlite".to_owned()
}

pub(super) fn setting(setting: impl Into<String>, problem: impl Into<String>) -> ConfigError {
    ConfigError::Setting {
        setting: setting.into(),
        problem: problem.into(),
    }
}

impl ConfigFile {
    /// Reads a configuration file.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path).map_err(|source| ConfigError::Unreadable {
            path: path.to_owned(),
            source,
        })?;
        let mut config: Self = toml::from_str(&text).map_err(|source| ConfigError::Malformed {
            path: path.to_owned(),
            source: Box::new(source),
        })?;
        config.folder = path.parent().unwrap_or(Path::new("")).to_owned();
        Ok(config)
    }

    /// The vault to serve for.
    pub fn vault(&self) -> Result<Pubkey, ConfigError> {
        self.vault
            .parse()
            .map_err(|_| setting("vault", "is not an address in base58"))
    }

    /// Where the ledger is. A relative file is relative to this file's folder.
    pub fn database(&self) -> Result<String, ConfigError> {
        ledger::in_folder(&self.database, &self.folder)
            .map_err(|error| setting("database", error.to_string()))
    }

    /// Who signs vouchers and usage records. A signer elsewhere is asked for its first delegation, at `now`.
    pub async fn issuer(&self, now: UnixTime) -> Result<Issuer, ConfigError> {
        match self.key("issuer", &self.issuer_key, &self.issuer_signer)? {
            ConfiguredKey::File(key) => Ok(key.into()),
            ConfiguredKey::Remote(signer) => {
                Ok(Issuer::remote(Arc::new(signer), self.vault()?, now).await?)
            }
        }
    }

    /// Which nodes are asked, and what transactions bid.
    pub fn rpc(&self) -> Result<RpcConfig, ConfigError> {
        let mut urls = vec![self.rpc_url.clone()];
        urls.extend(self.chain.rpc_urls.iter().cloned());
        for (n, url) in urls.iter().enumerate() {
            let is_http = reqwest::Url::parse(url)
                .is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
            if !is_http {
                let name = if n == 0 { "rpc_url" } else { "chain.rpc_urls" };
                return Err(setting(name, "is not an http:// or https:// URL"));
            }
            if urls[..n].contains(url) {
                return Err(setting("chain.rpc_urls", "names the same node twice"));
            }
        }
        Ok(RpcConfig {
            urls,
            agreement: self.chain.agreement()?,
            fees: self.fees.fees()?,
        })
    }

    /// Who signs and pays for transactions.
    pub fn operator(&self) -> Result<Arc<dyn Signer>, ConfigError> {
        let key = self.key("operator", &self.operator_key, &self.operator_signer)?;
        Ok(match key {
            ConfiguredKey::File(key) => Arc::new(KeySigner::from(key)),
            ConfiguredKey::Remote(signer) => Arc::new(signer),
        })
    }

    fn key(
        &self,
        name: &str,
        file: &Option<PathBuf>,
        signer: &Option<SignerSection>,
    ) -> Result<ConfiguredKey, ConfigError> {
        match (file, signer) {
            (Some(file), None) => {
                let key = read_key_file(&self.folder.join(file))?;
                Ok(ConfiguredKey::File(key))
            }
            (None, Some(signer)) => {
                let signer = signer.signer(&format!("{name}_signer"), &self.folder)?;
                Ok(ConfiguredKey::Remote(signer))
            }
            _ => Err(setting(
                format!("{name}_key"),
                format!("or a section [{name}_signer] must say who has the key, and not both"),
            )),
        }
    }

    /// The receiver of usage events, if there is one.
    pub fn usage_receiver(&self) -> Result<Option<Receiver>, ConfigError> {
        self.usage_events.receiver(&self.folder)
    }

    /// What this gateway offers, and within which bounds.
    pub fn offer(&self) -> Result<Offer, ConfigError> {
        if self.models.is_empty() && self.pools.is_empty() {
            let problem = "offers nothing: name at least one model, or one of [[pools]]";
            return Err(setting("models", problem));
        }
        limits::check(&self.limits)?;
        let mut offer = Offer {
            vault: self.vault()?,
            models: Vec::new(),
            public_url: self.public_url()?,
            limits: self.limits,
            tolerance: self.health.tolerance()?,
            probing: self.health.probing()?,
            repeats: self.idempotency.repeats()?,
            pools: Vec::new(),
            leases: self.leases.policy()?,
            freshness: self.chain.freshness()?,
            settlement: self.settlement.policy()?,
            challenges: self.challenges.policy()?,
            origins: self.cors.origins()?,
        };
        for section in &self.models {
            let model = section.model(&self.folder)?;
            if offer.model(&model.id).is_some() {
                return Err(setting(format!("models.{}", model.id), "is there twice"));
            }
            offer.models.push(model);
        }
        if !self.pools.is_empty() {
            let key = read_key_file(&self.folder.join(&self.leases.key))?;
            for section in &self.pools {
                let pool = section.pool(offer.leases, key.clone())?;
                if offer.pool(&pool.id).is_some() {
                    return Err(setting(format!("pools.{}", pool.id), "is there twice"));
                }
                offer.pools.push(pool);
            }
        }
        Ok(offer)
    }

    /// Where clients reach this gateway, if not where it listens.
    fn public_url(&self) -> Result<Option<String>, ConfigError> {
        let Some(url) = &self.public_url else {
            return Ok(None);
        };
        reqwest::Url::parse(url)
            .ok()
            .filter(|url| matches!(url.scheme(), "http" | "https") && url.query().is_none())
            .map(|url| Some(url.as_str().trim_end_matches('/').to_owned()))
            .ok_or_else(|| setting("public_url", "is not an http:// or https:// URL"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::serving::Endpoint;

    const EXAMPLE: &str = include_str!("../../gateway.example.toml");

    fn parse(text: &str) -> ConfigFile {
        toml::from_str(text).unwrap()
    }

    fn refusal(change: impl FnOnce(&mut ConfigFile)) -> String {
        let mut config = parse(EXAMPLE);
        change(&mut config);
        config.offer().unwrap_err().to_string()
    }

    #[test]
    fn the_example_is_a_configuration_whose_values_are_the_defaults() {
        let example = parse(EXAMPLE);
        assert_eq!(example.offer().unwrap().models.len(), 1);
        assert_eq!(example.listen, default_listen());
        assert_eq!(example.database, default_database());
        assert_eq!(example.limits, Limits::default());
        assert_eq!(example.health, HealthSection::default());
        assert_eq!(example.idempotency, IdempotencySection::default());
        let model = |text: &str| toml::from_str::<ModelSection>(text).unwrap();
        let least = model(
            "id = \"demo\"\nupstream = \"http://127.0.0.1:8403/v1\"\n\
            context_tokens = 8192\nmax_output_tokens = 1024",
        );
        let priced = ModelSection {
            input_units_per_1000: 40,
            output_units_per_1000: 120,
            ..least
        };
        assert_eq!(example.models, [priced]);
        let on_chain = (
            &example.chain,
            &example.fees,
            &example.settlement,
            &example.challenges,
            &example.leases,
        );
        let defaults = <(
            ChainSection,
            FeesSection,
            SettlementSection,
            ChallengesSection,
            LeasesSection,
        )>::default();
        assert_eq!(format!("{on_chain:?}"), format!("{defaults:?}"));
        let operating = (
            &example.cors,
            &example.metrics,
            &example.usage_events,
            &example.shutdown,
            &example.logs,
            &example.tracing,
            &example.replicas,
        );
        let defaults = <(
            CorsSection,
            MetricsSection,
            UsageEventsSection,
            ShutdownSection,
            LogsSection,
            TracingSection,
            ReplicasSection,
        )>::default();
        assert_eq!(format!("{operating:?}"), format!("{defaults:?}"));
    }

    #[test]
    fn what_makes_no_sense_rejects_by_name() {
        assert!(refusal(|c| c.vault = "x".into()).contains("setting vault"));
        assert!(refusal(|c| c.models.clear()).contains("setting models"));
        assert!(refusal(|c| c.models[0].upstream = "file:///etc".into()).contains(".upstream"));
        assert!(refusal(|c| c.models[0].max_output_tokens = 0).contains("max_output_tokens"));
        assert!(refusal(|c| c.models.push(c.models[0].clone())).contains("twice"));
        assert!(refusal(|c| c.limits.concurrent_requests = 0).contains("concurrent_requests"));
        assert!(refusal(|c| c.limits.session_seconds = -1).contains("session_seconds"));
        assert!(refusal(|c| c.limits.body_bytes = usize::MAX).contains("body_bytes"));
        assert!(
            refusal(|c| c.models[0].upstream = Vec::<String>::new().into()).contains(".upstream")
        );
        assert!(refusal(|c| c.models[0].endpoints.clear()).contains(".endpoints"));
        assert!(refusal(|c| c.models[0].endpoints.push(Endpoint::Chat)).contains(".endpoints"));
        let free = refusal(|c| {
            c.models[0].input_units_per_1000 = 0;
            c.models[0].output_units_per_1000 = 0;
        });
        assert!(free.contains("has no price"));
        assert!(refusal(|c| c.public_url = Some("x".into())).contains("public_url"));
        assert!(refusal(|c| c.limits.connections = 0).contains("connections"));
        assert!(refusal(|c| c.limits.header_bytes = 100).contains("header_bytes"));
        assert!(refusal(|c| c.health.failures = 0).contains("health.failures"));
        assert!(refusal(|c| c.health.cooldown_seconds = 0).contains("health.cooldown_seconds"));
        assert!(refusal(|c| c.health.timeout_seconds = 0).contains("health.timeout_seconds"));
        assert!(refusal(|c| c.idempotency.keep_seconds = 0).contains("idempotency.keep_seconds"));
        assert!(refusal(|c| c.idempotency.session_bytes = 1).contains("idempotency.session_bytes"));
        assert!(refusal(|c| c.chain.staleness_seconds = 5).contains("staleness_seconds"));
        let mut config = parse(EXAMPLE);
        config.replicas.lease_seconds = 0;
        let error = config.replicas.lease().unwrap_err().to_string();
        assert!(error.contains("replicas.lease_seconds"), "{error}");
    }

    #[test]
    fn several_upstreams_time_and_no_probing_are_read() {
        let mut config = parse(EXAMPLE);
        let both = "http://127.0.0.1:1/v1 http://127.0.0.1:2/v1".split(' ');
        config.models[0].upstream = both.map(str::to_owned).collect::<Vec<_>>().into();
        config.models[0].units_per_second = 7;
        config.health.interval_seconds = 0;
        config.public_url = Some("https://gpu.example/".to_owned());
        let offer = config.offer().unwrap();
        assert_eq!(offer.models[0].upstreams.len(), 2);
        assert_eq!(offer.models[0].tariff.units_per_second, 7);
        assert_eq!(offer.probing, None);
        assert_eq!(offer.public_url.as_deref(), Some("https://gpu.example"));
    }

    #[test]
    fn nodes_bids_and_answers_that_make_no_sense_reject_by_name() {
        let refusal = |change: fn(&mut ConfigFile)| {
            let mut config = parse(EXAMPLE);
            change(&mut config);
            let refused = config.rpc().map(|_| ()).and(config.offer().map(|_| ()));
            refused.unwrap_err().to_string()
        };
        assert!(refusal(|c| c.rpc_url = "x".into()).contains("setting rpc_url"));
        assert!(refusal(|c| c.chain.rpc_urls = vec!["ws://a".into()]).contains("chain.rpc_urls"));
        assert!(refusal(|c| c.chain.rpc_urls = vec![c.rpc_url.clone()]).contains("twice"));
        assert!(refusal(|c| c.chain.agree = 0).contains("chain.agree"));
        assert!(refusal(|c| c.chain.agree = 2).contains("must be 1 to 1"));
        assert!(refusal(|c| c.fees.floor = c.fees.cap + 1).contains("fees.floor"));
        assert!(refusal(|c| c.fees.percentile = 101).contains("fees.percentile"));
        assert!(refusal(|c| c.challenges.poll_seconds = 0).contains("challenges.poll_seconds"));
        assert!(refusal(|c| c.challenges.after_percent = 51).contains("after_percent"));
        assert!(refusal(|c| c.challenges.in_flight = 0).contains("in_flight"));
        assert!(refusal(|c| c.challenges.rebid_seconds = 4).contains("rebid_seconds"));
        let mut several = parse(EXAMPLE);
        several.chain.rpc_urls = vec!["https://another.example".into()];
        several.chain.agree = 2;
        assert_eq!(several.rpc().unwrap().urls.len(), 2);
    }

    #[test]
    fn an_unknown_setting_rejects() {
        let text = EXAMPLE.replace("[limits]", "[limits]\nbodybytes = 1");
        assert!(toml::from_str::<ConfigFile>(&text).is_err());
    }

    #[test]
    fn a_key_is_in_a_file_or_with_a_signer_and_not_in_both() {
        let mut config = parse(EXAMPLE);
        config.operator_key = None;
        let none = config.operator().err().unwrap().to_string();
        assert!(none.contains("operator_key or a section"), "{none}");
        config.operator_key = Some("operator.json".into());
        config.operator_signer = Some(SignerSection {
            url: "https://signer.internal/v1/sign".to_owned(),
            public_key: "11111111111111111111111111111112".to_owned(),
            token_file: "signer.token".into(),
            ca_file: None,
            timeout_seconds: 5,
        });
        let both = config.operator().err().unwrap().to_string();
        assert!(both.contains("and not both"), "{both}");
    }

    #[test]
    fn a_missing_file_says_which() {
        let error = ConfigFile::read(Path::new("/nowhere/gateway.toml")).unwrap_err();
        assert!(error.to_string().contains("/nowhere/gateway.toml"));
    }
}
