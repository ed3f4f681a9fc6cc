//! A currency or a vault with all that a command needs of it, read at one moment.

use crate::core::{
    chain::{Accounts, CLOCK, Chain},
    error::CliError,
    facts::Facts,
    report::{Fields, Value},
    token,
};
use solana_pubkey::Pubkey;
use specie::{errors::SpecieError, units::Tokens};
use specie_client::{
    account::SpecieAccount as _,
    address::{self, TOKEN_PROGRAM},
    quote::Snapshot,
    refusal::Refusal,
    state::{Backing, Book, Currency, Quorum, Stake, Standard, Vault, Voucher},
};

/// A currency with its Standard, its quorum, its book and its collateral's decimals.
#[derive(Clone)]
pub(crate) struct CurrencyView {
    pub(crate) address: Pubkey,
    pub(crate) account: Currency,
    pub(crate) standard: Standard,
    pub(crate) quorum: Quorum,
    pub(crate) book: Book,
    pub(crate) supply: u64,
    pub(crate) collateral_decimals: u8,
    /// The chain's time when all this was read.
    pub(crate) now: i64,
}

impl CurrencyView {
    /// The currency at an address, or of the mint at that address, in two requests. It must be one of this cluster.
    pub(crate) fn read(chain: &Chain, currency_or_mint: &Pubkey) -> Result<Self, CliError> {
        let of_mint = address::currency(currency_or_mint);
        let candidates = [*currency_or_mint, of_mint];
        let mut addresses = vec![CLOCK];
        addresses.extend(candidates.iter().flat_map(parts));
        let found = chain.read(&addresses, &[])?;
        let is_mint = found
            .get(currency_or_mint)
            .is_some_and(|account| account.owner == TOKEN_PROGRAM);
        let address = if is_mint { of_mint } else { *currency_or_mint };
        if is_mint && !found.contains_key(&address) {
            return Err(CliError::Chain(format!(
                "no currency was founded on the mint {currency_or_mint}: `specie currency create` founds one"
            )));
        }
        let now = chain.now_among(&found)?;
        Self::complete(chain, address, &found, now, &Beside::default())
    }

    /// A currency whose own accounts were found; its mints are read, and with them what is asked for beside them.
    fn complete(
        chain: &Chain,
        address: Pubkey,
        found: &Accounts,
        now: i64,
        beside: &Beside<'_>,
    ) -> Result<Self, CliError> {
        let account: Currency = chain.specie_among(found, &address)?;
        chain.require_cluster("this currency", &account.cluster)?;
        let missing = |what: &Pubkey| {
            CliError::Network(format!(
                "{} does not have the account {what} that belongs to currency {address}: name another RPC with --url",
                chain.url()
            ))
        };
        let part = |address: &Pubkey| found.get(address).ok_or_else(|| missing(address));
        let [_, standard, quorum, book] = parts(&address);
        let (standard, quorum, book) = (
            part(&standard)?.specie(&standard)?,
            part(&quorum)?.specie(&quorum)?,
            part(&book)?.specie(&book)?,
        );
        let mints = [account.mint, account.collateral_mint];
        let mut addresses = mints.to_vec();
        addresses.extend(
            beside
                .accounts
                .map(|more| more(&account))
                .unwrap_or_default(),
        );
        let accounts = chain.read(&addresses, beside.written)?;
        let mint_at = |address: &Pubkey| {
            let mint = accounts.get(address).and_then(token::mint);
            mint.ok_or_else(|| missing(address))
        };
        Ok(Self {
            address,
            account,
            standard,
            quorum,
            book,
            supply: mint_at(&mints[0])?.0,
            collateral_decimals: mint_at(&mints[1])?.1,
            now,
        })
    }

    /// An amount of collateral, or a price of one SCU in it.
    pub(crate) fn collateral(&self, base: u64) -> Value {
        Value::Amount(base, self.collateral_decimals)
    }

    /// What the program would answer for a vault now; a refusal says what was compared.
    pub(crate) fn quote<T>(
        &self,
        vault: &Vault,
        ask: impl FnOnce(Snapshot<'_>) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        let facts = Facts {
            currency: Some(self),
            vault: Some(vault),
            voucher: None,
        };
        ask(self.snapshot(vault)).map_err(|refusal| facts.explain(refusal))
    }

    /// Refuses, as the program would, unless a key has the role that the error is about.
    pub(crate) fn require_role(
        &self,
        has_role: bool,
        key: &Pubkey,
        error: SpecieError,
    ) -> Result<(), CliError> {
        if has_role {
            return Ok(());
        }
        let facts = Facts {
            currency: Some(self),
            ..Facts::default()
        };
        let refusal = facts.explain(error.into());
        Err(refusal
            .because(format_args!("the key that signs is {key}"))
            .into())
    }

    /// What `owner` has staked; refuses where that is nothing.
    pub(crate) fn require_stake(&self, chain: &Chain, owner: &Pubkey) -> Result<Stake, CliError> {
        let pool = address::pool(&self.address);
        let stake = address::stake(&pool, owner);
        let found = chain.accounts_once(&[pool, stake])?;
        match found.get(&stake) {
            Some(account) => account.specie(&stake),
            None => Err(CliError::Balance(format!(
                "{owner} has staked no tokens of this currency: `specie wallet stake` stakes some"
            ))),
        }
    }

    /// What a token is backed by.
    pub(crate) fn backing(&self) -> Backing {
        self.book.backing(Tokens::new(self.supply))
    }

    /// What quotes are made from.
    pub(crate) fn snapshot<'a>(&'a self, vault: &'a Vault) -> Snapshot<'a> {
        Snapshot {
            currency: &self.account,
            standard: &self.standard,
            book: &self.book,
            supply: self.supply,
            vault,
            now: self.now,
        }
    }
}

/// A currency's own accounts: itself, its Standard, its quorum and its book.
fn parts(currency: &Pubkey) -> [Pubkey; 4] {
    [
        *currency,
        address::standard(currency),
        address::quorum(currency),
        address::book(currency),
    ]
}

/// The accounts that a transaction's preview shows, once the currency is known.
type MoreAccounts<'a> = &'a dyn Fn(&Currency) -> Vec<Pubkey>;

/// What is read beside a currency's mints, for a transaction that follows.
#[derive(Clone, Copy, Default)]
pub(crate) struct Beside<'a> {
    pub(crate) accounts: Option<MoreAccounts<'a>>,
    /// Accounts that the transaction writes and that others compete for.
    pub(crate) written: &'a [Pubkey],
}

/// A vault with its currency.
pub(crate) struct VaultView {
    pub(crate) address: Pubkey,
    pub(crate) account: Vault,
    pub(crate) currency: CurrencyView,
}

impl VaultView {
    /// The vault with its currency, in three requests.
    pub(crate) fn read(chain: &Chain, address: &Pubkey) -> Result<Self, CliError> {
        Self::read_beside(chain, address, &Beside::default())
    }

    /// The same, and in the same requests what a transaction needs beside it.
    pub(crate) fn read_beside(
        chain: &Chain,
        address: &Pubkey,
        beside: &Beside<'_>,
    ) -> Result<Self, CliError> {
        let found = chain.read(&[*address, CLOCK], &[])?;
        let account: Vault = chain.specie_among(&found, address)?;
        let now = chain.now_among(&found)?;
        let found = chain.read(&parts(&account.currency), &[])?;
        let currency = CurrencyView::complete(chain, account.currency, &found, now, beside)?;
        Ok(Self {
            address: *address,
            account,
            currency,
        })
    }

    /// What the program would answer for this vault now; a refusal says what was compared.
    pub(crate) fn quote<T>(
        &self,
        ask: impl FnOnce(Snapshot<'_>) -> Result<T, Refusal>,
    ) -> Result<T, CliError> {
        Ok(self.currency.quote(&self.account, ask)?)
    }

    /// How the vault stands before a transaction.
    pub(crate) fn standing(&self) -> Result<Fields, CliError> {
        Ok(Standing::of(&self.currency, &self.account)?.fields())
    }

    /// Refuses with what would help unless `key` is the operator's.
    pub(crate) fn require_operator(&self, key: &Pubkey) -> Result<(), CliError> {
        if self.account.operator == *key {
            return Ok(());
        }
        Err(CliError::Key(format!(
            "the key {key} is not this vault's operator, {}: sign with the operator's key file, named with --keypair",
            self.account.operator
        )))
    }

    /// Refuses with the program's words unless `key` is the vendor's.
    pub(crate) fn require_vendor(&self, key: &Pubkey) -> Result<(), CliError> {
        if self.account.vendor == *key {
            return Ok(());
        }
        Err(CliError::Key(format!(
            "the key {key} is not this vault's vendor, {}: sign with the vendor's key file, named with --keypair",
            self.account.vendor
        )))
    }
}

/// A voucher with its vault.
pub(crate) struct VoucherView {
    pub(crate) address: Pubkey,
    pub(crate) account: Voucher,
    pub(crate) vault: VaultView,
}

impl VoucherView {
    pub(crate) fn read(chain: &Chain, address: &Pubkey) -> Result<Self, CliError> {
        let found = chain.accounts(&[*address])?;
        let account: Voucher = chain.specie_among(&found, address)?;
        Ok(Self {
            address: *address,
            vault: VaultView::read(chain, &account.vault)?,
            account,
        })
    }

    /// What the vault's issuer signs off chain.
    pub(crate) fn terms(&self) -> specie_wire::Voucher {
        self.account.terms(&self.address)
    }

    /// The accounts that a refusal may be about.
    pub(crate) fn facts(&self) -> Facts<'_> {
        Facts {
            currency: Some(&self.vault.currency),
            vault: Some(&self.vault.account),
            voucher: Some(&self.account),
        }
    }

    /// Refuses with what would help unless `key` is the owner's.
    pub(crate) fn require_owner(&self, key: &Pubkey) -> Result<(), CliError> {
        if self.account.owner == *key {
            return Ok(());
        }
        Err(CliError::Key(format!(
            "the key {key} does not own this voucher, {} does: sign with the owner's key file, named with --keypair",
            self.account.owner
        )))
    }

    /// Owner, units and what is left of them.
    pub(crate) fn fields(&self) -> Fields {
        let voucher = &self.account;
        let remaining = voucher.remaining().map_or(0, |units| units.get());
        Fields::default()
            .with("owner", "Owner", Value::Address(voucher.owner))
            .with("units", "Units", Value::scu(voucher.units.get()))
            .with("settled", "Settled", Value::scu(voucher.settled.get()))
            .with("remaining", "Remaining", Value::scu(remaining))
    }
}

/// A vault's work beside what it owes, and how much more it could issue.
pub(crate) struct Standing {
    pub(crate) capacity_work: Value,
    pub(crate) owed_work: Value,
    pub(crate) coverage: Value,
    pub(crate) headroom: Value,
    /// What its share of the issue cap has room for.
    pub(crate) issue_room: Value,
    pub(crate) may_issue: Value,
    /// Why it may not.
    pub(crate) refusal: Value,
}

impl Standing {
    pub(crate) fn of(view: &CurrencyView, vault: &Vault) -> Result<Self, CliError> {
        let snapshot = &view.snapshot(vault);
        let facts = Facts {
            currency: Some(view),
            vault: Some(vault),
            voucher: None,
        };
        let health = snapshot.health()?;
        Ok(Self {
            capacity_work: Value::Work(health.capacity_work),
            owed_work: Value::Work(health.owed_work.into()),
            coverage: match health.coverage_bps() {
                Some(bps) => Value::Share(u64::try_from(bps).unwrap_or(u64::MAX)),
                None => Value::Absent("nothing owed"),
            },
            headroom: Value::scu(headroom(snapshot)),
            issue_room: Value::scu(snapshot.issue_room()?),
            may_issue: Value::Flag(health.may_issue.is_ok()),
            refusal: match &health.may_issue {
                Ok(()) => Value::Nothing,
                Err(refusal) => Value::Refusal(facts.explain(refusal.clone())),
            },
        })
    }

    pub(crate) fn fields(self) -> Fields {
        Fields::default()
            .with("capacity", "Capacity", self.capacity_work)
            .with("owedWork", "Owed work", self.owed_work)
            .with("coverage", "Coverage", self.coverage)
            .with("headroom", "Headroom", self.headroom)
            .with("issueRoom", "Issue share left", self.issue_room)
            .with("mayIssue", "May issue", self.may_issue)
            .with("refusal", "Refusal", self.refusal)
    }
}

/// The most token base units that the vault could issue in one transaction now, by the program's own rules.
fn headroom(snapshot: &Snapshot) -> u64 {
    let (mut issuable, mut refused) = (0u64, u64::MAX);
    // Every rule that refuses an amount refuses all larger ones.
    while refused - issuable > 1 {
        let middle = issuable + (refused - issuable) / 2;
        match snapshot.issue(middle) {
            Ok(_) => issuable = middle,
            Err(_) => refused = middle,
        }
    }
    issuable
}

/// Reads a vault out of accounts that were fetched or simulated, with the currency's parts where they are among them.
pub(crate) fn vault_among(
    accounts: &Accounts,
    view: &CurrencyView,
    address: &Pubkey,
) -> Option<(Vault, Currency, Standard)> {
    let vault = accounts.get(address)?;
    let vault = Vault::decode(&vault.owner, &vault.data).ok()?;
    let currency = accounts
        .get(&view.address)
        .and_then(|raw| Currency::decode(&raw.owner, &raw.data).ok())
        .unwrap_or(view.account);
    let standard = accounts
        .get(&address::standard(&view.address))
        .and_then(|raw| Standard::decode(&raw.owner, &raw.data).ok())
        .unwrap_or(view.standard);
    Some((vault, currency, standard))
}
