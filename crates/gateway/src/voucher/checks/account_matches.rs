use super::{Claim, VoucherRefusal};
use crate::chain::VoucherFacts;
use crate::voucher::Voucher;

/// A closed voucher's address can be opened again: the claims must be of the voucher that is there now. Final.
pub(super) fn check(claim: &Claim<'_>, account: &VoucherFacts) -> Result<(), VoucherRefusal> {
    if Voucher::from_account(account).terms() != claim.terms {
        return Err(VoucherRefusal::AccountDiffers);
    }
    Ok(())
}
