//! Anchor, but for how an instruction's accounts are walked and handed to its handler.
//!
//! The program depends on this crate under Anchor's name: macros and types are Anchor's own, and paths that macros write
//! lead here. Anchor writes the walk over the accounts out for each instruction, 800 bytes every time, which was an eighth
//! of the program, and takes thirty compute units for each account; here it is one function, and takes eleven.
//! docs/adr/0020 and 0021.
#![no_std]

mod handler;
mod walk;

pub use anchor_lang::*;
pub use {
    handler::{Context, Remaining},
    walk::AccountCursor,
};

use core::slice;

/// Anchor's prelude, with what this crate has instead.
pub mod prelude {
    pub use {
        crate::{run_handler, Context},
        anchor_lang::prelude::*,
    };
}

/// Loads an instruction's accounts, checks them and runs its handler, as Anchor's function of this name does.
#[inline(always)]
pub fn run_handler<'a, T: TryAccounts, R>(
    program_id: &'a Address,
    cursor: &'a mut AccountCursor,
    data: &'a [u8],
    accounts_len: usize,
    handler: impl FnOnce(&mut Context<'a, T>, T::IxArgs<'a>) -> Result<R>,
) -> Result<R> {
    // Of accounts that may be left out, Anchor finds by each one's own check which of them are writable and stand there
    // twice; it is told of no duplicates here.
    const { assert!(!T::HAS_DYNAMIC_MUT_MASK, "no writable account is optional") };
    cursor.walk(accounts_len, T::HEADER_SIZE, &T::MUT_MASK)?;
    // SAFETY: so many were walked. That their number is a constant spares each of them a check.
    let views = unsafe { slice::from_raw_parts(cursor.views(), T::HEADER_SIZE) };
    let (accounts, bumps, arguments) = T::validate_accounts(program_id, views, None, 0, data)?;
    let left = accounts_len.wrapping_sub(T::HEADER_SIZE);
    let mut context = Context {
        accounts,
        bumps,
        // SAFETY: the walk found that there are at least as many as are declared.
        remaining: unsafe { Remaining::new(cursor, left, &T::MUT_MASK) },
    };
    let result = handler(&mut context, arguments)?;
    context.accounts.exit_accounts(data)?;
    Ok(result)
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
