//! Words that no comment, text, name or document may use, because a standard word says the same. The list is short: it has
//! what review has met often. It is checked in Rust, TypeScript and Markdown, in identifiers as in sentences.

use {
    crate::workspace,
    anyhow::{Context, Result, bail},
    std::{
        fs,
        path::{Path, PathBuf},
    },
};

/// A word or a phrase, and what to write instead.
struct Refused {
    /// Lower-case words, separated by single spaces. `snake_case` and `camelCase` are read as words, too.
    phrase: &'static str,
    instead: &'static str,
}

const REFUSED: &[Refused] = &[
    Refused {
        phrase: "patience",
        instead: "timeout",
    },
    Refused {
        phrase: "manieth",
        instead: "number, and what it counts from",
    },
    Refused {
        phrase: "for nothing",
        instead: "free of charge, zero, or does not count",
    },
    Refused {
        phrase: "what it must be",
        instead: "wrong type or out of range, with what was expected",
    },
    Refused {
        phrase: "they themselves",
        instead: "the noun",
    },
    Refused {
        phrase: "lately",
        instead: "recently",
    },
    Refused {
        phrase: "heard of",
        instead: "read, received, seen or reported",
    },
    Refused {
        phrase: "hears of",
        instead: "reads, receives or is told",
    },
    Refused {
        phrase: "lets go of",
        instead: "releases",
    },
    Refused {
        phrase: "let go of",
        instead: "release",
    },
];

/// A doc comment that begins with one of these and is no longer than [`SHORT`] says nothing to who reads it alone.
const PRONOUNS: [&str; 5] = ["its", "their", "they", "this", "that"];

/// The most words of a doc comment that has to name what it is about.
const SHORT: usize = 4;

/// The files that are read.
const ENDINGS: [&str; 5] = ["rs", "ts", "tsx", "md", "toml"];

/// Folders of what is installed or built, and this file, which has to write the words.
const NOT_READ: [&str; 4] = ["target", "node_modules", "dist", "words.rs"];

/// A place where something else should be written.
#[derive(Debug, PartialEq, Eq)]
struct Fault {
    line: usize,
    what: String,
}

/// Fails with every place that uses a refused word.
pub(crate) fn check() -> Result<()> {
    let root = workspace::root();
    let mut files = Vec::new();
    find(&root, &mut files)?;
    files.sort();
    let mut faults = Vec::new();
    for file in files {
        let name = file.strip_prefix(&root).unwrap_or(&file);
        let text =
            fs::read_to_string(&file).with_context(|| format!("reading {}", name.display()))?;
        for Fault { line, what } in faults_of(&text) {
            faults.push(format!("{}:{line}: {what}", name.display()));
        }
    }
    if !faults.is_empty() {
        bail!(
            "{} places use words that have a standard one:\n{}",
            faults.len(),
            faults.join("\n")
        );
    }
    Ok(())
}

fn find(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    let entries = fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))?;
    for entry in entries {
        let entry = entry?;
        let (path, name) = (entry.path(), entry.file_name());
        let name = name.to_string_lossy();
        if name.starts_with('.') || NOT_READ.contains(&name.as_ref()) {
            continue;
        }
        if entry.file_type()?.is_dir() {
            find(&path, files)?;
        } else if path
            .extension()
            .is_some_and(|ending| ENDINGS.iter().any(|read| ending == *read))
        {
            files.push(path);
        }
    }
    Ok(())
}

/// Everything that a text should say in another way, by lines.
fn faults_of(text: &str) -> Vec<Fault> {
    let words = words(text);
    let mut faults = Vec::new();
    for Refused { phrase, instead } in REFUSED {
        let phrase: Vec<_> = phrase.split(' ').collect();
        for at in words.windows(phrase.len()) {
            if at.iter().map(|(word, _)| word).eq(phrase.iter()) {
                let what = format!("`{}`: write {instead}", phrase.join(" "));
                faults.push(Fault {
                    line: at[0].1,
                    what,
                });
            }
        }
    }
    let lines: Vec<_> = text.lines().collect();
    for (at, line) in lines.iter().enumerate() {
        let is_doc = |at: Option<usize>| {
            at.and_then(|at| lines.get(at))
                .is_some_and(|line| doc(line).is_some())
        };
        let Some(said) = doc(line) else { continue };
        if names_nothing(said) && !is_doc(at.checked_sub(1)) && !is_doc(Some(at + 1)) {
            let what = format!("`{said}`: name what it is about, not a pronoun");
            faults.push(Fault { line: at + 1, what });
        }
    }
    faults.sort_by_key(|fault| fault.line);
    faults
}

/// What a line of a doc comment says.
fn doc(line: &str) -> Option<&str> {
    let line = line.trim();
    match line.strip_prefix("/**") {
        Some(said) => said.strip_suffix("*/").map(str::trim),
        None => line.strip_prefix("///").map(str::trim),
    }
}

fn names_nothing(said: &str) -> bool {
    let Some(said) = said.strip_suffix('.') else {
        return false;
    };
    let words: Vec<_> = said.split(' ').collect();
    words.len() <= SHORT
        && said.chars().all(|c| c.is_alphabetic() || c == ' ')
        && PRONOUNS.contains(&words[0].to_lowercase().as_str())
}

/// The words of a text in lower case, each with its line from 1. The end of a sentence or a clause counts as a word that no
/// phrase has.
fn words(text: &str) -> Vec<(String, usize)> {
    let mut words = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let mut word = String::new();
        let mut last_is_lower = false;
        for c in line.chars().chain([' ']) {
            let is_hump = c.is_uppercase() && last_is_lower;
            if (!c.is_alphabetic() || is_hump) && !word.is_empty() {
                words.push((std::mem::take(&mut word), at + 1));
            }
            if c.is_alphabetic() {
                word.extend(c.to_lowercase());
            } else if ".,;:!?\"`()".contains(c) {
                words.push((String::new(), at + 1));
            }
            last_is_lower = c.is_lowercase();
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Vec<usize> {
        faults_of(text).iter().map(|fault| fault.line).collect()
    }

    #[test]
    fn a_refused_word_is_found_in_names_texts_and_comments() {
        for text in [
            "const ANSWER_PATIENCE: Duration = SECOND;",
            "let stopPatience = 3;",
            "// Its patience ends.",
            "warn!(\"no patience left\");",
        ] {
            let found = faults_of(text);
            assert_eq!(found.len(), 1, "{text}");
            assert_eq!(found[0].what, "`patience`: write timeout", "{text}");
        }
    }

    #[test]
    fn a_phrase_is_found_across_a_line_break_and_not_across_a_sentence() {
        assert_eq!(at("fn f() {}\n/// Is called for\n/// nothing."), [2]);
        assert!(at("/// What it is for. Nothing else.").is_empty());
        assert!(at("/// What it is for, nothing else.").is_empty());
    }

    #[test]
    fn part_of_a_word_is_no_word() {
        assert!(at("impatience, patiences, fornothing").is_empty());
    }

    #[test]
    fn a_short_doc_comment_names_its_noun() {
        assert_eq!(at("/// Its data.\nfn data() {}"), [1]);
        assert_eq!(at("/** Its data. */\nconst data = 1;"), [1]);
        assert!(at("/// The instruction's data.\nfn data() {}").is_empty());
        assert!(at("/// Reads the data.\n/// Its length.\n").is_empty());
        assert!(at("/// Its data, of which the first byte is the kind.").is_empty());
        assert!(at("// Its data.").is_empty());
    }

    #[test]
    fn every_phrase_is_written_as_it_is_searched() {
        for Refused { phrase, .. } in REFUSED {
            let read: Vec<_> = words(phrase).into_iter().map(|(word, _)| word).collect();
            assert_eq!(read.join(" "), *phrase);
            assert_eq!(at(phrase), [1], "{phrase}");
        }
    }
}
