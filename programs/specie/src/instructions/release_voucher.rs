use {
    super::returning::*,
    crate::{
        clock,
        errors::SpecieError,
        events::{emit, VoucherReleased},
        lamports,
        state::Voucher,
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
        returning.voucher.require_releasable(clock::now()?)?;
        let backing = returning.backing()?;
        let deposit = returning.vault.end_challenge(&mut returning.voucher)?;
        let (units, tokens) = returning.return_rest()?;
        Voucher::require_whole(units, tokens, backing)?;
        let voucher = &mut returning.voucher;
        emit(VoucherReleased {
            vault: voucher.vault,
            voucher: *voucher.address(),
            owner: voucher.owner,
            units,
            tokens,
            balances: returning.vault.balances,
        });
        lamports::pay_out(voucher.account(), returning.owner.account(), deposit)?;
        voucher.close(*returning.rent_payer.account())?;
        returning.vault.invariant()
    }
}
