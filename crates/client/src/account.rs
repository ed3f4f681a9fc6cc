//! Typed accounts from their bytes.

use anchor_lang::{AccountDeserialize, Discriminator};
use solana_pubkey::Pubkey;
use specie::state::{Book, Change, Currency, Pool, Quorum, Stake, Standard, Vault, Voucher};

/// Why some bytes are not the account that was expected.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AccountError {
    /// Another program's account.
    #[error("the account belongs to program {0}, not to Specie")]
    OtherProgram(Pubkey),
    /// Another of Specie's accounts, or not one at all.
    #[error("the account is not a {0} of Specie")]
    OtherKind(&'static str),
}

/// An account of the program.
pub trait SpecieAccount: AccountDeserialize + Discriminator {
    /// What it is called.
    const NAME: &'static str;

    /// Length of the account's data in bytes.
    const LEN: usize = Self::DISCRIMINATOR.len() + size_of::<Self>();

    /// Reads an account's data, which must be owned by the program and be of this kind.
    fn decode(owner: &Pubkey, data: &[u8]) -> Result<Self, AccountError> {
        if *owner != specie::ID {
            return Err(AccountError::OtherProgram(*owner));
        }
        Self::try_deserialize(&mut &*data).map_err(|_| AccountError::OtherKind(Self::NAME))
    }
}

impl SpecieAccount for Currency {
    const NAME: &'static str = "currency";
}
impl SpecieAccount for Standard {
    const NAME: &'static str = "standard";
}
impl SpecieAccount for Quorum {
    const NAME: &'static str = "quorum";
}
impl SpecieAccount for Book {
    const NAME: &'static str = "book";
}
impl SpecieAccount for Pool {
    const NAME: &'static str = "pool";
}
impl SpecieAccount for Change {
    const NAME: &'static str = "change";
}
impl SpecieAccount for Stake {
    const NAME: &'static str = "stake";
}
impl SpecieAccount for Vault {
    const NAME: &'static str = "vault";
}
impl SpecieAccount for Voucher {
    const NAME: &'static str = "voucher";
}
