//! The classic SPL Token program: what is read of its accounts, and calls of it.
//!
//! Calls go through pinocchio-token, which costs a fifth of `anchor_spl`'s; accounts are read where they stand. Both need
//! the accounts unborrowed, so they are `UncheckedAccount`s whose address is one that the program recorded, or that are
//! checked here.

use {
    crate::{
        errors::SpecieError,
        state::{Currency, Pool, Vault},
        units::*,
    },
    anchor_lang::prelude::*,
    pinocchio::cpi::Signer as CpiSigner,
    pinocchio_token::{
        instructions::{AuthorityType, Burn, CloseAccount, MintTo, SetAuthority, Transfer},
        state::{Account as TokenAccount, Mint},
    },
};

/// Refuses unless `account` is a token account that holds `mint`.
pub fn require_token_account(account: &AccountView, mint: &Address) -> Result<()> {
    let token =
        TokenAccount::from_account_view(account).map_err(|_| SpecieError::NotTokenAccount)?;
    require!(token.is_initialized(), SpecieError::NotTokenAccount);
    require!(token.mint() == mint, SpecieError::TokenAccountOfOtherMint);
    Ok(())
}

/// Refuses unless `account` is a token account of `owner` that holds `mint`.
pub fn require_token_account_of(
    account: &AccountView,
    mint: &Address,
    owner: &Address,
) -> Result<()> {
    require_token_account(account, mint)?;
    let token =
        TokenAccount::from_account_view(account).map_err(|_| SpecieError::NotTokenAccount)?;
    require!(
        token.owner() == owner,
        SpecieError::TokenAccountOfOtherOwner
    );
    Ok(())
}

/// What a token account holds.
pub fn balance(account: &AccountView) -> Result<Quote> {
    let token =
        TokenAccount::from_account_view(account).map_err(|_| SpecieError::NotTokenAccount)?;
    Ok(Quote::new(token.amount()))
}

/// What a token account can pay: its balance, or nothing while the collateral's issuer has frozen it.
pub fn spendable(account: &AccountView) -> Result<Quote> {
    let token =
        TokenAccount::from_account_view(account).map_err(|_| SpecieError::NotTokenAccount)?;
    Ok(if token.is_frozen() {
        Quote::ZERO
    } else {
        Quote::new(token.amount())
    })
}

/// Supply of a mint.
pub fn supply(mint: &AccountView) -> Result<Tokens> {
    let mint = Mint::from_account_view(mint).map_err(|_| SpecieError::NotMint)?;
    Ok(Tokens::new(mint.supply()))
}

/// Whether the collateral's issuer has frozen a vault's account.
#[inline(always)]
pub fn is_frozen(account: &AccountView) -> Result<bool> {
    let token =
        TokenAccount::from_account_view(account).map_err(|_| SpecieError::NotTokenAccount)?;
    Ok(token.is_frozen())
}

/// Refuses with [`SpecieError::CollateralFrozen`] while the collateral's issuer has frozen a vault's account.
#[inline(always)]
pub fn require_not_frozen(account: &AccountView) -> Result<()> {
    require!(!is_frozen(account)?, SpecieError::CollateralFrozen);
    Ok(())
}

/// Refuses unless `account` is an initialised mint.
pub fn require_mint(account: &AccountView) -> Result<()> {
    let mint = Mint::from_account_view(account).map_err(|_| SpecieError::NotMint)?;
    require!(mint.is_initialized(), SpecieError::NotMint);
    Ok(())
}

/// Refuses unless a mint can become a currency's: 6 decimals, no supply, no freeze authority, and `authority` may mint.
pub fn require_mint_to_take_over(account: &AccountView, authority: &Address) -> Result<()> {
    require_mint(account)?;
    let mint = Mint::from_account_view(account).map_err(|_| SpecieError::NotMint)?;
    require!(
        mint.decimals() == crate::constants::TOKEN_DECIMALS,
        SpecieError::MintDecimalsNotSix
    );
    require!(mint.supply() == 0, SpecieError::MintHasSupply);
    require!(
        !mint.has_freeze_authority(),
        SpecieError::MintHasFreezeAuthority
    );
    require!(
        mint.mint_authority() == Some(authority),
        SpecieError::MintAuthorityMismatch
    );
    Ok(())
}

/// Hands a mint to the currency for good.
pub fn take_over_mint(
    mint: &AccountView,
    authority: &AccountView,
    currency: &Address,
) -> Result<()> {
    SetAuthority::new(mint, authority, AuthorityType::MintTokens, Some(currency)).invoke()
}

/// Mints a currency's tokens.
#[inline(always)]
pub fn mint(
    currency: &Account<Currency>,
    mint: &AccountView,
    to: &AccountView,
    tokens: Tokens,
) -> Result<()> {
    let bump = [currency.bump];
    let seeds = currency.signer_seeds(&bump);
    MintTo::new(mint, to, currency.account(), tokens.get())
        .invoke_signed(&[CpiSigner::from(&seeds)])
}

/// Burns a holder's tokens.
#[inline(always)]
pub fn burn(
    mint: &AccountView,
    from: &AccountView,
    holder: &AccountView,
    tokens: Tokens,
) -> Result<()> {
    Burn::new(from, mint, holder, tokens.get()).invoke()
}

/// Pays collateral from a signer's account; nothing is called for nothing.
#[inline(always)]
pub fn pay(from: &AccountView, to: &AccountView, payer: &AccountView, amount: Quote) -> Result<()> {
    if amount.is_zero() {
        return Ok(());
    }
    Transfer::new(from, to, payer, amount.get()).invoke()
}

/// Pays collateral out of a vault; nothing is called for nothing.
#[inline(always)]
pub fn pay_from_vault(
    vault: &Account<Vault>,
    from: &AccountView,
    to: &AccountView,
    amount: Quote,
) -> Result<()> {
    if amount.is_zero() {
        return Ok(());
    }
    let bump = [vault.bump];
    let seeds = vault.signer_seeds(&bump);
    Transfer::new(from, to, vault.account(), amount.get()).invoke_signed(&[CpiSigner::from(&seeds)])
}

/// Pays out of a token account of the currency; nothing is called for nothing.
pub fn pay_from_currency(
    currency: &Account<Currency>,
    from: &AccountView,
    to: &AccountView,
    amount: Quote,
) -> Result<()> {
    if amount.is_zero() {
        return Ok(());
    }
    let bump = [currency.bump];
    let seeds = currency.signer_seeds(&bump);
    Transfer::new(from, to, currency.account(), amount.get())
        .invoke_signed(&[CpiSigner::from(&seeds)])
}

/// Closes a vault's empty collateral account; its rent goes to `rent_to`.
pub fn close_collateral_account(
    vault: &Account<Vault>,
    account: &AccountView,
    rent_to: &AccountView,
) -> Result<()> {
    let bump = [vault.bump];
    let seeds = vault.signer_seeds(&bump);
    CloseAccount::new(account, rent_to, vault.account()).invoke_signed(&[CpiSigner::from(&seeds)])
}

/// Sends a holder's tokens.
#[inline(always)]
pub fn send(
    from: &AccountView,
    to: &AccountView,
    holder: &AccountView,
    tokens: Tokens,
) -> Result<()> {
    Transfer::new(from, to, holder, tokens.get()).invoke()
}

/// Sends staked tokens back.
pub fn send_staked(
    pool: &Account<Pool>,
    from: &AccountView,
    to: &AccountView,
    tokens: Tokens,
) -> Result<()> {
    transfer_from_pool(pool, from, to, tokens.get())
}

/// Pays rewards; nothing is called for nothing.
pub fn pay_rewards(
    pool: &Account<Pool>,
    from: &AccountView,
    to: &AccountView,
    rewards: Quote,
) -> Result<()> {
    if rewards.is_zero() {
        return Ok(());
    }
    transfer_from_pool(pool, from, to, rewards.get())
}

#[inline(never)]
fn transfer_from_pool(
    pool: &Account<Pool>,
    from: &AccountView,
    to: &AccountView,
    amount: u64,
) -> Result<()> {
    let bump = [pool.bump];
    let seeds = pool.signer_seeds(&bump);
    Transfer::new(from, to, pool.account(), amount).invoke_signed(&[CpiSigner::from(&seeds)])
}
