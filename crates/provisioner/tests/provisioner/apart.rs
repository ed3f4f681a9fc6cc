//! Jobs that attack what meters and stops them: what is charged, and what keeps running, stays as it would be.

use crate::BINARY;
use nix::sys::signal::{Signal, kill};
use specie_claims::provisioner::{Phase, Warning};
use specie_gateway::lease::provisioner::Provisioner as _;
use specie_testing::host::{Host, check, keeps_apart, order};
use std::process::Command;
use std::time::Duration;

/// A host that keeps jobs apart; `None`, having said why, on a machine that does not grant that.
fn host() -> Option<Host> {
    keeps_apart().then(Host::start)
}

/// Waits until a job has made its attempts, and checks that it is metered as before.
async fn still_metered(host: &Host, id: &str) {
    host.until_text(id, "work/tried", "tried").await;
    let client = host.client();
    let before = client.report(id).await.unwrap().unwrap();
    tokio::time::sleep(Duration::from_millis(300)).await;
    let after = client.report(id).await.unwrap().unwrap();
    assert_eq!(
        (before.phase, after.phase),
        (Phase::Running, Phase::Running)
    );
    let ran = after.run_milliseconds - before.run_milliseconds;
    assert!(ran >= 300, "{ran} ms of 300 were metered");
}

/// Stops a job, and checks that it ends whole, and that its accelerators can be leased again only then.
async fn is_stopped(host: &Host, id: &str) {
    let client = host.client();
    client.stop(id, 200).await.unwrap();
    let report = host.until(id, Phase::Ended).await;
    assert_eq!(host.processes(id), Vec::<i32>::new());
    let ran = report.ended_at.unwrap().since(report.started_at.unwrap());
    assert!(report.run_milliseconds + 100 >= ran, "{report:?}");
    client.start("next", &order(4, "exit 0")).await.unwrap();
    host.until("next", Phase::Ended).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_stops_its_parent_is_metered_and_stopped_all_the_same() {
    let Some(host) = host() else { return };
    let script = "until [ -e supervisor ]; do sleep 0.02; done
        for pid in $PPID 1 $(cat supervisor) -1; do kill -STOP $pid; kill -KILL $pid; done
        kill -STOP 0 & sleep 0.1; kill -CONT 0; echo tried > tried; while :; do sleep 600; done";
    host.client()
        .start("lease_1", &order(4, script))
        .await
        .unwrap();
    host.until("lease_1", Phase::Running).await;
    let supervisor = host.supervisor("lease_1").to_string();
    std::fs::write(host.file("lease_1", "work/supervisor"), supervisor).unwrap();
    // It may have stopped itself, which ends neither its time nor its lease.
    tokio::time::sleep(Duration::from_millis(500)).await;
    std::fs::write(host.file("lease_1", "work/tried"), "tried").unwrap();
    still_metered(&host, "lease_1").await;
    is_stopped(&host, "lease_1").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_writes_its_own_end_is_metered_and_stopped_all_the_same() {
    let Some(host) = host() else { return };
    let root = host.folder.path().canonicalize().unwrap();
    let script = format!(
        "root={}
        for folder in .. ../.. ../../state/lease_1 $root/state/lease_1 /proc/1/cwd /proc/1/root$root/state/lease_1; do
            ls $folder >> seen
            for file in ended process stop started order collected; do
                echo '{{}}' > $folder/$file.json; rm -f $folder/$file.json; mv warned $folder/$file.json
            done
            echo 1 > $folder/running.lock; rm -rf $folder/../lease_1
        done 2> errors
        mkdir -p $root/state/lease_1; echo {{}} > $root/state/lease_1/ended.json; rm $SPECIE_WARNING
        umount $root; umount /tmp; mount -t proc proc /proc; echo tried > tried; sleep 600",
        root.display()
    );
    let client = host.client();
    client.start("lease_1", &order(4, &script)).await.unwrap();
    host.until("lease_1", Phase::Running).await;
    let process = host.text("lease_1", "process.json");
    let accepted = host.text("lease_1", "order.json");
    still_metered(&host, "lease_1").await;
    assert_eq!(host.text("lease_1", "process.json"), process);
    assert_eq!(host.text("lease_1", "order.json"), accepted);
    for file in ["ended.json", "stop.json", "collected.json"] {
        assert!(!host.file("lease_1", file).exists(), "{file}");
    }
    let seen = host.text("lease_1", "work/seen");
    assert!(
        !seen.contains(".json") && !seen.contains("running.lock"),
        "{seen}"
    );
    is_stopped(&host, "lease_1").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_daemon_that_left_its_job_ends_with_it() {
    let Some(host) = host() else { return };
    daemons_end_with_their_jobs(&host).await;
}

/// One job that ends by itself and one that is stopped, each with a daemon in a session of its own.
async fn daemons_end_with_their_jobs(host: &Host) {
    let client = host.client();
    let daemon = "setsid setsid sh -c \"trap '' TERM HUP; echo \\$\\$ > daemon; while :; do sleep 1; done\" &
        until [ -e daemon ]; do sleep 0.02; done";
    client
        .start("leaving", &order(4, &format!("{daemon}; exit 3")))
        .await
        .unwrap();
    let report = host.until("leaving", Phase::Ended).await;
    // As soon as it is said to have ended, not some time later.
    assert_eq!(host.processes("leaving"), Vec::<i32>::new());
    assert_eq!(report.exit_code, Some(3));

    let staying = format!("{daemon}; echo tried > tried; trap '' TERM; while :; do sleep 1; done");
    client.start("staying", &order(4, &staying)).await.unwrap();
    still_metered(host, "staying").await;
    assert!(host.processes("staying").len() >= 2);
    is_stopped(host, "staying").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_control_group_the_end_of_the_namespace_ends_a_job_whole() {
    if !keeps_apart() {
        return;
    }
    // In a mount namespace of its own, version 2 is unmounted, if there is one.
    let hide = "for at in $(awk '/ - cgroup2 /{print $5}' /proc/self/mountinfo); do umount -l $at; done; exec \"$@\"";
    let under = ["unshare", "--mount", "sh", "-c", hide, "sh"];
    let checked = check(&under, &[]);
    let said = String::from_utf8(checked.stdout).unwrap();
    assert!(checked.status.success(), "{said}");
    let expected = "control groups: none (no file system of type cgroup2 is mounted); the end of a job's PID namespace ends it";
    assert!(said.contains(expected), "{said}");
    let folder = tempfile::tempdir().unwrap();
    let host = Host::made(folder, &["--allow-any-command"], &under, &[]);
    daemons_end_with_their_jobs(&host).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_has_a_control_group_where_there_is_one() {
    let Some(host) = host() else { return };
    let said = String::from_utf8(check(&[], &[]).stdout).unwrap();
    let Some((_, below)) = said.split_once("each job has a control group below ") else {
        println!("{said}");
        return;
    };
    let client = host.client();
    client
        .start("lease_1", &order(1, "sleep 600"))
        .await
        .unwrap();
    host.until("lease_1", Phase::Running).await;
    let own = std::fs::read_to_string(format!("/proc/{}/cgroup", host.pid("lease_1"))).unwrap();
    let own = own
        .lines()
        .find_map(|line| line.strip_prefix("0::"))
        .unwrap();
    let (_, name) = own.rsplit_once("/specie-").unwrap();
    let below = std::path::Path::new(below.lines().next().unwrap());
    let group = below.join(format!("specie-{name}"));
    assert!(group.ends_with("lease_1"), "{own}");
    let inside = std::fs::read_to_string(group.join("cgroup.procs")).unwrap();
    assert!(inside.lines().count() >= 2, "{inside}");
    assert!(inside.contains(&host.pid("lease_1").to_string()));
    client.stop("lease_1", 0).await.unwrap();
    host.until("lease_1", Phase::Ended).await;
    while group.exists() {
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_supervisor_that_is_killed_takes_its_job_with_it_at_once() {
    let Some(mut host) = host() else { return };
    let client = host.client();
    let script = "setsid sleep 600 & trap '' TERM; while :; do sleep 1; done";
    client.start("lease_1", &order(4, script)).await.unwrap();
    let running = host.until("lease_1", Phase::Running).await;
    // Nobody looks for it meanwhile.
    let listen = host.kill();
    kill(host.supervisor("lease_1"), Signal::SIGKILL).unwrap();
    host.until_nothing_runs("lease_1").await;
    host.restart(&listen);
    let report = host.until("lease_1", Phase::Ended).await;
    assert!(report.detail.unwrap().contains("lost"));
    assert!(report.run_milliseconds >= running.run_milliseconds);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_supervisor_keeps_no_job_running() {
    let Some(host) = host() else { return };
    let client = host.client();
    let script = "trap '' TERM; while :; do sleep 1; done";
    client.start("lease_1", &order(4, script)).await.unwrap();
    host.until("lease_1", Phase::Running).await;
    kill(host.supervisor("lease_1"), Signal::SIGSTOP).unwrap();
    let mut report = client.stop("lease_1", 100).await.unwrap();
    for _ in 0..1_200 {
        if report.phase == Phase::Ended {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
        // As a gateway does until a job has ended.
        report = client.stop("lease_1", 100).await.unwrap();
    }
    assert_eq!(report.phase, Phase::Ended);
    assert_eq!(host.processes("lease_1"), Vec::<i32>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_has_a_user_of_its_own_and_no_rights() {
    let Some(host) = host() else { return };
    let client = host.client();
    let script = "id -u; id -G; grep -E '^(CapEff|CapPrm|NoNewPrivs):' /proc/self/status | tr -d '\\t'; ls -d /proc/[0-9]* | wc -l; ls /tmp /dev/shm;
        while :; do sleep 1; done";
    for id in ["first", "second"] {
        client.start(id, &order(1, script)).await.unwrap();
        host.until_text(id, "stdout.log", "/dev/shm:").await;
    }
    let users = ["first", "second"].map(|id| {
        let said = host.text(id, "stdout.log");
        let lines: Vec<_> = said.lines().collect();
        assert_eq!(lines[0], lines[1], "its group alone: {said}");
        for expected in [
            "CapPrm:0000000000000000",
            "CapEff:0000000000000000",
            "NoNewPrivs:1",
        ] {
            assert!(lines.contains(&expected), "{said}");
        }
        let processes: u32 = lines[5].trim().parse().unwrap();
        assert!(processes <= 5, "it sees {processes} processes");
        lines[0].parse::<u32>().unwrap()
    });
    assert_eq!(users, [60_578, 60_579]);
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_a_job_leaves_are_not_visible_to_the_next_job_of_the_same_user() {
    let Some(host) = host() else { return };
    let client = host.client();
    let script = "id -u; echo secret > secret; echo secret > /tmp/secret; chmod 777 . secret";
    client.start("first", &order(1, script)).await.unwrap();
    host.until("first", Phase::Ended).await;
    let root = host.folder.path().canonicalize().unwrap();
    let script = format!(
        "id -u; cat ../first/secret {}/work/first/secret /tmp/secret; chmod 777 ../first; exit 0",
        root.display()
    );
    client.start("second", &order(1, &script)).await.unwrap();
    host.until("second", Phase::Ended).await;
    assert_eq!(
        host.text("second", "stdout.log"),
        host.text("first", "stdout.log")
    );
    assert_eq!(host.text("first", "work/secret"), "secret\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_privilege_is_named_and_nothing_is_served_without_it() {
    if !keeps_apart() {
        return;
    }
    let without = [
        "setpriv",
        "--bounding-set=-sys_admin",
        "--inh-caps=-sys_admin",
    ];
    let checked = check(&without, &[]);
    let said = String::from_utf8(checked.stdout).unwrap();
    assert!(!checked.status.success(), "{said}");
    let missing = "MISSING  namespaces: Error: a PID namespace: Operation not permitted (os error 1)\n         → run it as root";
    assert!(said.contains(missing), "{said}");
    // With fewer users than jobs, two jobs would share one.
    let few = String::from_utf8(check(&[], &["--job-uids", "60578-60580"]).stdout).unwrap();
    let missing = "MISSING  users of jobs: --job-uids 60578-60580 has 3 users and 4 accelerators can have 4 jobs";
    assert!(few.contains(missing), "{few}");

    let key = bs58::encode([1u8; 32]).into_string();
    let folder = tempfile::tempdir().unwrap();
    let output = Command::new(without[0])
        .args(&without[1..])
        .args([
            BINARY,
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--accelerators",
            "1",
        ])
        .args(["--gateway-key", &key, "--allow", "true", "--folder"])
        .arg(folder.path())
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        !output.status.success() && output.stdout.is_empty(),
        "{said}"
    );
    assert!(
        said.contains("jobs cannot be kept apart here") && said.contains("CAP_SYS_ADMIN"),
        "{said}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn jobs_of_the_same_user_run_and_end_where_that_is_asked_for() {
    let mut allow = vec!["--allow-any-command"];
    if keeps_apart() {
        allow.push("--same-user");
    }
    let host = Host::allowing(&allow);
    let client = host.client();
    let daemon = "setsid sleep 600 & exit 3";
    client.start("leaving", &order(1, daemon)).await.unwrap();
    let report = host.until("leaving", Phase::Ended).await;
    assert_eq!(report.exit_code, Some(3));
    host.until_nothing_runs("leaving").await;
    let deaf = "trap '' TERM; echo ready; while :; do sleep 1; done";
    client.start("deaf", &order(1, deaf)).await.unwrap();
    host.until_text("deaf", "stdout.log", "ready").await;
    client.stop("deaf", 100).await.unwrap();
    let report = host.until("deaf", Phase::Ended).await;
    assert_eq!(report.exit_code, Some(128 + 9));
    host.until_nothing_runs("deaf").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_finds_its_folder_and_its_warning_whatever_the_services_mask_is() {
    if !keeps_apart() {
        return;
    }
    let under = ["sh", "-c", "umask 077; exec \"$@\"", "sh"];
    let folder = tempfile::tempdir().unwrap();
    let host = Host::made(folder, &["--allow-any-command"], &under, &[]);
    let client = host.client();
    let script = "cd /; cd $HOME; umask; until [ -e $SPECIE_WARNING ]; do sleep 0.02; done; cat $SPECIE_WARNING";
    client.start("lease_1", &order(1, script)).await.unwrap();
    host.until("lease_1", Phase::Running).await;
    let warning = Warning {
        number: 1,
        ends_in_milliseconds: 30_000,
        why: "allowance_exhausted".to_owned(),
    };
    client.warn("lease_1", &warning).await.unwrap();
    let report = host.until("lease_1", Phase::Ended).await;
    assert_eq!(report.exit_code, Some(0));
    let said = host.text("lease_1", "stdout.log");
    assert!(
        said.starts_with("0022\n") && said.contains("allowance_exhausted"),
        "{said}"
    );
}
