//! Passing an answer on as it comes, and reading along: how much text there was, and the signed record of its charge.

use crate::ask::Ask;
use crate::book::Ticket;
use crate::channel::Channel;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderName, header};
use axum::response::{IntoResponse as _, Response};
use futures::{Stream, StreamExt as _, stream};
use serde_json::Value;
use std::sync::Arc;

/// The most of a line, or of a plain answer, that is read along; of longer ones every byte counts as text.
const MOST_READ: usize = 8 << 20;
/// What a stream's comment with the record begins with.
const RECORD: &str = ": specie-usage ";

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
        ask,
        record: text("specie-usage"),
        heard: if is_stream {
            Heard::Stream(Lines::default())
        } else {
            Heard::Plain(Vec::new())
        },
        text: 0,
        whole: false,
        ended: false,
    };
    let body = Body::from_stream(reading.along(response.bytes_stream()));
    (status, headers, body).into_response()
}

/// What was read along of an answer.
struct Reading {
    channel: Arc<Channel>,
    id: String,
    ask: Ask,
    record: Option<String>,
    heard: Heard,
    /// Bytes of text.
    text: u64,
    /// Whether a stream said that it was at its end.
    whole: bool,
    ended: bool,
}

enum Heard {
    Stream(Lines),
    Plain(Vec<u8>),
}

/// A stream's last line, as far as it has come.
#[derive(Default)]
struct Lines {
    line: Vec<u8>,
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
            Heard::Stream(lines) => {
                for piece in part.split_inclusive(|byte| *byte == b'\n') {
                    if lines.line.len() + piece.len() <= MOST_READ {
                        lines.line.extend_from_slice(piece);
                    } else {
                        self.text = self.text.saturating_add(piece.len() as u64);
                    }
                    if piece.ends_with(b"\n") {
                        let line = std::mem::take(&mut lines.line);
                        let line = String::from_utf8_lossy(&line);
                        let line = line.trim_end();
                        if let Some(record) = line.strip_prefix(RECORD) {
                            self.record = Some(record.to_owned());
                        } else if let Some(data) = line.strip_prefix("data:") {
                            if data.trim() == "[DONE]" {
                                self.whole = true;
                            } else {
                                self.text = self.text.saturating_add(text_of(data.as_bytes()));
                            }
                        }
                    }
                }
            }
        }
    }

    /// The answer has come whole.
    fn end(&mut self) {
        if let Heard::Plain(body) = &self.heard {
            self.text = self.text.saturating_add(text_of(body));
            self.whole = true;
        }
        self.close();
    }

    /// Takes the record in, if it came. A stream that ended early is charged by what the gateway handed over, of which
    /// this end need not have seen all.
    fn close(&mut self) {
        if std::mem::replace(&mut self.ended, true) {
            return;
        }
        let output = if self.whole {
            self.ask.output_of(self.text)
        } else {
            self.ask.output
        };
        match self.record.take() {
            Some(record) => self.channel.answered(&self.id, &self.ask, output, &record),
            None if self.whole => self.channel.was_free(&self.id),
            None => {}
        }
    }
}

impl Drop for Reading {
    fn drop(&mut self) {
        self.close();
    }
}

/// Bytes of everything that is written in an answer, or in an event of one.
fn text_of(json: &[u8]) -> u64 {
    let Ok(answer) = serde_json::from_slice::<Value>(json) else {
        return json.len() as u64;
    };
    match answer.get("choices") {
        Some(choices) => written(choices),
        None => written(&answer),
    }
}

fn written(value: &Value) -> u64 {
    let sum = |sum: u64, bytes: u64| sum.saturating_add(bytes);
    match value {
        Value::String(text) => text.len() as u64,
        Value::Array(items) => items.iter().map(written).fold(0, sum),
        Value::Object(fields) => fields
            .iter()
            .filter(|(name, _)| !matches!(name.as_str(), "role" | "finish_reason" | "type"))
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
        let text = |value: Value| text_of(value.to_string().as_bytes());
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
        assert_eq!(text_of(b"not json"), 8);
    }
}
