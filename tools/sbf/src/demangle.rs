//! Names as their authors wrote them: a refusal is of no use if it names `_RNvCs1234_6specie4main`.

/// One symbol, without the hash that rustc appends.
pub(crate) fn demangle(symbol: &str) -> String {
    // LLVM appends `.llvm.123` or `.123` to clones, which hides the symbol from the demangler.
    let stem = symbol.split_once(".llvm.").map_or(symbol, |(stem, _)| stem);
    format!("{:#}", rustc_demangle::demangle(stem))
}

/// Every mangled symbol in a sentence of LLVM's.
pub(crate) fn demangle_all(text: &str) -> String {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '$');
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(is_part) {
        let (before, tail) = rest.split_at(start);
        let (word, tail) = tail.split_at(tail.find(|c| !is_part(c)).unwrap_or(tail.len()));
        plain.push_str(before);
        plain.push_str(&demangle(word));
        rest = tail;
    }
    plain.push_str(rest);
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_inside_a_sentence_become_readable() {
        let text = "in function _ZN6specie4math7mul_div17h0123456789abcdefE i64 (i64): too many";
        assert_eq!(
            demangle_all(text),
            "in function specie::math::mul_div i64 (i64): too many"
        );
    }

    #[test]
    fn ordinary_words_stay() {
        assert_eq!(
            demangle_all("frame of 4,104 bytes."),
            "frame of 4,104 bytes."
        );
    }
}
