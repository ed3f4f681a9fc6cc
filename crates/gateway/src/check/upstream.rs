use super::Finding;
use crate::serving::Model;
use reqwest::Url;
use serde_json::Value;
use specie_client::endpoint::Endpoint;
use std::time::Duration;

/// How long an inference server may take to list its models.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Whether the inference servers answer, and know the models on offer by the names that they are asked for.
pub(super) async fn look_at(models: &[Model]) -> Vec<Finding> {
    let client = match reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(TIMEOUT)
        .build()
    {
        Ok(client) => client,
        Err(error) => {
            return vec![Finding::missing(
                "upstreams",
                error,
                "see that the system's certificates can be read",
            )];
        }
    };
    let mut findings = Vec::with_capacity(models.len());
    for model in models {
        for upstream in &model.upstreams {
            findings.push(look_at_one(&client, model, upstream).await);
        }
    }
    findings
}

async fn look_at_one(client: &reqwest::Client, model: &Model, upstream: &Url) -> Finding {
    let subject = format!("model {}", model.id);
    let named = || format!("models.{}.upstream", model.id);
    let known = match list(client, model, upstream).await {
        Ok(known) => known,
        Err(problem) => {
            let mend = format!("see that the server of {} runs, and its key", named());
            return Finding::missing(subject, problem, mend);
        }
    };
    let wanted = &model.upstream_model;
    if known.iter().any(|id| id == wanted) {
        Finding::well(subject, format!("{} has {wanted}", shown(upstream)))
    } else {
        let what = format!(
            "{} has no model {wanted}; it has {}",
            shown(upstream),
            known.join(", ")
        );
        let mend = format!(
            "name one of its models in models.{}.upstream_model",
            model.id
        );
        Finding::missing(subject, what, mend)
    }
}

/// An address without its secrets.
fn shown(url: &Url) -> Endpoint {
    Endpoint::new(url.as_str())
}

/// The models that a server lists at `/models`, as OpenAI has it.
async fn list(
    client: &reqwest::Client,
    model: &Model,
    upstream: &Url,
) -> Result<Vec<String>, String> {
    let mut url = upstream.clone();
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty().push("models");
    }
    let mut request = client.get(url.clone());
    if let Some(key) = &model.key {
        request = request.bearer_auth(key.expose());
    }
    let unreachable = |_| format!("{} does not answer", shown(upstream));
    let response = request.send().await.map_err(unreachable)?;
    if !response.status().is_success() {
        return Err(format!("{} answers {}", shown(&url), response.status()));
    }
    let list: Value = response
        .json()
        .await
        .map_err(|_| format!("{} does not list models as OpenAI does", shown(&url)))?;
    let ids = list["data"].as_array().into_iter().flatten();
    Ok(ids
        .filter_map(|model| model["id"].as_str().map(str::to_owned))
        .collect())
}
