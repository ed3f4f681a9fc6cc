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
    #[msg("The currency's issue cap for this window is used up: wait for the next window")]
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
}
