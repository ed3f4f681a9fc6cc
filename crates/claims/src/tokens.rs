//! How many tokens a text can be, whatever tokenizer reads it.

use crate::json::{Part, parts};
use unicode_normalization::char::decompose_compatible;

/// The most tokens that a text can be read as, without the marks that a template or a tokenizer sets around it.
///
/// A token stands for a byte or more, but not for one of the text as it was sent: many tokenizers normalise it first
/// (SentencePiece to NFKC unless told otherwise, others to NFC or to lower case). That makes some characters longer, up to
/// elevenfold: U+FDFA has 3 bytes, and is 18 characters of 33 bytes when it is decomposed. So what counts of a character
/// are its own bytes or those of its compatibility decomposition (UAX #15), in either case, whichever are more: composing
/// makes nothing longer, so that is the most that any normalisation leaves.
///
/// A syllable of Hangul counts as it is. Where a tokenizer decomposes it, its letters, three at most, are tokens.
pub fn most_of(text: &str) -> u64 {
    text.chars().map(most_of_char).sum()
}

/// The most tokens that a valid JSON text can be read as. Whoever reads it may write its values again, so neither white
/// space between them nor escapes that JSON does not ask for count. A string that is no Unicode is an error.
pub fn most_of_json(json: &str) -> Result<u64, serde_json::Error> {
    let mut most = 0;
    for part in parts(json) {
        most += match part {
            Part::Between(between) => {
                let counted = |byte: &u8| !matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
                between.bytes().filter(counted).count() as u64
            }
            Part::String(string) if !string.contains('\\') => most_of(string),
            Part::String(string) => {
                let text: String = serde_json::from_str(string)?;
                most_of(&serde_json::Value::String(text).to_string())
            }
        };
    }
    Ok(most)
}

fn most_of_char(c: char) -> u64 {
    let own = c.len_utf8() as u64;
    if c.is_ascii() || ('\u{ac00}'..='\u{d7a3}').contains(&c) {
        return own;
    }
    let mut decomposed = 0;
    decompose_compatible(c, |part| {
        let lower: usize = part.to_lowercase().map(char::len_utf8).sum();
        decomposed += lower.max(part.len_utf8()) as u64;
    });
    decomposed.max(own)
}

#[cfg(test)]
mod tests {
    use super::*;
    use unicode_normalization::UnicodeNormalization as _;

    #[test]
    fn a_text_is_as_many_tokens_as_its_longest_form_has_bytes() {
        let cases = [
            ("", 0),
            ("two words", 9),
            ("\u{4e2d}\u{6587}", 6),
            ("\u{d55c}\u{ae00}", 6),
            ("\u{1f600}", 4),
            // é is e and an accent, ﬃ is three letters, Ⱥ is longer in lower case.
            ("\u{e9}", 3),
            ("\u{fb03}", 3),
            ("\u{23a}", 3),
            // A note of music is three characters, also in NFC.
            ("\u{1d160}", 12),
            ("\u{fdfa}", 33),
        ];
        for (text, most) in cases {
            assert_eq!(most_of(text), most, "{text}");
        }
    }

    #[test]
    fn a_json_text_is_bounded_as_if_it_were_written_again_without_white_space() {
        for text in [
            r#"{"a": [1, 2.5, true], "b": "two  words\n"}"#,
            r#"{"a\"b": "\u00e9\u4e2d\ufdfa", "c": {}}"#,
            "{ \"a\" :\n\t\"\\\\\" }",
        ] {
            let value: serde_json::Value = serde_json::from_str(text).unwrap();
            let again = most_of(&value.to_string());
            assert_eq!(most_of_json(text).unwrap(), again, "{text}");
        }
        // A number that no float holds, and a float that would be written shorter, count as they stand.
        assert_eq!(most_of_json("[1e400, 2.50]").unwrap(), 12);
        assert!(most_of_json(r#"{"a":"\ud800"}"#).is_err());
    }

    #[test]
    fn no_normalisation_makes_any_character_longer_than_that_and_composing_none() {
        let mut worst = 0;
        for c in (char::MIN..=char::MAX).filter(|c| !c.is_ascii()) {
            let most = most_of_char(c);
            let same = [c].into_iter().nfkd().eq([c]);
            if same && c.to_lowercase().eq([c]) && c.to_uppercase().eq([c]) {
                assert_eq!(most, c.len_utf8() as u64, "{c:?}");
                continue;
            }
            let text = String::from(c);
            let folded = text.to_uppercase().to_lowercase();
            let composed: String = text.nfkc().collect();
            let lower = composed.to_lowercase();
            let forms = [
                text.nfc().collect(),
                composed,
                text.to_lowercase().nfkc().collect(),
                folded.nfkc().collect(),
                folded,
                lower,
            ];
            let longest = forms.iter().map(String::len).max().unwrap();
            assert!(longest as u64 <= most, "{c:?}: {longest} > {most}");
            worst = worst.max(most.div_ceil(c.len_utf8() as u64));
            // Whatever this is composed of has no fewer bytes.
            let decomposed: String = text.nfd().collect();
            if decomposed.nfc().eq([c]) {
                assert!(decomposed.len() >= c.len_utf8(), "{c:?}");
            }
        }
        assert_eq!(worst, 11);
    }
}
