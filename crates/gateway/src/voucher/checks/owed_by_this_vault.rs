use super::{Claim, VoucherRefusal};

/// A voucher can only be consumed where the units are owed. Final.
pub(super) fn check(claim: &Claim<'_>) -> Result<(), VoucherRefusal> {
    if claim.terms.vault != claim.vault.to_bytes() {
        return Err(VoucherRefusal::OfAnotherVault);
    }
    Ok(())
}
