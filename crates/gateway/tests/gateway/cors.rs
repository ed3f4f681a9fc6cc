//! Web pages of other origins: what a browser asks before, and what it lets a page read.

use crate::world::{World, question};
use reqwest::header::HeaderMap;
use reqwest::{Method, Response};
use specie_gateway::offer::Origins;

const PAGE: &str = "https://page.example";

async fn preflight(world: &World, path: &str, origin: &str) -> Response {
    world
        .http
        .request(Method::OPTIONS, world.url.clone() + path)
        .header("origin", origin)
        .header("access-control-request-method", "POST")
        .header(
            "access-control-request-headers",
            "authorization,content-type,x-stainless-lang",
        )
        .send()
        .await
        .unwrap()
}

fn allowed(headers: &HeaderMap) -> Option<&str> {
    let origin = headers.get("access-control-allow-origin")?;
    assert!(!headers.contains_key("access-control-allow-credentials"));
    Some(origin.to_str().unwrap())
}

#[tokio::test]
async fn a_preflight_is_answered_for_every_endpoint_and_is_no_request_of_the_session() {
    let world = World::builder()
        .limits(|limits| limits.requests_per_minute = 1)
        .start()
        .await;
    let (_, session) = world.holder_allowed(10_000, 5_000).await;
    let before = world.rows().await;
    for path in specie_gateway::http::routes().paths() {
        let path = path.replace(['{', '}'], "");
        let answer = preflight(&world, &path, PAGE).await;
        assert_eq!(answer.status(), 200, "{path}");
        let headers = answer.headers();
        assert_eq!(allowed(headers), Some("*"), "{path}");
        assert_eq!(
            headers["access-control-allow-headers"],
            "authorization,content-type,x-stainless-lang"
        );
        let methods = headers["access-control-allow-methods"].to_str().unwrap();
        assert_eq!(methods, "GET,POST,DELETE");
        assert!(headers.contains_key("access-control-max-age"));
        assert_eq!(answer.bytes().await.unwrap(), "");
    }
    assert_eq!(world.rows().await, before);
    // The one request of this minute is still there.
    let served = world.chat(&session, &question(1, 1)).await;
    assert_eq!(served.status(), 200);
}

#[tokio::test]
async fn a_page_reads_answers_refusals_and_all_their_headers() {
    let world = World::builder()
        .limits(|limits| limits.requests_per_minute = 1)
        .start()
        .await;
    let (_, session) = world.holder_allowed(10_000, 5_000).await;
    let chat = world.request(specie_gateway::serving::Endpoint::Chat, &session);
    let chat = || chat.try_clone().unwrap().header("origin", PAGE);
    let served = chat().json(&question(1, 1)).send().await.unwrap();
    let limited = chat().json(&question(1, 1)).send().await.unwrap();
    let unknown = world.http.get(world.url.clone() + "/v1/nothing");
    let unknown = unknown.header("origin", PAGE).send().await.unwrap();
    let discovery = world.http.get(world.url.clone() + "/.well-known/specie");
    let discovery = discovery.header("origin", PAGE).send().await.unwrap();
    for (answer, status, header) in [
        (served, 200, "specie-usage"),
        (limited, 429, "retry-after"),
        (unknown, 404, "x-request-id"),
        (discovery, 200, "x-request-id"),
    ] {
        let headers = answer.headers();
        assert_eq!(
            (answer.status().as_u16(), allowed(headers)),
            (status, Some("*"))
        );
        assert!(headers.contains_key(header), "{header}");
        assert_eq!(headers["access-control-expose-headers"], "*");
    }
}

#[tokio::test]
async fn only_listed_origins_are_allowed_where_there_is_a_list() {
    let world = World::builder()
        .origins(Origins::Listed(vec![PAGE.to_owned()]))
        .start()
        .await;
    for (origin, expected) in [(PAGE, Some(PAGE)), ("https://other.example", None)] {
        let asked = preflight(&world, "/v1/chat/completions", origin).await;
        assert_eq!(allowed(asked.headers()), expected);
        let health = world.http.get(world.url.clone() + "/healthz");
        let health = health.header("origin", origin).send().await.unwrap();
        assert_eq!(
            (health.status().as_u16(), allowed(health.headers())),
            (200, expected)
        );
        let vary = health.headers().get_all("vary").iter();
        assert!(
            vary.into_iter()
                .any(|vary| vary.to_str().unwrap().contains("origin"))
        );
    }
}
