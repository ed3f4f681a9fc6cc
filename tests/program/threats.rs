//! Whether docs/threats.md names tests that there are.

use std::{fs, path::Path};

/// All source files of these tests, as one text.
fn sources(folder: &Path) -> String {
    let entries = fs::read_dir(folder).expect("a folder of tests");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    paths
        .map(|path| {
            if path.is_dir() {
                sources(&path)
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                fs::read_to_string(&path).expect("a source file")
            } else {
                String::new()
            }
        })
        .collect()
}

#[test]
fn every_threat_names_tests_that_there_are() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = ["program", "e2e", "../crates"];
    let tests: String = folders.map(|folder| sources(&root.join(folder))).concat();
    let threats = fs::read_to_string(root.join("../docs/threats.md")).expect("the threats");
    let lines = threats.lines().filter(|line| line.starts_with("| "));
    let mut threats = 0;
    for line in lines.filter(|line| !line.contains("| tests |")) {
        let names: Vec<&str> = line.split('`').skip(1).step_by(2).collect();
        assert!(!names.is_empty(), "no test: {line}");
        for name in names {
            assert!(tests.contains(&format!("fn {name}()")), "no test {name}");
        }
        threats += 1;
    }
    assert!(threats > 60, "{threats} threats");
}
