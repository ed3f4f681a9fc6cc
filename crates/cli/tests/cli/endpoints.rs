//! RPCs that are busy, restart, are none, or have a secret in their address.

use crate::world::Run;
use std::{
    io::{Read, Write},
    net::TcpListener,
    process::Command,
    thread,
    time::Duration,
};

const SECRET: &str = "SECRETKEY";

/// What an HTTP server answers: status, headers, body.
type Answer = (&'static str, &'static str, &'static str);

/// Asks a server that gives these answers in turn, and the last of them from then on.
fn ask(answers: &'static [Answer]) -> Run {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let host = listener.local_addr().unwrap();
    thread::spawn(move || {
        let mut answers = answers.iter().peekable();
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            stream
                .set_read_timeout(Some(Duration::from_secs(10)))
                .unwrap();
            let mut request = [0; 4_096];
            let _ = stream.read(&mut request);
            let (status, headers, body) = match answers.len() {
                1 => answers.peek().unwrap(),
                _ => answers.next().unwrap(),
            };
            let answer = format!(
                "HTTP/1.1 {status}\r\n{headers}content-length: {}\r\nconnection: close\r\n\r\n{body}",
                body.len()
            );
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    let folder = tempfile::tempdir().unwrap();
    let url = format!("http://me:{SECRET}@{host}/v2/{SECRET}?api-key={SECRET}");
    let run: Run = Command::new(env!("CARGO_BIN_EXE_specie"))
        .args(["vault", "show", "11111111111111111111111111111111"])
        .args(["--url", &url])
        .env("HOME", folder.path())
        .output()
        .unwrap()
        .into();
    assert_eq!(run.code, 4, "{}", run.err);
    assert!(!run.err.contains(SECRET), "{}", run.err);
    let shown = format!("http://…@{host}/v2/…?…");
    assert!(run.err.contains(&shown), "{}", run.err);
    run
}

#[track_caller]
fn says(run: &Run, texts: &[&str]) {
    for text in texts {
        assert!(run.err.contains(text), "{text:?} is missing: {}", run.err);
    }
}

const PAGE: Answer = (
    "200 OK",
    "content-type: text/html; charset=utf-8\r\n",
    "<html>Sign in</html>",
);

#[test]
fn what_passes_is_asked_again_and_a_web_page_is_told_apart() {
    let run = ask(&[
        ("429 Too Many Requests", "retry-after: 0\r\n", ""),
        ("503 Service Unavailable", "retry-after: 0\r\n", "<html>"),
        PAGE,
    ]);
    says(
        &run,
        &[
            "answers 429 Too Many Requests: asking again in 0.0 s",
            "answers 503 Service Unavailable: asking again",
            "answers with a web page (200 OK)",
            "--url",
        ],
    );
}

#[test]
fn what_does_not_pass_ends_after_some_tries() {
    let run = ask(&[("503 Service Unavailable", "retry-after: 0\r\n", "")]);
    says(
        &run,
        &["answered 503 Service Unavailable to each of 5 tries"],
    );
    assert_eq!(run.err.matches("asking again").count(), 4, "{}", run.err);
}

#[test]
fn a_pause_that_is_too_long_is_named_and_not_waited_for() {
    let run = ask(&[("429 Too Many Requests", "retry-after: 3600\r\n", "")]);
    says(
        &run,
        &["answers 429 Too Many Requests and asks to wait 3600 s"],
    );
    assert!(!run.err.contains("asking again"), "{}", run.err);
}

#[test]
fn a_refusal_has_the_rpcs_own_words() {
    let run = ask(&[(
        "401 Unauthorized",
        "content-type: application/json\r\n",
        r#"{"error":{"code":-32401,"message":"no such key"}}"#,
    )]);
    says(
        &run,
        &["answers 401 Unauthorized (no such key)", "check the key"],
    );
    assert!(!run.err.contains("asking again"), "{}", run.err);
    let run = ask(&[("200 OK", "content-type: application/json\r\n", "words")]);
    says(&run, &["is no JSON"]);
}

#[test]
fn nobody_there_is_no_secret_either() {
    let folder = tempfile::tempdir().unwrap();
    let run: Run = Command::new(env!("CARGO_BIN_EXE_specie"))
        .args(["vault", "show", "11111111111111111111111111111111", "--url"])
        .arg(format!("http://127.0.0.1:9/{SECRET}"))
        .env("HOME", folder.path())
        .output()
        .unwrap()
        .into();
    says(&run, &["nothing answers at http://127.0.0.1:9/…"]);
    assert!(!run.err.contains(SECRET), "{}", run.err);
}
