use {
    crate::{
        account::Account,
        clock,
        errors::SpecieError,
        events::Settling,
        signatures::{Receipts, INSTRUCTIONS_SYSVAR},
        spl,
        state::{Book, Currency, Vault, Voucher},
        units::{Timestamp, Units},
    },
    anchor_lang::{prelude::*, AccountClose},
};

/// Anybody brings one to five receipts of a vault's vouchers; their signatures stand in the Ed25519 instruction before.
///
/// Remaining accounts: at a defaulted vault the currency's book, writable, and its mint; then for each receipt, in order,
/// its voucher and the account that paid that voucher's rent, both writable.
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
        let vault_account = *accounts.vault.account();
        let vault: &mut Vault = &mut accounts.vault;
        // SAFETY: the sysvar is the runtime's own; what is written here are accounts of this program.
        let sysvar = unsafe { accounts.instructions.account().borrow_unchecked() };
        let receipts = Receipts::preceding(sysvar, &currency.cluster)?;
        let mut holders = if vault.has_been_assessed() {
            let (Some(book), Some(mint)) = (remaining.next_account()?, remaining.next_account()?)
            else {
                return Err(SpecieError::BookMissing.into());
            };
            // SAFETY: an account of another type than the others here, and loaded once.
            let book = unsafe { Account::<Book>::load_mut(book)? };
            book.require_of(accounts.currency.address())?;
            require!(*mint.address() == currency.mint, SpecieError::MintMismatch);
            Some((book, spl::supply(&mint)?))
        } else {
            None
        };
        let mut event = Settling::of(*vault_account.address());
        for signed in receipts.each() {
            let (Some(voucher), Some(rent_payer)) =
                (remaining.next_account()?, remaining.next_account()?)
            else {
                return Err(SpecieError::VoucherAccountsMissing.into());
            };
            // SAFETY: no other reference to this account's data lives: the vault and the currency are accounts of other
            // types, and the voucher of the receipt before was dropped at the end of its turn.
            let mut account = unsafe { Account::<Voucher>::load_mut(voucher)? };
            let address = voucher.address();
            // Not before the account is loaded: what was read would be kept in memory over that call.
            let receipt = signed.read()?;
            // The address names program, vault and session: a receipt for another voucher of the same session key, opened
            // in the same second, differs in nothing else.
            require!(
                receipt.voucher == *address.as_array(),
                SpecieError::ReceiptForOtherVoucher
            );
            let voucher: &mut Voucher = &mut account;
            require!(
                voucher.vault == *vault_account.address(),
                SpecieError::VoucherOfOtherVault
            );
            require!(
                voucher.session.as_array() == signed.key,
                SpecieError::ReceiptSignerMismatch
            );
            require!(
                voucher.opened_at == Timestamp::new(receipt.opened_at),
                SpecieError::ReceiptForEarlierVoucher
            );
            let settlement =
                voucher.settle(Units::new(receipt.cumulative), &currency.params, now)?;
            match &mut holders {
                None => vault.deliver(settlement.units, settlement.work)?,
                Some((book, supply)) => {
                    let served = (voucher as &Voucher, &settlement);
                    vault.deliver_after_default(served, book, *supply)?;
                }
            }
            if !voucher.challenged_until.is_zero() && !voucher.is_unanswered(now) {
                // Served is answered. What was staked stays with the rent: no account here is the operator's.
                vault.end_challenge(voucher)?;
            }
            event.add(address, voucher.settled)?;
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
        event.emit(vault.balances);
        vault.invariant()
    }
}
