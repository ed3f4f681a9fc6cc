//! idl/specie.json: what the program's instructions, accounts, events and errors look like to
//! clients, as Anchor's macros print it from tests, put together as `anchor idl build` does.
//!
//! Assembled here because Anchor's own builder changes RUSTFLAGS, which would compile every
//! dependency once more, and cannot pass over Agave's `rust-version`.

use {
    crate::{
        generated::Generated,
        process,
        progress::{Progress, say},
        workspace::{self, Selection},
    },
    anchor_lang_idl::types::{Idl, IdlEvent, IdlTypeDef},
    anyhow::{Context, Result, bail, ensure},
    serde_json::Value,
    std::collections::BTreeMap,
};

const FILE: Generated = Generated {
    path: "idl/specie.json",
    command: "cargo xtask idl",
};

/// `cargo xtask idl`
pub(crate) fn command(check: bool) -> Result<()> {
    let mut arguments = Selection::Package("specie").arguments();
    arguments.extend(["--features", "idl-build"]);
    Progress::new(1).step("the program's IDL", || update(&arguments, check))
}

/// As part of the suite, which has compiled everything already.
pub(crate) fn check_within_suite() -> Result<()> {
    update(&Selection::Everything.arguments(), true)
}

fn update(selection: &[&str], check: bool) -> Result<()> {
    let printed = process::output(
        workspace::cargo("test")
            .args(["--quiet", "--lib"])
            .args(selection)
            .args(["--", "__anchor_private_print_idl", "--show-output"]),
    )?;
    let idl = assemble(&printed)?;
    let mut json = serde_json::to_string_pretty(&idl)?;
    json.push('\n');
    FILE.update(&json, check)?;
    say(&format!(
        "{} instructions, {} accounts, {} events, {} errors",
        idl.instructions.len(),
        idl.accounts.len(),
        idl.events.len(),
        idl.errors.len()
    ));
    Ok(())
}

/// Puts the printed sections together, sorted by name, so that the order of tests cannot show.
fn assemble(printed: &str) -> Result<Idl> {
    let mut address = None;
    let mut idl: Option<Idl> = None;
    let (mut constants, mut events, mut errors) = (vec![], vec![], vec![]);
    let mut types = BTreeMap::new();
    for (kind, text) in sections(printed)? {
        let name_it = || format!("the IDL's {kind} section is not what is expected: {text}");
        match kind {
            "address" => address = Some(text.clone()),
            "const" => constants.push(serde_json::from_str(&text).with_context(name_it)?),
            "errors" => {
                errors.append(&mut serde_json::from_str(&text).with_context(name_it)?);
            }
            "event" => {
                let mut section: Value = serde_json::from_str(&text).with_context(name_it)?;
                let event = section["event"].take();
                events.push(serde_json::from_value::<IdlEvent>(event).with_context(name_it)?);
                let defined: Vec<IdlTypeDef> =
                    serde_json::from_value(section["types"].take()).with_context(name_it)?;
                types.extend(defined.into_iter().map(|def| (def.name.clone(), def)));
            }
            "program" => idl = Some(serde_json::from_str(&text).with_context(name_it)?),
            other => bail!("the IDL has a section that this tool does not know: {other}"),
        }
    }
    let mut idl = idl.context("the program printed no IDL; does it compile with `idl-build`?")?;
    types.extend(idl.types.drain(..).map(|def| (def.name.clone(), def)));
    idl.address = address.context("the program printed no address")?;
    idl.types = types.into_values().collect();
    idl.constants = constants;
    idl.events = events;
    idl.errors = errors;
    idl.constants.sort_by(|a, b| a.name.cmp(&b.name));
    idl.accounts.sort_by(|a, b| a.name.cmp(&b.name));
    idl.events.sort_by(|a, b| a.name.cmp(&b.name));
    idl.instructions.sort_by(|a, b| a.name.cmp(&b.name));
    idl.errors.sort_by_key(|error| error.code);
    verify(&idl)?;
    Ok(idl)
}

/// The sections between `--- IDL begin <kind> ---` and `--- IDL end <kind> ---`.
fn sections(printed: &str) -> Result<Vec<(&str, String)>> {
    let mut sections = vec![];
    let mut lines = printed.lines();
    while let Some(line) = lines.next() {
        let Some(kind) = marker(line, "begin") else {
            continue;
        };
        let mut text = vec![];
        loop {
            let line = lines
                .next()
                .with_context(|| format!("the IDL's {kind} never ends"))?;
            if marker(line, "end") == Some(kind) {
                break;
            }
            text.push(line);
        }
        sections.push((kind, text.join("\n")));
    }
    Ok(sections)
}

fn marker<'line>(line: &'line str, edge: &str) -> Option<&'line str> {
    line.strip_prefix("--- IDL ")?
        .strip_prefix(edge)?
        .trim_start()
        .strip_suffix(" ---")
}

/// What clients rely on: names and codes are unique, and a discriminator tells one thing only.
fn verify(idl: &Idl) -> Result<()> {
    let instructions: Vec<_> = idl
        .instructions
        .iter()
        .map(|item| (&item.name, &item.discriminator))
        .collect();
    let accounts: Vec<_> = idl
        .accounts
        .iter()
        .map(|item| (&item.name, &item.discriminator))
        .collect();
    let events: Vec<_> = idl
        .events
        .iter()
        .map(|item| (&item.name, &item.discriminator))
        .collect();
    for kind in [instructions, accounts, events] {
        for (place, (name, discriminator)) in kind.iter().enumerate() {
            ensure!(
                !discriminator.is_empty(),
                "`{name}` has an empty discriminator"
            );
            for (other, longer) in kind[place + 1..].iter().chain(&kind[..place]) {
                ensure!(
                    !longer.starts_with(discriminator),
                    "the discriminators of `{name}` and `{other}` cannot be told apart"
                );
            }
        }
    }
    for pair in idl.errors.windows(2) {
        ensure!(
            pair[0].code != pair[1].code,
            "the errors `{}` and `{}` have the same code",
            pair[0].name,
            pair[1].name
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRINTED: &str = r#"
running 5 tests
---- __anchor_private_print_idl_address stdout ----
--- IDL begin address ---
11111111111111111111111111111111
--- IDL end address ---
--- IDL begin event ---
{"event":{"name":"Sold","discriminator":[1]},"types":[{"name":"Sold","type":{"kind":"struct"}}]}
--- IDL end event ---
--- IDL begin errors ---
[{"code":6001,"name":"B","msg":"b"},{"code":6000,"name":"A","msg":"a"}]
--- IDL end errors ---
--- IDL begin program ---
{"address":"","metadata":{"name":"p","version":"0.1.0","spec":"0.1.0"},"instructions":[
{"name":"sell","discriminator":[2],"accounts":[],"args":[]},
{"name":"buy","discriminator":[1],"accounts":[],"args":[]}]}
--- IDL end program ---
"#;

    #[test]
    fn sections_become_one_sorted_idl() {
        let idl = assemble(PRINTED).unwrap();
        assert_eq!(idl.address, "11111111111111111111111111111111");
        let names: Vec<_> = idl
            .instructions
            .iter()
            .map(|item| item.name.as_str())
            .collect();
        assert_eq!(names, ["buy", "sell"]);
        assert_eq!(idl.types.len(), 1);
        assert_eq!(idl.errors[0].name, "A");
    }

    #[test]
    fn ambiguous_discriminators_are_refused() {
        let error = assemble(&PRINTED.replace("[2]", "[1,7]"))
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("`buy` and `sell` cannot be told apart"),
            "{error}"
        );
    }

    #[test]
    fn an_unfinished_section_is_refused() {
        let cut = PRINTED.split("--- IDL end program").next().unwrap();
        let error = assemble(cut).unwrap_err().to_string();
        assert!(error.contains("the IDL's program never ends"), "{error}");
    }
}
