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
    /// Who may take the vault over; the vendor's own key takes that back.
    pub vendor: Option<Address>,
}

/// A vendor changes its keys, payout, classes or offer, or hands its vault over. Whom it is being handed to takes it over by
/// the same instruction.
#[derive(Accounts)]
pub struct UpdateVault {
    /// The vendor, or whom the vault is being handed to.
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
        let currency = &self.currency;
        spl::require_outside(
            self.payout.account(),
            &currency.collateral_mint,
            &[currency.address(), &currency.pool, self.vault.address()],
        )
    }

    /// `Offered → Handed over`, where its vendor to be signs; then the changes, as the vendor.
    #[inline(always)]
    pub fn handler(ctx: &mut Context<Self>, args: UpdateVaultArgs) -> Result<()> {
        let accounts = &mut ctx.accounts;
        accounts.vault.admit_vendor(accounts.vendor.address())?;
        accounts.validate(&args)?;
        let vault = &mut accounts.vault;
        if let Some(vendor) = args.vendor {
            vault.hand_to(vendor);
        }
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
