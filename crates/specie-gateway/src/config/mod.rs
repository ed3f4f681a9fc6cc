//! What a vendor decides: a TOML file, a few flags over it, and what both come to once they were checked.

mod file;
mod flags;
mod metrics;
mod replicas;
mod shutdown;
mod signer;
mod usage_events;

pub use file::{
    ChainSection, ConfigError, ConfigFile, LimitsSection, ModelSection, SettlementSection,
};
pub use flags::{Arguments, Command, Flags};
pub use metrics::MetricsSection;
pub use replicas::ReplicasSection;
pub use shutdown::ShutdownSection;
pub use signer::SignerSection;
pub use usage_events::UsageEventsSection;
