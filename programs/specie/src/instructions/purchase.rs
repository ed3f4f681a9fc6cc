use {
    super::issuing::*,
    crate::{
        errors::SpecieError,
        events::Purchased,
        math::Rounding,
        spl,
        units::{Quote, Tokens},
    },
    anchor_lang::prelude::*,
};

/// Anybody buys tokens at a vault's offer.
#[derive(Accounts)]
pub struct Purchase {
    /// Who pays.
    pub buyer: Signer,
    /// What every issue needs.
    pub issuing: Nested<Issuing>,
    /// The buyer's account of the collateral token.
    #[account(mut)]
    pub from: UncheckedAccount,
    /// The currency's revenue account.
    #[account(mut)]
    pub revenue: UncheckedAccount,
    /// The vendor's payout account.
    #[account(mut)]
    pub payout: UncheckedAccount,
}

impl Purchase {
    fn validate(&self) -> Result<()> {
        require!(
            *self.revenue.address() == self.issuing.currency.revenue,
            SpecieError::RevenueMismatch
        );
        require!(
            *self.payout.address() == self.issuing.vault.payout,
            SpecieError::PayoutMismatch
        );
        Ok(())
    }

    /// Pays fee, retained share and payout, each rounded for the vault's side, and mints.
    pub fn handler(ctx: &mut Context<Self>, tokens: Tokens, max_payment: Quote) -> Result<()> {
        ctx.accounts.validate()?;
        let accounts = &mut ctx.accounts;
        let issuing = &mut accounts.issuing;
        let offer = issuing.vault.offer;
        let units = tokens.units(issuing.currency.backing, Rounding::Up)?;
        let payment = units.value(offer.price, Rounding::Up)?;
        require!(payment <= max_payment, SpecieError::PaymentAboveMaximum);
        let fee = payment.share(issuing.currency.params.fee, Rounding::Up)?;
        let retained = payment
            .minus(fee)?
            .min(payment.share(offer.retained, Rounding::Up)?);
        let payout = payment.minus(fee)?.minus(retained)?;

        issuing.vault.take_offer(units)?;
        issuing.vault.deposit(retained)?;
        issuing.book(tokens)?;

        let (from, buyer) = (accounts.from.account(), accounts.buyer.account());
        spl::pay(from, accounts.revenue.account(), buyer, fee)?;
        spl::pay(from, issuing.collateral_account.account(), buyer, retained)?;
        spl::pay(from, accounts.payout.account(), buyer, payout)?;
        issuing.mint(tokens)?;
        emit!(Purchased {
            vault: *issuing.vault.address(),
            buyer: *accounts.buyer.address(),
            to: *issuing.to.address(),
            tokens,
            units,
            payment,
            fee,
            retained,
            offer_units: issuing.vault.offer.units,
            balances: issuing.vault.balances,
        });
        issuing.vault.invariant()
    }
}
