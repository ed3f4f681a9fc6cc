//! What a transaction changes: the same facts read before it and out of its simulation.

use crate::core::{
    chain::Accounts,
    report::{Change, Value},
    token,
    view::{CurrencyView, Standing, VoucherView, vault_among},
};
use solana_pubkey::Pubkey;
use specie_client::{
    account::SpecieAccount as _,
    address,
    state::{Currency, Stake, Standard, VaultStatus, Voucher},
};

/// Something whose change is shown.
pub(crate) enum Watch<'a> {
    /// An account's SOL.
    Lamports(String, Pubkey),
    /// A token account's balance, with the token's decimals.
    Tokens(String, Pubkey, u8),
    /// A vault: what it holds and owes, its coverage and its headroom.
    Vault(&'a CurrencyView, Pubkey),
    /// A currency's price, pause and keys.
    Currency(&'a CurrencyView),
    /// A voucher: what is left of it, and its challenge.
    Voucher(&'a VoucherView),
    /// What an owner has staked in a currency, and earned.
    Stake(&'a CurrencyView, Pubkey),
}

impl Watch<'_> {
    /// The accounts that this is read from.
    pub(crate) fn addresses(&self) -> Vec<Pubkey> {
        match self {
            Self::Lamports(_, address) | Self::Tokens(_, address, _) => vec![*address],
            Self::Vault(currency, vault) => vec![
                *vault,
                currency.address,
                address::standard(&currency.address),
            ],
            Self::Currency(currency) => {
                vec![currency.address, address::standard(&currency.address)]
            }
            Self::Voucher(view) => vec![view.address],
            Self::Stake(currency, owner) => {
                vec![address::stake(&address::pool(&currency.address), owner)]
            }
        }
    }

    /// What changed. A vault's coverage and headroom stand there even if they did not.
    pub(crate) fn changes(&self, before: &Accounts, after: &Accounts) -> Vec<Change> {
        let always = ["vault coverage", "vault headroom"];
        let (before, after) = (self.facts(before), self.facts(after));
        after
            .into_iter()
            .map(|(what, after)| Change {
                before: before
                    .iter()
                    .find(|(earlier, _)| *earlier == what)
                    .map_or(Value::Nothing, |(_, value)| value.clone()),
                what,
                after,
            })
            .filter(|change| {
                change.before != change.after || always.contains(&change.what.as_str())
            })
            .collect()
    }

    fn facts(&self, accounts: &Accounts) -> Vec<(String, Value)> {
        match self {
            Self::Lamports(label, address) => {
                let lamports = accounts.get(address).map_or(0, |account| account.lamports);
                vec![(label.clone(), Value::sol(lamports))]
            }
            Self::Tokens(label, address, decimals) => {
                let balance = token::balance_of(accounts, address);
                vec![(label.clone(), Value::Amount(balance, *decimals))]
            }
            Self::Vault(currency, address) => vault_facts(accounts, currency, address),
            Self::Currency(view) => currency_facts(accounts, view),
            Self::Voucher(view) => voucher_facts(accounts, view),
            Self::Stake(view, owner) => stake_facts(accounts, view, owner),
        }
    }
}

fn vault_facts(accounts: &Accounts, view: &CurrencyView, address: &Pubkey) -> Vec<(String, Value)> {
    let Some((vault, currency, standard)) = vault_among(accounts, view, address) else {
        return vec![];
    };
    let named = |name: &str, value| (format!("vault {name}"), value);
    let balances = vault.balances;
    let mut facts = vec![
        named("status", Value::text(status(vault.status))),
        named("vendor", Value::Address(vault.vendor)),
        named("offered to", key_or_nobody(vault.pending_vendor)),
        named(
            "margin called at",
            Value::Time(vault.margin_called_at.get()),
        ),
        named("collateral", view.collateral(balances.collateral.get())),
        named("withdrawing", view.collateral(balances.withdrawing.get())),
        named("outstanding", Value::scu(balances.outstanding.get())),
        named("open", Value::scu(balances.open.get())),
        named("delivered", Value::scu(balances.delivered.get())),
        named("offer price", view.collateral(vault.offer.price.get())),
        named("offer left", Value::scu(vault.offer.units.get())),
        named(
            "offer retained",
            Value::Share(vault.offer.retained.get().into()),
        ),
        named("payout", Value::Address(vault.payout)),
        named("issuer", Value::Address(vault.issuer)),
        named("operator", Value::Address(vault.operator)),
        named("classes", crate::core::class::names(vault.classes)),
        named("attested rate", Value::Rate(vault.attested.rate.get())),
        named("attested until", Value::Time(vault.attested.ends_at.get())),
        named("attested at", Value::Time(vault.attested.attested_at.get())),
        named(
            "pending rate",
            Value::Rate(vault.pending.attestation.rate.get()),
        ),
        named(
            "pending counts from",
            Value::Time(vault.pending.effective_at.get()),
        ),
    ];
    let view = CurrencyView {
        account: currency,
        standard,
        ..view.clone()
    };
    if let Ok(standing) = Standing::of(&view, &vault) {
        facts.push(named("coverage", standing.coverage));
        facts.push(named("headroom", standing.headroom));
    }
    facts
}

/// The words for a vault's status.
pub(crate) fn status(status: u8) -> &'static str {
    const ACTIVE: u8 = VaultStatus::Active as u8;
    const SUSPENDED: u8 = VaultStatus::Suspended as u8;
    const DEFAULTED: u8 = VaultStatus::Defaulted as u8;
    match status {
        ACTIVE => "active",
        SUSPENDED => "suspended",
        DEFAULTED => "defaulted",
        _ => "unknown",
    }
}

fn key_or_nobody(key: Pubkey) -> Value {
    if key == Pubkey::default() {
        Value::Absent("nobody")
    } else {
        Value::Address(key)
    }
}

fn voucher_facts(accounts: &Accounts, view: &VoucherView) -> Vec<(String, Value)> {
    let read = accounts
        .get(&view.address)
        .and_then(|raw| Voucher::decode(&raw.owner, &raw.data).ok());
    let Some(voucher) = read else {
        return vec![];
    };
    let named = |name: &str, value| (format!("voucher {name}"), value);
    let remaining = voucher.remaining().map_or(0, |units| units.get());
    vec![
        named("remaining", Value::scu(remaining)),
        named("settled", Value::scu(voucher.settled.get())),
        named(
            "challenged until",
            Value::Time(voucher.challenged_until.get()),
        ),
        named(
            "challenge deposit",
            Value::sol(voucher.challenge_deposit.get()),
        ),
        named("answered at", Value::Time(voucher.answered_at.get())),
        named("closed at", Value::Time(voucher.closing_at.get())),
    ]
}

fn stake_facts(accounts: &Accounts, view: &CurrencyView, owner: &Pubkey) -> Vec<(String, Value)> {
    let address = address::stake(&address::pool(&view.address), owner);
    let stake = accounts
        .get(&address)
        .and_then(|raw| Stake::decode(&raw.owner, &raw.data).ok());
    let (staked, rewards) = stake.map_or((0, 0), |stake| (stake.staked.get(), stake.rewards.get()));
    vec![
        ("staked tokens".into(), Value::scu(staked)),
        ("rewards earned".into(), view.collateral(rewards)),
    ]
}

fn currency_facts(accounts: &Accounts, view: &CurrencyView) -> Vec<(String, Value)> {
    let read = accounts
        .get(&view.address)
        .and_then(|raw| Currency::decode(&raw.owner, &raw.data).ok());
    let currency = read.unwrap_or(view.account);
    let read = accounts
        .get(&address::standard(&view.address))
        .and_then(|raw| Standard::decode(&raw.owner, &raw.data).ok());
    let standard = read.unwrap_or(view.standard);
    vec![
        ("price".into(), view.collateral(standard.price.get())),
        (
            "price observed at".into(),
            Value::Time(standard.published_at.get()),
        ),
        (
            "paused until".into(),
            Value::Time(currency.paused_until.get()),
        ),
        (
            "standard".into(),
            Value::Work(standard.work_per_scu.get().into()),
        ),
        ("authority".into(), Value::Address(currency.authority)),
        ("guardian".into(), Value::Address(currency.guardian)),
        ("treasury".into(), Value::Address(currency.treasury)),
    ]
}
