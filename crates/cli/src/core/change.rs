//! What a transaction changes: the same facts read before it and out of its simulation.

use crate::core::{
    chain::Accounts,
    report::{Change, Value},
    token,
    view::{CurrencyView, Standing, vault_among},
};
use solana_pubkey::Pubkey;
use specie_client::address;

/// Something whose change is shown.
pub(crate) enum Watch<'a> {
    /// An account's SOL.
    Lamports(String, Pubkey),
    /// A token account's balance, with the token's decimals.
    Tokens(String, Pubkey, u8),
    /// A vault: what it holds and owes, its coverage and its headroom.
    Vault(&'a CurrencyView, Pubkey),
    /// A currency's price and pause.
    Currency(&'a CurrencyView),
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

fn currency_facts(accounts: &Accounts, view: &CurrencyView) -> Vec<(String, Value)> {
    use specie_client::{
        account::SpecieAccount as _,
        state::{Currency, Standard},
    };
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
    ]
}
