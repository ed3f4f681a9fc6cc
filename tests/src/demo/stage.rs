//! What the demo stands on: a network, keys in files, and the real binaries.

use super::{Told, market::Person};
use anyhow::{Context, Result, bail, ensure};
use solana_commitment_config::CommitmentConfig;
use solana_keypair::{Keypair, write_keypair_file};
use solana_pubkey::Pubkey;
use specie_client::account::SpecieAccount;
use specie_localnet::Localnet;
use std::{
    io::{BufRead, BufReader},
    os::unix::fs::{DirBuilderExt, PermissionsExt},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

/// Where the binaries are, and the program.
pub struct Binaries {
    /// The folder that holds `specie`, `specie-gateway`, `specie-demo-upstream` and `specie-provisioner`.
    pub folder: PathBuf,
    /// The built program.
    pub program: PathBuf,
}

/// Whoever is told what happens.
pub type Tell = Box<dyn Fn(Told<'_>) + Send + Sync>;

/// A network and a folder of key files.
pub struct Stage {
    /// The network.
    pub net: Localnet,
    folder: Folder,
    binaries: Binaries,
    tell: Tell,
}

/// Where keys, configurations and logs are.
enum Folder {
    /// Removed with the stage.
    Temporary(tempfile::TempDir),
    /// Stays.
    Kept(PathBuf),
}

impl Stage {
    /// Starts the network, with a folder that is removed with the stage. What happens goes to `tell`.
    pub async fn start(binaries: Binaries, tell: Tell) -> Result<Self> {
        Self::start_in(Folder::Temporary(tempfile::tempdir()?), binaries, tell).await
    }

    /// The same, with a folder that stays. It is emptied first.
    pub async fn start_at(folder: PathBuf, binaries: Binaries, tell: Tell) -> Result<Self> {
        if folder.exists() {
            std::fs::remove_dir_all(&folder)
                .with_context(|| format!("emptying {}", folder.display()))?;
        }
        std::fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&folder)
            .with_context(|| format!("making {}", folder.display()))?;
        Self::start_in(Folder::Kept(folder), binaries, tell).await
    }

    async fn start_in(folder: Folder, binaries: Binaries, tell: Tell) -> Result<Self> {
        Ok(Self {
            net: Localnet::start(specie_localnet::Config::default()).await?,
            folder,
            binaries,
            tell,
        })
    }

    /// Says what happens.
    pub fn tell(&self, told: Told<'_>) {
        (self.tell)(told);
    }

    /// Says that this has happened.
    pub fn step(&self, step: impl std::fmt::Display) {
        self.tell(Told::Step(&step.to_string()));
    }

    /// Deploys the program; returns its length and what that took.
    pub async fn deploy(&self) -> Result<(usize, Duration)> {
        let path = &self.binaries.program;
        let code = std::fs::read(path)
            .with_context(|| format!("{} is missing: run `cargo xtask build`", path.display()))?;
        let started = Instant::now();
        let payer = self.net.funded_keypair(10_000_000_000, 0).await?;
        self.net
            .deploy(&code, &specie_localnet::program_keypair(), &payer)
            .await?;
        Ok((code.len(), started.elapsed()))
    }

    /// A new key with lamports and stablecoins, and its file.
    pub async fn person(&self, name: &str, stablecoins: u64) -> Result<Person> {
        let keypair = self.net.funded_keypair(2_000_000_000, stablecoins).await?;
        let file = self.key_file(name, &keypair)?;
        let config = self.path(&format!("{name}.yml"));
        let (url, key) = (self.net.rpc_url(), file.display());
        std::fs::write(
            &config,
            format!("json_rpc_url: {url}\nkeypair_path: {key}\n"),
        )?;
        Ok(Person {
            keypair,
            file,
            config,
        })
    }

    /// Writes a key to a file that only its owner reads.
    pub fn key_file(&self, name: &str, keypair: &Keypair) -> Result<PathBuf> {
        let path = self.path(&format!("{name}.json"));
        if let Err(error) = write_keypair_file(keypair, &path) {
            bail!("{}: {error}", path.display());
        }
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600))?;
        Ok(path)
    }

    /// A file of the stage's folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder().join(name)
    }

    /// The folder of keys, configurations and logs.
    pub fn folder(&self) -> &Path {
        match &self.folder {
            Folder::Temporary(folder) => folder.path(),
            Folder::Kept(folder) => folder,
        }
    }

    /// Runs `specie` as somebody, and returns what it printed.
    pub fn specie(&self, person: &Person, arguments: &[&str]) -> Result<String> {
        let output = self
            .specie_command(person, arguments)
            .output()
            .context("`specie` cannot be run: build it with `cargo xtask demo`")?;
        let printed = String::from_utf8_lossy(&output.stdout).into_owned();
        ensure!(
            output.status.success(),
            "`specie {}` failed:\n{printed}{}",
            arguments.join(" "),
            String::from_utf8_lossy(&output.stderr)
        );
        Ok(printed)
    }

    /// Starts a command of `specie` that serves, as somebody, and waits until it prints the URL that it listens on.
    pub fn specie_service(&self, person: &Person, arguments: &[&str]) -> Result<Service> {
        self.serve("specie", self.specie_command(person, arguments))
    }

    /// A command of `specie`, as somebody.
    pub fn specie_command(&self, person: &Person, arguments: &[&str]) -> Command {
        let config = person.config.display().to_string();
        let arguments = [&["-C", &config], arguments].concat();
        self.tell(Told::Command {
            arguments: &arguments,
            folder: self.folder(),
        });
        let mut specie = Command::new(self.binaries.folder.join("specie"));
        specie.args(arguments);
        specie
    }

    /// Whether a binary ends well.
    pub fn succeeds(&self, binary: &str, arguments: &[&str]) -> Result<bool> {
        let mut command = Command::new(self.binaries.folder.join(binary));
        command.args(arguments);
        let output = command
            .output()
            .with_context(|| format!("{binary} cannot be run"))?;
        Ok(output.status.success())
    }

    /// Starts a service and waits until it prints the URL that it listens on; it logs to a file of this `name`.
    pub fn service(&self, name: &str, binary: &str, arguments: &[&str]) -> Result<Service> {
        let mut command = Command::new(self.binaries.folder.join(binary));
        command.args(arguments);
        self.serve(name, command)
    }

    fn serve(&self, name: &str, mut command: Command) -> Result<Service> {
        let log = std::fs::File::create(self.path(&format!("{name}.log")))?;
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .with_context(|| format!("{name} cannot be run"))?;
        let printed = child.stdout.take().context("no standard output")?;
        for line in BufReader::new(printed).lines() {
            let line = line?;
            if let Some(at) = line.find("http://") {
                let url = line[at..].trim_end_matches("/v1").to_owned();
                return Ok(Service { child, url });
            }
        }
        let log = std::fs::read_to_string(self.path(&format!("{name}.log")))?;
        let status = child.wait()?;
        bail!("{name} ended with {status} before it listened:\n{log}")
    }

    /// An account of the program.
    pub async fn account<A: SpecieAccount>(&self, address: &Pubkey) -> Result<A> {
        let account = self.net.rpc().get_account(address).await?;
        Ok(A::decode(&account.owner, &account.data)?)
    }

    /// Waits until an account is finalized.
    pub async fn finalized(&self, address: &Pubkey) -> Result<()> {
        let commitment = CommitmentConfig::finalized();
        let rpc = self.net.rpc();
        self.until("finality", Duration::from_secs(30), || async {
            let account = rpc.get_account_with_commitment(address, commitment).await?;
            Ok(account.value.is_some())
        })
        .await
    }

    /// Asks again and again until the answer is yes.
    pub async fn until<F: Future<Output = Result<bool>>>(
        &self,
        what: &str,
        timeout: Duration,
        ask: impl Fn() -> F,
    ) -> Result<()> {
        let started = Instant::now();
        while !ask().await? {
            ensure!(
                started.elapsed() < timeout,
                "{what} did not happen within {timeout:?}"
            );
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        Ok(())
    }
}

/// A running service; ended when dropped.
pub struct Service {
    child: Child,
    /// Where it listens.
    pub url: String,
}

impl Service {
    /// Asks it to end, as whoever runs services does, and waits until it has.
    pub fn stop(mut self) -> Result<()> {
        let process = self.child.id().to_string();
        let asked = Command::new("kill").args(["-TERM", &process]).status()?;
        ensure!(asked.success(), "process {process} cannot be signalled");
        let ended = self.child.wait()?;
        ensure!(ended.success(), "it was asked to end, and did with {ended}");
        Ok(())
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // Ended already is as good as ended now.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
