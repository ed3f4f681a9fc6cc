use {
    crate::{
        account::Account,
        errors::SpecieError,
        events::{emit, VaultUpdated},
        signatures::is_small_order,
        spl,
        state::{Classes, Currency, Offer, Vault},
    },
    anchor_lang::prelude::*,
};

/// What a vendor changes; what is absent stays.
#[derive(Clone, Copy, AnchorSerialize, AnchorDeserialize, IdlType)]
pub struct UpdateVaultArgs {
    /// Signs vouchers off chain.
    pub issuer: Option<Address>,
    /// Settles and answers challenges.
    pub operator: Option<Address>,
    /// Classes it offers: 1 training, 2 inference, 4 fine-tuning, summed.
    pub classes: Option<u8>,
    /// At what it sells; a price of 0 withdraws the offer.
    pub offer: Option<Offer>,
}

/// A vendor changes its keys, payout, classes or offer.
#[derive(Accounts)]
pub struct UpdateVault {
    /// The vendor.
    #[account(address = vault.vendor @ SpecieError::NotVendor)]
    pub vendor: Signer,
    /// The currency.
    pub currency: Account<Currency>,
    /// The vault.
    #[account(mut, constraint = vault.currency == *currency.address() @ SpecieError::VaultOfOtherCurrency)]
    pub vault: Account<Vault>,
    /// Token account that sales pay to from now on: the present one, or another.
    pub payout: UncheckedAccount,
}

impl UpdateVault {
    fn validate(&self, args: &UpdateVaultArgs) -> Result<()> {
        if let Some(classes) = args.classes {
            Classes(classes).validate()?;
        }
        if let Some(issuer) = &args.issuer {
            require!(
                !is_small_order(issuer.as_array()),
                SpecieError::KeyOfSmallOrder
            );
        }
        spl::require_token_account(self.payout.account(), &self.currency.collateral_mint)
    }

    #[inline(always)]
    pub fn handler(ctx: &mut Context<Self>, args: UpdateVaultArgs) -> Result<()> {
        ctx.accounts.validate(&args)?;
        let accounts = &mut ctx.accounts;
        let vault = &mut accounts.vault;
        if let Some(offer) = args.offer {
            vault.make_offer(offer, accounts.currency.params.fee)?;
        }
        vault.issuer = args.issuer.unwrap_or(vault.issuer);
        vault.operator = args.operator.unwrap_or(vault.operator);
        vault.classes = args.classes.unwrap_or(vault.classes);
        vault.payout = *accounts.payout.address();
        emit(VaultUpdated {
            vault: *vault.address(),
            vendor: vault.vendor,
            pending_vendor: vault.pending_vendor,
            issuer: vault.issuer,
            operator: vault.operator,
            payout: vault.payout,
            offer: vault.offer,
            classes: vault.classes,
        });
        Ok(())
    }
}
