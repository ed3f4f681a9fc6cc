use super::{
    line,
    vouchers::{Vouchers, units},
};
use crate::core::{
    amount::Decimal,
    context::Context,
    error::CliError,
    interrupts::Interrupts,
    outcome::Outcome,
    report::{Fields, Value},
    runtime::block_on,
};
use clap::Args;
use specie_client::constants::TOKEN_DECIMALS;
use specie_proxy::{
    Purse,
    serve::{self, Access, Origin},
};
use specie_service::tasks::{TaskHealth, Tasks};
use std::{net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};
use tokio::net::TcpListener;

/// How often the records of requests that were left early are asked for.
const CATCH_UP: Duration = Duration::from_secs(5);

/// What `specie proxy` serves.
#[derive(Debug, Args)]
pub(super) struct Start {
    #[command(flatten)]
    vouchers: Vouchers,
    /// Where applications ask, as address:port; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8411")]
    listen: SocketAddr,
    /// The most that may be signed in all, what was signed before included, in SCU [default: all of the vouchers]
    #[arg(long, value_name = "AMOUNT")]
    budget: Option<Decimal>,
    /// How much further each receipt goes, in SCU: what a dishonest gateway could take
    #[arg(long, value_name = "AMOUNT", default_value = "0.01")]
    step: Decimal,
    /// File with a key of your own that applications must send as their API key
    #[arg(long, value_name = "FILE")]
    app_key: Option<PathBuf>,
    /// Origin of web pages that may ask as well, like http://localhost:5173; any number of times [default: none]
    #[arg(long, value_name = "ORIGIN")]
    allow_origin: Vec<Origin>,
    /// Listen on an address that others can reach; needs --app-key
    #[arg(long)]
    allow_remote: bool,
    /// When stopped, sign for exactly what was consumed, as `specie proxy close` does
    #[arg(long)]
    close_when_done: bool,
}

impl Start {
    pub(super) fn run(self, context: &Context) -> Result<Outcome, CliError> {
        let key = self.app_key.as_ref().map(read_key).transpose()?;
        let access = Access::new(self.listen, self.allow_remote, key.as_deref())
            .map_err(|error| CliError::Usage(error.to_string()))?
            .allowing(self.allow_origin.clone());
        let budget = self.budget.map(units).transpose()?;
        let step = units(self.step)?;
        if self.step.base(TOKEN_DECIMALS)? == 0 {
            return Err(CliError::Usage(
                "--step 0 would never sign anything: name an amount like 0.01".into(),
            ));
        }
        let purse = Arc::new(self.vouchers.open(context, budget, step)?);
        block_on(self.serve(context, purse, access))
    }

    async fn serve(
        &self,
        context: &Context,
        purse: Arc<Purse>,
        access: Access,
    ) -> Result<Outcome, CliError> {
        let in_use = |error: std::io::Error| {
            CliError::Port(format!(
                "{} cannot be listened on ({error}): choose another address with --listen",
                self.listen
            ))
        };
        let listener = TcpListener::bind(self.listen).await.map_err(in_use)?;
        let address = listener.local_addr().map_err(in_use)?;
        // What is wrong with gateway or voucher is said now, not to the first application.
        if let Some(channel) = purse.usable().next() {
            channel.session().await?;
        }
        let mut interrupts = Interrupts::listen()?;
        let budget = &purse.common.budget;
        let ready = Fields::default()
            .with("api", "API", Value::text(format!("http://{address}/v1")))
            .with(
                "status",
                "Status",
                Value::text(format!("http://{address}/specie")),
            )
            .with(
                "vouchers",
                "Vouchers",
                Value::Number(purse.channels().len() as u64),
            )
            .with("budget", "Budget", Value::scu(budget.most().get()))
            .with(
                "signedBefore",
                "Signed before",
                Value::scu(budget.signed().get()),
            )
            .with("ready", "Ready", Value::text("runs until Ctrl-C"));
        context.output.report(&ready.into())?;

        let mut beside = Tasks::new(TaskHealth::default());
        let kept_up = Arc::clone(&purse);
        beside.keep("catching up", move || {
            let purse = Arc::clone(&kept_up);
            async move {
                loop {
                    tokio::time::sleep(CATCH_UP).await;
                    purse.catch_up().await;
                }
            }
        });
        let (shown, output) = (Arc::clone(&purse), context.output);
        beside.keep_until_done("status line", move || {
            line::show(Arc::clone(&shown), output)
        });
        let stopped = async move { interrupts.next().await };
        let served = serve::run(listener, Arc::clone(&purse), access, stopped).await;
        beside.shutdown().await;
        context.output.end_status_line();
        served.map_err(|error| CliError::Network(format!("serving ended: {error}")))?;
        if self.close_when_done {
            return super::close::close(&purse).await;
        }
        Ok(super::close::account(&purse))
    }
}

/// The only line of a file.
fn read_key(path: &PathBuf) -> Result<String, CliError> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| CliError::File(format!("{} cannot be read: {error}", path.display())))?;
    let key = text.trim();
    if key.len() < 16 {
        return Err(CliError::File(format!(
            "{} holds no key of at least 16 characters: write a line of chance into it, like `openssl rand -hex 32` does",
            path.display()
        )));
    }
    Ok(key.to_owned())
}
