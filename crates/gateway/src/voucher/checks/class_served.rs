use super::{Claim, VoucherRefusal};

/// The class must be one that this gateway serves. Final.
pub(super) fn check(claim: &Claim<'_>) -> Result<(), VoucherRefusal> {
    let bit = 1u8.checked_shl(u32::from(claim.terms.class));
    if bit.is_none_or(|bit| claim.classes & bit == 0) {
        return Err(VoucherRefusal::ClassNotServed);
    }
    Ok(())
}
