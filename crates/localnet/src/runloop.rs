//! The threads of a network: surfpool's run loop, a reader of its events, and a keeper of time.

use {
    crate::{
        network::Config,
        ports::{HOST, Ports},
    },
    anyhow::{Context, Result, anyhow},
    crossbeam_channel::{Receiver, Sender, bounded, unbounded},
    solana_hash::Hash,
    solana_pubkey::Pubkey,
    std::{thread, time::Duration},
    surfpool_core::{
        runloops::start_local_surfnet_runloop,
        surfnet::{
            locker::SurfnetSvmLocker,
            svm::{SurfnetSvm, SurfnetSvmConfig},
        },
    },
    surfpool_types::{
        BlockProductionMode, RpcConfig, SimnetCommand, SimnetConfig, SimnetEvent, SurfpoolConfig,
    },
    tokio::{
        runtime,
        sync::oneshot,
        time::{Instant, sleep},
    },
};

/// What the faucet holds at first: half of the million SOL that surfpool can give away.
const FAUCET_LAMPORTS: u64 = 500_000_000_000_000;
/// How often to choose other ports when somebody takes the free ones first.
const START_ATTEMPTS: usize = 5;
/// How long to wait for the two servers to close their ports.
const STOP_TIMEOUT: Duration = Duration::from_secs(5);
/// How often the clock is set right.
const TIME_CHECK: Duration = Duration::from_secs(1);

/// The threads of a network, as the handle that stops them.
pub(crate) struct Running {
    commands: Sender<SimnetCommand>,
    /// Answers once both servers are closed.
    closed: Receiver<()>,
    stopped: bool,
}

impl Running {
    pub(crate) fn stop(&mut self) -> Result<()> {
        if std::mem::replace(&mut self.stopped, true) {
            return Ok(());
        }
        // The run loop may be gone already; then the servers are closed, too.
        let _ = self.commands.send(SimnetCommand::Terminate(None));
        self.closed
            .recv_timeout(STOP_TIMEOUT)
            .map_err(|_| anyhow!("the local network's ports are still open after {STOP_TIMEOUT:?}"))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Err(error) = self.stop() {
            tracing::warn!("{error}");
        }
    }
}

/// Starts on the asked-for port, or on free ones, trying others if those are taken meanwhile.
pub(crate) async fn start(
    config: &Config,
    genesis_hash: Hash,
    faucet: Pubkey,
) -> Result<(Ports, Running)> {
    if let Some(port) = config.rpc_port {
        let ports = Ports::fixed(port)?;
        let running = start_on(ports, config, genesis_hash, faucet).await?;
        return Ok((ports, running));
    }
    let mut attempt = 1;
    loop {
        let ports = Ports::free()?;
        match start_on(ports, config, genesis_hash, faucet).await {
            Ok(running) => return Ok((ports, running)),
            Err(error) if attempt == START_ATTEMPTS => return Err(error),
            Err(error) => tracing::debug!("{error:#}; trying other ports"),
        }
        attempt += 1;
    }
}

async fn start_on(
    ports: Ports,
    config: &Config,
    genesis_hash: Hash,
    faucet: Pubkey,
) -> Result<Running> {
    let slot_time = u64::try_from(config.slot_time.as_millis())?.max(1);
    let (svm, events, geyser_events) = SurfnetSvm::new(SurfnetSvmConfig {
        slot_time,
        instruction_profiling_enabled: false,
        ..Default::default()
    })
    .map_err(|error| anyhow!("the local network could not be set up: {error}"))?;
    let surfpool = settings(ports, slot_time, genesis_hash, faucet);
    let (commands, received_commands) = unbounded();
    let runloop_commands = commands.clone();
    thread::Builder::new()
        .name("localnet".into())
        .spawn(move || {
            let svm = SurfnetSvmLocker::new(svm);
            let runtime = runtime::Builder::new_multi_thread()
                .worker_threads(1)
                .enable_all()
                .build();
            let ended = runtime.map_err(Into::into).and_then(|runtime| {
                runtime.spawn(keep_time(svm.clone()));
                runtime.block_on(start_local_surfnet_runloop(
                    svm,
                    surfpool,
                    runloop_commands,
                    received_commands,
                    geyser_events,
                ))
            });
            if let Err(error) = ended {
                tracing::error!("the local network ended: {error}");
            }
        })?;

    let (started_tx, started) = oneshot::channel();
    let (closed_tx, closed) = bounded(1);
    thread::Builder::new()
        .name("localnet-events".into())
        .spawn(move || watch(&events, started_tx, &closed_tx))?;
    started
        .await
        .context("the local network ended while it was starting")?
        .map_err(|reason| anyhow!("the local network did not start: {reason}"))?;
    Ok(Running {
        commands,
        closed,
        stopped: false,
    })
}

fn settings(ports: Ports, slot_time: u64, genesis_hash: Hash, faucet: Pubkey) -> SurfpoolConfig {
    SurfpoolConfig {
        simnets: vec![SimnetConfig {
            offline_mode: true,
            remote_rpc_url: None,
            slot_time,
            // Blocks by the clock, as on a real network: time passes, and transactions become
            // final, without anybody sending more of them.
            block_production_mode: BlockProductionMode::Clock,
            airdrop_addresses: vec![faucet],
            airdrop_token_amount: FAUCET_LAMPORTS,
            instruction_profiling_enabled: false,
            genesis_hash: Some(genesis_hash),
            ..Default::default()
        }],
        rpc: RpcConfig {
            bind_host: HOST.to_string(),
            bind_port: ports.rpc,
            ws_port: ports.websocket,
            ..Default::default()
        },
        ..Default::default()
    }
}

/// Adds to the network's clock what it lost, every second.
///
/// Surfpool counts a slot time for each block, but a block takes a little longer than that: left
/// alone, the clock loses a minute in an hour, and services rightly distrust a chain whose time
/// is off. A clock that was moved forward meanwhile has lost nothing.
async fn keep_time(svm: SurfnetSvmLocker) {
    let mut chain = svm.0.read().await.updated_at;
    let mut wall = Instant::now();
    loop {
        sleep(TIME_CHECK).await;
        let mut svm = svm.0.write().await;
        // Whole milliseconds; the rest counts next time.
        let passed = wall.elapsed().as_millis() as u64;
        wall += Duration::from_millis(passed);
        let lost = passed.saturating_sub(svm.updated_at.saturating_sub(chain));
        svm.updated_at += lost;
        chain = svm.updated_at;
    }
}

/// Reads the network's events for as long as it runs: nobody else does, and they would pile up.
fn watch(
    events: &Receiver<SimnetEvent>,
    started: oneshot::Sender<Result<(), String>>,
    closed: &Sender<()>,
) {
    let mut started = Some(started);
    let mut announce = |outcome| {
        if let Some(started) = started.take() {
            // Nobody waits if the start was abandoned.
            let _ = started.send(outcome);
        }
    };
    let mut servers_open = 2;
    for event in events {
        match event {
            SimnetEvent::CoreStarted(_) => announce(Ok(())),
            SimnetEvent::Aborted(reason) => announce(Err(reason)),
            SimnetEvent::ErrorLog(_, message) => tracing::error!("local network: {message}"),
            SimnetEvent::WarnLog(_, message) => tracing::debug!("local network: {message}"),
            SimnetEvent::Shutdown => {
                servers_open -= 1;
                if servers_open == 0 {
                    let _ = closed.send(());
                    return;
                }
            }
            _ => {}
        }
    }
}
