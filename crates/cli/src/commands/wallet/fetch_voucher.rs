use crate::core::{
    context::Context,
    error::CliError,
    key,
    outcome::Outcome,
    report::{Fields, Value},
    view::VaultView,
};
use clap::Args;
use solana_pubkey::Pubkey;
use specie_client::state;
use specie_proxy::{GatewayClient, GatewayError};
use std::path::PathBuf;

/// The vendor signs once the voucher's account is finalized. The signature is checked against the chain's own facts.
#[derive(Debug, Args)]
pub struct FetchVoucher {
    /// The voucher
    #[arg(value_parser = key::parse_address)]
    voucher: Pubkey,
    /// Address of the vendor's gateway, like https://compute.example
    #[arg(long, value_name = "URL")]
    gateway: String,
    /// File to write the signed voucher to, as a JWS
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

impl FetchVoucher {
    pub(super) fn run(self, context: &Context) -> Result<Outcome, CliError> {
        let chain = context.chain()?;
        let account: state::Voucher = chain.specie(&self.voucher)?;
        let view = VaultView::read(chain, &account.vault)?;
        let token = self.ask()?;
        let wrong = || {
            CliError::Network(format!(
                "{} answered something else than the voucher {} signed by its vault's issuer {}: nothing was written",
                self.gateway, self.voucher, view.account.issuer
            ))
        };
        let claims = account.terms(&self.voucher);
        let (issuer, cluster) = (&view.account.issuer, &view.currency.account.cluster);
        let signed = specie_claims::voucher::read(&token, issuer.as_array(), cluster);
        if signed != Ok(claims) {
            return Err(wrong());
        }
        let mut fields = Fields::default()
            .with("voucher", "Voucher", Value::Address(self.voucher))
            .with("issuer", "Issuer", Value::Address(view.account.issuer))
            .with("units", "Units", Value::scu(claims.units))
            .with("expiresAt", "Expires at", Value::Time(claims.expires_at))
            .with("signedVoucher", "Signed voucher", Value::text(&token));
        if let Some(path) = &self.out {
            std::fs::write(path, format!("{token}\n")).map_err(|error| {
                CliError::File(format!("{} cannot be written: {error}", path.display()))
            })?;
            fields = fields.with("file", "File", Value::text(path.display()));
        }
        Ok(fields.into())
    }

    /// Asks the gateway; its own words where it refuses.
    fn ask(&self) -> Result<String, CliError> {
        let failed = |error: GatewayError| CliError::Network(error.to_string());
        let gateway = GatewayClient::new(&self.gateway).map_err(failed)?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| {
                CliError::Transaction(format!("no threads can be started: {error}"))
            })?;
        runtime
            .block_on(gateway.voucher(&self.voucher))
            .map_err(failed)
    }
}
