use {
    super::{Backing, Classes, Params, Standard, Vault},
    crate::{
        errors::SpecieError,
        math::{mul_div, Rounding},
        units::*,
    },
    anchor_lang::{pod::PodU32, prelude::*},
};

/// What a voucher is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Class {
    /// Training from scratch.
    Training = 0,
    /// Inference.
    Inference = 1,
    /// Fine-tuning.
    FineTuning = 2,
}

impl Class {
    /// The class of this number, if `offered` has it; [`SpecieError::ClassNotOffered`] otherwise.
    #[inline(always)]
    pub fn offered(class: u8, offered: Classes) -> Result<Self> {
        let class = match class {
            0 => Self::Training,
            1 => Self::Inference,
            2 => Self::FineTuning,
            _ => return Err(SpecieError::ClassNotOffered.into()),
        };
        require!(
            offered.0 & (1 << class as u8) != 0,
            SpecieError::ClassNotOffered
        );
        Ok(class)
    }
}

/// What decides, beside tokens and vault, what redeeming opens.
pub struct RedeemTerms<'a> {
    /// The rules.
    pub params: &'a Params,
    /// The Standard.
    pub standard: &'a Standard,
    /// The chain's clock.
    pub now: Timestamp,
}

/// What redeeming some tokens at a vault opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim {
    /// What it is for.
    pub class: Class,
    /// Units claimed.
    pub units: Units,
    /// The Standard they are served under.
    pub work_per_scu: WorkPerScu,
    /// When the claim expires.
    pub expires_at: Timestamp,
}

impl Claim {
    /// What `tokens` are backed by, rounded down, as a claim of `class` on `vault`.
    #[inline(always)]
    pub fn new(
        tokens: Tokens,
        class: u8,
        vault: &Vault,
        backing: Backing,
        terms: &RedeemTerms,
    ) -> Result<Self> {
        let (params, now) = (terms.params, terms.now);
        require!(!tokens.is_zero(), SpecieError::AmountZero);
        let class = Class::offered(class, Classes(vault.classes))?;
        let units = tokens.units(backing, Rounding::Down)?;
        // All that a vault still owes may be less: nobody is locked out of the rest, nor is the vendor into owing it.
        require!(
            units >= params.min_voucher_units || (!units.is_zero() && units == vault.redeemable()),
            SpecieError::VoucherBelowMinimum
        );
        Ok(Self {
            class,
            units,
            work_per_scu: terms.standard.work_per_scu,
            expires_at: now.after(params.voucher_ttl)?,
        })
    }

    /// The work that the claim stands for.
    #[inline(always)]
    pub fn work(&self) -> Result<Work> {
        self.units.work(self.work_per_scu)
    }
}

/// Units that leave a voucher, and the work that they stand for.
///
/// Aligned as its numbers are: a result of unaligned bytes is taken apart and put together byte by byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(align(8))]
pub struct Settlement {
    /// The units.
    pub units: Units,
    /// Their work: what the voucher's remaining work falls by, so that a vault's sum stays exact.
    pub work: Work,
}

/// A claim on a vault, opened by redeeming. Address: `["voucher", vault, session]`, with any bump that gives one.
#[account]
pub struct Voucher {
    /// Layout version.
    pub version: u8,
    /// Bump of this address.
    pub bump: u8,
    /// A [`Class`].
    pub class: u8,
    /// Unused, zero.
    pub padding: [u8; 1],
    /// How often its vault's default had been assessed when it was opened.
    pub assessments: PodU32,
    /// The vault that owes.
    pub vault: Address,
    /// The key that signs receipts.
    pub session: Address,
    /// Who redeemed, and gets back what is not consumed.
    pub owner: Address,
    /// Who paid this account's rent, and gets it back.
    pub rent_payer: Address,
    /// Units claimed.
    pub units: Units,
    /// Tokens burned for them: what returns, whatever the backing became since.
    pub tokens: Tokens,
    /// The Standard it was opened under, for good.
    pub work_per_scu: WorkPerScu,
    /// Units consumed and settled; never falls.
    pub settled: Units,
    /// Units settled otherwise after a ruling: paid in cash, or returned as tokens.
    pub compensated: Units,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// When it closes by itself.
    pub expires_at: Timestamp,
    /// When its owner closed it; 0 = not closed.
    pub closing_at: Timestamp,
    /// Until when the vendor may answer a challenge; 0 = not challenged.
    pub challenged_until: Timestamp,
    /// What the challenger staked.
    pub challenge_deposit: LamportAmount,
    /// When the vendor answered a challenge by publishing the signed voucher; 0 = never.
    pub answered_at: Timestamp,
    /// Time of the last ruling that was paid; 0 = none.
    pub ruled_at: Timestamp,
    /// Zero, for later versions.
    pub reserved: [u8; 64],
}

impl Voucher {
    /// Units that are neither consumed nor paid out.
    #[inline(always)]
    pub fn remaining(&self) -> Result<Units> {
        self.units.minus(self.settled)?.minus(self.compensated)
    }

    /// The work that the remaining units stand for.
    #[inline(always)]
    pub fn remaining_work(&self) -> Result<Work> {
        self.remaining()?.work(self.work_per_scu)
    }

    /// Until when receipts count: the end of the dispute window, which its owner's closing or its expiry starts.
    #[inline(always)]
    pub fn settles_until(&self, params: &Params) -> Result<Timestamp> {
        let starts = if self.closing_at.is_zero() {
            self.expires_at
        } else {
            self.closing_at
        };
        starts.after(params.dispute_window)
    }

    /// Counts a receipt's cumulative units: what is new since the last one, up to what no ruling took out.
    #[inline(always)]
    pub fn settle(
        &mut self,
        cumulative: Units,
        params: &Params,
        now: Timestamp,
    ) -> Result<Settlement> {
        require!(
            now <= self.settles_until(params)?,
            SpecieError::SettlementTooLate
        );
        require!(cumulative <= self.units, SpecieError::ReceiptAboveVoucher);
        // What a ruling took out is not served any more: a receipt counts for as much as is left to serve.
        let cumulative = cumulative.min(self.units.minus(self.compensated)?);
        require!(
            cumulative > self.settled,
            SpecieError::ReceiptNotAboveSettled
        );
        let before = self.remaining()?;
        let units = cumulative.minus(self.settled)?;
        self.settled = cumulative;
        Ok(Settlement {
            units,
            work: before.work_beyond(self.remaining()?, self.work_per_scu)?,
        })
    }

    /// `Open → Closing` at its owner's wish.
    pub fn request_close(&mut self, now: Timestamp) -> Result<()> {
        self.require_not_closing(now)?;
        self.closing_at = now;
        Ok(())
    }

    /// Refuses with [`SpecieError::AlreadyClosing`] once the dispute window began.
    pub fn require_not_closing(&self, now: Timestamp) -> Result<()> {
        require!(
            self.closing_at.is_zero() && now < self.expires_at,
            SpecieError::AlreadyClosing
        );
        Ok(())
    }

    /// Refuses while receipts may still come, or a challenge stands.
    pub fn require_reclaimable(&self, params: &Params, now: Timestamp) -> Result<()> {
        // Of one that is consumed nothing more can come; in the second of its opening it must stay, like in `settle`.
        let ended = self.remaining()?.is_zero() && now > self.opened_at;
        require!(
            ended || now > self.settles_until(params)?,
            SpecieError::ReclaimTooEarly
        );
        require!(
            self.challenged_until.is_zero(),
            SpecieError::ChallengePending
        );
        Ok(())
    }

    /// The part of the burned tokens that some of the units stand for, rounded down.
    pub fn tokens_of(&self, units: Units) -> Result<Tokens> {
        let (tokens, all) = (self.tokens.get(), self.units.get());
        mul_div(tokens, units.get(), all, Rounding::Down).map(Tokens::new)
    }

    /// The part of the burned tokens that leaves with units between two numbers of them; in all never more than were burned.
    pub fn tokens_between(&self, before: Units, after: Units) -> Result<Tokens> {
        self.tokens_of(before)?.minus(self.tokens_of(after)?)
    }
}

#[cfg(test)]
mod tests {
    use {super::*, bytemuck::Zeroable};

    const OPENED: i64 = 1_000_000;

    fn params() -> Params {
        Params {
            dispute_window: Seconds::new(600),
            ..Params::default()
        }
    }

    fn voucher() -> Voucher {
        Voucher {
            units: Units::new(10),
            tokens: Tokens::new(10),
            work_per_scu: WorkPerScu::new(2_844_000),
            opened_at: Timestamp::new(OPENED),
            expires_at: Timestamp::new(OPENED + 3_600),
            ..Voucher::zeroed()
        }
    }

    fn settle(voucher: &mut Voucher, cumulative: u64, at: i64) -> Result<Settlement> {
        voucher.settle(Units::new(cumulative), &params(), Timestamp::new(at))
    }

    #[test]
    fn settling_in_steps_takes_the_same_work_as_at_once() {
        let mut steps = voucher();
        let mut work = 0;
        for cumulative in 1..=10 {
            let settlement = settle(&mut steps, cumulative, OPENED).unwrap();
            assert_eq!(settlement.units, Units::new(1));
            work += settlement.work.get();
        }
        let at_once = settle(&mut voucher(), 10, OPENED).unwrap();
        assert_eq!(work, at_once.work.get());
        assert_eq!(work, voucher().remaining_work().unwrap().get());
        assert_eq!(steps.remaining_work(), Ok(Work::ZERO));
    }

    #[test]
    fn what_remains_stands_for_its_work_rounded_up() {
        let mut voucher = voucher();
        assert_eq!(voucher.remaining_work(), Ok(Work::new(29)));
        let settlement = settle(&mut voucher, 3, OPENED).unwrap();
        // 28.44 become 19.908.
        assert_eq!(settlement.work, Work::new(9));
        assert_eq!(voucher.remaining_work(), Ok(Work::new(20)));
    }

    #[test]
    fn a_claim_is_what_tokens_are_backed_by_rounded_down() {
        let mut vault = Vault::zeroed();
        vault.classes = Classes::ALL.0;
        let params = Params {
            min_voucher_units: Units::new(3),
            voucher_ttl: Seconds::new(60),
            ..Params::default()
        };
        let mut standard = Standard::zeroed();
        standard.work_per_scu = WorkPerScu::new(2_844_000);
        let claim = |tokens| {
            let terms = RedeemTerms {
                params: &params,
                standard: &standard,
                now: Timestamp::new(OPENED),
            };
            Claim::new(Tokens::new(tokens), 1, &vault, Backing::of(1, 3), &terms)
        };
        let expected = Claim {
            class: Class::Inference,
            units: Units::new(3),
            work_per_scu: WorkPerScu::new(2_844_000),
            expires_at: Timestamp::new(OPENED + 60),
        };
        assert_eq!(claim(11), Ok(expected));
        assert_eq!(expected.work(), Ok(Work::new(9)));
        let below = Err(SpecieError::VoucherBelowMinimum.into());
        assert_eq!(claim(8), below);
        assert_eq!(claim(0), Err(SpecieError::AmountZero.into()));
    }

    #[test]
    fn a_voucher_that_is_consumed_stays_for_the_second_of_its_opening() {
        let mut voucher = voucher();
        settle(&mut voucher, 10, OPENED).unwrap();
        let reclaimable = |at| voucher.require_reclaimable(&params(), Timestamp::new(at));
        let early = Err(SpecieError::ReclaimTooEarly.into());
        assert_eq!(reclaimable(OPENED), early);
        assert_eq!(reclaimable(OPENED + 1), Ok(()));
        assert_eq!(reclaimable(OPENED + 2), Ok(()));
    }

    #[test]
    fn the_watermark_only_rises_to_what_the_voucher_holds() {
        let mut voucher = voucher();
        voucher.compensated = Units::new(2);
        let not_above = Err(SpecieError::ReceiptNotAboveSettled.into());
        assert_eq!(settle(&mut voucher, 0, OPENED), not_above);
        settle(&mut voucher, 5, OPENED).unwrap();
        assert_eq!(settle(&mut voucher, 5, OPENED), not_above);
        assert_eq!(settle(&mut voucher, 4, OPENED), not_above);
        assert_eq!(
            settle(&mut voucher, 11, OPENED),
            Err(SpecieError::ReceiptAboveVoucher.into())
        );
        // Two of the ten were ruled not to be delivered: the receipt over all counts for the others.
        let settlement = settle(&mut voucher, 10, OPENED).unwrap();
        assert_eq!(settlement.units, Units::new(3));
        assert_eq!(voucher.settled, Units::new(8));
        assert_eq!(voucher.remaining(), Ok(Units::ZERO));
        assert_eq!(settle(&mut voucher, 10, OPENED), not_above);
    }

    #[test]
    fn receipts_count_to_the_end_of_the_dispute_window() {
        for (closing_at, ends) in [(0, OPENED + 4_200), (OPENED + 100, OPENED + 700)] {
            let mut voucher = voucher();
            voucher.closing_at = Timestamp::new(closing_at);
            let early = Err(SpecieError::ReclaimTooEarly.into());
            let reclaimable = |at| voucher.require_reclaimable(&params(), Timestamp::new(at));
            assert_eq!(reclaimable(ends), early);
            assert_eq!(reclaimable(ends + 1), Ok(()));
            assert_eq!(
                settle(&mut voucher, 1, ends + 1),
                Err(SpecieError::SettlementTooLate.into())
            );
            assert!(settle(&mut voucher, 1, ends).is_ok());
        }
    }

    #[test]
    fn closing_starts_once_and_not_after_expiry() {
        let closing = Err(SpecieError::AlreadyClosing.into());
        let mut voucher = voucher();
        assert_eq!(voucher.request_close(voucher.expires_at), closing);
        assert_eq!(voucher.request_close(Timestamp::new(OPENED)), Ok(()));
        assert_eq!(voucher.request_close(Timestamp::new(OPENED + 1)), closing);
    }

    #[test]
    fn what_remains_is_a_part_of_the_tokens_that_were_burned() {
        let mut voucher = voucher();
        voucher.tokens = Tokens::new(13);
        assert_eq!(voucher.tokens_of(Units::new(10)), Ok(Tokens::new(13)));
        assert_eq!(voucher.tokens_of(Units::new(3)), Ok(Tokens::new(3)));
        // Part by part no more leaves than was burned.
        let parts = (0..10).map(|units| {
            let between = voucher.tokens_between(Units::new(units + 1), Units::new(units));
            between.unwrap().get()
        });
        assert_eq!(parts.sum::<u64>(), 13);
    }

    #[test]
    fn a_challenged_voucher_is_not_reclaimed() {
        let mut voucher = voucher();
        voucher.challenged_until = Timestamp::new(OPENED);
        assert_eq!(
            voucher.require_reclaimable(&params(), Timestamp::new(i64::MAX)),
            Err(SpecieError::ChallengePending.into())
        );
    }

    #[test]
    fn a_class_must_be_offered() {
        let not_offered = Err(SpecieError::ClassNotOffered.into());
        for (number, class) in [
            (0, Class::Training),
            (1, Class::Inference),
            (2, Class::FineTuning),
        ] {
            assert_eq!(Class::offered(number, Classes(1 << number)), Ok(class));
            assert_eq!(Class::offered(number, Classes::ALL), Ok(class));
        }
        assert_eq!(Class::offered(0, Classes(0b010)), not_offered);
        assert_eq!(Class::offered(3, Classes::ALL), not_offered);
        assert_eq!(Class::offered(255, Classes::ALL), not_offered);
    }
}
