use {
    crate::{
        account::Account,
        clock,
        errors::SpecieError,
        events::{emit, Answered},
        lamports,
        signatures::{voucher_message, INSTRUCTIONS_SYSVAR},
        state::{Currency, Vault, Voucher},
    },
    anchor_lang::prelude::*,
};

/// A vendor answers a challenge with the signed voucher; the issuer's signature stands in the Ed25519 instruction before.
#[derive(Accounts)]
pub struct Answer {
    /// The vault's operator, who had to act and gets the deposit.
    #[account(mut, address = vault.operator @ SpecieError::NotOperator)]
    pub operator: Signer,
    /// The currency.
    pub currency: Account<Currency>,
    /// The vault.
    #[account(mut, constraint = vault.currency == *currency.address() @ SpecieError::VaultOfOtherCurrency)]
    pub vault: Account<Vault>,
    /// The voucher.
    #[account(mut, constraint = voucher.vault == *vault.address() @ SpecieError::VoucherOfOtherVault)]
    pub voucher: Account<Voucher>,
    /// The Instructions sysvar.
    #[account(address = INSTRUCTIONS_SYSVAR @ SpecieError::NotInstructionsSysvar)]
    pub instructions: UncheckedAccount,
}

impl Answer {
    /// `Challenged → Answered`: what the event carries is the signed voucher, for its holder and for everybody.
    #[inline(always)]
    pub fn handler(ctx: &mut Context<Self>) -> Result<()> {
        let accounts = &mut ctx.accounts;
        let currency = &accounts.currency;
        let (vault, voucher) = (&mut accounts.vault, &mut accounts.voucher);
        let now = clock::now()?;
        let signed = voucher_message(accounts.instructions.account(), &currency.cluster)?;
        voucher.require_terms(voucher.address(), &signed.terms)?;
        require!(
            signed.issuer == *vault.issuer.as_array(),
            SpecieError::IssuerMismatch
        );
        voucher.answer(now)?;
        let deposit = vault.end_challenge(voucher)?;
        emit(Answered {
            vault: voucher.vault,
            voucher: *voucher.address(),
            issuer: vault.issuer,
            signature: signed.signature,
            answered_at: now,
        });
        lamports::pay_out_beyond_rent(voucher.account(), accounts.operator.account(), deposit)
    }
}
