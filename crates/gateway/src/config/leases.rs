//! `[leases]` and `[[pools]]`: accelerators for training and fine-tuning.

use super::file::{ConfigError, setting};
use crate::class::Class;
use crate::clock::SystemClock;
use crate::lease::provisioner::http::HttpProvisioner;
use crate::lease::turn::Policy;
use crate::lease::{Pool, Terms};
use serde::Deserialize;
use specie_wire::SigningKey;
use std::path::PathBuf;
use std::sync::Arc;

/// The longest time that is one: 31 days.
const LONGEST_SECONDS: u64 = 31 * 86_400;
/// More than any pool has.
const MOST_ACCELERATORS: u32 = 1 << 20;

/// How leases are followed.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LeasesSection {
    /// The key that signs requests to provisioners; needed where there are pools.
    pub key: PathBuf,
    /// Seconds between looks at a pool's jobs.
    pub poll_seconds: u64,
    /// Seconds that a job may take to begin to run.
    pub start_seconds: u64,
    /// Seconds that a provisioner may be silent before its leases are given up, uncharged since then.
    pub silence_seconds: u64,
}

impl Default for LeasesSection {
    fn default() -> Self {
        Self {
            key: "gateway.json".into(),
            poll_seconds: 5,
            start_seconds: 300,
            silence_seconds: 3_600,
        }
    }
}

/// A pool of accelerators on offer.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PoolSection {
    /// The name that holders ask for.
    pub id: String,
    /// The class: training or fine-tuning.
    pub class: Class,
    /// Accelerators that it has.
    pub accelerators: u32,
    /// The most accelerators of one lease; all of them, if not named.
    pub accelerators_per_lease: Option<u32>,
    /// Units for a second of one accelerator.
    pub units_per_second: u64,
    /// The URL of the provisioner that runs its jobs.
    pub provisioner: String,
    /// Seconds that are held, and charged, at a time.
    #[serde(default = "default_interval_seconds")]
    pub interval_seconds: u64,
    /// Seconds before the end of the held interval at which the next one is held, or the job is warned.
    #[serde(default = "default_warning_seconds")]
    pub warning_seconds: u64,
    /// Seconds in which a job that is stopped may end by itself.
    #[serde(default = "default_grace_seconds")]
    pub grace_seconds: u64,
}

fn default_interval_seconds() -> u64 {
    60
}

fn default_warning_seconds() -> u64 {
    30
}

fn default_grace_seconds() -> u64 {
    10
}

impl LeasesSection {
    /// How leases are followed, in milliseconds.
    pub(super) fn policy(&self) -> Result<Policy, ConfigError> {
        for (name, seconds) in [
            ("poll_seconds", self.poll_seconds),
            ("start_seconds", self.start_seconds),
            ("silence_seconds", self.silence_seconds),
        ] {
            if seconds == 0 || seconds > LONGEST_SECONDS {
                let problem = format!("must be 1 to {LONGEST_SECONDS}");
                return Err(setting(format!("leases.{name}"), problem));
            }
        }
        Ok(Policy {
            poll_ms: self.poll_seconds * 1_000,
            start_ms: self.start_seconds * 1_000,
            silence_ms: self.silence_seconds * 1_000,
        })
    }
}

impl PoolSection {
    /// The pool, whose provisioner is asked with requests that `key` signs.
    pub(super) fn pool(&self, policy: Policy, key: SigningKey) -> Result<Pool, ConfigError> {
        let name = |field: &str| format!("pools.{}.{field}", self.id);
        if self.id.is_empty() || self.id.len() > 128 {
            return Err(setting("pools.id", "must have 1 to 128 characters"));
        }
        if self.class == Class::Inference {
            let problem = "must be training or fine-tuning: inference is what [[models]] are for";
            return Err(setting(name("class"), problem));
        }
        if self.accelerators == 0 || self.accelerators > MOST_ACCELERATORS {
            let problem = format!("must be 1 to {MOST_ACCELERATORS}");
            return Err(setting(name("accelerators"), problem));
        }
        let most = self.accelerators_per_lease.unwrap_or(self.accelerators);
        if most == 0 || most > self.accelerators {
            let problem = "must be 1 to accelerators";
            return Err(setting(name("accelerators_per_lease"), problem));
        }
        if self.interval_seconds.saturating_mul(1_000) <= policy.poll_ms
            || self.interval_seconds > LONGEST_SECONDS
        {
            let problem =
                format!("must be more than leases.poll_seconds, at most {LONGEST_SECONDS}");
            return Err(setting(name("interval_seconds"), problem));
        }
        if self.warning_seconds == 0 || self.warning_seconds > self.interval_seconds {
            let problem = "must be 1 to interval_seconds";
            return Err(setting(name("warning_seconds"), problem));
        }
        if self.grace_seconds > LONGEST_SECONDS {
            let problem = format!("must be at most {LONGEST_SECONDS}");
            return Err(setting(name("grace_seconds"), problem));
        }
        let provisioner = reqwest::Url::parse(&self.provisioner)
            .ok()
            .filter(|url| matches!(url.scheme(), "http" | "https") && !url.cannot_be_a_base())
            .ok_or_else(|| setting(name("provisioner"), "is not an http:// or https:// URL"))?;
        let provisioner = HttpProvisioner::new(provisioner, key, Arc::new(SystemClock))
            .map_err(|error| setting(name("provisioner"), error.to_string()))?;
        Ok(Pool {
            id: self.id.clone(),
            class: self.class,
            accelerators: self.accelerators,
            most,
            terms: Terms {
                units_per_second: self.units_per_second,
                interval_ms: self.interval_seconds * 1_000,
                warning_ms: self.warning_seconds * 1_000,
                grace_ms: self.grace_seconds * 1_000,
            },
            provisioner: Arc::new(provisioner),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXAMPLE: &str = include_str!("../../gateway.example.toml");

    #[derive(Deserialize)]
    struct Sections {
        pools: Vec<PoolSection>,
    }

    /// The example's pool, which stands there as a comment.
    fn section() -> PoolSection {
        let from = EXAMPLE.find("# [[pools]]").unwrap();
        let lines = EXAMPLE[from..]
            .lines()
            .take_while(|line| line.starts_with('#'))
            .map(|line| line.trim_start_matches('#'));
        let text: Vec<_> = lines.collect();
        let mut sections: Sections = toml::from_str(&text.join("\n")).unwrap();
        sections.pools.remove(0)
    }

    fn pool(change: impl FnOnce(&mut PoolSection)) -> Result<Pool, String> {
        let mut section = section();
        change(&mut section);
        let policy = LeasesSection::default().policy().unwrap();
        section
            .pool(policy, SigningKey::from_bytes(&[1; 32]))
            .map_err(|error| error.to_string())
    }

    #[test]
    fn the_examples_pool_is_one_whose_optional_values_are_the_defaults() {
        let section = section();
        assert_eq!(section.interval_seconds, default_interval_seconds());
        assert_eq!(section.warning_seconds, default_warning_seconds());
        assert_eq!(section.grace_seconds, default_grace_seconds());
        assert_eq!(section.accelerators_per_lease, Some(section.accelerators));
        let pool = pool(|section| section.accelerators_per_lease = None).unwrap();
        assert_eq!((pool.most, pool.terms.interval_ms), (8, 60_000));
    }

    #[test]
    fn what_makes_no_sense_rejects_by_name() {
        type Change = fn(&mut PoolSection);
        let cases: [(&str, Change); 10] = [
            ("pools.id", |s| s.id.clear()),
            (".class", |s| s.class = Class::Inference),
            (".accelerators", |s| s.accelerators = 0),
            (".accelerators_per_lease", |s| {
                s.accelerators_per_lease = Some(9)
            }),
            (".accelerators_per_lease", |s| {
                s.accelerators_per_lease = Some(0)
            }),
            (".interval_seconds", |s| s.interval_seconds = 5),
            (".warning_seconds", |s| s.warning_seconds = 61),
            (".warning_seconds", |s| s.warning_seconds = 0),
            (".grace_seconds", |s| s.grace_seconds = u64::MAX),
            (".provisioner", |s| s.provisioner = "file:///x".into()),
        ];
        for (name, change) in cases {
            let refused = pool(change).unwrap_err();
            assert!(refused.contains(name), "{refused}");
        }
        let policy = LeasesSection {
            silence_seconds: 0,
            ..LeasesSection::default()
        };
        let refused = policy.policy().unwrap_err().to_string();
        assert!(refused.contains("leases.silence_seconds"), "{refused}");
    }
}
