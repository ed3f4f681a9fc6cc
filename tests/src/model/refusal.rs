//! Why the economy refuses: facts, not the order in which somebody looks at them.
//!
//! The model names every fact that is broken. The program must refuse exactly where there is one, and name one of them.

macro_rules! refusals {
    ($($name:ident),* $(,)?) => {
        /// A broken fact, by the name of the program's error.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[allow(missing_docs, reason = "named and explained by the program's errors")]
        pub enum Refusal {
            $($name,)*
            /// An account that the action needs is not there.
            Missing,
            /// An account that the action would create is there already.
            Exists,
            /// A token account holds less than is to be paid or burned.
            FundsInsufficient,
            /// A token account that money would enter or leave is frozen.
            Frozen,
        }

        /// The program's error of a name; where the two lists meet.
        pub fn program_error(refusal: Refusal) -> Option<specie::errors::SpecieError> {
            match refusal {
                $(Refusal::$name => Some(specie::errors::SpecieError::$name),)*
                _ => None,
            }
        }
    };
}

refusals! {
    Overflow, AmountZero, NotAuthority, NotGuardian, NotVendor, NotVoucherOwner, NotAttestor,
    ReceiptForEarlierVoucher, QuorumEpochMismatch, BelowThreshold, AttestorUnknown,
    NotAssociatedTokenAccount, VoucherOfOtherVault, PayoutMismatch,
    ParamOutOfBounds, QuorumMalformed, MintHasSupply, StandardOutOfBounds,
    Paused, PauseOutOfBounds, NotPaused,
    PriceNotNewer, SignedInFuture, SignedTooOld, PriceZero, PriceTooSoon, PriceMoveTooLarge, PriceStale,
    AttestationNotNewer, SequenceTooFarAhead, RateOutOfBounds, PledgeTooLong, NothingPending,
    VaultNotActive, MarginCalled, ClassesUnknown, LimitExceeded, CoverageBelowFull, CollateralBelowRatio,
    CollateralFrozen, IssueCapReached, CollateralInsufficient, NoWithdrawalRequested, WithdrawalTooEarly,
    NoOffer, OfferTooSmall, PaymentAboveMaximum, RetainedShareTooLarge,
    ClassNotOffered, VoucherBelowMinimum, OutstandingExceeded,
    ReceiptNotAboveSettled, ReceiptAboveVoucher, SettlementTooLate, AlreadyClosing, ReclaimTooEarly,
    NotAuthorityNorGuardian, ChangeTooEarly, ChangeExpired, ChangeSubjectMismatch, NewAuthorityMustSign,
    GuardianCannotCancelOwnReplacement, StandardNotRaised, StandardStepTooLarge, StandardAlreadyAnnounced,
    VaultNotSuspended,
    NotOperator, VaultDefaulted, AlreadyChallenged, AlreadyAnswered, AlreadyServed, NotChallenged, AnswerTooLate,
    AnswerWindowOpen, CompensationDue, ChallengePending, VoucherTermsMismatch, IssuerMismatch, RulingNotNewer,
    NothingRemaining, VoucherTooYoung, ReleaseBelowClaim,
    MarginUnchanged, NotMarginCalled, CurePeriodRunning, NothingShort, LiquidationRunning, VaultNotDefaulted,
    ShortageExceeded, PaymentBelowMinimum, BackingExhausted, VaultOwes, VaultHolds, MeasuredBeforeOpening,
    PenaltyOwed,
    NothingToDistribute, TreasuryMismatch, NotStakeOwner, StakeExceeded, NothingToClaim,
    CurePeriodTooShort, RulingWithoutOwner,
}

/// The facts that an action breaks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Broken(pub Vec<Refusal>);

impl Broken {
    /// Only this one.
    pub fn only(refusal: Refusal) -> Self {
        Self(vec![refusal])
    }

    /// Notes a fact where it does not hold.
    pub fn unless(&mut self, holds: bool, refusal: Refusal) {
        if !holds {
            self.0.push(refusal);
        }
    }

    /// Goes on only where nothing is broken.
    pub fn end(self) -> Result<(), Self> {
        if self.0.is_empty() { Ok(()) } else { Err(self) }
    }
}

impl From<Refusal> for Broken {
    fn from(refusal: Refusal) -> Self {
        Self::only(refusal)
    }
}
