use crate::core::{
    change::status,
    class,
    context::Context,
    error::CliError,
    key,
    outcome::Outcome,
    report::{Fields, Value},
    view::{CurrencyView, Standing, VaultView},
};
use clap::Args;
use solana_pubkey::Pubkey;
use specie_client::state::{Attestation, Vault};

#[derive(Debug, Args)]
pub struct Show {
    /// The vault
    #[arg(value_parser = key::parse_address)]
    vault: Pubkey,
}

impl Show {
    pub(super) fn run(self, context: &Context) -> Result<Outcome, CliError> {
        let view = VaultView::read(context.chain()?, &self.vault)?;
        let (vault, currency) = (&view.account, &view.currency);
        let pending = match vault.pending.effective_at.get() {
            0 => Value::Nothing,
            effective_at => Value::Fields(attestation(currency, &vault.pending.attestation).with(
                "countsFrom",
                "Counts from",
                Value::Time(effective_at),
            )),
        };
        Ok(Fields::default()
            .with("vault", "Vault", Value::Address(view.address))
            .with("currency", "Currency", Value::Address(currency.address))
            .with("vendor", "Vendor", Value::Address(vault.vendor))
            .with("issuer", "Issuer", Value::Address(vault.issuer))
            .with("operator", "Operator", Value::Address(vault.operator))
            .with("payout", "Payout", Value::Address(vault.payout))
            .and(summary(currency, vault)?)
            .with("attested", "Attested", attested(currency, &vault.attested))
            .with("pending", "Pending", pending)
            .with(
                "attestationSequence",
                "Attestation sequence",
                Value::Number(vault.attestation_sequence.get()),
            )
            .with(
                "marginCalledAt",
                "Margin called at",
                Value::Time(vault.margin_called_at.get()),
            )
            .into())
    }
}

/// What a vault holds, owes and offers, and how it stands.
pub(super) fn summary(currency: &CurrencyView, vault: &Vault) -> Result<Fields, CliError> {
    let balances = &vault.balances;
    Ok(Fields::default()
        .with("status", "Status", Value::text(status(vault.status)))
        .with("classes", "Classes", class::names(vault.classes))
        .with("limit", "Limit", Value::scu(vault.limit.get()))
        .with(
            "outstanding",
            "Outstanding",
            Value::scu(balances.outstanding.get()),
        )
        .with("open", "Open", Value::scu(balances.open.get()))
        .with(
            "delivered",
            "Delivered",
            Value::scu(balances.delivered.get()),
        )
        .with(
            "collateral",
            "Collateral",
            currency.collateral(balances.collateral.get()),
        )
        .with(
            "withdrawing",
            "Withdrawing",
            currency.collateral(balances.withdrawing.get()),
        )
        .with(
            "withdrawalAvailableAt",
            "Withdrawal available at",
            Value::Time(vault.withdrawal_available_at.get()),
        )
        .with(
            "penalty",
            "Penalty",
            currency.collateral(vault.penalty.get()),
        )
        .with(
            "offerPrice",
            "Offer price",
            currency.collateral(vault.offer.price.get()),
        )
        .with(
            "offerLeft",
            "Offer left",
            Value::scu(vault.offer.units.get()),
        )
        .with(
            "offerRetained",
            "Offer retained",
            Value::Share(vault.offer.retained.get().into()),
        )
        .and(Standing::of(currency, vault)?.fields()))
}

/// What counts, or did until it expired or its pledge ended.
fn attested(currency: &CurrencyView, of: &Attestation) -> Value {
    if of.attested_at.get() == 0 {
        return Value::Absent("nothing yet");
    }
    let counts_until = counts_until(currency, of);
    let state = if currency.now <= counts_until {
        "counts"
    } else if of.ends_at.get() <= counts_until {
        "its pledge has ended"
    } else {
        "expired"
    };
    Value::Fields(
        Fields::default()
            .with("state", "State", Value::text(state))
            .and(attestation(currency, of)),
    )
}

/// When an attestation is too old to count, or its pledge ends.
fn counts_until(currency: &CurrencyView, attestation: &Attestation) -> i64 {
    let ttl = currency.account.params.attestation_ttl.get();
    let too_old = attestation.attested_at.get().saturating_add(ttl.into());
    too_old.min(attestation.ends_at.get())
}

fn attestation(currency: &CurrencyView, attestation: &Attestation) -> Fields {
    Fields::default()
        .with(
            "countsUntil",
            "Counts until",
            Value::Time(counts_until(currency, attestation)),
        )
        .with("rate", "Rate", Value::Rate(attestation.rate.get()))
        .with("until", "Until", Value::Time(attestation.ends_at.get()))
        .with(
            "measuredAt",
            "Measured at",
            Value::Time(attestation.attested_at.get()),
        )
        .with(
            "inventory",
            "Inventory",
            Value::text(hex::encode(attestation.inventory_hash)),
        )
}
