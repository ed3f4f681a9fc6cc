//! The shape of what scripts read: every field of every report, and what kind of value it has, as tests/cli/shapes.json
//! keeps it. `SPECIE_WRITE_SHAPES=1` writes the file anew.

use crate::world::Market;
use serde_json::{Map, Value, json};
use std::{fs, path::PathBuf};

fn file() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/cli/shapes.json")
}

/// A value's kind; of an array those of its elements, each once; of an object those of its fields.
fn shape(value: &Value) -> Value {
    match value {
        Value::Null => "null".into(),
        Value::Bool(_) => "bool".into(),
        Value::Number(_) => "number".into(),
        Value::String(text) => text_kind(text).into(),
        Value::Array(list) => {
            let mut shapes: Vec<Value> = list.iter().map(shape).collect();
            shapes.dedup();
            shapes.into()
        }
        Value::Object(fields) if is_amount(fields) => "amount".into(),
        Value::Object(fields) => {
            let shapes = fields.iter().map(|(key, value)| match key.as_str() {
                // What changed is looked up by its name.
                "what" => (key.clone(), value.clone()),
                _ => (key.clone(), shape(value)),
            });
            Value::Object(shapes.collect())
        }
    }
}

fn is_amount(fields: &Map<String, Value>) -> bool {
    fields.keys().eq(["amount", "decimals", "uiAmountString"])
}

fn text_kind(text: &str) -> &'static str {
    let all = |test: fn(&u8) -> bool| !text.is_empty() && text.as_bytes().iter().all(test);
    if all(u8::is_ascii_digit) {
        "digits"
    } else if (41..=44).contains(&text.len()) && all(u8::is_ascii_alphanumeric) {
        "address"
    } else if (86..=88).contains(&text.len()) && all(u8::is_ascii_alphanumeric) {
        "signature"
    } else if text.len() == 64 && all(u8::is_ascii_hexdigit) {
        "hash"
    } else {
        "text"
    }
}

#[test]
fn reports_keep_their_shape() {
    let market = Market::open();
    let (world, vault, currency) = (&market.world, &market.vault, &market.currency);
    let mut shapes = Map::new();
    let mut run = |line: &str| {
        let report = world.json(line);
        let verb: Vec<_> = line.split(' ').take(2).collect();
        shapes.insert(verb.join(" "), shape(&report));
        report
    };
    run(&format!("currency show {currency}"));
    run(&format!("vault list --currency {currency}"));
    run(&format!("vault show {vault}"));
    run(&format!("wallet quote 10 --currency {currency}"));
    run(&format!(
        "wallet buy 10 --vault {vault} --keypair buyer.json"
    ));
    run(&format!(
        "wallet balance --currency {currency} --keypair buyer.json"
    ));
    let redeemed = run(&format!(
        "wallet redeem 4 --vault {vault} --class inference --session s.json --keypair buyer.json"
    ));
    let voucher = redeemed["voucher"].as_str().unwrap();
    run("wallet vouchers --keypair buyer.json");
    run(&format!("wallet close {voucher} --keypair buyer.json"));
    run(&format!("vault issue {vault} 1 --keypair vendor.json"));
    run(&format!("vault deposit {vault} 1 --keypair vendor.json"));
    run(&format!(
        "vault update {vault} --class training --keypair vendor.json"
    ));
    let issue = format!("vault issue {vault} 1 --keypair vendor.json");
    let blockhash = world.rpc.get_latest_blockhash().unwrap();
    let signed = world.json(&format!(
        "{issue} --sign-only --dump-transaction-message --blockhash {blockhash}"
    ));
    world.json(&format!("{issue} --export issue.json"));
    run("transaction show issue.json");
    run("transaction sign issue.json --out signed.json --keypair vendor.json");
    run(&format!(
        "attestor sign price 2 --currency {currency} --key first.json --out first.price"
    ));
    run("attestor cosign first.price --key second.json --out second.price");
    run("localnet fund buyer.json --sol 1 --stablecoin 2");
    run(&format!(
        "currency pause {currency} --for 1h --keypair authority.json"
    ));
    let released = run(&format!(
        "wallet redeem 1 --vault {vault} --class training --session t.json --keypair buyer.json"
    ));
    let released = released["voucher"].as_str().unwrap();
    run(&format!("wallet challenge {released} --keypair buyer.json"));
    run(&format!(
        "vault answer {released} --issuer-key issuer.json --keypair vendor.json"
    ));
    // A voucher cannot end in the second of its opening.
    world.advance(2);
    run(&format!("vault release {released} --keypair vendor.json"));
    let paid = run(&format!(
        "wallet send 1 --to vendor.json --currency {currency} --keypair buyer.json"
    ));
    let signature = paid["signature"].as_str().unwrap();
    run(&format!("transaction status {signature}"));
    for (verb, key) in [
        ("wallet stake 1 --currency", "buyer"),
        ("wallet unstake 1 --currency", "buyer"),
        ("wallet claim --currency", "buyer"),
        ("currency distribute", "vendor"),
    ] {
        run(&format!("{verb} {currency} --keypair {key}.json"));
    }
    run(&format!(
        "vault hand-over {vault} --to buyer.json --keypair vendor.json"
    ));
    run(&format!("vault accept {vault} --keypair buyer.json"));
    for verb in ["suspend", "reinstate"] {
        run(&format!("currency {verb} {vault} --keypair authority.json"));
    }
    shapes.insert("vault issue --sign-only".into(), shape(&signed));
    // The verb of these is their third word.
    for (verb, more) in [
        (
            "schedule",
            "rules --param fee=0.5% --keypair authority.json --currency",
        ),
        ("list", ""),
        ("cancel", "0 --keypair authority.json"),
    ] {
        let line = match verb {
            "schedule" => format!("{more} {currency}"),
            _ => format!("{currency} {more}"),
        };
        let report = world.json(&format!("currency change {verb} {line}"));
        shapes.insert(format!("currency change {verb}"), shape(&report));
    }
    for (name, line) in [
        ("error: usage", "vault show".to_owned()),
        (
            "error: refused",
            format!("wallet buy 1000 --vault {vault} --keypair buyer.json"),
        ),
    ] {
        let run = world.run(&format!("{line} --output json"));
        shapes.insert(name.into(), shape(&serde_json::from_str(&run.err).unwrap()));
    }

    let shapes = Value::Object(shapes);
    if std::env::var_os("SPECIE_WRITE_SHAPES").is_some() {
        let text = serde_json::to_string_pretty(&shapes).unwrap();
        fs::write(file(), text + "\n").unwrap();
    }
    let kept: Value = serde_json::from_str(&fs::read_to_string(file()).unwrap()).unwrap();
    let (kept, shapes) = (kept.as_object().unwrap(), shapes.as_object().unwrap());
    for (command, shape) in shapes {
        assert_eq!(
            Some(shape),
            kept.get(command),
            "the shape of {command} changed: scripts read it. Where that is meant, write tests/cli/shapes.json anew by \
             SPECIE_WRITE_SHAPES=1"
        );
    }
    assert_eq!(kept.len(), shapes.len());
}

#[test]
fn a_command_line_that_is_wrong_is_json_where_json_was_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let run = |line: &str| -> crate::world::Run {
        std::process::Command::new(env!("CARGO_BIN_EXE_specie"))
            .args(line.split(' '))
            .env("HOME", folder.path())
            .output()
            .unwrap()
            .into()
    };
    for (line, reason) in [
        ("vault show --output json", "missing_argument"),
        ("vault shw --output=json-compact", "unknown_command"),
        ("--output json vault show x --nothing", "unknown_argument"),
        ("vault show x --output json", "wrong_value"),
        ("wallet buy 1,5 --vault x --output json", "wrong_value"),
        ("vault show x --output json --commitment now", "wrong_value"),
        ("vault --output json", "missing_command"),
    ] {
        let run = run(line);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{line}");
        let error: Value = serde_json::from_str(&run.err)
            .unwrap_or_else(|_| panic!("specie {line} says {:?}", run.err));
        assert_eq!(error["error"], "usage", "{line}");
        assert_eq!(error["reason"], reason, "{line}: {error}");
        assert_eq!(error["exitCode"], 2);
        assert!(!error["message"].as_str().unwrap().is_empty());
    }
    let plain = run("vault show");
    assert!(plain.err.starts_with("error: "), "{}", plain.err);
    assert_eq!(json!(plain.code), 2);
}
