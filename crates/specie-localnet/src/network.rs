//! A running network: started in this process, stopped when its handle is dropped.

use {
    crate::{
        clock, keys,
        loader::{self, Deployment},
        ports::{HOST, Ports},
        stablecoin, transactions,
    },
    anyhow::{Context, Result, anyhow},
    crossbeam_channel::{Receiver, Sender, bounded, unbounded},
    solana_commitment_config::CommitmentConfig,
    solana_hash::Hash,
    solana_instruction::Instruction,
    solana_keypair::Keypair,
    solana_pubkey::Pubkey,
    solana_rpc_client::nonblocking::rpc_client::RpcClient,
    solana_signature::Signature,
    solana_signer::Signer,
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
};

/// What the faucet holds at first: half of the million SOL that surfpool can give away.
const FAUCET_LAMPORTS: u64 = 500_000_000_000_000;
/// How often to choose other ports when somebody takes the free ones first.
const START_ATTEMPTS: usize = 5;
/// How long to wait for the two servers to close their ports.
const STOP_PATIENCE: Duration = Duration::from_secs(5);

/// How a network is started.
#[derive(Clone, Debug)]
pub struct Config {
    /// The port of the RPC; the WebSocket is one above. `None`: two free neighbouring ports.
    pub rpc_port: Option<u16>,
    /// The time between slots. A transaction is finalized after 32 of them, its blockhash
    /// expires after 150.
    pub slot_time: Duration,
}

impl Default for Config {
    /// Free ports, and slots of 50 ms: final after 1.6 s, expired after 7.5 s.
    fn default() -> Self {
        Self {
            rpc_port: None,
            slot_time: Duration::from_millis(50),
        }
    }
}

/// A network that runs until this handle is dropped.
pub struct Localnet {
    rpc: RpcClient,
    rpc_url: String,
    ws_url: String,
    genesis_hash: Hash,
    faucet: Keypair,
    running: Running,
}

impl Localnet {
    /// Starts a network in which the faucet has lamports and the test stablecoin exists.
    ///
    /// Every network has a genesis hash of its own, so that nothing signed for one is valid on
    /// another.
    pub async fn start(config: Config) -> Result<Self> {
        let faucet = keys::faucet_keypair();
        let genesis_hash = Hash::new_from_array(rand::random());
        let (ports, running) = start_runloop(&config, genesis_hash, faucet.pubkey()).await?;
        let rpc_url = format!("http://{HOST}:{}", ports.rpc);
        let ws_url = format!("ws://{HOST}:{}", ports.websocket);
        let rpc = RpcClient::new_with_commitment(rpc_url.clone(), CommitmentConfig::confirmed());
        stablecoin::create_mint(&rpc)
            .await
            .context("the test stablecoin could not be created")?;
        tracing::info!(rpc_url, ws_url, %genesis_hash, "local network started");
        Ok(Self {
            rpc,
            rpc_url,
            ws_url,
            genesis_hash,
            faucet,
            running,
        })
    }

    /// `http://127.0.0.1:<port>`
    pub fn rpc_url(&self) -> &str {
        &self.rpc_url
    }

    /// `ws://127.0.0.1:<port + 1>`
    pub fn ws_url(&self) -> &str {
        &self.ws_url
    }

    /// A client that reads what is confirmed.
    pub fn rpc(&self) -> &RpcClient {
        &self.rpc
    }

    /// The identity of this network, the `cluster` of every signed message.
    pub fn genesis_hash(&self) -> Hash {
        self.genesis_hash
    }

    /// The key that holds the lamports and mints the stablecoin.
    pub fn faucet(&self) -> &Keypair {
        &self.faucet
    }

    /// The mint of the test stablecoin: classic SPL Token, 6 decimals, no freeze authority.
    pub fn stablecoin(&self) -> Pubkey {
        stablecoin::mint()
    }

    /// Sends lamports from the faucet.
    pub async fn fund_lamports(&self, to: &Pubkey, lamports: u64) -> Result<()> {
        let transfer =
            solana_system_interface::instruction::transfer(&self.faucet.pubkey(), to, lamports);
        self.execute(&[transfer], &[&self.faucet]).await?;
        Ok(())
    }

    /// Mints stablecoin base units to an owner's associated token account, and returns it.
    pub async fn fund_stablecoin(&self, owner: &Pubkey, amount: u64) -> Result<Pubkey> {
        stablecoin::fund(&self.rpc, owner, amount).await
    }

    /// A new key with lamports and, unless `stablecoin` is 0, an account with stablecoins.
    pub async fn funded_keypair(&self, lamports: u64, stablecoin: u64) -> Result<Keypair> {
        let keypair = Keypair::new();
        self.fund_lamports(&keypair.pubkey(), lamports).await?;
        if stablecoin > 0 {
            self.fund_stablecoin(&keypair.pubkey(), stablecoin).await?;
        }
        Ok(keypair)
    }

    /// Creates an owner's associated token account of a mint, if it is missing, and returns it.
    pub async fn create_token_account(&self, owner: &Pubkey, mint: &Pubkey) -> Result<Pubkey> {
        stablecoin::create_token_account(&self.rpc, owner, mint).await
    }

    /// Deploys a `.so` by the upgradeable loader. See [`loader::deploy`].
    pub async fn deploy(
        &self,
        code: &[u8],
        program: &Keypair,
        payer: &Keypair,
    ) -> Result<Deployment> {
        loader::deploy(&self.rpc, code, program, payer).await
    }

    /// Sends a transaction and waits until it is confirmed. The first signer pays.
    pub async fn execute(
        &self,
        instructions: &[Instruction],
        signers: &[&Keypair],
    ) -> Result<Signature> {
        transactions::execute(&self.rpc, instructions, signers).await
    }

    /// What a program would read from the Clock sysvar now, in seconds.
    pub async fn unix_timestamp(&self) -> Result<i64> {
        clock::unix_timestamp(&self.rpc).await
    }

    /// Moves the network's clock forward; returns the new time in seconds.
    pub async fn advance(&self, by: Duration) -> Result<i64> {
        clock::advance(&self.rpc, by).await
    }

    /// Stops the network and returns once its ports are closed. Dropping does the same.
    pub fn stop(mut self) -> Result<()> {
        self.running.stop()
    }
}

/// The threads of a network, as the handle that stops them.
struct Running {
    commands: Sender<SimnetCommand>,
    /// Answers once both servers are closed.
    closed: Receiver<()>,
    stopped: bool,
}

impl Running {
    fn stop(&mut self) -> Result<()> {
        if std::mem::replace(&mut self.stopped, true) {
            return Ok(());
        }
        // The run loop may be gone already; then the servers are closed, too.
        let _ = self.commands.send(SimnetCommand::Terminate(None));
        self.closed.recv_timeout(STOP_PATIENCE).map_err(|_| {
            anyhow!("the local network's ports are still open after {STOP_PATIENCE:?}")
        })
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
async fn start_runloop(
    config: &Config,
    genesis_hash: Hash,
    faucet: Pubkey,
) -> Result<(Ports, Running)> {
    if let Some(port) = config.rpc_port {
        let ports = Ports::fixed(port)?;
        return Ok((
            ports,
            spawn_runloop(config, ports, genesis_hash, faucet).await?,
        ));
    }
    let mut attempt = 1;
    loop {
        let ports = Ports::free()?;
        match spawn_runloop(config, ports, genesis_hash, faucet).await {
            Ok(running) => return Ok((ports, running)),
            Err(error) if attempt == START_ATTEMPTS => return Err(error),
            Err(error) => tracing::debug!("{error:#}; trying other ports"),
        }
        attempt += 1;
    }
}

async fn spawn_runloop(
    config: &Config,
    ports: Ports,
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
    let surfpool = SurfpoolConfig {
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
    };
    let (commands, received_commands) = unbounded();
    let runloop_commands = commands.clone();
    thread::Builder::new()
        .name("localnet".into())
        .spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread()
                .worker_threads(1)
                .enable_all()
                .build();
            let ended = runtime.map_err(Into::into).and_then(|runtime| {
                runtime.block_on(start_local_surfnet_runloop(
                    SurfnetSvmLocker::new(svm),
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

    let (started_tx, started) = tokio::sync::oneshot::channel();
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

/// Reads the network's events for as long as it runs: nobody else does, and they would pile up.
fn watch(
    events: &Receiver<SimnetEvent>,
    started: tokio::sync::oneshot::Sender<Result<(), String>>,
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
