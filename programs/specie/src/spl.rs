//! The classic SPL Token program: what is read of its accounts, and calls of it.
//!
//! Calls go through pinocchio-token, which costs a fifth of `anchor_spl`'s; accounts are read where they stand. Both need
//! the accounts unborrowed, so they are `UncheckedAccount`s whose address is one that the program recorded, or that are
//! checked here.

use {
    crate::{
        account::Account,
        errors::SpecieError,
        state::{Currency, Pool, Vault},
        units::*,
    },
    anchor_lang::prelude::*,
    core::{mem::MaybeUninit, slice},
    pinocchio::{
        cpi::{invoke_signed_unchecked, CpiAccount, Seed, Signer as CpiSigner},
        instruction::{InstructionAccount, InstructionView},
    },
    pinocchio_token::{
        instructions::{AuthorityType, Batch, Burn, CloseAccount, MintTo, SetAuthority, Transfer},
        state::{Account as TokenAccount, Mint},
    },
};

/// What a token account holds, `None` for what is no account of the token program's.
///
/// Once in the program: written out, it is 150 bytes wherever a token account is read.
#[inline(never)]
fn read(account: &AccountView) -> Option<&TokenAccount> {
    account.check_borrow().ok()?;
    // SAFETY: nobody has borrowed it to write, and the program writes to no token account itself.
    unsafe { TokenAccount::from_account_view_unchecked(account) }.ok()
}

/// What a token account holds; [`SpecieError::NotTokenAccount`] for what is none.
#[inline(always)]
fn token_account(account: &AccountView) -> Result<&TokenAccount> {
    read(account).ok_or_else(|| SpecieError::NotTokenAccount.into())
}

/// Refuses unless `account` is a token account that holds `mint`.
#[inline(always)]
pub fn require_token_account(account: &AccountView, mint: &Address) -> Result<()> {
    require_of_mint(token_account(account)?, mint)
}

/// Refuses unless `account` is a token account of `owner` that holds `mint`.
#[inline(always)]
pub fn require_token_account_of(
    account: &AccountView,
    mint: &Address,
    owner: &Address,
) -> Result<()> {
    let token = token_account(account)?;
    require_of_mint(token, mint)?;
    require!(
        token.owner() == owner,
        SpecieError::TokenAccountOfOtherOwner
    );
    Ok(())
}

/// The Associated Token Account program.
const ASSOCIATED_TOKEN_PROGRAM: Address =
    Address::from_str_const("ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL");

/// Refuses unless `to` is where `mint` may be paid to an owner: the owner's associated token account, whoever owns that by
/// now, or, where the owner signs, any token account of the owner's.
///
/// Anybody may act for an owner. Could they choose between the owner's accounts, they could pay one that the owner has
/// forgotten, or handed to somebody else's keeping.
#[inline(never)]
pub fn require_payee(to: &AccountView, mint: &Address, owner: &AccountView) -> Result<()> {
    if owner.is_signer() {
        return require_token_account_of(to, mint, owner.address());
    }
    require_token_account(to, mint)?;
    let seeds = [
        owner.address().as_ref(),
        pinocchio_token::ID.as_ref(),
        mint.as_ref(),
    ];
    anchor_lang::find_and_verify_program_address(&seeds, &ASSOCIATED_TOKEN_PROGRAM, to.address())
        .map_err(|_| SpecieError::NotAssociatedTokenAccount)?;
    Ok(())
}

/// Refuses unless `account` is a token account that holds `mint` and belongs to none of `books`, the program's own accounts.
pub fn require_outside(account: &AccountView, mint: &Address, books: &[&Address]) -> Result<()> {
    let token = token_account(account)?;
    require_of_mint(token, mint)?;
    require!(
        !books.contains(&token.owner()),
        SpecieError::TokenAccountOfCurrency
    );
    Ok(())
}

/// Whether `account` can be paid `mint`: it is a token account of it, and not frozen.
pub fn can_be_paid(account: &AccountView, mint: &Address) -> bool {
    read(account)
        .is_some_and(|token| token.is_initialized() && !token.is_frozen() && token.mint() == mint)
}

#[inline(always)]
fn require_of_mint(token: &TokenAccount, mint: &Address) -> Result<()> {
    require!(token.is_initialized(), SpecieError::NotTokenAccount);
    require!(token.mint() == mint, SpecieError::TokenAccountOfOtherMint);
    Ok(())
}

/// What a token account holds.
#[inline(always)]
pub fn balance(account: &AccountView) -> Result<Quote> {
    Ok(Quote::new(token_account(account)?.amount()))
}

/// What a token account can pay: its balance, or nothing while the collateral's issuer has frozen it.
#[inline(always)]
pub fn spendable(account: &AccountView) -> Result<Quote> {
    let token = token_account(account)?;
    Ok(if token.is_frozen() {
        Quote::ZERO
    } else {
        Quote::new(token.amount())
    })
}

/// Supply of a mint.
#[inline(always)]
pub fn supply(mint: &AccountView) -> Result<Tokens> {
    // SAFETY: no mint is ever borrowed by this program, and the number is copied before any call.
    let mint = unsafe { Mint::from_account_view_unchecked(mint) };
    let mint = mint.map_err(|_| SpecieError::NotMint)?;
    Ok(Tokens::new(mint.supply()))
}

/// Whether the collateral's issuer has frozen a vault's account.
#[inline(always)]
pub fn is_frozen(account: &AccountView) -> Result<bool> {
    Ok(token_account(account)?.is_frozen())
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

/// An instruction of the token program that moves tokens. Each takes two accounts that change, the signer who may do it,
/// and an amount.
pub struct Move<'a> {
    discriminator: u8,
    accounts: [&'a AccountView; 3],
    amount: u64,
}

impl<'a> Move<'a> {
    /// Pays collateral from an account of `payer`'s.
    #[inline(always)]
    pub fn pay(
        from: &'a AccountView,
        to: &'a AccountView,
        payer: &'a AccountView,
        amount: Quote,
    ) -> Self {
        Self {
            discriminator: Transfer::DISCRIMINATOR,
            accounts: [from, to, payer],
            amount: amount.get(),
        }
    }

    /// Mints a currency's tokens.
    #[inline(always)]
    pub fn mint(
        currency: &'a Account<Currency>,
        mint: &'a AccountView,
        to: &'a AccountView,
        tokens: Tokens,
    ) -> Self {
        Self {
            discriminator: MintTo::DISCRIMINATOR,
            accounts: [mint, to, currency.account()],
            amount: tokens.get(),
        }
    }

    /// Sends tokens of a holder's account.
    #[inline(always)]
    fn send(
        from: &'a AccountView,
        to: &'a AccountView,
        holder: &'a AccountView,
        tokens: Tokens,
    ) -> Self {
        Self {
            discriminator: Transfer::DISCRIMINATOR,
            accounts: [from, to, holder],
            amount: tokens.get(),
        }
    }

    /// Burns a holder's tokens.
    #[inline(always)]
    fn burn(
        mint: &'a AccountView,
        from: &'a AccountView,
        holder: &'a AccountView,
        tokens: Tokens,
    ) -> Self {
        Self {
            discriminator: Burn::DISCRIMINATOR,
            accounts: [from, mint, holder],
            amount: tokens.get(),
        }
    }
}

type Metas<'a> = [MaybeUninit<InstructionAccount<'a>>; 3];
type Infos<'a> = [MaybeUninit<CpiAccount<'a>>; 3];
const METAS: Metas<'static> = [const { MaybeUninit::uninit() }; 3];
const INFOS: Infos<'static> = [const { MaybeUninit::uninit() }; 3];

/// The data of a move.
#[derive(Clone, Copy, bytemuck::NoUninit)]
#[repr(C)]
struct MoveData {
    discriminator: u8,
    amount: [u8; 8],
}

impl<'a> Move<'a> {
    /// Writes what the runtime asks for, unless the program holds a borrow of what the call would change.
    #[inline(always)]
    fn write(&self, metas: &mut Metas<'a>, infos: &mut Infos<'a>) -> Result<MoveData> {
        let [from, to, signer] = self.accounts;
        from.check_borrow_mut()?;
        to.check_borrow_mut()?;
        metas[0].write(InstructionAccount::writable(from.address()));
        metas[1].write(InstructionAccount::writable(to.address()));
        metas[2].write(InstructionAccount::readonly_signer(signer.address()));
        CpiAccount::init_from_account_view(from, &mut infos[0]);
        CpiAccount::init_from_account_view(to, &mut infos[1]);
        CpiAccount::init_from_account_view(signer, &mut infos[2]);
        Ok(MoveData {
            discriminator: self.discriminator,
            amount: self.amount.to_le_bytes(),
        })
    }
}

/// Calls the token program; `seeds` are those of a signer that is ours, or none.
///
/// # Safety
/// `metas` and `infos` hold `accounts` accounts each, and [`Move::write`] wrote them.
#[inline(always)]
unsafe fn call<M, I>(data: &[u8], metas: &M, infos: &I, accounts: usize, seeds: &[Seed]) {
    let signer = [CpiSigner::from(seeds)];
    let signers = if seeds.is_empty() { &[] } else { &signer[..] };
    // SAFETY: as above; nothing that the call changes is borrowed. Whoever signs may be: of it, only the address is read.
    unsafe {
        let instruction = InstructionView {
            program_id: &pinocchio_token::ID,
            accounts: slice::from_raw_parts((&raw const *metas).cast(), accounts),
            data,
        };
        let infos = slice::from_raw_parts((&raw const *infos).cast(), accounts);
        invoke_signed_unchecked(&instruction, infos, signers);
    }
}

/// Carries a move out; one of nothing calls nothing.
///
/// One function for all instructions: written out, it is a kilobyte wherever tokens move.
#[inline(never)]
fn carry_out(what: &Move, seeds: &[Seed]) -> Result<()> {
    if what.amount == 0 {
        return Ok(());
    }
    let (mut metas, mut infos) = (METAS, INFOS);
    let data = what.write(&mut metas, &mut infos)?;
    // SAFETY: `MoveData` is nine plain bytes; metas and infos were just written.
    unsafe { call(bytemuck::bytes_of(&data), &metas, &infos, 3, seeds) };
    Ok(())
}

/// Most moves of one batch: a purchase's three payments and its minting.
const MOVES_MAX: usize = 4;

/// One instruction in a batch.
#[repr(C)]
struct BatchedMove {
    accounts: u8,
    len: u8,
    data: MoveData,
}

/// The data of a batch.
#[repr(C)]
struct BatchData {
    discriminator: u8,
    moves: [MaybeUninit<BatchedMove>; MOVES_MAX],
}

/// Carries moves out, in order, in one call: a call costs a thousand compute units, whatever it carries. Moves of nothing
/// are left out, and moves beyond [`MOVES_MAX`] refuse.
#[inline(never)]
pub fn carry_out_together(moves: &[Move], seeds: &[Seed]) -> Result<()> {
    require!(moves.len() <= MOVES_MAX, Error::InvalidArgument);
    let mut data = BatchData {
        discriminator: Batch::DISCRIMINATOR,
        moves: [const { MaybeUninit::uninit() }; MOVES_MAX],
    };
    let (mut metas, mut infos) = ([METAS; MOVES_MAX], [INFOS; MOVES_MAX]);
    let places = data.moves.iter_mut().zip(&mut metas).zip(&mut infos);
    let mut count = 0_usize;
    let moves = moves.iter().filter(|what| what.amount != 0);
    for (what, ((data, metas), infos)) in moves.zip(places) {
        data.write(BatchedMove {
            accounts: 3,
            len: size_of::<MoveData>() as u8,
            data: what.write(metas, infos)?,
        });
        count = count.wrapping_add(1);
    }
    let len = count.wrapping_mul(size_of::<BatchedMove>()).wrapping_add(1);
    // SAFETY: the first `count` moves were written, and their data are plain bytes.
    unsafe {
        let data = slice::from_raw_parts((&raw const data).cast(), len);
        call(data, &metas, &infos, count.wrapping_mul(3), seeds);
    }
    Ok(())
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
    carry_out(&Move::mint(currency, mint, to, tokens), &seeds)
}

/// Burns a holder's tokens.
#[inline(always)]
pub fn burn(
    mint: &AccountView,
    from: &AccountView,
    holder: &AccountView,
    tokens: Tokens,
) -> Result<()> {
    carry_out(&Move::burn(mint, from, holder, tokens), &[])
}

/// Pays collateral from a signer's account; skips the CPI when the amount is zero.
#[inline(always)]
pub fn pay(from: &AccountView, to: &AccountView, payer: &AccountView, amount: Quote) -> Result<()> {
    carry_out(&Move::pay(from, to, payer, amount), &[])
}

/// Pays collateral out of a vault; skips the CPI when the amount is zero.
#[inline(always)]
pub fn pay_from_vault(
    vault: &Account<Vault>,
    from: &AccountView,
    to: &AccountView,
    amount: Quote,
) -> Result<()> {
    let bump = [vault.bump];
    let seeds = vault.signer_seeds(&bump);
    carry_out(&Move::pay(from, to, vault.account(), amount), &seeds)
}

/// Pays out of a token account of the currency; skips the CPI when the amount is zero.
#[inline(always)]
pub fn pay_from_currency(
    currency: &Account<Currency>,
    from: &AccountView,
    to: &AccountView,
    amount: Quote,
) -> Result<()> {
    let bump = [currency.bump];
    let seeds = currency.signer_seeds(&bump);
    carry_out(&Move::pay(from, to, currency.account(), amount), &seeds)
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

/// Sends a holder's tokens; skips the CPI when the amount is zero.
#[inline(always)]
pub fn send(
    from: &AccountView,
    to: &AccountView,
    holder: &AccountView,
    tokens: Tokens,
) -> Result<()> {
    carry_out(&Move::send(from, to, holder, tokens), &[])
}

/// Sends staked tokens back; skips the CPI when the amount is zero.
#[inline(always)]
pub fn send_staked(
    pool: &Account<Pool>,
    from: &AccountView,
    to: &AccountView,
    tokens: Tokens,
) -> Result<()> {
    let bump = [pool.bump];
    let seeds = pool.signer_seeds(&bump);
    carry_out(&Move::send(from, to, pool.account(), tokens), &seeds)
}

/// Pays rewards; skips the CPI when the amount is zero.
#[inline(always)]
pub fn pay_rewards(
    pool: &Account<Pool>,
    from: &AccountView,
    to: &AccountView,
    rewards: Quote,
) -> Result<()> {
    let bump = [pool.bump];
    let seeds = pool.signer_seeds(&bump);
    carry_out(&Move::pay(from, to, pool.account(), rewards), &seeds)
}
