use super::VoucherRefusal;
use crate::chain::VoucherFacts;

/// What is served after the owner asked to close might not be settled in time. Final.
pub(super) fn check(account: &VoucherFacts) -> Result<(), VoucherRefusal> {
    if account.closing_at.is_some() {
        return Err(VoucherRefusal::Closing);
    }
    Ok(())
}
