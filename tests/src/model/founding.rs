//! How a currency begins.

use {
    super::{Bank, Book, Currency, Economy, Pool, Purse, Quorum, Rents, Rules, Standard, Who},
    std::collections::{BTreeMap, BTreeSet},
};

/// What a currency begins with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Founding {
    /// When.
    pub now: i64,
    /// The rules.
    pub rules: Rules,
    /// TFLOP of an SCU.
    pub work_per_scu: u64,
    /// Signatures that a message of the quorum's needs.
    pub threshold: u8,
    /// The quorum's keys, in the order of their numbers.
    pub keys: Vec<Who>,
}

impl Economy {
    /// A currency of the first authority, guardian and treasury, with these token accounts beside its own, all empty.
    pub fn found(
        founding: &Founding,
        purses: impl IntoIterator<Item = Purse>,
        rents: Rents,
    ) -> Self {
        let own = [
            Purse::Revenue,
            Purse::Insurance,
            Purse::Staked,
            Purse::Rewards,
        ];
        let purses = own.into_iter().chain(purses).map(|purse| (purse, 0));
        Self {
            now: founding.now,
            bank: Bank {
                purses: purses.collect(),
                rents,
                ..Bank::default()
            },
            currency: Currency {
                authority: Who::Authority(0),
                guardian: Who::Guardian(0),
                treasury: 0,
                paused_until: 0,
                next_change: 0,
                insurance_reserved: 0,
                rules: founding.rules,
            },
            book: Book::default(),
            standard: Standard {
                work_per_scu: founding.work_per_scu,
                announced: 0,
                announced_until: 0,
                sequence: 0,
                price: 0,
                price_sequence: 0,
                published_at: 0,
                cautious_price: 0,
            },
            quorum: Quorum {
                threshold: founding.threshold,
                keys: founding.keys.clone(),
                epoch: 1,
                last_seen_at: 0,
                silent: 0,
            },
            pool: Pool::default(),
            vaults: BTreeMap::new(),
            vouchers: BTreeMap::new(),
            changes: BTreeMap::new(),
            stakes: BTreeMap::new(),
            founded: BTreeSet::new(),
        }
    }
}
