//! What explorers and `query-security-txt` read in the deployed program's bytes.

use {specie_tests::world::program_bytes, std::collections::BTreeMap};

const BEGIN: &[u8] = b"=======BEGIN SECURITY.TXT V1=======\0";
const END: &[u8] = b"=======END SECURITY.TXT V1=======\0";

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack
        .windows(needle.len())
        .position(|part| part == needle)
}

#[test]
fn the_program_says_whom_to_tell_of_a_vulnerability() {
    let bytes = program_bytes();
    let begin = find(bytes, BEGIN).expect("the beginning") + BEGIN.len();
    let end = begin + find(&bytes[begin..], END).expect("the end");
    let text = std::str::from_utf8(&bytes[begin..end]).expect("text");
    let parts: Vec<&str> = text
        .strip_suffix('\0')
        .expect("null-terminated")
        .split('\0')
        .collect();
    let fields: BTreeMap<&str, &str> = parts
        .chunks_exact(2)
        .map(|pair| (pair[0], pair[1]))
        .collect();
    assert_eq!(fields.len() * 2, parts.len(), "{parts:?}");
    for required in ["name", "project_url", "contacts", "policy"] {
        assert!(fields.contains_key(required), "{required}");
    }
    assert_eq!(fields["name"], "Specie");
    assert!(fields["contacts"].starts_with("link:https://"));
    assert!(fields["contacts"].ends_with("SECURITY.md"));
    assert!(find(&bytes[end..], BEGIN).is_none());
}
