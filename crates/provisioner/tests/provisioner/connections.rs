//! Strangers that hold connections to the provisioner: the gateway is heard all the same.

use nix::sys::resource::{Resource, getrlimit, setrlimit};
use specie_claims::provisioner::Phase;
use specie_gateway::lease::provisioner::Provisioner as _;
use specie_testing::host::{Host, order};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// More than the provisioner has files for.
const HELD: usize = 1_500;

/// What strangers send, and then wait: nothing, a part of a header, a header without its body, and one that claims to be
/// signed.
const SENT: [&str; 4] = [
    "",
    "GET /v1/jobs/lease_1 HTTP/1.1\r\nhost: ",
    "PUT /v1/jobs/lease_1 HTTP/1.1\r\nhost: HOST\r\ncontent-length: 4000000\r\n\r\n{",
    "PUT /v1/jobs/lease_1 HTTP/1.1\r\nhost: HOST\r\ncontent-length: 4000000\r\ncontent-digest: sha-256=:x:\r\n\
     signature-input: specie=()\r\nsignature: specie=:x:\r\n\r\n{",
];

async fn hold(authority: &str, number: usize) -> Option<TcpStream> {
    let mut stream = TcpStream::connect(authority).await.ok()?;
    let sent = SENT[number % SENT.len()].replace("HOST", authority);
    stream.write_all(sent.as_bytes()).await.ok()?;
    Some(stream)
}

#[tokio::test(flavor = "multi_thread")]
async fn unauthenticated_connections_do_not_block_the_gateway() {
    let (_, hard) = getrlimit(Resource::RLIMIT_NOFILE).unwrap();
    setrlimit(Resource::RLIMIT_NOFILE, hard.min(8_192), hard).unwrap();
    // As a shell or an older service manager starts it.
    let few = ["prlimit", "--nofile=1024:1024"];
    let folder = tempfile::tempdir().unwrap();
    let host = Host::made(folder, &["--allow-any-command"], &few, &[]);
    let authority = host.url().trim_start_matches("http://").to_owned();
    let client = host.client();
    let script = "trap '' TERM; while :; do sleep 1; done";
    client.start("lease_1", &order(4, script)).await.unwrap();
    host.until("lease_1", Phase::Running).await;

    let mut held = Vec::new();
    for number in 0..HELD {
        held.extend(hold(&authority, number).await);
        if number % 100 == 99 {
            // One with a connection of its own, and one whose connection was there before them.
            assert!(host.client().report("lease_1").await.unwrap().is_some());
            assert!(client.report("lease_1").await.unwrap().is_some());
        }
    }
    assert!(held.len() >= HELD / 2, "{} were held", held.len());
    host.client().stop("lease_1", 100).await.unwrap();
    let report = host.until("lease_1", Phase::Ended).await;
    assert_eq!(report.exit_code, Some(128 + 9));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unsigned_request_is_refused_before_its_body_arrives() {
    let host = Host::start();
    let authority = host.url().trim_start_matches("http://").to_owned();
    for number in [2, 3] {
        let mut stream = hold(&authority, number).await.unwrap();
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).await.unwrap();
        assert_eq!(&answer, b"HTTP/1.1 401");
    }
}
