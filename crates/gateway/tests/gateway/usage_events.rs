//! Charges as CloudEvents: every one at least once, in order, whatever the receiver does.

use crate::world::{VAULT, World, question, serve};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Value, json};
use specie_gateway::gateway::Gateway;
use specie_gateway::usage_events::{DeliveryError, Receiver};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A receiver, what it answers and what it was sent.
#[derive(Clone, Default)]
struct Inbox(Arc<Mutex<Received>>);

#[derive(Default)]
struct Received {
    refuse_with: Option<u16>,
    posts: Vec<(HeaderMap, Vec<Value>)>,
}

impl Inbox {
    async fn start() -> (Self, String) {
        let inbox = Self::default();
        let router = Router::new()
            .route("/events", post(take))
            .with_state(inbox.clone());
        (inbox, serve(router).await + "/events")
    }

    fn refuse_with(&self, status: Option<u16>) {
        self.0.lock().unwrap().refuse_with = status;
    }

    fn posts(&self) -> Vec<(HeaderMap, Vec<Value>)> {
        self.0.lock().unwrap().posts.clone()
    }

    fn ids(&self) -> Vec<String> {
        let posts = self.posts();
        let events = posts.iter().flat_map(|(_, events)| events);
        events
            .map(|event| event["id"].as_str().unwrap().to_owned())
            .collect()
    }
}

async fn take(
    State(inbox): State<Inbox>,
    headers: HeaderMap,
    Json(events): Json<Vec<Value>>,
) -> StatusCode {
    let mut inbox = inbox.0.lock().unwrap();
    inbox.posts.push((headers, events));
    match inbox.refuse_with {
        Some(status) => StatusCode::from_u16(status).unwrap(),
        None => StatusCode::NO_CONTENT,
    }
}

fn receiver(url: &str, batch: u32) -> Receiver {
    let token = Some("sesame".to_owned());
    Receiver::new(url.parse().unwrap(), token, batch, Duration::from_secs(1)).unwrap()
}

async fn ask(world: &World, session: &crate::world::Session, times: usize) {
    for _ in 0..times {
        let response = world.chat(session, &question(1, 1)).await;
        assert_eq!(response.status(), 200);
    }
}

#[tokio::test]
async fn every_charge_is_posted_once_in_batches_of_cloudevents_that_carry_the_signed_record() {
    let world = World::start().await;
    let (inbox, url) = Inbox::start().await;
    let receiver = receiver(&url, 2);
    let holders = [world.redeem(1_000), world.redeem(1_000)];
    for holder in &holders {
        let session = world.open_session(holder, 500).await;
        ask(&world, &session, 2).await;
    }
    assert_eq!(deliver_batch(&receiver, &world.gateway).await.unwrap(), 2);
    assert_eq!(deliver_batch(&receiver, &world.gateway).await.unwrap(), 2);
    assert_eq!(deliver_batch(&receiver, &world.gateway).await.unwrap(), 0);
    let ids: std::collections::HashSet<_> = inbox.ids().into_iter().collect();
    assert_eq!(ids.len(), 4);

    let (headers, events) = &inbox.posts()[0];
    assert_eq!(
        headers["content-type"],
        "application/cloudevents-batch+json; charset=utf-8"
    );
    assert_eq!(headers["authorization"], "Bearer sesame");
    for (n, event) in events.iter().enumerate() {
        assert_eq!(event["specversion"], "1.0");
        assert_eq!(event["type"], "specie.usage.charged.v1");
        assert_eq!(event["source"], format!("urn:specie:vault:{VAULT}"));
        assert_eq!(event["time"], "2023-11-14T22:13:20Z");
        assert_eq!(event["subject"], event["data"]["sub"]);
        assert_eq!(event["data"]["number"], json!(n + 1));
        assert_eq!(event["data"]["units"], "3");
        assert_eq!(event["id"], event["data"]["jti"]);
        let issuer = world.gateway.issuer.public_key();
        let token = event["data"]["record"].as_str().unwrap();
        let record = specie_claims::usage::verify(token, &VAULT.to_string(), &issuer).unwrap();
        assert_eq!(json!(record.jti), event["id"]);
    }
}

#[tokio::test]
async fn what_is_not_taken_is_posted_again_and_nothing_after_it_is_lost() {
    let world = World::start().await;
    let (inbox, url) = Inbox::start().await;
    let receiver = receiver(&url, 10);
    let holder = world.redeem(1_000);
    let session = world.open_session(&holder, 500).await;
    ask(&world, &session, 1).await;
    let before = world.rows().await;
    inbox.refuse_with(Some(500));
    let refused = deliver_batch(&receiver, &world.gateway).await.unwrap_err();
    assert!(matches!(refused, DeliveryError::NotTaken(500)), "{refused}");
    // A redirect is not followed: events go where the configuration says.
    inbox.refuse_with(Some(307));
    let refused = deliver_batch(&receiver, &world.gateway).await.unwrap_err();
    assert!(matches!(refused, DeliveryError::NotTaken(307)), "{refused}");
    assert_eq!(world.rows().await, before);

    ask(&world, &session, 1).await;
    inbox.refuse_with(None);
    assert_eq!(deliver_batch(&receiver, &world.gateway).await.unwrap(), 2);
    let ids = inbox.ids();
    assert_eq!(ids[0], ids[1]);
    assert_eq!(
        (ids.len(), ids[0] == ids[2], ids[2] == ids[3]),
        (4, true, false)
    );

    // Another gateway on the same ledger goes on where this one was.
    let again = world.restart_after_kill().await;
    assert_eq!(deliver_batch(&receiver, &again.gateway).await.unwrap(), 0);
}

#[tokio::test]
async fn a_receiver_that_is_away_keeps_nobody_from_being_served() {
    let world = World::start().await;
    let receiver = receiver("http://127.0.0.1:1/events", 10);
    let holder = world.redeem(1_000);
    let session = world.open_session(&holder, 500).await;
    ask(&world, &session, 1).await;
    let away = deliver_batch(&receiver, &world.gateway).await.unwrap_err();
    assert!(matches!(away, DeliveryError::OutOfReach), "{away}");
    let delivering = tokio::spawn({
        let gateway = Arc::clone(&world.gateway);
        async move { receiver.deliver(&gateway.ledger, &gateway.records).await }
    });
    ask(&world, &session, 3).await;
    assert!(!delivering.is_finished(), "it tries again and again");
    delivering.abort();
    let totals = world.gateway.ledger.totals().await.unwrap();
    assert_eq!((totals.charges, totals.delivered), (4, 0));
}

#[tokio::test]
async fn a_cursor_is_never_taken_back() {
    use specie_gateway::ledger::change::MarkDelivered;
    let world = World::start().await;
    let holder = world.redeem(1_000);
    let session = world.open_session(&holder, 500).await;
    ask(&world, &session, 3).await;
    let ledger = &world.gateway.ledger;
    let charges = ledger.undelivered(10).await.unwrap();
    assert_eq!(charges.len(), 3);
    ledger.apply(MarkDelivered(charges.clone())).await.unwrap();
    ledger
        .apply(MarkDelivered(charges[..1].to_vec()))
        .await
        .unwrap();
    assert!(ledger.undelivered(10).await.unwrap().is_empty());
}

async fn deliver_batch(receiver: &Receiver, gateway: &Gateway) -> Result<usize, DeliveryError> {
    receiver
        .deliver_batch(&gateway.ledger, &gateway.records)
        .await
}
