//! Why a gateway refuses: one table of codes, with the HTTP status and whether the same request may succeed later.

use serde::{Deserialize, Serialize};

macro_rules! reasons {
    ($($(#[doc = $doc:literal])+ $name:ident = $code:literal, $status:literal $(, $later:ident)?;)+) => {
        /// A reason for a refusal. Codes are part of the contract: a code is never renamed, and never reused.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Reason {
            $($(#[doc = $doc])+ $name,)+
        }

        impl Reason {
            /// Every reason, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The code that programs read.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)+ }
            }

            /// The HTTP status that it is sent with.
            pub const fn status(self) -> u16 {
                match self { $(Self::$name => $status,)+ }
            }

            /// Whether the same request may succeed later without any change, unless the refusal itself says otherwise.
            pub const fn is_retryable(self) -> bool {
                match self { $(Self::$name => reasons!(@later $($later)?),)+ }
            }

            /// What it means, in a sentence.
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$name => concat!($($doc),+).trim_ascii(),)+ }
            }
        }
    };
    (@later retryable) => { true };
    (@later) => { false };
}

reasons! {
    // Requests that cannot be read.
    /// The path or its parameters cannot be read.
    MalformedUrl = "malformed_url", 400;
    /// The gateway has no such endpoint.
    NoSuchEndpoint = "no_such_endpoint", 404;
    /// The endpoint does not take this method.
    MethodNotAllowed = "method_not_allowed", 405;
    /// A body needs a Content-Length.
    LengthRequired = "length_required", 411;
    /// Compressed bodies are not accepted.
    CompressedBody = "compressed_body", 415;
    /// The body is larger than `limits.body_bytes`.
    BodyTooLarge = "body_too_large", 413;
    /// The body took too long to arrive.
    BodyTooSlow = "body_too_slow", 408, retryable;
    /// The connection ended before the body was complete.
    BodyBroken = "body_broken", 400, retryable;
    /// The body is not the JSON that the endpoint takes.
    MalformedBody = "malformed_body", 400;

    // API keys.
    /// The endpoint needs an API key, and none was sent.
    MissingApiKey = "missing_api_key", 401;
    /// There is more than one Authorization header.
    AmbiguousApiKey = "ambiguous_api_key", 400;
    /// The API key is not of any session here.
    UnknownApiKey = "unknown_api_key", 401;
    /// The session or the key below it has expired.
    ExpiredApiKey = "expired_api_key", 401;
    /// The key was revoked by its session.
    RevokedApiKey = "revoked_api_key", 401;
    /// The endpoint needs the API key of the session itself.
    SessionKeyNeeded = "session_key_needed", 403;

    // Vouchers.
    /// The request needs a voucher: redeem one, open a session and send its API key.
    VoucherRequired = "voucher_required", 402;
    /// More vouchers are being looked up than the gateway asks its RPC nodes for.
    TooManyLookups = "too_many_lookups", 429, retryable;
    /// The text is not an address in base58.
    NotAnAddress = "not_an_address", 400;
    /// The voucher was not signed by this vault's issuer.
    VoucherNotSignedHere = "voucher_not_signed_here", 400;
    /// The voucher is owed by another vault.
    VoucherOfAnotherVault = "voucher_of_another_vault", 403;
    /// The voucher's account is not finalized on chain.
    VoucherNotFinalized = "voucher_not_finalized", 404, retryable;
    /// The voucher's account on chain says something else.
    VoucherDiffersFromChain = "voucher_differs_from_chain", 409;
    /// The vault does not serve the voucher's class.
    ClassNotServed = "class_not_served", 403;
    /// The voucher's class is not that of the request.
    VoucherOfAnotherClass = "voucher_of_another_class", 403;
    /// The voucher has expired.
    VoucherExpired = "voucher_expired", 402;
    /// The voucher's owner asked to close it.
    VoucherClosing = "voucher_closing", 402;
    /// The voucher claims more units than can be represented.
    VoucherTooLarge = "voucher_too_large", 400;
    /// Nothing is left on the voucher.
    VoucherConsumed = "voucher_consumed", 402;
    /// Receipts that this gateway does not have were settled: another gateway serves from a ledger of its own.
    VoucherSettledElsewhere = "voucher_settled_elsewhere", 409;
    /// The voucher has too little left for this request.
    VoucherExhausted = "voucher_exhausted", 402;
    /// A higher receipt pays for this request: `accepts` says for how many units.
    InsufficientAllowance = "insufficient_allowance", 402;

    // Receipts, proofs and sessions.
    /// The receipt's message is not of its fixed form.
    ReceiptMalformed = "receipt_malformed", 400;
    /// The receipt is of another cluster.
    ReceiptOfAnotherCluster = "receipt_of_another_cluster", 403;
    /// The receipt is of another voucher.
    ReceiptOfAnotherVoucher = "receipt_of_another_voucher", 403;
    /// The receipt is of another opening of the voucher.
    ReceiptOfAnotherOpening = "receipt_of_another_opening", 403;
    /// The receipt is for more units than the voucher has.
    ReceiptAboveVoucher = "receipt_above_voucher", 400;
    /// The receipt's signature is not the session key's.
    ReceiptSignatureInvalid = "receipt_signature_invalid", 403;
    /// More receipts of the voucher were posted than a minute has room for.
    TooManyReceipts = "too_many_receipts", 429, retryable;
    /// The receipt is not higher than the one that the gateway has.
    ReceiptNotHigher = "receipt_not_higher", 409;
    /// The proof of possession is not signed as it must be.
    ProofInvalid = "proof_invalid", 403;
    /// The proof of possession is of another voucher.
    ProofOfAnotherVoucher = "proof_of_another_voucher", 403;
    /// The proof of possession was made too early or too late.
    ProofNotOfNow = "proof_not_of_now", 403;
    /// The proof of possession has no identity.
    ProofWithoutIdentity = "proof_without_identity", 400;
    /// The proof of possession was used before.
    ProofUsed = "proof_used", 409;
    /// The terms have changed since they were read.
    TermsChanged = "terms_changed", 409;
    /// The voucher has as many sessions as it may.
    TooManySessions = "too_many_sessions", 429;
    /// There is no such session, or the API key is not its own.
    UnknownSession = "unknown_session", 404;

    // Keys below a session.
    /// The session has no such key.
    UnknownKey = "unknown_key", 404;
    /// The key's description is out of bounds.
    KeyInvalid = "key_invalid", 400;
    /// The session has as many keys as it may.
    TooManyKeys = "too_many_keys", 429;
    /// The key may not ask this model.
    ModelNotAllowed = "model_not_allowed", 403;
    /// The key's budget is held by requests that are being served.
    KeyBudgetHeld = "key_budget_held", 429, retryable;
    /// The key's budget has too little left.
    KeyBudgetExceeded = "key_budget_exceeded", 429;

    // Inference.
    /// No model of that name is on offer.
    ModelNotFound = "model_not_found", 404;
    /// The model was not on offer when the session was opened.
    ModelNotInTerms = "model_not_in_terms", 404;
    /// No model, or not this one, serves the endpoint.
    EndpointNotServed = "endpoint_not_served", 404;
    /// A parameter is missing or of the wrong type.
    ParameterInvalid = "parameter_invalid", 400;
    /// A field is there twice.
    ParameterRepeated = "parameter_repeated", 400;
    /// The parameter is not offered here.
    ParameterNotOffered = "parameter_not_offered", 400;
    /// Only text content is offered.
    ContentNotText = "content_not_text", 400;
    /// More output tokens were asked for than the model may write.
    TooManyTokens = "too_many_tokens", 400;
    /// More choices were asked for than allowed.
    TooManyChoices = "too_many_choices", 400;
    /// More inputs were sent than allowed.
    TooManyInputs = "too_many_inputs", 400;
    /// The session sends requests faster than it may.
    RateLimited = "rate_limited", 429, retryable;
    /// The gateway serves as many requests as it can.
    TooManyRequests = "too_many_requests", 429, retryable;
    /// The voucher has as many requests being served as its share of the gateway allows.
    TooManyRequestsOfVoucher = "too_many_requests_of_voucher", 429, retryable;
    /// An x402 payment header cannot be read.
    PaymentMalformed = "payment_malformed", 400;
    /// Payments are not taken in a header.
    PaymentNotTaken = "payment_not_taken", 402;

    // Idempotency.
    /// There must be one Idempotency-Key, of visible characters.
    IdempotencyKeyInvalid = "idempotency_key_invalid", 400;
    /// The first request with the key is being served.
    IdempotencyKeyInUse = "idempotency_key_in_use", 409, retryable;
    /// The key was used for another request.
    IdempotencyKeyReused = "idempotency_key_reused", 422;
    /// The request was charged, and its answer is no longer kept.
    AnswerNotKept = "answer_not_kept", 409;

    // Upstream servers.
    /// The model's server does not answer.
    UpstreamOutOfReach = "upstream_out_of_reach", 502, retryable;
    /// The model's server took too long.
    UpstreamTooSlow = "upstream_too_slow", 504, retryable;
    /// The model's server is busy.
    UpstreamBusy = "upstream_busy", 503, retryable;
    /// The model's server failed.
    UpstreamFailed = "upstream_failed", 502, retryable;
    /// The model's server refuses the request.
    UpstreamRefused = "upstream_refused", 400;
    /// The model's servers are ejected after failures.
    UpstreamFailing = "upstream_failing", 503, retryable;

    // Leases.
    /// There is no such pool.
    UnknownPool = "unknown_pool", 404;
    /// The pool was not on offer when the session was opened.
    PoolNotInTerms = "pool_not_in_terms", 404;
    /// There is no such lease of the session's voucher.
    UnknownLease = "unknown_lease", 404;
    /// A lease has at least one accelerator, and at most as many as the pool allows.
    AcceleratorsInvalid = "accelerators_invalid", 400;
    /// The job is out of bounds.
    JobInvalid = "job_invalid", 400;
    /// The pool has too few accelerators free.
    PoolFull = "pool_full", 503, retryable;
    /// The provisioner refuses the job.
    StartRefused = "start_refused", 400;
    /// The provisioner does not answer.
    ProvisionerOutOfReach = "provisioner_out_of_reach", 502, retryable;

    // The chain, the issuer and the ledger.
    /// The chain is out of reach.
    ChainOutOfReach = "chain_out_of_reach", 503, retryable;
    /// Readings of the chain do not confirm each other yet.
    ChainUnconfirmed = "chain_unconfirmed", 503, retryable;
    /// The RPC node is of another cluster.
    RpcOfAnotherCluster = "rpc_of_another_cluster", 503, retryable;
    /// The RPC node is behind.
    RpcLags = "rpc_lags", 503, retryable;
    /// The RPC nodes disagree.
    RpcDisagree = "rpc_disagree", 503, retryable;
    /// The RPC node's answer is unexpected.
    ChainUnexpected = "chain_unexpected", 502;
    /// The gateway's clock and the chain's differ too much.
    ClocksDiffer = "clocks_differ", 503, retryable;
    /// The vault has another issuer than the gateway.
    IssuerReplaced = "issuer_replaced", 503, retryable;
    /// The currency's dispute window is too short to settle in.
    DisputeWindowTooShort = "dispute_window_too_short", 503, retryable;
    /// The issuer's key host does not answer.
    IssuerOutOfReach = "issuer_out_of_reach", 503, retryable;
    /// The issuer's key host refuses to sign.
    IssuerRefused = "issuer_refused", 502;
    /// The issuer's key host answers something else.
    IssuerUnexpected = "issuer_unexpected", 502;
    /// The gateway's ledger cannot be written.
    LedgerUnavailable = "ledger_unavailable", 503, retryable;
    /// A background task of the gateway does not run.
    BackgroundTaskDown = "background_task_down", 503, retryable;
    /// The gateway failed by a defect of its own; its usage records tell whether the request was charged.
    Defect = "defect", 500;
}

impl Reason {
    /// The reason of a code; `None` for one that only a newer gateway has.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|reason| reason.code() == code)
    }

    /// Whether a voucher that is refused for this reason will never be served again.
    pub const fn ends_voucher(self) -> bool {
        matches!(
            self,
            Self::VoucherConsumed | Self::VoucherClosing | Self::VoucherExpired
        )
    }

    /// Whether the request may have been charged although it was refused: the ledger may have been written, or time that
    /// passed until the request was cut off was charged and its record lost on the way.
    pub const fn may_be_charged(self) -> bool {
        matches!(
            self,
            Self::Defect | Self::LedgerUnavailable | Self::UpstreamTooSlow
        )
    }
}

impl std::fmt::Display for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code())
    }
}

impl Serialize for Reason {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Reason {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = String::deserialize(deserializer)?;
        Self::of_code(&code)
            .ok_or_else(|| serde::de::Error::custom(format!("unknown reason {code:?}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_code_is_its_own_and_read_back() {
        let codes: BTreeSet<_> = Reason::ALL.iter().map(|reason| reason.code()).collect();
        assert_eq!(codes.len(), Reason::ALL.len());
        for reason in Reason::ALL {
            assert_eq!(Reason::of_code(reason.code()), Some(*reason));
            let is_code =
                |byte: u8| byte == b'_' || byte.is_ascii_lowercase() || byte.is_ascii_digit();
            assert!(reason.code().bytes().all(is_code), "{reason}");
        }
        assert_eq!(Reason::of_code("no_such_reason"), None);
    }

    #[test]
    fn every_status_is_a_refusals_and_every_meaning_a_sentence() {
        for reason in Reason::ALL {
            assert!((400..600).contains(&reason.status()), "{reason}");
            assert!(reason.meaning().ends_with('.'), "{reason}");
        }
    }
}
