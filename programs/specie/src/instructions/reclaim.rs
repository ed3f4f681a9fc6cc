use {
    crate::{
        account::Account,
        clock,
        errors::SpecieError,
        events::{emit, Reclaimed},
        math::Rounding,
        spl,
        state::{Currency, Vault, Voucher},
    },
    anchor_lang::{prelude::*, AccountClose},
};

/// Anybody ends a voucher whose dispute window is over: what was not consumed returns to its owner as tokens.
#[derive(Accounts)]
pub struct Reclaim {
    /// The currency.
    pub currency: Account<Currency>,
    /// The vault.
    #[account(mut, constraint = vault.currency == *currency.address() @ SpecieError::VaultOfOtherCurrency)]
    pub vault: Account<Vault>,
    /// The voucher.
    #[account(mut, constraint = voucher.vault == *vault.address() @ SpecieError::VoucherOfOtherVault)]
    pub voucher: Account<Voucher>,
    /// Who paid the voucher's rent.
    #[account(mut, address = voucher.rent_payer @ SpecieError::RentPayerMismatch)]
    pub rent_payer: UncheckedAccount,
    /// The currency's mint.
    #[account(mut, address = currency.mint @ SpecieError::MintMismatch)]
    pub mint: UncheckedAccount,
    /// A token account of the voucher's owner.
    #[account(mut)]
    pub to: UncheckedAccount,
    /// The classic SPL Token program.
    pub token_program: Program<Token>,
}

impl Reclaim {
    fn validate(&self) -> Result<()> {
        spl::require_token_account_of(self.to.account(), self.mint.address(), &self.voucher.owner)
    }

    /// `open → outstanding`, and the voucher closes. What is owed for the returned tokens is rounded up.
    #[inline(always)]
    pub fn handler(ctx: &mut Context<Self>) -> Result<()> {
        ctx.accounts.validate()?;
        let accounts = &mut ctx.accounts;
        let (currency, voucher) = (&accounts.currency, &mut accounts.voucher);
        voucher.require_reclaimable(&currency.params, clock::now()?)?;
        let (units, tokens) = (voucher.remaining()?, voucher.remaining_tokens()?);
        let returned = tokens.units(currency.backing, Rounding::Up)?;
        accounts
            .vault
            .return_open(units, voucher.remaining_work()?, returned)?;
        spl::mint(
            currency,
            accounts.mint.account(),
            accounts.to.account(),
            tokens,
        )?;
        emit(Reclaimed {
            vault: voucher.vault,
            voucher: *voucher.address(),
            owner: voucher.owner,
            units,
            tokens,
            balances: accounts.vault.balances,
        });
        voucher.close(*accounts.rent_payer.account())?;
        accounts.vault.invariant()
    }
}
