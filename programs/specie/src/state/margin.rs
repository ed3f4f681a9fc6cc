use {
    super::{Params, Quorum, Standard, Vault, VaultStatus},
    crate::{errors::SpecieError, units::*},
    anchor_lang::prelude::*,
};

/// What decides, beside the vault itself and the rules, whether it is short of capacity.
pub struct MarginTerms<'a> {
    /// Standard and price.
    pub standard: &'a Standard,
    /// Whether attestors are at work.
    pub quorum: &'a Quorum,
    /// The chain's clock.
    pub now: Timestamp,
}

impl Vault {
    /// The part of some work owed that capacity does not deliver any more.
    ///
    /// An attestation that has run out counts until the quorum has been seen after that: silent attestors bring no vault
    /// down. Of a vault that owes a penalty nothing counts ([`Self::has_forfeited_capacity`]). A pending attestation whose wait is over must have been promoted before.
    pub fn deficit(&self, owed: Work, ttl: Seconds, terms: &MarginTerms) -> Result<Work> {
        let attested = &self.attested;
        let ran_out = terms.quorum.last_seen_at > attested.attested_at.after(ttl)?;
        let capacity = if ran_out || self.has_forfeited_capacity() {
            0
        } else {
            attested.rate.work_until(attested.ends_at, terms.now)
        };
        // Capacity beyond u64 covers whatever can be owed.
        let capacity = u64::try_from(capacity).unwrap_or(u64::MAX);
        Ok(Work::new(owed.get().saturating_sub(capacity)))
    }

    /// `Covered → MarginCalled` where capacity falls short of what is owed or a penalty stands, and back where neither is
    /// so; returns the work owed.
    ///
    /// Calling needs a fresh price: it tells that the quorum is at work, and that all its silence has been counted.
    pub fn call_margin(&mut self, params: &Params, terms: &MarginTerms) -> Result<Work> {
        require!(
            self.status != VaultStatus::Defaulted as u8,
            SpecieError::VaultDefaulted
        );
        self.promote_pending(terms.now);
        let owed = self.owed_work(terms.standard.work_per_scu)?;
        let deficit = self.deficit(owed, params.attestation_ttl, terms)?;
        let called = !self.margin_called_at.is_zero();
        require!(deficit.is_zero() == called, SpecieError::MarginUnchanged);
        if called {
            self.clear_margin_call();
        } else {
            terms.standard.require_fresh_price(params, terms.now)?;
            self.margin_called_at = terms.now;
            self.silent_at_margin_call = terms.quorum.silent;
        }
        Ok(owed)
    }

    /// Ends a margin call.
    pub fn clear_margin_call(&mut self) {
        self.margin_called_at = Timestamp::ZERO;
        self.silent_at_margin_call = Seconds::ZERO;
    }

    /// Refuses unless the vault is margin-called and its cure period has passed, the quorum's silence since not counted.
    pub fn require_cure_period_over(&self, params: &Params, terms: &MarginTerms) -> Result<()> {
        require!(
            !self.margin_called_at.is_zero(),
            SpecieError::NotMarginCalled
        );
        let silent_before = self.silent_at_margin_call.get();
        let silence = terms.quorum.silent.get().saturating_sub(silent_before);
        let cure_ends = self.margin_called_at.after(params.cure_period)?;
        require!(
            terms.now >= cure_ends.after(Seconds::new(silence))?,
            SpecieError::CurePeriodRunning
        );
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use {super::*, crate::state::Attestation, bytemuck::Zeroable};

    const NOW: i64 = 1_000_000;
    const TTL: u32 = 86_400;

    struct World {
        params: Params,
        standard: Standard,
        quorum: Quorum,
        vault: Vault,
    }

    impl World {
        /// A vault that owes exactly the 10 SCU that it delivers until `NOW + 1,000`.
        fn new() -> Self {
            let mut world = Self {
                params: Params {
                    attestation_ttl: Seconds::new(TTL),
                    cure_period: Seconds::new(7_200),
                    price_max_age: Seconds::new(600),
                    ..Params::default()
                },
                standard: Standard {
                    work_per_scu: WorkPerScu::new(1_000),
                    price: Price::new(2_000_000),
                    published_at: Timestamp::new(NOW),
                    ..Standard::zeroed()
                },
                quorum: Quorum {
                    last_seen_at: Timestamp::new(NOW),
                    ..Quorum::zeroed()
                },
                vault: Vault {
                    attested: Attestation {
                        rate: Rate::new(10),
                        ends_at: Timestamp::new(NOW + 1_000),
                        attested_at: Timestamp::new(NOW),
                        inventory_hash: [0; 32],
                    },
                    ..Vault::zeroed()
                },
            };
            world.vault.balances.outstanding = Units::new(10_000_000);
            world
        }

        fn call(&mut self, now: i64) -> Result<Work> {
            let terms = MarginTerms {
                standard: &self.standard,
                quorum: &self.quorum,
                now: Timestamp::new(now),
            };
            self.vault.call_margin(&self.params, &terms)
        }

        fn cure_is_over(&self, now: i64) -> Result<()> {
            let terms = MarginTerms {
                standard: &self.standard,
                quorum: &self.quorum,
                now: Timestamp::new(now),
            };
            self.vault.require_cure_period_over(&self.params, &terms)
        }
    }

    #[test]
    fn a_vault_is_called_from_the_first_second_it_is_short() {
        let mut world = World::new();
        let unchanged = Err(SpecieError::MarginUnchanged.into());
        assert_eq!(world.call(NOW), unchanged);
        assert_eq!(world.call(NOW + 1), Ok(Work::new(10_000)));
        assert_eq!(world.vault.margin_called_at, Timestamp::new(NOW + 1));
        assert_eq!(world.call(NOW + 2), unchanged);
    }

    #[test]
    fn a_call_is_cleared_by_capacity_whatever_the_price() {
        let mut world = World::new();
        world.quorum.silent = Seconds::new(5);
        world.call(NOW + 1).unwrap();
        assert_eq!(world.vault.silent_at_margin_call, Seconds::new(5));
        world.vault.pending.attestation = Attestation {
            rate: Rate::new(11),
            ends_at: Timestamp::new(NOW + 2_000),
            attested_at: Timestamp::new(NOW),
            inventory_hash: [0; 32],
        };
        world.vault.pending.effective_at = Timestamp::new(NOW + 700);
        assert!(world.call(NOW + 699).is_err());
        assert_eq!(world.call(NOW + 700), Ok(Work::new(10_000)));
        assert_eq!(world.vault.margin_called_at, Timestamp::ZERO);
        assert_eq!(world.vault.silent_at_margin_call, Seconds::ZERO);
    }

    #[test]
    fn a_stale_price_calls_nobody() {
        let mut world = World::new();
        assert_eq!(world.call(NOW + 601), Err(SpecieError::PriceStale.into()));
        assert_eq!(world.vault.margin_called_at, Timestamp::ZERO);
    }

    #[test]
    fn an_attestation_that_ran_out_counts_until_the_quorum_is_seen() {
        let mut world = World::new();
        let ran_out = NOW + i64::from(TTL);
        world.vault.attested.ends_at = Timestamp::new(NOW + 10_000_000);
        world.standard.published_at = Timestamp::new(ran_out);
        for (seen_at, called) in [(NOW, false), (ran_out, false), (ran_out + 1, true)] {
            world.quorum.last_seen_at = Timestamp::new(seen_at);
            assert_eq!(world.call(ran_out + 1).is_ok(), called, "seen at {seen_at}");
        }
    }

    #[test]
    fn a_defaulted_vault_is_called_no_more() {
        let mut world = World::new();
        world.vault.status = VaultStatus::Defaulted as u8;
        assert_eq!(world.call(NOW + 1), Err(SpecieError::VaultDefaulted.into()));
    }

    #[test]
    fn the_cure_period_is_as_long_as_the_quorum_is_at_work() {
        let mut world = World::new();
        assert_eq!(
            world.cure_is_over(NOW + 100_000),
            Err(SpecieError::NotMarginCalled.into())
        );
        world.quorum.silent = Seconds::new(50);
        world.call(NOW + 1).unwrap();
        let running = Err(SpecieError::CurePeriodRunning.into());
        assert_eq!(world.cure_is_over(NOW + 7_200), running);
        assert_eq!(world.cure_is_over(NOW + 7_201), Ok(()));
        world.quorum.silent = Seconds::new(350);
        assert_eq!(world.cure_is_over(NOW + 7_500), running);
        assert_eq!(world.cure_is_over(NOW + 7_501), Ok(()));
    }
}
