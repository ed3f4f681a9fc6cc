//! The interface's description is of this interface: every route and method, and nothing else.

use crate::world::{World, reason};
use reqwest::Method;
use serde_json::{Map, Value};
use specie_gateway::http;
use std::collections::{BTreeMap, BTreeSet};

/// Each path's methods.
type Interface = BTreeMap<String, BTreeSet<String>>;

fn document() -> Value {
    serde_json::from_str(http::openapi::DOCUMENT).unwrap()
}

fn described() -> Interface {
    let document = document();
    let paths = document["paths"].as_object().unwrap();
    let methods = |of: &Map<String, Value>| of.keys().map(|name| name.to_uppercase()).collect();
    paths
        .iter()
        .map(|(path, of)| (path.clone(), methods(of.as_object().unwrap())))
        .collect()
}

#[tokio::test]
async fn every_route_is_described_with_its_methods_and_nothing_else_is() {
    let world = World::start().await;
    let mut served = Interface::new();
    for path in http::routes().paths() {
        let url = world.url.clone() + &path.replace(['{', '}'], "");
        let no_method = Method::from_bytes(b"BREW").unwrap();
        let response = world.http.request(no_method, url).send().await.unwrap();
        assert_eq!(response.status(), 405, "{path}");
        let allowed = response.headers()["allow"].to_str().unwrap().split(',');
        // Whatever is served for GET is served for HEAD.
        let methods = allowed
            .filter(|method| *method != "HEAD")
            .map(str::to_owned);
        served.insert((*path).to_owned(), methods.collect());
    }
    assert_eq!(served, described());
}

#[tokio::test]
async fn it_is_served_and_is_of_this_version() {
    let world = World::start().await;
    let (status, served) = world.get("/openapi.json", "").await;
    assert_eq!((status, &served), (200, &document()));
    assert_eq!(served["openapi"], "3.1.0");
    assert_eq!(served["info"]["version"], env!("CARGO_PKG_VERSION"));
}

#[test]
fn the_committed_description_is_of_the_contract() {
    assert_eq!(
        http::openapi::DOCUMENT,
        specie_claims::api::openapi::document()
    );
}

#[test]
fn whatever_it_refers_to_is_in_it() {
    fn follow(value: &Value, document: &Value) {
        match value {
            Value::Object(fields) => {
                if let Some(to) = fields.get("$ref").and_then(Value::as_str) {
                    let pointer = to.strip_prefix('#').unwrap();
                    assert!(document.pointer(pointer).is_some(), "{to}");
                }
                fields.values().for_each(|value| follow(value, document));
            }
            Value::Array(values) => values.iter().for_each(|value| follow(value, document)),
            _ => {}
        }
    }
    let document = document();
    follow(&document, &document);
}

#[tokio::test]
async fn a_path_or_a_query_that_cannot_be_read_rejects_in_our_shape() {
    let world = World::start().await;
    for path in ["/v1/models/%FF", "/v1/sessions/x/usage?after=-1"] {
        let (status, body) = world.get(path, "").await;
        assert_eq!((status, reason(&body)), (400, "malformed_url"), "{path}");
    }
}
