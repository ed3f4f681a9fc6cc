//! A key's budget is held and charged beside its voucher's account.

use super::small;
use crate::world::{Holder, NOW, Session, World, question, reason, units};
use serde_json::{Value, json};
use specie_gateway::class::Class;
use specie_gateway::ledger::change::{Hold, HoldRefusal, Release, RevokeSubKey};
use specie_gateway::ledger::{SubKeyRefusal, VoucherId};
use specie_gateway::units::Units;

/// What a hold for a key of a session is; no instance's death releases it.
fn hold(session: &Session, holder: &Holder, key: Option<&Session>, amount: u64) -> Hold {
    Hold {
        id: format!("chatcmpl_{}", uuid::Uuid::new_v4().simple()),
        session: session.id.clone(),
        sub_key: key.map(|key| key.id.clone()),
        voucher: VoucherId {
            address: holder.facts.voucher,
            opened_at: holder.facts.opened_at.0,
        },
        class: Class::Inference,
        units: units(amount),
        model: "demo".to_owned(),
        owner: String::new(),
        time: NOW,
    }
}

#[tokio::test]
async fn a_budget_that_is_spent_rejects_as_a_spent_quota() {
    let world = World::start().await;
    let (holder, session) = world.holder_with_session().await;
    let key = world.sub_key(&session, 150).await;
    let mut asked = 0;
    let (status, body, headers) = loop {
        let before = world.rows().await;
        let response = world.chat(&key, &small()).await;
        if response.status() != 200 {
            assert_eq!(world.rows().await, before, "a refusal changed the ledger");
            let headers = response.headers().clone();
            break (
                response.status().as_u16(),
                response.json::<Value>().await.unwrap(),
                headers,
            );
        }
        asked += 1;
        assert!(asked < 100, "the budget has no end");
    };
    assert!(asked > 0, "nothing fits the budget");
    assert_eq!((status, reason(&body)), (429, "key_budget_exceeded"));
    assert_eq!(body["error"]["type"], "insufficient_quota");
    let details = &body["error"]["specie"];
    assert_eq!(details["retryable"], false);
    let shown = world.shown(&session, &key).await;
    assert_eq!(
        (&details["left"], &shown["held"]),
        (&shown["left"], &json!("0"))
    );
    assert!(headers.get("retry-after").is_none());
    assert_eq!(headers["x-should-retry"], "false");
    // The voucher has more, and the session's own key may have it.
    assert_eq!(world.chat(&session, &small()).await.status(), 200);
    let consumed: u64 = shown["consumed"].as_str().unwrap().parse().unwrap();
    assert!(world.account(&holder).await.consumed > units(consumed));
    world.assert_sound().await;
}

#[tokio::test]
async fn requests_of_one_key_that_race_hold_no_unit_twice() {
    let world = World::start().await;
    let (holder, session) = world.holder_with_session().await;
    let key = world.sub_key(&session, 500).await;
    let asked = small();
    let (mut served, mut refused) = (0, 0);
    for response in futures::future::join_all((0..40).map(async |_| {
        let response = world.chat(&key, &asked).await;
        (
            response.status().as_u16(),
            response.json::<Value>().await.unwrap(),
        )
    }))
    .await
    {
        match response {
            (200, _) => served += 1,
            (429, body) => {
                assert!(reason(&body).starts_with("key_budget_"), "{body}");
                refused += 1;
            }
            other => panic!("{other:?}"),
        }
    }
    assert!(
        served > 0 && refused > 0,
        "{served} served, {refused} refused"
    );
    let consumed = world.account(&holder).await.consumed;
    assert!(consumed <= units(500), "{consumed}");
    let shown = world.shown(&session, &key).await;
    assert_eq!(
        (&shown["consumed"], &shown["held"]),
        (&json!(consumed), &json!("0"))
    );
    world.assert_sound().await;
}

#[tokio::test]
async fn whatever_may_change_about_a_key_is_decided_where_it_is_held_for() {
    let world = World::start().await;
    let (holder, session) = world.holder_with_session().await;
    let key = world.sub_key(&session, 100).await;
    let ledger = &world.gateway.ledger;
    let first = hold(&session, &holder, Some(&key), 60);
    ledger.apply(first.clone()).await.unwrap().unwrap();
    assert_eq!(world.shown(&session, &key).await["held"], "60");
    assert_eq!(world.account(&holder).await.held, units(60));

    let refused = async |hold: Hold| {
        let before = world.rows().await;
        let refusal = ledger.apply(hold).await.unwrap().unwrap_err();
        assert_eq!(world.rows().await, before, "a refusal changed the ledger");
        refusal
    };
    let of = |needed: u64| hold(&session, &holder, Some(&key), needed);
    assert_eq!(
        refused(of(41)).await,
        HoldRefusal::SubKey(SubKeyRefusal::BudgetHeld {
            needed: units(41),
            left: units(100),
            held: units(60),
        })
    );
    assert_eq!(
        refused(of(101)).await,
        HoldRefusal::SubKey(SubKeyRefusal::BudgetExceeded {
            needed: units(101),
            left: units(100),
        })
    );
    let late = Hold {
        time: NOW.plus(3_600),
        ..of(1)
    };
    assert_eq!(
        refused(late).await,
        HoldRefusal::SubKey(SubKeyRefusal::Expired)
    );
    let last = of(40);
    ledger.apply(last.clone()).await.unwrap().unwrap();
    ledger.apply(Release { id: last.id }).await.unwrap();
    assert_eq!(world.shown(&session, &key).await["held"], "60");

    let revoke = RevokeSubKey {
        session: session.id.clone(),
        id: key.id.clone(),
        now: NOW,
    };
    ledger.apply(revoke).await.unwrap().unwrap();
    assert_eq!(
        refused(of(1)).await,
        HoldRefusal::SubKey(SubKeyRefusal::Revoked)
    );
    world.assert_sound().await;
    ledger.apply(Release { id: first.id }).await.unwrap();
    let shown = world.shown(&session, &key).await;
    assert_eq!(
        (&shown["held"], &shown["consumed"]),
        (&json!("0"), &json!("0"))
    );
    assert_eq!(world.account(&holder).await.held, Units::ZERO);
    world.assert_sound().await;
}

#[tokio::test]
async fn a_budget_is_no_reservation() {
    let world = World::start().await;
    let (holder, session) = world.holder_with_session().await;
    let key = world.sub_key(&session, 10_000).await;
    let ledger = &world.gateway.ledger;
    let all = hold(&session, &holder, None, 9_990);
    ledger.apply(all).await.unwrap().unwrap();
    let (status, body) = world.refused(&key, &small()).await;
    assert_eq!((status, reason(&body)), (402, "insufficient_allowance"));
    // How the voucher stands, and how to pay, is not the key's to know.
    let details = body["error"]["specie"].as_object().unwrap();
    let names: Vec<_> = details.keys().map(String::as_str).collect();
    assert_eq!(names, ["needed", "reason", "retryable"]);
    assert!(body.get("accepts").is_none() && body.get("x402Version").is_none());
}

#[tokio::test]
async fn what_a_crash_left_held_is_released_in_both_places() {
    let world = World::start().await;
    let (holder, session) = world.holder_with_session().await;
    let (key, other) = (
        world.sub_key(&session, 100).await,
        world.sub_key(&session, 100).await,
    );
    let ledger = &world.gateway.ledger;
    for (key, amount) in [
        (Some(&key), 30),
        (Some(&key), 20),
        (Some(&other), 7),
        (None, 5),
    ] {
        let hold = Hold {
            owner: "gone".to_owned(),
            ..hold(&session, &holder, key, amount)
        };
        ledger.apply(hold).await.unwrap().unwrap();
    }
    world.assert_sound().await;
    let after = world.restart_after_kill().await;
    assert_eq!(after.settled_down(&holder).await.held, Units::ZERO);
    for key in [&key, &other] {
        assert_eq!(after.shown(&session, key).await["held"], "0");
        assert_eq!(after.chat(key, &question(1, 1)).await.status(), 200);
    }
    after.assert_sound().await;
}

#[tokio::test]
async fn a_keys_sums_that_do_not_add_up_are_found() {
    let world = World::start().await;
    let (holder, session) = world.holder_with_session().await;
    let key = world.sub_key(&session, 500).await;
    let (_, others) = world.holder_with_session().await;
    assert_eq!(world.chat(&key, &small()).await.status(), 200);
    world.assert_sound().await;
    let cases: [(&[&'static str], &str); 3] = [
        (
            &["UPDATE sub_keys SET consumed = consumed + 1"],
            "what a sub-key has consumed",
        ),
        (
            &["UPDATE sub_keys SET consumed = consumed - 1, held = 1"],
            "what a sub-key has consumed",
        ),
        (
            &[
                "UPDATE sub_keys SET held = 0",
                "UPDATE sub_keys SET session = (SELECT id FROM sessions WHERE id <> session ORDER BY created_at LIMIT 1)",
            ],
            "in its own session",
        ),
    ];
    for (statements, rule) in cases {
        world.database.meddle(statements, statements).await;
        let finding = world.gateway.ledger.audit().await.unwrap().unwrap();
        assert!(finding.contains(rule), "{finding}");
        assert!(
            finding.contains(&holder.facts.voucher.to_string()),
            "{finding}"
        );
    }
    drop(others);
}
