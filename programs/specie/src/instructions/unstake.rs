use {
    crate::{
        account::Account,
        clock,
        errors::SpecieError,
        events::{emit, Unstaked},
        spl,
        state::{Pool, Stake},
        units::Tokens,
    },
    anchor_lang::prelude::*,
};

/// A holder takes staked tokens back. No pause stops it, and nothing that becomes of the rewards does.
#[derive(Accounts)]
pub struct UnstakeTokens {
    /// The stake's owner.
    #[account(address = stake.owner @ SpecieError::NotStakeOwner)]
    pub owner: Signer,
    /// The pool.
    #[account(mut)]
    pub pool: Account<Pool>,
    /// The stake.
    #[account(mut, constraint = stake.pool == *pool.address() @ SpecieError::StakeOfOtherPool)]
    pub stake: Account<Stake>,
    /// The pool's account of staked tokens.
    #[account(mut, address = pool.staked_account @ SpecieError::StakedAccountMismatch)]
    pub staked_account: UncheckedAccount,
    /// Token account that they go to.
    #[account(mut)]
    pub to: UncheckedAccount,
    /// The classic SPL Token program.
    pub token_program: Program<Token>,
}

impl UnstakeTokens {
    /// `staked → held`: the tokens earn no more; what they earned stays to be claimed.
    #[inline(always)]
    pub fn handler(ctx: &mut Context<Self>, tokens: Tokens) -> Result<()> {
        let accounts = &mut ctx.accounts;
        let (pool, stake) = (&mut accounts.pool, &mut accounts.stake);
        stake.unstake(tokens, pool, clock::now()?)?;
        spl::send_staked(
            pool,
            accounts.staked_account.account(),
            accounts.to.account(),
            tokens,
        )?;
        emit(Unstaked {
            stake: *stake.address(),
            pool: stake.pool,
            owner: stake.owner,
            tokens,
            staked: stake.staked,
            staked_by_all: pool.staked,
        });
        Ok(())
    }
}
