//! Native lamports that a challenger stakes: into a voucher's account, and out of it.
//!
//! The runtime refuses a transaction that leaves an account short of the cluster's rent, unless the account was short
//! before and its lamports did not rise. The rent may rise while a voucher stands, so nothing here relies on what was paid
//! when the voucher was opened.

use {
    crate::units::LamportAmount,
    anchor_lang::prelude::*,
    pinocchio::{
        cpi::{invoke_unchecked, CpiAccount},
        instruction::{InstructionAccount, InstructionView},
        sysvars::{rent::Rent, Sysvar},
    },
};

/// Lamports that the cluster asks an account to hold.
fn rent(account: &AccountView) -> Result<u64> {
    Rent::get()?.try_minimum_balance(account.data_len())
}

/// The System program's number for a transfer.
const TRANSFER: u8 = 2;

/// Moves a signer's lamports into an account of the program's, with what that account lacks of the cluster's rent; skips the
/// CPI when the amount is zero.
pub fn stake(from: &AccountView, to: &AccountView, amount: LamportAmount) -> Result<()> {
    if amount.is_zero() {
        return Ok(());
    }
    let lacking = LamportAmount::new(rent(to)?.saturating_sub(to.lamports()));
    let amount = amount.plus(lacking)?;
    let mut data = [0; 12];
    data[0] = TRANSFER;
    data[4..].copy_from_slice(&amount.get().to_le_bytes());
    let accounts = [
        InstructionAccount::writable_signer(from.address()),
        InstructionAccount::writable(to.address()),
    ];
    let transfer = InstructionView {
        program_id: &system_program::ID,
        accounts: &accounts,
        data: &data,
    };
    // SAFETY: the callee is the System program, which changes lamports here and no data, least of all of an account that
    // belongs to this program; so no reference into an account's data sees a change.
    unsafe { invoke_unchecked(&transfer, &[CpiAccount::from(from), CpiAccount::from(to)]) };
    Ok(())
}

/// Moves lamports out of an account of the program's, which is about to close. After the last call of another program: the
/// runtime wants the sums right at each.
///
/// Whom the payment would leave short of the rent is paid nothing: the runtime would refuse the whole transaction, and what
/// is not paid goes where the account's rent goes.
pub fn pay_out(from: &AccountView, to: &AccountView, amount: LamportAmount) -> Result<()> {
    let paid = LamportAmount::new(to.lamports()).plus(amount)?;
    if amount.is_zero() || paid.get() < rent(to)? {
        return Ok(());
    }
    from.sub_lamports(amount.get())?;
    to.add_lamports(amount.get())?;
    Ok(())
}

/// The same from an account that stays, and keeps the cluster's rent.
pub fn pay_out_beyond_rent(
    from: &AccountView,
    to: &AccountView,
    amount: LamportAmount,
) -> Result<()> {
    let beyond = LamportAmount::new(from.lamports().saturating_sub(rent(from)?));
    pay_out(from, to, amount.min(beyond))
}
