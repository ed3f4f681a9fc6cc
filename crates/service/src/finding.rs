//! What the `check` commands of the daemons report.

use std::fmt;

/// What a check found about one subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What was checked.
    pub subject: String,
    /// The state it is in; or what is missing, and how to mend it.
    pub outcome: Result<String, Missing>,
}

/// What is missing, and how to mend it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// What is wrong.
    pub what: String,
    /// What to do about it.
    pub mend: String,
    /// Whether the service works without it, at the risk that `what` names.
    pub is_warning: bool,
}

impl Finding {
    /// Nothing is missing.
    pub fn well(subject: impl Into<String>, how: impl Into<String>) -> Self {
        Self {
            subject: subject.into(),
            outcome: Ok(how.into()),
        }
    }

    /// Something is missing: what, and how to mend it.
    pub fn missing(
        subject: impl Into<String>,
        what: impl fmt::Display,
        mend: impl Into<String>,
    ) -> Self {
        Self {
            subject: subject.into(),
            outcome: Err(Missing {
                what: what.to_string(),
                mend: mend.into(),
                is_warning: false,
            }),
        }
    }

    /// It works as it is, at a risk: what, and how to mend it.
    pub fn warning(
        subject: impl Into<String>,
        what: impl fmt::Display,
        mend: impl Into<String>,
    ) -> Self {
        let mut finding = Self::missing(subject, what, mend);
        if let Err(missing) = &mut finding.outcome {
            missing.is_warning = true;
        }
        finding
    }

    /// Whether nothing is missing. A warning counts as well.
    pub fn is_well(&self) -> bool {
        self.outcome
            .as_ref()
            .map_or_else(|missing| missing.is_warning, |_| true)
    }
}

/// One line, and a second one with the remedy where something is missing.
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let subject = &self.subject;
        match &self.outcome {
            Ok(how) => write!(f, "ok       {subject}: {how}"),
            Err(Missing {
                what,
                mend,
                is_warning,
            }) => {
                let kind = if *is_warning { "WARNING" } else { "MISSING" };
                write!(f, "{kind}  {subject}: {what}\n         → {mend}")
            }
        }
    }
}
