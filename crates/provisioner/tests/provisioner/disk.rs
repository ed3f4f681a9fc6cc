//! Jobs that fill the disk, and a disk that takes nothing any more: they are stopped all the same.

use specie_claims::provisioner::Phase;
use specie_gateway::lease::provisioner::Provisioner as _;
use specie_testing::host::{Host, keeps_apart, order};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

fn run(program: &str, arguments: &[&str], path: &Path) -> bool {
    let status = Command::new(program).args(arguments).arg(path).status();
    status.is_ok_and(|status| status.success())
}

/// A folder on a file system of its own, unmounted again with the test.
struct Small(std::path::PathBuf);

impl Drop for Small {
    fn drop(&mut self) {
        run("umount", &["--lazy"], &self.0);
    }
}

/// Bytes that a disk has left for anybody.
fn left(path: &Path) -> u64 {
    let disk = nix::sys::statvfs::statvfs(path).unwrap();
    disk.blocks_free() * disk.fragment_size()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_fills_the_disk_is_stopped_and_its_end_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let mounted = run(
        "mount",
        &["-t", "tmpfs", "-o", "size=2m", "tmpfs"],
        folder.path(),
    );
    if !mounted {
        println!("no file system can be mounted here");
        return;
    }
    let small = Small(folder.path().to_owned());
    let mut host = Host::made(folder, &["--allow-any-command"], &[], &[]);
    let client = host.client();
    let script =
        "trap 'exit 7' TERM; cat /dev/zero > fill; n=0; while echo x > fill$n; do n=$((n+1)); done;
        while :; do cat /dev/zero >> fill; sleep 0.05; done";
    client.start("lease_1", &order(4, script)).await.unwrap();
    host.until("lease_1", Phase::Running).await;
    while left(&small.0) > 0 {
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    // Another lease finds no place for its state, and says so.
    let full = client.stop("unheard", 0).await.unwrap_err().to_string();
    assert!(full.contains("No space left on device"), "{full}");
    client.stop("lease_1", 10_000).await.unwrap();
    let report = host.until("lease_1", Phase::Ended).await;
    assert_eq!(report.exit_code, Some(7));
    assert_eq!(host.processes("lease_1"), Vec::<i32>::new());
    assert_eq!(left(&small.0), 0);
    host.kill_and_restart();
    let again = host.client().report("lease_1").await.unwrap().unwrap();
    assert_eq!(again, report);
    drop(host);
    drop(small);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_that_cannot_be_recorded_still_stops_the_job() {
    let host = Host::start();
    let client = host.client();
    let script = "trap 'echo saved > saved; exit 0' TERM; echo ready; while :; do sleep 0.05; done";
    client.start("lease_1", &order(4, script)).await.unwrap();
    host.until_text("lease_1", "stdout.log", "ready").await;
    let state = host.file("lease_1", "");
    if !run("chattr", &["+i"], &state) {
        println!("no folder can be made immutable here");
        return;
    }
    let stopped = client.stop("lease_1", 60_000).await;
    host.until_text("lease_1", "work/saved", "saved").await;
    host.until_nothing_runs("lease_1").await;
    assert!(run("chattr", &["-i"], &state));
    assert_eq!(stopped.unwrap().phase, Phase::Running);
    let report = host.until("lease_1", Phase::Ended).await;
    assert_eq!(report.exit_code, Some(0));
    let passed = report.ended_at.unwrap().since(report.started_at.unwrap());
    assert!(report.run_milliseconds <= passed + 100, "{report:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_file_of_a_job_is_larger_than_is_allowed() {
    if !keeps_apart() {
        return;
    }
    let flags = [
        "--allow-any-command",
        "--job-file-bytes",
        "4096",
        "--job-tmp-bytes",
        "65536",
    ];
    let host = Host::allowing(&flags);
    let script = "trap '' XFSZ; head -c 10000 /dev/zero > file; stat -c %s file
        for n in 0 1 2 3 4 5 6 7 8 9; do head -c 4096 /dev/zero >> /tmp/all$n; head -c 4096 /dev/zero >> /tmp/too$n; done 2> errors
        cat /tmp/all* /tmp/too* | wc -c; exit 0";
    host.client()
        .start("lease_1", &order(1, script))
        .await
        .unwrap();
    host.until("lease_1", Phase::Ended).await;
    let said = host.text("lease_1", "stdout.log");
    let (file, tmp) = said.split_once('\n').unwrap();
    assert_eq!(file, "4096");
    assert!(tmp.trim().parse::<u64>().unwrap() <= 65_536, "{said}");
}

/// A disk in a file, which keeps quotas of users.
fn disk_with_quotas(image: &Path, at: &Path) -> bool {
    let size = ["-s", "16M"];
    run("truncate", &size, image)
        && run("mkfs.ext4", &["-q", "-O", "quota"], image)
        && Command::new("mount")
            .args(["-o", "loop,usrquota"])
            .args([image, at])
            .status()
            .is_ok_and(|status| status.success())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_with_quotas_bounds_all_files_of_a_job_together() {
    if !keeps_apart() {
        return;
    }
    let (images, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    if !disk_with_quotas(&images.path().join("disk"), folder.path()) {
        println!("no disk with quotas can be mounted here");
        return;
    }
    let _disk = Small(folder.path().to_owned());
    let flags = ["--allow-any-command", "--job-disk-bytes", "1048576"];
    let host = Host::made(folder, &flags, &[], &[]);
    let client = host.client();
    let script = "for n in 0 1 2 3 4 5 6 7; do head -c 400000 /dev/zero > file$n; done 2> /tmp/errors; du -k . | cut -f1";
    // The second has the same user, for which what the first has left does not count.
    for id in ["first", "second"] {
        client.start(id, &order(1, script)).await.unwrap();
        host.until(id, Phase::Ended).await;
        let written: u64 = host.text(id, "stdout.log").trim().parse().unwrap();
        assert!((900..=1_024).contains(&written), "{id}: {written} KiB");
        while std::fs::metadata(host.file(id, "work/file0"))
            .is_ok_and(|file| std::os::unix::fs::MetadataExt::uid(&file) != 0)
        {
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
    }
}
