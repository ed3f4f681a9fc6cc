//! Specie's signed messages: one definition for the program, the services and every client.
//!
//! A message is a fixed number of bytes: a 16-byte ASCII domain, the genesis hash of the cluster it is meant for, then
//! its fields in order, integers little-endian. There is no length, no option and no padding, so that equal facts have
//! exactly one encoding and no message can be read as another. [`ed25519`] lays these messages and their signatures out
//! as an instruction of Solana's Ed25519 program; the feature `sign` adds signing and strict verification off chain.
//!
//! Decoding never allocates and never panics.
#![no_std]
#![forbid(unsafe_code)]
#![warn(missing_docs)]

#[cfg(any(feature = "sign", test))]
extern crate alloc;

pub mod ed25519;
mod message;
#[cfg(feature = "sign")]
mod sign;

pub use message::{
    Capacity, DOMAIN_LEN, DecodeError, HEADER_LEN, Key, Message, Price, Receipt, Ruling, Voucher,
};
#[cfg(feature = "sign")]
pub use sign::{Signature, SignatureError, SigningKey, sign, verify};
