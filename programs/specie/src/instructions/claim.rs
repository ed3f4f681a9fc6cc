use {
    crate::{
        account::Account,
        clock,
        errors::SpecieError,
        events::{emit, Claimed},
        spl,
        state::{Pool, Stake},
    },
    anchor_lang::{prelude::*, AccountClose},
};

/// A holder is paid the rewards of a stake.
#[derive(Accounts)]
pub struct ClaimRewards {
    /// The stake's owner; gets its rent back.
    #[account(mut, address = stake.owner @ SpecieError::NotStakeOwner)]
    pub owner: Signer,
    /// The pool.
    #[account(mut)]
    pub pool: Account<Pool>,
    /// The stake.
    #[account(mut, constraint = stake.pool == *pool.address() @ SpecieError::StakeOfOtherPool)]
    pub stake: Account<Stake>,
    /// The pool's account of rewards.
    #[account(mut, address = pool.rewards_account @ SpecieError::RewardsAccountMismatch)]
    pub rewards_account: UncheckedAccount,
    /// Token account that is paid.
    #[account(mut)]
    pub to: UncheckedAccount,
    /// The classic SPL Token program.
    pub token_program: Program<Token>,
}

impl ClaimRewards {
    /// Pays what was earned until now. A stake of nothing closes.
    #[inline(always)]
    pub fn handler(ctx: &mut Context<Self>) -> Result<()> {
        let accounts = &mut ctx.accounts;
        let (pool, stake) = (&mut accounts.pool, &mut accounts.stake);
        let rewards = stake.claim(pool, clock::now()?)?;
        spl::pay_rewards(
            pool,
            accounts.rewards_account.account(),
            accounts.to.account(),
            rewards,
        )?;
        emit(Claimed {
            stake: *stake.address(),
            pool: stake.pool,
            owner: stake.owner,
            rewards,
            staked: stake.staked,
        });
        if stake.staked.is_zero() {
            stake.close(*accounts.owner.account())?;
        }
        Ok(())
    }
}
