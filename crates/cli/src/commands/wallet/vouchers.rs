use crate::core::{
    chain::Chain,
    class,
    context::Context,
    error::CliError,
    key,
    outcome::Outcome,
    report::{Fields, Value},
};
use clap::Args;
use solana_pubkey::Pubkey;
use specie_client::state::{Currency, Vault, Voucher};
use std::{
    collections::btree_map::{BTreeMap, Entry},
    mem::offset_of,
};

#[derive(Debug, Args)]
pub struct Vouchers {
    /// Whose [default: the key that signs]
    #[arg(long, value_name = "ADDRESS", value_parser = key::parse_address)]
    owner: Option<Pubkey>,
}

impl Vouchers {
    pub(super) fn run(self, context: &Context) -> Result<Outcome, CliError> {
        let owner = context.address_or_own(self.owner)?;
        let chain = context.chain()?;
        let vouchers: Vec<(Pubkey, Voucher)> =
            chain.specie_accounts_with(offset_of!(Voucher, owner), &owner)?;
        let now = chain.now()?;
        let mut currencies = BTreeMap::new();
        let mut list = vec![];
        for (address, voucher) in &vouchers {
            let currency = match currencies.entry(voucher.vault) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(new) => new.insert(currency_of(chain, &voucher.vault)?),
            };
            list.push(fields(address, voucher, currency, now));
        }
        Ok(Fields::default()
            .with("owner", "Owner", Value::Address(owner))
            .with("vouchers", "Vouchers", Value::List(list))
            .into())
    }
}

fn currency_of(chain: &Chain, vault: &Pubkey) -> Result<Currency, CliError> {
    let vault: Vault = chain.specie(vault)?;
    chain.specie(&vault.currency)
}

fn fields(address: &Pubkey, voucher: &Voucher, currency: &Currency, now: i64) -> Fields {
    let ends = voucher
        .settles_until(&currency.params)
        .map_or(0, |until| until.get());
    let closing = voucher.closing_at.get() != 0 || voucher.expires_at.get() <= now;
    let state = match (closing, now > ends) {
        (true, true) => "reclaimable",
        (true, false) => "closing",
        (false, _) => "open",
    };
    Fields::default()
        .with("voucher", "Voucher", Value::Address(*address))
        .with("vault", "Vault", Value::Address(voucher.vault))
        .with("session", "Session", Value::Address(voucher.session))
        .with("class", "Class", Value::text(class::name(voucher.class)))
        .with("state", "State", Value::text(state))
        .with("units", "Units", Value::scu(voucher.units.get()))
        .with("settled", "Settled", Value::scu(voucher.settled.get()))
        .with(
            "remaining",
            "Remaining",
            Value::scu(voucher.remaining().map_or(0, |units| units.get())),
        )
        .with(
            "openedAt",
            "Opened at",
            Value::Time(voucher.opened_at.get()),
        )
        .with(
            "expiresAt",
            "Expires at",
            Value::Time(voucher.expires_at.get()),
        )
        .with(
            "receiptsCountUntil",
            "Receipts count until",
            Value::Time(ends),
        )
}
