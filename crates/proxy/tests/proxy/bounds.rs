//! What a gateway holds for a request, against the bound by which the proxy signs and judges.

use serde_json::{Value, json};
use specie_claims::api::inference::Endpoint;
use specie_gateway::limits::Limits;
use specie_gateway::serving::{Model, Request};
use specie_proxy::ask::Ask;
use specie_proxy::gateway::Description;

const LIMITS: Limits = Limits {
    request_seconds: 1,
    ..Limits::DEFAULT
};

/// What the gateway of [`model`] publishes.
fn description() -> Description {
    let address = solana_pubkey::Pubkey::default().to_string();
    Description::read(json!({
        "vault": address, "issuer": address, "currency": address, "cluster": address, "classes": ["inference"],
        "tariffs": {"demo": {"input_units_per_1000_tokens": "1000", "cached_units_per_1000_tokens": "500",
            "output_units_per_1000_tokens": "2000", "units_per_second": "7", "context_tokens": 8192,
            "max_output_tokens": 100, "template_tokens": 10}},
        "limits": {"body_bytes": 1, "choices": LIMITS.choices, "inputs": LIMITS.inputs, "session_seconds": 1,
            "request_seconds": LIMITS.request_seconds},
    }))
    .unwrap()
}

fn model() -> Model {
    Model {
        id: "demo".to_owned(),
        upstreams: Vec::new(),
        upstream_model: "the name that the upstream gives it".to_owned(),
        key: None,
        endpoints: Endpoint::ALL.to_vec(),
        tariff: description().tariffs["demo"].tariff(),
        context_tokens: 8_192,
        max_output_tokens: 100,
        template_tokens: 10,
        continuous_usage: true,
    }
}

/// Bodies of the golden vectors, and whether the contract takes each.
fn bodies() -> Vec<(Endpoint, String, bool)> {
    let vectors: Value =
        serde_json::from_str(include_str!("../../../claims/vectors.json")).unwrap();
    let bounds = vectors["bounds"].as_array().unwrap().iter();
    bounds
        .map(|vector| {
            let endpoint = serde_json::from_value(vector["endpoint"].clone()).unwrap();
            let body = vector["body"].as_str().unwrap().to_owned();
            (endpoint, body, vector.get("most").is_some())
        })
        .collect()
}

#[test]
fn no_gateway_holds_more_for_a_request_than_its_bound() {
    let (published, model) = (description(), model());
    for (endpoint, body, is_taken) in bodies() {
        let held = Request::read(endpoint, body.as_bytes(), &LIMITS, |_| Ok(model.clone()));
        assert_eq!(held.is_ok(), is_taken, "{body}");
        let ask = Ask::read(endpoint, body.as_bytes(), &published).unwrap();
        let Ok(held) = held else { continue };
        assert!(held.most.input <= ask.input, "{body}");
        assert_eq!(held.most.output, ask.output, "{body}");
        assert!(model.tariff.price(held.most) <= ask.most, "{body}");
    }
}

#[test]
fn every_prompt_is_read_with_the_suffix() {
    let suffix = "s".repeat(500);
    let body = json!({"model": "demo", "prompt": vec!["p"; 8], "suffix": suffix}).to_string();
    let ask = Ask::read(Endpoint::Completions, body.as_bytes(), &description()).unwrap();
    assert_eq!((ask.input, ask.output), (8 * (1 + 500 + 10), 8 * 16));
}
