//! What a module of the gateway must not import. Arrows run one way: http → serving → what serving needs. The whole gateway is
//! named in the composition root alone: every other module is given what it uses.
//!
//! The module's files are read, tests included, comments not. What is found is `crate::name`, and each first name within a
//! `crate::{…}`, however many lines it has.

use {
    crate::workspace,
    anyhow::{Context as _, Result, bail},
    std::{
        fs,
        path::{Path, PathBuf},
    },
};

/// Modules of the gateway, and modules that none of them may import.
struct Arrow {
    modules: &'static [&'static str],
    refused: &'static [&'static str],
}

/// The files that put the gateway's parts together: the only ones that may name the whole.
const COMPOSITION_ROOT: &[&str] = &["gateway.rs", "main.rs"];

/// The type that has all parts.
const WHOLE: &str = "Gateway";

const ARROWS: &[Arrow] = &[
    Arrow {
        modules: &[
            "confirm",
            "gate",
            "issuer",
            "lifecycle",
            "limits",
            "outbox",
            "settlement",
            "signer",
            "voucher",
            "watch",
        ],
        refused: &[
            "config",
            "gateway",
            "http",
            "lease",
            "observe",
            "offer",
            "serving",
            "sync",
            "terms",
            "usage_events",
        ],
    },
    Arrow {
        modules: &["sync"],
        refused: &[
            "config",
            "gateway",
            "http",
            "lease",
            "offer",
            "serving",
            "terms",
            "usage_events",
        ],
    },
    Arrow {
        modules: &["lease", "usage_events"],
        refused: &[
            "config", "gateway", "http", "observe", "offer", "serving", "sync", "terms",
        ],
    },
    Arrow {
        modules: &["offer", "terms"],
        refused: &[
            "config",
            "gateway",
            "http",
            "observe",
            "sync",
            "usage_events",
        ],
    },
    Arrow {
        modules: &["observe"],
        refused: &[
            "gateway",
            "http",
            "lease",
            "offer",
            "serving",
            "sync",
            "terms",
            "usage_events",
        ],
    },
    Arrow {
        modules: &["serving"],
        refused: &[
            "config",
            "gateway",
            "http",
            "lease",
            "offer",
            "sync",
            "terms",
            "usage_events",
        ],
    },
    Arrow {
        modules: &["http"],
        refused: &["config", "gateway", "sync", "usage_events"],
    },
];

/// Fails where a module imports what it must not.
pub(crate) fn check() -> Result<()> {
    let source = workspace::root().join("crates/gateway/src");
    let mut crossed = Vec::new();
    for arrow in ARROWS {
        for module in arrow.modules {
            let files = files(&source, module)?;
            if files.is_empty() {
                bail!(
                    "crates/gateway/src has no module {module}: take it out of xtask/src/arrows.rs"
                );
            }
            for file in files {
                let text = fs::read_to_string(&file)
                    .with_context(|| format!("reading {}", file.display()))?;
                for (line, name) in crossings(&text, arrow.refused) {
                    crossed.push(format!("{}:{line} imports {name}", file.display()));
                }
            }
        }
    }
    for file in files(&source, "")? {
        let name = file.strip_prefix(&source).unwrap_or(&file);
        if COMPOSITION_ROOT.iter().any(|root| name == Path::new(root)) {
            continue;
        }
        let text =
            fs::read_to_string(&file).with_context(|| format!("reading {}", file.display()))?;
        for line in naming(&text, WHOLE) {
            crossed.push(format!("{}:{line} names {WHOLE}", file.display()));
        }
    }
    if !crossed.is_empty() {
        bail!(
            "modules of the gateway import what is above them, or take all of it where they use a part:\n{}",
            crossed.join("\n")
        );
    }
    Ok(())
}

/// The module's own file and those in its folder.
fn files(source: &Path, module: &str) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let own = source.join(module).with_extension("rs");
    if own.exists() {
        files.push(own);
    }
    let mut folders = vec![source.join(module)];
    while let Some(folder) = folders.pop().filter(|folder| folder.is_dir()) {
        let entries =
            fs::read_dir(&folder).with_context(|| format!("reading {}", folder.display()))?;
        for entry in entries {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    Ok(files)
}

/// The lines, from 1, that import one of `refused`, and which.
fn crossings<'a>(text: &str, refused: &[&'a str]) -> Vec<(usize, &'a str)> {
    let code = without_comments(text);
    let mut crossings = Vec::new();
    for (at, path) in code.match_indices("crate::") {
        let begin = at + path.len();
        for (offset, name) in first_names(&code[begin..]) {
            let found = refused.iter().find(|refused| name == **refused);
            let line = 1 + code[..begin + offset].matches('\n').count();
            crossings.extend(found.map(|name| (line, *name)));
        }
    }
    crossings
}

/// The lines, from 1, whose code has this word.
fn naming(text: &str, word: &str) -> Vec<usize> {
    let lines = without_comments(text);
    let has = |line: &str| line.split(|c| !is_of_name(c)).any(|name| name == word);
    let found = (1..).zip(lines.lines()).filter(|(_, line)| has(line));
    found.map(|(line, _)| line).collect()
}

/// The text with as many lines, and no line that is a comment.
fn without_comments(text: &str) -> String {
    let code = |line: &str| match line.trim_start().starts_with("//") {
        true => "\n".to_owned(),
        false => format!("{line}\n"),
    };
    text.lines().map(code).collect()
}

/// The first names of what is imported after `crate::`, and where each begins: one, or those of a group.
fn first_names(after: &str) -> Vec<(usize, &str)> {
    let name_at = |at: usize| {
        let rest = &after[at..];
        let begin = at + rest.len() - rest.trim_start().len();
        let rest = &after[begin..];
        (begin, rest.split(|c| !is_of_name(c)).next().unwrap_or(rest))
    };
    if !after.starts_with('{') {
        return vec![name_at(0)];
    }
    let mut names = vec![name_at(1)];
    let mut depth = 0_usize;
    for (at, character) in after.char_indices() {
        match character {
            '{' => depth += 1,
            '}' if depth <= 1 => break,
            '}' => depth -= 1,
            ',' if depth == 1 => names.push(name_at(at + 1)),
            _ => {}
        }
    }
    names
}

fn is_of_name(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_import_of_a_refused_module_is_found_by_its_whole_name() {
        let text = "use crate::http::error;\n// crate::http\nuse crate::https;\nuse crate::{gateway::Gateway, http};\nlet a = crate::http::b();\n";
        assert_eq!(
            crossings(text, &["http"]),
            [(1, "http"), (4, "http"), (5, "http")]
        );
        assert!(crossings(text, &["serving"]).is_empty());
    }

    #[test]
    fn an_import_in_a_group_over_several_lines_is_found_and_one_within_another_module_is_not() {
        let text = "use {\n    crate::{\n        a::{http, b},\n        // gateway,\n        lease::{self, Pool},\n        http::{\n            error,\n        },\n    },\n    std::fs,\n};\n";
        let refused = ["http", "gateway", "lease", "error", "std"];
        assert_eq!(crossings(text, &refused), [(5, "lease"), (6, "http")]);
    }

    #[test]
    fn the_composition_root_is_found_by_any_path_and_by_its_whole_name() {
        let text = "//! Gateway\nuse super::gateway::Gateway;\nstruct GatewayError;\nfn a(b: &Gateway) {}\n";
        assert_eq!(naming(text, "Gateway"), [2, 4]);
    }
}
