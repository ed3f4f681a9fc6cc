//! A job from its start to its end, and kills of everything that watches it.

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use specie_claims::job::WarnSignal;
use specie_claims::provisioner::{Phase, Warning};
use specie_gateway::lease::provisioner::Provisioner as _;
use specie_testing::host::{Host, is_alive, order, refusal, until_dead};

#[tokio::test(flavor = "multi_thread")]
async fn a_job_gets_its_accelerators_its_variables_and_nothing_else() {
    let host = Host::start();
    let script = "echo started >> times; echo $CUDA_VISIBLE_DEVICES $RUN $SPECIE_LEASE; env | cut -d= -f1 | sort >&2; exit 3";
    let client = host.client();
    for _ in 0..3 {
        client.start("lease_1", &order(2, script)).await.unwrap();
    }
    let report = host.until("lease_1", Phase::Ended).await;
    assert_eq!(report.exit_code, Some(3));
    assert!(report.ended_at >= report.started_at && report.started_at.is_some());
    assert_eq!(host.text("lease_1", "stdout.log"), "0,1 seven lease_1\n");
    assert_eq!(host.text("lease_1", "work/times"), "started\n");
    let variables = host.text("lease_1", "stderr.log");
    let given = [
        "CUDA_VISIBLE_DEVICES",
        "HOME",
        "PATH",
        "RUN",
        "SPECIE_LEASE",
        "SPECIE_WARNING",
    ];
    let own = ["PWD", "OLDPWD", "SHLVL", "_"];
    for name in variables.lines().filter(|name| !own.contains(name)) {
        assert!(given.contains(&name), "{name} was inherited");
    }
    // Another order under the same name is none, and what has ended does not start again.
    let another = client.start("lease_1", &order(1, script)).await;
    assert!(refusal(another).contains("another order"));
    let again = client.start("lease_1", &order(2, script)).await.unwrap();
    assert_eq!(again, report);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_gets_a_signal_to_end_and_then_all_its_processes_are_killed() {
    let host = Host::start();
    let client = host.client();
    let polite = "trap 'echo saved; exit 0' TERM; echo ready; while :; do sleep 0.05; done";
    client.start("polite", &order(1, polite)).await.unwrap();
    host.until_text("polite", "stdout.log", "ready").await;
    client.stop("polite", 60_000).await.unwrap();
    let report = host.until("polite", Phase::Ended).await;
    assert_eq!(report.exit_code, Some(0));
    assert_eq!(host.text("polite", "stdout.log"), "ready\nsaved\n");

    let deaf = "trap '' TERM; sleep 600 & echo ready; wait; while :; do sleep 600; done";
    client.start("deaf", &order(1, deaf)).await.unwrap();
    host.until_text("deaf", "stdout.log", "ready").await;
    client.stop("deaf", 200).await.unwrap();
    let report = host.until("deaf", Phase::Ended).await;
    assert_eq!(report.exit_code, Some(128 + 9));
    assert!(report.run_milliseconds >= 200);
    host.until_nothing_runs("deaf").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_job_leaves_behind_does_not_outlive_it() {
    let host = Host::start();
    let client = host.client();
    let leaving = "sleep 600 & exit 0";
    client.start("leaving", &order(1, leaving)).await.unwrap();
    let report = host.until("leaving", Phase::Ended).await;
    assert_eq!(report.exit_code, Some(0));
    host.until_nothing_runs("leaving").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_outlives_its_provisioner_and_is_started_once() {
    let mut host = Host::start();
    let script = "echo started >> times; while [ ! -e go ]; do sleep 0.02; done; exit 5";
    host.client()
        .start("lease_1", &order(1, script))
        .await
        .unwrap();
    let running = host.until("lease_1", Phase::Running).await;
    let pid = host.pid("lease_1");
    for _ in 0..2 {
        host.kill_and_restart();
        let report = host
            .client()
            .start("lease_1", &order(1, script))
            .await
            .unwrap();
        assert_eq!(
            (report.phase, report.started_at),
            (Phase::Running, running.started_at)
        );
        assert!(is_alive(pid));
    }
    // Its end is not lost while there is no provisioner either.
    let listen = host.kill();
    std::fs::write(host.file("lease_1", "work/go"), "").unwrap();
    until_dead(pid).await;
    host.restart(&listen);
    let report = host.until("lease_1", Phase::Ended).await;
    assert_eq!(
        (report.exit_code, report.started_at),
        (Some(5), running.started_at)
    );
    assert_eq!(host.text("lease_1", "work/times"), "started\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_was_accepted_and_not_started_is_started_by_the_next_provisioner() {
    let mut host = Host::start();
    host.client()
        .start("first", &order(1, "echo started >> times"))
        .await
        .unwrap();
    host.until("first", Phase::Ended).await;
    let listen = host.kill();
    // What a kill between accepting and starting leaves.
    std::fs::create_dir_all(host.file("second", "")).unwrap();
    std::fs::copy(
        host.file("first", "order.json"),
        host.file("second", "order.json"),
    )
    .unwrap();
    host.restart(&listen);
    host.until("second", Phase::Ended).await;
    assert_eq!(host.text("second", "work/times"), "started\n");
    assert_eq!(host.text("first", "work/times"), "started\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_whose_supervisor_is_killed_is_lost_ended_and_not_started_again() {
    let mut host = Host::start();
    let script = "echo started >> times; sleep 600";
    host.client()
        .start("lease_1", &order(4, script))
        .await
        .unwrap();
    host.until("lease_1", Phase::Running).await;
    let pid = host.pid("lease_1");
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let supervisor = stat
        .rsplit_once(')')
        .unwrap()
        .1
        .split_whitespace()
        .nth(1)
        .unwrap();
    assert_ne!(supervisor.parse(), Ok(host.provisioner()));
    kill(Pid::from_raw(supervisor.parse().unwrap()), Signal::SIGKILL).unwrap();
    let report = host.until("lease_1", Phase::Ended).await;
    assert_eq!(report.exit_code, None);
    assert!(report.detail.unwrap().contains("lost"));
    until_dead(pid).await;
    host.kill_and_restart();
    let again = host
        .client()
        .start("lease_1", &order(4, script))
        .await
        .unwrap();
    assert_eq!(
        (again.phase, again.run_milliseconds),
        (Phase::Ended, report.run_milliseconds)
    );
    // Its accelerators are free.
    host.client()
        .start("lease_2", &order(4, "exit 0"))
        .await
        .unwrap();
    host.until("lease_2", Phase::Ended).await;
    assert_eq!(host.text("lease_1", "work/times"), "started\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn accelerators_are_given_to_one_job_at_a_time() {
    let mut host = Host::start();
    let client = host.client();
    client.start("a", &order(3, "sleep 600")).await.unwrap();
    let none_free = refusal(client.start("b", &order(2, "sleep 600")).await);
    assert!(none_free.contains("1 of 4 are free"), "{none_free}");
    assert_eq!(client.report("b").await, Ok(None));
    client
        .start("c", &order(1, "echo $CUDA_VISIBLE_DEVICES; sleep 600"))
        .await
        .unwrap();
    host.until_text("c", "stdout.log", "3").await;
    host.kill_and_restart();
    let client = host.client();
    assert!(client.start("b", &order(1, "sleep 600")).await.is_err());
    client.stop("a", 0).await.unwrap();
    host.until("a", Phase::Ended).await;
    client
        .start("b", &order(2, "echo $CUDA_VISIBLE_DEVICES"))
        .await
        .unwrap();
    host.until("b", Phase::Ended).await;
    assert_eq!(host.text("b", "stdout.log"), "0,1\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_that_arrives_before_its_start_prevents_the_start() {
    let host = Host::start();
    let client = host.client();
    assert_eq!(client.report("lease_1").await, Ok(None));
    let stopped = client.stop("lease_1", 0).await.unwrap();
    assert_eq!((stopped.phase, stopped.run_milliseconds), (Phase::Ended, 0));
    let started = client
        .start("lease_1", &order(1, "echo started >> times"))
        .await
        .unwrap();
    assert_eq!(started, stopped);
    assert!(!host.file("lease_1", "work/times").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_warning_is_a_file_and_a_signal_only_where_the_job_asks_for_it() {
    let host = Host::start();
    let client = host.client();
    let warning = |number| Warning {
        number,
        ends_in_milliseconds: 30_000,
        why: "allowance_exhausted".to_owned(),
    };
    let mut signalled = order(
        1,
        "trap 'echo warned' USR1; echo ready; while :; do sleep 0.05; done",
    );
    signalled.job.warn_signal = Some(WarnSignal::Usr1);
    client.start("signalled", &signalled).await.unwrap();
    host.until_text("signalled", "stdout.log", "ready").await;
    let told =
        "while [ ! -e $SPECIE_WARNING ]; do sleep 0.02; done; cat $SPECIE_WARNING; sleep 600";
    client.start("told", &order(1, told)).await.unwrap();
    host.until("told", Phase::Running).await;
    for id in ["signalled", "told"] {
        for _ in 0..3 {
            client.warn(id, &warning(1)).await.unwrap();
        }
    }
    host.until_text("signalled", "stdout.log", "warned").await;
    host.until_text("told", "stdout.log", "allowance_exhausted")
        .await;
    client.warn("signalled", &warning(2)).await.unwrap();
    host.until_text("signalled", "stdout.log", "warned\nwarned\n")
        .await;
    assert_eq!(
        host.text("signalled", "stdout.log"),
        "ready\nwarned\nwarned\n"
    );
    assert!(
        is_alive(host.pid("told")),
        "a job that asked for no signal got one"
    );
    let unknown = client.warn("nobody", &warning(1)).await;
    assert!(unknown.unwrap_err().to_string().contains("no such job"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_is_not_there_ends_as_a_shell_would_say() {
    let host = Host::start();
    let mut missing = order(1, "");
    missing.job.command = vec!["no-such-program".to_owned()];
    host.client().start("missing", &missing).await.unwrap();
    let report = host.until("missing", Phase::Ended).await;
    assert_eq!((report.exit_code, report.run_milliseconds), (Some(127), 0));
    assert!(
        report
            .detail
            .unwrap()
            .contains("no-such-program cannot be started")
    );
}
