//! The endpoints: one entry each.

use super::inference;
use crate::api::answer::{
    List, ListedModel, ListedRecord, MintedKey, OpenedSession, Page, SignedVoucher,
};
use crate::api::discovery::Discovery;
use crate::api::health::{Health, Readiness};
use crate::api::path;
use crate::api::reason::Reason;
use crate::lease::{LeaseRequest, LeaseState};
use crate::receipt::SentReceipt;
use crate::session::{OpenRequest, SessionState};
use crate::sub_key::{SubKeyRequest, SubKeyState};
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Value, json};

/// Makes a schema, and registers what it refers to.
pub(super) type SchemaOf = fn(&mut SchemaGenerator) -> Value;

/// An endpoint and one of its methods.
pub(super) struct Operation {
    pub(super) id: &'static str,
    pub(super) method: &'static str,
    pub(super) path: &'static str,
    pub(super) tag: &'static str,
    pub(super) summary: &'static str,
    /// Whether it needs an API key.
    pub(super) needs_key: bool,
    pub(super) parameters: Vec<Parameter>,
    pub(super) body: Option<Body>,
    pub(super) answers: Vec<Answer>,
    /// Why it may refuse, beside what follows from the key, the path and the body.
    refusals: Vec<&'static [Reason]>,
}

/// A request's body.
pub(super) struct Body {
    pub(super) description: &'static str,
    pub(super) schema: SchemaOf,
}

/// An answer that is no refusal.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) description: &'static str,
    pub(super) headers: &'static [Header],
    pub(super) content: Vec<(Media, SchemaOf)>,
}

/// What an answer is written in.
pub(super) enum Media {
    /// JSON.
    Json,
    /// Server-sent events.
    Events,
}

/// A header of an answer.
pub(super) struct Header {
    pub(super) name: &'static str,
    pub(super) description: &'static str,
}

/// A parameter in the path, the query or a header.
pub(super) struct Parameter {
    name: &'static str,
    place: &'static str,
    description: &'static str,
    schema: fn() -> Value,
}

impl Parameter {
    pub(super) fn describe(&self) -> Value {
        json!({
            "name": self.name,
            "in": self.place,
            "required": self.place == "path",
            "description": self.description,
            "schema": (self.schema)(),
        })
    }

    fn path(name: &'static str, description: &'static str) -> Self {
        let schema = || json!({"type": "string", "minLength": 1});
        Self {
            name,
            place: "path",
            description,
            schema,
        }
    }

    fn idempotency(description: &'static str, schema: fn() -> Value) -> Self {
        Self {
            name: "Idempotency-Key",
            place: "header",
            description,
            schema,
        }
    }
}

const KEY: &[Reason] = &[
    Reason::MissingApiKey,
    Reason::AmbiguousApiKey,
    Reason::UnknownApiKey,
    Reason::ExpiredApiKey,
    Reason::LedgerUnavailable,
];
const URL: &[Reason] = &[Reason::MalformedUrl];
const METHOD: &[Reason] = &[Reason::MethodNotAllowed];
const BODY: &[Reason] = &[
    Reason::LengthRequired,
    Reason::CompressedBody,
    Reason::BodyTooLarge,
    Reason::BodyTooSlow,
    Reason::BodyBroken,
    Reason::MalformedBody,
];
const CHAIN: &[Reason] = &[
    Reason::ChainOutOfReach,
    Reason::RpcOfAnotherCluster,
    Reason::RpcLags,
    Reason::RpcDisagree,
    Reason::ChainUnconfirmed,
    Reason::ChainUnexpected,
    Reason::ClocksDiffer,
    Reason::IssuerReplaced,
    Reason::DisputeWindowTooShort,
    Reason::IssuerOutOfReach,
];
const ISSUER: &[Reason] = &[Reason::IssuerRefused, Reason::IssuerUnexpected];
const LEDGER: &[Reason] = &[Reason::LedgerUnavailable];
const SESSION_KEY: &[Reason] = &[Reason::SessionKeyNeeded];
const SESSION: &[Reason] = &[Reason::UnknownSession];
const VOUCHER: &[Reason] = &[
    Reason::VoucherOfAnotherVault,
    Reason::VoucherNotFinalized,
    Reason::VoucherDiffersFromChain,
    Reason::ClassNotServed,
    Reason::VoucherExpired,
    Reason::VoucherClosing,
    Reason::VoucherTooLarge,
    Reason::VoucherConsumed,
    Reason::VoucherSettledElsewhere,
];
const RECEIPT: &[Reason] = &[
    Reason::ReceiptMalformed,
    Reason::ReceiptOfAnotherCluster,
    Reason::ReceiptOfAnotherVoucher,
    Reason::ReceiptOfAnotherOpening,
    Reason::ReceiptAboveVoucher,
    Reason::ReceiptSignatureInvalid,
    Reason::ReceiptNotHigher,
    Reason::TooManyReceipts,
];
const PROOF: &[Reason] = &[
    Reason::ProofInvalid,
    Reason::ProofOfAnotherVoucher,
    Reason::ProofNotOfNow,
    Reason::ProofWithoutIdentity,
    Reason::ProofUsed,
];
const OPENING: &[Reason] = &[
    Reason::VoucherNotSignedHere,
    Reason::TermsChanged,
    Reason::TooManySessions,
];
const MINTING: &[Reason] = &[
    Reason::KeyInvalid,
    Reason::TooManyKeys,
    Reason::ModelNotFound,
];
const SUB_KEY: &[Reason] = &[Reason::UnknownKey];
const PAYING: &[Reason] = &[
    Reason::VoucherOfAnotherClass,
    Reason::VoucherExpired,
    Reason::VoucherClosing,
    Reason::VoucherExhausted,
    Reason::VoucherSettledElsewhere,
    Reason::InsufficientAllowance,
];
const IDEMPOTENCY: &[Reason] = &[Reason::IdempotencyKeyInvalid, Reason::IdempotencyKeyReused];
const INFERENCE: &[Reason] = &[
    Reason::VoucherRequired,
    Reason::PaymentMalformed,
    Reason::PaymentNotTaken,
    Reason::RevokedApiKey,
    Reason::ModelNotAllowed,
    Reason::KeyBudgetHeld,
    Reason::KeyBudgetExceeded,
    Reason::ModelNotFound,
    Reason::ModelNotInTerms,
    Reason::EndpointNotServed,
    Reason::ParameterInvalid,
    Reason::ParameterNotOffered,
    Reason::ParameterRepeated,
    Reason::ContentNotText,
    Reason::TooManyTokens,
    Reason::TooManyChoices,
    Reason::TooManyInputs,
    Reason::RateLimited,
    Reason::TooManyRequests,
    Reason::TooManyRequestsOfVoucher,
    Reason::IdempotencyKeyInUse,
    Reason::AnswerNotKept,
    Reason::Defect,
];
const UPSTREAM: &[Reason] = &[
    Reason::UpstreamOutOfReach,
    Reason::UpstreamTooSlow,
    Reason::UpstreamBusy,
    Reason::UpstreamFailed,
    Reason::UpstreamRefused,
    Reason::UpstreamFailing,
];
const LEASE: &[Reason] = &[Reason::UnknownLease];
const LEASING: &[Reason] = &[
    Reason::UnknownPool,
    Reason::PoolNotInTerms,
    Reason::AcceleratorsInvalid,
    Reason::JobInvalid,
    Reason::PoolFull,
    Reason::StartRefused,
    Reason::ProvisionerOutOfReach,
];

const CHARGED: &[Header] = &[
    Header {
        name: "x-request-id",
        description: "The charge's identity.",
    },
    Header {
        name: "specie-units",
        description: "What it cost, in units.",
    },
    Header {
        name: "specie-usage",
        description: "The signed usage record, a JWS.",
    },
    Header {
        name: "idempotent-replayed",
        description: "`true` if the answer was given before under the same key, and cost nothing.",
    },
];

fn schema<T: JsonSchema>(generator: &mut SchemaGenerator) -> Value {
    generator.subschema_for::<T>().into()
}

fn any_object(_: &mut SchemaGenerator) -> Value {
    json!({"type": "object"})
}

impl Operation {
    fn new(
        id: &'static str,
        method: &'static str,
        path: &'static str,
        tag: &'static str,
        summary: &'static str,
    ) -> Self {
        Self {
            id,
            method,
            path,
            tag,
            summary,
            needs_key: false,
            parameters: Vec::new(),
            body: None,
            answers: Vec::new(),
            refusals: Vec::new(),
        }
    }

    fn with_key(mut self) -> Self {
        self.needs_key = true;
        self
    }

    fn parameter(mut self, parameter: Parameter) -> Self {
        self.parameters.push(parameter);
        self
    }

    fn body(mut self, description: &'static str, schema: SchemaOf) -> Self {
        self.body = Some(Body {
            description,
            schema,
        });
        self
    }

    fn answer(mut self, status: u16, description: &'static str, schema: SchemaOf) -> Self {
        let content = vec![(Media::Json, schema)];
        self.answers.push(Answer {
            status,
            description,
            headers: &[],
            content,
        });
        self
    }

    fn charged(mut self, streams: bool) -> Self {
        let mut content: Vec<(Media, SchemaOf)> = vec![(Media::Json, inference::answer)];
        if streams {
            content.push((Media::Events, inference::events));
        }
        let description = "The answer, charged.";
        self.answers.push(Answer {
            status: 200,
            description,
            headers: CHARGED,
            content,
        });
        self
    }

    fn refuses(mut self, groups: &[&'static [Reason]]) -> Self {
        self.refusals.extend(groups);
        self
    }

    /// Why it may refuse. What follows from its key, path and body is not written at each.
    pub(super) fn reasons(&self) -> impl Iterator<Item = Reason> {
        let in_path =
            self.path.contains('{') || self.parameters.iter().any(|of| of.place == "query");
        let takes = [
            (in_path, URL),
            (self.needs_key, KEY),
            (self.body.is_some(), BODY),
            (in_path || self.body.is_some() || self.needs_key, METHOD),
        ];
        let implied = takes
            .into_iter()
            .filter(|(takes, _)| *takes)
            .map(|(_, reasons)| reasons);
        implied
            .chain(self.refusals.iter().copied())
            .flatten()
            .copied()
            .collect::<Vec<_>>()
            .into_iter()
    }
}

/// Every operation, in the order of the document.
pub(super) fn all() -> Vec<Operation> {
    let session = || Parameter::path("id", "The session's identity.");
    let lease = || Parameter::path("id", "The lease's identity.");
    let key = || Parameter::path("key", "The key's identity.");
    vec![
        Operation::new("discover", "GET", path::DISCOVERY, "Discovery", "The gateway's vault, offers and prices")
            .answer(200, "What the gateway offers.", schema::<Discovery>)
            .refuses(&[CHAIN]),
        Operation::new("describe", "GET", path::OPENAPI, "Discovery", "This document")
            .answer(200, "This document.", any_object),
        Operation::new("signVoucher", "POST", path::VOUCHER, "Sessions", "The signed voucher of a finalized account")
            .parameter(Parameter::path("address", "The voucher account, base58."))
            .answer(200, "The signed voucher.", schema::<SignedVoucher>)
            .refuses(&[&[Reason::NotAnAddress, Reason::TooManyLookups], VOUCHER, CHAIN, ISSUER]),
        Operation::new("openSession", "POST", path::SESSIONS, "Sessions", "Opens a session: a voucher, a proof and a receipt become an API key")
            .body("The voucher, the proof and the first receipt.", schema::<OpenRequest>)
            .answer(201, "The session, with its API key.", schema::<OpenedSession>)
            .refuses(&[OPENING, PROOF, RECEIPT, VOUCHER, CHAIN, LEDGER]),
        Operation::new("showSession", "GET", path::SESSION, "Sessions", "A session and its voucher's account")
            .with_key()
            .parameter(session())
            .answer(200, "The session.", schema::<SessionState>)
            .refuses(&[SESSION_KEY, SESSION]),
        Operation::new("postReceipt", "POST", path::RECEIPTS, "Sessions", "Raises the allowance; the receipt's signature is the authority")
            .parameter(session())
            .body("A receipt.", schema::<SentReceipt>)
            .answer(200, "The session.", schema::<SessionState>)
            .refuses(&[RECEIPT, SESSION, CHAIN, LEDGER]),
        Operation::new("listUsage", "GET", path::USAGE, "Sessions", "The signed record of every charge of the session's voucher, 100 at a time")
            .with_key()
            .parameter(session())
            .parameter(Parameter {
                name: "after",
                place: "query",
                description: "The number of the last record that is known.",
                schema: || json!({"type": "integer", "minimum": 0, "maximum": 9_007_199_254_740_991_u64}),
            })
            .answer(200, "Records, in the order of their numbers.", schema::<Page<ListedRecord>>)
            .refuses(&[SESSION_KEY, SESSION]),
        Operation::new("listKeys", "GET", path::KEYS, "Sessions", "The keys below a session's")
            .with_key()
            .parameter(session())
            .answer(200, "The keys, the oldest first.", schema::<List<SubKeyState>>)
            .refuses(&[SESSION_KEY, SESSION]),
        Operation::new("mintKey", "POST", path::KEYS, "Sessions", "Mints a key below a session's, with a budget, models and an expiry")
            .with_key()
            .parameter(session())
            .body("What the key may do.", schema::<SubKeyRequest>)
            .answer(201, "The key, with its API key.", schema::<MintedKey>)
            .refuses(&[SESSION_KEY, SESSION, MINTING]),
        Operation::new("showKey", "GET", path::KEY, "Sessions", "One key, for its session or for itself")
            .with_key()
            .parameter(session())
            .parameter(key())
            .answer(200, "The key.", schema::<SubKeyState>)
            .refuses(&[SUB_KEY, &[Reason::RevokedApiKey]]),
        Operation::new("revokeKey", "DELETE", path::KEY, "Sessions", "Revokes a key; requests that are being served are completed")
            .with_key()
            .parameter(session())
            .parameter(key())
            .answer(200, "The key, revoked.", schema::<SubKeyState>)
            .refuses(&[SESSION_KEY, SESSION, SUB_KEY]),
        Operation::new("listModels", "GET", path::MODELS, "Inference", "The models on offer, with their prices")
            .answer(200, "The models.", schema::<List<ListedModel>>),
        Operation::new("showModel", "GET", path::MODEL, "Inference", "One model")
            .parameter(Parameter::path("id", "The model's name."))
            .answer(200, "The model.", schema::<ListedModel>)
            .refuses(&[&[Reason::ModelNotFound]]),
        inference("chat", path::CHAT, "Messages in, a message out", inference::chat).charged(true),
        inference("complete", path::COMPLETIONS, "Prompts in, their continuations out", inference::completion).charged(true),
        inference("embed", path::EMBEDDINGS, "Texts in, vectors out", inference::embedding).charged(false),
        Operation::new("listLeases", "GET", path::LEASES, "Leases", "The leases of the session's voucher, the latest first")
            .with_key()
            .answer(200, "The leases.", schema::<Page<LeaseState>>)
            .refuses(&[SESSION_KEY, SESSION]),
        Operation::new("startLease", "POST", path::LEASES, "Leases", "Leases accelerators for a job, for as long as receipts pay for them")
            .with_key()
            .parameter(Parameter::idempotency("Begins a repeated lease once.", || {
                json!({"type": "string", "minLength": 1, "maxLength": 128, "pattern": "^[!-~]+$"})
            }))
            .body("What to run, on what.", schema::<LeaseRequest>)
            .answer(200, "The lease that the same key began before.", schema::<LeaseState>)
            .answer(201, "The lease.", schema::<LeaseState>)
            .refuses(&[SESSION_KEY, SESSION, LEASING, PAYING, IDEMPOTENCY, CHAIN]),
        Operation::new("showLease", "GET", path::LEASE, "Leases", "One lease")
            .with_key()
            .parameter(lease())
            .answer(200, "The lease.", schema::<LeaseState>)
            .refuses(&[SESSION_KEY, SESSION, LEASE]),
        Operation::new("stopLease", "POST", path::LEASE_STOP, "Leases", "Stops a lease; stopping an ended one changes nothing")
            .with_key()
            .parameter(lease())
            .answer(200, "The lease.", schema::<LeaseState>)
            .refuses(&[SESSION_KEY, SESSION, LEASE]),
        Operation::new("live", "GET", path::HEALTH, "Operation", "503 once only a restart helps")
            .answer(200, "The gateway is alive.", schema::<Health>)
            .answer(503, "Restart the gateway.", schema::<Health>),
        Operation::new("ready", "GET", path::READINESS, "Operation", "503, with the reason, while nothing can be served")
            .answer(200, "The gateway serves.", schema::<Readiness>)
            .answer(503, "The gateway does not serve.", schema::<Readiness>),
    ]
}

fn inference(
    id: &'static str,
    path: &'static str,
    summary: &'static str,
    body: SchemaOf,
) -> Operation {
    let served_once =
        || json!({"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"});
    Operation::new(id, "POST", path, "Inference", summary)
        .with_key()
        .parameter(Parameter::idempotency(
            "Serves and charges a repeated request once.",
            served_once,
        ))
        .body("As OpenAI's clients send it.", body)
        .refuses(&[INFERENCE, PAYING, IDEMPOTENCY, UPSTREAM, CHAIN])
}
