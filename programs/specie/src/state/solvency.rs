use {
    super::{Currency, Standard, Vault, VaultStatus},
    crate::{constants::BPS_WHOLE, errors::SpecieError, math::Rounding, units::*},
    anchor_lang::prelude::*,
};

/// What decides, beside the vault itself, whether it may issue.
pub struct IssueTerms<'a> {
    /// Rules and pause.
    pub currency: &'a Currency,
    /// Standard and price.
    pub standard: &'a Standard,
    /// The chain's clock.
    pub now: Timestamp,
}

impl Vault {
    /// All units that the vault owes, to token and voucher holders.
    #[inline(always)]
    pub fn owed(&self) -> Result<Units> {
        self.balances.outstanding.plus(self.balances.open)
    }

    /// Work that the vault owes under a Standard: tokens at today's, vouchers at the one they were opened under.
    #[inline(always)]
    pub fn owed_work(&self, standard: WorkPerScu) -> Result<Work> {
        let outstanding = self.balances.outstanding.work(standard)?;
        outstanding.plus(self.balances.open_work)
    }

    /// Refuses with [`SpecieError::CoverageBelowFull`] unless capacity attested of late delivers all the work owed, under
    /// the Standard that is announced already.
    ///
    /// A pending attestation whose wait is over must have been promoted before.
    #[inline(always)]
    pub fn require_covered(&self, terms: &IssueTerms) -> Result<()> {
        let owed = self.owed_work(terms.standard.to_cover(terms.now))?;
        let capacity = self
            .attested
            .work(terms.currency.params.attestation_ttl, terms.now)?;
        require!(
            u128::from(owed.get()) <= capacity,
            SpecieError::CoverageBelowFull
        );
        Ok(())
    }

    /// Refuses with [`SpecieError::CollateralBelowRatio`] unless collateral is at least `ratio` of what is owed at the
    /// price.
    #[inline(always)]
    pub fn require_collateral(&self, ratio: Bps, price: Price) -> Result<()> {
        let owed = self.owed()?.value(price, Rounding::Up)?;
        // Products of a u64 and a u32 or 10⁴: far below 2¹²⁸.
        let held = u128::from(self.balances.collateral.get()).wrapping_mul(u128::from(BPS_WHOLE));
        let needed = u128::from(owed.get()).wrapping_mul(u128::from(ratio.get()));
        require!(held >= needed, SpecieError::CollateralBelowRatio);
        Ok(())
    }

    /// Refuses unless the vault, as it now stands, may issue: called after the new units were added or the collateral
    /// was taken, so that what is checked is what remains.
    #[inline(always)]
    pub fn require_may_issue(&self, terms: &IssueTerms) -> Result<()> {
        let params = &terms.currency.params;
        terms.currency.require_not_paused(terms.now)?;
        self.require_active()?;
        terms.standard.require_fresh_price(params, terms.now)?;
        require!(self.owed()? <= self.limit, SpecieError::LimitExceeded);
        self.require_covered(terms)?;
        self.require_collateral(params.collateral_ratio, terms.standard.cautious_price)
    }

    /// Refuses unless the vault is active, not margin-called, and owes no penalty.
    #[inline(always)]
    pub fn require_active(&self) -> Result<()> {
        require!(
            self.status == VaultStatus::Active as u8,
            SpecieError::VaultNotActive
        );
        self.require_no_penalty()?;
        require!(self.margin_called_at.is_zero(), SpecieError::MarginCalled);
        Ok(())
    }

    /// Refuses with [`SpecieError::PenaltyOwed`] while a penalty stands.
    #[inline(always)]
    pub fn require_no_penalty(&self) -> Result<()> {
        require!(self.penalty.is_zero(), SpecieError::PenaltyOwed);
        Ok(())
    }

    /// Refuses unless collateral may leave the vault at all: it owes no penalty, and it is active and not margin-called, or
    /// its default is over, with nothing owed and nothing written off.
    pub fn require_may_withdraw(&self) -> Result<()> {
        let settled = self.status == VaultStatus::Defaulted as u8
            && self.liquidation.written_off.is_zero()
            && self.owed()?.is_zero();
        if settled {
            return self.require_no_penalty();
        }
        self.require_active()
    }
}

#[cfg(test)]
mod tests {
    use {
        super::*,
        crate::state::{Attestation, Backing, Params},
        bytemuck::Zeroable,
    };

    const NOW: i64 = 1_000_000;

    struct World {
        currency: Currency,
        standard: Standard,
        vault: Vault,
    }

    impl World {
        /// A vault that owes 7 of 10 SCU it can deliver, with collateral for 10.
        fn new() -> Self {
            let mut world = Self {
                currency: Currency {
                    params: Params {
                        collateral_ratio: Bps::new(5_000),
                        attestation_ttl: Seconds::new(86_400),
                        price_max_age: Seconds::new(600),
                        ..Params::default()
                    },
                    ..Currency::zeroed()
                },
                standard: Standard {
                    work_per_scu: WorkPerScu::new(1_000),
                    price: Price::new(2_000_000),
                    cautious_price: Price::new(2_000_000),
                    published_at: Timestamp::new(NOW),
                    ..Standard::zeroed()
                },
                vault: Vault {
                    limit: Units::new(20_000_000),
                    attested: Attestation {
                        rate: Rate::new(10),
                        ends_at: Timestamp::new(NOW + 1_000),
                        attested_at: Timestamp::new(NOW),
                        inventory_hash: [0; 32],
                    },
                    ..Vault::zeroed()
                },
            };
            world.vault.balances.collateral = Quote::new(10_000_000);
            world.vault.balances.outstanding = Units::new(5_000_000);
            world.vault.balances.open = Units::new(2_000_000);
            world.vault.balances.open_work = Work::new(2_000);
            world
        }

        fn check(&self, now: i64) -> Result<()> {
            self.vault.require_may_issue(&IssueTerms {
                currency: &self.currency,
                standard: &self.standard,
                now: Timestamp::new(now),
            })
        }
    }

    #[test]
    fn coverage_holds_to_the_unit() {
        let mut world = World::new();
        world.vault.balances.outstanding = Units::new(8_000_000);
        assert_eq!(world.check(NOW), Ok(()));
        world.vault.balances.outstanding = Units::new(8_000_001);
        assert_eq!(world.check(NOW), Err(SpecieError::CoverageBelowFull.into()));
    }

    #[test]
    fn an_announced_rise_must_be_covered_already_and_not_by_what_vouchers_are_owed() {
        let mut world = World::new();
        world.standard.announced = WorkPerScu::new(1_250);
        world.standard.announced_until = Timestamp::new(NOW);
        // 6.4 SCU of 1,250 beside the vouchers' 2,000, which keep the Standard they were opened under.
        world.vault.balances.outstanding = Units::new(6_400_000);
        assert_eq!(world.check(NOW), Ok(()));
        world.vault.balances.outstanding = Units::new(6_400_001);
        assert_eq!(world.check(NOW), Err(SpecieError::CoverageBelowFull.into()));
    }

    #[test]
    fn coverage_decays_by_the_second() {
        let world = World::new();
        assert_eq!(world.check(NOW + 300), Ok(()));
        assert_eq!(
            world.check(NOW + 301),
            Err(SpecieError::CoverageBelowFull.into())
        );
    }

    #[test]
    fn an_attestation_beyond_its_life_covers_nothing() {
        let mut world = World::new();
        world.vault.attested.ends_at = Timestamp::new(NOW + 10_000_000);
        world.standard.published_at = Timestamp::new(NOW + 86_400);
        assert_eq!(world.check(NOW + 86_400), Ok(()));
        assert_eq!(
            world.check(NOW + 86_401),
            Err(SpecieError::CoverageBelowFull.into())
        );
    }

    #[test]
    fn collateral_holds_to_the_base_unit() {
        let mut world = World::new();
        world.vault.balances.collateral = Quote::new(7_000_000);
        assert_eq!(world.check(NOW), Ok(()));
        world.vault.balances.collateral = Quote::new(6_999_999);
        assert_eq!(
            world.check(NOW),
            Err(SpecieError::CollateralBelowRatio.into())
        );
    }

    #[test]
    fn every_other_condition_stops_issuing_by_its_own_name() {
        type Change = fn(&mut World);
        let cases: [(Change, SpecieError); 5] = [
            (
                |w| w.currency.paused_until = Timestamp::new(NOW + 1),
                SpecieError::Paused,
            ),
            (
                |w| w.vault.status = VaultStatus::Suspended as u8,
                SpecieError::VaultNotActive,
            ),
            (
                |w| w.vault.margin_called_at = Timestamp::new(1),
                SpecieError::MarginCalled,
            ),
            (
                |w| w.standard.published_at = Timestamp::new(NOW - 601),
                SpecieError::PriceStale,
            ),
            (
                |w| w.vault.limit = Units::new(6_999_999),
                SpecieError::LimitExceeded,
            ),
        ];
        for (change, error) in cases {
            let mut world = World::new();
            change(&mut world);
            assert_eq!(world.check(NOW), Err(error.into()));
        }
    }

    #[test]
    fn collateral_leaves_a_defaulted_vault_only_where_the_default_is_over() {
        let not_active = Err(SpecieError::VaultNotActive.into());
        let mut vault = Vault {
            status: VaultStatus::Defaulted as u8,
            ..Vault::zeroed()
        };
        assert_eq!(vault.require_may_withdraw(), Ok(()));
        vault.balances.open = Units::new(1);
        assert_eq!(vault.require_may_withdraw(), not_active);
        vault.balances.open = Units::ZERO;
        vault.liquidation.written_off = Units::new(1);
        assert_eq!(vault.require_may_withdraw(), not_active);
        vault.status = VaultStatus::Suspended as u8;
        vault.liquidation.written_off = Units::ZERO;
        assert_eq!(vault.require_may_withdraw(), not_active);
    }

    /// A vault that has requested so much of its collateral for `NOW`, and must keep a quarter of the 14.0 that it owes.
    fn requested(amount: u64) -> World {
        let mut world = World::new();
        world.currency.params.maintenance_ratio = Bps::new(2_500);
        let balances = &mut world.vault.balances;
        balances.collateral = balances.collateral.minus(Quote::new(amount)).unwrap();
        balances.withdrawing = Quote::new(amount);
        world.vault.withdrawal_available_at = Timestamp::new(NOW);
        world
    }

    fn withdraw(world: &mut World, now: i64) -> Result<Quote> {
        world.vault.withdraw(&IssueTerms {
            currency: &world.currency,
            standard: &world.standard,
            now: Timestamp::new(now),
        })
    }

    #[test]
    fn a_withdrawal_leaves_what_is_owed_collateralised_to_the_base_unit() {
        let mut world = requested(6_500_000);
        let early = Err(SpecieError::WithdrawalTooEarly.into());
        assert_eq!(withdraw(&mut world, NOW - 1), early);
        assert_eq!(withdraw(&mut world, NOW), Ok(Quote::new(6_500_000)));
        assert_eq!(world.vault.balances.withdrawing, Quote::ZERO);
        assert_eq!(world.vault.balances.collateral, Quote::new(3_500_000));
        assert_eq!(world.vault.invariant(), Ok(()));
        let none = Err(SpecieError::NoWithdrawalRequested.into());
        assert_eq!(withdraw(&mut world, NOW), none);
        let below = Err(SpecieError::CollateralBelowRatio.into());
        assert_eq!(withdraw(&mut requested(6_500_001), NOW), below);
        assert_eq!(withdraw(&mut requested(6_500_001), NOW + 1), below);
    }

    #[test]
    fn every_other_condition_stops_a_withdrawal_by_its_own_name() {
        type Change = fn(&mut World);
        let cases: [(Change, Result<Quote>); 6] = [
            (
                |w| w.currency.paused_until = Timestamp::new(NOW + 1),
                Err(SpecieError::Paused.into()),
            ),
            (
                |w| w.vault.status = VaultStatus::Suspended as u8,
                Err(SpecieError::VaultNotActive.into()),
            ),
            (
                |w| w.vault.balances.outstanding = Units::new(8_000_001),
                Err(SpecieError::CoverageBelowFull.into()),
            ),
            // What it owes is worth more than the last price says.
            (
                |w| w.standard.cautious_price = Price::new(7_000_000),
                Err(SpecieError::CollateralBelowRatio.into()),
            ),
            // The price may be old.
            (
                |w| w.standard.published_at = Timestamp::new(NOW - 601),
                Ok(Quote::new(1)),
            ),
            // Who owes nothing needs neither capacity nor collateral.
            (
                |w| {
                    w.vault.balances.outstanding = Units::ZERO;
                    w.vault.balances.open = Units::ZERO;
                    w.vault.balances.open_work = Work::ZERO;
                    w.vault.attested = Attestation::zeroed();
                },
                Ok(Quote::new(1)),
            ),
        ];
        for (i, (change, expected)) in cases.into_iter().enumerate() {
            let mut world = requested(1);
            change(&mut world);
            assert_eq!(withdraw(&mut world, NOW), expected, "case {i}");
        }
    }

    fn issue(world: &mut World, tokens: u64, backing: Backing) -> Result<Units> {
        let terms = IssueTerms {
            currency: &world.currency,
            standard: &world.standard,
            now: Timestamp::new(NOW),
        };
        world.vault.issue(Tokens::new(tokens), backing, &terms)
    }

    #[test]
    fn what_is_issued_is_owed_rounded_up_and_counts_against_the_share() {
        let mut world = World::new();
        let third = Backing::of(1, 3);
        world.currency.params.issue_cap = Units::new(16);
        world.currency.params.issue_share = Bps::new(5_000);
        assert_eq!(
            issue(&mut world, 0, third),
            Err(SpecieError::AmountZero.into())
        );
        assert_eq!(issue(&mut world, 10, third), Ok(Units::new(4)));
        assert_eq!(world.vault.balances.outstanding, Units::new(5_000_004));
        assert_eq!(world.vault.issued, Units::new(4));
        let reached = Err(SpecieError::IssueCapReached.into());
        assert_eq!(issue(&mut world, 1, third), reached);
    }

    #[test]
    fn capacity_covers_an_issue_when_its_wait_is_over() {
        for (effective_at, expected) in [
            (NOW, Ok(Units::new(1))),
            (NOW + 1, Err(SpecieError::CoverageBelowFull.into())),
        ] {
            let mut world = World::new();
            world.vault.pending.attestation = world.vault.attested;
            world.vault.pending.effective_at = Timestamp::new(effective_at);
            world.vault.attested = Attestation::zeroed();
            assert_eq!(issue(&mut world, 1, Backing::FULL), expected);
        }
    }

    #[test]
    fn nothing_is_issued_where_nothing_is_backed() {
        let mut world = World::new();
        let exhausted = Err(SpecieError::BackingExhausted.into());
        let nothing = Backing::of(0, u64::MAX);
        assert_eq!(issue(&mut world, u64::MAX, nothing), exhausted);
        let exceeded = Err(SpecieError::LimitExceeded.into());
        let hardly_any = Backing::of(u64::MAX / 2, u64::MAX);
        assert_eq!(issue(&mut world, u64::MAX, hardly_any), exceeded);
    }
}
