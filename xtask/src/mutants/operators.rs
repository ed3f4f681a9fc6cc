//! The mutants that cargo-mutants does not make: it knows operators and what functions return, and here the arithmetic
//! has names, money is rounded by name, and state changes by statements.

use {
    super::{
        mutant::{Mutant, Source},
        refusals::{Refusal, code},
    },
    std::ops::Range,
};

/// What takes the other's place, either way.
const SWAPS: [[&str; 2]; 5] = [
    ["Rounding::Up", "Rounding::Down"],
    [".plus(", ".minus("],
    [".min(", ".max("],
    [".saturating_sub(", ".wrapping_sub("],
    [".checked_add(", ".checked_sub("],
];

/// First words of what is no statement that can go by itself.
const KEPT: [&str; 14] = [
    "break", "const", "continue", "else", "enum", "fn", "for", "if", "let", "match", "mod", "pub",
    "return", "use",
];

/// The mutants of a file: refusals, names and statements.
pub(super) fn of_our_own(source: &Source, refusals: &[Refusal]) -> Vec<Mutant> {
    let text = &source.written_out;
    let program = &text[..text.find("\n#[cfg(test)]").unwrap_or(text.len())];
    let refusals = refusals
        .iter()
        .filter(|refusal| refusal.condition.end <= program.len());
    let mut mutants: Vec<Mutant> = refusals
        .map(|refusal| {
            let change = format!("never refuse with {}", refusal.error);
            of(source, refusal.condition.clone(), "true", &change)
        })
        .collect();
    for (at, _) in code(program) {
        for [one, other] in SWAPS.into_iter().flat_map(|[a, b]| [[a, b], [b, a]]) {
            if program[at..].starts_with(one) {
                let change = format!("replace {} with {}", name(one), name(other));
                mutants.push(of(source, at..at + one.len(), other, &change));
            }
        }
    }
    for at in statements(program) {
        mutants.push(of(source, at, "", "leave the statement out"));
    }
    mutants
}

fn of(source: &Source, at: Range<usize>, instead: &str, change: &str) -> Mutant {
    let function = enclosing_function(&source.written_out[..at.start]);
    source.mutant(at, instead, format!("{change} in {function}"))
}

fn name(pattern: &str) -> &str {
    pattern.trim_matches(['.', '('])
}

/// The function that the end of some text stands in, with its type.
fn enclosing_function(before: &str) -> String {
    let after = |line: &str, word: &str| {
        let name = line.split_once(word)?.1;
        let end = name.find(|letter: char| !letter.is_alphanumeric() && letter != '_');
        Some(name[..end.unwrap_or(name.len())].to_owned())
    };
    let lines = || before.lines().rev();
    let function = lines().find(|line| !line.contains("//") && line.contains("fn "));
    let function = function
        .and_then(|line| after(line, "fn "))
        .unwrap_or_default();
    let block = lines().find(|line| line.starts_with("impl") || *line == "}");
    let of = block.and_then(|line| after(line, " for ").or_else(|| after(line, " ")));
    of.map_or(function.clone(), |of| format!("{of}::{function}"))
}

/// Where the statements stand that bind no name and begin no block.
fn statements(text: &str) -> Vec<Range<usize>> {
    let (mut found, mut at, mut before) = (Vec::new(), 0, String::new());
    for line in text.split_inclusive('\n') {
        let statement = line.trim();
        let begin = at + line.len() - line.trim_start().len();
        at += line.len();
        if statement.is_empty() || statement.starts_with("//") {
            continue;
        }
        let word = statement
            .split(|letter: char| !letter.is_alphanumeric())
            .next();
        let may_begin = before.ends_with([';', '{', '}'])
            && statement.starts_with(|letter: char| letter.is_lowercase() || letter == '*')
            && word.is_none_or(|word| !KEPT.contains(&word));
        if let Some(len) = may_begin.then(|| statement_len(&text[begin..])).flatten() {
            found.push(begin..begin + len);
        }
        before = statement.into();
    }
    found
}

/// The length of the statement that some text begins with; `None` where it is something else.
fn statement_len(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, letter) in code(text) {
        match letter {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.checked_sub(1)?,
            ';' if depth == 0 => return Some(at + 1),
            ',' if depth == 0 => return None,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use {super::*, crate::mutants::refusals};

    const TEXT: &str = "\
impl Vault {
    /// Pays.
    pub fn spend(&mut self, amount: Quote) -> Result<()> {
        let left = self.held.minus(amount)?; // .plus(
        require!(left >= amount, Error::Short);
        self.held = Held {
            left,
            other: 1,
        };
        self.last
            .note(left.min(amount))?;
        left.value(Rounding::Up)
    }
}

fn alone() {
    *one = 2;
}

#[cfg(test)]
mod tests {
    fn test() {
        spend.plus(1);
    }
}
";

    #[test]
    fn refusals_names_and_statements_of_the_program_are_changed() {
        let (written_out, refusals) = refusals::write_out(TEXT).unwrap();
        let source = Source {
            file: "vault.rs".into(),
            original: TEXT.into(),
            written_out,
        };
        let mutants = of_our_own(&source, &refusals);
        let changes: Vec<_> = mutants
            .iter()
            .map(|mutant| (mutant.number, mutant.change.as_str()))
            .collect();
        assert_eq!(
            changes,
            [
                (5, "never refuse with Error::Short in Vault::spend"),
                (4, "replace minus with plus in Vault::spend"),
                (11, "replace min with max in Vault::spend"),
                (
                    12,
                    "replace Rounding::Up with Rounding::Down in Vault::spend"
                ),
                (6, "leave the statement out in Vault::spend"),
                (10, "leave the statement out in Vault::spend"),
                (17, "leave the statement out in alone"),
            ]
        );
        let without = source.with(&mutants[4]);
        assert!(
            without.contains(" };\n        \n        self.last"),
            "{without}"
        );
        assert_eq!(mutants[4].line, "self.held = Held {");
        assert_eq!(mutants[0].line, "require!(left >= amount, Error::Short);");
    }
}
