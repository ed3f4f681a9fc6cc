use super::{Claim, VoucherRefusal};
use crate::clock::UnixTime;

/// At its expiry a voucher's dispute window starts by itself. Final.
pub(super) fn check(claim: &Claim<'_>) -> Result<(), VoucherRefusal> {
    if claim.time >= UnixTime(claim.terms.expires_at) {
        return Err(VoucherRefusal::Expired);
    }
    Ok(())
}
