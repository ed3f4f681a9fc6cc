use {
    crate::{
        account::Account,
        clock,
        constants::seeds,
        errors::SpecieError,
        events::{emit, Staked},
        spl,
        state::{Pool, Stake},
        units::Tokens,
    },
    anchor_lang::prelude::*,
};

/// A holder stakes tokens.
#[derive(Accounts)]
pub struct StakeTokens {
    /// Who stakes, and pays the rent of a new stake.
    #[account(mut)]
    pub owner: Signer,
    /// The pool.
    #[account(mut)]
    pub pool: Account<Pool>,
    /// The owner's stake; created where it is missing.
    #[account(mut)]
    pub stake: UncheckedAccount,
    /// The owner's account of the token.
    #[account(mut)]
    pub from: UncheckedAccount,
    /// The pool's account of staked tokens.
    #[account(mut, address = pool.staked_account @ SpecieError::StakedAccountMismatch)]
    pub staked_account: UncheckedAccount,
    /// The classic SPL Token program.
    pub token_program: Program<Token>,
    /// The System program.
    pub system_program: Program<System>,
}

impl StakeTokens {
    /// `held → staked`: the tokens earn from now on.
    #[inline(always)]
    pub fn handler(ctx: &mut Context<Self>, tokens: Tokens, bump: u8) -> Result<()> {
        let accounts = &mut ctx.accounts;
        let mut stake = accounts.open_stake(bump)?;
        let pool = &mut accounts.pool;
        stake.stake(tokens, pool, clock::now()?)?;
        spl::send(
            accounts.from.account(),
            accounts.staked_account.account(),
            accounts.owner.account(),
            tokens,
        )?;
        emit(Staked {
            stake: *stake.address(),
            pool: stake.pool,
            owner: stake.owner,
            tokens,
            staked: stake.staked,
            staked_by_all: pool.staked,
        });
        Ok(())
    }

    /// The owner's stake in the pool, as it is or new.
    #[inline(always)]
    fn open_stake(&self, bump: u8) -> Result<Account<Stake>> {
        let view = self.stake.account();
        if view.owned_by(&System::id()) {
            return self.create_stake(bump);
        }
        // SAFETY: no other reference to this account's data lives: the pool is an account of another type, and the rest
        // are not read.
        let stake = unsafe { Account::<Stake>::load_mut(*view)? };
        require!(
            stake.pool == *self.pool.address(),
            SpecieError::StakeOfOtherPool
        );
        require!(
            stake.owner == *self.owner.address(),
            SpecieError::NotStakeOwner
        );
        Ok(stake)
    }

    /// A new stake at the address of this bump. Whoever names another than the first has a second stake, which earns as any
    /// other.
    #[inline(never)]
    fn create_stake(&self, bump: u8) -> Result<Account<Stake>> {
        let (pool, owner) = (self.pool.address(), self.owner.address());
        let mut stake = Account::<Stake>::create_at(
            self.owner.account(),
            self.stake.account(),
            &[seeds::STAKE, pool.as_ref(), owner.as_ref(), &[bump]],
        )?;
        stake.found(*pool, *owner, bump);
        Ok(stake)
    }
}
