use super::{Claim, VoucherRefusal};
use crate::chain::VoucherFacts;

/// Nothing short of a finalized account can be spent: a fork could still drop it. Retryable.
pub(super) fn check<'a>(claim: &Claim<'a>) -> Result<&'a VoucherFacts, VoucherRefusal> {
    claim.account.ok_or(VoucherRefusal::NotFinalized)
}
