use {
    crate::{
        account::Account,
        clock,
        errors::SpecieError,
        events::{emit, Challenged},
        lamports,
        state::{Currency, Vault, Voucher},
    },
    anchor_lang::prelude::*,
};

/// A voucher's owner, whom the vendor does not even sign it for, calls on the vendor in public.
#[derive(Accounts)]
pub struct Challenge {
    /// The voucher's owner.
    #[account(address = voucher.owner @ SpecieError::NotVoucherOwner)]
    pub owner: Signer,
    /// Stakes the deposit, and pays what the voucher lacks of the cluster's rent. An owner whose account holds data can pay
    /// nothing by the System program, so this may be somebody else.
    // It may be the owner, too: only its lamports change, and only by calls.
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    /// The currency.
    pub currency: Account<Currency>,
    /// The vault.
    #[account(mut, constraint = vault.currency == *currency.address() @ SpecieError::VaultOfOtherCurrency)]
    pub vault: Account<Vault>,
    /// The voucher.
    #[account(mut, constraint = voucher.vault == *vault.address() @ SpecieError::VoucherOfOtherVault)]
    pub voucher: Account<Voucher>,
    /// The System program.
    pub system_program: Program<System>,
}

impl Challenge {
    /// `Open → Challenged`: from `challenged_until` on, unanswered, the voucher is paid out.
    #[inline(always)]
    pub fn handler(ctx: &mut Context<Self>) -> Result<()> {
        let accounts = &mut ctx.accounts;
        let params = &accounts.currency.params;
        let (vault, voucher) = (&mut accounts.vault, &mut accounts.voucher);
        let now = clock::now()?;
        let until = vault.queue_answer(params, now)?;
        voucher.challenge(until, params.challenge_deposit, now)?;
        lamports::stake(
            accounts.payer.account(),
            voucher.account(),
            params.challenge_deposit,
        )?;
        emit(Challenged {
            vault: voucher.vault,
            voucher: *voucher.address(),
            owner: voucher.owner,
            deposit: voucher.challenge_deposit,
            challenged_until: until,
            challenges: vault.challenges,
        });
        Ok(())
    }
}
