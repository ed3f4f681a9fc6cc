use {
    super::issuing::*,
    crate::{
        errors::SpecieError,
        events::{emit, Purchased},
        spl::{self, Move},
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

    /// Pays fee, retained share and payout, and mints.
    #[inline(always)]
    pub fn handler(ctx: &mut Context<Self>, tokens: Tokens, max_payment: Quote) -> Result<()> {
        ctx.accounts.validate()?;
        let accounts = &mut ctx.accounts;
        let issuing = &mut accounts.issuing;
        let backing = issuing.backing()?;
        let fee = issuing.currency.params.fee;
        let sale = issuing.vault.offer.sale(tokens, backing, fee)?;
        require!(
            sale.payment <= max_payment,
            SpecieError::PaymentAboveMaximum
        );
        issuing.vault.sell(&sale)?;
        issuing.owe(tokens, backing)?;

        let (from, buyer) = (accounts.from.account(), accounts.buyer.account());
        let bump = [issuing.currency.bump];
        let moves = [
            Move::pay(from, accounts.revenue.account(), buyer, sale.fee),
            Move::pay(
                from,
                issuing.collateral_account.account(),
                buyer,
                sale.retained,
            ),
            Move::pay(from, accounts.payout.account(), buyer, sale.payout),
            Move::mint(
                &issuing.currency,
                issuing.mint.account(),
                issuing.to.account(),
                tokens,
            ),
        ];
        spl::carry_out_together(&moves, &issuing.currency.signer_seeds(&bump))?;
        emit(Purchased {
            vault: *issuing.vault.address(),
            buyer: *accounts.buyer.address(),
            to: *issuing.to.address(),
            tokens,
            units: sale.units,
            payment: sale.payment,
            fee: sale.fee,
            retained: sale.retained,
            offer_units: issuing.vault.offer.units,
            balances: issuing.vault.balances,
        });
        issuing.vault.invariant()
    }
}
