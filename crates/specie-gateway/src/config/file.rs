//! The configuration file.

use super::chain::ChainSection;
use super::challenges::ChallengesSection;
use super::fees::FeesSection;
use super::leases::{LeasesSection, PoolSection};
use super::settlement::SettlementSection;
use super::signer::SignerSection;
use super::{MetricsSection, ReplicasSection, ShutdownSection, UsageEventsSection};
use crate::chain::rpc::RpcConfig;
use crate::clock::UnixTime;
use crate::gateway::{Limits, Offer};
use crate::issuer::Issuer;
use crate::keys::{KeyFileError, read_key_file};
use crate::serving::{Model, ModelKey};
use crate::signer::{KeySigner, RemoteSigner, Signer, SignerError};
use crate::tariff::Tariff;
use crate::usage_events::Receiver;
use serde::Deserialize;
use solana_pubkey::Pubkey;
use specie_wire::SigningKey;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Far beyond what any host serves: a number above it is a mistake.
const LARGEST_LIMIT: u64 = 1 << 30;

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
    /// It is not the TOML that is expected.
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
        /// Its name.
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
    /// The ledger, as sqlite://<file> or postgres://<user>:<password>@<host>/<database>.
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
    pub limits: LimitsSection,
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
    /// How gateways share a ledger on a server.
    #[serde(default)]
    pub replicas: ReplicasSection,
    /// Where the file stands; its paths are relative to that.
    #[serde(skip)]
    folder: PathBuf,
}

/// One model on offer.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelSection {
    /// The name that clients ask for.
    pub id: String,
    /// The upstream's base URL, as an OpenAI client would be given it: usually ending in /v1.
    pub upstream: String,
    /// The upstream's own name of it, if that differs.
    pub upstream_model: Option<String>,
    /// A file with the upstream's API key, if it wants one.
    pub upstream_key_file: Option<PathBuf>,
    /// Units for 1,000 tokens read.
    pub input_units_per_1000: u64,
    /// Units for 1,000 tokens read from the upstream's cache; as for any others, if not named.
    pub cached_units_per_1000: Option<u64>,
    /// Units for 1,000 tokens written.
    pub output_units_per_1000: u64,
    /// Tokens that fit the model's context: input can never be more.
    pub context_tokens: u64,
    /// The most tokens that one answer may have, and what is asked for when the client names no number.
    pub max_output_tokens: u64,
    /// Tokens that the upstream's chat template may add to a request's own.
    #[serde(default = "default_template_tokens")]
    pub template_tokens: u64,
    /// Whether the upstream can report usage in every chunk of a stream (vLLM can).
    #[serde(default)]
    pub continuous_usage: bool,
}

/// Bounds on what clients may ask.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LimitsSection {
    /// Bytes of a request's body.
    pub body_bytes: usize,
    /// Requests served at a time.
    pub concurrent_requests: usize,
    /// Choices (`n`) of one request.
    pub choices: u64,
    /// Open sessions of one voucher.
    pub sessions_per_voucher: u32,
    /// Seconds that an API key works.
    pub session_seconds: i64,
    /// Seconds that reading a request's body may take.
    pub body_seconds: u64,
    /// Seconds that an upstream, or a client that reads a stream, may be silent.
    pub idle_seconds: u64,
    /// Seconds that a request may take in all.
    pub request_seconds: u64,
}

impl Default for LimitsSection {
    fn default() -> Self {
        Self {
            body_bytes: 1 << 20,
            concurrent_requests: 256,
            choices: 8,
            sessions_per_voucher: 32,
            session_seconds: 3_600,
            body_seconds: 15,
            idle_seconds: 60,
            request_seconds: 600,
        }
    }
}

fn default_listen() -> String {
    "127.0.0.1:8402".to_owned()
}

fn default_database() -> String {
    "sqlite://specie-gateway.sqlite".to_owned()
}

fn default_template_tokens() -> u64 {
    256
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

    /// Who takes usage events, if anybody does.
    pub fn usage_receiver(&self) -> Result<Option<Receiver>, ConfigError> {
        self.usage_events.receiver(&self.folder)
    }

    /// What this gateway offers, and within which bounds.
    pub fn offer(&self) -> Result<Offer, ConfigError> {
        if self.models.is_empty() && self.pools.is_empty() {
            let problem = "offers nothing: name at least one model, or one of [[pools]]";
            return Err(setting("models", problem));
        }
        let limits = &self.limits;
        for (name, least) in [
            ("body_bytes", limits.body_bytes as u64),
            ("concurrent_requests", limits.concurrent_requests as u64),
            ("choices", limits.choices),
            (
                "sessions_per_voucher",
                u64::from(limits.sessions_per_voucher),
            ),
            (
                "session_seconds",
                limits.session_seconds.max(0).unsigned_abs(),
            ),
            ("body_seconds", limits.body_seconds),
            ("idle_seconds", limits.idle_seconds),
            ("request_seconds", limits.request_seconds),
        ] {
            if least == 0 || least > LARGEST_LIMIT {
                return Err(setting(
                    format!("limits.{name}"),
                    format!("must be 1 to {LARGEST_LIMIT}"),
                ));
            }
        }
        let mut offer = Offer {
            vault: self.vault()?,
            models: Vec::new(),
            pools: Vec::new(),
            leases: self.leases.policy()?,
            limits: Limits {
                body_bytes: limits.body_bytes,
                concurrent_requests: limits.concurrent_requests,
                choices: limits.choices,
                sessions_per_voucher: limits.sessions_per_voucher,
                session_seconds: limits.session_seconds,
                body_seconds: limits.body_seconds,
                idle_seconds: limits.idle_seconds,
                request_seconds: limits.request_seconds,
            },
            freshness: self.chain.freshness()?,
            settlement: self.settlement.policy()?,
            challenges: self.challenges.policy()?,
        };
        for section in &self.models {
            let model = self.model(section)?;
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

    fn model(&self, section: &ModelSection) -> Result<Model, ConfigError> {
        let name = |field: &str| format!("models.{}.{field}", section.id);
        let upstream = reqwest::Url::parse(&section.upstream)
            .ok()
            .filter(|url| matches!(url.scheme(), "http" | "https") && !url.cannot_be_a_base())
            .ok_or_else(|| setting(name("upstream"), "is not an http:// or https:// URL"))?;
        if section.id.is_empty() || section.id.len() > 128 {
            return Err(setting("models.id", "must have 1 to 128 characters"));
        }
        if section.max_output_tokens == 0 || section.max_output_tokens > section.context_tokens {
            return Err(setting(
                name("max_output_tokens"),
                "must be 1 to context_tokens",
            ));
        }
        let key = match &section.upstream_key_file {
            None => None,
            Some(path) => Some(ModelKey::read(&self.folder.join(path))?),
        };
        Ok(Model {
            id: section.id.clone(),
            upstream,
            upstream_model: section
                .upstream_model
                .clone()
                .unwrap_or_else(|| section.id.clone()),
            key,
            tariff: Tariff {
                input_units_per_1000: section.input_units_per_1000,
                cached_units_per_1000: section
                    .cached_units_per_1000
                    .unwrap_or(section.input_units_per_1000),
                output_units_per_1000: section.output_units_per_1000,
                units_per_second: 0,
            },
            context_tokens: section.context_tokens,
            max_output_tokens: section.max_output_tokens,
            template_tokens: section.template_tokens,
            continuous_usage: section.continuous_usage,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let defaults = (
            LimitsSection::default(),
            ChainSection::default(),
            FeesSection::default(),
            SettlementSection::default(),
            ChallengesSection::default(),
            LeasesSection::default(),
        );
        assert_eq!(
            format!(
                "{:?}",
                (
                    &example.limits,
                    &example.chain,
                    &example.fees,
                    &example.settlement,
                    &example.challenges,
                    &example.leases
                )
            ),
            format!("{defaults:?}")
        );
        let operating = (
            &example.metrics,
            &example.usage_events,
            &example.shutdown,
            &example.replicas,
        );
        let defaults = <(
            MetricsSection,
            UsageEventsSection,
            ShutdownSection,
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
        assert!(refusal(|c| c.chain.staleness_seconds = 5).contains("staleness_seconds"));
        let mut config = parse(EXAMPLE);
        config.replicas.lease_seconds = 0;
        let error = config.replicas.lease().unwrap_err().to_string();
        assert!(error.contains("replicas.lease_seconds"), "{error}");
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
