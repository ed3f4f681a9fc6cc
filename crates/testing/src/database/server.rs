//! A PostgreSQL server in a temporary folder, reachable through a socket in that folder only.

use std::os::unix::fs::chown;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// A running server; stopped when dropped, or when the thread that started it ends.
pub struct Server {
    process: Option<Child>,
    folder: tempfile::TempDir,
    user: User,
}

impl Server {
    /// Makes a cluster and starts a server on it. It flushes as any other does: a gateway uses no other.
    pub fn start() -> Self {
        let mut server = Self::make();
        server.run(&[], &[]);
        server
    }

    /// Makes a cluster, on which no server runs yet.
    pub fn make() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let user = User::for_a_server();
        user.give(folder.path());
        let made = user
            .run(&[], "initdb")
            .args(["--no-sync", "--auth=trust", "--username=postgres"])
            .args(["--encoding=UTF8", "--locale=C", "--pgdata"])
            .arg(folder.path().join("data"))
            .output()
            .unwrap();
        assert!(made.status.success(), "{made:?}");
        Self {
            process: None,
            folder,
            user,
        }
    }

    /// Starts a server, under a program that does something to it, and waits until it answers.
    pub fn run(&mut self, under: &[&str], settings: &[&str]) {
        let mut server = self.user.run(under, "postgres");
        server.arg("-D").arg(self.folder.path().join("data"));
        server.arg("-k").arg(self.folder.path());
        let settings = settings.iter().copied();
        for setting in ["listen_addresses=", "max_connections=400"]
            .into_iter()
            .chain(settings)
        {
            server.args(["-c", setting]);
        }
        let log = std::fs::File::create(self.folder.path().join("log")).unwrap();
        let process = server
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap();
        self.process = Some(process);
        self.wait();
    }

    /// Ends the server at once, as a crash would, and its children with it.
    pub fn stop(&mut self) {
        if let Some(mut process) = self.process.take() {
            let id = process.id().to_string();
            let _ = Command::new("kill").args(["-QUIT", &id]).status();
            let _ = process.wait();
        }
    }

    /// What the server has said.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap()
    }

    /// How tests name it.
    pub fn url(&self) -> String {
        let folder = self.folder.path().display();
        format!("postgres://postgres@localhost/?host={folder}")
    }

    /// The URL of one database of a server.
    pub fn database_of(server: &str, name: &str) -> String {
        let at = server.find('?').unwrap_or(server.len());
        let (before, after) = server.split_at(at);
        format!("{}/{name}{after}", before.trim_end_matches('/'))
    }

    fn wait(&mut self) {
        for _ in 0..600 {
            let process = self.process.as_mut().unwrap();
            if let Some(status) = process.try_wait().unwrap() {
                panic!("the server ended with {status}:\n{}", self.log());
            }
            let ready = Command::new("pg_isready")
                .args(["--quiet", "--host"])
                .arg(self.folder.path())
                .status()
                .unwrap();
            if ready.success() {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("the server does not start");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Whom a server runs as: it refuses to run as root.
struct User {
    name: Option<String>,
}

impl User {
    fn for_a_server() -> Self {
        let is_root = id(&["-u"]) == 0;
        Self {
            name: is_root.then(|| "postgres".to_owned()),
        }
    }

    fn give(&self, folder: &Path) {
        if let Some(name) = &self.name {
            chown(folder, Some(id(&["-u", name])), Some(id(&["-g", name]))).unwrap();
        }
    }

    /// A program of the server's package, as that user; it is told to end when the thread that started it does.
    fn run(&self, under: &[&str], program: &str) -> Command {
        let mut command = Command::new("setpriv");
        if let Some(name) = &self.name {
            command.arg(format!("--reuid={name}"));
            command.arg(format!("--regid={name}"));
            command.arg("--clear-groups");
        }
        command.args(["--pdeathsig=QUIT", "--"]).args(under);
        command.arg(programs().join(program));
        command
    }
}

fn id(arguments: &[&str]) -> u32 {
    let output = Command::new("id").args(arguments).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.trim()
        .parse()
        .unwrap_or_else(|_| panic!("id {arguments:?}: is PostgreSQL installed?"))
}

/// Debian keeps the programs of each version apart.
fn programs() -> PathBuf {
    let mut versions: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .expect("PostgreSQL is not installed: apt-get install postgresql")
        .map(|entry| entry.unwrap().path().join("bin"))
        .filter(|folder| folder.join("postgres").is_file())
        .collect();
    versions.sort();
    versions.pop().expect("PostgreSQL is not installed")
}
