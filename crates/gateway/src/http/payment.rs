//! 402: what would have to be paid, and how, said so that OpenAI's clients and x402's both understand it.
//!
//! OpenAI's clients read `error`. An x402 client of version 1 reads `x402Version` and `accepts` beside it, one of
//! version 2 the header `PAYMENT-REQUIRED`. Two schemes are offered: `specie-voucher` (redeem tokens for a voucher of the
//! vault and open a session with it) and, within a session, `specie-receipt` (sign a higher receipt). Amounts are units.

mod presented;

use super::Api;
use super::error::ApiError;
use crate::chain::view::Seen;
use crate::ledger::Session;
use crate::ledger::change::HoldRefusal;
use crate::serving::{Endpoint, Model};
use crate::tariff::Usage;
use crate::units::Units;
use axum::http::{HeaderMap, HeaderName};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use solana_pubkey::Pubkey;
use specie_claims::api::reason::Reason;

pub(super) use presented::refuse as refuse_presented;

const PAYMENT_REQUIRED: HeaderName = HeaderName::from_static("payment-required");

/// Seconds for which an offer stands. Prices are the configuration's, so they change with a restart at most.
const STANDS: u64 = 300;

/// What is to be paid for.
#[derive(Clone, Copy)]
pub(super) struct Payable {
    /// Where it was asked for.
    pub(super) path: &'static str,
    /// The units that a voucher should have for it.
    pub(super) units: Units,
}

/// One way to pay for it.
struct Offered<'a> {
    api: &'a Api,
    seen: &'a Seen,
    path: &'static str,
    scheme: &'static str,
    units: Units,
    extra: Value,
}

/// A request without any key: the answer says how to get one, unless there is nothing to pay for.
pub(super) fn voucher_required(api: &Api, endpoint: Endpoint) -> ApiError {
    let most = match most_of_any(api, endpoint) {
        Ok(most) => most,
        Err(not_served) => return not_served,
    };
    let seen = match api.gate.seen() {
        Ok(seen) => seen,
        Err(refusal) => return refusal.into(),
    };
    let message = "a voucher is needed: redeem one at this vault, open a session with it at /v1/sessions, and send \
                   its API key";
    let error = ApiError::new(Reason::VoucherRequired, message);
    Offered::voucher(api, &seen, most).refuse(error)
}

/// The answer to what the ledger did not hold: a higher receipt if one suffices, another voucher if not.
pub(super) fn not_held(
    refusal: HoldRefusal,
    session: &Session,
    api: &Api,
    seen: &Seen,
    payable: Payable,
) -> ApiError {
    let message = refusal.to_string();
    let another = |error| Offered::voucher(api, seen, payable).refuse(error);
    match refusal {
        HoldRefusal::SubKey(refusal) => refusal.into(),
        HoldRefusal::OtherClass { voucher, asked } => ApiError::not_for_this_class(voucher, asked),
        HoldRefusal::Closing => another(ApiError::new(Reason::VoucherClosing, message)),
        HoldRefusal::SettledElsewhere => ApiError::new(Reason::VoucherSettledElsewhere, message),
        HoldRefusal::Expired => another(ApiError::new(Reason::VoucherExpired, message)),
        HoldRefusal::InsufficientAllowance {
            needed,
            available,
            allowance,
            consumed,
            held,
            claimable,
        } => {
            let amounts = json!({
                "needed": needed, "available": available, "allowance": allowance,
                "consumed": consumed, "held": held, "claimable": claimable,
            });
            let enough =
                u128::from(consumed.get()) + u128::from(held.get()) + u128::from(needed.get());
            let enough = u64::try_from(enough).ok().and_then(Units::new);
            match enough.filter(|enough| *enough <= claimable) {
                Some(enough) => {
                    let error = ApiError::new(Reason::InsufficientAllowance, message)
                        .with(amounts)
                        .with(json!({ "accepts": [receipt(session, seen, enough)] }));
                    let more = Payable {
                        units: enough.saturating_sub(allowance),
                        ..payable
                    };
                    Offered::receipt(api, seen, more, session, enough).refuse(error)
                }
                None => {
                    let message = format!(
                        "this request can cost {needed} units, more than the voucher has left; redeem another"
                    );
                    let error = ApiError::new(Reason::VoucherExhausted, message).with(amounts);
                    another(error)
                }
            }
        }
    }
}

/// The same, to whoever has a sub-key: they can sign no receipt, and how the voucher stands is not theirs to know.
pub(super) fn not_held_for_sub_key(refusal: HoldRefusal) -> ApiError {
    match refusal {
        HoldRefusal::SubKey(refusal) => refusal.into(),
        HoldRefusal::OtherClass { voucher, asked } => ApiError::not_for_this_class(voucher, asked),
        HoldRefusal::Closing => ApiError::new(Reason::VoucherClosing, refusal.to_string()),
        HoldRefusal::SettledElsewhere => {
            ApiError::new(Reason::VoucherSettledElsewhere, refusal.to_string())
        }
        HoldRefusal::Expired => ApiError::new(Reason::VoucherExpired, refusal.to_string()),
        HoldRefusal::InsufficientAllowance { needed, .. } => {
            let message = format!(
                "this request can cost {needed} units, more than the session that this key is of may consume now: ask \
                 whoever gave it to you to sign a higher receipt"
            );
            ApiError::new(Reason::InsufficientAllowance, message).with(json!({ "needed": needed }))
        }
    }
}

/// The most that one prompt or text can cost with what is written for it, at any model that the endpoint has. Where it has
/// none there is nothing to pay for.
fn most_of_any(api: &Api, endpoint: Endpoint) -> Result<Payable, ApiError> {
    let limits = &api.offer.limits;
    let most = |model: &Model| {
        let writes = endpoint != Endpoint::Embeddings;
        model.tariff.price(Usage {
            input: model.context_tokens,
            output: if writes { model.max_output_tokens } else { 0 },
            milliseconds: limits.request_seconds.saturating_mul(1_000),
            ..Usage::default()
        })
    };
    let models = api.offer.models.iter();
    let units = models
        .filter(|model| model.endpoints.contains(&endpoint))
        .map(most)
        .max()
        .ok_or_else(|| ApiError::endpoint_not_served(endpoint))?;
    Ok(Payable {
        path: endpoint.path(),
        units,
    })
}

/// The receipt that would suffice, as a program that knows Specie reads it.
fn receipt(session: &Session, seen: &Seen, cumulative: Units) -> Value {
    json!({
        "scheme": "specie-receipt",
        "network": format!("solana:{}", Pubkey::new_from_array(seen.vault.cluster)),
        "voucher": session.voucher.address.to_string(),
        "opened_at": session.voucher.opened_at,
        "cumulative": cumulative,
        "resource": format!("/v1/sessions/{}/receipts", session.id),
    })
}

impl<'a> Offered<'a> {
    fn voucher(api: &'a Api, seen: &'a Seen, payable: Payable) -> Self {
        let url = api.public_url();
        Self {
            api,
            seen,
            path: payable.path,
            scheme: "specie-voucher",
            units: payable.units,
            extra: json!({
                "unit": "1e-6 SCU",
                "cluster": Pubkey::new_from_array(seen.vault.cluster).to_string(),
                "discovery": format!("{url}/.well-known/specie"),
                "vouchers": format!("{url}/v1/vouchers/{{address}}"),
                "sessions": format!("{url}/v1/sessions"),
            }),
        }
    }

    fn receipt(
        api: &'a Api,
        seen: &'a Seen,
        payable: Payable,
        session: &Session,
        cumulative: Units,
    ) -> Self {
        let mut extra = receipt(session, seen, cumulative);
        let path = extra["resource"].as_str().unwrap_or_default().to_owned();
        let receipts = json!({
            "unit": "1e-6 SCU",
            "cluster": Pubkey::new_from_array(seen.vault.cluster).to_string(),
            "receipts": format!("{}{path}", api.public_url()),
            "voucher": extra["voucher"].take(),
            "openedAt": extra["opened_at"].take(),
            "cumulative": extra["cumulative"].take(),
        });
        Self {
            api,
            seen,
            path: payable.path,
            scheme: "specie-receipt",
            units: payable.units,
            extra: receipts,
        }
    }

    /// Says the offer with the refusal that makes it necessary.
    fn refuse(&self, error: ApiError) -> ApiError {
        let mut headers = HeaderMap::new();
        let required = self.version_2(error.message()).to_string();
        headers.insert(
            PAYMENT_REQUIRED,
            super::answer::text(&STANDARD.encode(required)),
        );
        error
            .with_headers(headers)
            .beside_error(json!({"x402Version": 1, "accepts": [self.version_1()]}))
    }

    fn resource(&self) -> String {
        format!("{}{}", self.api.public_url(), self.path)
    }

    /// CAIP-2: the first 32 characters of the genesis hash.
    fn network(&self) -> String {
        let cluster = Pubkey::new_from_array(self.seen.vault.cluster).to_string();
        format!("solana:{}", &cluster[..cluster.len().min(32)])
    }

    fn description(&self) -> String {
        format!("one request to {}", self.path)
    }

    fn version_1(&self) -> Value {
        json!({
            "scheme": self.scheme,
            "network": self.network(),
            "maxAmountRequired": self.units,
            "resource": self.resource(),
            "description": self.description(),
            "mimeType": "application/json",
            "payTo": self.api.offer.vault.to_string(),
            "maxTimeoutSeconds": STANDS,
            "asset": self.seen.vault.currency.to_string(),
            "extra": self.extra,
        })
    }

    fn version_2(&self, error: &str) -> Value {
        json!({
            "x402Version": 2,
            "error": error,
            "resource": {
                "url": self.resource(),
                "description": self.description(),
                "mimeType": "application/json",
            },
            "accepts": [{
                "scheme": self.scheme,
                "network": self.network(),
                "amount": self.units,
                "asset": self.seen.vault.currency.to_string(),
                "payTo": self.api.offer.vault.to_string(),
                "maxTimeoutSeconds": STANDS,
                "extra": self.extra,
            }],
        })
    }
}
