//! Forwarding a request to one of the gateway's endpoints for applications: with the session's key, with another receipt
//! where the allowance ends, and to the next voucher where one is used up. The application sees none of it, because a
//! request is sent again only where nothing was served.

use super::Shared;
use super::guard::Limited;
use super::refusal::Refused;
use super::relay;
use super::routes::Endpoint;
use crate::ask::model_of;
use crate::book::{Bound, Ticket};
use crate::channel::{Channel, ChannelError, Live};
use crate::gateway::GatewayError;
use crate::keys::KeptKey;
use crate::purse::Purse;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, header};
use axum::response::{IntoResponse as _, Response};
use solana_pubkey::Pubkey;
use specie_claims::api::reason::Reason;
use specie_claims::api::refusal::Refusal;
use specie_claims::units::Units;
use std::sync::Arc;
use std::time::Instant;

/// Bytes of a body where a gateway has not said how many it takes.
const MOST_BYTES: usize = 16 << 20;
/// How often a request is sent. Each receipt is higher than the last, so many concurrent requests may need many.
const ATTEMPTS: usize = 64;

/// Headers that are of one connection, or that the proxy has its own of.
const NOT_FORWARDED: [header::HeaderName; 15] = [
    header::ACCEPT_ENCODING,
    header::AUTHORIZATION,
    header::CONNECTION,
    header::CONTENT_LENGTH,
    header::COOKIE,
    header::EXPECT,
    header::HOST,
    header::ORIGIN,
    header::PROXY_AUTHENTICATE,
    header::PROXY_AUTHORIZATION,
    header::REFERER,
    header::TE,
    header::TRAILER,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
];

/// A request as it is sent, as often as it takes.
struct Outgoing {
    method: Method,
    endpoint: Endpoint,
    headers: HeaderMap,
    body: Bytes,
    /// The gateway's key, where it is not the session's own.
    key: Option<KeptKey>,
}

/// What came of sending it once.
enum Outcome {
    Answer(Response),
    /// The request must be sent again: there is another allowance or session now.
    Again,
    /// Another voucher may serve it; where there is none, this is the answer.
    Elsewhere(Response),
}

/// Any request that is not for the proxy itself.
pub(super) async fn forward(
    State(shared): State<Shared>,
    request: Request,
) -> Result<Response, Refused> {
    let (mut parts, body) = request.into_parts();
    let endpoint = Endpoint::of(&parts.method, parts.uri.path());
    let endpoint = endpoint.ok_or_else(Refused::no_such_endpoint)?;
    let limited = parts.extensions.remove::<Limited>();
    let outgoing = Outgoing {
        endpoint,
        method: parts.method,
        headers: forwarded(parts.headers),
        body: to_bytes(body, MOST_BYTES)
            .await
            .map_err(|_| Refused::body(MOST_BYTES))?,
        key: limited.as_ref().map(|limited| limited.key.clone()),
    };
    if let Some(Limited { channel, .. }) = limited {
        // It is of one voucher, whatever the others have.
        return match outgoing.ask_at(&channel).await? {
            Outcome::Answer(answer) | Outcome::Elsewhere(answer) => Ok(answer),
            Outcome::Again => Err(Refused::gave_up()),
        };
    }
    let mut tried = Vec::new();
    let mut refused = None;
    while let Some(channel) = next(&shared.purse, &tried) {
        match outgoing.ask_at(&channel).await? {
            Outcome::Answer(answer) => return Ok(answer),
            Outcome::Elsewhere(answer) => refused = Some(answer),
            Outcome::Again => return Err(Refused::gave_up()),
        }
        tried.push(channel.holder().address());
    }
    refused.ok_or_else(|| nothing_left(&shared.purse))
}

fn next(purse: &Purse, tried: &[Pubkey]) -> Option<Arc<Channel>> {
    let mut usable = purse.usable();
    usable
        .find(|channel| !tried.contains(&channel.holder().address()))
        .cloned()
}

/// Why there is no voucher to ask with.
fn nothing_left(purse: &Purse) -> Refused {
    let mut why = Vec::new();
    for channel in purse.channels() {
        let standing = channel.standing();
        if let Some(evidence) = standing.evidence {
            let fault = standing.over.unwrap_or_default();
            return ChannelError::Overcharged { fault, evidence }.into();
        }
        why.extend(standing.over);
    }
    Refused::nothing_left(&why)
}

fn forwarded(mut headers: HeaderMap) -> HeaderMap {
    for name in NOT_FORWARDED {
        headers.remove(name);
    }
    let fetch: Vec<_> = headers
        .keys()
        .filter(|name| name.as_str().starts_with("sec-"))
        .cloned()
        .collect();
    for name in fetch {
        headers.remove(name);
    }
    headers
}

impl Outgoing {
    /// Asks with one voucher, as often as another receipt or session helps.
    async fn ask_at(&self, channel: &Arc<Channel>) -> Result<Outcome, Refused> {
        for _ in 0..ATTEMPTS {
            match self.try_at(channel).await? {
                Outcome::Again => {}
                outcome => return Ok(outcome),
            }
        }
        Ok(Outcome::Again)
    }

    async fn try_at(&self, channel: &Arc<Channel>) -> Result<Outcome, Refused> {
        let live = match channel.session().await {
            Ok(live) => live,
            Err(error) => return without(channel, error),
        };
        let Some(endpoint) = self.endpoint.metered() else {
            return self.ask_for_free(channel, &live).await;
        };
        // A key keeps the prices of the session that it was made in.
        let of_key = self.key.as_ref().and_then(|key| key.session.as_deref());
        let of_key = of_key.filter(|session| *session != live.id);
        let bound = match of_key.and_then(|id| channel.bound_in(id, endpoint, &self.body)) {
            Some(ask) => Some((live, ask)),
            None => channel.bound(live, endpoint, &self.body).await?,
        };
        let Some((live, mut ask)) = bound else {
            return Err(Refused::no_model(model_of(&self.body).as_deref()));
        };
        if let Err(error) = channel.require_undoubted(&ask.model) {
            return without(channel, error);
        }
        (ask.session, ask.key) = match &self.key {
            Some(key) => (key.session.clone(), Some(key.id.clone())),
            None => (Some(live.id.clone()), None),
        };
        let asked = Instant::now();
        let (ticket, bound) = channel.ask(&ask);
        let sending = Sending::new(channel, ticket);
        match channel.gateway().send(self.request(channel, &live)).await {
            Ok(answer) if answer.status().is_success() || relay::is_charged(&answer) => {
                sending.answered();
                Ok(Outcome::Answer(relay::relay(
                    channel, answer, ticket, ask, asked,
                )))
            }
            Ok(refused) => self.refused(channel, &live, bound, refused, sending).await,
            Err(GatewayError::OutOfReach {
                connecting: true,
                url,
                cause,
            }) => {
                sending.refused();
                let connecting = true;
                let error = GatewayError::OutOfReach {
                    url,
                    cause,
                    connecting,
                };
                Err(ChannelError::from(error).into())
            }
            Err(error) => Err(ChannelError::from(error).into()),
        }
    }

    fn request(&self, channel: &Channel, live: &Live) -> reqwest::RequestBuilder {
        channel
            .gateway()
            .request(
                self.method.clone(),
                &self.endpoint.segments(),
                Some(self.key.as_ref().map_or(&live.api_key, |key| &key.api_key)),
            )
            .headers(self.headers.clone())
            .body(self.body.clone())
    }

    async fn ask_for_free(&self, channel: &Channel, live: &Live) -> Result<Outcome, Refused> {
        let sent = channel.gateway().send(self.request(channel, live)).await;
        let answer = sent.map_err(ChannelError::from)?;
        Ok(Outcome::Answer(relay::unmetered(answer)))
    }

    /// The receipt that a refusal wants. To a key below its session's a gateway tells only what the request can cost.
    async fn wanted(
        &self,
        channel: &Channel,
        live: &Live,
        refusal: &Refusal,
    ) -> Result<Option<Units>, Refused> {
        if self.key.is_none() || refusal.reason() != Some(Reason::InsufficientAllowance) {
            return Ok(refusal.receipt_wanted());
        }
        let Some(needed) = refusal.units("needed") else {
            return Ok(None);
        };
        let session = channel.gateway().session(&live.id, &live.api_key).await;
        let session = session.map_err(ChannelError::from)?;
        let taken = session.consumed.saturating_add(session.held);
        Ok(Some(taken.saturating_add(needed)))
    }

    /// A refusal that a receipt, a session or a voucher helps against is not shown.
    async fn refused(
        &self,
        channel: &Channel,
        live: &Live,
        bound: Bound,
        response: reqwest::Response,
        sending: Sending<'_>,
    ) -> Result<Outcome, Refused> {
        let status = response.status();
        let headers = relay::headers_of(&response);
        let read = channel.gateway().read(response).await;
        let body = read.map_err(ChannelError::from)?;
        let refusal = Refusal::read(status.as_u16(), &body);
        if !refusal.may_be_charged() {
            sending.refused();
        }
        if let Some(wanted) = self.wanted(channel, live, &refusal).await? {
            return match channel.raise(live, wanted, bound).await {
                Ok(()) => Ok(Outcome::Again),
                Err(error) => without(channel, error),
            };
        }
        let answer = (status, headers, Body::from(body)).into_response();
        match refusal.reason() {
            Some(Reason::ExpiredApiKey | Reason::UnknownApiKey) if self.key.is_none() => {
                channel.forget(&live.api_key);
                Ok(Outcome::Again)
            }
            Some(Reason::VoucherExhausted) => {
                channel.has_too_little();
                Ok(Outcome::Elsewhere(answer))
            }
            Some(reason) if reason.ends_voucher() => {
                channel.retire(&refusal.message);
                Ok(Outcome::Elsewhere(answer))
            }
            _ => Ok(Outcome::Answer(answer)),
        }
    }
}

/// Without a session, or another receipt, another voucher may serve the request: where this one is used up, and where the
/// budget leaves too little for it.
fn without(channel: &Channel, error: ChannelError) -> Result<Outcome, Refused> {
    match &error {
        ChannelError::Gateway(GatewayError::Refused(refusal))
            if refusal.reason().is_some_and(Reason::ends_voucher) =>
        {
            channel.retire(&refusal.message);
        }
        ChannelError::Budget(_) => channel.has_too_little(),
        ChannelError::Overcharged { .. } | ChannelError::Doubted { .. } => {}
        _ => return Err(error.into()),
    }
    Ok(Outcome::Elsewhere(Refused::from(error).into_response()))
}

/// A request on its way. One that is given up meanwhile may have been heard.
struct Sending<'a> {
    channel: &'a Channel,
    ticket: Option<Ticket>,
}

impl<'a> Sending<'a> {
    fn new(channel: &'a Channel, ticket: Ticket) -> Self {
        Self {
            channel,
            ticket: Some(ticket),
        }
    }

    fn answered(mut self) {
        self.ticket = None;
    }

    fn refused(mut self) {
        if let Some(ticket) = self.ticket.take() {
            self.channel.refused(ticket);
        }
    }
}

impl Drop for Sending<'_> {
    fn drop(&mut self) {
        if let Some(ticket) = self.ticket.take() {
            self.channel.lost(ticket);
        }
    }
}
