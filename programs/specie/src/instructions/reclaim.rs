use {
    super::returning::*,
    crate::{
        clock,
        events::{emit, Reclaimed},
    },
    anchor_lang::{prelude::*, AccountClose},
};

/// Anybody ends a voucher whose dispute window is over: what was not consumed returns to its owner as tokens.
#[derive(Accounts)]
pub struct Reclaim {
    /// What returning the rest needs.
    pub returning: Nested<Returning>,
}

impl Reclaim {
    /// `open → outstanding`, and the voucher closes. What was open is owed to token holders again, to the unit.
    #[inline(always)]
    pub fn handler(ctx: &mut Context<Self>) -> Result<()> {
        let returning: &mut Returning = &mut ctx.accounts.returning;
        returning.validate()?;
        returning
            .voucher
            .require_reclaimable(&returning.currency.params, clock::now()?)?;
        let (units, tokens) = returning.return_rest()?;
        let voucher = &mut returning.voucher;
        emit(Reclaimed {
            vault: voucher.vault,
            voucher: *voucher.address(),
            owner: voucher.owner,
            units,
            tokens,
            balances: returning.vault.balances,
        });
        voucher.close(*returning.rent_payer.account())?;
        returning.vault.invariant()
    }
}
