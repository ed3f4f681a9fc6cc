use super::{Claim, VoucherRefusal};
use crate::units::Units;

/// Every later sum stays below the voucher's units, so checking them once keeps all of them countable. Final.
pub(super) fn check(claim: &Claim<'_>) -> Result<Units, VoucherRefusal> {
    Units::new(claim.terms.units).ok_or(VoucherRefusal::TooLarge)
}
