//! Prints openapi.json: `cargo xtask openapi` keeps the file.

use std::io::Write as _;

fn main() -> std::io::Result<()> {
    std::io::stdout().write_all(specie_claims::api::openapi::document().as_bytes())
}
