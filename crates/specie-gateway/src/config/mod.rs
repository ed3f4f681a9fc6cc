//! What a vendor decides: a TOML file, a few flags over it, and what both come to once they were checked.

mod file;
mod flags;
mod signer;

pub use file::{
    ChainSection, ConfigError, ConfigFile, LimitsSection, ModelSection, SettlementSection,
};
pub use flags::Flags;
pub use signer::SignerSection;
