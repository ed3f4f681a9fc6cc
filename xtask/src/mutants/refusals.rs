//! `require!` written out: cargo-mutants looks into no macro, and most of the program's rules stand in this one.

use {
    anyhow::{Context, Result},
    std::ops::Range,
};

const MACRO: &str = "require!(";

/// A refusal that was written out.
pub(super) struct Refusal {
    /// Where its condition stands in the new text.
    pub(super) condition: Range<usize>,
    /// What is returned where the condition does not hold.
    pub(super) error: String,
}

/// Writes `require!(condition, error)` as `if condition {} else { return … }`; every line stays where it is.
pub(super) fn write_out(text: &str) -> Result<(String, Vec<Refusal>)> {
    let (mut written, mut refusals, mut rest) = (String::new(), Vec::new(), text);
    while let Some(at) = rest.find(MACRO) {
        let inside = &rest[at + MACRO.len()..];
        let (condition, error, after) = arguments(inside)
            .with_context(|| format!("a `require!` cannot be read: {inside:.80}"))?;
        written.push_str(&rest[..at]);
        written.push_str("if ");
        let begin = written.len();
        written.push_str(condition);
        refusals.push(Refusal {
            condition: begin..written.len(),
            error: error.trim().into(),
        });
        written.push_str(" {} else { return Err((");
        written.push_str(error);
        written.push_str(").into()) }");
        rest = after;
    }
    written.push_str(rest);
    Ok((written, refusals))
}

/// The two arguments of the macro, and what stands after its closing parenthesis.
fn arguments(text: &str) -> Option<(&str, &str, &str)> {
    let (mut depth, mut comma) = (0_usize, None);
    for (at, letter) in code(text) {
        match letter {
            '(' | '[' | '{' => depth += 1,
            ')' if depth == 0 => {
                let comma = comma?;
                return Some((&text[..comma], &text[comma + 1..at], &text[at + 1..]));
            }
            ')' | ']' | '}' => depth = depth.checked_sub(1)?,
            ',' if depth == 0 => comma = Some(at),
            _ => {}
        }
    }
    None
}

/// The letters of some source and where they stand, without its comments.
pub(super) fn code(text: &str) -> impl Iterator<Item = (usize, char)> + '_ {
    let mut comment = false;
    text.char_indices().filter(move |&(at, letter)| {
        comment = (comment && letter != '\n') || text[at..].starts_with("//");
        !comment
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_written_out_line_for_line() {
        let text = "a;\nrequire!(\n    // Not, this\n    left(1, 2) <= right,\n    Error::Broken\n);\nb;\n";
        let (written, refusals) = write_out(text).unwrap();
        assert_eq!(
            written,
            "a;\nif \n    // Not, this\n    left(1, 2) <= right {} else { return Err((\n    Error::Broken\n).into()) };\nb;\n"
        );
        let [refusal] = refusals.as_slice() else {
            panic!("one refusal")
        };
        assert!(written[refusal.condition.clone()].ends_with("left(1, 2) <= right"));
        assert_eq!(refusal.error, "Error::Broken");
    }

    #[test]
    fn an_unclosed_one_is_an_error() {
        assert!(write_out("require!(a, b").is_err());
        assert!(write_out("require!(a)").is_err());
    }
}
