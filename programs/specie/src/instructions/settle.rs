use {
    crate::{
        account::Account,
        clock,
        errors::SpecieError,
        events::{emit, Settled},
        signatures::{Receipts, INSTRUCTIONS_SYSVAR},
        state::{Currency, Vault, Voucher},
        units::{Timestamp, Units},
    },
    anchor_lang::{prelude::*, AccountClose},
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
    #[inline(always)]
    pub fn handler(ctx: &mut Context<Self>) -> Result<()> {
        let remaining = &mut ctx.remaining;
        let accounts = &mut ctx.accounts;
        let now = clock::now()?;
        let currency: &Currency = &accounts.currency;
        let vault_address = *accounts.vault.address();
        let vault: &mut Vault = &mut accounts.vault;
        let sysvar = accounts.instructions.account().try_borrow()?;
        let receipts = Receipts::preceding(&sysvar, &currency.cluster)?;
        for i in 0..receipts.len() {
            let (Some(voucher), Some(rent_payer)) =
                (remaining.next_account()?, remaining.next_account()?)
            else {
                return Err(SpecieError::VoucherAccountsMissing.into());
            };
            let (receipt, signer) = receipts.get(i)?;
            // SAFETY: no other reference to this account's data lives: the vault and the currency are accounts of other
            // types, and the voucher of the receipt before was dropped at the end of its turn.
            let mut account = unsafe { Account::<Voucher>::load_mut(voucher)? };
            // The address names program, vault and session: a receipt for another voucher of the same session key, opened
            // in the same second, differs in nothing else.
            require!(
                receipt.voucher == *account.address().as_array(),
                SpecieError::ReceiptForOtherVoucher
            );
            let voucher: &mut Voucher = &mut account;
            require!(
                voucher.vault == vault_address,
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
            let settlement =
                voucher.settle(Units::new(receipt.cumulative), &currency.params, now)?;
            vault.deliver(settlement.units, settlement.work)?;
            if !voucher.challenged_until.is_zero() && !voucher.is_unanswered(now) {
                // Served is answered. What was staked stays with the rent: no account here is the operator's.
                vault.end_challenge(voucher)?;
            }
            emit(Settled {
                vault: vault_address,
                voucher: Address::new_from_array(receipt.voucher),
                settled: voucher.settled,
                balances: vault.balances,
            });
            // A voucher reopened at the same address in the same second would be the same channel to the old receipts, so
            // one that is consumed in the second of its opening stays, and is reclaimed like any other. One whose challenge
            // went unanswered stays, too: what its owner staked returns by compensation.
            if voucher.remaining()?.is_zero()
                && now > voucher.opened_at
                && voucher.challenged_until.is_zero()
            {
                require!(
                    voucher.rent_payer == *rent_payer.address(),
                    SpecieError::RentPayerMismatch
                );
                vault.close_voucher()?;
                account.close(rent_payer)?;
            } else {
                account.release();
            }
        }
        vault.invariant()
    }
}
