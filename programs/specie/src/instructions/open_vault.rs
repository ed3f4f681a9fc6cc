use {
    crate::{
        account::Account,
        clock,
        constants::{seeds, VERSION},
        errors::SpecieError,
        events::{emit, VaultOpened},
        signatures::is_small_order,
        spl,
        state::{Classes, Currency, Vault},
        token_account::NewTokenAccount,
        units::*,
    },
    anchor_lang::prelude::*,
    anchor_spl::token,
};

/// What a vault begins with.
#[derive(Clone, Copy, AnchorSerialize, AnchorDeserialize, IdlType)]
pub struct OpenVaultArgs {
    /// Signs vouchers off chain.
    pub issuer: Address,
    /// Settles and answers challenges.
    pub operator: Address,
    /// The most units it may owe.
    pub limit: Units,
    /// Classes it offers: 1 training, 2 inference, 4 fine-tuning, summed.
    pub classes: u8,
}

/// A vendor opens its vault, admitted by the currency's authority.
#[derive(Accounts)]
pub struct OpenVault {
    /// Pays the rent.
    // It may be the vendor or the authority, too: only its lamports change, and only by calls.
    #[account(unsafe(dup))]
    pub payer: Signer,
    /// The vendor; the vault's address derives from it.
    pub vendor: Signer,
    /// Admits the vendor.
    #[account(address = currency.authority @ SpecieError::NotAuthority)]
    pub authority: Signer,
    /// The currency.
    pub currency: Account<Currency>,
    /// The vault.
    #[account(
        init, payer = payer,
        seeds = [seeds::VAULT, currency.address().as_ref(), vendor.address().as_ref()], bump
    )]
    pub vault: Account<Vault>,
    /// The vault's collateral account.
    #[account(
        init, payer = payer, seeds = [seeds::COLLATERAL, vault.address().as_ref()], bump,
        token::mint = collateral_mint, token::authority = vault
    )]
    pub collateral_account: NewTokenAccount,
    /// Mint of the collateral token.
    #[account(address = currency.collateral_mint @ SpecieError::MintMismatch)]
    pub collateral_mint: UncheckedAccount,
    /// Token account that sales will pay to.
    pub payout: UncheckedAccount,
    /// The classic SPL Token program.
    pub token_program: Program<Token>,
    /// The System program.
    pub system_program: Program<System>,
}

impl OpenVault {
    fn validate(&self, args: &OpenVaultArgs) -> Result<()> {
        Classes(args.classes).validate()?;
        require!(
            !is_small_order(args.issuer.as_array()),
            SpecieError::KeyOfSmallOrder
        );
        spl::require_outside(
            self.payout.account(),
            self.collateral_mint.address(),
            &[
                self.currency.address(),
                &self.currency.pool,
                self.vault.address(),
            ],
        )
    }

    #[inline(always)]
    pub fn handler(ctx: &mut Context<Self>, args: OpenVaultArgs) -> Result<()> {
        ctx.accounts.validate(&args)?;
        let accounts = &mut ctx.accounts;
        let vendor = *accounts.vendor.address();
        let vault = &mut accounts.vault;
        vault.version = VERSION;
        vault.bump = ctx.bumps.vault;
        vault.classes = args.classes;
        vault.currency = *accounts.currency.address();
        vault.founder = vendor;
        vault.vendor = vendor;
        vault.issuer = args.issuer;
        vault.operator = args.operator;
        vault.payout = *accounts.payout.address();
        vault.collateral_account = *accounts.collateral_account.address();
        vault.limit = args.limit;
        vault.opened_at = clock::now()?;
        emit(VaultOpened {
            currency: vault.currency,
            vault: *vault.address(),
            vendor,
            issuer: vault.issuer,
            operator: vault.operator,
            payout: vault.payout,
            limit: vault.limit,
            classes: vault.classes,
        });
        Ok(())
    }
}
