//! Paths with what no name here has in it.

use crate::world::{World, reason};

/// A control character in a name is refused before any database is asked for it: PostgreSQL has no NUL in a text.
#[tokio::test]
async fn a_path_with_a_control_character_rejects() {
    let world = World::start().await;
    let holder = world.redeem(10_000);
    let session = world.open_session(&holder, 1_000).await;
    let of_session = format!("/v1/sessions/{}", session.id);
    let before = world.rows().await;
    for name in ["%00", "lease_1%00", "a%0Ab", "%7f", "%1F"] {
        for path in [
            format!("/v1/leases/{name}"),
            format!("/v1/sessions/{name}"),
            format!("/v1/sessions/{name}/usage"),
            format!("{of_session}/keys/{name}"),
            format!("/v1/models/{name}"),
            format!("/{name}"),
        ] {
            let (status, body) = world.get(&path, &session.key).await;
            assert_eq!((status, reason(&body)), (400, "malformed_url"), "{path}");
        }
        for path in [
            format!("/v1/leases/{name}/stop"),
            format!("/v1/vouchers/{name}"),
            format!("/v1/sessions/{name}/receipts"),
        ] {
            let (status, body) = world.post(&path, &serde_json::json!({})).await;
            assert_eq!((status, reason(&body)), (400, "malformed_url"), "{path}");
        }
    }
    // Anything else that is unknown is 404, as before.
    let (status, body) = world.get("/v1/leases/%20%25", &session.key).await;
    assert_eq!((status, reason(&body)), (404, "unknown_lease"));
    assert_eq!(world.rows().await, before);
}
