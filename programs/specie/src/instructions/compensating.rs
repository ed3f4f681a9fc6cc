use {
    crate::{
        account::Account,
        errors::SpecieError,
        events::{emit, Compensated},
        lamports, spl,
        state::{Book, BreachTerms, Currency, Standard, Vault, Voucher},
        units::*,
    },
    anchor_lang::{prelude::*, AccountClose},
    specie_wire::Key,
};

/// What paying for a breach needs, an unanswered challenge or a ruling.
#[derive(Accounts)]
pub struct Compensating {
    /// The currency.
    pub currency: Account<Currency>,
    /// The currency's Standard.
    #[account(constraint = standard.currency == *currency.address() @ SpecieError::StandardMismatch)]
    pub standard: Account<Standard>,
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
    /// The vault's collateral account.
    #[account(mut, address = vault.collateral_account @ SpecieError::CollateralAccountMismatch)]
    pub collateral_account: UncheckedAccount,
    /// The owner's associated account of the collateral token; where the owner signs, any account of the owner's.
    #[account(mut)]
    pub cash_to: UncheckedAccount,
    /// The currency's mint.
    #[account(mut, address = currency.mint @ SpecieError::MintMismatch)]
    pub mint: UncheckedAccount,
    /// The same of the currency's token.
    #[account(mut)]
    pub tokens_to: UncheckedAccount,
    /// The classic SPL Token program.
    pub token_program: Program<Token>,
}

/// What a vendor did not serve.
pub struct Breach {
    /// The units.
    pub units: Units,
    /// SHA-256 of a ruling's evidence; zero after a challenge.
    pub evidence_hash: Key,
    /// Time of the ruling; 0 after a challenge.
    pub ruled_at: Timestamp,
    /// Whether it was claimed in time for cash.
    pub in_time: bool,
    /// The chain's clock.
    pub now: Timestamp,
}

impl Compensating {
    /// Refuses to pay elsewhere than the voucher's owner can expect.
    #[inline(never)]
    pub fn validate(&self) -> Result<()> {
        let owner = self.owner.account();
        let collateral_mint = &self.currency.collateral_mint;
        spl::require_payee(self.cash_to.account(), collateral_mint, owner)?;
        spl::require_payee(self.tokens_to.account(), self.mint.address(), owner)
    }

    /// Takes units out of the voucher, pays some in cash and returns the rest as tokens.
    #[inline(never)]
    pub fn compensate(&mut self, breach: &Breach) -> Result<()> {
        let (vault, voucher) = (&mut self.vault, &mut self.voucher);
        let terms = BreachTerms {
            params: &self.currency.params,
            standard: &self.standard,
            cash_frozen: spl::is_frozen(self.collateral_account.account())?
                || spl::is_frozen(self.cash_to.account())?,
            in_time: breach.in_time,
            now: breach.now,
        };
        let holders = (&mut *self.book, spl::supply(self.mint.account())?);
        let compensation = vault.compensate(voucher, breach.units, &terms, holders)?;
        spl::pay_from_vault(
            vault,
            self.collateral_account.account(),
            self.cash_to.account(),
            compensation.cash,
        )?;
        spl::mint(
            &self.currency,
            self.mint.account(),
            self.tokens_to.account(),
            compensation.tokens,
        )?;
        emit(Compensated {
            vault: voucher.vault,
            voucher: *voucher.address(),
            owner: voucher.owner,
            evidence_hash: breach.evidence_hash,
            units: compensation.paid,
            cash: compensation.cash,
            returned: compensation.returned,
            tokens: compensation.tokens,
            compensated: voucher.compensated,
            ruled_at: breach.ruled_at,
            penalty: vault.penalty,
            balances: vault.balances,
        });
        vault.invariant()
    }

    /// Closes the voucher: what a challenge staked goes to the owner, the rent to who paid it.
    #[inline(never)]
    pub fn close(&mut self) -> Result<()> {
        let (vault, voucher) = (&mut self.vault, &mut self.voucher);
        let deposit = vault.end_challenge(voucher)?;
        vault.close_voucher()?;
        lamports::pay_out(voucher.account(), self.owner.account(), deposit)?;
        voucher.close(*self.rent_payer.account())
    }
}
