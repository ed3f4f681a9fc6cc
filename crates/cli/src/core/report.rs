//! What a command has to say, apart from how it is printed.

use crate::core::{amount, duration};
use serde::{
    Serialize, Serializer,
    ser::{SerializeMap, SerializeStruct},
};
use solana_pubkey::Pubkey;
use specie_client::refusal::Refusal;

/// The key of the transaction that a command sent.
pub(crate) const SIGNATURE: &str = "signature";

/// Something worth saying.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    Nothing,
    /// Nothing, and what that means to people.
    Absent(&'static str),
    Text(String),
    Address(Pubkey),
    Number(u64),
    /// Base units of something with this many decimals.
    Amount(u64, u8),
    /// TFLOP.
    Work(u128),
    /// TFLOP/s.
    Rate(u64),
    /// Basis points.
    Share(u64),
    /// Unix seconds; 0 is never.
    Time(i64),
    /// Seconds.
    Duration(u64),
    Flag(bool),
    /// Several words; for people in one line.
    Names(Vec<String>),
    /// The words of a command.
    Words(Vec<String>),
    /// Base units of something whose decimals are unknown.
    BaseUnits(u64),
    /// Why the program refuses, or would.
    Refusal(Refusal),
    Fields(Fields),
    List(Vec<Fields>),
}

impl Value {
    pub(crate) fn text(text: impl ToString) -> Self {
        Self::Text(text.to_string())
    }

    /// SCU or whole tokens from units or base units.
    pub(crate) fn scu(units: u64) -> Self {
        Self::Amount(units, specie_client::constants::TOKEN_DECIMALS)
    }

    pub(crate) fn sol(lamports: u64) -> Self {
        Self::Amount(lamports, 9)
    }

    /// In one line, for people.
    pub(crate) fn line(&self) -> String {
        match self {
            Self::Nothing => "-".into(),
            Self::Absent(text) => (*text).into(),
            Self::Text(text) => text.clone(),
            Self::Address(address) => address.to_string(),
            Self::Number(number) => number.to_string(),
            Self::Amount(base, decimals) => amount::format(*base, *decimals),
            Self::Work(work) => format!("{work} TFLOP"),
            Self::Rate(rate) => format!("{rate} TFLOP/s"),
            Self::Share(bps) => amount::format_share(*bps),
            Self::Time(0) => "never".into(),
            Self::Time(unix) => duration::format_time(*unix),
            Self::Duration(seconds) => duration::format(*seconds),
            Self::Flag(flag) => if *flag { "yes" } else { "no" }.into(),
            Self::Names(names) => names.join(", "),
            Self::Words(words) => words.join(" "),
            Self::BaseUnits(base) => format!("{base} base units"),
            Self::Refusal(refusal) => refusal.to_string(),
            Self::Fields(_) | Self::List(_) => String::new(),
        }
    }
}

impl Serialize for Value {
    /// Numbers of chain amounts are strings, as in Solana's RPC: JSON readers round what is beyond 2⁵³.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Nothing | Self::Absent(_) => serializer.serialize_none(),
            Self::Text(text) => serializer.serialize_str(text),
            Self::Address(address) => serializer.collect_str(address),
            Self::Number(number) => serializer.serialize_u64(*number),
            Self::Amount(base, decimals) => {
                let mut amount = serializer.serialize_map(Some(3))?;
                amount.serialize_entry("amount", &base.to_string())?;
                amount.serialize_entry("decimals", decimals)?;
                amount.serialize_entry("uiAmountString", &self.line())?;
                amount.end()
            }
            Self::Work(work) => serializer.collect_str(work),
            Self::Rate(rate) => serializer.collect_str(rate),
            Self::Share(bps) => serializer.serialize_u64(*bps),
            // Never.
            Self::Time(0) => serializer.serialize_none(),
            Self::Time(unix) => serializer.serialize_i64(*unix),
            Self::Duration(seconds) => serializer.serialize_u64(*seconds),
            Self::Flag(flag) => serializer.serialize_bool(*flag),
            Self::Names(words) | Self::Words(words) => words.serialize(serializer),
            Self::BaseUnits(base) => serializer.collect_str(base),
            Self::Refusal(Refusal {
                code,
                name,
                message,
            }) => {
                let mut refusal = serializer.serialize_map(Some(3))?;
                refusal.serialize_entry("refusal", name)?;
                refusal.serialize_entry("refusalCode", code)?;
                refusal.serialize_entry("message", message)?;
                refusal.end()
            }
            Self::Fields(fields) => fields.serialize(serializer),
            Self::List(list) => list.serialize(serializer),
        }
    }
}

/// A value with its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Field {
    /// What programs read in JSON. It never changes.
    pub(crate) key: &'static str,
    /// What people read. Any wording serves.
    pub(crate) label: String,
    pub(crate) value: Value,
}

/// Values with their names, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Fields(pub(crate) Vec<Field>);

impl Fields {
    /// These, and one more.
    #[must_use]
    pub(crate) fn with(
        mut self,
        key: &'static str,
        label: impl Into<String>,
        value: Value,
    ) -> Self {
        self.0.push(Field {
            key,
            label: label.into(),
            value,
        });
        self
    }

    /// These, and all of `others`.
    #[must_use]
    pub(crate) fn and(mut self, others: Self) -> Self {
        self.0.extend(others.0);
        self
    }
}

impl Serialize for Fields {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|field| (field.key, &field.value)))
    }
}

/// Something that a transaction changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Change {
    /// What programs know it by, and people read. It never changes.
    pub(crate) what: String,
    pub(crate) before: Value,
    pub(crate) after: Value,
}

impl Serialize for Change {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut change = serializer.serialize_struct("Change", 3)?;
        change.serialize_field("what", &self.what)?;
        change.serialize_field("before", &self.before)?;
        change.serialize_field("after", &self.after)?;
        change.end()
    }
}

/// What a transaction would do, before it is sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Preview {
    /// In one line.
    pub(crate) title: String,
    /// What it is made of.
    pub(crate) details: Fields,
    /// What the simulation changed.
    pub(crate) changes: Vec<Change>,
}

/// All that a command has to say when it is done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Report {
    /// What was shown before the transaction was sent, if one was.
    pub(crate) preview: Option<Preview>,
    pub(crate) fields: Fields,
}

impl From<Fields> for Report {
    fn from(fields: Fields) -> Self {
        Self {
            preview: None,
            fields,
        }
    }
}

impl Report {
    /// The transaction that the command sent, if it sent one.
    pub(crate) fn signature(&self) -> Option<&str> {
        self.fields.0.iter().find_map(|field| match &field.value {
            Value::Text(signature) if field.key == SIGNATURE => Some(signature.as_str()),
            _ => None,
        })
    }
}

impl Serialize for Report {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut report = serializer.serialize_map(None)?;
        if let Some(preview) = &self.preview {
            report.serialize_entry("title", &preview.title)?;
            for field in &preview.details.0 {
                report.serialize_entry(field.key, &field.value)?;
            }
            report.serialize_entry("changes", &preview.changes)?;
        }
        for field in &self.fields.0 {
            report.serialize_entry(field.key, &field.value)?;
        }
        report.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_the_codes_own_and_amounts_are_strings() {
        let fields = Fields::default()
            .with("availableAt", "Any other words", Value::Time(5))
            .with("closedAt", "Closed at", Value::Time(0))
            .with("scu", "SCU", Value::scu(1_500_000))
            .with("disputeWindow", "dispute_window", Value::Duration(600))
            .with("vouchers", "Vouchers", Value::List(vec![]))
            .with(
                "classes",
                "Classes",
                Value::Names(vec!["training".into(), "inference".into()]),
            );
        assert_eq!(
            serde_json::to_string(&fields).unwrap(),
            r#"{"availableAt":5,"closedAt":null,"scu":{"amount":"1500000","decimals":6,"uiAmountString":"1.5"},"disputeWindow":600,"vouchers":[],"classes":["training","inference"]}"#
        );
    }
}
