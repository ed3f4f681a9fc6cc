use {
    crate::{
        account::Account,
        clock,
        constants::{seeds, VERSION},
        errors::SpecieError,
        events::{emit, Redeemed},
        spl,
        state::{Book, Claim, Currency, RedeemTerms, Standard, Vault, Voucher},
        units::*,
    },
    anchor_lang::prelude::*,
};

/// A holder burns tokens and opens a voucher at a vault. Needs no vendor, no price and no oracle; no pause stops it.
#[derive(Accounts)]
pub struct Redeem {
    /// Whose tokens are burned, and who owns the voucher.
    pub owner: Signer,
    /// Signs receipts; signs here too, so that nobody opens a voucher on a key they do not hold.
    pub session: Signer,
    /// Pays the voucher's rent, and gets it back.
    // It may be the owner, too: only its lamports change, and only by calls.
    #[account(unsafe(dup))]
    pub rent_payer: Signer,
    /// The currency.
    pub currency: Account<Currency>,
    /// The currency's Standard.
    #[account(constraint = standard.currency == *currency.address() @ SpecieError::StandardMismatch)]
    pub standard: Account<Standard>,
    /// The vault that owes.
    #[account(mut, constraint = vault.currency == *currency.address() @ SpecieError::VaultOfOtherCurrency)]
    pub vault: Account<Vault>,
    /// The currency's book.
    #[account(mut, constraint = book.currency == *currency.address() @ SpecieError::BookMismatch)]
    pub book: Account<Book>,
    /// The voucher, which is created.
    #[account(mut)]
    pub voucher: UncheckedAccount,
    /// The currency's mint.
    #[account(mut, address = currency.mint @ SpecieError::MintMismatch)]
    pub mint: UncheckedAccount,
    /// Token account whose tokens are burned.
    #[account(mut)]
    pub from: UncheckedAccount,
    /// The classic SPL Token program.
    pub token_program: Program<Token>,
    /// The System program.
    pub system_program: Program<System>,
}

impl Redeem {
    /// `outstanding → open`: `tokens` are burned for what they are backed by, rounded down.
    ///
    /// A session key may have a voucher at each bump: what is signed for one, receipts and the voucher itself, names its
    /// address.
    #[inline(always)]
    pub fn handler(ctx: &mut Context<Self>, tokens: Tokens, class: u8, bump: u8) -> Result<()> {
        let accounts = &mut ctx.accounts;
        let vault_account = *accounts.vault.account();
        let vault: &mut Vault = &mut accounts.vault;
        let now = clock::now()?;
        let backing = accounts.book.backing(spl::supply(accounts.mint.account())?);
        let terms = RedeemTerms {
            params: &accounts.currency.params,
            standard: &accounts.standard,
            now,
        };
        let claim = Claim::new(tokens, class, vault, backing, &terms)?;
        vault.open_voucher(claim.units, claim.work()?, tokens)?;
        accounts.book.discharge(claim.units)?;

        let (vault_address, session) = (vault_account.address(), accounts.session.address());
        let mut voucher = Account::<Voucher>::create_at(
            accounts.rent_payer.account(),
            accounts.voucher.account(),
            &[
                seeds::VOUCHER,
                vault_address.as_ref(),
                session.as_ref(),
                &[bump],
            ],
        )?;
        let voucher: &mut Voucher = &mut voucher;
        voucher.version = VERSION;
        voucher.bump = bump;
        voucher.class = claim.class as u8;
        voucher.assessments = vault.assessments;
        voucher.vault = *vault_address;
        voucher.session = *session;
        voucher.owner = *accounts.owner.address();
        voucher.rent_payer = *accounts.rent_payer.address();
        voucher.units = claim.units;
        voucher.tokens = tokens;
        voucher.work_per_scu = claim.work_per_scu;
        voucher.opened_at = now;
        voucher.expires_at = claim.expires_at;

        spl::burn(
            accounts.mint.account(),
            accounts.from.account(),
            accounts.owner.account(),
            tokens,
        )?;
        emit(Redeemed {
            vault: *vault_address,
            voucher: *accounts.voucher.address(),
            owner: *accounts.owner.address(),
            session: *session,
            tokens,
            units: claim.units,
            work_per_scu: claim.work_per_scu,
            opened_at: now,
            expires_at: claim.expires_at,
            balances: vault.balances,
            class: claim.class as u8,
        });
        vault.invariant()
    }
}
