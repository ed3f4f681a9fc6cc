use {
    super::{Attestation, Backing, IssueTerms, Liquidation, Params, Pending},
    crate::{
        constants::{seeds, BPS_WHOLE},
        errors::SpecieError,
        math::Rounding,
        units::*,
    },
    anchor_lang::{pod::PodU32, prelude::*},
    pinocchio::cpi::Seed,
};

/// Whether a vault does business.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum VaultStatus {
    /// It may issue while it is solvent.
    Active = 0,
    /// Guardian or authority stopped it from issuing and withdrawing; redeeming and every exit work.
    Suspended = 1,
    /// It failed: its collateral buys back what it owed. Final.
    Defaulted = 2,
}

/// A set of compute classes: 1 training, 2 inference, 4 fine-tuning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Classes(pub u8);

impl Classes {
    /// All classes that there are.
    pub const ALL: Self = Self(0b111);

    /// Refuses with [`SpecieError::ClassesUnknown`] an empty set or one with anything else in it.
    pub fn validate(self) -> Result<()> {
        require!(
            self.0 != 0 && self.0 & !Self::ALL.0 == 0,
            SpecieError::ClassesUnknown
        );
        Ok(())
    }
}

/// At what a vault sells tokens to anyone.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    bytemuck::Pod,
    bytemuck::Zeroable,
    AnchorSerialize,
    AnchorDeserialize,
    IdlType,
)]
#[repr(C)]
pub struct Offer {
    /// Price; 0 = no offer.
    pub price: Price,
    /// Units left to sell.
    pub units: Units,
    /// Share of each payment that stays in the vault as collateral.
    pub retained: Bps,
}

/// What buying some tokens at an offer comes to.
///
/// Aligned as its numbers are: what is returned unaligned is taken apart and put together byte by byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(align(8))]
pub struct Sale {
    /// Units that the vault will owe.
    pub units: Units,
    /// What the buyer pays in all.
    pub payment: Quote,
    /// Of it, to the currency's revenue.
    pub fee: Quote,
    /// Of it, kept in the vault as collateral.
    pub retained: Quote,
    /// Of it, to the vendor.
    pub payout: Quote,
}

impl Offer {
    /// Prices a sale. Units, payment, fee and retained share are rounded up: a buyer of many small amounts is never ahead
    /// of one who buys at once.
    #[inline(always)]
    pub fn sale(&self, tokens: Tokens, backing: Backing, fee: Bps) -> Result<Sale> {
        let units = tokens.units(backing, Rounding::Up)?;
        let payment = units.value(self.price, Rounding::Up)?;
        let fee = payment.share(fee, Rounding::Up)?;
        let rest = payment.minus(fee)?;
        let retained = rest.min(payment.share(self.retained, Rounding::Up)?);
        Ok(Sale {
            units,
            payment,
            fee,
            retained,
            payout: rest.minus(retained)?,
        })
    }
}

/// What a vault holds and owes; every event of a vault carries it.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    bytemuck::Pod,
    bytemuck::Zeroable,
    AnchorSerialize,
    AnchorDeserialize,
    IdlType,
)]
#[repr(C)]
pub struct Balances {
    /// Collateral that counts. Donations to the token account do not.
    pub collateral: Quote,
    /// Collateral requested for withdrawal: does not count, but claims still reach it until it is paid.
    pub withdrawing: Quote,
    /// Units owed to token holders.
    pub outstanding: Units,
    /// Units owed to voucher holders, not served yet.
    pub open: Units,
    /// The work that the open units stand for, each voucher at its own Standard.
    pub open_work: Work,
    /// Units served since the beginning.
    pub delivered: Units,
    /// Tokens that its vouchers from before a default stand for. What is owed for them is outstanding.
    pub defaulted: Tokens,
}

/// A vendor's pledge and debt in one currency. Address: `["vault", currency, founder]`.
///
/// It owns its collateral account.
#[account]
pub struct Vault {
    /// Layout version.
    pub version: u8,
    /// Bump of this address.
    pub bump: u8,
    /// A [`VaultStatus`].
    pub status: u8,
    /// The [`Classes`] of compute that its vouchers may be for; written by the vendor.
    pub classes: u8,
    /// How often its default was assessed; a voucher notes the count at its opening.
    pub assessments: PodU32,
    /// The currency.
    pub currency: Address,
    /// The vendor that opened the vault, for good: this address derives from it.
    pub founder: Address,
    /// The vendor.
    pub vendor: Address,
    /// Who the vault is being handed to; zero while nobody.
    pub pending_vendor: Address,
    /// Signs vouchers off chain; written by the vendor.
    pub issuer: Address,
    /// Settles and answers challenges; written by the vendor.
    pub operator: Address,
    /// Token account that sales pay to; written by the vendor.
    pub payout: Address,
    /// Token account `["collateral", vault]`.
    pub collateral_account: Address,
    /// The most units it may owe; written by the authority.
    pub limit: Units,
    /// At what it sells; written by the vendor.
    pub offer: Offer,
    /// The sequence of the last attestation taken.
    pub attestation_sequence: Sequence,
    /// Capacity that counts; written by the quorum.
    pub attested: Attestation,
    /// Capacity that does not count yet; written by the quorum, removed by an attestor's veto.
    pub pending: Pending,
    /// What it holds and owes.
    pub balances: Balances,
    /// When a requested withdrawal may be paid; 0 = none is requested.
    pub withdrawal_available_at: Timestamp,
    /// Since when its capacity has fallen short of what it owes; 0 = it has not.
    pub margin_called_at: Timestamp,
    /// What its default left to do; zero while it has not defaulted.
    pub liquidation: Liquidation,
    /// Vouchers of it that are challenged now: each gives the answer to the next one `answer_spacing` longer.
    pub challenges: Count,
    /// When it was opened: what was measured before counts for an earlier vault at the same address.
    pub opened_at: Timestamp,
    /// Voucher accounts that stand open on it.
    pub vouchers: Count,
    /// How long the quorum had been silent when the vault was margin-called.
    pub silent_at_margin_call: Seconds,
    /// Once it has defaulted: the tokens that its open vouchers were opened with since it was last assessed, as far as
    /// they are neither consumed nor returned.
    pub open_tokens: Tokens,
    /// What it owes to the insurance account for units that it neither served nor paid for; any deposit pays it first.
    pub penalty: Quote,
    /// Since when that stands; 0 = none does.
    pub penalized_at: Timestamp,
    /// Units in the bucket of its issue share: issued, and not leaked out since.
    pub issued: Units,
    /// Until when that bucket has leaked.
    pub issued_at: Timestamp,
    /// Unused, zero.
    pub padding: [u8; 4],
    /// Zero, for later versions.
    pub reserved: [u8; 32],
}

impl Vault {
    /// The seeds that this vault signs with.
    #[inline(always)]
    pub fn signer_seeds<'a>(&'a self, bump: &'a [u8; 1]) -> [Seed<'a>; 4] {
        [
            Seed::from(seeds::VAULT),
            Seed::from(self.currency.as_ref()),
            Seed::from(self.founder.as_ref()),
            Seed::from(bump.as_slice()),
        ]
    }

    /// Refuses with [`SpecieError::InvariantBroken`] where the books cannot be right.
    #[inline(always)]
    pub fn invariant(&self) -> Result<()> {
        let balances = &self.balances;
        require!(
            balances.open.is_zero() == balances.open_work.is_zero()
                && balances.withdrawing.is_zero() == self.withdrawal_available_at.is_zero()
                && self.penalty.is_zero() == self.penalized_at.is_zero(),
            SpecieError::InvariantBroken
        );
        Ok(())
    }

    /// Takes collateral in.
    pub fn deposit(&mut self, amount: Quote) -> Result<()> {
        self.balances.collateral = self.balances.collateral.plus(amount)?;
        Ok(())
    }

    /// Sets what is requested for withdrawal to `amount`, of which nothing counts any more; 0 takes the request back.
    ///
    /// Whatever was requested before is replaced, and the delay begins anew.
    pub fn request_withdrawal(
        &mut self,
        amount: Quote,
        params: &Params,
        now: Timestamp,
    ) -> Result<()> {
        let held = self.balances.collateral.plus(self.balances.withdrawing)?;
        require!(amount <= held, SpecieError::CollateralInsufficient);
        self.balances.collateral = held.minus(amount)?;
        self.balances.withdrawing = amount;
        self.withdrawal_available_at = if amount.is_zero() {
            Timestamp::ZERO
        } else {
            now.after(params.withdrawal_delay)?
        };
        Ok(())
    }

    /// Pays a requested withdrawal out; returns how much.
    ///
    /// A vault that owes anything must be solvent without it: active, covered, and collateralised to the maintenance
    /// ratio at the cautious price.
    pub fn withdraw(&mut self, terms: &IssueTerms) -> Result<Quote> {
        let amount = self.balances.withdrawing;
        require!(!amount.is_zero(), SpecieError::NoWithdrawalRequested);
        require!(
            terms.now >= self.withdrawal_available_at,
            SpecieError::WithdrawalTooEarly
        );
        terms.currency.require_not_paused(terms.now)?;
        self.require_may_withdraw()?;
        if !self.owed()?.is_zero() {
            self.require_covered(terms)?;
            let ratio = terms.currency.params.maintenance_ratio;
            self.require_collateral(ratio, terms.standard.cautious_price)?;
        }
        self.balances.withdrawing = Quote::ZERO;
        self.withdrawal_available_at = Timestamp::ZERO;
        Ok(amount)
    }

    /// Owes what `tokens` stand for, rounded up, if the vault may issue that and its issue share has room; returns the
    /// units.
    ///
    /// Where nothing is owed for tokens that there are, new ones would be owed nothing, too:
    /// [`SpecieError::BackingExhausted`].
    #[inline(always)]
    pub fn issue(&mut self, tokens: Tokens, backing: Backing, terms: &IssueTerms) -> Result<Units> {
        require!(!tokens.is_zero(), SpecieError::AmountZero);
        let units = tokens.units(backing, Rounding::Up)?;
        require!(!units.is_zero(), SpecieError::BackingExhausted);
        self.promote_pending(terms.now);
        self.balances.outstanding = self.balances.outstanding.plus(units)?;
        self.require_may_issue(terms)?;
        self.use_issue_share(units, &terms.currency.params, terms.now)?;
        Ok(units)
    }

    /// Pays for a sale into the vault and takes it from the offer.
    #[inline(always)]
    pub fn sell(&mut self, sale: &Sale) -> Result<()> {
        require!(!self.offer.price.is_zero(), SpecieError::NoOffer);
        require!(sale.units <= self.offer.units, SpecieError::OfferTooSmall);
        self.offer.units = self.offer.units.minus(sale.units)?;
        self.deposit(sale.retained)
    }

    /// Replaces the offer; one that keeps more than a whole payment beside the fee refuses.
    pub fn make_offer(&mut self, offer: Offer, fee: Bps) -> Result<()> {
        let kept = u64::from(offer.retained.get()).saturating_add(u64::from(fee.get()));
        require!(kept <= BPS_WHOLE, SpecieError::RetainedShareTooLarge);
        self.offer = offer;
        Ok(())
    }

    /// Units that token holders may still redeem here: those that it owes them and has compute for.
    #[inline(always)]
    pub fn redeemable(&self) -> Units {
        let (owed, bought) = (self.balances.outstanding, self.liquidation.shortage);
        owed.minus(bought).unwrap_or(Units::ZERO)
    }

    /// Moves `units` from token holders to a voucher holder. What a defaulted vault is to buy back stays out of reach: there
    /// is no compute behind it.
    #[inline(always)]
    pub fn open_voucher(&mut self, units: Units, work: Work, tokens: Tokens) -> Result<()> {
        let balances = &mut self.balances;
        require!(
            units.plus(self.liquidation.shortage)? <= balances.outstanding,
            SpecieError::OutstandingExceeded
        );
        balances.outstanding = balances.outstanding.minus(units)?;
        balances.open = balances.open.plus(units)?;
        balances.open_work = balances.open_work.plus(work)?;
        if self.has_been_assessed() {
            self.open_tokens = self.open_tokens.plus(tokens)?;
        }
        self.vouchers = self.vouchers.plus(Count::new(1))?;
        Ok(())
    }

    /// Counts a voucher's account out.
    #[inline(always)]
    pub fn close_voucher(&mut self) -> Result<()> {
        self.vouchers = self.vouchers.minus(Count::new(1))?;
        Ok(())
    }

    /// Pays a claim: from what is requested for withdrawal first, which does not count as collateral.
    pub fn spend(&mut self, amount: Quote) -> Result<()> {
        let balances = &mut self.balances;
        let requested = amount.min(balances.withdrawing);
        balances.withdrawing = balances.withdrawing.minus(requested)?;
        balances.collateral = balances.collateral.minus(amount.minus(requested)?)?;
        if balances.withdrawing.is_zero() {
            self.withdrawal_available_at = Timestamp::ZERO;
        }
        Ok(())
    }

    /// Counts open units as served.
    #[inline(always)]
    pub fn deliver(&mut self, units: Units, work: Work) -> Result<()> {
        let balances = &mut self.balances;
        balances.open = balances.open.minus(units)?;
        balances.open_work = balances.open_work.minus(work)?;
        balances.delivered = balances.delivered.plus(units)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use {super::*, bytemuck::Zeroable};

    fn vault() -> Vault {
        let mut vault = Vault::zeroed();
        vault.balances.collateral = Quote::new(100);
        vault
    }

    fn balances(vault: &Vault) -> [u64; 6] {
        let b = vault.balances;
        [
            b.collateral.get(),
            b.withdrawing.get(),
            b.outstanding.get(),
            b.open.get(),
            b.open_work.get(),
            b.delivered.get(),
        ]
    }

    #[test]
    fn units_move_from_tokens_to_vouchers_to_served() {
        let mut vault = vault();
        vault.balances.outstanding = Units::new(10);
        vault
            .open_voucher(Units::new(8), Work::new(16), Tokens::new(8))
            .unwrap();
        assert_eq!(balances(&vault), [100, 0, 2, 8, 16, 0]);
        vault.deliver(Units::new(5), Work::new(10)).unwrap();
        assert_eq!(balances(&vault), [100, 0, 2, 3, 6, 5]);
        assert_eq!(vault.invariant(), Ok(()));
    }

    #[test]
    fn a_voucher_beyond_what_is_outstanding_rejects() {
        let mut vault = vault();
        vault.balances.outstanding = Units::new(10);
        assert_eq!(
            vault.open_voucher(Units::new(11), Work::new(1), Tokens::new(11)),
            Err(SpecieError::OutstandingExceeded.into())
        );
    }

    #[test]
    fn what_a_default_is_to_buy_back_cannot_be_redeemed() {
        let mut vault = vault();
        vault.balances.outstanding = Units::new(10);
        let beyond = Err(SpecieError::OutstandingExceeded.into());
        vault.liquidation.shortage = Units::new(4);
        assert_eq!(
            vault.open_voucher(Units::new(7), Work::new(1), Tokens::new(7)),
            beyond
        );
        assert_eq!(
            vault.open_voucher(Units::new(6), Work::new(1), Tokens::new(6)),
            Ok(())
        );
        vault.liquidation.shortage = Units::new(5);
        assert_eq!(
            vault.open_voucher(Units::new(1), Work::new(1), Tokens::new(1)),
            beyond
        );
    }

    #[test]
    fn vouchers_are_counted_in_and_out() {
        let mut vault = vault();
        vault.balances.outstanding = Units::new(2);
        for _ in 0..2 {
            vault
                .open_voucher(Units::new(1), Work::new(1), Tokens::new(1))
                .unwrap();
        }
        assert_eq!(vault.vouchers, Count::new(2));
        assert_eq!(vault.close_voucher(), Ok(()));
        assert_eq!(vault.close_voucher(), Ok(()));
        let overflow = Err(SpecieError::Overflow.into());
        assert_eq!(vault.close_voucher(), overflow);
    }

    #[test]
    fn a_claim_is_paid_from_what_leaves_first() {
        let mut vault = vault();
        vault
            .request_withdrawal(Quote::new(60), &Params::default(), Timestamp::new(1))
            .unwrap();
        vault.spend(Quote::new(50)).unwrap();
        assert_eq!(balances(&vault)[..2], [40, 10]);
        assert!(!vault.withdrawal_available_at.is_zero());
        vault.spend(Quote::new(15)).unwrap();
        assert_eq!(balances(&vault)[..2], [35, 0]);
        assert_eq!(vault.invariant(), Ok(()));
        let overflow = Err(SpecieError::Overflow.into());
        assert_eq!(vault.spend(Quote::new(36)), overflow);
    }

    #[test]
    fn a_withdrawal_request_replaces_the_last_and_can_be_taken_back() {
        let mut vault = vault();
        let params = Params::default();
        let now = Timestamp::new(1_000);
        vault
            .request_withdrawal(Quote::new(60), &params, now)
            .unwrap();
        assert_eq!(balances(&vault)[..2], [40, 60]);
        vault
            .request_withdrawal(Quote::new(100), &params, now)
            .unwrap();
        assert_eq!(balances(&vault)[..2], [0, 100]);
        assert_eq!(
            vault.request_withdrawal(Quote::new(101), &params, now),
            Err(SpecieError::CollateralInsufficient.into())
        );
        vault.request_withdrawal(Quote::ZERO, &params, now).unwrap();
        assert_eq!(balances(&vault)[..2], [100, 0]);
        assert_eq!(vault.invariant(), Ok(()));
    }

    #[test]
    fn an_offer_is_sold_to_its_last_unit() {
        let mut vault = vault();
        let offer = Offer {
            price: Price::new(1_000_000),
            units: Units::new(5),
            retained: Bps::new(9_970),
        };
        let sale = |tokens| {
            offer
                .sale(Tokens::new(tokens), Backing::FULL, Bps::new(30))
                .unwrap()
        };
        assert_eq!(vault.sell(&sale(1)), Err(SpecieError::NoOffer.into()));
        assert_eq!(vault.make_offer(offer, Bps::new(30)), Ok(()));
        assert_eq!(
            vault.make_offer(offer, Bps::new(31)),
            Err(SpecieError::RetainedShareTooLarge.into())
        );
        assert_eq!(vault.sell(&sale(6)), Err(SpecieError::OfferTooSmall.into()));
        assert_eq!(vault.sell(&sale(5)), Ok(()));
        assert_eq!(vault.offer.units, Units::ZERO);
        assert_eq!(vault.balances.collateral, Quote::new(104));
    }

    #[test]
    fn every_part_of_a_sale_is_rounded_against_the_buyer() {
        let offer = Offer {
            price: Price::new(1_900_001),
            units: Units::new(u64::MAX),
            retained: Bps::new(2_500),
        };
        // 999.4 units; for 1,000 of them 1,900.001 to pay, and of 1,901 the fee is 5.703, and 475.25 are kept.
        let cut = Backing::of(7, 9);
        let sale = offer.sale(Tokens::new(1_285), cut, Bps::new(30)).unwrap();
        let expected = Sale {
            units: Units::new(1_000),
            payment: Quote::new(1_901),
            fee: Quote::new(6),
            retained: Quote::new(476),
            payout: Quote::new(1_419),
        };
        assert_eq!(sale, expected);
    }

    #[test]
    fn books_that_cannot_be_right_are_refused() {
        type Change = fn(&mut Vault);
        let cases: [Change; 4] = [
            |v| v.balances.open = Units::new(1),
            |v| v.balances.open_work = Work::new(1),
            |v| v.balances.withdrawing = Quote::new(1),
            |v| v.withdrawal_available_at = Timestamp::new(1),
        ];
        for (i, change) in cases.into_iter().enumerate() {
            let mut vault = vault();
            assert_eq!(vault.invariant(), Ok(()));
            change(&mut vault);
            let broken = Err(SpecieError::InvariantBroken.into());
            assert_eq!(vault.invariant(), broken, "case {i}");
        }
    }

    #[test]
    fn a_sale_splits_without_loss_and_many_small_ones_cost_no_less() {
        let offer = Offer {
            price: Price::new(1_900_001),
            units: Units::new(u64::MAX),
            retained: Bps::new(2_500),
        };
        let cut = Backing::of(7, 9);
        for backing in [Backing::FULL, cut] {
            let sale = |tokens| {
                offer
                    .sale(Tokens::new(tokens), backing, Bps::new(30))
                    .unwrap()
            };
            let at_once = sale(1_000);
            let one = sale(1);
            assert_eq!(
                at_once.fee.get() + at_once.retained.get() + at_once.payout.get(),
                at_once.payment.get()
            );
            assert!(one.payment.get() * 1_000 >= at_once.payment.get());
            assert!(one.units.get() * 1_000 >= at_once.units.get());
        }
    }

    #[test]
    fn classes_name_at_least_one_and_nothing_unknown() {
        let unknown = Err(SpecieError::ClassesUnknown.into());
        assert_eq!(Classes(0).validate(), unknown);
        assert_eq!(Classes(8).validate(), unknown);
        assert_eq!(Classes(7).validate(), Ok(()));
    }
}
