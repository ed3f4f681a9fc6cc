//! Which vouchers, with which keys, at which gateways.

use super::issuer;
use crate::core::{amount::Decimal, context::Context, error::CliError, key, view::VaultView};
use clap::Args;
use solana_pubkey::Pubkey;
use specie_claims::{
    clock::{Clock as _, SystemClock},
    units::Units,
};
use specie_client::{constants::TOKEN_DECIMALS, state};
use specie_proxy::{
    Budget, Channel, ChannelError, Common, GatewayClient, Holder, Keys, Leases, Purse, Tenant,
};
use specie_wire::SigningKey;
use std::{path::PathBuf, sync::Arc};

#[derive(Debug, Args)]
pub(crate) struct Vouchers {
    /// A voucher, to be used before those after it
    #[arg(long, value_name = "ADDRESS", value_parser = key::parse_address, required = true)]
    pub(super) voucher: Vec<Pubkey>,
    /// Each voucher's session key file, in the same order [default: the one in ~/.config/specie/sessions]
    #[arg(long, value_name = "FILE")]
    session_key: Vec<PathBuf>,
    /// Address of the vendor's gateway, like https://compute.example; one for all, or one for each
    #[arg(long, value_name = "URL", required = true)]
    gateway: Vec<String>,
    /// The vault's present issuer, where the chain is not to be asked for it
    #[arg(long, value_name = "ADDRESS", value_parser = key::parse_address)]
    issuer: Option<Pubkey>,
    /// Folder for what was signed and what was charged [default: ~/.config/specie/proxy]
    #[arg(long, value_name = "FOLDER")]
    state: Option<PathBuf>,
    /// What was signed for the voucher elsewhere, or before the folder was lost, in SCU
    #[arg(long, value_name = "AMOUNT")]
    signed: Option<Decimal>,
}

/// A voucher with all that a channel needs of it.
struct Found {
    holder: Holder,
    gateway: GatewayClient,
    issuer: Pubkey,
    settled: Units,
}

/// Units of an amount in SCU.
pub(crate) fn units(amount: Decimal) -> Result<Units, CliError> {
    let units = amount.base(TOKEN_DECIMALS)?;
    Units::new(units)
        .ok_or_else(|| CliError::Usage(format!("{amount} SCU is more than any voucher has")))
}

impl Vouchers {
    /// Reads the vouchers from the chain and opens what is kept for them. Without a budget, all of their units are one.
    pub(super) fn open(
        &self,
        context: &Context,
        budget: Option<Units>,
        step: Units,
    ) -> Result<Purse, CliError> {
        self.require_counts()?;
        let found: Vec<Found> = (0..self.voucher.len())
            .map(|index| self.find(context, index))
            .collect::<Result<_, _>>()?;
        let all = found.iter().fold(Units::ZERO, |sum, found| {
            let units = Units::new(found.holder.terms().units);
            sum.saturating_add(units.unwrap_or(Units::MAX))
        });
        let signed = self.signed.map_or(Ok(Units::ZERO), units)?;
        let common = Arc::new(Common::new(
            self.folder()?,
            Budget::new(budget.unwrap_or(all), step),
            Arc::new(SystemClock),
            issuer::source(context, self.issuer)?,
        ));
        let mut channels = Vec::with_capacity(found.len());
        for Found {
            holder,
            gateway,
            issuer,
            settled,
        } in found
        {
            let issuer = issuer.to_bytes();
            let common = Arc::clone(&common);
            channels.push(Channel::open(
                holder, gateway, issuer, settled, signed, common,
            )?);
        }
        Ok(Purse::new(common, channels))
    }

    /// Reads the one voucher from the chain and opens what is kept for it, as what pays for leases.
    pub(crate) fn tenant(
        &self,
        context: &Context,
        budget: Option<Units>,
    ) -> Result<Tenant, CliError> {
        self.tenant_of(context, self.only(context)?, budget)
    }

    /// The one voucher's leases, also while another command pays for one of them.
    pub(crate) fn leases(&self, context: &Context) -> Result<Leases, CliError> {
        let found = self.only(context)?;
        let now = SystemClock.now();
        let kept = Leases::kept(&self.folder()?, found.holder.terms(), &found.gateway, now)?;
        match kept {
            Some(leases) => Ok(leases),
            None => {
                let mut tenant = self.tenant_of(context, found, None)?;
                crate::core::runtime::block_on(async { Ok(tenant.leases().await?) })
            }
        }
    }

    /// The keys of the one voucher's session, also while a proxy uses it.
    pub(super) fn keys(&self, context: &Context) -> Result<Keys, CliError> {
        let found = self.only(context)?;
        let now = SystemClock.now();
        let kept = Keys::kept(&self.folder()?, found.holder.terms(), &found.gateway, now)?;
        kept.ok_or_else(|| {
            CliError::Usage(
                "the voucher has no open session: start `specie proxy` with it. Keys are made in its session, and end \
                 with it"
                    .into(),
            )
        })
    }

    fn only(&self, context: &Context) -> Result<Found, CliError> {
        if self.voucher.len() != 1 {
            return Err(CliError::Usage(
                "a lease or a key is of one voucher: name one --voucher".into(),
            ));
        }
        self.require_counts()?;
        self.find(context, 0)
    }

    fn tenant_of(
        &self,
        context: &Context,
        found: Found,
        budget: Option<Units>,
    ) -> Result<Tenant, CliError> {
        let all = Units::new(found.holder.terms().units).unwrap_or(Units::MAX);
        let signed = self.signed.map_or(Ok(Units::ZERO), units)?;
        // Receipts are for whole intervals, so that steps would only round them up.
        let step = Units::new(1).unwrap_or_default();
        let common = Arc::new(Common::new(
            self.folder()?,
            Budget::new(budget.unwrap_or(all), step),
            Arc::new(SystemClock),
            issuer::source(context, self.issuer)?,
        ));
        let issuer = found.issuer.to_bytes();
        Ok(Tenant::open(
            found.holder,
            found.gateway,
            issuer,
            found.settled,
            signed,
            common,
        )?)
    }

    fn require_counts(&self) -> Result<(), CliError> {
        let vouchers = self.voucher.len();
        let fits = |given: usize, one: bool| given == vouchers || given == 0 || (one && given == 1);
        if !fits(self.session_key.len(), false) {
            return Err(CliError::Usage(format!(
                "there are {vouchers} vouchers and {} session keys: name a --session-key for each, or none",
                self.session_key.len()
            )));
        }
        if !fits(self.gateway.len(), true) {
            return Err(CliError::Usage(format!(
                "there are {vouchers} vouchers and {} gateways: name one --gateway for all, or one for each",
                self.gateway.len()
            )));
        }
        if self.signed.is_some() && vouchers > 1 {
            return Err(CliError::Usage(
                "--signed is of one voucher: name one --voucher with it".into(),
            ));
        }
        Ok(())
    }

    fn folder(&self) -> Result<PathBuf, CliError> {
        if let Some(folder) = &self.state {
            return Ok(folder.clone());
        }
        let home = std::env::home_dir().ok_or_else(|| {
            CliError::File("there is no home folder: name a folder with --state".into())
        })?;
        Ok(home.join(".config/specie/proxy"))
    }

    fn find(&self, context: &Context, index: usize) -> Result<Found, CliError> {
        let address = self.voucher[index];
        let chain = context.chain()?;
        let account: state::Voucher = chain.specie(&address)?;
        let view = VaultView::read(chain, &account.vault)?;
        let path = match self.session_key.get(index) {
            Some(path) => path.clone(),
            None => key::session_file(&account.session)?,
        };
        let key = key::read(&path.to_string_lossy(), "--session-key")?;
        let terms = account.terms(&address);
        let key = SigningKey::from_bytes(key.secret_bytes());
        let holder = Holder::new(terms, view.currency.account.cluster, key)
            .map_err(|error| CliError::Key(error.to_string()))?;
        let url = self.gateway.get(index).unwrap_or(&self.gateway[0]);
        Ok(Found {
            holder,
            gateway: GatewayClient::new(url).map_err(ChannelError::from)?,
            issuer: self.issuer.unwrap_or(view.account.issuer),
            settled: Units::new(account.settled.get()).unwrap_or(Units::MAX),
        })
    }
}
