//! A world to test in: the built program on a chain of its own, a currency on it, vendors with vaults, and holders.
//!
//! ```no_run
//! use specie_tests::world::{VaultPlan, World};
//!
//! let mut world = World::new()
//!     .vault(VaultPlan::named("north").rate(6_320))
//!     .price(2_000_000)
//!     .holder("alice", 500_000_000);
//! let (vendor, alice) = (world.vendor("north"), world.the_holder("alice"));
//! let purchase = world.purchase(&alice, &vendor, 1_000_000);
//! let outcome = world.ok(&purchase);
//! let event = specie_tests::event!(outcome, Purchased);
//! ```
//!
//! A method named after an instruction makes a [`Call`], open to tampering. [`World::ok`] sends one that must succeed,
//! and then checks the events against the accounts and the whole currency's books; [`World::refuses`] sends one that must
//! fail with exactly one error and change nothing.

mod books;
mod calls;
mod chain;
mod disputes;
mod failure;
mod governance;
mod life;
mod outcome;
mod party;
mod proxy;
mod staking;
mod statements;
mod token;
mod transaction;

use {
    solana_pubkey::Pubkey,
    specie::instructions::CreateCurrencyArgs,
    specie_client::{
        account::SpecieAccount,
        address,
        state::{Backing, Book, Currency, Offer, Params, Pool, Quorum, Standard, Vault, Voucher},
        units::{Bps, Price, Tokens, Units, WorkPerScu},
    },
    std::{collections::BTreeMap, sync::OnceLock},
};

pub use {
    calls::NO_UPDATE,
    chain::{Chain, GENESIS, program_bytes, program_path},
    failure::tokens_for,
    life::{Visit, life},
    outcome::{Outcome, instruction_error},
    party::{Holder, Party, Session, Vendor},
    proxy::PROXY,
    transaction::Call,
};

/// What a vendor has to pay the fees of its issues from, in collateral base units.
pub const FEES: u64 = 1_000 * ONE;

/// Genesis hash of the test cluster.
pub const CLUSTER: [u8; 32] = *b"the genesis hash of this cluster";
/// The reference price that worlds begin with: collateral base units per SCU.
pub const PRICE: u64 = 2_000_000;
/// One whole token, and one SCU.
pub const ONE: u64 = 1_000_000;

/// The built program on a chain of its own, a currency on it, vendors with vaults, and holders.
#[derive(Clone)]
pub struct World {
    /// The chain.
    pub chain: Chain,
    /// What all keys derive from.
    pub seed: u64,
    /// The currency's authority.
    pub authority: Party,
    /// The currency's guardian.
    pub guardian: Party,
    /// Mint and freeze authority of the collateral token.
    pub stable_issuer: Party,
    /// The currency's mint.
    pub mint: Pubkey,
    /// Mint of the collateral token, with 6 decimals.
    pub stable_mint: Pubkey,
    /// Token account of the treasury.
    pub treasury: Pubkey,
    /// The currency.
    pub currency: Pubkey,
    /// The quorum's keys, ascending.
    pub attestors: Vec<Party>,
    /// How many of them sign.
    pub threshold: u8,
    /// Tokens that holders burned past the program: what was owed for them is owed to nobody.
    pub burned_outside: u64,
    vendors: BTreeMap<String, Vendor>,
    holders: BTreeMap<String, Holder>,
}

/// What a vault begins with.
#[derive(Clone)]
pub struct VaultPlan {
    name: String,
    limit: u64,
    classes: u8,
    collateral: u64,
    rate: u64,
    pledge: i64,
    offer: Offer,
}

impl VaultPlan {
    /// A vendor's vault: eight accelerators pledged for 30 days, which is 5,760 SCU, with collateral of 10,000 whole
    /// tokens, offering 1,000 SCU at the reference price of which it retains 20 %.
    pub fn named(name: &str) -> Self {
        Self {
            name: name.into(),
            limit: 1_000_000 * ONE,
            classes: 0b111,
            collateral: 10_000 * ONE,
            rate: 8 * 790,
            pledge: 30 * 86_400,
            offer: Offer {
                price: Price::new(PRICE),
                units: Units::new(1_000 * ONE),
                retained: Bps::new(2_000),
            },
        }
    }

    /// The most units it may owe.
    pub fn limit(self, limit: u64) -> Self {
        Self { limit, ..self }
    }

    /// The classes it offers.
    pub fn classes(self, classes: u8) -> Self {
        Self { classes, ..self }
    }

    /// Collateral base units it deposits; 0 deposits nothing.
    pub fn collateral(self, collateral: u64) -> Self {
        Self { collateral, ..self }
    }

    /// Attested rate in TFLOP/s; 0 leaves it unattested.
    pub fn rate(self, rate: u64) -> Self {
        Self { rate, ..self }
    }

    /// For how many seconds the hardware is pledged.
    pub fn pledge(self, pledge: i64) -> Self {
        Self { pledge, ..self }
    }

    /// Its offer: price, units and retained share.
    pub fn offer(self, price: u64, units: u64, retained: u32) -> Self {
        let offer = Offer {
            price: Price::new(price),
            units: Units::new(units),
            retained: Bps::new(retained),
        };
        Self { offer, ..self }
    }
}

impl World {
    /// A world with a currency of default rules and a quorum of three keys, two of which sign.
    pub fn new() -> Self {
        static NEW: OnceLock<World> = OnceLock::new();
        NEW.get_or_init(|| Self::seeded(0)).clone()
    }

    /// The same with other keys.
    pub fn seeded(seed: u64) -> Self {
        Self::founded(seed, |_| {})
    }

    /// The same with other rules.
    pub fn with_params(change: impl FnOnce(&mut Params)) -> Self {
        Self::founded(0, |args| change(&mut args.params))
    }

    /// The same with anything else of the currency's beginning changed.
    pub fn founded(seed: u64, change: impl FnOnce(&mut CreateCurrencyArgs)) -> Self {
        let mut world = Self::unfounded(seed);
        let mut args = world.create_currency_args();
        change(&mut args);
        let call = world.create_currency(args);
        world.ok(&call);
        world
    }

    /// A world before its currency is created: mint, collateral token and treasury are there.
    pub fn unfounded(seed: u64) -> Self {
        let party = |name: &str| Party::named(seed, name);
        let mut chain = Chain::new(seed);
        let (authority, stable_issuer) = (party("authority"), party("stable issuer"));
        chain.fund(&authority.address());
        let mint = chain.create_mint(&party("mint"), 6, &authority.address(), None);
        let issuer = stable_issuer.address();
        let stable_mint = chain.create_mint(&party("stable mint"), 6, &issuer, Some(&issuer));
        let treasury = chain.create_token_account(&party("treasury").address(), &stable_mint);
        let mut attestors: Vec<Party> = (0..3).map(|i| party(&format!("attestor {i}"))).collect();
        attestors.sort_by_key(Party::key);
        Self {
            chain,
            seed,
            guardian: party("guardian"),
            currency: address::currency(&mint),
            authority,
            stable_issuer,
            mint,
            stable_mint,
            treasury,
            attestors,
            threshold: 2,
            burned_outside: 0,
            vendors: BTreeMap::new(),
            holders: BTreeMap::new(),
        }
    }

    /// A world ready to trade: a vault "north", the reference price, and a holder "alice" with 10,000 whole tokens of
    /// collateral.
    pub fn trading() -> Self {
        static TRADING: OnceLock<World> = OnceLock::new();
        TRADING
            .get_or_init(|| {
                Self::new()
                    .vault(VaultPlan::named("north"))
                    .price(PRICE)
                    .holder("alice", 10_000 * ONE)
            })
            .clone()
    }

    /// What [`World::founded`] creates its currency with.
    pub fn create_currency_args(&self) -> CreateCurrencyArgs {
        CreateCurrencyArgs {
            cluster: CLUSTER,
            guardian: self.guardian.address(),
            work_per_scu: WorkPerScu::new(790 * 3_600),
            threshold: self.threshold,
            attestors: self.attestors.iter().map(Party::key).collect(),
            params: Params::default(),
        }
    }

    /// The party of a name.
    pub fn party(&self, name: &str) -> Party {
        Party::named(self.seed, name)
    }

    /// Opens a vendor's vault, deposits its collateral, and has its capacity attested; the delay passes.
    pub fn vault(mut self, plan: VaultPlan) -> Self {
        let vendor = self.admit(&plan.name);
        let call = self.open_vault(&vendor, plan.limit, plan.classes);
        self.ok(&call);
        if plan.collateral > 0 {
            self.fund_stable(&vendor.stable, plan.collateral);
            let call = self.deposit_collateral(&vendor, plan.collateral);
            self.ok(&call);
        }
        if plan.rate > 0 {
            let ends_at = self.chain.now() + plan.pledge;
            let call = self.attest_capacity(&vendor, plan.rate, ends_at);
            self.ok(&call);
            let delay = self.params().attestation_delay;
            self.chain.warp(delay.get().into());
        }
        if plan.offer.price != Price::ZERO {
            let call = self.make_offer(&vendor, plan.offer);
            self.ok(&call);
        }
        self
    }

    /// Has the quorum post a price.
    pub fn price(mut self, price: u64) -> Self {
        let call = self.post_price(price);
        self.ok(&call);
        self
    }

    /// A holder with so many collateral base units and an empty account of the token.
    pub fn holder(mut self, name: &str, stable: u64) -> Self {
        let party = self.party(name);
        let address = party.address();
        self.chain.fund(&address);
        let (mint, stable_mint) = (self.mint, self.stable_mint);
        let holder = Holder {
            party,
            stable: self.chain.create_token_account(&address, &stable_mint),
            tokens: self.chain.create_token_account(&address, &mint),
        };
        if stable > 0 {
            self.fund_stable(&holder.stable, stable);
        }
        self.holders.insert(name.into(), holder);
        self
    }

    /// Has a vendor issue tokens to a holder, and takes the fee out of the revenue, which begins with nothing.
    pub fn issued(mut self, vendor: &str, holder: &str, tokens: u64) -> Self {
        let (vendor, holder) = (self.vendor(vendor), self.the_holder(holder));
        let revenue = address::revenue(&self.currency);
        let before = self.chain.account(&revenue).expect("revenue");
        let call = self.issue(&vendor, &holder.tokens, tokens);
        self.ok(&call);
        self.chain.put(&revenue, before);
        self
    }

    /// A vendor's keys and accounts, before its vault is opened.
    pub fn admit(&mut self, name: &str) -> Vendor {
        let party = self.party(name);
        let address = party.address();
        self.chain.fund(&address);
        let vault = address::vault(&self.currency, &address);
        let (mint, stable_mint) = (self.mint, self.stable_mint);
        let payout = self.party(&format!("{name}'s treasurer")).address();
        let fees = self.party(&format!("{name}'s account for fees"));
        let vendor = Vendor {
            issuer: self.party(&format!("{name}'s issuer")),
            operator: self.party(&format!("{name}'s operator")),
            vault,
            collateral: address::collateral(&vault),
            stable: self.chain.create_token_account(&address, &stable_mint),
            fees: self
                .chain
                .create_token_account_at(&fees, &address, &stable_mint),
            payout: self.chain.create_token_account(&payout, &stable_mint),
            tokens: self.chain.create_token_account(&address, &mint),
            party,
        };
        self.fund_stable(&vendor.fees, FEES);
        self.vendors.insert(name.into(), vendor.clone());
        vendor
    }

    /// Every vendor but one.
    pub fn others(&self, vendor: &Vendor) -> Vec<Vendor> {
        let others = self.vendors.values();
        others
            .filter(|other| other.vault != vendor.vault)
            .cloned()
            .collect()
    }

    /// A vendor by name.
    pub fn vendor(&self, name: &str) -> Vendor {
        self.vendors.get(name).expect("a vendor").clone()
    }

    /// A holder by name.
    pub fn the_holder(&self, name: &str) -> Holder {
        self.holders.get(name).expect("a holder").clone()
    }

    /// Mints collateral base units to a token account.
    pub fn fund_stable(&mut self, to: &Pubkey, amount: u64) {
        let (mint, issuer) = (self.stable_mint, self.stable_issuer.clone());
        self.chain.mint_to(&mint, &issuer, to, amount);
    }

    /// An account of the program.
    #[track_caller]
    pub fn read<T: SpecieAccount>(&self, address: &Pubkey) -> T {
        let account = self.chain.account(address).expect("an account");
        assert_eq!(
            account.data.len(),
            T::LEN,
            "the built program is of another source: run `cargo xtask build`"
        );
        T::decode(&account.owner, &account.data).expect("an account of the kind")
    }

    /// Changes an account of the program past the program, for states that no instruction leads to yet.
    pub fn edit<T: SpecieAccount + bytemuck::Pod>(
        &mut self,
        address: &Pubkey,
        change: impl FnOnce(&mut T),
    ) {
        let mut state: T = self.read(address);
        change(&mut state);
        self.chain.edit(address, |account| {
            account.data[T::DISCRIMINATOR.len()..].copy_from_slice(bytemuck::bytes_of(&state));
        });
    }

    /// Takes units away that a vault owes, as the default of another would: every token is worth less.
    pub fn lose(&mut self, vendor: &Vendor, units: u64) {
        let units = Units::new(units);
        self.edit(&vendor.vault, |vault: &mut Vault| {
            let outstanding = vault.balances.outstanding.minus(units);
            vault.balances.outstanding = outstanding.expect("as many");
        });
        let book = address::book(&self.currency);
        self.edit(&book, |book: &mut Book| {
            book.discharge(units).expect("as many");
        });
    }

    /// The currency.
    pub fn currency_state(&self) -> Currency {
        self.read(&self.currency)
    }

    /// The currency's book.
    pub fn book_state(&self) -> Book {
        self.read(&address::book(&self.currency))
    }

    /// What a token is backed by now.
    pub fn backing(&self) -> Backing {
        self.book_state().backing(Tokens::new(self.supply()))
    }

    /// The currency's rules.
    pub fn params(&self) -> Params {
        self.currency_state().params
    }

    /// The Standard.
    pub fn standard_state(&self) -> Standard {
        self.read(&address::standard(&self.currency))
    }

    /// The quorum.
    pub fn quorum_state(&self) -> Quorum {
        self.read(&address::quorum(&self.currency))
    }

    /// The staking pool.
    pub fn pool_state(&self) -> Pool {
        self.read(&address::pool(&self.currency))
    }

    /// A vendor's vault.
    pub fn vault_state(&self, vendor: &Vendor) -> Vault {
        self.read(&vendor.vault)
    }

    /// A voucher.
    pub fn voucher_state(&self, session: &Session) -> Voucher {
        self.read(&session.voucher)
    }

    /// Supply of the token.
    pub fn supply(&self) -> u64 {
        self.chain.mint(&self.mint).supply
    }
}

impl Default for World {
    fn default() -> Self {
        Self::new()
    }
}
