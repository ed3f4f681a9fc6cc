//! The policy for vouchers: a list of checks, one file each, in the order in which they are asked.

mod account_finalized;
mod account_matches;
mod class_served;
mod not_closing;
mod not_expired;
mod owed_by_this_vault;
mod units_left;
mod units_representable;

use super::Verified;
use crate::chain::VoucherFacts;
use crate::clock::UnixTime;
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
    /// Its owner ended it.
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
    owed_by_this_vault::check(claim)?;
    class_served::check(claim)?;
    let account = account_finalized::check(claim)?;
    account_matches::check(claim, account)?;
    not_closing::check(account)?;
    not_expired::check(claim)?;
    let units = units_representable::check(claim)?;
    let settled = units_left::check(account, units)?;
    Ok(Verified {
        settled,
        units,
        rent_payer: account.rent_payer,
    })
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
