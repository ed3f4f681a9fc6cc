//! Where the ledger's file is, who can read it, and that nothing leads around its lock.

use crate::node::{Node, VAULT};
use crate::process::{Folder, Service, gateway, issuer, ran, upstream};
use specie_testing::database::on_server;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

/// A folder whose configuration names the ledger by a relative path.
fn relative(node: &Node, upstream: &Service) -> Folder {
    let folder = Folder::new(&node.url, &VAULT.to_string(), &upstream.url);
    let config = std::fs::read_to_string(folder.path("gateway.toml")).unwrap();
    let config = config.replace(&folder.database.url(), "sqlite://ledger.sqlite");
    folder.write("gateway.toml", &config);
    folder
}

fn mode(path: &Path) -> u32 {
    path.metadata().unwrap().permissions().mode() & 0o777
}

#[tokio::test(flavor = "multi_thread")]
async fn run_and_check_find_the_same_ledger_from_any_folder() {
    if on_server() {
        return;
    }
    let node = Node::start(&issuer()).await;
    let upstream = upstream(0);
    let folder = relative(&node, &upstream);
    let elsewhere = tempfile::tempdir().unwrap();
    let in_folder = |folder: &Path| {
        let mut command = Command::new(gateway());
        command.current_dir(folder).env("RUST_LOG", "warn");
        command
    };
    let config = folder.path("gateway.toml");
    let mut command = in_folder(elsewhere.path());
    command.arg("--config").arg(&config);
    let _gateway = Service::started(command);
    let ledger = folder.path("ledger.sqlite");
    assert!(ledger.exists());
    assert_eq!(std::fs::read_dir(elsewhere.path()).unwrap().count(), 0);
    for name in ["ledger.sqlite", "ledger.sqlite-wal", "ledger.sqlite-shm"] {
        assert_eq!(mode(&folder.path(name)), 0o600, "{name}");
    }

    for (at, config) in [
        (elsewhere.path(), config.to_str().unwrap()),
        (&folder.path(""), "gateway.toml"),
        (Path::new("/"), config.to_str().unwrap()),
    ] {
        let checked = in_folder(at)
            .args(["check", "--config", config])
            .output()
            .unwrap();
        let said = String::from_utf8(checked.stdout).unwrap();
        assert!(
            said.contains("its sums add up"),
            "from {}: {said}",
            at.display()
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_gateway_is_refused_whatever_it_calls_the_file() {
    if on_server() {
        return;
    }
    let node = Node::start(&issuer()).await;
    let upstream = upstream(0);
    let folder = relative(&node, &upstream);
    let gateway = folder.gateway();
    let ledger = folder.path("ledger.sqlite");
    let symbolic = folder.path("symbolic.sqlite");
    std::os::unix::fs::symlink(&ledger, &symbolic).unwrap();
    let url = |path: &Path| format!("sqlite://{}", path.display());
    let said = folder.refused(&["--database", &url(&symbolic)]);
    assert!(said.contains("in use by another gateway"), "{said}");
    let hard = folder.path("hard.sqlite");
    std::fs::hard_link(&ledger, &hard).unwrap();
    let said = folder.refused(&["--database", &url(&hard)]);
    assert!(said.contains("2 names"), "{said}");
    drop(gateway);
    // A flag's path is relative to where it is typed.
    std::fs::remove_file(&hard).unwrap();
    let config = folder.path("gateway.toml");
    let (_, said) = ran(&[
        "check",
        "--config",
        config.to_str().unwrap(),
        "--database",
        "sqlite://nowhere.sqlite",
    ]);
    assert!(said.contains("is made at the first start"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ledger_that_others_could_read_is_closed_to_them_and_the_log_says_so() {
    if on_server() {
        return;
    }
    let node = Node::start(&issuer()).await;
    let upstream = upstream(0);
    let folder = relative(&node, &upstream);
    drop(folder.gateway());
    let ledger = folder.path("ledger.sqlite");
    std::fs::set_permissions(&ledger, std::fs::Permissions::from_mode(0o644)).unwrap();
    let log = folder.path("log");
    let gateway = folder.gateway_that_logs_to(&log);
    assert_eq!(mode(&ledger), 0o600);
    drop(gateway);
    let log = std::fs::read_to_string(&log).unwrap();
    assert!(
        log.contains("was readable by others") && log.contains("644"),
        "{log}"
    );
}
