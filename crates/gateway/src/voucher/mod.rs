//! Vouchers: looking them up on chain, and signing them. What is checked of one is [`specie_claims::voucher`]'s.

pub mod lookup;

pub use specie_claims::voucher::{Claimed, TYP, Verified, Voucher, checks};

use crate::signer::{Purpose, Signer, SignerError};
use specie_claims::voucher as token;
use specie_wire::Key;

/// The voucher as its holder keeps it: signed by the vault's issuer, once for HTTP and once for the chain.
pub async fn sign(
    voucher: &Voucher<Verified>,
    issuer: &dyn Signer,
    cluster: &Key,
) -> Result<String, SignerError> {
    let message = voucher.terms().encode(cluster);
    let signature = issuer.sign(Purpose::Voucher, &message).await?;
    let token = token::unsigned(voucher.terms(), &signature, &issuer.public_key(), cluster);
    let signature = issuer.sign(Purpose::VoucherToken, token.bytes()).await?;
    Ok(token.signed(&signature))
}
