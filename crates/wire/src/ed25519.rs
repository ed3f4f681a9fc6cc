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
}

/// Length in bytes of an instruction with `signatures` over messages of `message_len` bytes.
#[inline(always)]
pub const fn instruction_len(signatures: usize, messages: Messages, message_len: usize) -> usize {
    HEADER_LEN + signatures * (OFFSETS_LEN + SIGNED_LEN) + messages.count(signatures) * message_len
}

/// A key and the signature by it, as they stand in an instruction.
type KeyAndSignature = [u8; SIGNED_LEN];

/// The data of an Ed25519 instruction whose layout was found canonical.
///
/// That the signatures are valid is the Ed25519 program's word: it ran before, or the transaction failed.
#[derive(Clone, Copy, Debug)]
pub struct Signed<'a> {
    signatures: &'a [KeyAndSignature],
    messages: &'a [u8],
}

impl<'a> Signed<'a> {
    /// Reads an instruction's data; `None` unless it is laid out canonically around at least one signature over messages
    /// of `message_len` bytes.
    #[inline(always)]
    pub fn parse(data: &'a [u8], messages: Messages, message_len: usize) -> Option<Self> {
        let [count, padding, rest @ ..] = data else {
            return None;
        };
        let count = usize::from(*count);
        if count == 0 || *padding != 0 {
            return None;
        }
        let (offsets, rest) = rest.split_at_checked(count * OFFSETS_LEN)?;
        let (signatures, rest) = rest.split_at_checked(count * SIGNED_LEN)?;
        if rest.len() != messages.count(count) * message_len {
            return None;
        }
        let mut expected = Offsets::first(count, messages, message_len);
        for offsets in offsets.as_chunks::<OFFSETS_LEN>().0 {
            if !expected.are(offsets) {
                return None;
            }
            expected.advance();
        }
        Some(Self {
            signatures: signatures.as_chunks().0,
            messages: rest,
        })
    }

    /// How many signatures there are; at least one.
    #[inline(always)]
    #[allow(clippy::len_without_is_empty, reason = "never empty")]
    pub fn len(&self) -> usize {
        self.signatures.len()
    }

    /// The keys that signed, in order.
    #[inline(always)]
    pub fn keys(&self) -> impl Iterator<Item = &'a Key> + use<'a> {
        self.signatures
            .iter()
            .filter_map(|signed| signed.first_chunk())
    }

    /// The signatures, in order.
    #[inline(always)]
    pub fn signatures(&self) -> impl Iterator<Item = &'a [u8; 64]> + use<'a> {
        self.signatures
            .iter()
            .filter_map(|signed| signed.last_chunk())
    }

    /// Each key and the message of so many bytes that it signed, in order, where there is one for each.
    #[inline(always)]
    pub fn each<const LEN: usize>(
        &self,
    ) -> impl Iterator<Item = (&'a Key, &'a [u8; LEN])> + use<'a, LEN> {
        let (messages, _) = self.messages.as_chunks();
        let each = self.signatures.iter().zip(messages);
        each.filter_map(|(signed, message)| Some((signed.first_chunk()?, message)))
    }

    /// The messages, one behind the other: one in all, or one for each signature, in order.
    #[inline(always)]
    pub fn messages(&self) -> &'a [u8] {
        self.messages
    }
}

/// Where the canonical layout puts one signature's parts, as the Ed25519 program reads it.
struct Offsets {
    /// Of the signature and of the key, each with the instruction that it stands in.
    signed: u64,
    /// Of the message, and its length.
    message: u32,
    /// From one signature to the next.
    step: u32,
}

impl Offsets {
    /// From one key and signature to the next, in both of their offsets.
    const STEP: u64 = SIGNED_LEN as u64 * ((1 << 32) | 1);

    #[inline(always)]
    fn first(signatures: usize, messages: Messages, message_len: usize) -> Self {
        let key = HEADER_LEN + signatures * OFFSETS_LEN;
        let this = u64::from(THIS_INSTRUCTION);
        let message = key + signatures * SIGNED_LEN;
        Self {
            signed: (key + 32) as u64 | (this << 16) | ((key as u64) << 32) | (this << 48),
            message: (message | (message_len << 16)) as u32,
            step: match messages {
                Messages::Shared => 0,
                Messages::OneEach => message_len as u32,
            },
        }
    }

    /// The next signature's. An offset has room for sixty times what a transaction holds.
    #[inline(always)]
    fn advance(&mut self) {
        self.signed = self.signed.wrapping_add(Self::STEP);
        self.message = self.message.wrapping_add(self.step);
    }

    /// Whether an instruction has these.
    #[inline(always)]
    fn are(&self, found: &[u8; OFFSETS_LEN]) -> bool {
        let [a, b, c, d, e, f, g, h, i, j, k, l, m, n] = *found;
        u64::from_le_bytes([a, b, c, d, e, f, g, h]) == self.signed
            && u32::from_le_bytes([i, j, k, l]) == self.message
            && u16::from_le_bytes([m, n]) == THIS_INSTRUCTION
    }

    #[cfg(any(feature = "sign", test))]
    fn bytes(&self) -> [u8; OFFSETS_LEN] {
        let mut bytes = [0xff; OFFSETS_LEN];
        bytes[..8].copy_from_slice(&self.signed.to_le_bytes());
        bytes[8..12].copy_from_slice(&self.message.to_le_bytes());
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

    let mut data = alloc::vec::Vec::new();
    data.extend([signatures as u8, 0]);
    let mut offsets = Offsets::first(signatures, messages, message_len);
    for _ in 0..signatures {
        data.extend(offsets.bytes());
        offsets.advance();
    }
    for (key, signature) in signed {
        data.extend(key);
        data.extend(signature);
    }
    data.extend(bytes.iter().copied().flatten());
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
        assert!(signed.keys().eq([&[1; 32], &[3; 32]]));
        assert!(signed.signatures().eq([&[2; 64], &[4; 64]]));
        assert_eq!(signed.messages(), b"hello");

        let each = build(
            &[([1; 32], [2; 64]), ([3; 32], [4; 64])],
            Messages::OneEach,
            &[b"hello", b"world"],
        );
        let signed = Signed::parse(&each, Messages::OneEach, LEN).unwrap();
        assert_eq!(signed.messages(), b"helloworld");
        assert!(
            signed
                .each()
                .eq([(&[1; 32], b"hello"), (&[3; 32], b"world")])
        );
    }

    #[test]
    fn every_offset_is_where_its_part_begins() {
        let data = build(
            &[([1; 32], [2; 64]), ([3; 32], [4; 64])],
            Messages::OneEach,
            &[b"hello", b"world"],
        );
        assert_eq!(data.len(), instruction_len(2, Messages::OneEach, LEN));
        let field = |at: usize| u16::from_le_bytes([data[at], data[at + 1]]);
        let part = |at: u16, len: usize| &data[usize::from(at)..usize::from(at) + len];
        for (i, message) in [b"hello", b"world"].into_iter().enumerate() {
            let offsets: [u16; 7] = core::array::from_fn(|f| field(2 + 14 * i + 2 * f));
            let [signature, this_1, key, this_2, at, len, this_3] = offsets;
            assert_eq!([this_1, this_2, this_3], [u16::MAX; 3]);
            assert_eq!(part(signature, 64), [2 + 2 * i as u8; 64]);
            assert_eq!(part(key, 32), [1 + 2 * i as u8; 32]);
            assert_eq!(part(at, len.into()), message);
        }
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
