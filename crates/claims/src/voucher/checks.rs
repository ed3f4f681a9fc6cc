//! The policy for vouchers: a list of checks, in the order in which they are asked.

use super::{Verified, VoucherFacts};
use crate::clock::UnixTime;
use crate::units::Units;
use solana_pubkey::Pubkey;

/// What is checked, and against what.
#[derive(Clone, Copy, Debug)]
pub struct Claim<'a> {
    /// What the voucher says of itself.
    pub terms: &'a specie_wire::Voucher,
    /// The finalized account at its address, if there is one.
    pub account: Option<&'a VoucherFacts>,
    /// The vault that this gateway serves for.
    pub vault: Pubkey,
    /// The classes that this gateway serves: bit 0 training, 1 inference, 2 fine-tuning.
    pub classes: u8,
    /// The time to judge its end by.
    pub time: UnixTime,
}

/// Why a voucher is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VoucherRefusal {
    /// Another vault owes it.
    #[error("this voucher is owed by another vault; present it at that vendor's gateway")]
    OfAnotherVault,
    /// There is no finalized account.
    #[error(
        "no finalized voucher account is at this address; a new one is finalized within half a minute"
    )]
    NotFinalized,
    /// The account at this address says something else.
    #[error("the voucher account on chain differs from the signed voucher; fetch it again")]
    AccountDiffers,
    /// For a class that is not served here.
    #[error("this gateway does not serve the voucher's class")]
    ClassNotServed,
    /// Past its end.
    #[error("the voucher has expired; unconsumed units return when it is reclaimed")]
    Expired,
    /// The owner asked to end the voucher.
    #[error("the voucher is closing and cannot be consumed any more")]
    Closing,
    /// More units than an amount can hold.
    #[error("the voucher claims more units than this gateway can count")]
    TooLarge,
    /// Nothing remains of it.
    #[error("the voucher is fully consumed")]
    Consumed,
}

/// Runs every check; what they found is what may be stored.
pub(super) fn run(claim: &Claim<'_>) -> Result<Verified, VoucherRefusal> {
    owed_by_this_vault(claim)?;
    class_served(claim)?;
    let account = account_finalized(claim)?;
    account_matches(claim, account)?;
    not_closing(account)?;
    not_expired(claim)?;
    let units = units_representable(claim)?;
    let settled = units_left(account, units)?;
    Ok(Verified {
        settled,
        units,
        rent_payer: account.rent_payer,
    })
}

/// A voucher can only be consumed where the units are owed. Final.
fn owed_by_this_vault(claim: &Claim<'_>) -> Result<(), VoucherRefusal> {
    if claim.terms.vault != claim.vault.to_bytes() {
        return Err(VoucherRefusal::OfAnotherVault);
    }
    Ok(())
}

/// The class must be one that this gateway serves. Final.
fn class_served(claim: &Claim<'_>) -> Result<(), VoucherRefusal> {
    let bit = 1u8.checked_shl(u32::from(claim.terms.class));
    if bit.is_none_or(|bit| claim.classes & bit == 0) {
        return Err(VoucherRefusal::ClassNotServed);
    }
    Ok(())
}

/// Nothing short of a finalized account can be spent: a fork could still drop it. Retryable.
fn account_finalized<'a>(claim: &Claim<'a>) -> Result<&'a VoucherFacts, VoucherRefusal> {
    claim.account.ok_or(VoucherRefusal::NotFinalized)
}

/// A closed voucher's address can be opened again: the claims must be of the voucher that is there now. Final.
fn account_matches(claim: &Claim<'_>, account: &VoucherFacts) -> Result<(), VoucherRefusal> {
    if account.terms() != *claim.terms {
        return Err(VoucherRefusal::AccountDiffers);
    }
    Ok(())
}

/// What is served after the owner asked to close might not be settled in time. Final.
fn not_closing(account: &VoucherFacts) -> Result<(), VoucherRefusal> {
    if account.closing_at.is_some() {
        return Err(VoucherRefusal::Closing);
    }
    Ok(())
}

/// At its expiry a voucher's dispute window starts by itself. Final.
fn not_expired(claim: &Claim<'_>) -> Result<(), VoucherRefusal> {
    if claim.time >= UnixTime(claim.terms.expires_at) {
        return Err(VoucherRefusal::Expired);
    }
    Ok(())
}

/// Every later sum stays below the voucher's units, so checking them once keeps all of them countable. Final.
fn units_representable(claim: &Claim<'_>) -> Result<Units, VoucherRefusal> {
    Units::new(claim.terms.units).ok_or(VoucherRefusal::TooLarge)
}

/// A session on a voucher that is all settled or paid out could buy nothing. Final.
fn units_left(account: &VoucherFacts, units: Units) -> Result<Units, VoucherRefusal> {
    Units::new(account.settled)
        .filter(|settled| settled.get().saturating_add(account.compensated) < units.get())
        .ok_or(VoucherRefusal::Consumed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::voucher::Voucher;

    const VAULT: Pubkey = Pubkey::new_from_array([2; 32]);
    const INFERENCE: u8 = 1 << 1;

    fn account() -> VoucherFacts {
        VoucherFacts {
            voucher: Pubkey::new_from_array([1; 32]),
            vault: VAULT,
            session: [3; 32],
            rent_payer: Pubkey::new_from_array([4; 32]),
            class: 1,
            units: 1_000,
            work_per_scu: 2_844_000,
            settled: 10,
            compensated: 0,
            opened_at: UnixTime(100),
            expires_at: UnixTime(200),
            closing_at: None,
            challenged_until: None,
        }
    }

    fn check(claimed: VoucherFacts, account: Option<VoucherFacts>) -> Result<(), VoucherRefusal> {
        check_at(claimed, account, 199)
    }

    fn check_at(
        claimed: VoucherFacts,
        account: Option<VoucherFacts>,
        time: i64,
    ) -> Result<(), VoucherRefusal> {
        Voucher::from_account(&claimed)
            .check(account.as_ref(), VAULT, INFERENCE, UnixTime(time))
            .map(|voucher| assert_eq!(voucher.verified().settled.get(), 10))
    }

    fn changed(change: impl FnOnce(&mut VoucherFacts)) -> VoucherFacts {
        let mut account = account();
        change(&mut account);
        account
    }

    #[test]
    fn a_voucher_as_the_chain_has_it_is_accepted() {
        assert_eq!(check(account(), Some(account())), Ok(()));
    }

    #[test]
    fn a_missing_account_rejects() {
        assert_eq!(check(account(), None), Err(VoucherRefusal::NotFinalized));
    }

    #[test]
    fn each_claim_that_differs_from_the_account_rejects() {
        let differing = [
            changed(|v| v.voucher = Pubkey::new_from_array([7; 32])),
            changed(|v| v.session = [7; 32]),
            changed(|v| v.units += 1),
            changed(|v| v.work_per_scu += 1),
            changed(|v| v.opened_at = UnixTime(101)),
            changed(|v| v.expires_at = UnixTime(201)),
        ];
        for claimed in differing {
            assert_eq!(
                check(claimed, Some(account())),
                Err(VoucherRefusal::AccountDiffers)
            );
        }
        let other_vault = changed(|v| v.vault = Pubkey::new_from_array([7; 32]));
        assert_eq!(
            check(other_vault, Some(account())),
            Err(VoucherRefusal::OfAnotherVault)
        );
        assert_eq!(
            check(account(), Some(other_vault)),
            Err(VoucherRefusal::AccountDiffers)
        );
    }

    #[test]
    fn each_broken_fact_rejects_with_its_own_refusal() {
        let cases = [
            (changed(|v| v.class = 0), VoucherRefusal::ClassNotServed),
            (changed(|v| v.class = 9), VoucherRefusal::ClassNotServed),
            (
                changed(|v| v.closing_at = Some(UnixTime(150))),
                VoucherRefusal::Closing,
            ),
            (changed(|v| v.units = u64::MAX), VoucherRefusal::TooLarge),
            (changed(|v| v.settled = 1_000), VoucherRefusal::Consumed),
            (changed(|v| v.compensated = 990), VoucherRefusal::Consumed),
        ];
        for (account, refusal) in cases {
            assert_eq!(check(account, Some(account)), Err(refusal));
        }
        assert_eq!(
            check_at(account(), Some(account()), 200),
            Err(VoucherRefusal::Expired)
        );
    }
}
