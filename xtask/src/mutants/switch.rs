//! Many mutants in one program, each behind a switch: whoever plays the program sets it in the built file.
//!
//! A function that has mutants becomes a `match` on the switch, with the whole of its body in every arm, changed in all
//! but the last. So the program is compiled once, and not once for each.

use {
    super::{
        mutant::{self, Mutant, Source},
        refusals::code,
    },
    crate::planted,
    anyhow::{Context, Result},
    std::{fmt::Write, fs, ops::Range, path::Path},
};

/// The switch as a module of the program.
pub(super) const MODULE: &str = "mutant";
/// What stands before the switch in the built program.
const MARK: &[u8] = b"the mutant that is on:";
const TEXT: &str = r#"//! The switch of the mutants.

/// Its last two bytes say which mutant is on: 0 none. Whoever plays the program overwrites them in the built file.
#[used]
static SWITCH: [u8; 24] = *b"the mutant that is on:\0\0";

/// The number of the mutant that is on.
#[inline(never)]
pub fn on() -> u16 {
    // SAFETY: a static of this program.
    let [low, high] = unsafe { [&SWITCH[22], &SWITCH[23]].map(|byte| core::ptr::read_volatile(byte)) };
    u16::from_le_bytes([low, high])
}
"#;

/// Where a planted mutant stands.
pub(super) struct Arm {
    pub(super) file: String,
    /// Its lines, from 1.
    pub(super) lines: Range<usize>,
    /// Its number: 1 for the first that was planted.
    pub(super) number: usize,
}

/// Writes the switch.
pub(super) fn write(folder: &Path, program: &str) -> Result<()> {
    mutant::write(folder, &format!("{program}/src/{MODULE}.rs"), TEXT)
}

/// Whether a mutant stands in a function that can have a switch; a constant one cannot.
fn is_switchable(source: &Source, mutant: &Mutant) -> bool {
    bodies(&source.written_out)
        .iter()
        .any(|body| is_within(&mutant.at, body))
}

/// Those that one program can have together, and each of the others.
pub(super) fn batches<'a>(sources: &[Source], mutants: &[&'a Mutant]) -> Vec<Vec<&'a Mutant>> {
    let (together, alone): (Vec<&Mutant>, Vec<&Mutant>) = mutants.iter().partition(|mutant| {
        let source = sources.iter().find(|source| source.file == mutant.file);
        source.is_some_and(|source| is_switchable(source, mutant))
    });
    let alone = alone.into_iter().map(|mutant| vec![mutant]);
    let batches = [together].into_iter().chain(alone);
    batches.filter(|batch| !batch.is_empty()).collect()
}

/// Plants mutants in a copy: behind switches those that can be, and one that cannot by itself.
pub(super) fn plant(folder: &Path, sources: &[Source], mutants: &[&Mutant]) -> Result<Vec<Arm>> {
    let mut arms = Vec::new();
    for source in sources {
        let of_file: Vec<(usize, &Mutant)> = (1..)
            .zip(mutants.iter().copied())
            .filter(|(_, mutant)| mutant.file == source.file)
            .collect();
        let text = match of_file.as_slice() {
            [(number, alone)] if !is_switchable(source, alone) => {
                arms.push(Arm {
                    file: source.file.clone(),
                    lines: 1..usize::MAX,
                    number: *number,
                });
                source.with(alone)
            }
            _ => with_all(source, &of_file, &mut arms),
        };
        mutant::write(folder, &source.file, &text)?;
    }
    Ok(arms)
}

fn with_all(source: &Source, mutants: &[(usize, &Mutant)], arms: &mut Vec<Arm>) -> String {
    let text = &source.written_out;
    let (mut planted, mut done) = (String::new(), 0);
    for body in bodies(text) {
        let within: Vec<_> = mutants
            .iter()
            .filter(|(_, mutant)| is_within(&mutant.at, &body))
            .collect();
        if within.is_empty() {
            continue;
        }
        planted.push_str(&text[done..body.start]);
        let _ = write!(planted, "match crate::{MODULE}::on() {{");
        for (number, mutant) in within {
            let begin = planted.matches('\n').count() + 1;
            let before = &text[body.start..mutant.at.start];
            let after = &text[mutant.at.end..body.end];
            let _ = write!(
                planted,
                "\n{number} => {{{before}{}{after}}}",
                mutant.instead
            );
            arms.push(Arm {
                file: source.file.clone(),
                lines: begin + 1..planted.matches('\n').count() + 2,
                number: *number,
            });
        }
        let _ = write!(planted, "\n_ => {{{}}}\n}}", &text[body.clone()]);
        done = body.end;
    }
    planted.push_str(&text[done..]);
    planted
}

fn is_within(inner: &Range<usize>, outer: &Range<usize>) -> bool {
    outer.start <= inner.start && inner.end <= outer.end
}

/// What stands between the braces of each function that is not constant.
fn bodies(text: &str) -> Vec<Range<usize>> {
    let program = &text[..text.find("\n#[cfg(test)]").unwrap_or(text.len())];
    let (mut bodies, mut depth, mut begun, mut function) = (Vec::new(), 0_usize, None, false);
    for (at, letter) in code(program) {
        let rest = &program[at..];
        if begun.is_none() && rest.starts_with(" fn ") || rest.starts_with("\nfn ") {
            let line = program[..at].rsplit('\n').next().unwrap_or_default();
            (depth, function) = (0, !line.ends_with("const"));
        }
        match letter {
            '(' | '[' | '{' => {
                if letter == '{' && depth == 0 && function && begun.is_none() {
                    begun = Some(at + 1);
                }
                depth += 1;
            }
            ')' | ']' | '}' => {
                depth = depth.saturating_sub(1);
                if letter == '}' && depth == 0 {
                    bodies.extend(begun.take().map(|begun| begun..at));
                    function = false;
                }
            }
            ';' if depth == 0 && begun.is_none() => function = false,
            _ => {}
        }
    }
    bodies
}

/// Sets the switch of a built program.
pub(super) fn turn_on(built: &Path, number: usize) -> Result<()> {
    let mut bytes = fs::read(built)?;
    let at = planted::find(&bytes, MARK)? + MARK.len();
    let number = u16::try_from(number).context("fewer mutants at once")?;
    bytes[at..at + 2].copy_from_slice(&number.to_le_bytes());
    // A program that runs cannot be written to: another takes its place.
    let partial = built.with_extension("partial");
    fs::write(&partial, bytes)?;
    fs::set_permissions(&partial, fs::metadata(built)?.permissions())?;
    Ok(fs::rename(partial, built)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mutant_is_an_arm_of_its_function() {
        let source = Source {
            file: "a.rs".into(),
            original: String::new(),
            written_out: "impl A {\n    fn one(a: [u8; 2]) -> u8 {\n        a + 1\n    }\n}\n\nconst fn two() {\n    2\n}\n\nfn three() {\n    3\n}\n".into(),
        };
        let text = &source.written_out;
        let bodies = bodies(text);
        let shown: Vec<_> = bodies
            .iter()
            .map(|body| text[body.clone()].trim())
            .collect();
        assert_eq!(shown, ["a + 1", "3"]);
        let at = |what: &str| text.find(what).unwrap()..text.find(what).unwrap() + what.len();
        let plus = source.mutant(at("+"), "-", "minus".into());
        let one = source.mutant(at("a + 1"), "0", "zero".into());
        let two = source.mutant(at("2\n"), "3\n", "three".into());
        assert!(is_switchable(&source, &one) && !is_switchable(&source, &two));
        let mut arms = Vec::new();
        let planted = with_all(&source, &[(1, &plus), (2, &one)], &mut arms);
        let lines: Vec<_> = planted.lines().map(str::trim).collect();
        assert_eq!(
            lines[1..14],
            [
                "fn one(a: [u8; 2]) -> u8 {match crate::mutant::on() {",
                "1 => {",
                "a - 1",
                "}",
                "2 => {",
                "0",
                "}",
                "_ => {",
                "a + 1",
                "}",
                "}}",
                "}",
                "",
            ]
        );
        assert_eq!((arms[0].lines.clone(), arms[1].lines.clone()), (3..6, 6..9));
    }

    #[test]
    fn a_switch_is_set_in_the_built_file() {
        let path = std::env::temp_dir().join(format!("specie-switch-{}", std::process::id()));
        fs::write(&path, [b"before", MARK, b"\0\0after"].concat()).unwrap();
        turn_on(&path, 258).unwrap();
        let expected = [b"before".as_slice(), MARK, b"\x02\x01after"].concat();
        assert_eq!(fs::read(&path).unwrap(), expected);
        fs::remove_file(path).unwrap();
    }
}
