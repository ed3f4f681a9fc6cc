//! What a vendor decides: a TOML file, a few flags over it, and what both come to once they were checked.

mod chain;
mod challenges;
mod fees;
mod file;
mod flags;
mod health;
mod idempotency;
mod leases;
mod limits;
mod logs;
mod metrics;
mod models;
mod replicas;
mod settlement;
mod shutdown;
mod signer;
mod tracing;
mod usage_events;

pub use chain::ChainSection;
pub use challenges::ChallengesSection;
pub use fees::FeesSection;
pub use file::{ConfigError, ConfigFile};
pub use flags::{Arguments, Command, Flags};
pub use health::HealthSection;
pub use idempotency::IdempotencySection;
pub use leases::{LeasesSection, PoolSection};
pub use limits::Limits;
pub use logs::{LogFormat, LogsSection};
pub use metrics::MetricsSection;
pub use models::{ModelSection, UpstreamSetting};
pub use replicas::ReplicasSection;
pub use settlement::SettlementSection;
pub use shutdown::ShutdownSection;
pub use signer::SignerSection;
pub use tracing::TracingSection;
pub use usage_events::UsageEventsSection;
