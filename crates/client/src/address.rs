//! Where the program's accounts are: every address follows from a mint, a vendor and a session key.

use solana_pubkey::Pubkey;
use specie::{ID, constants::seeds};

/// The classic SPL Token program, the only one that Specie deals with.
pub const TOKEN_PROGRAM: Pubkey =
    Pubkey::from_str_const("TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA");
/// The program of associated token accounts.
pub const ASSOCIATED_TOKEN_PROGRAM: Pubkey =
    Pubkey::from_str_const("ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL");

fn derive(seed: &[u8], rest: &[&Pubkey]) -> Pubkey {
    let mut seeds = vec![seed];
    seeds.extend(rest.iter().map(|key| key.as_ref()));
    Pubkey::find_program_address(&seeds, &ID).0
}

/// The currency of a mint.
pub fn currency(mint: &Pubkey) -> Pubkey {
    derive(seeds::CURRENCY, &[mint])
}

/// A currency's Standard.
pub fn standard(currency: &Pubkey) -> Pubkey {
    derive(seeds::STANDARD, &[currency])
}

/// A currency's quorum.
pub fn quorum(currency: &Pubkey) -> Pubkey {
    derive(seeds::QUORUM, &[currency])
}

/// A currency's book.
pub fn book(currency: &Pubkey) -> Pubkey {
    derive(seeds::BOOK, &[currency])
}

/// A currency's staking pool.
pub fn pool(currency: &Pubkey) -> Pubkey {
    derive(seeds::POOL, &[currency])
}

/// A currency's revenue token account.
pub fn revenue(currency: &Pubkey) -> Pubkey {
    derive(seeds::REVENUE, &[currency])
}

/// A currency's insurance token account.
pub fn insurance(currency: &Pubkey) -> Pubkey {
    derive(seeds::INSURANCE, &[currency])
}

/// A pool's account of staked tokens.
pub fn staked(pool: &Pubkey) -> Pubkey {
    derive(seeds::STAKED, &[pool])
}

/// A pool's account of rewards.
pub fn rewards(pool: &Pubkey) -> Pubkey {
    derive(seeds::REWARDS, &[pool])
}

/// The vault that a vendor opened.
pub fn vault(currency: &Pubkey, vendor: &Pubkey) -> Pubkey {
    derive(seeds::VAULT, &[currency, vendor])
}

/// A vault's collateral token account.
pub fn collateral(vault: &Pubkey) -> Pubkey {
    derive(seeds::COLLATERAL, &[vault])
}

/// The voucher of a session key at a vault.
pub fn voucher(vault: &Pubkey, session: &Pubkey) -> Pubkey {
    voucher_and_bump(vault, session).0
}

/// The same with its bump, which redeeming names.
pub fn voucher_and_bump(vault: &Pubkey, session: &Pubkey) -> (Pubkey, u8) {
    let seeds: [&[u8]; 3] = [seeds::VOUCHER, vault.as_ref(), session.as_ref()];
    Pubkey::find_program_address(&seeds, &ID)
}

/// A currency's scheduled change of a number.
pub fn change(currency: &Pubkey, index: u64) -> Pubkey {
    let index = index.to_le_bytes();
    Pubkey::find_program_address(&[seeds::CHANGE, currency.as_ref(), &index], &ID).0
}

/// What an owner has staked in a pool.
pub fn stake(pool: &Pubkey, owner: &Pubkey) -> Pubkey {
    stake_and_bump(pool, owner).0
}

/// The same with its bump, which creating a stake names.
pub fn stake_and_bump(pool: &Pubkey, owner: &Pubkey) -> (Pubkey, u8) {
    let seeds: [&[u8]; 3] = [seeds::STAKE, pool.as_ref(), owner.as_ref()];
    Pubkey::find_program_address(&seeds, &ID)
}

/// The associated token account of an owner.
pub fn token_account(owner: &Pubkey, mint: &Pubkey) -> Pubkey {
    Pubkey::find_program_address(
        &[owner.as_ref(), TOKEN_PROGRAM.as_ref(), mint.as_ref()],
        &ASSOCIATED_TOKEN_PROGRAM,
    )
    .0
}
