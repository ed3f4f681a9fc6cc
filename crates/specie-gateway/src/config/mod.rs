//! What a vendor decides: a TOML file, a few flags over it, and what both come to once they were checked.

mod file;
mod flags;
mod health;
mod idempotency;
mod limits;
mod metrics;
mod models;
mod shutdown;
mod signer;
mod usage_events;

pub use file::{ChainSection, ConfigError, ConfigFile, SettlementSection};
pub use flags::{Arguments, Command, Flags};
pub use health::HealthSection;
pub use idempotency::IdempotencySection;
pub use limits::Limits;
pub use metrics::MetricsSection;
pub use models::{ModelSection, UpstreamSetting};
pub use shutdown::ShutdownSection;
pub use signer::SignerSection;
pub use usage_events::UsageEventsSection;
