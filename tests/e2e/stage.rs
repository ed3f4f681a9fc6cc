//! `stage`, on which the page's tests stand: what it starts ends with it.

use super::binaries;
use serde_json::Value;
use std::{
    io::{BufRead as _, BufReader},
    net::TcpStream,
    path::Path,
    process::{Command, Stdio},
};

#[test]
fn sigterm_ends_everything_that_it_started() {
    ends_everything_on("-TERM");
}

#[test]
fn sigint_ends_everything_that_it_started() {
    ends_everything_on("-INT");
}

#[test]
fn sighup_ends_everything_that_it_started() {
    ends_everything_on("-HUP");
}

fn ends_everything_on(signal: &str) {
    let binaries = binaries();
    let mut stage = Command::new(binaries.folder.join("stage"))
        .env("SPECIE_PROGRAM", &binaries.program)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let mut printed = BufReader::new(stage.stdout.take().unwrap());
    printed.read_line(&mut line).unwrap();
    let described: Value = serde_json::from_str(&line).unwrap();
    let key_file = Path::new(described["wallet"]["keyFile"].as_str().unwrap());
    let folder = key_file.parent().unwrap();
    assert!(folder.is_dir());
    let gateways: Vec<_> = described["vendors"]
        .as_array()
        .unwrap()
        .iter()
        .map(address)
        .collect();
    assert_eq!(gateways.len(), 2);
    for gateway in &gateways {
        assert!(TcpStream::connect(gateway).is_ok(), "{gateway} serves");
    }

    let process = stage.id().to_string();
    let asked = Command::new("kill").args([signal, &process]).status();
    assert!(asked.unwrap().success());
    assert!(stage.wait().unwrap().success());
    for gateway in &gateways {
        assert!(TcpStream::connect(gateway).is_err(), "{gateway} has ended");
    }
    assert!(!folder.exists(), "{} is removed", folder.display());
}

fn address(vendor: &Value) -> String {
    let url = vendor["gateway"].as_str().unwrap();
    url.trim_start_matches("http://")
        .trim_end_matches('/')
        .to_owned()
}
