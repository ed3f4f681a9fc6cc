//! What goes over the wire, byte for byte: programs of earlier releases read it.

use crate::world::{World, question};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use specie_gateway::clock::Clock as _;
use specie_gateway::tasks::{Pace, Tasks};
use std::time::Duration;

/// The body of an answer, and the text of one of its headers, which is base64.
async fn answer(request: reqwest::RequestBuilder, header: &str) -> (String, String) {
    let response = request.send().await.unwrap();
    let encoded = response.headers().get(header);
    let decoded = encoded.map(|encoded| STANDARD.decode(encoded.as_bytes()).unwrap());
    let decoded = String::from_utf8(decoded.unwrap_or_default()).unwrap();
    (response.text().await.unwrap(), decoded)
}

async fn get(world: &World, path: &str) -> String {
    let request = world.http.get(world.url.clone() + path);
    request.send().await.unwrap().text().await.unwrap()
}

#[tokio::test]
async fn health_and_readiness_have_the_bytes_of_earlier_releases() {
    let world = World::start().await;
    assert_eq!(
        get(&world, "/healthz").await,
        r#"{"ledger":true,"status":"ok","tasks":"running"}"#
    );
    assert_eq!(
        get(&world, "/readyz").await,
        r#"{"chain":"in step","ledger":true,"status":"ok","stopping":false,"tasks":"running"}"#
    );

    let pace = Pace {
        first_pause: Duration::from_secs(3_600),
        ..Pace::default()
    };
    let mut tasks = Tasks::at_pace(world.gateway.tasks.clone(), pace);
    tasks.keep("a \"task\"", || async {});
    while world.gateway.tasks.are_running() {
        tokio::task::yield_now().await;
    }
    assert_eq!(
        get(&world, "/healthz").await,
        r#"{"ledger":true,"status":"ok","tasks":{"a \"task\"":{"ended":1,"state":"down","why":"it returned"}}}"#
    );
    assert_eq!(
        get(&world, "/readyz").await,
        r#"{"chain":"in step","ledger":true,"reason":"background_task_down","status":"unavailable","stopping":false,"tasks":{"a \"task\"":{"ended":1,"state":"down","why":"it returned"}}}"#
    );
    world.clock.set(world.clock.now().plus(61));
    assert_eq!(
        get(&world, "/readyz").await,
        r#"{"chain":"the chain was last read 61 seconds ago, more than the 60 allowed","ledger":true,"reason":"chain_out_of_reach","status":"unavailable","stopping":false,"tasks":{"a \"task\"":{"ended":1,"state":"down","why":"it returned"}}}"#
    );
}

#[tokio::test]
async fn refusals_that_ask_for_payment_have_the_bytes_of_earlier_releases() {
    let world = World::start().await;
    let chat = || {
        let request = world.http.post(world.url.clone() + "/v1/chat/completions");
        request.json(&question(3, 5))
    };
    let (body, required) = answer(chat(), "payment-required").await;
    assert_eq!(
        body,
        r#"{"accepts":[{"asset":"QWmroo4YnnMqYW3cnxWkFdaTxGD3P7vMSzwMHGbUzwF","description":"one request to /v1/chat/completions","extra":{"cluster":"cGfHiC6Kgg3FpFZvgwGcswsCRtp4aBP2fzuXRQPizuN","discovery":"https://gateway.example/.well-known/specie","sessions":"https://gateway.example/v1/sessions","unit":"1e-6 SCU","vouchers":"https://gateway.example/v1/vouchers/{address}"},"maxAmountRequired":"8392","maxTimeoutSeconds":300,"mimeType":"application/json","network":"solana:cGfHiC6Kgg3FpFZvgwGcswsCRtp4aBP2","payTo":"8qbHbw2BbbTHBW1sbeqakYXVKRQM8Ne7pLK7m6CVfeR","resource":"https://gateway.example/v1/chat/completions","scheme":"specie-voucher"}],"error":{"code":"voucher_required","message":"a voucher is needed: redeem one at this vault, open a session with it at /v1/sessions, and send its API key","param":null,"specie":{"reason":"voucher_required","retryable":false},"type":"insufficient_quota"},"x402Version":1}"#
    );
    assert_eq!(
        required,
        r#"{"accepts":[{"amount":"8392","asset":"QWmroo4YnnMqYW3cnxWkFdaTxGD3P7vMSzwMHGbUzwF","extra":{"cluster":"cGfHiC6Kgg3FpFZvgwGcswsCRtp4aBP2fzuXRQPizuN","discovery":"https://gateway.example/.well-known/specie","sessions":"https://gateway.example/v1/sessions","unit":"1e-6 SCU","vouchers":"https://gateway.example/v1/vouchers/{address}"},"maxTimeoutSeconds":300,"network":"solana:cGfHiC6Kgg3FpFZvgwGcswsCRtp4aBP2","payTo":"8qbHbw2BbbTHBW1sbeqakYXVKRQM8Ne7pLK7m6CVfeR","scheme":"specie-voucher"}],"error":"a voucher is needed: redeem one at this vault, open a session with it at /v1/sessions, and send its API key","resource":{"description":"one request to /v1/chat/completions","mimeType":"application/json","url":"https://gateway.example/v1/chat/completions"},"x402Version":2}"#
    );
    let payment = STANDARD.encode(r#"{"x402Version":2,"accepted":{"scheme":"exact"}}"#);
    let paid = chat().header("payment-signature", payment);
    let (_, failed) = answer(paid, "payment-response").await;
    assert_eq!(
        failed,
        r#"{"errorReason":"unsupported_scheme","network":"solana:cGfHiC6Kgg3FpFZvgwGcswsCRtp4aBP2","success":false,"transaction":""}"#
    );
}

#[tokio::test]
async fn refusals_within_a_session_have_the_bytes_of_earlier_releases() {
    let world = World::start().await;
    let (holder, session) = world.holder_allowed(1_000, 5).await;
    let chat = |body| {
        let request = world.http.post(world.url.clone() + "/v1/chat/completions");
        request.bearer_auth(&session.key).json(&body)
    };
    let known = |text: String| {
        let text = text.replace(&session.id, "SESSION");
        text.replace(&holder.facts.voucher.to_string(), "VOUCHER")
    };
    let (body, required) = answer(chat(question(3, 5)), "payment-required").await;
    assert_eq!(
        known(body),
        r#"{"accepts":[{"asset":"QWmroo4YnnMqYW3cnxWkFdaTxGD3P7vMSzwMHGbUzwF","description":"one request to /v1/chat/completions","extra":{"cluster":"cGfHiC6Kgg3FpFZvgwGcswsCRtp4aBP2fzuXRQPizuN","cumulative":"107","openedAt":1700000000,"receipts":"https://gateway.example/v1/sessions/SESSION/receipts","unit":"1e-6 SCU","voucher":"VOUCHER"},"maxAmountRequired":"102","maxTimeoutSeconds":300,"mimeType":"application/json","network":"solana:cGfHiC6Kgg3FpFZvgwGcswsCRtp4aBP2","payTo":"8qbHbw2BbbTHBW1sbeqakYXVKRQM8Ne7pLK7m6CVfeR","resource":"https://gateway.example/v1/chat/completions","scheme":"specie-receipt"}],"error":{"code":"insufficient_allowance","message":"this request can cost 107 units and 5 are available; post a higher receipt","param":null,"specie":{"accepts":[{"cumulative":"107","network":"solana:cGfHiC6Kgg3FpFZvgwGcswsCRtp4aBP2fzuXRQPizuN","opened_at":1700000000,"resource":"/v1/sessions/SESSION/receipts","scheme":"specie-receipt","voucher":"VOUCHER"}],"allowance":"5","available":"5","claimable":"1000","consumed":"0","held":"0","needed":"107","reason":"insufficient_allowance","retryable":false},"type":"insufficient_quota"},"x402Version":1}"#
    );
    assert_eq!(
        known(required),
        r#"{"accepts":[{"amount":"102","asset":"QWmroo4YnnMqYW3cnxWkFdaTxGD3P7vMSzwMHGbUzwF","extra":{"cluster":"cGfHiC6Kgg3FpFZvgwGcswsCRtp4aBP2fzuXRQPizuN","cumulative":"107","openedAt":1700000000,"receipts":"https://gateway.example/v1/sessions/SESSION/receipts","unit":"1e-6 SCU","voucher":"VOUCHER"},"maxTimeoutSeconds":300,"network":"solana:cGfHiC6Kgg3FpFZvgwGcswsCRtp4aBP2","payTo":"8qbHbw2BbbTHBW1sbeqakYXVKRQM8Ne7pLK7m6CVfeR","scheme":"specie-receipt"}],"error":"this request can cost 107 units and 5 are available; post a higher receipt","resource":{"description":"one request to /v1/chat/completions","mimeType":"application/json","url":"https://gateway.example/v1/chat/completions"},"x402Version":2}"#
    );
    let (body, _) = answer(chat(json!({"model": "other"})), "").await;
    assert_eq!(
        body,
        r#"{"error":{"code":"model_not_found","message":"the model other is not on offer here; see /v1/models","param":"model","specie":{"reason":"model_not_found","retryable":false},"type":"not_found_error"}}"#
    );
}
