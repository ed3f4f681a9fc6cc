//! Wall clocks that are set forward and back: a job is metered by what passed, and can be stopped.

use specie_claims::clock::{Clock, Moment, SystemClock, UnixMillis};
use specie_claims::provisioner::Phase;
use specie_gateway::lease::provisioner::Provisioner as _;
use specie_testing::host::gateway_key;
use specie_testing::host::{Host, order, until};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

/// A library that adds the seconds of a file to what a process takes for the wall clock.
const LIBRARY: &str = r#"
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
int clock_gettime(clockid_t clock, struct timespec *time) {
    int result = syscall(SYS_clock_gettime, clock, time);
    const char *path = getenv("WALL_CLOCK_OFFSET");
    if (clock == CLOCK_REALTIME && path) {
        long seconds = 0;
        FILE *file = fopen(path, "r");
        if (file) {
            if (fscanf(file, "%ld", &seconds) != 1) seconds = 0;
            fclose(file);
        }
        time->tv_sec += seconds;
    }
    return result;
}
"#;

fn library(folder: &Path) -> PathBuf {
    let (source, library) = (folder.join("clock.c"), folder.join("clock.so"));
    std::fs::write(&source, LIBRARY).unwrap();
    let built = Command::new("cc")
        .args(["-shared", "-fPIC", "-o"])
        .args([&library, &source])
        .status();
    assert!(built.unwrap().success());
    library
}

/// The gateway's clock, which is set as the provisioner's is.
#[derive(Default)]
struct Stepped(AtomicI64);

impl Clock for Stepped {
    fn moment(&self) -> Moment {
        let moment = SystemClock.moment();
        let seconds = self.0.load(Ordering::SeqCst);
        Moment {
            at: UnixMillis(moment.at.0 + seconds * 1_000),
            ..moment
        }
    }
}

/// Starts a job, steps all wall clocks by so many seconds while it runs, and stops it; before the stop, the provisioner is
/// killed and started again.
async fn stepped(seconds: i64) {
    let files = tempfile::tempdir().unwrap();
    let library = library(files.path());
    let offset = files.path().join("offset");
    std::fs::write(&offset, "0").unwrap();
    let env = [
        ("LD_PRELOAD", library.to_str().unwrap()),
        ("WALL_CLOCK_OFFSET", offset.to_str().unwrap()),
    ];
    let folder = tempfile::tempdir().unwrap();
    let mut host = Host::made(folder, &["--allow-any-command"], &[], &env);
    let clock = Arc::new(Stepped::default());
    let client = host.client_at(gateway_key(), clock.clone());
    let before = Instant::now();
    let script = "trap 'exit 0' TERM; while :; do sleep 0.05; done";
    client.start("lease_1", &order(4, script)).await.unwrap();
    until(&client, "lease_1", Phase::Running).await;
    let began = Instant::now();
    tokio::time::sleep(Duration::from_millis(500)).await;

    std::fs::write(&offset, seconds.to_string()).unwrap();
    clock.0.store(seconds, Ordering::SeqCst);
    let metered = |report: &specie_claims::provisioner::Report, least: u128, most: u128| {
        let ran = u128::from(report.run_milliseconds);
        assert!(
            (least..=most).contains(&ran),
            "{ran} of {least} to {most} ms"
        );
    };
    let least = began.elapsed().as_millis();
    let report = client.report("lease_1").await.unwrap().unwrap();
    metered(&report, least, before.elapsed().as_millis());

    host.kill_and_restart();
    let client = host.client_at(gateway_key(), clock.clone());
    let least = began.elapsed().as_millis();
    client.stop("lease_1", 10_000).await.unwrap();
    let report = until(&client, "lease_1", Phase::Ended).await;
    assert_eq!(report.exit_code, Some(0));
    metered(&report, least, before.elapsed().as_millis());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_is_set_forward_charges_nothing_that_did_not_run() {
    stepped(600).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_is_set_back_neither_gives_time_away_nor_keeps_a_job_running() {
    stepped(-600).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provisioner_whose_clock_is_set_back_accepts_the_gateways_requests_at_once() {
    let files = tempfile::tempdir().unwrap();
    let library = library(files.path());
    let offset = files.path().join("offset");
    std::fs::write(&offset, "600").unwrap();
    let env = [
        ("LD_PRELOAD", library.to_str().unwrap()),
        ("WALL_CLOCK_OFFSET", offset.to_str().unwrap()),
    ];
    let folder = tempfile::tempdir().unwrap();
    // It starts with a clock that is ten minutes fast, which is then set right.
    let host = Host::made(folder, &["--allow-any-command"], &[], &env);
    let refused = host
        .client()
        .report("lease_1")
        .await
        .unwrap_err()
        .to_string();
    assert!(refused.contains("not of this minute"), "{refused}");
    std::fs::write(&offset, "0").unwrap();
    for _ in 0..2_400 {
        if host.client().report("lease_1").await == Ok(None) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("{:?}", host.client().report("lease_1").await);
}
