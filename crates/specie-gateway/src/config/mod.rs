//! What a vendor decides: a TOML file, a few flags over it, and what both come to once they were checked.

mod file;
mod flags;
mod health;
mod idempotency;
mod limits;
mod models;
mod signer;

pub use file::{ChainSection, ConfigError, ConfigFile, SettlementSection};
pub use flags::Flags;
pub use health::HealthSection;
pub use idempotency::IdempotencySection;
pub use limits::Limits;
pub use models::{ModelSection, UpstreamSetting};
pub use signer::SignerSection;
