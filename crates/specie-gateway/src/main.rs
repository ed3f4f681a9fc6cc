//! `specie-gateway`: wires the parts together and runs them until it is asked to stop.

use anyhow::Context as _;
use clap::Parser as _;
use specie_gateway::chain::rpc::RpcChain;
use specie_gateway::check::check;
use specie_gateway::clock::{Clock as _, SystemClock};
use specie_gateway::config::{Arguments, Command, Flags};
use specie_gateway::gateway::Gateway;
use specie_gateway::http::{self, ServerLimits};
use specie_gateway::init::init;
use specie_gateway::ledger::Ledger;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

/// How long requests that are being served may take to end once the gateway is asked to stop.
const LAST_REQUESTS: Duration = Duration::from_secs(30);

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
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "info".into()),
        )
        .with_writer(std::io::stderr)
        .init();
    let config = flags.read()?;
    let offer = config.offer()?;
    let issuer = config.issuer(SystemClock.now()).await?;
    let chain = RpcChain::new(&config.rpc()?, offer.vault, config.operator()?);
    let ledger = Ledger::open(&config.database).await?;
    let gateway = Gateway::new(
        offer,
        issuer,
        ledger.clone(),
        Arc::new(chain),
        Arc::new(SystemClock),
    )?;
    let gateway = Arc::new(gateway);
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

    let listener = http::listen(&config.listen).await?;
    let in_step = Arc::clone(&gateway);
    let poll = Duration::from_secs(config.chain.poll_seconds);
    let probed = Arc::clone(&gateway);
    let probing = tokio::spawn(async move { probed.keep_probing().await });
    let watch = Duration::from_secs(config.challenges.poll_seconds);
    let in_step = tokio::spawn(async move {
        tokio::join!(in_step.keep_in_step(poll), in_step.keep_watch(watch));
    });
    println!(
        "specie-gateway listens on http://{}",
        listener.local_addr()?
    );
    let router = http::router(Arc::clone(&gateway));
    let limits = ServerLimits::from(&gateway.offer.limits);
    tokio::select! {
        () = http::serve(listener, router, limits, http::shutdown()) => {}
        () = asked_to_stop_for(LAST_REQUESTS) => {}
    }
    for task in [in_step, probing] {
        task.abort();
        let _ = task.await;
    }
    // A stream whose client has gone may still be heard to its end.
    if gateway.drain(LAST_REQUESTS).await {
        drop(gateway);
        ledger.close().await;
    } else {
        tracing::warn!("some requests were cut off; the next start releases what they held");
    }
    Ok(())
}

/// Returns once requests have had this long to end since the process was asked to stop.
async fn asked_to_stop_for(patience: Duration) {
    http::shutdown().await;
    tokio::time::sleep(patience).await;
}
