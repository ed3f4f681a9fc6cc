use {
    super::{Book, Params, Standard, Vault, VaultStatus, Voucher},
    crate::{
        constants::{BPS_WHOLE, UNITS_PER_SCU},
        errors::SpecieError,
        math::Rounding,
        units::*,
    },
    anchor_lang::prelude::*,
};

/// What decides, beside vault and voucher, what a breach pays.
pub struct BreachTerms<'a> {
    /// The rules.
    pub params: &'a Params,
    /// The last price, however old: an exit waits for nobody.
    pub standard: &'a Standard,
    /// Whether the collateral's issuer has frozen the vault's account, or the one that would be paid.
    pub cash_frozen: bool,
    /// Whether the claim came in time for cash and penalty. One that did not is paid in tokens alone.
    pub in_time: bool,
    /// The chain's clock.
    pub now: Timestamp,
}

impl BreachTerms<'_> {
    /// What a unit that was not served is paid at: the price with the breach premium, rounded down.
    fn price(&self) -> Result<Price> {
        self.standard
            .price
            .raised(self.params.breach_premium, Rounding::Down)
    }

    /// The breach premium on some units, rounded up.
    fn premium_on(&self, units: Units) -> Result<Quote> {
        let premium = self.price()?.minus(self.standard.price)?;
        units.value(premium, Rounding::Up)
    }
}

/// What became of units that a vendor did not serve.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Compensation {
    /// Units paid in cash.
    pub paid: Units,
    /// What was paid for them.
    pub cash: Quote,
    /// Units that returned as tokens.
    pub returned: Units,
    /// The tokens.
    pub tokens: Tokens,
    /// The premium on these units, which the vault owes to the insurance account.
    pub penalty: Quote,
}

/// Parts of a collateral base unit: a unit's price in them, at a ratio in parts per 10,000, is a whole number.
const PARTS: u128 = UNITS_PER_SCU as u128 * BPS_WHOLE as u128;

impl Vault {
    /// Takes `units` out of a voucher: in cash those that [`Self::payable`] says, the rest as tokens, whose premium is owed to
    /// the insurance account.
    pub fn compensate(
        &mut self,
        voucher: &mut Voucher,
        units: Units,
        terms: &BreachTerms,
        holders: (&mut Book, Tokens),
    ) -> Result<Compensation> {
        let claims = terms.in_time && self.status != VaultStatus::Defaulted as u8;
        let (paid, cash) = if claims && !terms.cash_frozen {
            // At a price beyond what can be computed with, all of it returns as tokens: nothing may block an exit.
            self.payable(units, terms).unwrap_or_default()
        } else {
            (Units::ZERO, Quote::ZERO)
        };
        let returned = units.minus(paid)?;
        let penalty = if claims {
            terms.premium_on(returned).unwrap_or_default()
        } else {
            Quote::ZERO
        };
        let tokens = self.take_back(voucher, units, paid, holders)?;
        self.spend(cash)?;
        self.penalize(penalty, terms.now);
        Ok(Compensation {
            paid,
            cash,
            returned,
            tokens,
            penalty,
        })
    }

    /// How many of some open units the vault pays for in cash, and how much: as many as leave it, without them, its ratio of
    /// all that it then owes. So no claim reaches what backs other holders, however often a friend comes with one.
    fn payable(&self, units: Units, terms: &BreachTerms) -> Result<(Units, Quote)> {
        let price = terms.price()?;
        if price.is_zero() {
            return Ok((Units::ZERO, Quote::ZERO));
        }
        let held = self.balances.collateral.plus(self.balances.withdrawing)?;
        let held = parts(held.get(), PARTS)?;
        let keeps = self.keeps_for_each_unit(terms)?;
        let costs = parts(price.get(), BPS_WHOLE.into())?;
        let (owed, units_left) = (self.owed()?, self.owed()?.minus(units)?);
        let all = parts(units.get(), costs)?
            .checked_add(parts(units_left.get(), keeps)?)
            .ok_or(SpecieError::Overflow)?;
        let paid = if all <= held {
            units
        } else {
            // What each unit takes beyond what needs not be kept for it any more comes from what is above the ratio.
            let above = held.saturating_sub(parts(owed.get(), keeps)?);
            let paid = above.checked_div(costs.saturating_sub(keeps)).unwrap_or(0);
            u64::try_from(paid).map_or(units, |paid| units.min(Units::new(paid)))
        };
        Ok((paid, paid.value(price, Rounding::Down)?))
    }

    /// What the vault keeps of its collateral for each unit that it owes, in [`PARTS`] of a base unit.
    fn keeps_for_each_unit(&self, terms: &BreachTerms) -> Result<u128> {
        let ratio = terms.params.collateral_ratio;
        parts(terms.standard.cautious_price.get(), ratio.get().into())
    }
}

fn parts(amount: u64, each: u128) -> Result<u128> {
    let parts = u128::from(amount).checked_mul(each);
    parts.ok_or_else(|| SpecieError::Overflow.into())
}

impl Voucher {
    /// Takes a ruling of the quorum's; returns the units that it is about, at most what remains.
    ///
    /// It counts once, and only for this voucher: one reopened at the same address was opened after the ruling was taken,
    /// and that is after it was decided. So, other than a price, a ruling may not be ahead of the chain's clock.
    pub fn rule(
        &mut self,
        ruling: &specie_wire::Ruling,
        params: &Params,
        now: Timestamp,
    ) -> Result<Units> {
        let ruled_at = Timestamp::new(ruling.ruled_at);
        require!(
            ruled_at > self.ruled_at && ruled_at > self.opened_at,
            SpecieError::RulingNotNewer
        );
        require!(ruled_at <= now, SpecieError::SignedInFuture);
        require!(
            now <= ruled_at.after(params.attestation_ttl)?,
            SpecieError::SignedTooOld
        );
        let units = self.remaining()?.min(Units::new(ruling.units));
        require!(!units.is_zero(), SpecieError::NothingRemaining);
        self.ruled_at = ruled_at;
        Ok(units)
    }
}

#[cfg(test)]
mod tests {
    use {super::*, bytemuck::Zeroable};

    const NOW: i64 = 1_000_000;
    const ONE: u64 = 1_000_000;
    const PRICE: u64 = 2_000_000;

    /// A vault that owes 100 SCU at 2.0 each, ten of them to a voucher, and holds so much.
    struct World {
        params: Params,
        book: Book,
        supply: u64,
        standard: Standard,
        vault: Vault,
        voucher: Voucher,
        frozen: bool,
        in_time: bool,
    }

    impl World {
        fn holding(collateral: u64, withdrawing: u64) -> Self {
            let mut world = Self {
                params: Params {
                    collateral_ratio: Bps::new(2_000),
                    breach_premium: Bps::new(1_000),
                    ..Params::default()
                },
                book: Book {
                    owed: Units::new(90 * ONE),
                    ..Book::zeroed()
                },
                supply: 90 * ONE,
                standard: Standard {
                    price: Price::new(PRICE),
                    cautious_price: Price::new(PRICE),
                    ..Standard::zeroed()
                },
                vault: Vault::zeroed(),
                voucher: Voucher {
                    units: Units::new(10 * ONE),
                    tokens: Tokens::new(10 * ONE),
                    work_per_scu: WorkPerScu::new(2_844_000),
                    opened_at: Timestamp::new(NOW),
                    ..Voucher::zeroed()
                },
                frozen: false,
                in_time: true,
            };
            let balances = &mut world.vault.balances;
            balances.collateral = Quote::new(collateral);
            balances.withdrawing = Quote::new(withdrawing);
            balances.outstanding = Units::new(90 * ONE);
            balances.open = Units::new(10 * ONE);
            balances.open_work = world.voucher.remaining_work().unwrap();
            if withdrawing > 0 {
                world.vault.withdrawal_available_at = Timestamp::new(NOW);
            }
            world
        }

        fn compensate(&mut self, units: u64) -> Compensation {
            let terms = BreachTerms {
                params: &self.params,
                standard: &self.standard,
                cash_frozen: self.frozen,
                in_time: self.in_time,
                now: Timestamp::new(NOW),
            };
            let compensation = self
                .vault
                .compensate(
                    &mut self.voucher,
                    Units::new(units),
                    &terms,
                    (&mut self.book, Tokens::new(self.supply)),
                )
                .unwrap();
            self.supply += compensation.tokens.get();
            assert_eq!(self.vault.invariant(), Ok(()));
            assert_eq!(
                compensation.paid.plus(compensation.returned),
                Ok(Units::new(units))
            );
            let balances = &self.vault.balances;
            assert_eq!(Ok(balances.open), self.voucher.remaining());
            assert_eq!(Ok(balances.open_work), self.voucher.remaining_work());
            compensation
        }
    }

    fn paid(compensation: Compensation) -> (u64, u64) {
        (compensation.paid.get(), compensation.cash.get())
    }

    #[test]
    fn a_rich_vault_pays_all_units_at_the_price_with_the_premium() {
        let mut world = World::holding(500 * ONE, 0);
        let compensation = world.compensate(10 * ONE);
        assert_eq!(paid(compensation), (10 * ONE, 22 * ONE));
        assert_eq!(compensation.tokens, Tokens::ZERO);
        let balances = world.vault.balances;
        assert_eq!(balances.collateral, Quote::new(478 * ONE));
        assert_eq!(balances.outstanding, Units::new(90 * ONE));
    }

    /// A tenth of 100 is claimed at 1.0 and 1.1 with the premium.
    fn at_a_ratio_of(percent: u32, collateral: u64, withdrawing: u64) -> World {
        let mut world = World::holding(collateral, withdrawing);
        world.standard.price = Price::new(ONE);
        world.standard.cautious_price = Price::new(ONE);
        world.params.collateral_ratio = Bps::new(percent * 100);
        world
    }

    #[test]
    fn at_a_ratio_of_price_and_premium_an_exact_vault_pays_in_full_and_stays_exact() {
        let mut world = at_a_ratio_of(110, 110 * ONE, 0);
        let compensation = world.compensate(10 * ONE);
        assert_eq!(paid(compensation), (10 * ONE, 11 * ONE));
        assert_eq!(compensation.penalty, Quote::ZERO);
        assert_eq!(world.vault.balances.collateral, Quote::new(99 * ONE));
        // A base unit below it, and for any ratio above it: nothing, and all of the premium is owed.
        for (percent, collateral) in [(110, 110 * ONE - 1), (150, 150 * ONE - 4 * ONE - 1)] {
            let mut world = at_a_ratio_of(percent, collateral, 0);
            let compensation = world.compensate(10 * ONE);
            assert_eq!(paid(compensation), (0, 0), "{percent}");
            assert_eq!(compensation.penalty, Quote::new(ONE));
            assert_eq!(world.vault.penalty, Quote::new(ONE));
            assert_eq!(world.vault.penalized_at, Timestamp::new(NOW));
        }
        // Paying ten leaves a vault above 110 % better off: what it lacks may come from that.
        let mut world = at_a_ratio_of(150, 146 * ONE, 0);
        assert_eq!(paid(world.compensate(10 * ONE)), (10 * ONE, 11 * ONE));
    }

    #[test]
    fn what_is_above_the_ratio_pays_as_far_as_it_goes() {
        // A unit costs 1.1, of which 0.3 need not be kept for it any more.
        for (collateral, withdrawing, units) in [
            (38 * ONE, 0, 10 * ONE),
            (38 * ONE - 1, 0, 10 * ONE - 2),
            (34 * ONE, 0, 5 * ONE),
            (30 * ONE + 1, 0, 1),
            (30 * ONE, 0, 0),
            (30 * ONE - 1, 0, 0),
            (0, 0, 0),
            // What is requested for withdrawal counts.
            (30 * ONE, 4 * ONE, 5 * ONE),
            (26 * ONE, 8 * ONE, 5 * ONE),
            (26 * ONE, 4 * ONE, 0),
            (0, 38 * ONE, 10 * ONE),
        ] {
            let mut world = at_a_ratio_of(30, collateral, withdrawing);
            let compensation = world.compensate(10 * ONE);
            let expected = (units, units * 11 / 10);
            assert_eq!(paid(compensation), expected, "{collateral} {withdrawing}");
            assert_eq!(compensation.tokens, Tokens::new(10 * ONE - units));
            let penalty = (10 * ONE - units).div_ceil(10);
            assert_eq!(compensation.penalty, Quote::new(penalty));
            assert_eq!(world.vault.penalty, Quote::new(penalty));
        }
    }

    #[test]
    fn what_is_kept_goes_by_the_cautious_price() {
        let mut world = at_a_ratio_of(30, 34 * ONE, 0);
        world.standard.cautious_price = Price::new(2 * ONE);
        assert_eq!(paid(world.compensate(10 * ONE)), (0, 0));
        let mut world = at_a_ratio_of(30, 64 * ONE, 0);
        world.standard.cautious_price = Price::new(2 * ONE);
        // 4.0 above 60.0, at 0.5 a unit beyond the 0.6 that were kept for it.
        assert_eq!(paid(world.compensate(10 * ONE)), (8 * ONE, 88 * ONE / 10));
    }

    #[test]
    fn a_claim_that_comes_late_is_paid_in_tokens_alone() {
        let mut world = World::holding(500 * ONE, 0);
        world.in_time = false;
        let compensation = world.compensate(10 * ONE);
        assert_eq!(paid(compensation), (0, 0));
        assert_eq!(compensation.tokens, Tokens::new(10 * ONE));
        assert_eq!(world.vault.penalty, Quote::ZERO);
    }

    #[test]
    fn a_claim_that_no_cash_can_be_paid_for_is_penalized_all_the_same() {
        let mut world = World::holding(500 * ONE, 0);
        world.frozen = true;
        assert_eq!(world.compensate(10 * ONE).penalty, Quote::new(2 * ONE));
        // Of a defaulted vault all is its holders'.
        let mut world = World::holding(500 * ONE, 0);
        world.vault.status = VaultStatus::Defaulted as u8;
        assert_eq!(world.compensate(10 * ONE).penalty, Quote::ZERO);
    }

    #[test]
    fn units_that_return_are_owed_again_whatever_tokens_they_are() {
        // A third of a unit a token: no more tokens return than were burned.
        let mut world = World::holding(0, 0);
        world.supply = 270 * ONE;
        assert_eq!(world.compensate(10 * ONE).tokens, Tokens::new(10 * ONE));
        assert_eq!(world.vault.balances.outstanding, Units::new(100 * ONE));
        assert_eq!(world.book.owed, Units::new(100 * ONE));
        // Opened at half a unit a token, and a token stands for all of one since: no more than they are worth.
        let mut world = World::holding(0, 0);
        world.voucher.tokens = Tokens::new(20 * ONE);
        assert_eq!(world.compensate(10 * ONE).tokens, Tokens::new(10 * ONE));
    }

    #[test]
    fn a_part_of_a_voucher_takes_its_own_work_along() {
        let mut world = World::holding(500 * ONE, 0);
        world.compensate(4 * ONE);
        assert_eq!(world.voucher.remaining(), Ok(Units::new(6 * ONE)));
        let left = Work::new(6 * 2_844_000);
        assert_eq!(world.vault.balances.open_work, left);
    }

    #[test]
    fn what_is_requested_for_withdrawal_pays_first() {
        let mut world = World::holding(500 * ONE, 5 * ONE);
        assert_eq!(paid(world.compensate(10 * ONE)), (10 * ONE, 22 * ONE));
        let balances = world.vault.balances;
        assert_eq!(balances.withdrawing, Quote::ZERO);
        assert_eq!(balances.collateral, Quote::new(483 * ONE));
        assert_eq!(world.vault.withdrawal_available_at, Timestamp::ZERO);
    }

    #[test]
    fn without_price_cash_or_sense_all_returns_as_tokens() {
        type Change = fn(&mut World);
        let cases: [Change; 7] = [
            |w| w.standard.price = Price::ZERO,
            |w| w.standard.price = Price::new(u64::MAX),
            |w| w.standard.cautious_price = Price::new(u64::MAX),
            |w| w.standard.price = Price::new(u64::MAX / 100),
            |w| w.frozen = true,
            |w| w.vault.status = VaultStatus::Defaulted as u8,
            |w| w.vault.balances.collateral = Quote::ZERO,
        ];
        for (i, change) in cases.into_iter().enumerate() {
            let mut world = World::holding(500 * ONE, 0);
            change(&mut world);
            let before = world.vault.balances.collateral;
            let compensation = world.compensate(10 * ONE);
            assert_eq!(paid(compensation), (0, 0), "case {i}");
            assert_eq!(compensation.tokens, Tokens::new(10 * ONE));
            assert_eq!(world.vault.balances.collateral, before);
        }
    }

    #[test]
    fn a_price_next_to_nothing_pays_all_units() {
        let mut world = World::holding(u64::MAX / 2, 0);
        world.standard.price = Price::new(1);
        // Ten SCU at 10⁻⁶ are ten base units; the premium is rounded off.
        assert_eq!(paid(world.compensate(10 * ONE)), (10 * ONE, 10));
    }

    #[test]
    fn an_empty_voucher_is_worth_nothing() {
        let mut world = World::holding(500 * ONE, 0);
        world.voucher.settled = world.voucher.units;
        world.vault.balances = bytemuck::Zeroable::zeroed();
        assert_eq!(paid(world.compensate(0)), (0, 0));
    }

    /// Redeemed, compensated and redeemed again, as often as it pays.
    #[test]
    fn round_after_round_the_vault_keeps_its_ratio() {
        for collateral in [45 * ONE, 60 * ONE, 110 * ONE, 400 * ONE] {
            let mut world = World::holding(collateral, 0);
            world.vault.balances.outstanding = Units::new(100 * ONE);
            world.vault.balances.open = Units::ZERO;
            world.vault.balances.open_work = Work::ZERO;
            (world.book.owed, world.supply) = (Units::new(100 * ONE), 100 * ONE);
            let mut tokens = 50 * ONE;
            for _ in 0..200 {
                if tokens == 0 {
                    break;
                }
                world.voucher = Voucher {
                    units: Units::new(tokens),
                    tokens: Tokens::new(tokens),
                    work_per_scu: WorkPerScu::new(2_844_000),
                    ..Voucher::zeroed()
                };
                let work = world.voucher.remaining_work().unwrap();
                let (units, burned) = (Units::new(tokens), Tokens::new(tokens));
                world.vault.open_voucher(units, work, burned).unwrap();
                world.book.discharge(units).unwrap();
                world.supply -= tokens;
                let compensation = world.compensate(tokens);
                tokens = compensation.tokens.get();
                let owed = u128::from(world.vault.owed().unwrap().get());
                let kept = owed * u128::from(PRICE) / 5;
                let held = u128::from(world.vault.balances.collateral.get());
                assert!(held * u128::from(ONE) >= kept);
            }
        }
    }

    fn ruling(units: u64, ruled_at: i64) -> specie_wire::Ruling {
        specie_wire::Ruling {
            voucher: [0; 32],
            evidence_hash: [0; 32],
            quorum_epoch: 1,
            units,
            ruled_at,
        }
    }

    #[test]
    fn a_ruling_counts_once_for_what_remains() {
        let mut voucher = World::holding(0, 0).voucher;
        voucher.settled = Units::new(4 * ONE);
        let params = Params::default();
        let ttl = i64::from(params.attestation_ttl.get());
        let mut rule = |units, ruled_at: i64, now: i64| {
            voucher.rule(&ruling(units, ruled_at), &params, Timestamp::new(now))
        };
        let not_newer = Err(SpecieError::RulingNotNewer.into());
        assert_eq!(rule(ONE, NOW, NOW + 9), not_newer);
        let ahead = Err(SpecieError::SignedInFuture.into());
        assert_eq!(rule(ONE, NOW + 10, NOW + 9), ahead);
        assert_eq!(rule(ONE, i64::MAX, NOW + 9), ahead);
        let old = Err(SpecieError::SignedTooOld.into());
        assert_eq!(rule(ONE, NOW + 1, NOW + 2 + ttl), old);
        let nothing = Err(SpecieError::NothingRemaining.into());
        assert_eq!(rule(0, NOW + 1, NOW + 9), nothing);
        assert_eq!(rule(ONE, NOW + 1, NOW + 1 + ttl), Ok(Units::new(ONE)));
        assert_eq!(rule(ONE, NOW + 1, NOW + 9), not_newer);
        let all = Ok(Units::new(6 * ONE));
        assert_eq!(rule(u64::MAX, NOW + 2, NOW + 9), all);
    }
}
