use {
    crate::{
        account::Account,
        constants::{seeds, VERSION},
        errors::SpecieError,
        events::{emit, CurrencyCreated},
        spl,
        state::{Book, Currency, Params, Pool, Quorum, Standard},
        token_account::NewTokenAccount,
        units::*,
    },
    anchor_lang::{__alloc::vec::Vec, prelude::*},
    anchor_spl::token,
};

/// What a currency begins with.
#[derive(Clone, AnchorSerialize, AnchorDeserialize, IdlType)]
pub struct CreateCurrencyArgs {
    /// Genesis hash of this cluster; signed messages name it.
    pub cluster: [u8; 32],
    /// May pause, suspend and cancel.
    pub guardian: Address,
    /// The first Standard: TFLOP per SCU.
    pub work_per_scu: WorkPerScu,
    /// Signatures that a quorum message needs: 1 to 7.
    pub threshold: u8,
    /// The quorum's keys, 1 to 16, distinct and ascending. About ten fit one transaction; more come by a change.
    pub attestors: Vec<[u8; 32]>,
    /// The rules.
    pub params: Params,
}

/// The authority founds a currency on an existing mint and hands the mint over to it.
#[derive(Accounts)]
pub struct CreateCurrency {
    /// Signs for the mint, pays the rent, and becomes the currency's authority.
    #[account(mut)]
    pub authority: Signer,
    /// The mint to take over: 6 decimals, no supply, no freeze authority.
    // `validate` refuses a mint that is the collateral's, too, by its own name.
    #[account(unsafe(dup))]
    pub mint: UncheckedAccount,
    /// Mint of the collateral token.
    pub collateral_mint: UncheckedAccount,
    /// The currency.
    #[account(init, payer = authority, seeds = [seeds::CURRENCY, mint.address().as_ref()], bump)]
    pub currency: Account<Currency>,
    /// The currency's Standard.
    #[account(init, payer = authority, seeds = [seeds::STANDARD, currency.address().as_ref()], bump)]
    pub standard: Account<Standard>,
    /// The currency's quorum.
    #[account(init, payer = authority, seeds = [seeds::QUORUM, currency.address().as_ref()], bump)]
    pub quorum: Account<Quorum>,
    /// What all its vaults owe.
    #[account(init, payer = authority, seeds = [seeds::BOOK, currency.address().as_ref()], bump)]
    pub book: Account<Book>,
    /// The currency's staking pool.
    #[account(init, payer = authority, seeds = [seeds::POOL, currency.address().as_ref()], bump)]
    pub pool: Account<Pool>,
    /// Where fees go.
    #[account(
        init, payer = authority, seeds = [seeds::REVENUE, currency.address().as_ref()], bump,
        token::mint = collateral_mint, token::authority = currency
    )]
    pub revenue: NewTokenAccount,
    /// What is set aside for defaults.
    #[account(
        init, payer = authority, seeds = [seeds::INSURANCE, currency.address().as_ref()], bump,
        token::mint = collateral_mint, token::authority = currency
    )]
    pub insurance: NewTokenAccount,
    /// What stakers stake.
    #[account(
        init, payer = authority, seeds = [seeds::STAKED, pool.address().as_ref()], bump,
        token::mint = mint, token::authority = pool
    )]
    pub staked: NewTokenAccount,
    /// What stakers may claim.
    #[account(
        init, payer = authority, seeds = [seeds::REWARDS, pool.address().as_ref()], bump,
        token::mint = collateral_mint, token::authority = pool
    )]
    pub rewards: NewTokenAccount,
    /// Token account of the treasury.
    pub treasury: UncheckedAccount,
    /// The classic SPL Token program.
    pub token_program: Program<Token>,
    /// The System program.
    pub system_program: Program<System>,
}

impl CreateCurrency {
    fn validate(&self, args: &CreateCurrencyArgs) -> Result<()> {
        args.params.validate()?;
        require!(
            self.collateral_mint.address() != self.mint.address(),
            SpecieError::CollateralIsOwnMint
        );
        spl::require_mint(self.collateral_mint.account())?;
        spl::require_mint_to_take_over(self.mint.account(), self.authority.address())?;
        spl::require_outside(
            self.treasury.account(),
            self.collateral_mint.address(),
            &[self.currency.address(), self.pool.address()],
        )
    }

    #[inline(always)]
    pub fn handler(ctx: &mut Context<Self>, args: CreateCurrencyArgs) -> Result<()> {
        ctx.accounts.validate(&args)?;
        let bumps = &ctx.bumps;
        let accounts = &mut ctx.accounts;
        let address = *accounts.currency.address();

        let currency = &mut accounts.currency;
        currency.version = VERSION;
        currency.bump = bumps.currency;
        currency.authority = *accounts.authority.address();
        currency.guardian = args.guardian;
        currency.mint = *accounts.mint.address();
        currency.collateral_mint = *accounts.collateral_mint.address();
        currency.cluster = args.cluster;
        currency.treasury = *accounts.treasury.address();
        currency.revenue = *accounts.revenue.address();
        currency.insurance = *accounts.insurance.address();
        currency.pool = *accounts.pool.address();
        currency.params = args.params;

        accounts
            .standard
            .found(address, bumps.standard, args.work_per_scu)?;
        let book = &mut accounts.book;
        book.version = VERSION;
        book.bump = bumps.book;
        book.currency = address;
        let quorum = &mut accounts.quorum;
        quorum.version = VERSION;
        quorum.bump = bumps.quorum;
        quorum.currency = address;
        quorum.install(&args.attestors, args.threshold)?;
        accounts.pool.found(
            address,
            bumps.pool,
            *accounts.staked.address(),
            *accounts.rewards.address(),
        );

        spl::take_over_mint(
            accounts.mint.account(),
            accounts.authority.account(),
            &address,
        )?;

        let currency = &accounts.currency;
        emit(CurrencyCreated {
            currency: address,
            mint: currency.mint,
            collateral_mint: currency.collateral_mint,
            authority: currency.authority,
            guardian: currency.guardian,
            cluster: currency.cluster,
            work_per_scu: args.work_per_scu,
            quorum_epoch: accounts.quorum.epoch,
            params: currency.params,
        });
        Ok(())
    }
}
