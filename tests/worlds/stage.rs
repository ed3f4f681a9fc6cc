//! The chain that a world is played on: everybody in it, their accounts, and where each account is.

use {
    solana_account::{Account, AccountSharedData},
    solana_program_pack::Pack,
    solana_pubkey::Pubkey,
    specie_client::address::{self, TOKEN_PROGRAM, token_account},
    specie_tests::{
        model::{Coin, Purse, Who},
        world::{Party, World},
    },
    spl_token_interface::state::{Account as TokenAccount, AccountState, Mint},
    std::{
        collections::{BTreeMap, HashMap},
        sync::OnceLock,
    },
};

/// Vendors that a world may have, each with an operator and an issuer.
pub(crate) const VENDORS: u8 = 8;
/// Holders that a world has.
pub(crate) const HOLDERS: u8 = 5;
/// Keys that may be authority, and that may be guardian.
pub(crate) const GOVERNORS: u8 = 3;
/// Keys that may attest.
pub(crate) const ATTESTORS: u8 = 7;
/// Treasuries that may be paid.
pub(crate) const TREASURIES: u8 = 2;
/// Session keys; each can open one voucher at a time at every vault.
pub(crate) const SESSIONS: u32 = 48;

/// Lamports that everybody begins with.
const PURSE_OF_LAMPORTS: u64 = 1_000_000_000_000;

/// Everybody, in every world the same.
pub(crate) struct Cast {
    parties: BTreeMap<Who, Party>,
    names: HashMap<Pubkey, Who>,
    sessions: Vec<Party>,
}

impl Cast {
    /// The only one.
    pub(crate) fn get() -> &'static Self {
        static CAST: OnceLock<Cast> = OnceLock::new();
        CAST.get_or_init(|| {
            let numbered = |count: u8, kind: fn(u8) -> Who| (0..count).map(kind);
            let everybody = numbered(GOVERNORS, Who::Authority)
                .chain(numbered(GOVERNORS, Who::Guardian))
                .chain(numbered(VENDORS, Who::Vendor))
                .chain(numbered(VENDORS, Who::Operator))
                .chain(numbered(VENDORS, Who::Issuer))
                .chain(numbered(HOLDERS, Who::Holder))
                .chain(numbered(ATTESTORS, Who::Attestor))
                .chain(numbered(1, Who::Stranger));
            let parties: BTreeMap<Who, Party> = everybody
                .map(|who| match who {
                    // The world founds its currency by this key.
                    Who::Authority(0) => (who, Party::named(0, "authority")),
                    Who::Guardian(0) => (who, Party::named(0, "guardian")),
                    _ => (who, Party::named(0, &who.to_string())),
                })
                .collect();
            let sessions = (0..SESSIONS).map(|n| Party::named(0, &format!("session {n}")));
            Self {
                names: parties
                    .iter()
                    .map(|(who, party)| (party.address(), *who))
                    .collect(),
                sessions: sessions.collect(),
                parties,
            }
        })
    }

    /// Somebody's keys.
    pub(crate) fn party(&self, who: Who) -> &Party {
        &self.parties[&who]
    }

    /// Whose address it is.
    pub(crate) fn name(&self, address: &Pubkey) -> Option<Who> {
        self.names.get(address).copied()
    }

    /// The keys of a session.
    pub(crate) fn session(&self, number: u32) -> &Party {
        &self.sessions[number as usize]
    }

    /// Everybody.
    pub(crate) fn everybody(&self) -> impl Iterator<Item = Who> {
        self.parties.keys().copied()
    }
}

/// Where everything of the currency is; the same in every world.
pub(crate) struct Places {
    pub mint: Pubkey,
    pub stable_mint: Pubkey,
    pub currency: Pubkey,
    pub standard: Pubkey,
    /// The book.
    pub book: Pubkey,
    pub quorum: Pubkey,
    pub pool: Pubkey,
    purses: BTreeMap<Purse, Pubkey>,
    vaults: Vec<Pubkey>,
    vouchers: Vec<Vec<Pubkey>>,
    stakes: BTreeMap<Who, Pubkey>,
}

impl Places {
    /// The only ones.
    pub(crate) fn get() -> &'static Self {
        static PLACES: OnceLock<Places> = OnceLock::new();
        PLACES.get_or_init(|| Self::of(bare()))
    }

    fn of(world: &World) -> Self {
        let (cast, currency) = (Cast::get(), world.currency);
        let pool = address::pool(&currency);
        let at = |who| cast.party(who).address();
        let vaults: Vec<Pubkey> = (0..VENDORS)
            .map(|n| address::vault(&currency, &at(Who::Vendor(n))))
            .collect();
        let sessions = || (0..SESSIONS).map(|n| cast.session(n).address());
        let mut purses = BTreeMap::from([
            (Purse::Revenue, address::revenue(&currency)),
            (Purse::Insurance, address::insurance(&currency)),
            (Purse::Staked, address::staked(&pool)),
            (Purse::Rewards, address::rewards(&pool)),
        ]);
        for who in cast.everybody().filter(|who| has_purses(*who)) {
            purses.insert(
                Purse::Stable(who),
                token_account(&at(who), &world.stable_mint),
            );
            purses.insert(Purse::Tokens(who), token_account(&at(who), &world.mint));
        }
        for n in 0..TREASURIES {
            purses.insert(
                Purse::Treasury(n),
                world.party(&format!("treasury {n}")).address(),
            );
        }
        for n in 0..VENDORS {
            purses.insert(
                Purse::Payout(n),
                world.party(&format!("payout {n}")).address(),
            );
            purses.insert(
                Purse::Collateral(n),
                address::collateral(&vaults[usize::from(n)]),
            );
        }
        let vouchers = vaults
            .iter()
            .map(|vault| sessions().map(|s| address::voucher(vault, &s)).collect());
        let staker = |who: Who| (who, address::stake(&pool, &at(who)));
        Self {
            mint: world.mint,
            stable_mint: world.stable_mint,
            standard: address::standard(&currency),
            book: address::book(&currency),
            quorum: address::quorum(&currency),
            currency,
            pool,
            purses,
            vouchers: vouchers.collect(),
            vaults,
            stakes: cast
                .everybody()
                .filter(|who| has_purses(*who))
                .map(staker)
                .collect(),
        }
    }

    /// A token account.
    pub(crate) fn purse(&self, purse: Purse) -> Pubkey {
        self.purses[&purse]
    }

    /// All token accounts that there may be.
    pub(crate) fn purses(&self) -> impl Iterator<Item = (Purse, Pubkey)> {
        self.purses
            .iter()
            .map(|(purse, address)| (*purse, *address))
    }

    /// Whose token account it is.
    pub(crate) fn treasury(&self, address: &Pubkey) -> Option<u8> {
        (0..TREASURIES).find(|n| self.purses[&Purse::Treasury(*n)] == *address)
    }

    /// A vendor's vault.
    pub(crate) fn vault(&self, vault: u8) -> Pubkey {
        self.vaults[usize::from(vault)]
    }

    /// A session's voucher.
    pub(crate) fn voucher(&self, vault: u8, session: u32) -> Pubkey {
        self.vouchers[usize::from(vault)][session as usize]
    }

    /// Somebody's stake.
    pub(crate) fn stake(&self, who: Who) -> Pubkey {
        self.stakes[&who]
    }
}

/// Whether somebody has accounts of the two tokens.
pub(crate) fn has_purses(who: Who) -> bool {
    matches!(who, Who::Vendor(_) | Who::Holder(_) | Who::Stranger(_))
}

/// A chain with the mints and the program, everybody's accounts empty, and no currency.
pub(crate) fn bare() -> &'static World {
    static BARE: OnceLock<World> = OnceLock::new();
    BARE.get_or_init(|| {
        let mut world = World::unfounded(0);
        world.chain.trust_senders();
        let cast = Cast::get();
        let lamports = Account {
            lamports: PURSE_OF_LAMPORTS,
            ..Account::default()
        };
        for who in cast.everybody() {
            world
                .chain
                .put(&cast.party(who).address(), lamports.clone());
        }
        world
    })
}

/// A world before its currency is founded.
pub(crate) fn prepare() -> World {
    let (mut world, places) = (bare().clone(), Places::get());
    let cast = Cast::get();
    for (purse, address) in places.purses() {
        let owner = match purse {
            Purse::Stable(who) | Purse::Tokens(who) => cast.party(who).address(),
            Purse::Payout(_) | Purse::Treasury(_) => cast.party(Who::Stranger(0)).address(),
            _ => continue,
        };
        put_purse(&mut world, purse, &address, owner);
    }
    world.treasury = places.purse(Purse::Treasury(0));
    world
}

fn put_purse(world: &mut World, purse: Purse, address: &Pubkey, owner: Pubkey) {
    let mint = match purse.coin() {
        Coin::Stable => world.stable_mint,
        Coin::Token => world.mint,
    };
    let state = TokenAccount {
        mint,
        owner,
        amount: 0,
        state: AccountState::Initialized,
        ..TokenAccount::default()
    };
    let mut data = vec![0; TokenAccount::LEN];
    TokenAccount::pack(state, &mut data).expect("a token account");
    let account = Account {
        lamports: world.chain.rent(TokenAccount::LEN),
        data,
        owner: TOKEN_PROGRAM,
        ..Account::default()
    };
    world.chain.put(address, account);
}

/// Everybody's lamports when a world begins.
pub(crate) fn lamports_at_first() -> u64 {
    PURSE_OF_LAMPORTS
}

/// An account as the chain holds it, `None` where there is none.
pub(crate) fn account<'a>(world: &'a World, address: &Pubkey) -> Option<&'a AccountSharedData> {
    world.chain.svm.accounts_db().get_account_ref(address)
}

/// The mint of another currency to found, with a supply that it has already; not where the currency is there.
pub(crate) fn put_fresh_mint(world: &mut World, number: u32, supply: u64, founded: bool) {
    if founded {
        return;
    }
    // Like the mint of the world's own currency before it was founded.
    let state = Mint {
        supply,
        ..bare().chain.mint(&world.mint)
    };
    let mut data = vec![0; Mint::LEN];
    Mint::pack(state, &mut data).expect("a mint");
    let account = Account {
        lamports: world.chain.rent(Mint::LEN),
        data,
        owner: TOKEN_PROGRAM,
        ..Account::default()
    };
    let address = fresh_mint(number);
    world.chain.put(&address, account);
}

/// The address of the mint of another currency.
pub(crate) fn fresh_mint(number: u32) -> Pubkey {
    let mut bytes = [7; 32];
    bytes[..4].copy_from_slice(&number.to_le_bytes());
    Pubkey::new_from_array(bytes)
}
