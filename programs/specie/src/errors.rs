//! Every refusal of the program, named after the fact that is broken. Codes are never reused: new errors go last.

use anchor_lang::prelude::*;

/// Errors of the Specie program, from code 6000.
#[error_code]
#[derive(Debug, PartialEq, Eq)]
pub enum SpecieError {
    // Numbers.
    #[msg("A number is too large to compute with: use a smaller amount")]
    Overflow,
    #[msg("The amount is zero: name at least one unit")]
    AmountZero,
    #[msg("The books of an account do not add up: nothing was changed, please report this transaction")]
    InvariantBroken,

    // Accounts that do not belong together.
    #[msg("This vault belongs to another currency: pass the vault's own currency")]
    VaultOfOtherCurrency,
    #[msg("This voucher is another vault's: pass the voucher's own vault")]
    VoucherOfOtherVault,
    #[msg("This is not the currency's mint")]
    MintMismatch,
    #[msg("This is not the Standard of the currency")]
    StandardMismatch,
    #[msg("This is not the quorum of the currency")]
    QuorumMismatch,
    #[msg("This is not the collateral account that the vault records")]
    CollateralAccountMismatch,
    #[msg("This is not the payout account that the vault records: fetch the vault again")]
    PayoutMismatch,
    #[msg("This is not the currency's revenue account")]
    RevenueMismatch,
    #[msg("This is not the account that paid the voucher's rent: its rent goes back there")]
    RentPayerMismatch,
    #[msg("This is not the Instructions sysvar")]
    NotInstructionsSysvar,
    #[msg("This is not an account of the classic SPL Token program")]
    NotTokenAccount,
    #[msg("This token account holds another mint")]
    TokenAccountOfOtherMint,
    #[msg("This token account belongs to somebody else than the voucher's owner")]
    TokenAccountOfOtherOwner,
    #[msg("Each receipt needs its voucher and the account that paid its rent, in the order of the receipts")]
    VoucherAccountsMissing,

    // Who may do this.
    #[msg("Only the currency's authority may do this")]
    NotAuthority,
    #[msg("Only the currency's guardian may do this")]
    NotGuardian,
    #[msg("Only the vault's vendor may do this")]
    NotVendor,
    #[msg("Only the voucher's owner may do this")]
    NotVoucherOwner,
    #[msg("Only a key of the quorum may do this")]
    NotAttestor,

    // Signed messages.
    #[msg("No Ed25519 instruction stands directly before this one: put the signatures there")]
    SignaturesMissing,
    #[msg("The Ed25519 instruction is not laid out canonically: build it with the client library")]
    SignaturesNotCanonical,
    #[msg(
        "Signed messages count only in a top-level instruction, not in a call from another program"
    )]
    CalledByProgram,
    #[msg("The signed message is of another kind or length")]
    MessageOfOtherKind,
    #[msg("The message was signed for another cluster")]
    MessageForOtherCluster,
    #[msg("The message was signed for another currency")]
    MessageForOtherCurrency,
    #[msg("The message was signed for another vault")]
    MessageForOtherVault,
    #[msg("The receipt is for another voucher than the one at its place")]
    ReceiptForOtherVoucher,
    #[msg("The receipt is for an earlier voucher at the same address")]
    ReceiptForEarlierVoucher,
    #[msg("The receipt is not signed by the voucher's session key")]
    ReceiptSignerMismatch,
    #[msg("The message was signed by an earlier or later quorum: sign again in the present epoch")]
    QuorumEpochMismatch,
    #[msg("Fewer attestors signed than the quorum's threshold")]
    BelowThreshold,
    #[msg("The signing keys are not distinct and ascending")]
    SignersNotAscending,
    #[msg("A signing key is not one of the quorum's")]
    AttestorUnknown,
    #[msg("A key of small order signs nothing: use a real Ed25519 key")]
    KeyOfSmallOrder,

    // Setting a currency up.
    #[msg(
        "A parameter is outside the bounds that the program allows: see the Params documentation"
    )]
    ParamOutOfBounds,
    #[msg("A quorum has 1 to 16 distinct ascending keys and a threshold of 1 to 7, at most their number")]
    QuorumMalformed,
    #[msg("The Standard is zero or beyond what the program computes with")]
    StandardOutOfBounds,
    #[msg("The mint has other than 6 decimals")]
    MintDecimalsNotSix,
    #[msg("The mint has a supply already: a currency starts from nothing")]
    MintHasSupply,
    #[msg("The mint has a freeze authority: revoke it first")]
    MintHasFreezeAuthority,
    #[msg("The mint's authority is not the currency's authority")]
    MintAuthorityMismatch,
    #[msg("This is not a mint of the classic SPL Token program")]
    NotMint,
    #[msg("The collateral mint is the currency's own mint: a currency cannot back itself")]
    CollateralIsOwnMint,

    // Pausing.
    #[msg("The currency is paused: redeeming and every exit still work, issuing and withdrawing resume when the pause ends")]
    Paused,
    #[msg("A pause must end in the future and within pause_max from now")]
    PauseOutOfBounds,
    #[msg("The currency is not paused")]
    NotPaused,

    // Price.
    #[msg("The price's sequence or time is not newer than the last one's")]
    PriceNotNewer,
    #[msg("The signed time is ahead of the chain's clock")]
    SignedInFuture,
    #[msg("The signed time is too old: sign a fresh message")]
    SignedTooOld,
    #[msg("The price is zero")]
    PriceZero,
    #[msg("The last price is too recent: wait for price_min_interval")]
    PriceTooSoon,
    #[msg("The price moved further than price_max_move_bps for each interval allows")]
    PriceMoveTooLarge,
    #[msg("The reference price is older than price_max_age, or there is none: the quorum must post one first")]
    PriceStale,

    // Capacity.
    #[msg("The attestation's sequence is not above the last one's")]
    AttestationNotNewer,
    #[msg("The attested rate is beyond what the program computes with")]
    RateOutOfBounds,
    #[msg("The pledge ends beyond five years from its attestation")]
    PledgeTooLong,
    #[msg("There is no pending attestation")]
    NothingPending,

    // Vaults.
    #[msg("The vault is suspended or defaulted")]
    VaultNotActive,
    #[msg("The vault is margin-called: it issues and withdraws nothing until its capacity covers what it owes")]
    MarginCalled,
    #[msg("Classes must name at least one of training (1), inference (2) and fine-tuning (4), and nothing else")]
    ClassesUnknown,
    #[msg("The vault would owe more than the limit that the authority set for it")]
    LimitExceeded,
    #[msg("Attested capacity would not cover what the vault owes: attest more, or issue less")]
    CoverageBelowFull,
    #[msg("Collateral would be below the required ratio: deposit more, or issue less")]
    CollateralBelowRatio,
    #[msg("The vault's collateral account is frozen by the collateral's issuer")]
    CollateralFrozen,
    #[msg("The vault has no room left in its share of the issue cap: room grows back evenly over the issue window")]
    IssueCapReached,
    #[msg("The vault does not hold that much collateral")]
    CollateralInsufficient,
    #[msg("Nothing was requested for withdrawal")]
    NoWithdrawalRequested,
    #[msg("The withdrawal delay has not passed yet")]
    WithdrawalTooEarly,
    #[msg("An offer keeps at most the whole payment: fee and retained share exceed 100 %")]
    RetainedShareTooLarge,

    // Buying.
    #[msg("The vault offers fewer units than asked for")]
    OfferTooSmall,
    #[msg("The vault has no offer")]
    NoOffer,
    #[msg(
        "The payment would exceed max_payment: the offer or the backing changed since the quote"
    )]
    PaymentAboveMaximum,

    // Vouchers.
    #[msg("The vault does not offer this class of compute: choose another class or vault")]
    ClassNotOffered,
    #[msg("The voucher would be below min_voucher_units")]
    VoucherBelowMinimum,
    #[msg("The vault owes less than that to holders: redeem at several vaults")]
    OutstandingExceeded,
    #[msg("The receipt's cumulative units are not above what is settled already")]
    ReceiptNotAboveSettled,
    #[msg("The receipt's cumulative units are more than the voucher holds")]
    ReceiptAboveVoucher,
    #[msg("The dispute window is over: receipts no longer count")]
    SettlementTooLate,
    #[msg("The voucher is closing already")]
    AlreadyClosing,
    #[msg("The voucher has not expired and its owner has not closed it, or the dispute window is still open")]
    ReclaimTooEarly,

    // Changes of rules, keys and Standard.
    #[msg("Neither the currency's authority nor its guardian: one of the two must do this")]
    NotAuthorityNorGuardian,
    #[msg("This change belongs to another currency")]
    ChangeOfOtherCurrency,
    #[msg("The change's notice has not passed yet: execute it at its eta")]
    ChangeTooEarly,
    #[msg(
        "The change was not executed within 14 days of its eta: cancel it and schedule it again"
    )]
    ChangeExpired,
    #[msg("This is not the account that the change names")]
    ChangeSubjectMismatch,
    #[msg("The new authority must sign the execution, so that no currency passes to a key that nobody holds")]
    NewAuthorityMustSign,
    #[msg("The guardian cannot cancel the guardian's own replacement: only the authority can")]
    GuardianCannotCancelOwnReplacement,
    #[msg("The Standard only ever rises")]
    StandardNotRaised,
    #[msg("The Standard would rise further than standard_max_step allows")]
    StandardStepTooLarge,
    #[msg("A rise of the Standard is announced already: one at a time")]
    StandardAlreadyAnnounced,
    #[msg("This is not the account that paid the change's rent: its rent goes back there")]
    ChangeRentPayerMismatch,
    #[msg("The vault is not suspended")]
    VaultNotSuspended,

    // Challenges, rulings and compensation.
    #[msg("Only the vault's operator may do this")]
    NotOperator,
    #[msg(
        "The vault has defaulted: reclaim the voucher for tokens, which its collateral buys back"
    )]
    VaultDefaulted,
    #[msg("The voucher is challenged already")]
    AlreadyChallenged,
    #[msg("The vendor has published the signed voucher already: take it from the Answered event")]
    AlreadyAnswered,
    #[msg("Units of this voucher were settled, so its vendor serves it: a breach is for the quorum to rule")]
    AlreadyServed,
    #[msg("The voucher is not challenged")]
    NotChallenged,
    #[msg("The answer window is over: the challenger is to be compensated")]
    AnswerTooLate,
    #[msg("The vendor may still answer: compensate after challenged_until")]
    AnswerWindowOpen,
    #[msg("The challenge went unanswered: compensate the owner first")]
    CompensationDue,
    #[msg("The voucher is challenged: it must be answered, released or compensated first")]
    ChallengePending,
    #[msg("The signed voucher states other terms than the voucher's account")]
    VoucherTermsMismatch,
    #[msg("The voucher is not signed by the vault's issuer key")]
    IssuerMismatch,
    #[msg("The message was signed for another voucher")]
    MessageForOtherVoucher,
    #[msg("The ruling is not newer than the last one paid, or older than the voucher")]
    RulingNotNewer,
    #[msg("Nothing of the voucher remains")]
    NothingRemaining,
    #[msg("A voucher cannot end in the second of its opening: send it again")]
    VoucherTooYoung,
    #[msg("This is not the voucher's owner")]
    VoucherOwnerMismatch,

    // Margin calls, default and liquidation.
    #[msg("Nothing to change: the vault is covered and not called, or short and called already")]
    MarginUnchanged,
    #[msg("The vault is not margin-called: call its margin first")]
    NotMarginCalled,
    #[msg("The vault may still cure: its cure period, counted while the quorum is at work, has not passed")]
    CurePeriodRunning,
    #[msg("Capacity covers all that the vault owes: there is nothing to write off or buy back")]
    NothingShort,
    #[msg(
        "The liquidation goes on at a rising premium: assess the default anew when that is over"
    )]
    LiquidationRunning,
    #[msg("The vault has not defaulted")]
    VaultNotDefaulted,
    #[msg("Fewer units are left to be bought back: offer fewer tokens")]
    ShortageExceeded,
    #[msg("The payment would be below min_payment: the premium still rises")]
    PaymentBelowMinimum,
    #[msg("This is not the currency's insurance account")]
    InsuranceMismatch,
    #[msg("Nothing backs the currency any more: no tokens can be issued")]
    BackingExhausted,
    #[msg("The vault still owes units, or vouchers stand open on it")]
    VaultOwes,
    #[msg("The vault still holds collateral: withdraw it first")]
    VaultHolds,
    #[msg("The capacity was measured before this vault was opened")]
    MeasuredBeforeOpening,

    // Revenue and staking.
    #[msg("There is no revenue to distribute")]
    NothingToDistribute,
    #[msg("This is not the currency's treasury account")]
    TreasuryMismatch,
    #[msg("This is not the pool of the currency")]
    PoolMismatch,
    #[msg("This is not the account of the pool's staked tokens")]
    StakedAccountMismatch,
    #[msg("This is not the account of the pool's rewards")]
    RewardsAccountMismatch,
    #[msg("Only the stake's owner may do this")]
    NotStakeOwner,
    #[msg("Fewer tokens are staked: unstake at most what is")]
    StakeExceeded,
    #[msg("Nothing to claim, and tokens are staked still")]
    NothingToClaim,

    // Vouchers after a write-off.
    #[msg("Since a loss was written off the voucher's tokens stand for less than it claims: serve it, or let its owner close it")]
    ReleaseBelowClaim,

    // Stakes of other pools.
    #[msg("This stake is in another pool: pass the stake's own pool")]
    StakeOfOtherPool,

    // Numbers of signed messages.
    #[msg("The number leaps more than 2^32 beyond the last one: continue from that")]
    SequenceTooFarAhead,

    // Addresses that the caller names.
    #[msg("The bump gives no address, or another than the account's: take both from the client library")]
    BumpOfOtherAddress,

    // Who is paid.
    #[msg("Without the owner's signature only the owner's associated token account is paid: pass that account, or have the owner sign")]
    NotAssociatedTokenAccount,
    #[msg("The token account belongs to the currency, its pool or the vault: name an account of your own")]
    TokenAccountOfCurrency,

    // What all vaults owe.
    #[msg("This is not the book of the currency")]
    BookMismatch,
    #[msg("The vault has defaulted: pass the currency's book and mint before the vouchers")]
    BookMissing,

    // Not serving.
    #[msg("The vault owes the insurance a penalty for what it did not serve: deposit at least that much collateral")]
    PenaltyOwed,

    // Bounds on attestors.
    #[msg("The cure_period is shorter than change_delay, attestation_delay and two days together: captured attestors could not be replaced before a vault defaults")]
    CurePeriodTooShort,
    #[msg("A ruling is paid only with the signature of the voucher's owner: have the owner sign the transaction")]
    RulingWithoutOwner,
}
