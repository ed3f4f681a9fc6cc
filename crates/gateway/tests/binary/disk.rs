//! A disk that is full, and one whose flushes fail, under a gateway's file and under its server: the gateway closes, and
//! after a restart nothing that was answered is missing.
//!
//! The system itself fails: a limit on the size of files refuses to write, and `strace` has flushes return an error.

use crate::holder::Holder;
use crate::node::{Node, VAULT};
use crate::process::{Folder, Service, issuer, ran, upstream};
use serde_json::{Value, json};
use specie_testing::database::server::Server;
use specie_testing::database::{TestDatabase, on_server, wait_for_release};
use std::time::Duration;

const CLIENTS: u64 = 6;

/// One word read at 1 unit, one written at 2.
const PRICE: u64 = 3;

struct Scene {
    _node: Node,
    _upstream: Service,
    folder: Folder,
    key: String,
}

/// A gateway that was started once, and a session of it.
async fn scene(database: TestDatabase) -> Scene {
    let node = Node::start(&issuer()).await;
    let upstream = upstream(0);
    let folder = Folder::on(database, &node.url, &VAULT.to_string(), &upstream.url);
    folder.append("[replicas]\nlease_seconds = 5\n");
    let holder = Holder::new(&node, 10_000_000);
    let gateway = folder.gateway();
    let key = holder.open_session(&gateway.url, 10_000_000).await;
    assert!(gateway.terminate());
    Scene {
        _node: node,
        _upstream: upstream,
        folder,
        key,
    }
}

impl Scene {
    async fn ask(&self, url: &str) -> u16 {
        let request = reqwest::Client::new()
            .post(format!("{url}/v1/chat/completions"))
            .bearer_auth(&self.key)
            .json(&json!({
                "model": "demo", "max_tokens": 1,
                "messages": [{"role": "user", "content": "word"}],
            }));
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        if status != 200 {
            let body: Value = response.json().await.unwrap();
            assert_eq!(body["error"]["code"], "ledger_unavailable", "{body}");
        }
        status
    }

    /// Several clients ask until each was refused once; how many were answered.
    async fn ask_until_refused(&self, url: &str) -> u64 {
        let client = || async {
            let mut answered = 0;
            while self.ask(url).await == 200 {
                answered += 1;
            }
            answered
        };
        let clients = futures::future::join_all((0..CLIENTS).map(|_| client()));
        let answered = tokio::time::timeout(Duration::from_secs(120), clients);
        answered.await.expect("the disk does not fail").iter().sum()
    }

    /// After a restart everything that was answered is there, and what was refused is not, but for what was in doubt.
    async fn check(&self, answered: u64, in_doubt: u64) {
        let gateway = self.folder.gateway();
        assert_eq!(status(&gateway.url, "healthz").await, 200);
        assert_eq!(self.ask(&gateway.url).await, 200);
        assert!(gateway.terminate());
        let ledger = self.folder.database.ledger().await;
        wait_for_release(&ledger).await;
        assert_eq!(ledger.audit().await.unwrap(), None);
        let [account] = ledger.live_accounts().await.unwrap()[..] else {
            panic!("one voucher was consumed");
        };
        let (least, most) = (answered + 1, answered + 1 + in_doubt);
        assert!(
            (least..=most).contains(&account.charges),
            "{account:?}, {answered} answered"
        );
        assert_eq!(account.consumed.get(), account.charges * PRICE);
    }
}

async fn status(url: &str, path: &str) -> u16 {
    let response = reqwest::get(format!("{url}/{path}")).await.unwrap();
    response.status().as_u16()
}

/// The size of the largest of the ledger's files.
fn largest(folder: &std::path::Path) -> u64 {
    let sizes = std::fs::read_dir(folder).unwrap();
    sizes
        .map(|file| file.unwrap().metadata().unwrap().len())
        .max()
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_on_a_full_disk_closes_the_gateway_until_there_is_space() {
    if on_server() {
        return;
    }
    let scene = scene(TestDatabase::create()).await;
    let TestDatabase::File(folder) = &scene.folder.database else {
        panic!("this is about a file");
    };
    let limit = format!("--fsize={}", largest(folder.path()) + 40_000);
    let full = ["prlimit", &limit, "env", "--ignore-signal=XFSZ"];
    let gateway = scene.folder.gateway_under(&full);
    let answered = scene.ask_until_refused(&gateway.url).await;
    assert!(answered > 0);
    assert_eq!(status(&gateway.url, "healthz").await, 503);
    assert_eq!(status(&gateway.url, "readyz").await, 503);
    gateway.kill();
    scene.check(answered, CLIENTS).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_whose_flush_fails_closes_the_gateway_until_a_restart() {
    if on_server() {
        return;
    }
    let scene = scene(TestDatabase::create()).await;
    let failing = "inject=fsync,fdatasync:error=EIO:when=25+";
    let gateway = scene.folder.gateway_under(&[
        "strace",
        "-D",
        "-f",
        "-qq",
        "--seccomp-bpf",
        "-o",
        "/dev/null",
        "-e",
        "trace=fsync,fdatasync",
        "-e",
        failing,
    ]);
    let answered = scene.ask_until_refused(&gateway.url).await;
    assert!(answered > 0);
    assert_eq!(status(&gateway.url, "healthz").await, 503);
    gateway.kill();
    scene.check(answered, CLIENTS).await;
}

/// Leaves no room in the table of charges: what is inserted and not committed stays as garbage.
const FILL: &str = "INSERT INTO charges SELECT 'filler' || n, '', 0, n, '', repeat('x', 1000), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 \
    FROM generate_series(1, 100000) n";

#[tokio::test(flavor = "multi_thread")]
async fn a_server_on_a_full_disk_refuses_and_nothing_of_it_is_charged() {
    if on_server() {
        return;
    }
    let mut server = Server::make();
    // As large as the log's own files, which are made in one piece.
    let full = ["prlimit", "--fsize=16777216"];
    server.run(&full, &["autovacuum=off"]);
    let scene = scene(TestDatabase::on(&server.url())).await;
    let gateway = scene.folder.gateway();
    let mut answered = 0;
    for _ in 0..5 {
        answered += u64::from(scene.ask(&gateway.url).await == 200);
    }
    assert_eq!(answered, 5);
    let mut filler = scene.folder.database.connect().await;
    sqlx::query("SET session_replication_role = replica")
        .execute(&mut filler)
        .await
        .unwrap();
    let filled = sqlx::query(FILL).execute(&mut filler).await.unwrap_err();
    assert!(
        filled.to_string().contains("could not extend file"),
        "{filled}"
    );
    answered += scene.ask_until_refused(&gateway.url).await;
    // The server's word leaves no doubt, and a restart of the gateway would not help.
    assert_eq!(status(&gateway.url, "healthz").await, 200);
    server.stop();
    server.run(&[], &[]);
    assert_eq!(scene.ask(&gateway.url).await, 200);
    answered += 1;
    assert!(gateway.terminate());
    scene.check(answered, 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_may_forget_what_it_acknowledged_rejects() {
    if on_server() {
        return;
    }
    let server = Server::start();
    let scene = scene(TestDatabase::on(&server.url())).await;
    let (folder, database) = (&scene.folder, &scene.folder.database);
    let config = folder.path("gateway.toml");
    let check = ["check", "--config", config.to_str().unwrap()];
    let before = database.rows().await;
    for setting in ["fsync", "full_page_writes"] {
        database.configure(setting, "off");
        let what = format!(
            "{setting} is off on the PostgreSQL server, so a crash of its host would lose or tear what it has acknowledged"
        );
        let mend = format!("ALTER SYSTEM SET {setting} = on, then SELECT pg_reload_conf()");
        let said = folder.refused(&[]);
        assert!(said.contains(&format!("{what}; {mend}")), "{said}");
        let (well, said) = ran(&check);
        let missing = format!("MISSING  database: {what}\n         → {mend}\n");
        assert!(!well && said.contains(&missing), "{said}");
        database.configure(setting, "on");
    }
    assert_eq!(database.rows().await, before);

    // What it prefers for sessions does not count: each sets what it needs.
    database.configure("synchronous_commit", "off");
    let gateway = folder.gateway();
    assert_eq!(scene.ask(&gateway.url).await, 200);
    // Nor does a gateway return to a server that has become one.
    database.configure("fsync", "off");
    database.sever();
    assert_eq!(scene.ask(&gateway.url).await, 503);
    assert_eq!(status(&gateway.url, "readyz").await, 503);
    assert_eq!(status(&gateway.url, "healthz").await, 200);
    database.configure("fsync", "on");
    while status(&gateway.url, "readyz").await != 200 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(scene.ask(&gateway.url).await, 200);
    assert!(gateway.terminate());
    scene.check(2, 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_whose_flushes_fail_comes_back_and_nothing_is_lost_or_doubled() {
    if on_server() {
        return;
    }
    let mut server = Server::make();
    server.run(
        &[
            "strace",
            "-D",
            "-f",
            "-qq",
            "--seccomp-bpf",
            "-o",
            "/dev/null",
            "-e",
            "trace=fdatasync",
            "-e",
            // Beyond what making the database and its tables flushes: one for each migration and some.
            "inject=fdatasync:error=EIO:when=48+",
        ],
        &["autovacuum=off"],
    );
    let scene = scene(TestDatabase::on(&server.url())).await;
    let gateway = scene.folder.gateway();
    let client = || async {
        let mut answered = 0;
        for _ in 0..40 {
            answered += u64::from(scene.ask(&gateway.url).await == 200);
        }
        answered
    };
    let clients = futures::future::join_all((0..CLIENTS).map(|_| client()));
    let answered: u64 = clients.await.iter().sum();
    let panics = server.log().matches("PANIC").count();
    assert!(panics > 0, "no flush failed:\n{}", server.log());
    assert_eq!(status(&gateway.url, "healthz").await, 200);
    server.stop();
    server.run(&[], &[]);
    assert!(gateway.terminate());
    scene.check(answered, 0).await;
}
