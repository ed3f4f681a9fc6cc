//! What ended jobs leave: removed in time, and never more of a log than is allowed.

use crate::BINARY;
use specie_claims::clock::{Clock as _, Moment, SystemClock};
use specie_claims::provisioner::Phase;
use specie_gateway::lease::provisioner::Provisioner as _;
use specie_provisioner::{Allowed, Bounds, Jobs, JobsError, Keep, Seating};
use specie_testing::host::{Host, keeps_apart, order, refusal};
use std::time::Duration;

/// Waits until a job's working folder and logs are gone.
async fn until_pruned(host: &Host, id: &str) {
    for _ in 0..2_400 {
        if !host.file(id, "work").exists() {
            assert!(!host.file(id, "stdout.log").exists());
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("the files of {id} stay");
}

#[tokio::test(flavor = "multi_thread")]
async fn files_of_ended_jobs_are_pruned_beyond_the_limit_and_their_records_stay() {
    let host = Host::allowing(&["--allow-any-command", "--keep-jobs", "1"]);
    let client = host.client();
    let script = "echo printed; echo started >> times";
    // One whose end nobody asks for: a file says that it has ended.
    client.start("unasked", &order(1, script)).await.unwrap();
    while !host.file("unasked", "ended.json").exists() {
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    client
        .start("running", &order(1, "sleep 600"))
        .await
        .unwrap();
    let mut ends = Vec::new();
    for id in ["first", "second", "third"] {
        client.start(id, &order(1, script)).await.unwrap();
        ends.push(host.until(id, Phase::Ended).await);
    }
    until_pruned(&host, "first").await;
    until_pruned(&host, "second").await;
    for id in ["third", "unasked"] {
        assert_eq!(host.text(id, "stdout.log"), "printed\n", "{id}");
        assert_eq!(host.text(id, "work/times"), "started\n", "{id}");
    }
    assert!(host.file("running", "work").exists());
    // The same report as before, and no second start.
    for (id, end) in ["first", "second", "third"].into_iter().zip(ends) {
        assert_eq!(client.report(id).await.unwrap(), Some(end.clone()));
        assert_eq!(client.start(id, &order(1, script)).await.unwrap(), end);
        let another = client.start(id, &order(2, script)).await;
        assert!(refusal(another).contains("another order"));
    }
    assert!(!host.file("first", "work").exists());
}

/// The jobs of a folder, in this process.
fn jobs_of(folder: &std::path::Path) -> Jobs {
    let seating = Seating {
        uids: keeps_apart().then(|| "60578-60705".parse().unwrap()),
        cgroup: None,
        bounds: Bounds {
            file_bytes: 1 << 30,
            tmp_bytes: 1 << 30,
            processes: 1_024,
            disk_bytes: None,
        },
    };
    let any = Allowed::AnyCommand;
    Jobs::open(folder, BINARY.into(), 4, any, seating, 16_384).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn files_of_ended_jobs_are_pruned_by_age_and_their_records_after_a_month() {
    const DAY: u64 = 86_400_000;
    let mut host = Host::start();
    let client = host.client();
    for id in ["collected", "unasked"] {
        client.start(id, &order(1, "echo printed")).await.unwrap();
        while !host.file(id, "ended.json").exists() {
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
    }
    let end = client.report("collected").await.unwrap().unwrap();
    host.kill();
    let jobs = jobs_of(host.folder.path());
    let keep = Keep {
        milliseconds: 7 * DAY,
        jobs: 10,
    };
    let kept: serde_json::Value =
        serde_json::from_str(&host.text("collected", "ended.json")).unwrap();
    let ended: Moment = serde_json::from_value(kept["at"].clone()).unwrap();
    assert_eq!(Some(ended.at), end.ended_at);
    // A clock that is set forward by a year makes nothing older.
    let forward = Moment {
        at: ended.at.plus(365 * DAY),
        ..ended
    };
    jobs.prune(keep, &forward).unwrap();
    jobs.prune(keep, &ended.plus(7 * DAY - 1)).unwrap();
    assert!(host.file("collected", "work").exists());
    jobs.prune(keep, &ended.plus(7 * DAY)).unwrap();
    assert!(!host.file("collected", "work").exists());
    assert!(!host.file("collected", "stdout.log").exists());
    assert_eq!(jobs.report("collected").unwrap(), end);
    jobs.prune(keep, &ended.plus(30 * DAY - 1)).unwrap();
    assert_eq!(jobs.report("collected").unwrap(), end);
    jobs.prune(keep, &ended.plus(30 * DAY)).unwrap();
    assert!(matches!(jobs.report("collected"), Err(JobsError::Unknown)));
    let left: Vec<_> = std::fs::read_dir(host.file("", "")).unwrap().collect();
    assert_eq!(left.len(), 1, "{left:?}");
    // However old: nobody was told how it ended.
    jobs.prune(keep, &SystemClock.moment().plus(3_650 * DAY))
        .unwrap();
    assert_eq!(host.text("unasked", "stdout.log"), "printed\n");
    assert_eq!(jobs.report("unasked").unwrap().phase, Phase::Ended);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_output_of_a_job_is_kept_below_a_line_with_the_bytes_cut() {
    let host = Host::allowing(&["--allow-any-command", "--log-bytes", "8192"]);
    let script =
        "i=0; while [ $i -lt 3000 ]; do echo line $i; i=$((i+1)); done; echo last words >&2";
    host.client()
        .start("chatty", &order(1, script))
        .await
        .unwrap();
    host.until("chatty", Phase::Ended).await;
    let printed: String = (0..3_000).map(|n| format!("line {n}\n")).collect();
    let log = host.text("chatty", "stdout.log");
    assert!(log.len() <= 8_192, "{}", log.len());
    let (said, kept) = log.split_once('\n').unwrap();
    assert!(kept.len() >= 4_000 && printed.ends_with(kept), "{kept}");
    let cut = printed.len() - kept.len();
    let expected = format!(
        "[specie-provisioner: {cut} bytes were cut here; of a log the latest 8192 are kept]"
    );
    assert_eq!(said, expected);
    assert_eq!(host.text("chatty", "stderr.log"), "last words\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_that_holds_a_log_open_does_not_delay_the_end() {
    let host = Host::start();
    // It leaves the job's group, and ends with the job all the same.
    let script = "setsid sleep 20 & echo printed";
    host.client()
        .start("leaving", &order(1, script))
        .await
        .unwrap();
    let report = host.until("leaving", Phase::Ended).await;
    assert_eq!(report.exit_code, Some(0));
    assert!(report.run_milliseconds < 15_000);
    assert_eq!(host.text("leaving", "stdout.log"), "printed\n");
    host.until_nothing_runs("leaving").await;
}
