use crate::{
    context::Context,
    error::CliError,
    key,
    report::{Fields, Report, Value},
    view::VaultView,
};
use clap::Args;
use serde_json::Value as Json;
use solana_pubkey::Pubkey;
use specie_client::state;
use specie_wire::Voucher;
use std::{path::PathBuf, time::Duration};

const PATIENCE: Duration = Duration::from_secs(30);

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
    pub(super) fn run(self, context: &Context) -> Result<Report, CliError> {
        let chain = context.chain()?;
        let account: state::Voucher = chain.specie(&self.voucher)?;
        let view = VaultView::read(chain, &account.vault)?;
        let answer = self.ask()?;
        let wrong = || {
            CliError::Network(format!(
                "{} answered something else than the voucher {} signed by its vault's issuer {}: nothing was written",
                self.gateway, self.voucher, view.account.issuer
            ))
        };
        let token = answer["voucher"].as_str().ok_or_else(wrong)?;
        let claims = Voucher {
            voucher: self.voucher.to_bytes(),
            vault: view.address.to_bytes(),
            session: account.session.to_bytes(),
            class: account.class,
            units: account.units.get(),
            work_per_scu: account.work_per_scu.get(),
            opened_at: account.opened_at.get(),
            expires_at: account.expires_at.get(),
        };
        let (issuer, cluster) = (&view.account.issuer, &view.currency.account.cluster);
        let signed = specie_claims::voucher::read(token, issuer.as_array(), cluster);
        if signed != Ok(claims) {
            return Err(wrong());
        }
        let mut fields = Fields::default()
            .with("Voucher", Value::Address(self.voucher))
            .with("Issuer", Value::Address(view.account.issuer))
            .with("Units", Value::scu(claims.units))
            .with("Expires at", Value::Time(claims.expires_at))
            .with("Signed voucher", Value::text(token));
        if let Some(path) = &self.out {
            std::fs::write(path, format!("{token}\n")).map_err(|error| {
                CliError::File(format!("{} cannot be written: {error}", path.display()))
            })?;
            fields = fields.with("File", Value::text(path.display()));
        }
        Ok(fields.into())
    }

    /// Asks the gateway; its own words where it refuses.
    fn ask(&self) -> Result<Json, CliError> {
        let url = format!(
            "{}/v1/vouchers/{}",
            self.gateway.trim_end_matches('/'),
            self.voucher
        );
        let unanswered = |error: reqwest::Error| {
            CliError::Network(format!(
                "the gateway at {} does not answer ({}): check the address, or ask the vendor",
                self.gateway,
                root_cause(&error)
            ))
        };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| {
                CliError::Transaction(format!("no threads can be started: {error}"))
            })?;
        runtime.block_on(async {
            let answer = reqwest::Client::new()
                .post(&url)
                .timeout(PATIENCE)
                .send()
                .await
                .map_err(unanswered)?;
            let status = answer.status();
            let json: Json = answer.json().await.map_err(unanswered)?;
            if status.is_success() {
                return Ok(json);
            }
            let message = json["error"]["message"]
                .as_str()
                .unwrap_or("no reason given");
            Err(CliError::Network(format!(
                "the gateway at {} refused ({status}): {message}",
                self.gateway
            )))
        })
    }
}

/// The innermost of an error's causes: what the system said.
fn root_cause(error: &dyn std::error::Error) -> String {
    match error.source() {
        Some(source) => root_cause(source),
        None => error.to_string(),
    }
}
