//! Passing an answer on as it comes, and reading along: how much text there was, and the signed record of its charge.

use super::events::{Events, Item};
use crate::ask::{Ask, Reported, Seen};
use crate::book::Ticket;
use crate::channel::Channel;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderName, header};
use axum::response::{IntoResponse as _, Response};
use futures::{Stream, StreamExt as _, stream};
use serde_json::Value;
use std::sync::Arc;
use std::time::Instant;

/// The most of a plain answer that is read along; of longer ones every byte counts as text.
const MOST_READ: usize = 8 << 20;
/// The header with the record of a plain answer.
const USAGE: &str = "specie-usage";
/// What a stream's comment with the record begins with.
const RECORD: &str = "specie-usage ";

const NOT_RELAYED: [HeaderName; 7] = [
    header::CONNECTION,
    header::PROXY_AUTHENTICATE,
    header::SET_COOKIE,
    header::TE,
    header::TRAILER,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
];

/// An answer's headers, without those of its connection.
pub(super) fn headers_of(response: &reqwest::Response) -> HeaderMap {
    let mut headers = response.headers().clone();
    for name in NOT_RELAYED {
        headers.remove(name);
    }
    headers.remove("keep-alive");
    headers
}

/// Whether an answer brings the record of a charge. A refusal may: time that has a price is charged also where it led to
/// nothing.
pub(super) fn is_charged(response: &reqwest::Response) -> bool {
    response.headers().contains_key(USAGE)
}

/// An answer that costs nothing.
pub(super) fn unmetered(response: reqwest::Response) -> Response {
    let (status, headers) = (response.status(), headers_of(&response));
    (status, headers, Body::from_stream(response.bytes_stream())).into_response()
}

/// An answer that is charged for.
pub(super) fn relay(
    channel: &Arc<Channel>,
    response: reqwest::Response,
    ticket: Ticket,
    ask: Ask,
    asked: Instant,
) -> Response {
    let (status, headers) = (response.status(), headers_of(&response));
    let text = |name: &str| headers.get(name)?.to_str().ok().map(str::to_owned);
    let id = text("x-request-id").unwrap_or_default();
    if id.is_empty() {
        channel.lost(ticket);
    } else {
        channel.named(ticket, &id, &ask);
    }
    let is_stream = text("content-type").is_some_and(|kind| kind.starts_with("text/event-stream"));
    let reading = Reading {
        channel: Arc::clone(channel),
        id,
        asked,
        record: text(USAGE),
        heard: if is_stream {
            Heard::Stream(Events::default())
        } else {
            Heard::Plain(Vec::new())
        },
        // Nobody asks for more of a body whose length was told once all of it has come.
        missing: text("content-length").and_then(|length| length.parse().ok()),
        text: 0,
        usage: Reported::default(),
        came: Came::InPart,
        ended: false,
    };
    let body = Body::from_stream(reading.along(response.bytes_stream()));
    (status, headers, body).into_response()
}

/// What was read along of an answer.
struct Reading {
    channel: Arc<Channel>,
    id: String,
    asked: Instant,
    record: Option<String>,
    heard: Heard,
    /// Bytes that are still to come, where the answer said how many it has.
    missing: Option<u64>,
    /// Bytes of text.
    text: u64,
    /// What the answer says was consumed.
    usage: Reported,
    came: Came,
    ended: bool,
}

enum Heard {
    Stream(Events),
    Plain(Vec<u8>),
}

/// How much of an answer has come.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Came {
    /// More may come, or would have.
    InPart,
    /// All that the gateway sent. A stream's connection may have ended before the stream did.
    AllThatWasSent,
    /// A stream that said that it was at its end.
    Whole,
}

impl Reading {
    /// The same bytes at the same time.
    fn along<E>(
        self,
        bytes: impl Stream<Item = Result<Bytes, E>> + Unpin,
    ) -> impl Stream<Item = Result<Bytes, E>> {
        stream::unfold((self, bytes), |(mut reading, mut bytes)| async move {
            match bytes.next().await {
                Some(Ok(part)) => {
                    reading.hear(&part);
                    Some((Ok(part), (reading, bytes)))
                }
                Some(Err(error)) => Some((Err(error), (reading, bytes))),
                None => {
                    reading.end();
                    None
                }
            }
        })
    }

    fn hear(&mut self, part: &[u8]) {
        match &mut self.heard {
            Heard::Plain(body) if body.len() + part.len() <= MOST_READ => {
                body.extend_from_slice(part)
            }
            Heard::Plain(_) => self.text = self.text.saturating_add(part.len() as u64),
            Heard::Stream(events) => {
                let mut items = Vec::new();
                events.push(part, |item| items.push(item));
                self.read(items);
            }
        }
        if let Some(missing) = &mut self.missing {
            *missing = missing.saturating_sub(part.len() as u64);
            if *missing == 0 {
                self.end();
            }
        }
    }

    fn read(&mut self, items: Vec<Item>) {
        for item in items {
            match item {
                Item::Comment(comment) => {
                    if let Some(record) = comment.strip_prefix(RECORD) {
                        self.record = Some(record.trim().to_owned());
                    }
                }
                Item::Data(data) if data.trim_ascii() == b"[DONE]" => self.came = Came::Whole,
                Item::Data(data) => self.count(&data),
                Item::Skipped(bytes) => self.text = self.text.saturating_add(bytes),
            }
        }
    }

    /// Counts an answer, or an event of one.
    fn count(&mut self, json: &[u8]) {
        self.text = self.text.saturating_add(text_of(json, &mut self.usage));
    }

    /// All that the gateway sent has come.
    fn end(&mut self) {
        if self.ended {
            return;
        }
        match &mut self.heard {
            Heard::Plain(body) => {
                let body = std::mem::take(body);
                self.count(&body);
                self.came = Came::Whole;
            }
            Heard::Stream(events) => {
                let mut items = Vec::new();
                events.end(|item| items.push(item));
                self.read(items);
                if self.came == Came::InPart {
                    self.came = Came::AllThatWasSent;
                }
            }
        }
        self.close();
    }

    /// Takes the record in, if it came. What was charged for an answer that ended early is what the gateway handed over, of
    /// which this end need not have seen all; and what is kept for whoever repeats the request is charged whole.
    fn close(&mut self) {
        if std::mem::replace(&mut self.ended, true) {
            return;
        }
        let seen = Seen {
            text: self.text,
            usage: self.usage,
            milliseconds: u64::try_from(self.asked.elapsed().as_millis()).unwrap_or(u64::MAX),
        };
        match self.record.take() {
            Some(record) => {
                let seen = (self.came != Came::InPart).then_some(seen);
                self.channel.answered(&self.id, seen, &record);
            }
            None => {
                let seen = (self.came == Came::Whole).then_some(seen);
                self.channel.ended(&self.id, seen);
            }
        }
    }
}

impl Drop for Reading {
    fn drop(&mut self) {
        self.close();
    }
}

/// Bytes of everything that is written in an answer, or in an event of one; what it says was consumed goes into `usage`.
fn text_of(json: &[u8], usage: &mut Reported) -> u64 {
    let Ok(answer) = serde_json::from_slice::<Value>(json) else {
        return json.len() as u64;
    };
    usage.update(&answer["usage"]);
    match answer.get("choices") {
        Some(choices) => written(choices),
        None => written(&answer),
    }
}

/// Probabilities of tokens repeat what is written.
fn written(value: &Value) -> u64 {
    let sum = |sum: u64, bytes: u64| sum.saturating_add(bytes);
    let is_told = |name: &str| matches!(name, "role" | "finish_reason" | "type" | "logprobs");
    match value {
        Value::String(text) => text.len() as u64,
        Value::Array(items) => items.iter().map(written).fold(0, sum),
        Value::Object(fields) => fields
            .iter()
            .filter(|(name, _)| !is_told(name))
            .map(|(_, value)| written(value))
            .fold(0, sum),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn all_that_is_written_counts_and_nothing_else() {
        let text = |value: Value| text_of(value.to_string().as_bytes(), &mut Reported::default());
        let plain = json!({"id": "chatcmpl-1", "choices": [
            {"message": {"role": "assistant", "content": "abc", "reasoning_content": "de"}, "finish_reason": "stop"},
            {"message": {"role": "assistant", "tool_calls": [{"type": "function", "function": {"name": "f", "arguments": "{}"}}]}},
        ]});
        assert_eq!(text(plain), 5 + 3);
        assert_eq!(text(json!({"choices": [{"delta": {"content": "é"}}]})), 2);
        assert_eq!(
            text(json!({"choices": [], "usage": {"prompt_tokens": 5}})),
            0
        );
        assert_eq!(
            text(json!({"type": "response.output_text.delta", "delta": "ab"})),
            2
        );
        let with_odds = json!({"choices": [{"text": "ab", "logprobs": {"tokens": ["ab"], "content": [{"token": "ab"}]}}]});
        assert_eq!(text(with_odds), 2);
        assert_eq!(text_of(b"not json", &mut Reported::default()), 8);
    }
}
