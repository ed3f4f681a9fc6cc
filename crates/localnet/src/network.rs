//! A running network: started in this process, stopped when its handle is dropped.

use {
    crate::{
        clock, keys,
        loader::{self, Deployment},
        ports::HOST,
        runloop::{self, Running},
        stablecoin, transactions,
    },
    anyhow::{Context, Result},
    solana_commitment_config::CommitmentConfig,
    solana_hash::Hash,
    solana_instruction::Instruction,
    solana_keypair::Keypair,
    solana_pubkey::Pubkey,
    solana_rpc_client::nonblocking::rpc_client::RpcClient,
    solana_signature::Signature,
    solana_signer::Signer,
    std::time::Duration,
};

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
        let (ports, running) = runloop::start(&config, genesis_hash, faucet.pubkey()).await?;
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
