//! `specie proxy key`

use super::vouchers::{Vouchers, units};
use crate::core::{
    amount::Decimal,
    context::Context,
    duration,
    error::CliError,
    outcome::Outcome,
    report::{Fields, Value},
    runtime::block_on,
};
use clap::{Args, Subcommand};
use specie_claims::{
    clock::{Clock as _, SystemClock},
    sub_key::{SubKeyRequest, SubKeyState},
};
use specie_proxy::{ChannelError, Minted};

#[derive(Debug, Subcommand)]
pub(super) enum KeyCommand {
    /// Make a key with a budget of its own
    Create(Create),
    /// What keys have consumed and have left
    List(List),
    /// End a key, at once for whatever is not being served
    Revoke(Revoke),
}

/// What a key may do.
#[derive(Debug, Args)]
pub(super) struct Create {
    /// What you call it: 1 to 64 letters, digits, signs and spaces
    name: String,
    #[command(flatten)]
    vouchers: Vouchers,
    /// The most that may be consumed with it, in SCU; nothing is set aside
    #[arg(long, value_name = "AMOUNT")]
    budget: Decimal,
    /// A model that it may ask, any number of them [default: every one]
    #[arg(long, value_name = "MODEL")]
    model: Vec<String>,
    /// How long it works, like 30m [default: until the session ends]
    #[arg(long, value_name = "TIME", value_parser = duration::parse)]
    expires_in: Option<u32>,
}

/// Whose keys to list.
#[derive(Debug, Args)]
pub(super) struct List {
    #[command(flatten)]
    vouchers: Vouchers,
}

/// Which key to end.
#[derive(Debug, Args)]
pub(super) struct Revoke {
    /// The key, as `list` names it
    key: String,
    #[command(flatten)]
    vouchers: Vouchers,
}

impl KeyCommand {
    pub(super) fn run(self, context: &Context) -> Result<Outcome, CliError> {
        match self {
            Self::Create(command) => command.run(context),
            Self::List(command) => command.run(context),
            Self::Revoke(command) => command.run(context),
        }
    }
}

impl Create {
    fn run(self, context: &Context) -> Result<Outcome, CliError> {
        let request = SubKeyRequest {
            name: self.name,
            budget: units(self.budget)?,
            models: self.model,
            expires_at: self
                .expires_in
                .map(|seconds| SystemClock.now().plus(seconds.into())),
        };
        let keys = self.vouchers.keys(context)?;
        block_on(async {
            let Minted { api_key, state } = keys.mint(&request).await?;
            let shown = Fields::default().with("apiKey", "API key", Value::text(api_key));
            Ok(shown.and(fields(&state)).into())
        })
    }
}

impl List {
    fn run(self, context: &Context) -> Result<Outcome, CliError> {
        let keys = self.vouchers.keys(context)?;
        block_on(async {
            let keys = keys.list().await.map_err(ChannelError::from)?;
            let keys = keys.iter().map(fields).collect();
            Ok(Fields::default()
                .with("keys", "Keys", Value::List(keys))
                .into())
        })
    }
}

impl Revoke {
    fn run(self, context: &Context) -> Result<Outcome, CliError> {
        let keys = self.vouchers.keys(context)?;
        block_on(async {
            let revoked = keys.revoke(&self.key).await.map_err(ChannelError::from)?;
            Ok(fields(&revoked).into())
        })
    }
}

fn fields(key: &SubKeyState) -> Fields {
    let models = match key.models.as_slice() {
        [] => Value::Absent("every one"),
        models => Value::Names(models.to_vec()),
    };
    Fields::default()
        .with("key", "Key", Value::text(&key.id))
        .with("name", "Name", Value::text(&key.name))
        .with("budget", "Budget", Value::scu(key.budget.get()))
        .with("consumed", "Consumed", Value::scu(key.consumed.get()))
        .with("held", "Held", Value::scu(key.held.get()))
        .with("left", "Left", Value::scu(key.left.get()))
        .with("models", "Models", models)
        .with("expires", "Expires", Value::Time(key.expires_at.0))
        .with(
            "revoked",
            "Revoked",
            Value::Time(key.revoked_at.map_or(0, |at| at.0)),
        )
}
