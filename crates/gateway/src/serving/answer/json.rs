//! JSON as Python's servers write it: with `NaN`, `Infinity` and `-Infinity`, which JSON does not have.

use serde::de::DeserializeOwned;

/// Numbers that Python writes and JSON does not know. The longer of two that begin alike comes first.
const NO_NUMBERS: [&str; 3] = ["-Infinity", "Infinity", "NaN"];

/// Reads a text, taking what is no number for `null`.
pub(super) fn read<T: DeserializeOwned>(text: &str) -> Option<T> {
    serde_json::from_str(text)
        .or_else(|_| serde_json::from_str(&with_null_for_no_numbers(text)))
        .ok()
}

fn with_null_for_no_numbers(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(quote) = rest.find('"') {
        let (between, string) = rest.split_at(quote);
        replace(between, &mut written);
        let end = end_of_string(string);
        written += &string[..end];
        rest = &string[end..];
    }
    replace(rest, &mut written);
    written
}

fn replace(between: &str, written: &mut String) {
    let mut rest = between;
    while let Some((at, name)) = NO_NUMBERS
        .iter()
        .filter_map(|name| Some((rest.find(name)?, *name)))
        .min_by_key(|(at, _)| *at)
    {
        *written += &rest[..at];
        *written += "null";
        rest = &rest[at + name.len()..];
    }
    *written += rest;
}

/// Where the string ends that a text begins with.
fn end_of_string(text: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    #[test]
    fn what_is_no_number_is_null_outside_of_strings_alone() {
        let cases = [
            (r#"[NaN]"#, r#"[null]"#),
            (r#"[NaN,-Infinity,Infinity, 1]"#, r#"[null,null,null, 1]"#),
            (
                r#"{"NaN":NaN,"\"NaN":"Infinity\\"}"#,
                r#"{"NaN":null,"\"NaN":"Infinity\\"}"#,
            ),
            (r#"["é NaN", NaN]"#, r#"["é NaN", null]"#),
        ];
        for (text, expected) in cases {
            assert_eq!(with_null_for_no_numbers(text), expected);
            let expected: Value = serde_json::from_str(expected).unwrap();
            assert_eq!(read::<Value>(text), Some(expected));
        }
        for broken in ["[NaNs]", "[\"NaN", "[", "\"\\"] {
            assert_eq!(read::<Value>(broken), None, "{broken}");
        }
    }
}
