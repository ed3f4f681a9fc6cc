//! Server-sent events, read as the HTML standard defines them.
//!
//! <https://html.spec.whatwg.org/multipage/server-sent-events.html>: UTF-8 with one byte order mark that may precede it,
//! lines that end with CR, LF or CRLF, comments, fields with or without a value, data of several lines. Bytes may be
//! split anywhere. There is no input on which the decoder fails but an event that is too large.
//!
//! Two deviations, since servers are met that need them. The field `error`, which llama.cpp wrote until 2025 in place of
//! an event, is read as an event of the type `error`. An event that the stream ends within is dropped, as the standard
//! wants it, unless it is certainly whole: `[DONE]`, after which llama.cpp leaves out the empty line, or a JSON object.

use std::collections::VecDeque;

/// The most bytes of one event: far more than any chunk of an answer has.
const MAX_EVENT_BYTES: usize = 16 << 20;

/// What no OpenAI stream goes on after.
pub(super) const DONE: &str = "[DONE]";

/// One event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Event {
    /// Its type; empty if it names none.
    pub(super) kind: String,
    /// Its lines of data, with LF between them.
    pub(super) data: String,
}

/// An event has more bytes than are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TooLarge;

/// A stream of which some bytes have arrived.
#[derive(Debug, Default)]
pub(super) struct Decoder {
    /// The line whose end has not come.
    line: Vec<u8>,
    /// Whether the first line was read, which alone may begin with a byte order mark.
    has_begun: bool,
    /// Whether the last line ended with CR, so that an LF belongs to that end.
    after_cr: bool,
    kind: String,
    /// Data of the event so far, each line with an LF.
    data: String,
}

impl Decoder {
    /// Reads some more bytes. Events that are complete with them are added to `events`.
    pub(super) fn push(
        &mut self,
        mut bytes: &[u8],
        events: &mut VecDeque<Event>,
    ) -> Result<(), TooLarge> {
        while let Some(first) = bytes.first() {
            if std::mem::take(&mut self.after_cr) && *first == b'\n' {
                bytes = &bytes[1..];
                continue;
            }
            let end = bytes.iter().position(|byte| matches!(byte, b'\r' | b'\n'));
            let part = &bytes[..end.unwrap_or(bytes.len())];
            if self.line.len() + self.data.len() + part.len() > MAX_EVENT_BYTES {
                return Err(TooLarge);
            }
            self.line.extend_from_slice(part);
            let Some(end) = end else {
                return Ok(());
            };
            self.after_cr = bytes[end] == b'\r';
            bytes = &bytes[end + 1..];
            events.extend(self.end_line());
        }
        Ok(())
    }

    /// The stream has ended: what of an unfinished event counts all the same.
    pub(super) fn end(mut self) -> Option<Event> {
        if !self.line.is_empty() {
            self.end_line();
        }
        self.dispatch().filter(|event| is_whole(event.data.trim()))
    }

    fn end_line(&mut self) -> Option<Event> {
        let line = std::mem::take(&mut self.line);
        let mut bytes = line.as_slice();
        if !std::mem::replace(&mut self.has_begun, true) {
            bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        }
        if bytes.is_empty() {
            return self.dispatch();
        }
        // Line ends are never part of a character, so that a line decodes as it does within the whole.
        let line = String::from_utf8_lossy(bytes);
        let (name, value) = line.split_once(':').unwrap_or((&line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match name {
            "event" => value.clone_into(&mut self.kind),
            "data" => self.add(value),
            "error" => {
                "error".clone_into(&mut self.kind);
                self.add(value);
            }
            // A comment's name is empty; `id` and `retry` are for who connects again.
            _ => {}
        }
        None
    }

    fn add(&mut self, value: &str) {
        self.data += value;
        self.data.push('\n');
    }

    fn dispatch(&mut self) -> Option<Event> {
        let kind = std::mem::take(&mut self.kind);
        let mut data = std::mem::take(&mut self.data);
        data.pop().map(|_line_feed| Event { kind, data })
    }
}

/// Whether nothing of an event's data can be missing.
fn is_whole(data: &str) -> bool {
    data == DONE
        || data.starts_with('{') && serde_json::from_str::<serde::de::IgnoredAny>(data).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(kind: &str, data: &str) -> Event {
        Event {
            kind: kind.to_owned(),
            data: data.to_owned(),
        }
    }

    fn message(data: &str) -> Event {
        event("", data)
    }

    fn read<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> Vec<Event> {
        let (mut decoder, mut events) = (Decoder::default(), VecDeque::new());
        for part in parts {
            decoder.push(part, &mut events).unwrap();
        }
        events.extend(decoder.end());
        events.into()
    }

    /// What the standard allows, and what servers send besides.
    fn cases() -> Vec<(&'static [u8], Vec<Event>)> {
        vec![
            (&b""[..], vec![]),
            (&b"data: a\n\n"[..], vec![message("a")]),
            (&b"data:a\n\n"[..], vec![message("a")]),
            (&b"data:  a \n\n"[..], vec![message(" a ")]),
            (&b"data: a\r\n\r\n"[..], vec![message("a")]),
            (&b"data: a\r\r"[..], vec![message("a")]),
            (
                &b"data: a\r\n\r\ndata: b\r\rdata: c\n\n"[..],
                vec![message("a"), message("b"), message("c")],
            ),
            (&b"\xef\xbb\xbfdata: a\n\n"[..], vec![message("a")]),
            (
                &b"\xef\xbb\xbf\xef\xbb\xbfdata: a\n\ndata: b\n\n"[..],
                vec![message("b")],
            ),
            (
                &b"data: a\n\n\xef\xbb\xbfdata: b\n\n"[..],
                vec![message("a")],
            ),
            (&b"\xef\xbb\xbf\n\ndata: a\n\n"[..], vec![message("a")]),
            (
                &b"data: a\ndata: b\ndata:\ndata: c\n\n"[..],
                vec![message("a\nb\n\nc")],
            ),
            (
                &b"data\n\ndata\ndata\n\ndata:\n\n"[..],
                vec![message(""), message("\n"), message("")],
            ),
            (
                &b": a comment\n\n:\n\n: b\ndata: a\n: c\n\n"[..],
                vec![message("a")],
            ),
            (
                &b"event: error\ndata: a\n\ndata: b\n\n"[..],
                vec![event("error", "a"), message("b")],
            ),
            (&b"event: lost\n\ndata: a\n\n"[..], vec![message("a")]),
            (
                &b"id: 1\nretry: 10\ndata: a\n\nunknown: x\n\n"[..],
                vec![message("a")],
            ),
            (&b"data : a\n\nDATA: b\n\n"[..], vec![]),
            (
                "data: \u{e9}\u{1f600}\n\n".as_bytes(),
                vec![message("\u{e9}\u{1f600}")],
            ),
            (
                &b"data: \xff\xfe\xc3\n\n"[..],
                vec![message("\u{fffd}\u{fffd}\u{fffd}")],
            ),
            (&b"data: a\0b\n\n"[..], vec![message("a\0b")]),
            (&b"\n\n\r\r\n"[..], vec![]),
            (&b"data: a\n\ndata: lost"[..], vec![message("a")]),
            (&b"data: a\n\ndata: lost\n"[..], vec![message("a")]),
            (&b"data: {\"a\":1}\n"[..], vec![message("{\"a\":1}")]),
            (&b"data: {\"a\":1}"[..], vec![message("{\"a\":1}")]),
            (&b"data: {\"a\":1\n"[..], vec![]),
            (
                &b"data: {\"a\":\ndata: 1}"[..],
                vec![message("{\"a\":\n1}")],
            ),
            (&b"data: 1"[..], vec![]),
            (&b"data: [DONE]\n"[..], vec![message(DONE)]),
            (&b"data: [DONE]"[..], vec![message(DONE)]),
            (
                &b"error: {\"code\":400}\n\n"[..],
                vec![event("error", "{\"code\":400}")],
            ),
        ]
    }

    #[test]
    fn the_standards_streams_are_read_wherever_their_bytes_are_split() {
        for (bytes, expected) in cases() {
            let shown = String::from_utf8_lossy(bytes);
            assert_eq!(read([bytes]), expected, "{shown:?}");
            assert_eq!(read(bytes.chunks(1)), expected, "{shown:?} byte by byte");
            for first in 0..=bytes.len() {
                for second in first..=bytes.len() {
                    let parts = [&bytes[..first], &bytes[first..second], &bytes[second..]];
                    assert_eq!(read(parts), expected, "{shown:?} at {first} and {second}");
                }
            }
        }
    }

    /// Bytes that mean something to the decoder, in every order that a generator of random numbers comes upon.
    #[test]
    fn no_bytes_make_it_fail_and_no_split_changes_what_they_say() {
        let alphabet: [&[u8]; 14] = [
            b"\r",
            b"\n",
            b"\r\n",
            b":",
            b" ",
            b"data",
            b"data: ",
            b"event",
            b"error",
            b"[DONE]",
            b"\xef\xbb\xbf",
            b"\xc3",
            b"\xf0\x9f\x98\x80",
            b"\0",
        ];
        let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
        let mut next = || {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            seed as usize
        };
        for _ in 0..5_000 {
            let mut bytes = Vec::new();
            for _ in 0..next() % 24 {
                bytes.extend_from_slice(alphabet[next() % alphabet.len()]);
            }
            let whole = read([bytes.as_slice()]);
            assert_eq!(read(bytes.chunks(1)), whole, "{bytes:?}");
            for at in 0..=bytes.len() {
                assert_eq!(
                    read([&bytes[..at], &bytes[at..]]),
                    whole,
                    "{bytes:?} at {at}"
                );
            }
        }
    }

    #[test]
    fn an_event_that_is_too_large_rejects() {
        let (mut decoder, mut events) = (Decoder::default(), VecDeque::new());
        let line = [b"data: ".as_slice(), &[b'x'; 1 << 20], b"\n"].concat();
        let pushed: Vec<_> = (0..17).map(|_| decoder.push(&line, &mut events)).collect();
        assert_eq!(pushed[14], Ok(()));
        assert_eq!(pushed[16], Err(TooLarge));
        assert!(events.is_empty());
    }
}
