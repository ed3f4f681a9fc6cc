//! An issuer whose key is with a signer elsewhere: a real HTTP server that applies a policy.

use crate::world::{CLUSTER, NOW, VAULT, World, issuer, question, reason, serve};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use axum::{Json, Router};
use ed25519_dalek::Signer as _;
use serde_json::{Value, json};
use solana_pubkey::Pubkey;
use specie_claims::delegation;
use specie_claims::usage;
use specie_gateway::issuer::Issuer;
use specie_gateway::jws::{decode_bytes, encode_bytes};
use specie_gateway::signer::{
    Purpose, RemoteSigner, RemoteSignerConfig, Signer as _, SignerError, Token,
};
use specie_signer::{Policy, Role, Statement};
use specie_wire::SigningKey;
use std::sync::{Arc, Mutex};
use std::time::Duration;

const TOKEN: &str = "a-token-of-the-gateways";

const POLICY: Policy = Policy {
    cluster: CLUSTER,
    vault: VAULT,
    most_units: u64::MAX,
    most_fee: 0,
};

/// How the signer behaves.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Mood {
    /// It signs what is of the purpose.
    Willing,
    /// It signs with another key.
    OfAnotherKey,
    /// It signs another message.
    OfAnotherMessage,
    /// It answers what is no signature.
    Nonsense,
    /// It refuses.
    Unwilling,
    /// It fails.
    Broken,
    /// It never answers.
    Silent,
}

struct Elsewhere {
    mood: Mutex<Mood>,
    signed: Mutex<Vec<&'static str>>,
}

async fn sign(
    State(signer): State<Arc<Elsewhere>>,
    headers: HeaderMap,
    Json(request): Json<Value>,
) -> (StatusCode, Json<Value>) {
    let refusal = |status, message: &str| (status, Json(json!({"error": {"message": message}})));
    if headers["authorization"] != format!("Bearer {TOKEN}") {
        return refusal(StatusCode::UNAUTHORIZED, "who is this?");
    }
    let message = decode_bytes(request["message"].as_str().unwrap()).unwrap();
    let public_key = Pubkey::new_from_array(issuer().verifying_key().to_bytes());
    assert_eq!(request["key"], public_key.to_string());
    // What a gateway asks for is what `specie-signer` signs; days after the beginning, as far as a test goes.
    let signed = POLICY.read(
        Role::Issuer,
        &issuer().verifying_key().to_bytes(),
        &message,
        NOW.plus(10 * delegation::LIFE),
    );
    let kind = match signed.unwrap() {
        Statement::Voucher(_) => "voucher",
        Statement::VoucherToken(_) => "voucher-token",
        Statement::UsageDelegation(_) => "usage-delegation",
        of_the_operator => panic!("{of_the_operator}"),
    };
    assert_eq!(request["purpose"], kind);
    signer.signed.lock().unwrap().push(kind);
    let mood = *signer.mood.lock().unwrap();
    let signature = match mood {
        Mood::Willing => issuer().sign(&message),
        Mood::OfAnotherKey => SigningKey::from_bytes(&[5; 32]).sign(&message),
        Mood::OfAnotherMessage => issuer().sign(b"something else"),
        Mood::Nonsense => return (StatusCode::OK, Json(json!({"signature": "AAAA"}))),
        Mood::Unwilling => return refusal(StatusCode::FORBIDDEN, "not today"),
        Mood::Broken => return refusal(StatusCode::INTERNAL_SERVER_ERROR, "no HSM"),
        Mood::Silent => std::future::pending().await,
    };
    let signature = encode_bytes(&signature.to_bytes());
    (StatusCode::OK, Json(json!({"signature": signature})))
}

impl Elsewhere {
    async fn start() -> (Arc<Self>, String) {
        let signer = Arc::new(Self {
            mood: Mutex::new(Mood::Willing),
            signed: Mutex::default(),
        });
        let router = Router::new()
            .route("/v1/sign", post(sign))
            .with_state(signer.clone());
        (signer, serve(router).await + "/v1/sign")
    }

    fn set(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }

    fn take_signed(&self) -> Vec<&'static str> {
        std::mem::take(&mut self.signed.lock().unwrap())
    }
}

fn remote(url: &str, token: &str) -> RemoteSigner {
    RemoteSigner::new(RemoteSignerConfig {
        url: url.to_owned(),
        public_key: Pubkey::new_from_array(issuer().verifying_key().to_bytes()),
        token: Token(token.to_owned()),
        authority: None,
        timeout: Duration::from_secs(5),
    })
    .unwrap()
}

async fn world(url: &str) -> World {
    let signer = Arc::new(remote(url, TOKEN));
    let issuer = Issuer::remote(signer, VAULT, NOW).await.unwrap();
    World::builder().issuer(issuer).start().await
}

#[tokio::test]
async fn a_remote_issuer_signs_each_voucher_and_is_asked_for_no_request() {
    let (signer, url) = Elsewhere::start().await;
    let world = world(&url).await;
    assert_eq!(signer.take_signed(), ["usage-delegation"]);
    let holder = world.redeem(10_000);
    let session = world.open_session(&holder, 5_000).await;
    assert_eq!(signer.take_signed(), ["voucher", "voucher-token"]);
    for number in 1..=3 {
        let response = world.chat(&session, &question(5, 10)).await;
        let record = response.headers()["specie-usage"].to_str().unwrap();
        let issuer = world.gateway.issuer.public_key();
        let record = usage::verify(record, &VAULT.to_string(), &issuer).unwrap();
        assert_eq!(record.number, number);
    }
    assert_eq!(signer.take_signed(), Vec::<&str>::new());
}

#[tokio::test]
async fn a_signer_that_does_not_sign_as_it_should_rejects_by_name_and_changes_nothing() {
    let (signer, url) = Elsewhere::start().await;
    let world = world(&url).await;
    let holder = world.redeem(1_000);
    let before = world.rows().await;
    let path = format!("/v1/vouchers/{}", holder.facts.voucher);
    for (mood, status, expected) in [
        (Mood::OfAnotherKey, 502, "issuer_unexpected"),
        (Mood::OfAnotherMessage, 502, "issuer_unexpected"),
        (Mood::Nonsense, 502, "issuer_unexpected"),
        (Mood::Unwilling, 502, "issuer_refused"),
        (Mood::Broken, 503, "issuer_out_of_reach"),
        (Mood::Silent, 503, "issuer_out_of_reach"),
    ] {
        signer.set(mood);
        let (seen, body) = world.post(&path, &json!({})).await;
        assert_eq!((seen, reason(&body)), (status, expected), "{mood:?}");
        assert_eq!(world.rows().await, before);
    }
    signer.set(Mood::Willing);
    assert_eq!(world.post(&path, &json!({})).await.0, 200);
}

#[tokio::test]
async fn a_challenge_waits_for_a_signer_that_is_away_and_is_answered_once_it_is_back() {
    let (signer, url) = Elsewhere::start().await;
    let world = world(&url).await;
    let holder = world.redeem(1_000);
    world.chain.challenge(holder.facts.voucher, NOW.plus(600));
    let before = world.rows().await;
    for mood in [Mood::Broken, Mood::Unwilling, Mood::OfAnotherKey] {
        signer.set(mood);
        let report = world.gateway.watcher.answer().await.unwrap();
        assert_eq!((report.unsigned, report.sent), (1, 0), "{mood:?}");
        assert_eq!(world.rows().await, before);
    }
    signer.set(Mood::Willing);
    let report = world.gateway.watcher.answer().await.unwrap();
    assert_eq!((report.unsigned, report.sent), (0, 1));
    let answered = world.chain.voucher(holder.facts.voucher).unwrap();
    assert_eq!(answered.challenged_until, None);
}

#[tokio::test]
async fn a_signer_that_is_away_stops_serving_only_once_records_could_not_be_signed() {
    let (signer, url) = Elsewhere::start().await;
    let world = world(&url).await;
    let holder = world.redeem(10_000);
    let mut facts = holder.facts;
    facts.expires_at = NOW.plus(1_000_000);
    world.chain.put_voucher(facts);
    signer.set(Mood::Silent);
    world.pass(delegation::LIFE - 3_601).await;
    world.turn().await;
    assert_eq!(world.get("/readyz", "").await.0, 200);
    world.pass(1).await;
    world.turn().await;
    let (status, ready) = world.get("/readyz", "").await;
    assert_eq!(status, 503);
    assert!(
        ready["chain"].as_str().unwrap().contains("signer"),
        "{ready}"
    );
    signer.set(Mood::Willing);
    let now = NOW.plus(delegation::LIFE - 3_600);
    world.gateway.issuer.renew(VAULT, now).await.unwrap();
    assert_eq!(world.get("/readyz", "").await.0, 200);
}

#[tokio::test]
async fn a_signer_that_does_not_know_the_token_or_is_not_there_rejects() {
    let (_signer, url) = Elsewhere::start().await;
    let message = b"anything";
    let stranger = remote(&url, "another-token");
    assert_eq!(
        stranger.sign(Purpose::Voucher, message).await,
        Err(SignerError::Refused(
            "401 Unauthorized: who is this?".to_owned()
        ))
    );
    let nobody = remote("http://127.0.0.1:1/v1/sign", TOKEN);
    assert_eq!(
        nobody.sign(Purpose::Voucher, message).await,
        Err(SignerError::OutOfReach(
            "it cannot be connected to".to_owned()
        ))
    );
}
