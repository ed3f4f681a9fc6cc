//! Anchor, but for the function that its `#[program]` runs every instruction with.
//!
//! The program depends on this crate under Anchor's name: macros and types are Anchor's own, and paths that macros write
//! lead here. Anchor's function writes the walk over the accounts out for each instruction, 800 bytes every time, which
//! was an eighth of the program; this one calls it. docs/adr/0020.
#![no_std]

pub use anchor_lang::*;

use anchor_lang::context::MutMask as Mask;

/// Loads an instruction's accounts, checks them and runs its handler, as Anchor's function of this name does.
#[inline(always)]
pub fn run_handler<'a, T: TryAccounts, R>(
    program_id: &'a Address,
    cursor: &'a mut AccountCursor,
    data: &'a [u8],
    accounts_len: usize,
    handler: impl FnOnce(&mut Context<'a, T>, T::IxArgs<'a>) -> Result<R>,
) -> Result<R> {
    let (views, duplicates) = walk(cursor, accounts_len, T::HEADER_SIZE, &T::MUT_MASK)?;
    let (accounts, bumps, arguments) =
        T::validate_accounts(program_id, views, duplicates, 0, data)?;
    let remaining = accounts_len.wrapping_sub(T::HEADER_SIZE) as u8;
    let mut_mask = if T::HAS_DYNAMIC_MUT_MASK {
        Mask::Dynamic(accounts.active_mut_mask())
    } else {
        Mask::Static(&T::MUT_MASK)
    };
    let mut context = Context::new(program_id, accounts, bumps, cursor, remaining, mut_mask);
    let result = handler(&mut context, arguments)?;
    context.accounts.exit_accounts(data)?;
    Ok(result)
}

/// The first `declared` of an instruction's accounts, none of which may be writable and stand there twice.
#[inline(never)]
fn walk<'a>(
    cursor: &'a mut AccountCursor,
    accounts_len: usize,
    declared: usize,
    writable: &[u64; 4],
) -> Result<(&'a [AccountView], Option<&'a AccountBitvec>)> {
    require!(accounts_len >= declared, ErrorCode::AccountNotEnoughKeys);
    // SAFETY: the cursor stands at the first account, and there are at least as many as are walked.
    let (views, duplicates) = unsafe { cursor.walk_n(declared) };
    require!(
        duplicates.is_none_or(|duplicates| !duplicates.intersects(writable)),
        ErrorCode::ConstraintDuplicateMutableAccount
    );
    Ok((views, duplicates))
}

/// The canonical bump of an address that an instruction creates, which must be `expected`.
///
/// Anchor's own is written out for each `#[account(init)]`, a kilobyte every time.
#[inline(never)]
pub fn find_and_verify_program_address(
    seeds: &[&[u8]],
    program_id: &Address,
    expected: &Address,
) -> Result<u8> {
    anchor_lang::find_and_verify_program_address(seeds, program_id, expected)
}
