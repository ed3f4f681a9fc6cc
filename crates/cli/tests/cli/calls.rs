//! How often the command asks an RPC, counted by an HTTP proxy before the network.

use crate::world::{Market, Run};
use serde_json::Value;
use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

/// The methods of each HTTP request, in the order of their arrival.
type Requests = Arc<Mutex<Vec<Vec<String>>>>;

/// A proxy before the RPC at `upstream`; one that `takes_batches` or answers them with 400, as some providers do.
fn count(upstream: &str, takes_batches: bool) -> (String, Requests) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let upstream = upstream.trim_start_matches("http://").to_owned();
    let requests = Requests::default();
    let seen = Arc::clone(&requests);
    thread::spawn(move || {
        for client in listener.incoming() {
            let (upstream, seen) = (upstream.clone(), Arc::clone(&seen));
            thread::spawn(move || serve(client.unwrap(), &upstream, takes_batches, &seen));
        }
    });
    (url, requests)
}

fn serve(mut client: TcpStream, upstream: &str, takes_batches: bool, seen: &Requests) {
    let mut reader = BufReader::new(client.try_clone().unwrap());
    let mut length = 0;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or(0) == 0 {
            return;
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        if line.trim().is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let json: Value = serde_json::from_slice(&body).unwrap();
    let method = |call: &Value| call["method"].as_str().unwrap().to_owned();
    let methods = match &json {
        Value::Array(calls) => calls.iter().map(method).collect(),
        call => vec![method(call)],
    };
    seen.lock().unwrap().push(methods);
    if json.is_array() && !takes_batches {
        let refusal = "HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";
        client.write_all(refusal.as_bytes()).unwrap();
        return;
    }
    let mut server = TcpStream::connect(upstream).unwrap();
    let head = format!(
        "POST / HTTP/1.1\r\nhost: {upstream}\r\ncontent-type: application/json\r\nconnection: close\r\n\
         content-length: {length}\r\n\r\n"
    );
    server.write_all(head.as_bytes()).unwrap();
    server.write_all(&body).unwrap();
    let mut answer = vec![];
    server.read_to_end(&mut answer).unwrap();
    client.write_all(&answer).unwrap();
}

/// Buys by way of the proxy; returns what was asked until the first look at whether the transaction is confirmed.
fn buy(takes_batches: bool) -> Vec<Vec<String>> {
    let market = Market::open();
    let world = &market.world;
    let (url, requests) = count(world.network.rpc_url(), takes_batches);
    let line = format!(
        "wallet buy 10 --vault {} --keypair buyer.json --url {url}",
        market.vault
    );
    let run: Run = world.command(&line).output().unwrap().into();
    assert_eq!((run.code, run.err.as_str()), (0, ""), "{}", run.out);
    let requests = requests.lock().unwrap().clone();
    requests
        .into_iter()
        .take_while(|methods| methods != &["getSignatureStatuses"])
        .collect()
}

#[test]
fn a_purchase_asks_five_times_before_it_waits() {
    assert_eq!(
        buy(true),
        [
            vec!["getMultipleAccounts", "getGenesisHash"],
            vec!["getMultipleAccounts"],
            vec!["getMultipleAccounts", "getRecentPrioritizationFees"],
            vec!["simulateTransaction"],
            vec!["sendTransaction"],
        ]
    );
}

#[test]
fn an_rpc_that_refuses_batches_is_asked_one_call_at_a_time() {
    assert_eq!(
        buy(false),
        [
            vec!["getMultipleAccounts", "getGenesisHash"],
            vec!["getMultipleAccounts"],
            vec!["getGenesisHash"],
            vec!["getMultipleAccounts"],
            vec!["getMultipleAccounts"],
            vec!["getRecentPrioritizationFees"],
            vec!["simulateTransaction"],
            vec!["sendTransaction"],
        ]
    );
}
