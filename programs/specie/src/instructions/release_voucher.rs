use {
    super::returning::*,
    crate::{
        clock,
        errors::SpecieError,
        events::{emit, VoucherReleased},
        lamports,
    },
    anchor_lang::{prelude::*, AccountClose},
};

/// A vendor declines a voucher, or what is left of it: it returns to its owner as tokens at once.
#[derive(Accounts)]
pub struct ReleaseVoucher {
    /// The vault's operator.
    pub operator: Signer,
    /// What returning the rest needs.
    pub returning: Nested<Returning>,
}

impl ReleaseVoucher {
    fn validate(&self) -> Result<()> {
        require!(
            *self.operator.address() == self.returning.vault.operator,
            SpecieError::NotOperator
        );
        self.returning.validate()
    }

    /// `open → outstanding`, and the voucher closes, challenged or not, unless it is the challenger's to be compensated.
    #[inline(always)]
    pub fn handler(ctx: &mut Context<Self>) -> Result<()> {
        ctx.accounts.validate()?;
        let returning: &mut Returning = &mut ctx.accounts.returning;
        let now = clock::now()?;
        let currency = &returning.currency;
        let rest = returning.voucher.unconsumed(currency.backing)?;
        returning.voucher.require_releasable(rest.owed, now)?;
        let deposit = returning.vault.end_challenge(&mut returning.voucher)?;
        returning.return_rest(&rest)?;
        let voucher = &mut returning.voucher;
        emit(VoucherReleased {
            vault: voucher.vault,
            voucher: *voucher.address(),
            owner: voucher.owner,
            units: rest.units,
            tokens: rest.tokens,
            balances: returning.vault.balances,
        });
        lamports::pay_out(voucher.account(), returning.owner.account(), deposit)?;
        voucher.close(*returning.rent_payer.account())?;
        returning.vault.invariant()
    }
}
