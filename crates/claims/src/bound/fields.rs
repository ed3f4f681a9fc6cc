//! A JSON object whose fields keep the text that they were sent as.
//!
//! What the gateway need not change reaches the upstream byte for byte: the order of keys within a schema, numbers of
//! any size and form, escapes. Only the object's own fields are told apart; each value stays text until something of it
//! has to be bounded.

use super::RequestRefusal;
use crate::json::{Part, parts};
use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer, Error as _, MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt;

/// The most levels of nesting: what a JSON parser with a bounded stack reads. An upstream's may fail beyond.
const MOST_LEVELS: usize = 127;

/// The largest float up to which every whole number has a float of its own: 2^53.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// An object's fields, in their order. None is there twice and none is null.
pub struct Fields<'a>(Vec<(Cow<'a, str>, Cow<'a, RawValue>)>);

impl<'a> Fields<'a> {
    /// Reads a request's body.
    pub fn of_body(body: &'a [u8]) -> Result<Self, RequestRefusal> {
        let malformed = |error: String| RequestRefusal::NotAnObject(error);
        let text = std::str::from_utf8(body).map_err(|error| malformed(error.to_string()))?;
        let fields: All<'a> =
            serde_json::from_str(text).map_err(|error| malformed(error.to_string()))?;
        if levels(text) > MOST_LEVELS {
            return Err(RequestRefusal::TooDeep { limit: MOST_LEVELS });
        }
        Self::once_each(fields)
    }

    /// Reads an object within a field; `None` if the value is no object.
    pub fn of_object(value: &'a RawValue) -> Option<Result<Self, RequestRefusal>> {
        let fields: All<'a> = serde_json::from_str(value.get()).ok()?;
        Some(Self::once_each(fields))
    }

    /// Refuses an object with a field that is there twice: servers differ in which of the two they read, so the one that was
    /// bounded might not be the one that counts.
    fn once_each(All(mut fields): All<'a>) -> Result<Self, RequestRefusal> {
        for (n, (name, _)) in fields.iter().enumerate() {
            if fields[..n].iter().any(|(before, _)| before == name) {
                return Err(RequestRefusal::Repeated(name.clone().into_owned()));
            }
        }
        fields.retain(|(_, value)| value.get() != "null");
        Ok(Self(fields))
    }

    /// The names of the fields, in their order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_ref())
    }

    /// A field's text, if it is there.
    pub fn get(&self, name: &str) -> Option<&RawValue> {
        let mut fields = self.0.iter();
        let (_, value) = fields.find(|(known, _)| known == name)?;
        Some(value)
    }

    /// A field of a certain type, if it is there.
    pub fn read<T: DeserializeOwned>(
        &self,
        name: &'static str,
    ) -> Result<Option<T>, RequestRefusal> {
        self.read_as(name, |value| serde_json::from_str(value.get()).ok())
    }

    /// A whole number, if it is there. It may be written as a float is: 3.0 is what some clients send, and servers take.
    pub fn whole(&self, name: &'static str) -> Result<Option<u64>, RequestRefusal> {
        self.read_as(name, |value| {
            let number: serde_json::Number = serde_json::from_str(value.get()).ok()?;
            let float = || {
                let float = number.as_f64()?;
                let is_whole = float.fract() == 0.0 && (0.0..=EXACT).contains(&float);
                is_whole.then_some(float as u64)
            };
            number.as_u64().or_else(float)
        })
    }

    fn read_as<T>(
        &self,
        name: &'static str,
        read: impl FnOnce(&RawValue) -> Option<T>,
    ) -> Result<Option<T>, RequestRefusal> {
        match self.get(name) {
            None => Ok(None),
            Some(value) => read(value).map(Some).ok_or(RequestRefusal::Parameter(name)),
        }
    }

    /// Writes a field where it was, or at the end.
    pub fn set(&mut self, name: &'static str, value: &Value) {
        let value = serde_json::value::to_raw_value(value).expect("JSON is written");
        match self.0.iter_mut().find(|(known, _)| known == name) {
            Some((_, field)) => *field = Cow::Owned(value),
            None => self.0.push((Cow::Borrowed(name), Cow::Owned(value))),
        }
    }

    /// Takes a field out, if it is there.
    pub fn remove(&mut self, name: &str) {
        self.0.retain(|(known, _)| known != name);
    }

    /// The object's text.
    pub fn text(&self) -> String {
        let mut text = String::from("{");
        for (n, (name, value)) in self.0.iter().enumerate() {
            if n > 0 {
                text.push(',');
            }
            text.push_str(&Value::from(name.as_ref()).to_string());
            text.push(':');
            text.push_str(value.get());
        }
        text.push('}');
        text
    }
}

/// All fields as they were sent, those of the same name included.
struct All<'a>(Vec<(Cow<'a, str>, Cow<'a, RawValue>)>);

impl<'de> Deserialize<'de> for All<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;

        impl<'de> Visitor<'de> for Object {
            type Value = All<'de>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a JSON object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<All<'de>, A::Error> {
                let mut fields = Vec::new();
                while let Some((name, value)) = object.next_entry::<Name<'de>, &'de RawValue>()? {
                    if fields.len() == MOST_FIELDS {
                        let message = format!("an object of it has more than {MOST_FIELDS} fields");
                        return Err(A::Error::custom(message));
                    }
                    fields.push((name.0, Cow::Borrowed(value)));
                }
                Ok(All(fields))
            }
        }

        deserializer.deserialize_map(Object)
    }
}

/// Fields of one object: far more than any client sends, and few enough to compare each with each.
const MOST_FIELDS: usize = 256;

#[derive(Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

/// How deeply a valid JSON text is nested.
fn levels(json: &str) -> usize {
    let (mut level, mut most) = (0_usize, 0);
    for part in parts(json) {
        let Part::Between(between) = part else {
            continue;
        };
        for byte in between.bytes() {
            match byte {
                b'{' | b'[' => level += 1,
                b'}' | b']' => level = level.saturating_sub(1),
                _ => {}
            }
            most = most.max(level);
        }
    }
    most
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(text: &str) -> Result<Fields<'_>, RequestRefusal> {
        Fields::of_body(text.as_bytes())
    }

    #[test]
    fn values_keep_their_text_and_fields_their_order() {
        let text = r#"{"z":{"b":1e400,"a":3.0,"b":[ 123456789012345678901234567890 ]},"a":"\u00e9\/","m":-0}"#;
        let mut read = fields(text).unwrap();
        assert_eq!(read.text(), text);
        read.set("a", &Value::from("x"));
        read.set("new", &Value::from(1));
        read.remove("m");
        let changed =
            r#"{"z":{"b":1e400,"a":3.0,"b":[ 123456789012345678901234567890 ]},"a":"x","new":1}"#;
        assert_eq!(read.text(), changed);
    }

    #[test]
    fn a_field_that_is_there_twice_rejects_however_it_is_written() {
        for text in [
            r#"{"n":1,"n":1}"#,
            r#"{"n":1,"\u006e":9}"#,
            r#"{"n":1,"m":2,"n":null}"#,
        ] {
            let refusal = fields(text).err();
            assert_eq!(
                refusal,
                Some(RequestRefusal::Repeated("n".to_owned())),
                "{text}"
            );
        }
    }

    #[test]
    fn whole_numbers_are_read_in_any_form_and_nothing_else_is() {
        for (text, number) in [
            ("7", 7),
            ("7.0", 7),
            ("7e0", 7),
            ("0", 0),
            ("18446744073709551615", u64::MAX),
        ] {
            let text = format!("{{\"n\":{text}}}");
            assert_eq!(
                fields(&text).unwrap().whole("n"),
                Ok(Some(number)),
                "{text}"
            );
        }
        for text in [
            "1e400",
            "-1",
            "1.5",
            "\"7\"",
            "1e300",
            "[7]",
            "true",
            "18446744073709551616",
        ] {
            let text = format!("{{\"n\":{text}}}");
            let refusal = fields(&text).unwrap().whole("n");
            assert_eq!(refusal, Err(RequestRefusal::Parameter("n")), "{text}");
        }
        assert_eq!(fields(r#"{"n":null}"#).unwrap().whole("n"), Ok(None));
    }

    #[test]
    fn what_is_no_object_or_nested_too_deeply_rejects() {
        for text in [
            "",
            "[]",
            "7",
            "{\"a\":}",
            "{\"a\":1} x",
            "{\"a\":1,}",
            "\u{feff}{}",
        ] {
            let refusal = fields(text).err();
            assert!(
                matches!(refusal, Some(RequestRefusal::NotAnObject(_))),
                "{text}"
            );
        }
        let nested =
            |levels: usize| format!("{{\"a\":{}{}}}", "[".repeat(levels), "]".repeat(levels));
        assert!(fields(&nested(MOST_LEVELS - 1)).is_ok());
        let refusal = fields(&nested(MOST_LEVELS)).err();
        assert_eq!(
            refusal,
            Some(RequestRefusal::TooDeep { limit: MOST_LEVELS })
        );
        let brackets = format!("{{\"a\":\"\\\"{}\"}}", "[".repeat(1_000));
        assert!(fields(&brackets).is_ok());
    }
}
