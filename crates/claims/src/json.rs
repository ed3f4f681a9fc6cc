//! JSON texts, told apart without being parsed: numbers of any size and keys in any order stay what they are.

/// What a valid JSON text consists of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part<'a> {
    /// A string, with its quotes.
    String(&'a str),
    /// What stands between strings.
    Between(&'a str),
}

/// The parts of a valid JSON text, in their order.
pub fn parts(mut json: &str) -> impl Iterator<Item = Part<'_>> {
    std::iter::from_fn(move || {
        if json.is_empty() {
            return None;
        }
        let (part, rest) = if json.starts_with('"') {
            let (string, rest) = json.split_at(string_length(json));
            (Part::String(string), rest)
        } else {
            let (between, rest) = json.split_at(json.find('"').unwrap_or(json.len()));
            (Part::Between(between), rest)
        };
        json = rest;
        Some(part)
    })
}

/// The bytes of the string that a text begins with.
fn string_length(json: &str) -> usize {
    let mut escaped = false;
    let end = json.bytes().skip(1).position(|byte| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    });
    end.map_or(json.len(), |end| end + 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_told_from_what_stands_between_them() {
        let text = r#"{"a\\":"\"{",  "b":1e400}"#;
        let found: Vec<_> = parts(text).collect();
        let expected = [
            Part::Between("{"),
            Part::String(r#""a\\""#),
            Part::Between(":"),
            Part::String(r#""\"{""#),
            Part::Between(",  "),
            Part::String(r#""b""#),
            Part::Between(":1e400}"),
        ];
        assert_eq!(found, expected);
        assert_eq!(parts("").count(), 0);
        let unended: Vec<_> = parts("\"é").collect();
        assert_eq!(unended, [Part::String("\"é")]);
    }
}
