//! Server-sent events, read along as they come: whatever the specification allows, and the comments that it ignores.
//!
//! A line ends with CR, LF or both; a byte order mark may come first; a comment may stand anywhere, also between the lines of
//! an event; an event may have several lines of data; and a part of the stream may end between any two bytes.

/// The most of a line, or of an event, that is kept; what comes beyond it is only counted.
const MOST: usize = 8 << 20;

/// What a stream has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Item {
    /// A comment's text.
    Comment(String),
    /// An event's data.
    Data(Vec<u8>),
    /// The number of bytes that were too many to keep.
    Skipped(u64),
}

/// A stream that has come to somewhere.
#[derive(Debug, Default)]
pub(super) struct Events {
    line: Vec<u8>,
    skipped: u64,
    data: Option<Vec<u8>>,
    begun: bool,
    after_cr: bool,
}

impl Events {
    /// Reads what comes next.
    pub(super) fn push(&mut self, mut part: &[u8], mut each: impl FnMut(Item)) {
        while let Some(first) = part.first() {
            if std::mem::take(&mut self.after_cr) && *first == b'\n' {
                part = &part[1..];
                continue;
            }
            let end = part.iter().position(|byte| matches!(byte, b'\r' | b'\n'));
            let piece = &part[..end.unwrap_or(part.len())];
            if self.line.len() + piece.len() <= MOST {
                self.line.extend_from_slice(piece);
            } else {
                self.skipped += piece.len() as u64;
            }
            let Some(end) = end else {
                return;
            };
            self.after_cr = part[end] == b'\r';
            part = &part[end + 1..];
            self.end_line(&mut each);
        }
    }

    /// The stream is over. The specification drops an event without its last empty line; here all that came counts.
    pub(super) fn end(&mut self, mut each: impl FnMut(Item)) {
        if !self.line.is_empty() {
            self.end_line(&mut each);
        }
        self.dispatch(&mut each);
    }

    fn end_line(&mut self, each: &mut impl FnMut(Item)) {
        let line = std::mem::take(&mut self.line);
        let skipped = std::mem::take(&mut self.skipped);
        if skipped > 0 {
            each(Item::Skipped(skipped));
        }
        let mut line = line.as_slice();
        if !std::mem::replace(&mut self.begun, true) {
            line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
        }
        if line.is_empty() {
            return self.dispatch(each);
        }
        let (field, value) = match line.iter().position(|byte| *byte == b':') {
            Some(colon) => (&line[..colon], &line[colon + 1..]),
            None => (line, &line[line.len()..]),
        };
        let value = value.strip_prefix(b" ").unwrap_or(value);
        match field {
            b"" => each(Item::Comment(String::from_utf8_lossy(value).into_owned())),
            b"data" => match &mut self.data {
                Some(data) if data.len() + value.len() < MOST => {
                    data.push(b'\n');
                    data.extend_from_slice(value);
                }
                Some(_) => each(Item::Skipped(value.len() as u64)),
                none => *none = Some(value.to_vec()),
            },
            _ => {}
        }
    }

    fn dispatch(&mut self, each: &mut impl FnMut(Item)) {
        if let Some(data) = self.data.take() {
            each(Item::Data(data));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn comment(text: &str) -> Item {
        Item::Comment(text.to_owned())
    }

    fn data(text: &str) -> Item {
        Item::Data(text.as_bytes().to_vec())
    }

    /// What a stream has, however it is cut.
    fn read(stream: &str) -> Vec<Item> {
        let whole = read_in(stream, stream.len().max(1));
        for size in 1..8 {
            assert_eq!(
                read_in(stream, size),
                whole,
                "{stream:?} in parts of {size}"
            );
        }
        whole
    }

    fn read_in(stream: &str, size: usize) -> Vec<Item> {
        let (mut events, mut items) = (Events::default(), Vec::new());
        for part in stream.as_bytes().chunks(size) {
            events.push(part, |item| items.push(item));
        }
        events.end(|item| items.push(item));
        items
    }

    #[test]
    fn a_comment_counts_wherever_it_stands() {
        let expected = [
            comment("specie-usage a.b.c"),
            data("{\"x\":1}"),
            data("[DONE]"),
        ];
        for stream in [
            // As an event of its own, in front of an event's data, and after it.
            ": specie-usage a.b.c\n\ndata: {\"x\":1}\n\ndata: [DONE]\n\n",
            ": specie-usage a.b.c\ndata: {\"x\":1}\n\ndata: [DONE]\n\n",
            ":specie-usage a.b.c\nevent: x\ndata:{\"x\":1}\n\nid: 7\ndata:[DONE]\n\n",
            "data: {\"x\":1}\n: specie-usage a.b.c\n\ndata: [DONE]\n\n",
        ] {
            assert_eq!(read(stream), expected, "{stream:?}");
        }
    }

    #[test]
    fn lines_may_end_in_any_way_and_a_byte_order_mark_may_come_first() {
        let expected = [data("a\nb\n\nc"), comment("é"), data("")];
        let stream = "data: a\ndata: b\ndata\ndata: c\n\n: é\ndata:\n\n";
        for end in ["\n", "\r", "\r\n"] {
            let stream = stream.replace('\n', end);
            assert_eq!(read(&stream), expected, "{end:?}");
            assert_eq!(read(&format!("\u{feff}{stream}")), expected, "{end:?}");
        }
        // Elsewhere it is a part of a field's name.
        assert!(read("\n\u{feff}data: a\n\n").is_empty());
    }

    #[test]
    fn what_has_no_end_counts_at_the_streams() {
        assert_eq!(read("data: [DONE]"), [data("[DONE]")]);
        assert_eq!(read(": specie-usage x"), [comment("specie-usage x")]);
        assert!(read("").is_empty());
    }

    #[test]
    fn what_is_too_long_is_counted() {
        let long = format!("data: {}", "x".repeat(MOST));
        let items = read_in(&long, 1 << 20);
        let bytes: u64 = items
            .iter()
            .map(|item| match item {
                Item::Data(data) => data.len() as u64,
                Item::Skipped(bytes) => *bytes,
                Item::Comment(_) => 0,
            })
            .sum();
        assert_eq!(bytes, MOST as u64);
    }
}
