//! Revenue and staking, as honest callers go about them.

use {
    super::{Call, Holder, World},
    solana_pubkey::Pubkey,
    specie_client::{
        address, instruction as ix,
        state::{Pool, Stake},
    },
};

impl World {
    /// Anybody splits the revenue.
    pub fn distribute(&self) -> Call {
        let treasury = self.currency_state().treasury;
        Call::new([ix::distribute(self.currency, treasury)], &[])
    }

    /// A holder stakes tokens.
    pub fn stake(&self, holder: &Holder, tokens: u64) -> Call {
        let owner = holder.party.address();
        let instruction = ix::stake(self.pool(), owner, holder.tokens, tokens);
        Call::new([instruction], &[&holder.party])
    }

    /// A holder takes staked tokens back.
    pub fn unstake(&self, holder: &Holder, tokens: u64) -> Call {
        let owner = holder.party.address();
        let instruction = ix::unstake(self.pool(), owner, holder.tokens, tokens);
        Call::new([instruction], &[&holder.party])
    }

    /// A holder is paid rewards.
    pub fn claim(&self, holder: &Holder) -> Call {
        let instruction = ix::claim(self.pool(), holder.party.address(), holder.stable);
        Call::new([instruction], &[&holder.party])
    }

    /// Has a holder stake.
    pub fn staked(mut self, holder: &str, tokens: u64) -> Self {
        let holder = self.the_holder(holder);
        let call = self.stake(&holder, tokens);
        self.ok(&call);
        self
    }

    /// Puts collateral into the revenue account and has it split.
    pub fn distributed(mut self, revenue: u64) -> Self {
        let account = address::revenue(&self.currency);
        self.fund_stable(&account, revenue);
        let call = self.distribute();
        self.ok(&call);
        self
    }

    /// The currency's pool.
    pub fn pool(&self) -> Pubkey {
        address::pool(&self.currency)
    }

    /// Where a holder's stake is.
    pub fn stake_of(&self, holder: &Holder) -> Pubkey {
        address::stake(&self.pool(), &holder.party.address())
    }

    /// A holder's stake.
    pub fn stake_state(&self, holder: &Holder) -> Stake {
        self.read(&self.stake_of(holder))
    }

    /// What the pool's rewards account holds.
    pub fn rewards_held(&self) -> u64 {
        self.chain.tokens(&address::rewards(&self.pool()))
    }

    /// Panics unless every pool holds what is staked in it (I3), and for all that may be claimed and still streams (I7).
    #[track_caller]
    pub fn assert_pools(&self) {
        let now = specie_client::units::Timestamp::new(self.chain.now());
        let stakes = self.all::<Stake>();
        for (address, pool) in self.all::<Pool>() {
            let (mut staked, mut claimable, mut accrued) = (0, 0, pool);
            accrued.accrue(now).expect("a pool that can be accrued");
            for (_, mut stake) in stakes.iter().copied().filter(|(_, s)| s.pool == address) {
                staked += stake.staked.get();
                let accrue = stake.accrue(&mut accrued, now);
                accrue.expect("a stake that can be accrued");
                claimable += stake.rewards.get();
            }
            assert_eq!(staked, pool.staked.get(), "tokens staked in {address}");
            self.assert_pool_account(&address, &pool, &pool.staked_account, staked);
            let owed = claimable + accrued.streaming.get();
            self.assert_pool_account(&address, &pool, &pool.rewards_account, owed);
        }
    }

    #[track_caller]
    fn assert_pool_account(&self, owner: &Pubkey, pool: &Pool, account: &Pubkey, least: u64) {
        let token = self.chain.token_account(account);
        assert_eq!(token.owner, *owner, "owner of {account}");
        assert!(token.delegate.is_none() && token.close_authority.is_none());
        let held = token.amount;
        assert!(
            least <= held,
            "the pool of {} owes {least} of {held}",
            pool.currency
        );
    }
}
