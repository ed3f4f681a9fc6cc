use {
    super::{Book, Params, Standard, Vault, VaultStatus, Voucher},
    crate::{
        constants::UNITS_PER_SCU,
        errors::SpecieError,
        math::{mul_div, Rounding},
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
}

impl Vault {
    /// Takes `units` out of a voucher: in cash those that [`Self::payable`] says, the rest as tokens.
    pub fn compensate(
        &mut self,
        voucher: &mut Voucher,
        units: Units,
        terms: &BreachTerms,
        holders: (&mut Book, Tokens),
    ) -> Result<Compensation> {
        let (paid, cash) = if terms.cash_frozen || self.status == VaultStatus::Defaulted as u8 {
            (Units::ZERO, Quote::ZERO)
        } else {
            // At a price beyond what can be computed with, all of it returns as tokens: nothing may block an exit.
            self.payable(units, terms.standard.price, terms.params)
                .unwrap_or_default()
        };
        let returned = units.minus(paid)?;
        let tokens = self.take_back(voucher, units, paid, holders)?;
        self.spend(cash)?;
        Ok(Compensation {
            paid,
            cash,
            returned,
            tokens,
        })
    }

    /// How many of some open units the vault pays for in cash, and how much.
    ///
    /// At the price with the breach premium, rounded down; at most these units' share of all that the vault holds for all
    /// that it owes, so that nobody takes another's; and nothing of what a withdrawal must leave. Tokens that return can
    /// be redeemed here and challenged again: without the last a vendor could empty its vault through a friend, round by
    /// round, each time only by a share.
    fn payable(&self, units: Units, price: Price, params: &Params) -> Result<(Units, Quote)> {
        if price.is_zero() {
            return Ok((Units::ZERO, Quote::ZERO));
        }
        let held = self.balances.collateral.plus(self.balances.withdrawing)?;
        let owed = self.owed()?;
        let share = mul_div(held.get(), units.get(), owed.get(), Rounding::Down)?;
        let kept = owed
            .value(price, Rounding::Up)?
            .share(params.maintenance_ratio, Rounding::Up)?;
        let most = share.min(held.get().saturating_sub(kept.get()));
        let price = price.raised(params.breach_premium, Rounding::Down)?;
        // More units than can be counted are more than these.
        let paid = mul_div(most, UNITS_PER_SCU, price.get(), Rounding::Down)
            .map_or(units, |paid| units.min(Units::new(paid)));
        Ok((paid, paid.value(price, Rounding::Down)?))
    }
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
    }

    impl World {
        fn holding(collateral: u64, withdrawing: u64) -> Self {
            let mut world = Self {
                params: Params {
                    maintenance_ratio: Bps::new(2_000),
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

    #[test]
    fn nobody_takes_more_than_their_share() {
        // A tenth of 110, at 2.2 each.
        let mut world = World::holding(110 * ONE, 0);
        let compensation = world.compensate(10 * ONE);
        assert_eq!(paid(compensation), (5 * ONE, 11 * ONE));
        assert_eq!(compensation.tokens, Tokens::new(5 * ONE));
        assert_eq!(world.vault.balances.outstanding, Units::new(95 * ONE));
    }

    #[test]
    fn nothing_goes_that_a_withdrawal_must_leave() {
        // Of 100 that are owed, 40 are kept.
        for (collateral, withdrawing, cash) in [
            (40 * ONE + 1, 0, 1),
            (40 * ONE, 0, 0),
            (40 * ONE - 1, 0, 0),
            (0, 0, 0),
            (40 * ONE, 3, 3),
            // What is requested for withdrawal fills up what is to be kept first.
            (40 * ONE - 2, 3, 1),
            (40 * ONE - 3, 3, 0),
            (0, 40 * ONE + 1, 1),
        ] {
            let mut world = World::holding(collateral, withdrawing);
            // A unit costs a base unit.
            world.standard.price = Price::new(ONE);
            world.params.breach_premium = Bps::ZERO;
            world.params.maintenance_ratio = Bps::new(4_000);
            let compensation = world.compensate(10 * ONE);
            assert_eq!(
                paid(compensation),
                (cash, cash),
                "{collateral} {withdrawing}"
            );
        }
    }

    #[test]
    fn what_a_withdrawal_must_leave_is_rounded_up() {
        // 40 % of 100,000,001; and of 100.000001, which are 101.
        for (price, collateral) in [(ONE, 40 * ONE + 1), (1, 41)] {
            let mut world = World::holding(collateral, 0);
            world.standard.price = Price::new(price);
            world.params.breach_premium = Bps::ZERO;
            world.params.maintenance_ratio = Bps::new(4_000);
            world.vault.balances.outstanding = Units::new(90 * ONE + 1);
            assert_eq!(paid(world.compensate(10 * ONE)), (0, 0), "{price}");
        }
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
        let cases: [Change; 6] = [
            |w| w.standard.price = Price::ZERO,
            |w| w.standard.price = Price::new(u64::MAX),
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
    fn round_after_round_the_vault_keeps_what_a_withdrawal_must_leave() {
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
                let owed = world.vault.owed().unwrap();
                let held = world.vault.balances.collateral.get();
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
                let share = u128::from(held) * u128::from(tokens) / u128::from(owed.get());
                assert!(u128::from(compensation.cash.get()) <= share);
                tokens = compensation.tokens.get();
                let kept =
                    Units::value(world.vault.owed().unwrap(), Price::new(PRICE), Rounding::Up)
                        .and_then(|value| value.share(Bps::new(2_000), Rounding::Up))
                        .unwrap();
                assert!(world.vault.balances.collateral >= kept);
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
