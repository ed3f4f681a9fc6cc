//! Classic SPL token accounts and mints, as far as a command looks into them.

use crate::{
    amount,
    chain::{Accounts, Chain, RawAccount},
    error::CliError,
};
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

/// Refuses unless a token account holds at least this much.
pub(crate) fn require_balance(
    chain: &Chain,
    account: &Pubkey,
    what: &str,
    needed: u64,
    decimals: u8,
) -> Result<(), CliError> {
    let held = balance_of(&chain.accounts(&[*account])?, account);
    if held >= needed {
        return Ok(());
    }
    Err(CliError::Balance(format!(
        "this needs {} {what}, but the account {account} holds {}: nothing was sent. Name a smaller amount, or fund the \
         account first",
        amount::format(needed, decimals),
        amount::format(held, decimals),
    )))
}
