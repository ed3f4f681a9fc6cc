use {
    crate::{
        account::Account,
        clock,
        errors::SpecieError,
        events::{emit, Distributed},
        spl,
        state::{Currency, PayablePayees, Pool},
        units::Quote,
    },
    anchor_lang::prelude::*,
};

/// Anybody splits the revenue between stakers, insurance and treasury.
#[derive(Accounts)]
pub struct Distribute {
    /// The currency.
    pub currency: Account<Currency>,
    /// The currency's staking pool.
    #[account(mut, constraint = pool.currency == *currency.address() @ SpecieError::PoolMismatch)]
    pub pool: Account<Pool>,
    /// The currency's revenue account.
    #[account(mut, address = currency.revenue @ SpecieError::RevenueMismatch)]
    pub revenue: UncheckedAccount,
    /// The pool's account of rewards.
    #[account(mut, address = pool.rewards_account @ SpecieError::RewardsAccountMismatch)]
    pub rewards: UncheckedAccount,
    /// The currency's insurance account.
    #[account(mut, address = currency.insurance @ SpecieError::InsuranceMismatch)]
    pub insurance: UncheckedAccount,
    /// The treasury's account.
    #[account(mut, address = currency.treasury @ SpecieError::TreasuryMismatch)]
    pub treasury: UncheckedAccount,
    /// The classic SPL Token program.
    pub token_program: Program<Token>,
}

impl Distribute {
    /// Pays all that the revenue account holds, donations included, to those who can be paid; the others' parts wait there
    /// for them alone. The stakers' part joins the pool's stream.
    #[inline(always)]
    pub fn handler(ctx: &mut Context<Self>) -> Result<()> {
        let accounts = &mut ctx.accounts;
        let revenue = spl::spendable(accounts.revenue.account())?;
        let can_be_paid = |account: &UncheckedAccount| {
            spl::can_be_paid(account.account(), &accounts.currency.collateral_mint)
        };
        let payees = PayablePayees {
            stakers: can_be_paid(&accounts.rewards),
            insurance: can_be_paid(&accounts.insurance),
            treasury: can_be_paid(&accounts.treasury),
        };
        let pool = &mut accounts.pool;
        let split = pool.share_out(revenue, &accounts.currency.params, &payees)?;
        pool.stream(split.to_stakers, clock::now()?)?;

        let pay = |to: &UncheckedAccount, amount: Quote| {
            spl::pay_from_currency(
                &accounts.currency,
                accounts.revenue.account(),
                to.account(),
                amount,
            )
        };
        pay(&accounts.rewards, split.to_stakers)?;
        pay(&accounts.insurance, split.to_insurance)?;
        pay(&accounts.treasury, split.to_treasury)?;
        emit(Distributed {
            currency: *accounts.currency.address(),
            to_stakers: split.to_stakers,
            to_insurance: split.to_insurance,
            to_treasury: split.to_treasury,
            waiting: accounts.pool.waiting,
            streaming: accounts.pool.streaming,
            streams_until: accounts.pool.streams_until,
        });
        Ok(())
    }
}
