//! `specie-gateway`: wires the parts together and runs them until it is asked to stop.

use anyhow::Context as _;
use clap::Parser as _;
use specie_gateway::chain::rpc::RpcChain;
use specie_gateway::check::check;
use specie_gateway::clock::{Clock as _, SystemClock};
use specie_gateway::config::{Arguments, Command, ConfigFile, Flags};
use specie_gateway::gateway::Gateway;
use specie_gateway::http::{self, ServerLimits};
use specie_gateway::init::init;
use specie_gateway::lease;
use specie_gateway::ledger::Ledger;
use specie_gateway::observe::{metrics, telemetry};
use specie_service as service;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;

/// A request makes some hundreds of small allocations, on one thread, and many of them end on another.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> anyhow::Result<ExitCode> {
    let Arguments { command, flags } = Arguments::parse();
    match command.unwrap_or_default() {
        Command::Run => run(&flags).await.map(|()| ExitCode::SUCCESS),
        Command::Init => {
            println!("{}", init(&flags)?);
            Ok(ExitCode::SUCCESS)
        }
        Command::Check => {
            let config = flags.read()?;
            let well = check(&config, &SystemClock, &mut |finding| println!("{finding}")).await;
            println!(
                "{}",
                if well {
                    "nothing is missing"
                } else {
                    "not ready to serve"
                }
            );
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
    service::outlive_hangups()?;
    let served = serve(&config).await;
    telemetry.finish().await;
    served
}

async fn serve(config: &ConfigFile) -> anyhow::Result<()> {
    let offer = config.offer()?;
    let issuer = config.issuer(SystemClock.now()).await?;
    let chain = RpcChain::new(&config.rpc()?, offer.vault, config.operator()?);
    let (lease, patience) = (config.replicas.lease()?, config.shutdown.lock());
    let ledger = Ledger::open_when_free(&config.database, lease, patience).await?;
    let gateway = Gateway::new(
        offer,
        issuer,
        ledger.clone(),
        Arc::new(chain),
        Arc::new(SystemClock),
    )?;
    let gateway = Arc::new(gateway);
    gateway.require_pools_of_leases().await?;
    // Nothing could be served before, so nothing listens before; and what is wrong now needs a person.
    let seen = gateway
        .refresh()
        .await
        .with_context(|| format!("reading vault {} through rpc_url", config.vault))?;
    gateway.seen(SystemClock.now())?;
    if seen.vault.operator != gateway.chain.operator() {
        let operator = seen.vault.operator;
        tracing::error!(%operator, "the operator key is not the vault's: challenges would go unanswered");
    }

    let listener = match service::inherited_listener()? {
        Some(listener) => listener,
        None => http::listen(&config.listen).await?,
    };
    let mut beside = run_beside(config, &gateway).await?;
    gateway.listens_on(listener.local_addr()?);
    println!(
        "specie-gateway listens on http://{}",
        listener.local_addr()?
    );
    service::tell_ready();
    let serving = http::serve(
        listener,
        http::router(Arc::clone(&gateway)),
        ServerLimits::from(&gateway.offer.limits),
        taken_notice_of(Arc::clone(&gateway), config.shutdown.notice()),
    );
    let last_requests = config.shutdown.drain();
    tokio::select! {
        () = serving => {}
        () = asked_to_stop_for(config.shutdown.notice() + last_requests) => {}
    }
    // A stream whose client has gone may still be heard to its end.
    let drained = gateway.drain(last_requests).await;
    beside.shutdown().await;
    if drained {
        drop(gateway);
        ledger.close().await;
    } else {
        tracing::warn!("some requests were cut off; the next start releases what they held");
    }
    Ok(())
}

/// Starts what runs beside serving and must not hold it up: the chain is followed, metrics are shown, charges reported.
async fn run_beside(config: &ConfigFile, gateway: &Arc<Gateway>) -> anyhow::Result<JoinSet<()>> {
    let mut beside = JoinSet::new();
    if let Some(address) = config.metrics.address() {
        let listener = http::listen(address).await?;
        tracing::info!(address = %listener.local_addr()?, "metrics are at /metrics");
        let shown = axum::serve(listener, metrics::router(Arc::clone(gateway)));
        beside.spawn(async move { drop(shown.await) });
    }
    if let Some(receiver) = config.usage_receiver()? {
        let gateway = Arc::clone(gateway);
        beside.spawn(async move { receiver.deliver(&gateway).await });
    }
    let (in_step, watching) = (Arc::clone(gateway), Arc::clone(gateway));
    let poll = Duration::from_secs(config.chain.poll_seconds);
    beside.spawn(async move { in_step.keep_in_step(poll).await });
    let poll = Duration::from_secs(config.challenges.poll_seconds);
    beside.spawn(async move { watching.keep_watch(poll).await });
    // Jobs run on when this ends: the next start goes on with their leases.
    for pool in &gateway.offer.pools {
        beside.spawn(lease::turn::keep(Arc::clone(gateway), pool.clone()));
    }
    let probing = Arc::clone(gateway);
    beside.spawn(async move { probing.keep_probing().await });
    Ok(beside)
}

/// Returns once the gateway was asked to stop and whoever routes requests to it had the time to notice.
async fn taken_notice_of(gateway: Arc<Gateway>, notice: Duration) {
    http::shutdown().await;
    gateway.begin_to_stop();
    service::tell_stopping();
    tokio::time::sleep(notice).await;
}

/// Returns once requests have had this long to end since the process was asked to stop.
async fn asked_to_stop_for(patience: Duration) {
    http::shutdown().await;
    tokio::time::sleep(patience).await;
}
