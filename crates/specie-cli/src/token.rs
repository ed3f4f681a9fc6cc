//! Classic SPL token accounts and mints, as far as a command looks into them.

use crate::chain::{Accounts, RawAccount};
use solana_pubkey::Pubkey;
use specie_client::address::TOKEN_PROGRAM;

const MINT_LEN: usize = 82;
const ACCOUNT_LEN: usize = 165;

/// Size of a mint account.
pub(crate) const MINT_SPACE: usize = MINT_LEN;

/// A mint: supply and decimals. `None` for what is none.
pub(crate) fn mint(account: &RawAccount) -> Option<(u64, u8)> {
    let of_token = account.owner == TOKEN_PROGRAM && account.data.len() == MINT_LEN;
    let supply = account.data.get(36..44)?.try_into().ok()?;
    of_token.then_some((u64::from_le_bytes(supply), *account.data.get(44)?))
}

/// What a token account holds. `None` for what is none.
pub(crate) fn balance(account: &RawAccount) -> Option<u64> {
    let of_token = account.owner == TOKEN_PROGRAM && account.data.len() == ACCOUNT_LEN;
    let amount = account.data.get(64..72)?.try_into().ok()?;
    of_token.then_some(u64::from_le_bytes(amount))
}

/// What a token account holds among these; 0 where it does not exist.
pub(crate) fn balance_of(accounts: &Accounts, address: &Pubkey) -> u64 {
    accounts.get(address).and_then(balance).unwrap_or(0)
}
