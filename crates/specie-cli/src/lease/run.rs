use super::fields;
use crate::{
    amount::{self, Decimal},
    context::Context,
    error::CliError,
    proxy::{
        block_on,
        start::shutdown,
        vouchers::{Vouchers, units},
    },
    report::{Report, Value},
};
use clap::{Args, ValueEnum};
use specie_claims::{
    job::{Job, WarnSignal},
    lease::{LeaseRequest, LeaseState, State},
};
use specie_client::constants::TOKEN_DECIMALS;
use specie_proxy::{ChannelError, GatewayError, Tenant, TenantError};
use std::{process::ExitCode, time::Duration};

/// The longest wait between two looks at a lease.
const LONGEST_LOOK: Duration = Duration::from_secs(5);
/// The shortest.
const SHORTEST_LOOK: Duration = Duration::from_millis(250);

/// The first Ctrl-C stops the lease and waits for its end; the second one leaves it to its receipts.
#[derive(Debug, Args)]
pub struct Run {
    #[command(flatten)]
    voucher: Vouchers,
    /// The pool to lease from, as the gateway names it
    #[arg(long)]
    pool: String,
    /// Accelerators that the job gets
    #[arg(long, default_value_t = 1)]
    accelerators: u32,
    /// A variable of the job's environment; any number of times
    #[arg(long, value_name = "NAME=VALUE", value_parser = variable)]
    env: Vec<(String, String)>,
    /// Signal that tells the job to save its work; only for a job that handles it
    #[arg(long, value_enum, value_name = "SIGNAL")]
    warn_signal: Option<Signal>,
    /// The most that may be signed for the voucher in all, in SCU [default: all of it]
    #[arg(long, value_name = "AMOUNT")]
    budget: Option<Decimal>,
    /// A name for this run: running it again under the same name goes on with the same lease
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// The program and its arguments
    #[arg(last = true, required = true)]
    command: Vec<String>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Signal {
    #[value(name = "SIGUSR1")]
    Usr1,
    #[value(name = "SIGUSR2")]
    Usr2,
}

fn variable(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("expected NAME=VALUE")?;
    Ok((name.to_owned(), value.to_owned()))
}

impl Run {
    pub(super) fn run(self, context: &Context) -> Result<(Report, ExitCode), CliError> {
        let request = LeaseRequest {
            pool: self.pool.clone(),
            accelerators: self.accelerators,
            job: Job {
                command: self.command.clone(),
                env: self.env.iter().cloned().collect(),
                warn_signal: self.warn_signal.map(|signal| match signal {
                    Signal::Usr1 => WarnSignal::Usr1,
                    Signal::Usr2 => WarnSignal::Usr2,
                }),
            },
        };
        let checked = request.job.check();
        checked.map_err(|refusal| CliError::Usage(refusal.to_string()))?;
        let budget = self.budget.map(units).transpose()?;
        let mut tenant = self.voucher.tenant(context, budget)?;
        block_on(async {
            let lease = tenant.begin(&request, self.name.as_deref()).await?;
            context
                .output
                .notice(&format!("lease {} is {}", lease.id, lease.state.name()));
            let ended = follow(context, &mut tenant, lease).await;
            context.output.end_status_line();
            outcome(&tenant, &ended?)
        })
    }
}

/// Pays for the lease until it has ended.
async fn follow(
    context: &Context,
    tenant: &mut Tenant,
    mut lease: LeaseState,
) -> Result<LeaseState, CliError> {
    let look = Duration::from_millis(lease.interval_ms / 8).clamp(SHORTEST_LOOK, LONGEST_LOOK);
    let (asked, mut interrupted) = tokio::sync::mpsc::channel(2);
    tokio::spawn(async move {
        loop {
            shutdown().await;
            let _ = asked.send(()).await;
        }
    });
    let mut paying = true;
    let mut stopping = false;
    let mut silent = false;
    let mut overcharged = None;
    while lease.state != State::Ended {
        tokio::select! {
            () = tokio::time::sleep(look) => {}
            _ = interrupted.recv() => {
                if stopping {
                    return Err(CliError::Network(format!(
                        "lease {} is still being stopped: see `specie lease show`", lease.id
                    )));
                }
                stopping = true;
                context.output.notice("the lease is being stopped; Ctrl-C again leaves it to that");
                lease = tenant.stop(&lease.id).await?;
                continue;
            }
        }
        match tenant.lease(&lease.id).await {
            Ok(now) => (lease, silent) = (now, false),
            Err(TenantError::Channel(ChannelError::Gateway(
                error @ GatewayError::OutOfReach { .. },
            ))) => {
                if !silent {
                    context.output.notice(&format!("{error}; the job runs on"));
                }
                silent = true;
                continue;
            }
            Err(error) => return Err(error.into()),
        }
        let runs = matches!(
            lease.state,
            State::Starting | State::Running | State::Warned
        );
        if paying && runs && !stopping {
            match tenant.pay(&lease).await {
                Ok(()) => {}
                Err(TenantError::Channel(ChannelError::Gateway(GatewayError::OutOfReach {
                    ..
                }))) => {}
                Err(TenantError::Channel(ChannelError::Budget(reached))) => {
                    paying = false;
                    context.output.notice(&format!(
                        "{} SCU may be signed and no more: the job is warned and stopped once they are used up",
                        scu(reached.allowed.get())
                    ));
                }
                Err(TenantError::Channel(error @ ChannelError::Overcharged { .. })) => {
                    (paying, stopping) = (false, true);
                    tenant.stop(&lease.id).await?;
                    overcharged = Some(error);
                }
                Err(error) => return Err(error.into()),
            }
        }
        context.output.status_line(&format!(
            "{}: {:.1} s charged, {} SCU, {} held, {} of {} signed",
            lease.state.name(),
            lease.charged_run_ms as f64 / 1_000.0,
            scu(lease.charged.get()),
            scu(lease.held.get()),
            scu(tenant.signed().get()),
            scu(tenant.budget().get()),
        ));
    }
    if let Some(error) = overcharged {
        return Err(error.into());
    }
    tenant.exact().await?;
    Ok(lease)
}

fn scu(units: u64) -> String {
    amount::format(units, TOKEN_DECIMALS)
}

/// A job that returned something gives its exit code; one that never ran, or was lost, is a failure.
fn outcome(tenant: &Tenant, lease: &LeaseState) -> Result<(Report, ExitCode), CliError> {
    let why = lease.why.map_or("", |why| why.name());
    let Some(code) = lease.exit_code else {
        let detail = lease.detail.as_deref().unwrap_or("no more is known");
        return Err(CliError::Network(format!(
            "lease {} ended without an exit code ({why}): {detail}",
            lease.id
        )));
    };
    let report = fields(lease).with("Signed", Value::scu(tenant.signed().get()));
    let code = u8::try_from(code).unwrap_or(u8::MAX);
    Ok((report.into(), ExitCode::from(code)))
}
