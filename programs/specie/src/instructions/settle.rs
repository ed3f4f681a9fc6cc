use {
    crate::{
        clock,
        errors::SpecieError,
        events::Settled,
        signatures::{Receipts, INSTRUCTIONS_SYSVAR},
        state::{Currency, Vault, Voucher},
        units::{Timestamp, Units},
    },
    anchor_lang::{prelude::*, AccountClose},
    specie_wire::{Key, Receipt},
};

/// Anybody brings one to five receipts of a vault's vouchers; their signatures stand in the Ed25519 instruction before.
///
/// Remaining accounts: for each receipt, in order, its voucher and the account that paid that voucher's rent, both
/// writable.
#[derive(Accounts)]
pub struct Settle {
    /// The currency.
    pub currency: Account<Currency>,
    /// The vault.
    #[account(mut, constraint = vault.currency == *currency.address() @ SpecieError::VaultOfOtherCurrency)]
    pub vault: Account<Vault>,
    /// The Instructions sysvar.
    #[account(address = INSTRUCTIONS_SYSVAR @ SpecieError::NotInstructionsSysvar)]
    pub instructions: UncheckedAccount,
}

impl Settle {
    /// `open → delivered` for what each receipt adds; a voucher that is consumed to the end closes.
    pub fn handler(ctx: &mut Context<Self>) -> Result<()> {
        let remaining = ctx.remaining_accounts()?;
        let accounts = &mut ctx.accounts;
        let now = clock::now()?;
        let sysvar = accounts.instructions.account().try_borrow()?;
        let receipts = Receipts::preceding(&sysvar, &accounts.currency.cluster)?;
        let mut pairs = remaining.chunks_exact(2);
        for i in 0..receipts.len() {
            let Some([voucher, rent_payer]) = pairs.next() else {
                return Err(SpecieError::VoucherAccountsMissing.into());
            };
            let (receipt, signer) = receipts.get(i)?;
            // SAFETY: no other reference to this account's data lives: the vault and the currency are accounts of other
            // types, and the voucher of the receipt before was dropped at the end of its turn.
            let mut voucher = unsafe { Account::<Voucher>::load_mut(*voucher)? };
            settle_one(
                &mut accounts.vault,
                &mut voucher,
                &receipt,
                signer,
                &accounts.currency,
                now,
            )?;
            emit!(Settled {
                vault: *accounts.vault.address(),
                voucher: *voucher.address(),
                settled: voucher.settled,
                balances: accounts.vault.balances,
            });
            if voucher.remaining()?.is_zero() {
                require!(
                    voucher.rent_payer == *rent_payer.address(),
                    SpecieError::RentPayerMismatch
                );
                voucher.close(*rent_payer)?;
            }
        }
        accounts.vault.invariant()
    }
}

#[inline(always)]
fn settle_one(
    vault: &mut Account<Vault>,
    voucher: &mut Account<Voucher>,
    receipt: &Receipt,
    signer: &Key,
    currency: &Currency,
    now: Timestamp,
) -> Result<()> {
    // The address names program, vault and session: a receipt for another voucher of the same session key, opened in the
    // same second, differs in nothing else.
    require!(
        receipt.voucher == *voucher.address().as_array(),
        SpecieError::ReceiptForOtherVoucher
    );
    require!(
        voucher.vault == *vault.address(),
        SpecieError::VoucherOfOtherVault
    );
    require!(
        voucher.session.as_array() == signer,
        SpecieError::ReceiptSignerMismatch
    );
    require!(
        voucher.opened_at == Timestamp::new(receipt.opened_at),
        SpecieError::ReceiptForEarlierVoucher
    );
    let settlement = voucher.settle(Units::new(receipt.cumulative), &currency.params, now)?;
    vault.deliver(settlement.units, settlement.work)
}
