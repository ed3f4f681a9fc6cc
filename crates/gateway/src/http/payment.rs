//! 402: what would have to be paid, and how, said so that OpenAI's clients and x402's both understand it.
//!
//! OpenAI's clients read `error`. An x402 client of version 1 reads `x402Version` and `accepts` beside it, one of
//! version 2 the header `PAYMENT-REQUIRED`. Two schemes are offered: `specie-voucher` (redeem tokens for a voucher of the
//! vault and open a session with it) and, within a session, `specie-receipt` (sign a higher receipt). Amounts are units.

mod presented;

use super::Api;
use super::answer::encoded;
use super::error::ApiError;
use crate::chain::view::Seen;
use crate::clock::UnixTime;
use crate::ledger::Session;
use crate::ledger::change::HoldRefusal;
use crate::serving::{Endpoint, Model};
use crate::tariff::Usage;
use crate::units::Units;
use axum::http::{HeaderMap, HeaderName};
use solana_pubkey::Pubkey;
use specie_claims::api::figures::Figures;
use specie_claims::api::path;
use specie_claims::api::reason::Reason;
use specie_claims::api::x402::{
    self, Extra, PaymentOption, PaymentRequired, PaymentRequirements, ReceiptExtra, Resource,
    Scheme, VoucherExtra, WantedReceipt,
};

pub(super) use presented::refuse as refuse_presented;

const PAYMENT_REQUIRED: HeaderName = HeaderName::from_static("payment-required");

/// The media type of every answer that is paid for, streams aside.
const MEDIA_TYPE: &str = "application/json";

/// Seconds for which an offer stands. Prices are the configuration's, so they change with a restart at most.
const STANDS: u64 = 300;

/// The request that is to be paid for.
#[derive(Clone, Copy)]
pub(super) struct Payable {
    /// The request's path.
    pub(super) path: &'static str,
    /// The units that a voucher should have for it.
    pub(super) units: Units,
}

/// One way to pay for it.
struct Offered<'a> {
    api: &'a Api,
    seen: &'a Seen,
    path: &'static str,
    scheme: Scheme,
    units: Units,
    extra: Extra,
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
    let message = format!(
        "a voucher is needed: redeem one at this vault, open a session with it at {}, and send its API key",
        path::SESSIONS
    );
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
            let amounts = Figures {
                needed: Some(needed),
                available: Some(available),
                allowance: Some(allowance),
                consumed: Some(consumed),
                held: Some(held),
                claimable: Some(claimable),
                ..Figures::default()
            };
            let enough =
                u128::from(consumed.get()) + u128::from(held.get()) + u128::from(needed.get());
            let enough = u64::try_from(enough).ok().and_then(Units::new);
            match enough.filter(|enough| *enough <= claimable) {
                Some(enough) => {
                    let wanted = receipt(session, seen, enough);
                    let error =
                        ApiError::new(Reason::InsufficientAllowance, message).with(Figures {
                            accepts: Some(vec![wanted.clone()]),
                            ..amounts
                        });
                    let more = Payable {
                        units: enough.saturating_sub(allowance),
                        ..payable
                    };
                    Offered::receipt(api, seen, more, &wanted).refuse(error)
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

/// The same for the holder of a sub-key, who can sign no receipt and may not learn the voucher's amounts.
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
            ApiError::new(Reason::InsufficientAllowance, message).with(Figures {
                needed: Some(needed),
                ..Figures::default()
            })
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
fn receipt(session: &Session, seen: &Seen, cumulative: Units) -> WantedReceipt {
    WantedReceipt {
        scheme: Scheme::SpecieReceipt,
        network: format!("solana:{}", Pubkey::new_from_array(seen.vault.cluster)),
        voucher: session.voucher.address,
        opened_at: UnixTime(session.voucher.opened_at),
        cumulative,
        resource: path::filled(path::RECEIPTS, &[&session.id]),
    }
}

impl<'a> Offered<'a> {
    fn voucher(api: &'a Api, seen: &'a Seen, payable: Payable) -> Self {
        let url = api.public_url();
        let at = |path: &str| format!("{url}{path}");
        let extra = VoucherExtra {
            unit: x402::UNIT.to_owned(),
            cluster: Pubkey::new_from_array(seen.vault.cluster),
            discovery: at(path::DISCOVERY),
            vouchers: at(path::VOUCHER),
            sessions: at(path::SESSIONS),
        };
        Self {
            api,
            seen,
            path: payable.path,
            scheme: Scheme::SpecieVoucher,
            units: payable.units,
            extra: Extra::Voucher(extra),
        }
    }

    fn receipt(api: &'a Api, seen: &'a Seen, payable: Payable, wanted: &WantedReceipt) -> Self {
        let extra = ReceiptExtra {
            unit: x402::UNIT.to_owned(),
            cluster: Pubkey::new_from_array(seen.vault.cluster),
            receipts: format!("{}{}", api.public_url(), wanted.resource),
            voucher: wanted.voucher,
            opened_at: wanted.opened_at,
            cumulative: wanted.cumulative,
        };
        Self {
            api,
            seen,
            path: payable.path,
            scheme: Scheme::SpecieReceipt,
            units: payable.units,
            extra: Extra::Receipt(extra),
        }
    }

    /// Says the offer with the refusal that makes it necessary.
    fn refuse(&self, error: ApiError) -> ApiError {
        let required = encoded(&self.version_2(error.message()));
        error
            .with_headers(HeaderMap::from_iter([(PAYMENT_REQUIRED, required)]))
            .with_payment(self.version_1())
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

    fn version_1(&self) -> PaymentOption {
        PaymentOption {
            scheme: self.scheme,
            network: self.network(),
            max_amount_required: self.units,
            resource: self.resource(),
            description: self.description(),
            mime_type: MEDIA_TYPE.to_owned(),
            pay_to: self.api.offer.vault,
            max_timeout_seconds: STANDS,
            asset: self.seen.vault.currency,
            extra: self.extra.clone(),
        }
    }

    fn version_2(&self, error: &str) -> PaymentRequired {
        let requirements = PaymentRequirements {
            scheme: self.scheme,
            network: self.network(),
            amount: self.units,
            asset: self.seen.vault.currency,
            pay_to: self.api.offer.vault,
            max_timeout_seconds: STANDS,
            extra: self.extra.clone(),
        };
        PaymentRequired {
            x402_version: x402::HEADER_VERSION,
            error: error.to_owned(),
            resource: Resource {
                url: self.resource(),
                description: self.description(),
                mime_type: MEDIA_TYPE.to_owned(),
            },
            accepts: vec![requirements],
        }
    }
}
