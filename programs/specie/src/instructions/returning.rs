use {
    crate::{
        account::Account,
        errors::SpecieError,
        spl,
        state::{Backing, Book, Currency, Vault, Voucher},
        units::{Tokens, Units},
    },
    anchor_lang::prelude::*,
};

/// What returning the rest of a voucher needs, whoever ends it.
#[derive(Accounts)]
pub struct Returning {
    /// The currency.
    pub currency: Account<Currency>,
    /// The vault.
    #[account(mut, constraint = vault.currency == *currency.address() @ SpecieError::VaultOfOtherCurrency)]
    pub vault: Account<Vault>,
    /// The currency's book.
    #[account(mut, constraint = book.currency == *currency.address() @ SpecieError::BookMismatch)]
    pub book: Account<Book>,
    /// The voucher.
    #[account(mut, constraint = voucher.vault == *vault.address() @ SpecieError::VoucherOfOtherVault)]
    pub voucher: Account<Voucher>,
    /// The voucher's owner, who gets back what a challenge staked.
    // It may have paid the rent, too: only its lamports change.
    #[account(mut, unsafe(dup), address = voucher.owner @ SpecieError::VoucherOwnerMismatch)]
    pub owner: UncheckedAccount,
    /// Who paid the voucher's rent.
    // See the owner.
    #[account(mut, unsafe(dup), address = voucher.rent_payer @ SpecieError::RentPayerMismatch)]
    pub rent_payer: UncheckedAccount,
    /// The currency's mint.
    #[account(mut, address = currency.mint @ SpecieError::MintMismatch)]
    pub mint: UncheckedAccount,
    /// The owner's associated token account; where the owner signs, any token account of the owner's.
    #[account(mut)]
    pub to: UncheckedAccount,
    /// The classic SPL Token program.
    pub token_program: Program<Token>,
}

impl Returning {
    /// Refuses to pay elsewhere than the voucher's owner can expect.
    pub fn validate(&self) -> Result<()> {
        spl::require_payee(self.to.account(), self.mint.address(), self.owner.account())
    }

    /// What a token is backed by.
    pub fn backing(&self) -> Result<Backing> {
        Ok(self.book.backing(spl::supply(self.mint.account())?))
    }

    /// `open → outstanding` for all that is left, which the owner gets as tokens; returns both.
    #[inline(never)]
    pub fn return_rest(&mut self) -> Result<(Units, Tokens)> {
        let units = self.voucher.remaining()?;
        let holders = (&mut *self.book, spl::supply(self.mint.account())?);
        let tokens = self
            .vault
            .take_back(&mut self.voucher, units, Units::ZERO, holders)?;
        self.vault.close_voucher()?;
        spl::mint(
            &self.currency,
            self.mint.account(),
            self.to.account(),
            tokens,
        )?;
        Ok((units, tokens))
    }
}
