use super::fields;
use crate::{
    commands::proxy::vouchers::{Vouchers, units},
    core::{
        amount::{self, Decimal},
        context::Context,
        error::CliError,
        interrupts::Interrupts,
        outcome::Outcome,
        report::Value,
        runtime::block_on,
    },
};
use clap::{Args, ValueEnum};
use specie_claims::{
    job::{Job, WarnSignal},
    lease::{LeaseRequest, LeaseState, State},
};
use specie_client::constants::TOKEN_DECIMALS;
use specie_proxy::{ChannelError, GatewayError, Tenant, TenantError};
use std::{cell::RefCell, process::ExitCode, time::Duration};
use tokio::sync::watch;

/// The longest wait between two looks at a lease.
const LONGEST_LOOK: Duration = Duration::from_secs(5);
/// The shortest.
const SHORTEST_LOOK: Duration = Duration::from_millis(250);

/// The first Ctrl-C stops the lease and waits for its end; the second one leaves at once, and says what goes on.
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
    pub(super) fn run(self, context: &Context) -> Result<Outcome, CliError> {
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
            let mut interrupts = Interrupts::listen()?;
            let (stop, wanted) = watch::channel(false);
            let progress = RefCell::new(Progress::Asked);
            let paid = Paying {
                context,
                tenant: &mut tenant,
                progress: &progress,
                wanted,
            }
            .run(&request, self.name.as_deref());
            let left = async {
                interrupts.next().await;
                stop.send_replace(true);
                let notice = "the lease is to be stopped; Ctrl-C again leaves at once";
                context.output.notice(notice);
                interrupts.next().await;
            };
            let ended = tokio::select! {
                ended = paid => ended,
                () = left => Err(CliError::Network(progress.borrow().to_string())),
            };
            context.output.end_status_line();
            outcome(&tenant, &ended?)
        })
    }
}

/// How far a lease was when its run was left.
enum Progress {
    Asked,
    Begun(String),
    Stopping(String),
}

impl std::fmt::Display for Progress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Asked => f.write_str(
                "the lease was asked for, and may have begun: see `specie lease list`, and stop it with `specie lease stop`",
            ),
            Self::Begun(lease) => write!(
                f,
                "lease {lease} was not stopped: it runs until what was signed is used up; stop it with `specie lease stop {lease}`"
            ),
            Self::Stopping(lease) => write!(
                f,
                "lease {lease} is still being stopped: see `specie lease show {lease}`"
            ),
        }
    }
}

/// A lease that is begun, and paid for until it has ended.
struct Paying<'a> {
    context: &'a Context,
    tenant: &'a mut Tenant,
    progress: &'a RefCell<Progress>,
    /// Whether it is to be stopped.
    wanted: watch::Receiver<bool>,
}

impl Paying<'_> {
    async fn run(
        mut self,
        request: &LeaseRequest,
        name: Option<&str>,
    ) -> Result<LeaseState, CliError> {
        let mut lease = self.tenant.begin(request, name).await?;
        self.progress.replace(Progress::Begun(lease.id.clone()));
        self.notice(&format!("lease {} is {}", lease.id, lease.state.name()));
        let look = Duration::from_millis(lease.interval_ms / 8).clamp(SHORTEST_LOOK, LONGEST_LOOK);
        let mut paying = true;
        let mut silent = false;
        let mut overcharged = None;
        let mut unknown_told = false;
        while lease.state != State::Ended {
            let is_stopping = matches!(*self.progress.borrow(), Progress::Stopping(_));
            if !is_stopping {
                // Ends the wait early, or not at all where it was wanted before.
                let wanted = self.wanted.wait_for(|wanted| *wanted);
                let _ = tokio::time::timeout(look, wanted).await;
            } else {
                tokio::time::sleep(look).await;
            }
            let is_to_stop = *self.wanted.borrow() || overcharged.is_some();
            let seen = if is_to_stop && !is_stopping {
                self.stop(&lease.id).await
            } else {
                self.tenant.lease(&lease.id).await
            };
            match seen {
                Ok(now) => (lease, silent) = (now, false),
                Err(TenantError::Channel(ChannelError::Gateway(
                    error @ GatewayError::OutOfReach { .. },
                ))) => {
                    if !silent {
                        self.notice(&format!("{error}; the job runs on"));
                    }
                    // A wait that is over at once would ask again and again.
                    if is_to_stop && !is_stopping {
                        tokio::time::sleep(look).await;
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
            if paying && runs && !is_to_stop {
                match self.tenant.pay(&lease).await {
                    Ok(()) => {}
                    Err(TenantError::Channel(ChannelError::Gateway(
                        GatewayError::OutOfReach { .. },
                    ))) => {}
                    // What was signed lasts for a while; the chain is asked again meanwhile.
                    Err(TenantError::Channel(error @ ChannelError::IssuerUnknown { .. })) => {
                        if !std::mem::replace(&mut unknown_told, true) {
                            self.notice(&format!("{error}; the job runs on what is signed"));
                        }
                    }
                    Err(TenantError::Channel(ChannelError::Budget(reached))) => {
                        paying = false;
                        self.notice(&format!(
                            "{} SCU may be signed and no more: the job is warned and stopped once they are used up",
                            scu(reached.allowed.get())
                        ));
                    }
                    Err(TenantError::Channel(
                        error @ (ChannelError::Overcharged { .. } | ChannelError::Doubted { .. }),
                    )) => {
                        overcharged = Some(error);
                    }
                    Err(error) => return Err(error.into()),
                }
            }
            self.show(&lease);
        }
        if let Some(error) = overcharged {
            return Err(error.into());
        }
        self.tenant.exact().await?;
        Ok(lease)
    }

    async fn stop(&mut self, id: &str) -> Result<LeaseState, TenantError> {
        let lease = self.tenant.stop(id).await?;
        self.progress.replace(Progress::Stopping(id.to_owned()));
        let seconds = lease.grace_ms.div_ceil(1_000);
        self.notice(&format!(
            "lease {id} is being stopped: its job has {seconds} s to end"
        ));
        Ok(lease)
    }

    fn notice(&self, text: &str) {
        self.context.output.notice(text);
    }

    fn show(&self, lease: &LeaseState) {
        self.context.output.status_line(&format!(
            "{}: {:.1} s charged, {} SCU, {} held, {} of {} signed",
            lease.state.name(),
            lease.charged_run_ms as f64 / 1_000.0,
            scu(lease.charged.get()),
            scu(lease.held.get()),
            scu(self.tenant.signed().get()),
            scu(self.tenant.budget().get()),
        ));
    }
}

fn scu(units: u64) -> String {
    amount::format(units, TOKEN_DECIMALS)
}

/// A job that returned something gives its exit code; one that never ran, or was lost, is a failure.
fn outcome(tenant: &Tenant, lease: &LeaseState) -> Result<Outcome, CliError> {
    let why = lease.why.map_or("", |why| why.name());
    let Some(code) = lease.exit_code else {
        let detail = lease.detail.as_deref().unwrap_or("no more is known");
        return Err(CliError::Network(format!(
            "lease {} ended without an exit code ({why}), and {} SCU were charged: {detail}",
            lease.id,
            scu(lease.charged.get())
        )));
    };
    let report = fields(lease).with("signed", "Signed", Value::scu(tenant.signed().get()));
    let code = u8::try_from(code).unwrap_or(u8::MAX);
    Ok(Outcome::from(report).exiting(ExitCode::from(code)))
}
