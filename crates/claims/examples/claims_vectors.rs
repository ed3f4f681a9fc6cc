//! Prints the golden vectors of what holder and gateway say to one another: signed tokens, receipts and prices.
//!
//! `cargo xtask vectors` writes them to vectors.json, which the tests of the TypeScript SDK read.

use serde_json::{Value, json};
use specie_claims::{
    api::inference::Endpoint,
    bound::{ADDED_TOKENS, Bound, Counts, Fields, ModelBounds},
    clock::UnixTime,
    delegation, jws, proof,
    receipt::SentReceipt,
    tariff::{Tariff, Usage},
    tokens,
    units::Units,
    usage::UsageRecord,
    voucher,
};
use specie_wire::{Key, SigningKey, Voucher};

const CLUSTER: Key = [9; 32];
const SESSION: [u8; 32] = [12; 32];
const ISSUER: [u8; 32] = [11; 32];
const DELEGATE: [u8; 32] = [13; 32];

fn units(units: u64) -> Units {
    Units::new(units).expect("a vector's amounts are small")
}

fn record(vault: &str, voucher: &str, number: u64, charge: u64, cumulative: u64) -> UsageRecord {
    UsageRecord {
        iss: vault.to_owned(),
        sub: voucher.to_owned(),
        opened_at: 1_767_225_600,
        number,
        jti: format!("request-{number}"),
        session: "sess_1".to_owned(),
        key: None,
        model: "demo".to_owned(),
        input_tokens: 1_001,
        cached_tokens: 1,
        output_tokens: 10,
        milliseconds: 7,
        input_units_per_1000: units(1_000),
        cached_units_per_1000: units(500),
        output_units_per_1000: units(2_000),
        units_per_second: units(300),
        units: units(charge),
        cumulative: units(cumulative),
        iat: 1_767_226_000,
    }
}

fn tariffs() -> Value {
    let cases = [
        ([40, 10, 120, 300], [0, 0, 0, 0]),
        ([40, 10, 120, 300], [26, 0, 0, 0]),
        ([40, 10, 120, 300], [1_000, 600, 77, 11]),
        ([40, 10, 120, 300], [1_000, 5_000, 0, 0]),
        ([u64::MAX; 4], [u64::MAX, 1, u64::MAX, u64::MAX]),
    ];
    let price = |(prices, counts): ([u64; 4], [u64; 4])| {
        let tariff = Tariff {
            input_units_per_1000: prices[0],
            cached_units_per_1000: prices[1],
            output_units_per_1000: prices[2],
            units_per_second: prices[3],
        };
        let usage = Usage {
            input: counts[0],
            cached: counts[1],
            output: counts[2],
            milliseconds: counts[3],
        };
        json!({
            "tariff": prices.map(|price| price.to_string()),
            "usage": counts.map(|count| count.to_string()),
            "units": tariff.price(usage),
        })
    };
    cases.map(price).into()
}

/// What requests can consume at most, for a model of 8,192 tokens that writes at most 100 and whose template adds 10. The
/// input of a chat has room for what a gateway adds to the body.
fn bounds() -> Value {
    let model = ModelBounds {
        context_tokens: 8_192,
        max_output_tokens: 100,
        template_tokens: 10,
    };
    let counts = Counts {
        choices: 8,
        inputs: 2_048,
    };
    let long = "s".repeat(500);
    let chat = |rest: &str| {
        let body =
            format!(r#"{{"model":"demo","messages":[{{"role":"user","content":"hi"}}]{rest}}}"#);
        (Endpoint::Chat, body)
    };
    let said = |content: &str| {
        let body = format!(
            r#"{{"model":"demo","messages":[{{"role":"user","content":{}}}],"max_tokens":7}}"#,
            json!(content)
        );
        (Endpoint::Chat, body)
    };
    let completion = |rest: &str| {
        (
            Endpoint::Completions,
            format!(r#"{{"model":"demo",{rest}}}"#),
        )
    };
    let embedding = |input: &str| {
        (
            Endpoint::Embeddings,
            format!(r#"{{"model":"demo","input":{input}}}"#),
        )
    };
    let cases = [
        chat(""),
        chat(r#","max_tokens":7,"n":3"#),
        chat(r#","max_tokens":7.0,"max_completion_tokens":9,"stream":true"#),
        chat(r#","max_tokens":101"#),
        chat(r#","n":9"#),
        chat(r#","n":1,"n":2"#),
        chat(r#","temperature":1e400,"seed":123456789012345678901234567890"#),
        said(""),
        said("\u{4e2d}\u{6587} \u{e9} \u{1f600}"),
        said(&"\u{fdfa}".repeat(40)),
        said("a \"quote\", a\nline and a \\"),
        (
            Endpoint::Chat,
            r#"{"model":"demo","messages":[{"content":[{"type":"image_url"}]}]}"#.to_owned(),
        ),
        completion(r#""prompt":"hi""#),
        completion(r#""prompt":[1,22,333],"max_tokens":5"#),
        completion(r#""prompt":[[1,2],[3]],"max_tokens":5,"best_of":3"#),
        completion(&format!(
            r#""prompt":["a","b","c","d","e","f","g","h"],"suffix":"{long}""#
        )),
        completion(r#""prompt":"\ufdfa","max_tokens":0,"echo":true"#),
        completion(r#""prompt":"hi","max_tokens":0"#),
        completion(r#""prompt":[]"#),
        embedding(r#""hi""#),
        embedding(r#"["a","bc"]"#),
        embedding("[[1,2],[3]]"),
        embedding(r#"["a",1]"#),
    ];
    let bound = |(endpoint, body): (Endpoint, String)| {
        let most = Fields::of_body(body.as_bytes()).and_then(|mut fields| {
            let bound = Bound::of(endpoint, &mut fields, &model, counts)?;
            let body_tokens = tokens::most_of_json(&body).expect("a vector's texts are Unicode");
            Ok(bound.most(&model, body_tokens + ADDED_TOKENS, 0))
        });
        match most {
            Ok(most) => json!({
                "endpoint": endpoint, "body": body,
                "most": {"input": most.input.to_string(), "output": most.output.to_string()},
            }),
            Err(refusal) => {
                json!({"endpoint": endpoint, "body": body, "refused": refusal.to_string()})
            }
        }
    };
    cases.map(bound).to_vec().into()
}

fn main() {
    let [session, issuer, delegate] =
        [SESSION, ISSUER, DELEGATE].map(|seed| SigningKey::from_bytes(&seed));
    let terms = Voucher {
        voucher: [1; 32],
        vault: [2; 32],
        session: session.verifying_key().to_bytes(),
        class: 1,
        units: 1_500_000,
        work_per_scu: 2_844_000,
        opened_at: 1_767_225_600,
        expires_at: 1_775_001_600,
    };
    let base58 = |key: Key| solana_pubkey::Pubkey::new_from_array(key).to_string();
    let (vault, voucher_address) = (base58(terms.vault), base58(terms.voucher));
    let record =
        |number, charge, cumulative| record(&vault, &voucher_address, number, charge, cumulative);
    let leave = delegation::Claims {
        iss: vault.clone(),
        sub: base58(delegate.verifying_key().to_bytes()),
        exp: 1_767_226_000,
    };
    let leave = jws::sign(delegation::TYP, &leave, &issuer);
    let late = UsageRecord {
        iat: 1_767_226_001,
        ..record(2, 1_023, 2_146)
    };
    let vectors = json!({
        "cluster": base58(CLUSTER),
        "session_seed": hex(&SESSION),
        "issuer": base58(issuer.verifying_key().to_bytes()),
        "vault": vault,
        "voucher": voucher_address,
        "session": base58(terms.session),
        "signed_voucher": voucher::sign(&terms, &issuer, &CLUSTER),
        "voucher_by_another_key": voucher::sign(&terms, &delegate, &CLUSTER),
        "proof": {
            "now": 1_767_226_000,
            "jti": "0123456789abcdef",
            "token": proof::sign(&terms, &CLUSTER, &session, UnixTime(1_767_226_000), "0123456789abcdef"),
        },
        "receipt": {
            "cumulative": "250000",
            "sent": SentReceipt::of(&terms, units(250_000), &CLUSTER, &session),
        },
        "usage": {
            // 1,000 × 1,000 + 1 × 500 + 10 × 2,000 + 7 × 300, over 1,000 and rounded up.
            "first": record(1, 1_023, 1_123).sign(&issuer),
            "second": record(2, 1_023, 2_146).sign(&issuer),
            "by_delegation": record(2, 1_023, 2_146).sign_by_delegation(&delegate, &leave),
            "after_delegation": late.sign_by_delegation(&delegate, &leave),
            "without_delegation": record(2, 1_023, 2_146).sign(&delegate),
            "too_dear": record(1, 1_024, 1_124).sign(&issuer),
            "gap": record(3, 1_023, 2_146).sign(&issuer),
            "wrong_sum": record(2, 1_023, 2_147).sign(&issuer),
        },
        "tariffs": tariffs(),
        "bounds": bounds(),
    });
    println!("{vectors:#}");
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
