use super::{
    demo::{self, Demo},
    program,
};
use crate::core::runtime::block_on;
use crate::core::{
    context::Context,
    error::CliError,
    outcome::Outcome,
    report::{Fields, Value},
};
use clap::Args;
use solana_signer::Signer;
use specie_localnet::{Config, Localnet, program_keypair};
use std::{net::TcpListener, path::PathBuf, time::Duration};

/// What `specie localnet` starts.
#[derive(Debug, Args)]
pub(super) struct Start {
    /// Port of the RPC; the WebSocket is one above
    #[arg(long, default_value_t = 8899)]
    port: u16,
    /// The program to deploy [default: target/deploy/specie.so here, in a folder above, or beside this command]
    #[arg(long, value_name = "FILE", env = "SPECIE_PROGRAM")]
    program: Option<PathBuf>,
    /// Milliseconds between slots
    #[arg(long, value_name = "MILLISECONDS", default_value_t = 50, value_parser = clap::value_parser!(u64).range(1..))]
    slot_time: u64,
    /// Found a currency with two vendors, start their gateways, and give a holder tokens
    #[arg(long)]
    demo: bool,
    /// Folder of the demo's keys and logs, made if it is missing
    #[arg(
        long,
        value_name = "FOLDER",
        default_value = "specie-demo",
        requires = "demo"
    )]
    folder: PathBuf,
    /// Port of the demo's first gateway; the second and the model are above it
    #[arg(long, value_name = "PORT", default_value_t = 8402, requires = "demo")]
    gateway_port: u16,
}

impl Start {
    pub(super) fn run(self, context: &Context) -> Result<Outcome, CliError> {
        let (path, code) = program::read(self.program.as_deref())?;
        self.require_free_ports()?;
        // Silent unless asked: what runs inside says much that only its authors need.
        tracing_subscriber::fmt()
            .with_env_filter(tracing_subscriber::EnvFilter::from_default_env())
            .with_writer(std::io::stderr)
            .init();
        let config = Config {
            rpc_port: Some(self.port),
            slot_time: Duration::from_millis(self.slot_time),
        };
        block_on(async {
            let failed = |error: anyhow::Error| CliError::Transaction(format!("{error:#}"));
            let network = Localnet::start(config).await.map_err(failed)?;
            let output = context.output;
            output.status_line("Deploying the program …");
            network
                .deploy(&code, &program_keypair(), network.faucet())
                .await
                .map_err(failed)?;
            output.end_status_line();
            let fields = Fields::default()
                .with("rpc", "RPC", Value::text(network.rpc_url()))
                .with("webSocket", "WebSocket", Value::text(network.ws_url()))
                .with(
                    "genesisHash",
                    "Genesis hash",
                    Value::text(network.genesis_hash()),
                )
                .with(
                    "program",
                    "Program",
                    Value::Address(program_keypair().pubkey()),
                )
                .with("programFile", "Program file", Value::text(path.display()))
                .with(
                    "stablecoin",
                    "Stablecoin",
                    Value::Address(network.stablecoin()),
                )
                .with(
                    "faucet",
                    "Faucet",
                    Value::Address(network.faucet().pubkey()),
                );
            let demo = match self.demo {
                true => Some(Demo::start(&network, &self.folder, self.gateway_port, output).await?),
                false => None,
            };
            let fields = fields
                .and(demo.as_ref().map(Demo::fields).unwrap_or_default())
                .with("ready", "Ready", Value::text("runs until Ctrl-C"));
            context.output.report(&fields.into())?;
            until_interrupted(context, &network, demo.as_ref()).await?;
            drop(demo);
            network.stop().map_err(failed)?;
            Ok(Outcome::from(Fields::default().with(
                "stopped",
                "Stopped",
                Value::Flag(true),
            )))
        })
    }

    fn require_free_ports(&self) -> Result<(), CliError> {
        let websocket = self.port.checked_add(1).filter(|_| self.port != 0);
        let Some(websocket) = websocket else {
            return Err(CliError::Usage(format!(
                "port {} cannot be used: choose one from 1 to 65534 with --port",
                self.port
            )));
        };
        for port in [self.port, websocket] {
            if let Err(error) = TcpListener::bind(("127.0.0.1", port)) {
                return Err(CliError::Port(format!(
                    "port {port} cannot be opened ({error}): stop the program that listens on it, or choose another RPC \
                     port with --port (the WebSocket's is one above)"
                )));
            }
        }
        Ok(())
    }
}

/// Waits for Ctrl-C; meanwhile a demo's attestors state price and capacity anew, also after the clock was moved.
async fn until_interrupted(
    context: &Context,
    network: &Localnet,
    demo: Option<&Demo>,
) -> Result<(), CliError> {
    let interrupt = tokio::signal::ctrl_c();
    tokio::pin!(interrupt);
    let mut stated = network.unix_timestamp().await.unwrap_or_default();
    loop {
        tokio::select! {
            heard = &mut interrupt => {
                return heard.map_err(|error| {
                    CliError::Transaction(format!("Ctrl-C cannot be heard: {error}"))
                });
            }
            () = tokio::time::sleep(demo::LOOK) => {}
        }
        let (Some(demo), Ok(now)) = (demo, network.unix_timestamp().await) else {
            continue;
        };
        if now.saturating_sub(stated) >= demo::REFRESH_SECONDS {
            stated = now;
            if let Err(error) = demo.state() {
                context.output.notice(&error.to_string());
            }
        }
    }
}
