//! What leaves the proxy with the session's key: the endpoints that are for applications, whatever a path is made to look like.

use crate::stage::{NOW, Vendor, serve, units};
use serde_json::Value;
use specie_claims::sub_key::SubKeyRequest;
use specie_proxy::{GatewayClient, Keys};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Sends a request line as it is: clients of HTTP would tidy its path.
async fn raw(url: &str, method: &str, path: &str) -> (u16, String) {
    raw_with(url, method, path, "").await
}

/// The same, with further headers.
async fn raw_with(url: &str, method: &str, path: &str, headers: &str) -> (u16, String) {
    let address = url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\
         {headers}Connection: close\r\n\r\n{{}}"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let status = answer.split(' ').nth(1).unwrap().parse().unwrap();
    (status, answer)
}

#[tokio::test]
async fn no_path_leads_an_application_to_keys_or_to_anything_but_models() {
    let vendor = Vendor::start().await;
    let voucher = vendor.redeem(100_000);
    let folder = tempfile::tempdir().unwrap();
    let proxy = vendor.proxy(&voucher, folder.path(), 100_000, 500).await;
    let session = proxy.channel().session().await.unwrap().id;
    let gateway = GatewayClient::new(vendor.wire.url()).unwrap();
    let keys = Keys::kept(folder.path(), voucher.holder().terms(), &gateway, NOW);
    let keys = keys.unwrap().unwrap();
    let request = SubKeyRequest {
        name: "another agent".to_owned(),
        budget: units(1_000),
        models: Vec::new(),
        expires_at: None,
    };
    let own = proxy.channel().session().await.unwrap().api_key;
    let minted = gateway.mint_key(&session, &own, &request).await.unwrap();
    let key = minted.state.id;
    let asked = vendor.wire.asked("/");

    let targets = [
        format!("sessions/{session}"),
        format!("sessions/{session}/keys"),
        format!("sessions/{session}/keys/{key}"),
        format!("sessions/{session}/usage"),
        "leases".to_owned(),
    ];
    let ways = [
        "/v1/",
        "/v1//",
        "//v1/",
        "/v1/x/../",
        "/v1/x/%2e%2e/",
        "/v1/x/%2E./",
        "/v1/x/%252e%252e/",
        "/v1/x/%25252e%25252e/",
        "/v1/models/../",
        "/v1/models/%2e%2e/",
        "/v1/models/%252e%252e/",
        "/v1/models/x%2f..%2f..%2f",
        "/v1/models/..%5c",
        "/v1/models/..\\",
        "/v1/models/..;/",
        "/v1/models//../",
        "/v1/chat/completions/../../",
        "/v1/chat/completions/%2e%2e/%2e%2e/",
        "/v1/%2e/",
        "/v1/./",
        "/v1\\",
        "/V1/",
        "/x/../v1/",
        "http://127.0.0.1/v1/",
    ];
    for target in &targets {
        for way in ways {
            for method in ["GET", "POST", "DELETE"] {
                let path = format!("{way}{target}");
                let (status, answer) = raw(&proxy.url, method, &path).await;
                // What is no request target at all is refused before.
                assert!(matches!(status, 400 | 404), "{method} {path}: {answer}");
            }
        }
    }
    assert_eq!(vendor.wire.asked("/"), asked, "something left");
    // The gateway itself takes a path as it comes as well: no way leads a key below the session's to what is the session's.
    let direct = serve(vendor.gateway.router()).await;
    let authorization = format!("Authorization: Bearer {}\r\n", minted.api_key);
    for target in &targets {
        for way in ways {
            for method in ["GET", "POST", "DELETE"] {
                let path = format!("{way}{target}");
                let (status, answer) = raw_with(&direct, method, &path, &authorization).await;
                let is_own = method == "GET" && target.ends_with(&key) && status == 200;
                assert!(
                    is_own || matches!(status, 400 | 403 | 404 | 405),
                    "{method} {path}: {answer}"
                );
            }
        }
    }
    let listed = keys.list().await.unwrap();
    assert_eq!((listed.len(), listed[0].revoked_at), (1, None));

    let (status, answer) = raw(&proxy.url, "GET", "/v1/models/demo?x=../sessions").await;
    assert_eq!(status, 200, "{answer}");
    let (status, answer) = raw(&proxy.url, "GET", "/v1/models/org%2Fmodel").await;
    assert_eq!(status, 404);
    let body: Value = serde_json::from_str(answer.split("\r\n\r\n").nth(1).unwrap()).unwrap();
    assert_eq!(body["error"]["code"], "model_not_found");
}
