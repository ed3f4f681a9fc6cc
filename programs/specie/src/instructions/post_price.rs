use {
    crate::{
        account::Account,
        clock,
        errors::SpecieError,
        events::{emit, PricePosted},
        signatures::{quorum_message, INSTRUCTIONS_SYSVAR},
        state::{Currency, Quorum, Standard},
    },
    anchor_lang::prelude::*,
    specie_wire::Price,
};

/// Anybody brings a price that the quorum signed; its signatures stand in the Ed25519 instruction before.
#[derive(Accounts)]
pub struct PostPrice {
    /// The currency.
    pub currency: Account<Currency>,
    /// The currency's Standard.
    #[account(mut, constraint = standard.currency == *currency.address() @ SpecieError::StandardMismatch)]
    pub standard: Account<Standard>,
    /// The currency's quorum.
    #[account(mut, constraint = quorum.currency == *currency.address() @ SpecieError::QuorumMismatch)]
    pub quorum: Account<Quorum>,
    /// The Instructions sysvar.
    #[account(address = INSTRUCTIONS_SYSVAR @ SpecieError::NotInstructionsSysvar)]
    pub instructions: UncheckedAccount,
}

impl PostPrice {
    /// Takes the price, and notes that the quorum is at work.
    #[inline(always)]
    pub fn handler(ctx: &mut Context<Self>) -> Result<()> {
        let accounts = &mut ctx.accounts;
        let currency = &accounts.currency;
        let now = clock::now()?;
        let price: Price = quorum_message(
            accounts.instructions.account(),
            &accounts.quorum,
            &currency.cluster,
        )?;
        accounts
            .standard
            .post_price(&price, &currency.params, now)?;
        accounts.quorum.see(currency.params.price_max_age, now);
        let standard = &accounts.standard;
        emit(PricePosted {
            currency: standard.currency,
            price_sequence: standard.price_sequence,
            price: standard.price,
            published_at: standard.published_at,
            cautious_price: standard.cautious_price,
            seen_at: now,
            silent: accounts.quorum.silent,
        });
        Ok(())
    }
}
