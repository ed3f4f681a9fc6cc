//! The dashboard and the alerts ask for what a gateway really shows: every metric and every label of every query.

use crate::holder::Holder;
use crate::node::{Node, VAULT};
use crate::process::{Folder, issuer, upstream};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Each metric and the labels that it has.
type Shown = BTreeMap<String, BTreeSet<String>>;

/// Words of a query that are no metric.
const WORDS: [&str; 15] = [
    "abs",
    "and",
    "by",
    "histogram_quantile",
    "increase",
    "instance",
    "label_values",
    "le",
    "or",
    "rate",
    "sum",
    "gen_ai_request_model",
    "for",
    "on",
    "unless",
];

fn file(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../deploy")
        .join(name);
    std::fs::read_to_string(path).unwrap()
}

/// The queries of a dashboard, wherever in it they are.
fn queries_of(dashboard: &Value, into: &mut Vec<String>) {
    match dashboard {
        Value::Object(fields) => {
            for (name, value) in fields {
                match value {
                    Value::String(query) if name == "expr" => into.push(query.clone()),
                    Value::String(query) if name == "query" && query.contains('(') => {
                        into.push(query.clone());
                    }
                    value => queries_of(value, into),
                }
            }
        }
        Value::Array(values) => values.iter().for_each(|value| queries_of(value, into)),
        _ => {}
    }
}

/// The `expr` of every rule: on its line, or folded on the lines below it that are indented further.
fn rules(yaml: &str) -> Vec<String> {
    let mut rules: Vec<String> = Vec::new();
    let mut folded_at = None;
    for line in yaml.lines() {
        let indent = line.len() - line.trim_start().len();
        if let Some(at) = folded_at {
            if indent > at {
                let rule = rules.last_mut().unwrap();
                *rule += " ";
                *rule += line.trim();
                continue;
            }
            folded_at = None;
        }
        if let Some(expression) = line.trim_start().strip_prefix("expr: ") {
            if expression == ">-" {
                folded_at = Some(indent);
                rules.push(String::new());
            } else {
                rules.push(expression.to_owned());
            }
        }
    }
    rules
}

/// The metrics that a query names, each with the labels that it selects by; and the labels that it groups by.
fn names(query: &str) -> (Vec<(String, Vec<String>)>, Vec<String>) {
    let (mut metrics, mut grouped) = (Vec::new(), Vec::new());
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '$';
    let mut rest = query;
    while let Some(start) = rest.find(|c: char| is_name(c) || c == '"' || c == '[') {
        rest = &rest[start..];
        if let Some(quoted) = rest.strip_prefix('"') {
            rest = &quoted[quoted.find('"').unwrap() + 1..];
            continue;
        }
        if rest.starts_with('[') {
            rest = &rest[rest.find(']').unwrap()..];
            continue;
        }
        let end = rest.find(|c| !is_name(c)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        rest = after;
        if word == "by" {
            let end = rest.find(')').unwrap();
            let labels = rest[..end].trim_start_matches([' ', '(']).split(',');
            grouped.extend(labels.map(|label| label.trim().to_owned()));
            rest = &rest[end..];
        } else if !WORDS.contains(&word) && !word.starts_with(|c: char| c.is_ascii_digit()) {
            let mut labels = Vec::new();
            if let Some(selector) = rest.strip_prefix('{') {
                let end = selector.find('}').unwrap();
                let matchers = selector[..end].split(',');
                labels.extend(matchers.map(|matcher| {
                    let end = matcher.find(['=', '!']).unwrap();
                    matcher[..end].trim().to_owned()
                }));
                rest = &selector[end..];
            }
            metrics.push((word.to_owned(), labels));
        }
    }
    (metrics, grouped)
}

fn shown(text: &str) -> Shown {
    let mut shown = Shown::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let (name, labels) = match line.split_once('{') {
            Some((name, rest)) => (name, rest.rsplit_once('}').unwrap().0),
            None => (line.split(' ').next().unwrap(), ""),
        };
        let of = shown.entry(name.to_owned()).or_default();
        let labels = labels.split("\",").filter(|label| !label.is_empty());
        of.extend(labels.map(|label| label.split('=').next().unwrap().to_owned()));
    }
    shown
}

/// What the queries ask for that is not shown.
fn faults(queries: &[String], shown: &Shown) -> Vec<String> {
    let mut faults = Vec::new();
    for query in queries {
        let (metrics, grouped) = names(query);
        if metrics.is_empty() {
            faults.push(format!("{query} names no metric"));
        }
        for (metric, labels) in &metrics {
            let Some(of) = shown.get(metric) else {
                faults.push(format!("{query}: {metric} is not shown"));
                continue;
            };
            // Prometheus itself adds `instance`.
            let named = labels
                .iter()
                .chain(&grouped)
                .filter(|label| *label != "instance");
            for label in named.filter(|label| !of.contains(*label)) {
                faults.push(format!("{query}: {metric} has no label {label}"));
            }
        }
    }
    faults
}

#[tokio::test(flavor = "multi_thread")]
async fn every_query_of_the_dashboard_and_the_alerts_names_metrics_and_labels_that_are_shown() {
    let node = Node::start(&issuer()).await;
    let upstream = upstream(0);
    let folder = Folder::new(&node.url, &VAULT.to_string(), &upstream.url);
    let metrics = crate::process::free_address();
    folder.append(&format!("[metrics]\nlisten = \"{metrics}\"\n"));
    let gateway = folder.gateway();
    let mut holder = Holder::new(&node, 10_000);
    let key = holder.open_session(&gateway.url, 300).await;
    let http = reqwest::Client::new();
    for (stream, status) in [(true, 200), (true, 200), (false, 402)] {
        let answer = http
            .post(format!("{}/v1/chat/completions", gateway.url))
            .bearer_auth(&key)
            .json(&json!({
                "model": "demo", "max_tokens": if stream { 2 } else { 100 }, "stream": stream,
                "messages": [{"role": "user", "content": "word"}],
            }))
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), status);
        answer.text().await.unwrap();
    }
    holder.request_close(&node);
    let scrape = || async {
        let response = http.get(format!("http://{metrics}/metrics")).send().await;
        response.unwrap().text().await.unwrap()
    };
    let mut text = scrape().await;
    for _ in 0..1_200 {
        if text.contains("specie_settlements{") {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        text = scrape().await;
    }
    let shown = shown(&text);

    let dashboard: Value = serde_json::from_str(&file("grafana/specie-gateway.json")).unwrap();
    let mut queries = Vec::new();
    queries_of(&dashboard, &mut queries);
    assert!(queries.len() > 20, "{queries:?}");
    assert_eq!(faults(&queries, &shown), Vec::<String>::new());
    let rules = rules(&file("prometheus/specie-gateway.rules.yaml"));
    assert!(rules.len() >= 10, "{rules:?}");
    assert_eq!(faults(&rules, &shown), Vec::<String>::new());
    let not_on_public = http.get(format!("{}/metrics", gateway.url)).send().await;
    assert_eq!(not_on_public.unwrap().status(), 404);
    assert!(gateway.terminate());
}

#[test]
fn a_query_of_something_that_is_not_shown_is_noticed() {
    let shown = shown("a_total{x=\"1,}\",y=\"2\"} 5\nb 1\n");
    let faults = |query: &str| faults(&[query.to_owned()], &shown).len();
    assert_eq!(
        faults("sum by (x) (rate(a_total{y=~\"1.*\"}[5m])) > 0.5"),
        0
    );
    for wrong in ["c > 1", "a_total{z=\"1\"}", "sum by (z) (a_total)", "1 + 1"] {
        assert_eq!(faults(wrong), 1, "{wrong}");
    }
}
