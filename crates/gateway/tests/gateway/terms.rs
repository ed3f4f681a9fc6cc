//! A session keeps the prices that it was opened under, whatever the configuration becomes.

use crate::world::{Holder, Session, World, question, reason, units};
use serde_json::{Value, json};
use specie_gateway::class::Class;
use specie_gateway::lease::{Pool, Terms};
use specie_gateway::ledger::Charge;
use specie_gateway::offer::Offer;
use specie_gateway::serving::Model;
use specie_testing::database::on_server;
use specie_testing::provisioner::MemoryProvisioner;
use std::sync::Arc;

/// Everything at twice the price.
fn dearer(offer: &mut Offer) {
    let tariff = &mut offer.models[0].tariff;
    tariff.input_units_per_1000 *= 2;
    tariff.cached_units_per_1000 *= 2;
    tariff.output_units_per_1000 *= 2;
}

fn another_model(offer: &mut Offer) {
    let model = Model {
        id: "another".to_owned(),
        ..offer.models[0].clone()
    };
    offer.models.push(model);
}

/// The hash of the terms on offer.
async fn on_offer(world: &World) -> String {
    let (status, published) = world.get("/.well-known/specie", "").await;
    assert_eq!(status, 200);
    published["terms"].as_str().unwrap().to_owned()
}

/// The hash of the terms that a session says it was opened under.
async fn terms_of(world: &World, session: &Session) -> String {
    let path = format!("/v1/sessions/{}", session.id);
    let (status, shown) = world.get(&path, &session.key).await;
    assert_eq!(status, 200, "{shown}");
    shown["terms"].as_str().unwrap().to_owned()
}

/// Asks five words for ten, and returns the charge: 25 units at the world's price.
async fn asked(world: &World, holder: &Holder, session: &Session) -> Charge {
    let response = world.chat(session, &question(5, 10)).await;
    assert_eq!(response.status(), 200);
    let account = world.account(holder).await;
    let ledger = &world.gateway.ledger;
    let charges = ledger.charges(account.id(), account.charges - 1, 1).await;
    charges.unwrap().remove(0)
}

#[tokio::test]
async fn a_raised_price_is_for_sessions_that_are_opened_after_it() {
    let world = World::start().await;
    let holder = world.redeem(10_000);
    let before = world.open_session(&holder, 10_000).await;
    let old = on_offer(&world).await;
    assert_eq!(asked(&world, &holder, &before).await.units, units(25));

    let raised = world.restart_with(dearer).await;
    let new = on_offer(&raised).await;
    assert_ne!(new, old);
    assert_eq!(terms_of(&raised, &before).await, old);
    let kept = asked(&raised, &holder, &before).await;
    assert_eq!(kept.units, units(25));
    assert_eq!(kept.tariff, world.gateway.offer.models[0].tariff);
    let after = raised.open_session(&holder, 10_000).await;
    assert_eq!(terms_of(&raised, &after).await, new);
    let paid = asked(&raised, &holder, &after).await;
    assert_eq!(paid.units, units(50));
    assert_eq!(paid.tariff, raised.gateway.offer.models[0].tariff);

    // The same prices again are the same terms, and a lower price is for new sessions as well.
    let lowered = raised.restart_with(|offer| offer.models = world.gateway.offer.models.clone());
    let lowered = lowered.await;
    assert_eq!(on_offer(&lowered).await, old);
    assert_eq!(asked(&lowered, &holder, &after).await.units, units(50));
    assert_eq!(asked(&lowered, &holder, &before).await.units, units(25));
    let kept = lowered.rows().await;
    let kept = kept.iter().filter(|row| row.starts_with("terms "));
    assert_eq!(kept.count(), 2);
    lowered.assert_sound().await;
}

#[tokio::test]
async fn what_is_held_and_wanted_goes_by_the_sessions_price_too() {
    let world = World::start().await;
    let holder = world.redeem(10_000);
    let session = world.open_session(&holder, 10).await;
    let needed = async |world: &World, session: &Session| {
        let body = json!({"model": "demo", "messages": [{"role": "user", "content": "hi"}]});
        let response = world.chat(session, &body).await;
        assert_eq!(response.status(), 402);
        let body: Value = response.json().await.unwrap();
        let specie = &body["error"]["specie"];
        let needed = specie["needed"].as_str().unwrap().parse::<u64>();
        needed.unwrap()
    };
    let before = needed(&world, &session).await;
    // Longer answers, a longer template and more time could make the same request cost more.
    let longer = world.restart_with(|offer| {
        dearer(offer);
        let model = &mut offer.models[0];
        model.max_output_tokens += 800;
        model.template_tokens += 1_000;
        offer.limits.request_seconds += 1_000;
    });
    let longer = longer.await;
    assert_eq!(needed(&longer, &session).await, before);
    let new = longer.open_session(&holder, 10).await;
    assert_eq!(needed(&longer, &new).await, 2 * (before + 1_000 + 2 * 800));
    // What became less is less at once: a model cannot write more than it can. One digit less is one byte less.
    let shorter = longer.restart_with(|offer| offer.models[0].max_output_tokens = 10);
    let shorter = shorter.await;
    assert_eq!(needed(&shorter, &session).await, before - 2 * 90 - 1);
}

#[tokio::test]
async fn time_is_held_for_as_long_as_the_session_allows() {
    let builder = World::builder().model(|model| model.tariff.units_per_second = 100);
    let world = builder.start().await;
    let holder = world.redeem(1_000_000);
    let session = world.open_session(&holder, 10).await;
    let needed = async |world: &World| {
        let response = world.chat(&session, &question(5, 10)).await;
        let body: Value = response.json().await.unwrap();
        assert_eq!(reason(&body), "insufficient_allowance");
        body["error"]["specie"]["needed"].clone()
    };
    let before = needed(&world).await;
    let longer = world.restart_with(|offer| offer.limits.request_seconds *= 2);
    assert_eq!(needed(&longer.await).await, before);
}

#[tokio::test]
async fn a_model_that_came_later_needs_a_session_of_newer_terms() {
    let world = World::start().await;
    let holder = world.redeem(10_000);
    let session = world.open_session(&holder, 10_000).await;
    let later = world.restart_with(another_model).await;
    let mut body = question(5, 10);
    body["model"] = json!("another");
    let before = later.rows().await;
    let refused = later.chat(&session, &body).await;
    assert_eq!(refused.status(), 404);
    let refused: Value = refused.json().await.unwrap();
    assert_eq!(reason(&refused), "model_not_in_terms");
    assert_eq!(later.rows().await, before, "a refusal changed the ledger");
    assert_eq!(asked(&later, &holder, &session).await.units, units(25));
    let newer = later.open_session(&holder, 10_000).await;
    assert_eq!(later.chat(&newer, &body).await.status(), 200);

    // One that is taken off is gone for everybody, and comes back at the price that each session knew.
    let without = later.restart_with(|offer| offer.models.truncate(1)).await;
    let gone: Value = without.chat(&newer, &body).await.json().await.unwrap();
    assert_eq!(reason(&gone), "model_not_found");
    let back = without.restart_with(|offer| {
        dearer(offer);
        another_model(offer);
    });
    let back = back.await;
    assert_eq!(back.chat(&newer, &body).await.status(), 200);
    let account = back.account(&holder).await;
    assert_eq!(account.consumed, units(3 * 25));
}

#[tokio::test]
async fn a_session_is_not_opened_under_other_terms_than_were_asked_for() {
    let world = World::start().await;
    let holder = world.redeem(10_000);
    let known = on_offer(&world).await;
    let raised = world.restart_with(dearer).await;
    let mut request = raised.session_request(&holder, 400).await;
    request["terms"] = json!(known);
    let before = raised.rows().await;
    let (status, body) = raised.post("/v1/sessions", &request).await;
    assert_eq!((status, reason(&body)), (409, "terms_changed"));
    let now = on_offer(&raised).await;
    assert_eq!(body["error"]["specie"]["terms"], now);
    assert_eq!(raised.rows().await, before, "a refusal changed the ledger");
    request["terms"] = json!(now);
    let (status, body) = raised.post("/v1/sessions", &request).await;
    assert_eq!((status, &body["terms"]), (201, &json!(now)));
}

#[tokio::test]
async fn a_session_from_before_terms_were_kept_has_the_present_prices() {
    let world = World::start().await;
    let holder = world.redeem(10_000);
    let session = world.open_session(&holder, 10_000).await;
    let raised = world.restart_with(dearer).await;
    let forgotten = ["UPDATE sessions SET terms = NULL"];
    raised.database.meddle(&forgotten, &forgotten).await;
    let raised = raised.restart_after_kill().await;
    assert_eq!(terms_of(&raised, &session).await, on_offer(&raised).await);
    assert_eq!(asked(&raised, &holder, &session).await.units, units(50));
}

#[tokio::test]
async fn replicas_that_are_configured_one_after_the_other_charge_a_session_the_same() {
    if !on_server() {
        return;
    }
    let old = World::start().await;
    let new = old.replica_with(dearer).await;
    let holder = old.redeem(10_000);
    let (before, after) = (
        old.open_session(&holder, 10_000).await,
        new.open_session(&holder, 10_000).await,
    );
    for world in [&old, &new] {
        assert_eq!(asked(world, &holder, &before).await.units, units(25));
        assert_eq!(asked(world, &holder, &after).await.units, units(50));
    }
}

/// A pool for training at 100 units a second.
fn pool(id: &str) -> Pool {
    Pool {
        id: id.to_owned(),
        class: Class::Training,
        accelerators: 8,
        most: 8,
        terms: Terms {
            units_per_second: 100,
            interval_ms: 10_000,
            warning_ms: 4_000,
            grace_ms: 2_000,
        },
        provisioner: Arc::new(MemoryProvisioner::default()),
    }
}

#[tokio::test]
async fn a_lease_costs_what_its_pool_did_when_the_session_was_opened() {
    let world = World::builder().pool(pool("h200")).start().await;
    let holder = world.redeem_for(Class::Training, 100_000);
    let before = world.open_session(&holder, 50_000).await;
    let raised = world.restart_with(|offer| {
        offer.pools[0].terms = Terms {
            units_per_second: 200,
            interval_ms: 20_000,
            ..offer.pools[0].terms
        };
        offer.pools.push(pool("later"));
    });
    let raised = raised.await;
    let after = raised.open_session(&holder, 50_000).await;
    let lease = async |session: &Session, pool: &str| {
        let job = json!({"command": ["train"]});
        let request = json!({"pool": pool, "accelerators": 1, "job": job});
        let request = raised
            .http
            .post(raised.url.clone() + "/v1/leases")
            .json(&request);
        let response = request.bearer_auth(&session.key).send().await.unwrap();
        (
            response.status().as_u16(),
            response.json::<Value>().await.unwrap(),
        )
    };
    for (session, price, interval, held) in [
        (&before, "100", 10_000, "1000"),
        (&after, "200", 20_000, "4000"),
    ] {
        let (status, lease) = lease(session, "h200").await;
        assert_eq!(status, 201, "{lease}");
        let agreed = (
            &lease["units_per_second"],
            &lease["interval_ms"],
            &lease["held"],
        );
        assert_eq!(agreed, (&json!(price), &json!(interval), &json!(held)));
    }
    let rows = raised.rows().await;
    let (status, body) = lease(&before, "later").await;
    assert_eq!((status, reason(&body)), (404, "pool_not_in_terms"));
    assert_eq!(raised.rows().await, rows, "a refusal changed the ledger");
    assert_eq!(lease(&after, "later").await.0, 201);
}
