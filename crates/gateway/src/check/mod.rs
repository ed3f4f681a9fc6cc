//! `specie-gateway check`: everything that serving needs, one after the other, in plain words.
//!
//! Nothing is changed, and nothing stops at the first thing that is missing: whoever sets a gateway up sees all of it.
//! What depends on something that is missing is left out rather than guessed at.

mod capacity;
mod chain;
mod database;
mod provisioner;
mod upstream;

use crate::clock::Clock;
use crate::config::ConfigFile;
use crate::ledger::inspect_watermarks;
use crate::offer::Offer;
use solana_pubkey::Pubkey;
pub use specie_service::{Finding, Missing};
use specie_wire::Key;

/// Goes through everything and hands each finding to `tell` as it is made; whether nothing is missing.
pub async fn check(config: &ConfigFile, clock: &dyn Clock, tell: &mut dyn FnMut(Finding)) -> bool {
    let mut all_well = true;
    let mut tell = |finding: Finding| {
        all_well &= finding.is_well();
        tell(finding);
    };
    let offer = match config.offer() {
        Ok(offer) => Some(offer),
        Err(error) => {
            tell(Finding::missing(
                "configuration",
                error,
                "correct it; gateway.example.toml explains every setting",
            ));
            None
        }
    };
    if let Some(offer) = &offer {
        tell(Finding::well("configuration", describe(offer)));
    }
    let issuer = config
        .issuer(clock.now())
        .await
        .map(|issuer| issuer.public_key());
    let issuer = key("issuer key", issuer, &mut tell);
    let operator = config.operator().map(|signer| signer.public_key());
    let operator = key("operator key", operator, &mut tell);
    let database = config.database();
    match &database {
        Ok(url) => {
            for finding in database::look_at(url).await {
                tell(finding);
            }
        }
        Err(error) => tell(Finding::missing("database", error, "correct the setting")),
    }
    if let Some(offer) = &offer {
        let ledger = match &database {
            Ok(url) => inspect_watermarks(url).await.unwrap_or_default(),
            Err(_) => Vec::new(),
        };
        for finding in chain::look_at(config, offer, issuer, operator, &ledger, clock).await {
            tell(finding);
        }
        for finding in upstream::look_at(&offer.models).await {
            tell(finding);
        }
        for finding in provisioner::look_at(&offer.pools).await {
            tell(finding);
        }
    }
    all_well
}

fn describe(offer: &Offer) -> String {
    let models: Vec<_> = offer.models.iter().map(|model| model.id.as_str()).collect();
    let mut said = format!("vault {}, models {}", offer.vault, models.join(", "));
    let pools: Vec<_> = offer.pools.iter().map(|pool| pool.id.as_str()).collect();
    if !pools.is_empty() {
        said += &format!(", pools {}", pools.join(", "));
    }
    said
}

fn key<E: std::fmt::Display>(
    subject: &str,
    read: Result<Key, E>,
    tell: &mut impl FnMut(Finding),
) -> Option<Pubkey> {
    match read {
        Ok(key) => {
            let address = Pubkey::new_from_array(key);
            tell(Finding::well(subject, address.to_string()));
            Some(address)
        }
        Err(error) => {
            let mend = "specie-gateway init makes key files that are missing; a signer elsewhere must be reachable";
            tell(Finding::missing(subject, error, mend));
            None
        }
    }
}
