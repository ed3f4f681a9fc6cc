//! Native lamports that a challenger stakes: into a voucher's account, and out of it.

use {
    crate::units::LamportAmount,
    anchor_lang::prelude::*,
    pinocchio::{
        cpi::{invoke_unchecked, CpiAccount},
        instruction::{InstructionAccount, InstructionView},
    },
};

/// The System program's number for a transfer.
const TRANSFER: u8 = 2;

/// Moves a signer's lamports into an account of the program's; skips the CPI when the amount is zero.
pub fn stake(from: &AccountView, to: &AccountView, amount: LamportAmount) -> Result<()> {
    if amount.is_zero() {
        return Ok(());
    }
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

/// Moves lamports out of an account of the program's. After the last call of another program: the runtime wants the sums
/// right at each.
pub fn pay_out(from: &AccountView, to: &AccountView, amount: LamportAmount) -> Result<()> {
    from.sub_lamports(amount.get())?;
    to.add_lamports(amount.get())?;
    Ok(())
}
