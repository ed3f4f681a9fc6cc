//! Whom to tell of a vulnerability, readable in the deployed program's bytes by explorers and `query-security-txt`.
//!
//! The format is that of the `solana-security-txt` crate: null-terminated names and values in turn between two markers, which
//! readers search for. That crate would put it into a section of its own, which the SBF linker leaves out.

/// A deployment puts its own addresses here before it is built: these lead nowhere.
#[used]
pub static SECURITY_TXT: [u8; TEXT.len()] = bytes();

const TEXT: &str = concat!(
    "=======BEGIN SECURITY.TXT V1=======\0",
    "name\0Specie\0",
    "project_url\0https://specie.example\0",
    "contacts\0link:https://specie.example/SECURITY.md\0",
    "policy\0https://specie.example/SECURITY.md\0",
    "preferred_languages\0en\0",
    "=======END SECURITY.TXT V1=======\0",
);

/// The text itself: a reference to it would keep only its address.
const fn bytes() -> [u8; TEXT.len()] {
    match TEXT.as_bytes().first_chunk() {
        Some(bytes) => *bytes,
        None => panic!(),
    }
}
