//! Signed messages on chain: what the Ed25519 program verified directly before this instruction.
//!
//! Everything that trusts that program stands here, so that another way to verify can replace it in one place.
//! Functions return what was signed; handlers decide what follows.

use {
    crate::{constants::RECEIPTS_MAX, errors::SpecieError, state::Quorum},
    anchor_lang::prelude::*,
    pinocchio::sysvars::instructions::INSTRUCTIONS_ID,
    specie_wire::{
        ed25519::{Messages, Signed},
        Capacity, DecodeError, Key, Message, Price, Receipt, Ruling, Voucher,
    },
};

/// The Ed25519 program.
pub const ED25519_PROGRAM: Address =
    Address::from_str_const("Ed25519SigVerify111111111111111111111111111");

/// The Instructions sysvar.
pub const INSTRUCTIONS_SYSVAR: Address = INSTRUCTIONS_ID;

/// A message that the attestor quorum signs.
pub trait QuorumMessage: Message {
    /// The currency it was signed for; `None` where what it names belongs to one.
    fn currency(&self) -> Option<&Key>;
    /// The quorum's epoch it was signed in.
    fn quorum_epoch(&self) -> u32;
}

impl QuorumMessage for Capacity {
    fn currency(&self) -> Option<&Key> {
        Some(&self.currency)
    }
    fn quorum_epoch(&self) -> u32 {
        self.quorum_epoch
    }
}

impl QuorumMessage for Price {
    fn currency(&self) -> Option<&Key> {
        Some(&self.currency)
    }
    fn quorum_epoch(&self) -> u32 {
        self.quorum_epoch
    }
}

impl QuorumMessage for Ruling {
    fn currency(&self) -> Option<&Key> {
        None
    }
    fn quorum_epoch(&self) -> u32 {
        self.quorum_epoch
    }
}

/// The one message that at least the threshold of a quorum's keys, distinct and ascending, have signed.
pub fn quorum_message<M: QuorumMessage>(
    instructions: &AccountView,
    quorum: &Quorum,
    cluster: &Key,
) -> Result<M> {
    let sysvar = instructions.try_borrow()?;
    let signed = preceding_signatures(&sysvar, Messages::Shared, M::LEN)?;
    let message = M::decode(signed.messages(), cluster).map_err(refusal)?;
    require!(
        message
            .currency()
            .is_none_or(|currency| currency == quorum.currency.as_array()),
        SpecieError::MessageForOtherCurrency
    );
    require!(
        message.quorum_epoch() == quorum.epoch.get(),
        SpecieError::QuorumEpochMismatch
    );
    require_quorum(&signed, quorum)?;
    Ok(message)
}

/// Refuses unless at least the threshold of a quorum's keys, distinct and ascending, have signed.
#[inline(never)]
fn require_quorum(signed: &Signed, quorum: &Quorum) -> Result<()> {
    require!(
        signed.len() >= usize::from(quorum.threshold),
        SpecieError::BelowThreshold
    );
    let mut last: Option<&Key> = None;
    for key in signed.keys() {
        require!(
            last.is_none_or(|last| last < key),
            SpecieError::SignersNotAscending
        );
        require!(quorum.contains(key), SpecieError::AttestorUnknown);
        last = Some(key);
    }
    Ok(())
}

/// A signed voucher.
pub struct SignedVoucher {
    /// What was signed.
    pub terms: Voucher,
    /// The key that signed it.
    pub issuer: Key,
    /// The signature.
    pub signature: [u8; 64],
}

/// The one voucher that one key has signed.
#[inline(never)]
pub fn voucher_message(instructions: &AccountView, cluster: &Key) -> Result<SignedVoucher> {
    let sysvar = instructions.try_borrow()?;
    let signed = preceding_signatures(&sysvar, Messages::OneEach, Voucher::LEN)?;
    require!(signed.len() == 1, SpecieError::SignaturesNotCanonical);
    let (Some(issuer), Some(signature)) = (signed.keys().next(), signed.signatures().next()) else {
        return Err(SpecieError::SignaturesNotCanonical.into());
    };
    Ok(SignedVoucher {
        terms: Voucher::decode(signed.messages(), cluster).map_err(refusal)?,
        issuer: *issuer,
        signature: *signature,
    })
}

/// Receipts and the keys that signed them, one to five.
pub struct Receipts<'a> {
    signed: Signed<'a>,
    cluster: &'a Key,
}

impl<'a> Receipts<'a> {
    /// Reads the Instructions sysvar's data.
    #[inline(always)]
    pub fn preceding(sysvar: &'a [u8], cluster: &'a Key) -> Result<Self> {
        let signed = preceding_signatures(sysvar, Messages::OneEach, Receipt::LEN)?;
        require!(
            signed.len() <= RECEIPTS_MAX,
            SpecieError::SignaturesNotCanonical
        );
        Ok(Self { signed, cluster })
    }

    /// Each of them, in order.
    #[inline(always)]
    pub fn each(&self) -> impl Iterator<Item = SignedReceipt<'a>> + use<'a> {
        let cluster = self.cluster;
        self.signed.each().map(move |(key, message)| SignedReceipt {
            message,
            key,
            cluster,
        })
    }
}

/// A receipt, not read yet.
pub struct SignedReceipt<'a> {
    message: &'a [u8; Receipt::LEN],
    /// The key that signed it.
    pub key: &'a Key,
    cluster: &'a Key,
}

impl SignedReceipt<'_> {
    /// What was signed.
    #[inline(always)]
    pub fn read(&self) -> Result<Receipt> {
        Receipt::decode(self.message, self.cluster).map_err(refusal)
    }
}

fn refusal(error: DecodeError) -> Error {
    match error {
        DecodeError::Length | DecodeError::Domain => SpecieError::MessageOfOtherKind,
        DecodeError::Cluster => SpecieError::MessageForOtherCluster,
    }
    .into()
}

/// What the Ed25519 instruction verified that stands directly before the current one, which must be this program's own.
#[inline(never)]
fn preceding_signatures(
    sysvar: &[u8],
    messages: Messages,
    message_len: usize,
) -> Result<Signed<'_>> {
    let data = preceding_data(sysvar)?;
    Signed::parse(data, messages, message_len)
        .ok_or_else(|| SpecieError::SignaturesNotCanonical.into())
}

/// Data of the preceding Ed25519 instruction.
///
/// The sysvar's layout: `count u16 │ count × offset u16 │ instructions │ index of the current one u16`.
#[inline(always)]
fn preceding_data(sysvar: &[u8]) -> Result<&[u8]> {
    let index_at = sysvar.len().wrapping_sub(2);
    let current = read_u16(sysvar, index_at).ok_or(SpecieError::SignaturesMissing)?;
    let (program, _) = instruction(sysvar, current).ok_or(SpecieError::SignaturesMissing)?;
    // A call from another program leaves that program's instruction as the current one.
    require!(
        program == crate::ID.as_array(),
        SpecieError::CalledByProgram
    );
    let previous = current
        .checked_sub(1)
        .ok_or(SpecieError::SignaturesMissing)?;
    let (program, rest) = instruction(sysvar, previous).ok_or(SpecieError::SignaturesMissing)?;
    require!(
        program == ED25519_PROGRAM.as_array(),
        SpecieError::SignaturesMissing
    );
    data(rest).ok_or_else(|| SpecieError::SignaturesMissing.into())
}

/// Program of an instruction in the sysvar, and what stands behind that:
/// `accounts u16 │ accounts × (flags u8, address 32) │ program 32 │ length u16 │ data`.
#[inline(always)]
fn instruction(sysvar: &[u8], index: u16) -> Option<(&Key, &[u8])> {
    let offset_at = usize::from(index).wrapping_mul(2).wrapping_add(2);
    let instruction = sysvar.get(usize::from(read_u16(sysvar, offset_at)?)..)?;
    let (accounts, rest) = instruction.split_first_chunk()?;
    let accounts = usize::from(u16::from_le_bytes(*accounts));
    rest.get(accounts.wrapping_mul(33)..)?.split_first_chunk()
}

/// An instruction's data, from its length on.
#[inline(always)]
fn data(rest: &[u8]) -> Option<&[u8]> {
    let (len, rest) = rest.split_first_chunk()?;
    rest.get(..usize::from(u16::from_le_bytes(*len)))
}

#[inline(always)]
fn read_u16(bytes: &[u8], at: usize) -> Option<u16> {
    let bytes = bytes.get(at..at.checked_add(2)?)?;
    Some(u16::from_le_bytes(bytes.try_into().ok()?))
}

/// Whether a key is of small order, in any encoding: such keys sign nothing that strict verification accepts.
///
/// Curve25519's eight points of small order have five y-coordinates, two of which have a second, non-canonical encoding;
/// the sign bit is free. (Chalkias, Garillot, Nikolaenko: "Taming the many EdDSAs", 2020, table 1.)
pub fn is_small_order(key: &Key) -> bool {
    const MINUS_ONE: Key = field_element(0xec);
    const PRIME: Key = field_element(0xed);
    const PRIME_PLUS_ONE: Key = field_element(0xee);
    const ZERO: Key = [0; 32];
    const ONE: Key = {
        let mut one = [0; 32];
        one[0] = 1;
        one
    };
    const ORDER_EIGHT: [Key; 2] = [
        [
            0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef,
            0x98, 0xf0, 0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88,
            0x6d, 0x53, 0xfc, 0x05,
        ],
        [
            0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10,
            0x67, 0x0f, 0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77,
            0x92, 0xac, 0x03, 0x7a,
        ],
    ];
    let mut y = *key;
    y[31] &= 0x7f;
    [ZERO, ONE, MINUS_ONE, PRIME, PRIME_PLUS_ONE]
        .iter()
        .chain(&ORDER_EIGHT)
        .any(|small| *small == y)
}

/// The 32 bytes of 2²⁵⁵ − 256 + `low`.
const fn field_element(low: u8) -> Key {
    let mut bytes = [0xff; 32];
    bytes[0] = low;
    bytes[31] = 0x7f;
    bytes
}

#[cfg(test)]
mod tests;
