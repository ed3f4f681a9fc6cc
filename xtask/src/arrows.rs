//! What a module of the gateway must not import. Arrows run one way: http → serving → what serving needs.
//!
//! The lines of the module's files are read, tests included, comments not. What is found is `crate::name`, and `name` within a
//! `crate::{…}` that is on one line.

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

const ARROWS: &[Arrow] = &[
    Arrow {
        modules: &[
            "confirm",
            "issuer",
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
            "terms",
            "usage_events",
        ],
    },
    Arrow {
        modules: &["offer", "terms"],
        refused: &["config", "gateway", "http", "observe", "usage_events"],
    },
    Arrow {
        modules: &["serving"],
        refused: &[
            "config",
            "gateway",
            "http",
            "lease",
            "offer",
            "terms",
            "usage_events",
        ],
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
    if !crossed.is_empty() {
        bail!(
            "modules of the gateway import what is above them:\n{}",
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
    let mut crossings = Vec::new();
    for (line, code) in (1..).zip(text.lines()) {
        if code.trim_start().starts_with("//") {
            continue;
        }
        for after in code.split("crate::").skip(1) {
            let grouped = after
                .strip_prefix('{')
                .and_then(|list| list.split('}').next());
            let names = grouped.map_or_else(|| vec![after], |list| list.split(',').collect());
            for name in names {
                let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
                let first = name.trim().split(|c| !is_name(c)).next();
                let found = refused.iter().find(|refused| first == Some(**refused));
                crossings.extend(found.map(|name| (line, *name)));
            }
        }
    }
    crossings
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
}
