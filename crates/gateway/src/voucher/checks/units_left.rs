use super::VoucherRefusal;
use crate::chain::VoucherFacts;
use crate::units::Units;

/// A session on a voucher that is all settled or paid out could buy nothing. Final.
pub(super) fn check(account: &VoucherFacts, units: Units) -> Result<Units, VoucherRefusal> {
    Units::new(account.settled)
        .filter(|settled| settled.get().saturating_add(account.compensated) < units.get())
        .ok_or(VoucherRefusal::Consumed)
}
