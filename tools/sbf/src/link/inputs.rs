use std::{fs, path::Path};

use anyhow::{Context as _, Result};
use object::read::archive::ArchiveFile;

use crate::llvm::{Context, Module};

/// The start of an LLVM bitcode file.
const BITCODE_MAGIC: &[u8] = b"BC\xC0\xDE";

/// Merges bitcode objects, and those inside rlibs, into one bitcode module. Nothing is optimised or left out.
pub fn merge<P: AsRef<Path>>(inputs: &[P]) -> Result<Vec<u8>> {
    let context = Context::new();
    let mut whole = Module::empty(&context, "program");
    for path in inputs {
        let path = path.as_ref();
        let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        for part in
            bitcode_parts(&bytes).with_context(|| format!("{} is no archive", path.display()))?
        {
            let module = Module::from_bitcode(&context, part)
                .with_context(|| format!("in {}", path.display()))?;
            whole
                .absorb(module)
                .with_context(|| format!("in {}", path.display()))?;
        }
    }
    Ok(whole.to_bitcode())
}

/// The bitcode in a file: the file itself, or the members of an archive. Anything else, as rlib metadata, is none.
fn bitcode_parts(bytes: &[u8]) -> Result<Vec<&[u8]>> {
    if bytes.starts_with(BITCODE_MAGIC) {
        return Ok(vec![bytes]);
    }
    let mut parts = Vec::new();
    if bytes.starts_with(&object::archive::MAGIC) {
        for member in ArchiveFile::parse(bytes)?.members() {
            let data = member?.data(bytes)?;
            if data.starts_with(BITCODE_MAGIC) {
                parts.push(data);
            }
        }
    }
    Ok(parts)
}
