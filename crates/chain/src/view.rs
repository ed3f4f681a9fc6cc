//! The last reading of the chain, and whether it may still be acted on.
//!
//! The gateway fails closed: without a recent reading, or with a wall clock that disagrees with the chain's, it opens nothing and
//! serves nothing. A reading's age is measured by the host's uptime, which nobody sets; a wall clock that was set since the reading is
//! found by comparing both. Serving may outlive the last reading by `staleness` because everything served is
//! covered by a signed receipt that stays payable until the end of the voucher's dispute window; the window is required
//! to be at least four times as long (see [`ChainView::store`]), so that a voucher which began to close while the chain
//! was out of reach can still be settled.

use super::{ChainError, Tip, VaultFacts};
use specie_claims::clock::{Moment, UnixTime};
use std::sync::{PoisonError, RwLock};

/// The bounds of a reading's age and of the clocks' difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Freshness {
    /// Seconds that serving may outlive the last reading.
    pub staleness: i64,
    /// Seconds that the host's clock and the chain's may differ by.
    pub clock_skew: i64,
    /// Readings, each at a later slot, that must say the same of a voucher before it is recorded.
    pub readings: u32,
}

/// A reading of the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The newest finalized moment then.
    pub tip: Tip,
    /// The vault then.
    pub vault: VaultFacts,
    /// The host's clocks then.
    pub at: Moment,
}

impl Seen {
    /// The time by which a voucher's end is judged: the later of the two clocks, so that serving never ends too late.
    pub fn time(&self, now: UnixTime) -> UnixTime {
        self.tip.time.max(now)
    }
}

/// Why nothing may be done that depends on the chain.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ViewRefusal {
    /// The last reading is too old.
    #[error("the chain was last read {seconds} seconds ago, more than the {limit} allowed")]
    OutOfReach {
        /// Seconds since the last reading; -1 if there was none.
        seconds: i64,
        /// The most allowed.
        limit: i64,
    },
    /// The nodes cannot all be right; what they said before is as doubtful.
    #[error("{0}")]
    Distrusted(ChainError),
    /// The two clocks disagree: the host's is wrong, or the node lags.
    #[error(
        "the chain's clock and this host's differ by {seconds} seconds, more than the {limit} allowed"
    )]
    ClocksDiffer {
        /// The chain's time less the host's.
        seconds: i64,
        /// The most allowed.
        limit: i64,
    },
    /// The vault's issuer on chain is not the key that this gateway signs with.
    #[error("the vault's issuer is {on_chain}, which is not this gateway's issuer key")]
    IssuerReplaced {
        /// The issuer on chain.
        on_chain: solana_pubkey::Pubkey,
    },
    /// The currency's dispute window is too short for the configured staleness.
    #[error(
        "the dispute window of {window} seconds is less than four times the configured staleness of {staleness}: lower chain.staleness_seconds"
    )]
    WindowTooShort {
        /// The currency's window.
        window: i64,
        /// The configured staleness.
        staleness: i64,
    },
}

/// The last reading of the chain.
#[derive(Debug)]
pub struct ChainView {
    freshness: Freshness,
    issuer: solana_pubkey::Pubkey,
    seen: RwLock<Result<Seen, Option<ChainError>>>,
}

impl ChainView {
    /// A view that has seen nothing yet, for a gateway that signs with `issuer`.
    pub fn new(freshness: Freshness, issuer: solana_pubkey::Pubkey) -> Self {
        Self {
            freshness,
            issuer,
            seen: RwLock::new(Err(None)),
        }
    }

    /// Records what was read. Call it only once the vouchers' own facts of that moment are in the ledger, since what is
    /// fresh here counts as fresh for them.
    pub fn store(&self, seen: Seen) {
        *self.seen.write().unwrap_or_else(PoisonError::into_inner) = Ok(seen);
    }

    /// Records that the chain could not be read. The last word stays for as long as it is fresh, unless what came now shows that
    /// it was not to be trusted.
    pub fn fail(&self, error: &ChainError) {
        if error.is_distrust() {
            let mut seen = self.seen.write().unwrap_or_else(PoisonError::into_inner);
            *seen = Err(Some(error.clone()));
        }
    }

    /// The last reading, however old.
    pub fn last(&self) -> Option<Seen> {
        let seen = self.seen.read().unwrap_or_else(PoisonError::into_inner);
        seen.as_ref().ok().copied()
    }

    /// The last reading, if it may be acted on at `now`.
    pub fn at(&self, now: &Moment) -> Result<Seen, ViewRefusal> {
        let Freshness {
            staleness,
            clock_skew,
            readings: _,
        } = self.freshness;
        let seen = self
            .seen
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        let seen = seen.map_err(|error| match error {
            Some(error) => ViewRefusal::Distrusted(error),
            None => ViewRefusal::OutOfReach {
                seconds: -1,
                limit: staleness,
            },
        })?;
        let age_ms = i64::try_from(now.since(&seen.at)).unwrap_or(i64::MAX);
        let age = age_ms / 1_000;
        if age > staleness {
            return Err(ViewRefusal::OutOfReach {
                seconds: age,
                limit: staleness,
            });
        }
        // How far the wall clock was set since the reading, beyond the time that passed.
        let set_ms = now.at.0.saturating_sub(seen.at.at.0).saturating_sub(age_ms);
        let read_skew = seen.tip.time.since(seen.at.at.second());
        let skew = read_skew.saturating_sub(set_ms / 1_000);
        if skew.abs() > clock_skew {
            return Err(ViewRefusal::ClocksDiffer {
                seconds: skew,
                limit: clock_skew,
            });
        }
        if seen.vault.issuer != self.issuer {
            return Err(ViewRefusal::IssuerReplaced {
                on_chain: seen.vault.issuer,
            });
        }
        if seen.vault.dispute_window < staleness.saturating_mul(4) {
            return Err(ViewRefusal::WindowTooShort {
                window: seen.vault.dispute_window,
                staleness,
            });
        }
        Ok(seen)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use solana_pubkey::Pubkey;
    use specie_claims::clock::{Clock as _, ManualClock};

    const ISSUER: Pubkey = Pubkey::new_from_array([4; 32]);
    const NOW: UnixTime = UnixTime(10_000);

    fn seen() -> Seen {
        Seen {
            tip: Tip {
                block_height: 1,
                time: NOW,
            },
            vault: VaultFacts {
                vault: Pubkey::new_from_array([1; 32]),
                currency: Pubkey::new_from_array([2; 32]),
                cluster: [3; 32],
                issuer: ISSUER,
                operator: Pubkey::new_from_array([5; 32]),
                classes: 2,
                challenges: 0,
                dispute_window: 400,
                answer_window: 600,
                defaulted: false,
            },
            at: host(NOW, 0),
        }
    }

    /// The host's clocks: the wall clock, and seconds of uptime since the reading.
    fn host(wall: UnixTime, seconds: u64) -> Moment {
        let clock = ManualClock::at(NOW);
        clock.pass(seconds * 1_000);
        clock.step((wall.0 - NOW.0 - seconds as i64) * 1_000);
        clock.moment()
    }

    fn view(seen: Seen) -> ChainView {
        let freshness = Freshness {
            staleness: 100,
            clock_skew: 60,
            readings: 3,
        };
        let view = ChainView::new(freshness, ISSUER);
        view.store(seen);
        view
    }

    #[test]
    fn the_last_reading_counts_until_it_is_stale() {
        let view = view(seen());
        assert_eq!(view.at(&host(NOW.plus(100), 100)), Ok(seen()));
        assert_eq!(
            view.at(&host(NOW.plus(101), 101)),
            Err(ViewRefusal::OutOfReach {
                seconds: 101,
                limit: 100
            })
        );
    }

    #[test]
    fn nothing_seen_yet_rejects() {
        let freshness = Freshness {
            staleness: 100,
            clock_skew: 60,
            readings: 3,
        };
        assert!(matches!(
            ChainView::new(freshness, ISSUER).at(&host(NOW, 0)),
            Err(ViewRefusal::OutOfReach { seconds: -1, .. })
        ));
    }

    #[test]
    fn nodes_that_contradict_one_another_reject_at_once_and_nodes_that_are_down_do_not() {
        let view = view(seen());
        view.fail(&ChainError::OutOfReach("down".to_owned()));
        assert_eq!(view.at(&host(NOW, 0)), Ok(seen()));
        let disagreeing = ChainError::Disagreeing("of the vault".to_owned());
        view.fail(&disagreeing);
        assert_eq!(
            view.at(&host(NOW, 0)),
            Err(ViewRefusal::Distrusted(disagreeing))
        );
        view.store(seen());
        assert_eq!(view.at(&host(NOW, 0)), Ok(seen()));
    }

    #[test]
    fn clocks_that_differ_reject_in_both_directions() {
        for (off, refused) in [(60, false), (-60, false), (61, true), (-61, true)] {
            let mut seen = seen();
            seen.tip.time = NOW.plus(off);
            assert_eq!(view(seen).at(&host(NOW, 0)).is_err(), refused, "{off}");
        }
    }

    #[test]
    fn a_wall_clock_set_since_the_reading_rejects_and_makes_no_reading_old_or_new() {
        for (wall, refused) in [(NOW.plus(70), 60), (NOW.plus(-50), -60)] {
            assert_eq!(view(seen()).at(&host(wall, 10)), Ok(seen()), "{refused}");
        }
        for (set, seconds) in [(600, -600), (-600, 600), (61, -61), (-61, 61)] {
            assert_eq!(
                view(seen()).at(&host(NOW.plus(set + 10), 10)),
                Err(ViewRefusal::ClocksDiffer { seconds, limit: 60 })
            );
        }
        // Set back by as much as has passed: the wall clock alone would say that the reading is new.
        assert_eq!(
            view(seen()).at(&host(NOW, 101)),
            Err(ViewRefusal::OutOfReach {
                seconds: 101,
                limit: 100
            })
        );
    }

    #[test]
    fn another_issuer_or_a_short_window_rejects() {
        let mut replaced = seen();
        replaced.vault.issuer = Pubkey::new_from_array([5; 32]);
        assert!(matches!(
            view(replaced).at(&host(NOW, 0)),
            Err(ViewRefusal::IssuerReplaced { .. })
        ));
        let mut short = seen();
        short.vault.dispute_window = 399;
        assert!(matches!(
            view(short).at(&host(NOW, 0)),
            Err(ViewRefusal::WindowTooShort { .. })
        ));
    }
}
