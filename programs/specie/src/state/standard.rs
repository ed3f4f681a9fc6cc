use {
    super::Params,
    crate::{
        constants::{BPS_WHOLE, CLOCK_SKEW, PRICE_MEMORY, WORK_PER_SCU_MAX},
        errors::SpecieError,
        math::{mul_div, Rounding},
        units::*,
    },
    anchor_lang::prelude::*,
};

/// What one SCU is and costs: the dynamic anchor and the reference price. Address: `["standard", currency]`.
#[account]
pub struct Standard {
    /// Layout version.
    pub version: u8,
    /// Bump of this address.
    pub bump: u8,
    /// Unused, zero.
    pub padding: [u8; 6],
    /// The currency.
    pub currency: Address,
    /// Rises with every change of `work_per_scu`.
    pub sequence: Sequence,
    /// TFLOP that one SCU stands for; never falls.
    pub work_per_scu: WorkPerScu,
    /// The rise that is announced, which issuing must be covered under already; 0 = none.
    pub announced: WorkPerScu,
    /// Until when that rise may be executed; after that it does not count.
    pub announced_until: Timestamp,
    /// Reference price; 0 until the first one.
    pub price: Price,
    /// Rises with every price.
    pub price_sequence: Sequence,
    /// When the quorum observed the price.
    pub published_at: Timestamp,
    /// The price that collateral answers for when a vault issues or withdraws: the reference price, or what an earlier,
    /// higher one has come down to, by a 14th for each day. Compute that is cheap for an hour is not backed cheaply.
    pub cautious_price: Price,
    /// Zero, for later versions.
    pub reserved: [u8; 48],
}

impl Standard {
    /// The Standard of a new currency, without a price.
    pub fn found(&mut self, currency: Address, bump: u8, work_per_scu: WorkPerScu) -> Result<()> {
        require!(
            !work_per_scu.is_zero() && work_per_scu <= WORK_PER_SCU_MAX,
            SpecieError::StandardOutOfBounds
        );
        self.version = crate::constants::VERSION;
        self.bump = bump;
        self.currency = currency;
        self.work_per_scu = work_per_scu;
        Ok(())
    }

    /// The Standard that issuing and withdrawing must be covered under: the announced rise already, so that nobody is sold
    /// what is known to fall short. A rise that was never executed ceases to count. Everything else goes by `work_per_scu`.
    #[inline(always)]
    pub fn to_cover(&self, now: Timestamp) -> WorkPerScu {
        if now <= self.announced_until {
            self.work_per_scu.max(self.announced)
        } else {
            self.work_per_scu
        }
    }

    /// `Nothing → Announced`: one rise at a time, so that many small ones get no further than one for each notice. It takes
    /// the place of one that may not be executed any more.
    pub fn announce(
        &mut self,
        to: WorkPerScu,
        until: Timestamp,
        params: &Params,
        now: Timestamp,
    ) -> Result<()> {
        require!(
            self.announced.is_zero() || now > self.announced_until,
            SpecieError::StandardAlreadyAnnounced
        );
        self.require_rise(to, params)?;
        (self.announced, self.announced_until) = (to, until);
        Ok(())
    }

    /// `Announced → Raised`, if the rise is within what the rules allow by now.
    pub fn raise(&mut self, to: WorkPerScu, params: &Params) -> Result<()> {
        self.require_rise(to, params)?;
        self.sequence = self.sequence.plus(Sequence::new(1))?;
        self.work_per_scu = to;
        self.withdraw_announcement();
        Ok(())
    }

    /// `Announced → Nothing`, where the announcement is the one that lasts until `until`, and not a later one in its place.
    pub fn take_announcement_back(&mut self, until: Timestamp) {
        if self.announced_until == until {
            self.withdraw_announcement();
        }
    }

    fn withdraw_announcement(&mut self) {
        (self.announced, self.announced_until) = (WorkPerScu::ZERO, Timestamp::ZERO);
    }

    fn require_rise(&self, to: WorkPerScu, params: &Params) -> Result<()> {
        require!(to > self.work_per_scu, SpecieError::StandardNotRaised);
        require!(to <= WORK_PER_SCU_MAX, SpecieError::StandardOutOfBounds);
        let step = u64::from(params.standard_max_step.get());
        let most = mul_div(self.work_per_scu.get(), step, BPS_WHOLE, Rounding::Down)?;
        let most = self.work_per_scu.plus(WorkPerScu::new(most))?;
        require!(to <= most, SpecieError::StandardStepTooLarge);
        Ok(())
    }

    /// What issuing `units` without a sale pays into revenue: the fee of a purchase at the reference price, rounded up twice.
    #[inline(always)]
    pub fn issue_fee(&self, units: Units, fee: Bps) -> Result<Quote> {
        let value = units.value(self.price, Rounding::Up)?;
        value.share(fee, Rounding::Up)
    }

    /// Refuses with [`SpecieError::PriceStale`] where there is no price, or only an old one.
    #[inline(always)]
    pub fn require_fresh_price(&self, params: &Params, now: Timestamp) -> Result<()> {
        require!(
            !self.price.is_zero() && now <= self.published_at.after(params.price_max_age)?,
            SpecieError::PriceStale
        );
        Ok(())
    }

    /// Takes a price that the quorum signed.
    ///
    /// It is newer than the last in number and time, at least `price_min_interval` later, and moved by at most
    /// `price_max_move` of the last for each such interval passed: many small posts get no further than one.
    pub fn post_price(
        &mut self,
        price: &specie_wire::Price,
        params: &Params,
        now: Timestamp,
    ) -> Result<()> {
        let sequence = Sequence::new(price.sequence);
        let published_at = Timestamp::new(price.published_at);
        require!(price.price != 0, SpecieError::PriceZero);
        require!(sequence > self.price_sequence, SpecieError::PriceNotNewer);
        sequence.require_near(self.price_sequence)?;
        require!(published_at > self.published_at, SpecieError::PriceNotNewer);
        require!(
            published_at <= now.after(CLOCK_SKEW)?,
            SpecieError::SignedInFuture
        );
        require!(
            now <= published_at.after(params.price_max_age)?,
            SpecieError::SignedTooOld
        );
        if !self.price.is_zero() {
            let interval = u64::from(params.price_min_interval.get());
            let elapsed = published_at.since(self.published_at);
            require!(elapsed >= interval, SpecieError::PriceTooSoon);
            // Bounds keep price_min_interval above zero; capped so that long silence cannot overflow.
            let intervals = elapsed.checked_div(interval).unwrap_or(0).min(BPS_WHOLE);
            let bps = u64::from(params.price_max_move.get()).saturating_mul(intervals);
            let most =
                mul_div(self.price.get(), bps, BPS_WHOLE, Rounding::Down).unwrap_or(u64::MAX);
            let moved = self.price.get().abs_diff(price.price);
            require!(moved <= most, SpecieError::PriceMoveTooLarge);
        }
        self.cautious_price = self.cautious_after(price.price, published_at)?;
        self.price = Price::new(price.price);
        self.price_sequence = sequence;
        self.published_at = published_at;
        Ok(())
    }
}

impl Standard {
    /// What [`Self::cautious_price`] becomes with a new price: it follows a rise at once, and a fall slowly.
    fn cautious_after(&self, price: u64, published_at: Timestamp) -> Result<Price> {
        let memory = u64::from(PRICE_MEMORY.get());
        let passed = published_at.since(self.published_at).min(memory);
        let last = self.cautious_price.get();
        let fallen = mul_div(last, passed, memory, Rounding::Down)?;
        Ok(Price::new(price.max(last.saturating_sub(fallen))))
    }
}

#[cfg(test)]
mod tests {
    use {super::*, crate::constants::SEQUENCE_LEAP_MAX, bytemuck::Zeroable};

    const NOW: i64 = 1_000_000;

    fn params() -> Params {
        Params {
            price_max_move: Bps::new(500),
            price_min_interval: Seconds::new(600),
            price_max_age: Seconds::new(7_200),
            ..Params::default()
        }
    }

    fn post(standard: &mut Standard, sequence: u64, price: u64, at: i64) -> Result<()> {
        let message = specie_wire::Price {
            currency: [0; 32],
            quorum_epoch: 0,
            sequence,
            price,
            published_at: at,
        };
        standard.post_price(&message, &params(), Timestamp::new(at))
    }

    #[test]
    fn a_standard_is_founded_within_its_bounds_and_without_a_price() {
        let currency = Address::new_from_array([1; 32]);
        let found = |work| {
            let mut standard = Standard::zeroed();
            let founded = standard.found(currency, 2, WorkPerScu::new(work));
            (founded, standard)
        };
        let most = WORK_PER_SCU_MAX.get();
        for work in [1, most] {
            let (founded, standard) = found(work);
            assert_eq!(founded, Ok(()));
            let expected = Standard {
                version: crate::constants::VERSION,
                bump: 2,
                currency,
                work_per_scu: WorkPerScu::new(work),
                ..Standard::zeroed()
            };
            assert_eq!(bytemuck::bytes_of(&standard), bytemuck::bytes_of(&expected));
        }
        for work in [0, most + 1] {
            assert_eq!(found(work).0, Err(SpecieError::StandardOutOfBounds.into()));
        }
    }

    #[test]
    fn a_rise_is_announced_once_and_bounded_by_its_step() {
        let at = |work| Standard {
            work_per_scu: WorkPerScu::new(work),
            ..Standard::zeroed()
        };
        let announce = |from: &mut Standard, to| {
            let (until, now) = (Timestamp::new(NOW + 60), Timestamp::new(NOW));
            from.announce(WorkPerScu::new(to), until, &Params::default(), now)
        };
        let during = Timestamp::new(NOW + 60);
        // Ten per cent of 1,009, rounded down.
        let mut standard = at(1_009);
        let not_raised = Err(SpecieError::StandardNotRaised.into());
        assert_eq!(announce(&mut standard, 1_009), not_raised);
        assert_eq!(announce(&mut standard, 0), not_raised);
        let too_large = Err(SpecieError::StandardStepTooLarge.into());
        assert_eq!(announce(&mut standard, 1_110), too_large);
        assert_eq!(announce(&mut standard, 1_109), Ok(()));
        assert_eq!(standard.to_cover(during), WorkPerScu::new(1_109));
        assert_eq!(standard.work_per_scu, WorkPerScu::new(1_009));
        assert_eq!(
            announce(&mut standard, 1_010),
            Err(SpecieError::StandardAlreadyAnnounced.into())
        );
        standard.take_announcement_back(Timestamp::new(NOW + 61));
        assert_eq!(standard.to_cover(during), WorkPerScu::new(1_109));
        standard.take_announcement_back(during);
        assert_eq!(standard.to_cover(during), WorkPerScu::new(1_009));
        assert_eq!(announce(&mut standard, 1_010), Ok(()));

        let most = WORK_PER_SCU_MAX.get();
        let out_of_bounds = Err(SpecieError::StandardOutOfBounds.into());
        assert_eq!(announce(&mut at(most - 1), most + 1), out_of_bounds);
        assert_eq!(announce(&mut at(most - 1), most), Ok(()));
    }

    #[test]
    fn a_rise_goes_by_the_step_of_the_day_it_takes_effect() {
        let mut standard = Standard {
            work_per_scu: WorkPerScu::new(1_000),
            ..Standard::zeroed()
        };
        let to = WorkPerScu::new(1_100);
        let (until, now) = (Timestamp::new(NOW + 60), Timestamp::new(NOW));
        standard
            .announce(to, until, &Params::default(), now)
            .unwrap();
        let smaller = Params {
            standard_max_step: Bps::new(999),
            ..Params::default()
        };
        assert_eq!(
            standard.raise(to, &smaller),
            Err(SpecieError::StandardStepTooLarge.into())
        );
        assert_eq!(standard.raise(to, &Params::default()), Ok(()));
        assert_eq!((standard.work_per_scu, standard.to_cover(now)), (to, to));
        assert_eq!(standard.announced, WorkPerScu::ZERO);
        assert_eq!(standard.announced_until, Timestamp::ZERO);
        assert_eq!(standard.sequence, Sequence::new(1));
    }

    #[test]
    fn a_rise_that_was_never_executed_ceases_to_count_and_makes_room_for_another() {
        let mut standard = Standard {
            work_per_scu: WorkPerScu::new(1_000),
            ..Standard::zeroed()
        };
        let at = |seconds| Timestamp::new(NOW + seconds);
        let announce = |standard: &mut Standard, to, until, now| {
            standard.announce(WorkPerScu::new(to), until, &Params::default(), now)
        };
        assert_eq!(announce(&mut standard, 1_100, at(60), at(0)), Ok(()));
        assert_eq!(standard.to_cover(at(60)), WorkPerScu::new(1_100));
        assert_eq!(standard.to_cover(at(61)), WorkPerScu::new(1_000));
        let already = Err(SpecieError::StandardAlreadyAnnounced.into());
        assert_eq!(announce(&mut standard, 1_050, at(120), at(60)), already);
        assert_eq!(announce(&mut standard, 1_050, at(120), at(61)), Ok(()));
        assert_eq!(standard.to_cover(at(61)), WorkPerScu::new(1_050));
        // Cancelling the first one leaves the second.
        standard.take_announcement_back(at(60));
        assert_eq!(standard.to_cover(at(61)), WorkPerScu::new(1_050));
    }

    fn priced() -> Standard {
        let mut standard = Standard::zeroed();
        post(&mut standard, 1, 2_000_000, NOW).unwrap();
        standard
    }

    #[test]
    fn a_price_moves_by_at_most_its_bound_for_each_interval() {
        let too_large = Err(SpecieError::PriceMoveTooLarge.into());
        assert_eq!(post(&mut priced(), 2, 2_100_000, NOW + 600), Ok(()));
        assert_eq!(post(&mut priced(), 2, 1_900_000, NOW + 600), Ok(()));
        assert_eq!(post(&mut priced(), 2, 2_100_001, NOW + 600), too_large);
        assert_eq!(post(&mut priced(), 2, 1_899_999, NOW + 1_199), too_large);
        assert_eq!(post(&mut priced(), 2, 2_200_000, NOW + 1_200), Ok(()));
        assert_eq!(
            post(&mut priced(), 2, u64::MAX, i64::MAX - 100_000),
            too_large
        );
    }

    #[test]
    fn the_bound_of_a_move_is_rounded_down() {
        let mut standard = priced();
        post(&mut standard, 2, 2_000_010, NOW + 600).unwrap();
        // 5 % of it are 100,000.5.
        for (price, expected) in [
            (2_100_011, Err(SpecieError::PriceMoveTooLarge.into())),
            (1_900_009, Err(SpecieError::PriceMoveTooLarge.into())),
            (2_100_010, Ok(())),
        ] {
            assert_eq!(post(&mut standard, 3, price, NOW + 1_200), expected);
        }
    }

    #[test]
    fn a_price_must_be_newer_in_number_and_time() {
        let not_newer = Err(SpecieError::PriceNotNewer.into());
        assert_eq!(post(&mut priced(), 1, 2_000_000, NOW + 600), not_newer);
        assert_eq!(post(&mut priced(), 2, 2_000_000, NOW), not_newer);
        assert_eq!(
            post(
                &mut priced(),
                SEQUENCE_LEAP_MAX.get() + 2,
                2_000_000,
                NOW + 600
            ),
            Err(SpecieError::SequenceTooFarAhead.into())
        );
        assert_eq!(
            post(&mut priced(), 2, 2_000_000, NOW + 599),
            Err(SpecieError::PriceTooSoon.into())
        );
        assert_eq!(
            post(&mut priced(), 2, 0, NOW + 600),
            Err(SpecieError::PriceZero.into())
        );
    }

    #[test]
    fn a_signed_time_is_neither_ahead_nor_old() {
        let message = specie_wire::Price {
            currency: [0; 32],
            quorum_epoch: 0,
            sequence: 2,
            price: 2_000_000,
            published_at: NOW + 700,
        };
        let post = |now: i64| priced().post_price(&message, &params(), Timestamp::new(now));
        assert_eq!(post(NOW + 639), Err(SpecieError::SignedInFuture.into()));
        assert_eq!(post(NOW + 640), Ok(()));
        assert_eq!(post(NOW + 700 + 7_200), Ok(()));
        assert_eq!(
            post(NOW + 700 + 7_201),
            Err(SpecieError::SignedTooOld.into())
        );
    }

    #[test]
    fn issuing_pays_the_fee_of_a_sale_at_the_reference_price() {
        let fee = |units, bps| priced().issue_fee(Units::new(units), Bps::new(bps));
        // 2.0 each, 0.3 % of it.
        assert_eq!(fee(1_000_000, 30), Ok(Quote::new(6_000)));
        assert_eq!(fee(1, 30), Ok(Quote::new(1)));
        assert_eq!(fee(u64::MAX >> 1, 0), Ok(Quote::ZERO));
        let overflow = Err(SpecieError::Overflow.into());
        assert_eq!(fee(u64::MAX, 30), overflow);
    }

    #[test]
    fn a_price_goes_stale() {
        let stale = Err(SpecieError::PriceStale.into());
        let at = Timestamp::new;
        assert_eq!(
            Standard::zeroed().require_fresh_price(&params(), at(0)),
            stale
        );
        assert_eq!(
            priced().require_fresh_price(&params(), at(NOW + 7_200)),
            Ok(())
        );
        assert_eq!(
            priced().require_fresh_price(&params(), at(NOW + 7_201)),
            stale
        );
    }

    #[test]
    fn the_cautious_price_rises_at_once_and_falls_by_a_14th_a_day() {
        const DAY: i64 = 86_400;
        let mut standard = priced();
        assert_eq!(standard.cautious_price, Price::new(2_000_000));
        post(&mut standard, 2, 2_100_000, NOW + 600).unwrap();
        assert_eq!(standard.cautious_price, Price::new(2_100_000));
        post(&mut standard, 3, 21_000, NOW + 600 + DAY).unwrap();
        assert_eq!(standard.cautious_price, Price::new(1_950_000));
        post(&mut standard, 4, 21_000, NOW + 600 + 2 * DAY).unwrap();
        assert_eq!(standard.cautious_price, Price::new(1_810_715));
        post(&mut standard, 5, 21_000, NOW + 600 + 16 * DAY).unwrap();
        assert_eq!(standard.cautious_price, Price::new(21_000));
    }
}
