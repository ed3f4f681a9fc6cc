//! `specie-gateway`: wires the parts together and runs them until it is asked to stop.
// `println!` panics on a closed pipe: specie-stdout writes instead.
#![deny(clippy::print_stdout, clippy::print_stderr)]

use anyhow::Context as _;
use specie_gateway::chain::rpc::RpcChain;
use specie_gateway::chain::view::Seen;
use specie_gateway::check::check;
use specie_gateway::clock::{Clock as _, SystemClock};
use specie_gateway::config::{Arguments, Command, ConfigFile, Flags};
use specie_gateway::gateway::Gateway;
use specie_gateway::http::{self, ServerLimits};
use specie_gateway::init::init;
use specie_gateway::lease;
use specie_gateway::ledger::Ledger;
use specie_gateway::ledger::change::Adopt;
use specie_gateway::lifecycle::Lifecycle;
use specie_gateway::observe::telemetry;
use specie_service as service;
use specie_service::tasks::{self, Tasks};
use specie_stdout::Stdout;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;

/// A request makes some hundreds of small allocations, on one thread, and many of them end on another.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> anyhow::Result<ExitCode> {
    let Arguments { command, flags } = match specie_stdout::arguments() {
        Ok(arguments) => arguments,
        Err(code) => return Ok(code),
    };
    match command.unwrap_or_default() {
        Command::Run => run(&flags).await.map(|()| ExitCode::SUCCESS),
        Command::Adopt => adopt(&flags).await.map(|()| ExitCode::SUCCESS),
        Command::Init => {
            Stdout::new().line(init(&flags)?)?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Check => {
            let config = flags.read()?;
            let (mut out, mut written) = (Stdout::new(), Ok(()));
            let well = check(&config, &SystemClock, &mut |finding| {
                if written.is_ok() {
                    written = out.line(finding);
                }
            })
            .await;
            written?;
            out.line(if well {
                "nothing is missing"
            } else {
                "not ready to serve"
            })?;
            Ok(if well {
                ExitCode::SUCCESS
            } else {
                ExitCode::FAILURE
            })
        }
    }
}

async fn run(flags: &Flags) -> anyhow::Result<()> {
    let config = flags.read()?;
    let telemetry = telemetry::install(&config.logs, &config.tracing)?;
    tasks::log_panics();
    service::outlive_hangups()?;
    let served = serve(&config).await;
    telemetry.finish().await;
    served
}

async fn serve(config: &ConfigFile) -> anyhow::Result<()> {
    let (gateway, ledger) = put_together(config).await?;
    lease::require_pools(&ledger, &gateway.offer.pools).await?;
    // Nothing could be served before, so nothing listens before; and what is wrong now needs a person.
    let seen = come_in_step(config, &gateway).await?;
    gateway.gate.seen()?;
    if seen.vault.operator != gateway.chain.operator() {
        let operator = seen.vault.operator;
        tracing::error!(%operator, "the operator key is not the vault's: challenges would go unanswered");
    }

    let listener = match service::inherited_listener()? {
        Some(listener) => listener,
        None => http::listen(&config.listen).await?,
    };
    let mut beside = run_beside(config, &gateway).await?;
    gateway.lifecycle.listens_on(listener.local_addr()?);
    Stdout::new().line(format_args!(
        "specie-gateway listens on http://{}",
        listener.local_addr()?
    ))?;
    service::tell_ready();
    let serving = http::serve(
        listener,
        gateway.router(),
        ServerLimits::from(&gateway.offer.limits),
        taken_notice_of(Arc::clone(&gateway.lifecycle), config.shutdown.notice()),
    );
    let last_requests = config.shutdown.drain();
    tokio::select! {
        () = serving => {}
        () = asked_to_stop_for(config.shutdown.notice() + last_requests) => {}
    }
    // A stream whose client has gone may still be heard to its end.
    let drained = gateway.serving.places.drained(last_requests).await;
    beside.shutdown().await;
    if drained {
        drop(gateway);
        ledger.close().await;
    } else {
        tracing::warn!("some requests were cut off; the next start releases what they held");
    }
    Ok(())
}

/// The gateway that a configuration describes, and its ledger.
async fn put_together(config: &ConfigFile) -> anyhow::Result<(Arc<Gateway>, Ledger)> {
    let offer = config.offer()?;
    let issuer = config.issuer(SystemClock.now()).await?;
    let chain = RpcChain::new(&config.rpc()?, offer.vault, config.operator()?);
    let (lease, timeout) = (config.replicas.lease()?, config.shutdown.lock());
    let ledger = Ledger::open_when_free(&config.database()?, lease, timeout).await?;
    let (chain, clock) = (Arc::new(chain), Arc::new(SystemClock));
    let gateway = Gateway::new(offer, issuer, ledger.clone(), chain, clock)?;
    Ok((Arc::new(gateway), ledger))
}

async fn come_in_step(config: &ConfigFile, gateway: &Gateway) -> anyhow::Result<Seen> {
    gateway
        .sync
        .come_in_step()
        .await
        .with_context(|| format!("reading vault {} through rpc_url", config.vault))
}

/// Says that this is the vault's only ledger now: what another one has settled stays consumed, and its vouchers are served again.
async fn adopt(flags: &Flags) -> anyhow::Result<()> {
    let config = flags.read()?;
    service::log_to_standard_error();
    let (gateway, ledger) = put_together(&config).await?;
    come_in_step(&config, &gateway).await?;
    let adopted = ledger.apply(Adopt).await?;
    let totals = ledger.totals().await?;
    Stdout::new().line(format_args!(
        "{adopted} vouchers are served again; {} units that the chain has settled and that were not served from this ledger count as \
         consumed",
        totals.elsewhere
    ))?;
    drop(gateway);
    ledger.close().await;
    Ok(())
}

/// Starts what runs beside serving and must not hold it up: the chain is followed, metrics are shown, charges reported. None of it
/// ends unseen.
async fn run_beside(config: &ConfigFile, gateway: &Arc<Gateway>) -> anyhow::Result<Tasks> {
    let mut beside = Tasks::new(gateway.tasks.clone());
    if let Some(address) = config.metrics.address() {
        let listener = Arc::new(http::listen(address).await?.into_std()?);
        tracing::info!(address = %listener.local_addr()?, "metrics are at /metrics");
        let of = Arc::clone(gateway);
        beside.keep("metrics", move || {
            let (listener, router) = (Arc::clone(&listener), of.metrics_router());
            async move {
                let listener = listener.try_clone().and_then(TcpListener::from_std);
                let served = match listener {
                    Ok(listener) => axum::serve(listener, router).await,
                    Err(error) => Err(error),
                };
                if let Err(error) = served {
                    tracing::error!(%error, "serving metrics failed");
                }
            }
        });
    }
    if let Some(receiver) = config.usage_receiver()? {
        let of = Arc::clone(gateway);
        beside.keep("usage events", move || {
            let (receiver, gateway) = (receiver.clone(), Arc::clone(&of));
            async move { receiver.deliver(&gateway.ledger, &gateway.records).await }
        });
    }
    let poll = Duration::from_secs(config.chain.poll_seconds);
    let of = Arc::clone(gateway);
    beside.keep("following the chain", move || {
        let gateway = Arc::clone(&of);
        async move { gateway.sync.keep_in_step(poll).await }
    });
    let poll = Duration::from_secs(config.challenges.poll_seconds);
    let of = Arc::clone(&gateway.watcher);
    beside.keep("answering challenges", move || {
        let watcher = Arc::clone(&of);
        async move { watcher.keep(poll).await }
    });
    // Jobs run on when this ends: the next start goes on with their leases.
    for pool in &gateway.offer.pools {
        let (leases, pool) = (gateway.leases.clone(), pool.clone());
        beside.keep(format!("leases of {}", pool.id), move || {
            lease::turn::keep(leases.clone(), pool.clone())
        });
    }
    let of = Arc::clone(gateway);
    beside.keep_until_done("probing upstreams", move || {
        let gateway = Arc::clone(&of);
        async move {
            if let Some(probing) = &gateway.offer.probing {
                gateway.upstreams.keep_probing(probing).await;
            }
        }
    });
    Ok(beside)
}

/// Returns once the gateway was asked to stop and whoever routes requests to it had the time to notice.
async fn taken_notice_of(lifecycle: Arc<Lifecycle>, notice: Duration) {
    http::shutdown().await;
    lifecycle.begin_to_stop();
    service::tell_stopping();
    tokio::time::sleep(notice).await;
}

/// Returns once this time has passed since the process was asked to stop.
async fn asked_to_stop_for(time: Duration) {
    http::shutdown().await;
    tokio::time::sleep(time).await;
}
