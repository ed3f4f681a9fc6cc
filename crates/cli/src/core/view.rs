//! A currency or a vault with all that a command needs of it, read at one moment.

use crate::core::{
    chain::Chain,
    error::CliError,
    facts::Facts,
    report::{Fields, Value},
    token,
};
use solana_pubkey::Pubkey;
use specie::errors::SpecieError;
use specie_client::{
    account::SpecieAccount as _,
    address::{self, TOKEN_PROGRAM},
    quote::Snapshot,
    refusal::Refusal,
    state::{Currency, Quorum, Standard, Vault},
};

/// A currency with its Standard, its quorum and its collateral's decimals.
#[derive(Clone)]
pub(crate) struct CurrencyView {
    pub(crate) address: Pubkey,
    pub(crate) account: Currency,
    pub(crate) standard: Standard,
    pub(crate) quorum: Quorum,
    pub(crate) supply: u64,
    pub(crate) collateral_decimals: u8,
    /// The chain's time when all this was read.
    pub(crate) now: i64,
}

impl CurrencyView {
    /// The currency at an address, or of the mint at that address. It must be one of this cluster.
    pub(crate) fn read(chain: &Chain, currency_or_mint: &Pubkey) -> Result<Self, CliError> {
        let found = chain.account(currency_or_mint)?;
        let is_mint = found.is_some_and(|account| account.owner == TOKEN_PROGRAM);
        let address = if is_mint {
            address::currency(currency_or_mint)
        } else {
            *currency_or_mint
        };
        let account: Currency = chain.specie(&address).map_err(|error| match error {
            CliError::Chain(_) if is_mint => CliError::Chain(format!(
                "no currency was founded on the mint {currency_or_mint}: `specie currency create` founds one"
            )),
            other => other,
        })?;
        chain.require_cluster("this currency", &account.cluster)?;

        let (standard, quorum) = (address::standard(&address), address::quorum(&address));
        let mints = [account.mint, account.collateral_mint];
        let accounts = chain.accounts(&[standard, quorum, mints[0], mints[1]])?;
        let missing = |what: &Pubkey| {
            CliError::Network(format!(
                "{} does not have the account {what} that belongs to currency {address}: name another RPC with --url",
                chain.url()
            ))
        };
        let account_at = |address: &Pubkey| accounts.get(address).ok_or_else(|| missing(address));
        let mint_at =
            |address: &Pubkey| token::mint(account_at(address)?).ok_or_else(|| missing(address));
        Ok(Self {
            address,
            account,
            standard: account_at(&standard)?.specie(&standard)?,
            quorum: account_at(&quorum)?.specie(&quorum)?,
            supply: mint_at(&mints[0])?.0,
            collateral_decimals: mint_at(&mints[1])?.1,
            now: chain.now()?,
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

    /// What quotes are made from.
    pub(crate) fn snapshot<'a>(&'a self, vault: &'a Vault) -> Snapshot<'a> {
        Snapshot {
            currency: &self.account,
            standard: &self.standard,
            vault,
            now: self.now,
        }
    }
}

/// A vault with its currency.
pub(crate) struct VaultView {
    pub(crate) address: Pubkey,
    pub(crate) account: Vault,
    pub(crate) currency: CurrencyView,
}

impl VaultView {
    pub(crate) fn read(chain: &Chain, address: &Pubkey) -> Result<Self, CliError> {
        let account: Vault = chain.specie(address)?;
        Ok(Self {
            address: *address,
            currency: CurrencyView::read(chain, &account.currency)?,
            account,
        })
    }

    /// What the program would answer for this vault now; a refusal says what was compared.
    pub(crate) fn quote<T>(
        &self,
        ask: impl FnOnce(Snapshot<'_>) -> Result<T, Refusal>,
    ) -> Result<T, CliError> {
        Ok(self.currency.quote(&self.account, ask)?)
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

/// A vault's work beside what it owes, and how much more it could issue.
pub(crate) struct Standing {
    pub(crate) capacity_work: Value,
    pub(crate) owed_work: Value,
    pub(crate) coverage: Value,
    pub(crate) headroom: Value,
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
    accounts: &crate::core::chain::Accounts,
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
