//! The program's refusals by code, as the IDL words them.

use std::{collections::BTreeMap, fmt, sync::OnceLock};

/// Why the program refuses, or would.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The program's error code, from 6000.
    pub code: u32,
    /// The error's name.
    pub name: String,
    /// What it means and what would help.
    pub message: String,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({} {})", self.message, self.name, self.code)
    }
}

impl std::error::Error for Refusal {}

impl Refusal {
    /// The refusal of a custom program error code; `None` for a code that is not one of Specie's.
    pub fn of(code: u32) -> Option<Self> {
        refusals().get(&code).cloned()
    }

    /// This with what the rule compared: numbers, times, keys.
    #[must_use]
    pub fn because(mut self, facts: impl fmt::Display) -> Self {
        self.message = format!("{}; {facts}", self.message);
        self
    }
}

impl From<specie::errors::SpecieError> for Refusal {
    fn from(error: specie::errors::SpecieError) -> Self {
        anchor_lang::Error::from(error).into()
    }
}

impl From<anchor_lang::Error> for Refusal {
    fn from(error: anchor_lang::Error) -> Self {
        match error {
            anchor_lang::Error::Custom(code) => Self::of(code),
            _ => None,
        }
        .unwrap_or_else(|| Self {
            code: 0,
            name: "ProgramError".into(),
            message: error.to_string(),
        })
    }
}

/// All refusals, from the committed IDL: one wording for the program's users, whatever they use.
fn refusals() -> &'static BTreeMap<u32, Refusal> {
    #[derive(serde::Deserialize)]
    struct Idl {
        errors: Vec<Error>,
    }
    #[derive(serde::Deserialize)]
    struct Error {
        code: u32,
        name: String,
        msg: String,
    }
    static REFUSALS: OnceLock<BTreeMap<u32, Refusal>> = OnceLock::new();
    REFUSALS.get_or_init(|| {
        let idl: Idl = serde_json::from_str(include_str!("../../../idl/specie.json"))
            .expect("the committed IDL lists every error with its message");
        let refusal = |error: Error| {
            let refusal = Refusal {
                code: error.code,
                name: error.name,
                message: error.msg,
            };
            (refusal.code, refusal)
        };
        idl.errors.into_iter().map(refusal).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use specie::errors::SpecieError;

    #[test]
    fn a_refusal_has_the_programs_code_and_the_idls_words() {
        let refusal = Refusal::from(anchor_lang::Error::from(SpecieError::CoverageBelowFull));
        assert_eq!(refusal.name, "CoverageBelowFull");
        assert!(refusal.message.contains("capacity"));
        assert_eq!(Refusal::of(refusal.code), Some(refusal));
        assert_eq!(Refusal::of(5_999), None);
    }
}
