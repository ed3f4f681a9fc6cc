//! The one layout of an Ed25519 program instruction that Specie builds and accepts.
//!
//! The Ed25519 program lets keys, signatures and messages stand anywhere, in any instruction of the transaction. That
//! freedom has no use here and is where forgeries hide, so exactly one layout counts:
//!
//! ```text
//! count u8 │ 0 u8 │ count × offsets (14 bytes) │ count × (key 32, signature 64) │ messages
//! ```
//!
//! Every index field of the offsets is 0xFFFF ("this instruction"); nothing overlaps, nothing is left between, nothing
//! trails. The messages are either one for all signatures or one for each, in order.

use crate::Key;

/// Length of what stands before the offsets.
pub const HEADER_LEN: usize = 2;
/// Length of one signature's offsets.
pub const OFFSETS_LEN: usize = 14;
/// Length of one key and its signature.
pub const SIGNED_LEN: usize = 32 + 64;

/// The Ed25519 program's name for "the instruction that these offsets stand in".
const THIS_INSTRUCTION: u16 = u16::MAX;

/// How many messages stand behind the signatures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Messages {
    /// One that every key signed.
    Shared,
    /// One for each signature, in order.
    OneEach,
}

impl Messages {
    const fn count(self, signatures: usize) -> usize {
        match self {
            Self::Shared => 1,
            Self::OneEach => signatures,
        }
    }

    #[inline(always)]
    fn index(self, signature: usize) -> usize {
        match self {
            Self::Shared => 0,
            Self::OneEach => signature,
        }
    }
}

/// Length in bytes of an instruction with `signatures` over messages of `message_len` bytes.
#[inline(always)]
pub const fn instruction_len(signatures: usize, messages: Messages, message_len: usize) -> usize {
    HEADER_LEN + signatures * (OFFSETS_LEN + SIGNED_LEN) + messages.count(signatures) * message_len
}

/// The data of an Ed25519 instruction whose layout was found canonical.
///
/// That the signatures are valid is the Ed25519 program's word: it ran before, or the transaction failed.
#[derive(Clone, Copy, Debug)]
pub struct Signed<'a> {
    data: &'a [u8],
    signatures: usize,
    messages: Messages,
    message_len: usize,
}

impl<'a> Signed<'a> {
    /// Reads an instruction's data; `None` unless it is laid out canonically around at least one signature over messages
    /// of `message_len` bytes.
    #[inline(always)]
    pub fn parse(data: &'a [u8], messages: Messages, message_len: usize) -> Option<Self> {
        let [count, padding, ..] = *data else {
            return None;
        };
        let signatures = usize::from(count);
        if signatures == 0
            || padding != 0
            || data.len() != instruction_len(signatures, messages, message_len)
        {
            return None;
        }
        let signed = Self {
            data,
            signatures,
            messages,
            message_len,
        };
        let mut at = HEADER_LEN;
        for signature in 0..signatures {
            let offsets = data.get(at..at + OFFSETS_LEN)?;
            if offsets != signed.offsets(signature) {
                return None;
            }
            at += OFFSETS_LEN;
        }
        Some(signed)
    }

    /// How many signatures there are; at least one.
    #[inline(always)]
    #[allow(clippy::len_without_is_empty, reason = "never empty")]
    pub fn len(&self) -> usize {
        self.signatures
    }

    /// The key of a signature, `None` past the last.
    #[inline(always)]
    pub fn key(&self, signature: usize) -> Option<&'a Key> {
        if signature >= self.signatures {
            return None;
        }
        let at = self.signed_at(signature);
        self.data.get(at..at + 32)?.try_into().ok()
    }

    /// A signature's bytes, `None` past the last.
    #[inline(always)]
    pub fn signature(&self, signature: usize) -> Option<&'a [u8; 64]> {
        if signature >= self.signatures {
            return None;
        }
        let at = self.signed_at(signature) + 32;
        self.data.get(at..at + 64)?.try_into().ok()
    }

    /// The message that a signature is over, `None` past the last.
    #[inline(always)]
    pub fn message(&self, signature: usize) -> Option<&'a [u8]> {
        if signature >= self.signatures {
            return None;
        }
        let at = self.message_at(signature);
        self.data.get(at..at + self.message_len)
    }

    #[inline(always)]
    fn signed_at(&self, signature: usize) -> usize {
        HEADER_LEN + self.signatures * OFFSETS_LEN + signature * SIGNED_LEN
    }

    #[inline(always)]
    fn message_at(&self, signature: usize) -> usize {
        self.signed_at(self.signatures) + self.messages.index(signature) * self.message_len
    }

    /// Where the canonical layout puts a signature's parts, as the Ed25519 program reads them.
    #[inline(always)]
    fn offsets(&self, signature: usize) -> [u8; OFFSETS_LEN] {
        let key = self.signed_at(signature);
        let fields = [
            (key + 32) as u16,
            THIS_INSTRUCTION,
            key as u16,
            THIS_INSTRUCTION,
            self.message_at(signature) as u16,
            self.message_len as u16,
            THIS_INSTRUCTION,
        ];
        let mut bytes = [0; OFFSETS_LEN];
        for (bytes, field) in bytes.chunks_exact_mut(2).zip(fields) {
            bytes.copy_from_slice(&field.to_le_bytes());
        }
        bytes
    }
}

/// Builds an instruction's data from signatures and their messages, which must all be equally long: one for all, or one
/// for each.
///
/// # Panics
/// If there is no signature, more than 255, a number of messages that `messages` does not mean, or messages of different
/// lengths.
#[cfg(any(feature = "sign", test))]
pub fn build(
    signed: &[(Key, [u8; 64])],
    messages: Messages,
    bytes: &[&[u8]],
) -> alloc::vec::Vec<u8> {
    let signatures = signed.len();
    assert!((1..=255).contains(&signatures), "1 to 255 signatures");
    assert_eq!(
        bytes.len(),
        messages.count(signatures),
        "number of messages"
    );
    let message_len = bytes[0].len();
    assert!(bytes.iter().all(|message| message.len() == message_len));

    let mut data = alloc::vec![0; instruction_len(signatures, messages, message_len)];
    data[0] = signatures as u8;
    let layout = Signed {
        data: &[],
        signatures,
        messages,
        message_len,
    };
    for (i, (key, signature)) in signed.iter().enumerate() {
        let at = HEADER_LEN + i * OFFSETS_LEN;
        data[at..at + OFFSETS_LEN].copy_from_slice(&layout.offsets(i));
        let at = layout.signed_at(i);
        data[at..at + 32].copy_from_slice(key);
        data[at + 32..at + 96].copy_from_slice(signature);
        let message = messages.index(i);
        let at = layout.message_at(i);
        data[at..at + message_len].copy_from_slice(bytes[message]);
    }
    data
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    const LEN: usize = 5;

    fn shared() -> Vec<u8> {
        build(
            &[([1; 32], [2; 64]), ([3; 32], [4; 64])],
            Messages::Shared,
            &[b"hello"],
        )
    }

    #[test]
    fn parsing_returns_what_was_built() {
        let data = shared();
        let signed = Signed::parse(&data, Messages::Shared, LEN).unwrap();
        assert_eq!(signed.len(), 2);
        assert_eq!(signed.key(0), Some(&[1; 32]));
        assert_eq!(signed.key(1), Some(&[3; 32]));
        assert_eq!(signed.key(2), None);
        assert_eq!(signed.signature(1), Some(&[4; 64]));
        assert_eq!(signed.signature(2), None);
        assert_eq!(signed.message(1), Some(b"hello".as_slice()));
        assert_eq!(signed.message(2), None);

        let each = build(
            &[([1; 32], [2; 64]), ([3; 32], [4; 64])],
            Messages::OneEach,
            &[b"hello", b"world"],
        );
        let signed = Signed::parse(&each, Messages::OneEach, LEN).unwrap();
        assert_eq!(signed.message(0), Some(b"hello".as_slice()));
        assert_eq!(signed.message(1), Some(b"world".as_slice()));
    }

    #[test]
    fn every_changed_byte_of_header_or_offsets_rejects() {
        let data = shared();
        for byte in 0..HEADER_LEN + 2 * OFFSETS_LEN {
            for bit in 0..8 {
                let mut changed = data.clone();
                changed[byte] ^= 1 << bit;
                assert!(
                    Signed::parse(&changed, Messages::Shared, LEN).is_none(),
                    "byte {byte}"
                );
            }
        }
    }

    #[test]
    fn what_is_missing_or_trails_rejects() {
        let data = shared();
        for len in 0..data.len() {
            assert!(Signed::parse(&data[..len], Messages::Shared, LEN).is_none());
        }
        let mut longer = data;
        longer.push(0);
        assert!(Signed::parse(&longer, Messages::Shared, LEN).is_none());
    }

    #[test]
    fn no_signature_rejects() {
        assert!(Signed::parse(&[0, 0], Messages::OneEach, LEN).is_none());
        assert!(Signed::parse(&[0, 0, 1, 1, 1, 1, 1], Messages::Shared, LEN).is_none());
    }

    #[test]
    fn another_message_length_or_arrangement_rejects() {
        let data = shared();
        assert!(Signed::parse(&data, Messages::Shared, LEN - 1).is_none());
        assert!(Signed::parse(&data, Messages::OneEach, LEN).is_none());
    }
}
