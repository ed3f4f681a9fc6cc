//! Who a vault's issuer is, while a proxy or a lease runs: the vendor may replace it at any time.

use solana_pubkey::Pubkey;
use specie_claims::clock::Moment;
use specie_wire::Key;
use std::collections::HashMap;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};

/// Milliseconds for which a node of the chain may be behind the one that the gateway asks.
const NODE_LAG: u64 = 60_000;

/// What the chain will have answered.
pub type IssuerFuture<'a> = Pin<Box<dyn Future<Output = Result<Key, String>> + Send + 'a>>;

/// Reads a vault's issuer from the chain.
pub trait VaultIssuer: Send + Sync + 'static {
    /// The key that is the vault's issuer now, or why that cannot be known.
    fn issuer(&self, vault: Key) -> IssuerFuture<'_>;
}

/// For a holder who has named the issuer: the chain is not asked, so no other key ever becomes known.
#[derive(Clone, Copy, Debug, Default)]
pub struct NamedIssuer;

impl VaultIssuer for NamedIssuer {
    fn issuer(&self, _: Key) -> IssuerFuture<'_> {
        let cause = "the issuer was named and is not read from the chain: name the vault's present one with --issuer, or \
                     leave --issuer out";
        Box::pin(std::future::ready(Err(cause.to_owned())))
    }
}

/// What the chain says of a key that signed in the issuer's place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The key is the vault's issuer now.
    Issuer,
    /// Not known yet, for this reason.
    NotKnown(String),
    /// The key is not the issuer, and was not meanwhile.
    Stranger,
}

/// Keys that signed in the issuer's place, since when they are known, and who was the issuer then.
#[derive(Debug, Default)]
pub(crate) struct Strangers(Mutex<HashMap<Key, (Moment, Key)>>);

impl Strangers {
    /// Asks the chain whether `found` is the vault's issuer, where `known` is the last one that is known.
    ///
    /// A key is a stranger only if the chain still names the issuer that was known when the key was first seen, and has had
    /// the time to name another: of a vault whose issuer was replaced meanwhile nobody knows who was the issuer in between.
    pub(crate) async fn judge(
        &self,
        chain: &dyn VaultIssuer,
        vault: Key,
        known: Key,
        found: Pubkey,
        now: Moment,
    ) -> Verdict {
        let (since, known_then) = {
            let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            *seen.entry(found.to_bytes()).or_insert((now, known))
        };
        match chain.issuer(vault).await {
            Err(cause) => Verdict::NotKnown(cause),
            Ok(issuer) if issuer == found.to_bytes() => Verdict::Issuer,
            Ok(issuer) if issuer == known_then && now.since(&since) >= NODE_LAG => {
                Verdict::Stranger
            }
            Ok(issuer) => Verdict::NotKnown(format!(
                "the chain names {}, and its node may be behind",
                Pubkey::new_from_array(issuer)
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use specie_claims::clock::{Clock as _, ManualClock, UnixTime};

    struct Chain(Result<Key, String>);

    impl VaultIssuer for Chain {
        fn issuer(&self, _: Key) -> IssuerFuture<'_> {
            Box::pin(std::future::ready(self.0.clone()))
        }
    }

    /// What the chain and a key come to, `later` milliseconds after the start of a clock that was set by `step` since.
    async fn judge_at(
        strangers: &Strangers,
        says: Result<Key, String>,
        later: u64,
        step: i64,
    ) -> Verdict {
        let found = Pubkey::new_from_array([7; 32]);
        let clock = ManualClock::at(UnixTime(1_000));
        clock.pass(later);
        clock.step(step);
        let now = clock.moment();
        let chain = Chain(says);
        strangers.judge(&chain, [2; 32], [1; 32], found, now).await
    }

    async fn judge(strangers: &Strangers, says: Result<Key, String>, later: u64) -> Verdict {
        judge_at(strangers, says, later, 0).await
    }

    #[tokio::test]
    async fn a_clock_that_is_set_accuses_nobody() {
        for step in [-600_000, 600_000] {
            let strangers = Strangers::default();
            for (later, step) in [(0, 0), (NODE_LAG - 1, step)] {
                let unknown = judge_at(&strangers, Ok([1; 32]), later, step).await;
                assert!(matches!(unknown, Verdict::NotKnown(_)), "{unknown:?}");
            }
            let stranger = judge_at(&strangers, Ok([1; 32]), NODE_LAG, step).await;
            assert_eq!(stranger, Verdict::Stranger);
        }
    }

    #[tokio::test]
    async fn a_key_is_a_stranger_once_the_chain_has_had_the_time_to_name_it() {
        let strangers = Strangers::default();
        let behind = judge(&strangers, Ok([1; 32]), 0).await;
        assert!(matches!(behind, Verdict::NotKnown(_)), "{behind:?}");
        let behind = judge(&strangers, Ok([1; 32]), NODE_LAG - 1).await;
        assert!(matches!(behind, Verdict::NotKnown(_)), "{behind:?}");
        assert_eq!(
            judge(&strangers, Ok([7; 32]), NODE_LAG).await,
            Verdict::Issuer
        );
        assert_eq!(
            judge(&strangers, Ok([1; 32]), NODE_LAG).await,
            Verdict::Stranger
        );
    }

    #[tokio::test]
    async fn nobody_is_a_stranger_while_the_chain_is_out_of_reach_or_the_issuer_was_replaced() {
        let strangers = Strangers::default();
        for later in [0, 10 * NODE_LAG] {
            let cause = "no route".to_owned();
            let unknown = judge(&strangers, Err(cause.clone()), later).await;
            assert_eq!(unknown, Verdict::NotKnown(cause));
            let replaced = judge(&strangers, Ok([9; 32]), later).await;
            assert!(matches!(replaced, Verdict::NotKnown(_)), "{replaced:?}");
        }
    }
}
