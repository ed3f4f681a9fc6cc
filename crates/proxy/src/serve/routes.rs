//! What of the gateway applications may ask: these endpoints, and nothing that a path could be made to mean besides.
//!
//! A request goes out with the session's key, which can list and revoke keys, read leases and post receipts. So a path is
//! compared as it came, in whole segments, with those that there are, and the gateway's address is built anew from what was
//! recognised: whatever is not recognised never leaves.

use axum::http::Method;
use percent_encoding::percent_decode_str;
use specie_claims::api::{inference, path};

/// An endpoint of the gateway that is for applications.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Endpoint {
    /// A `POST` for a model to answer.
    Inference(inference::Endpoint),
    /// `GET /v1/models`.
    Models,
    /// `GET /v1/models/{id}`.
    Model(String),
}

impl Endpoint {
    /// The endpoint that a request asks for.
    pub(super) fn of(method: &Method, asked: &str) -> Option<Self> {
        match *method {
            Method::POST => {
                let mut all = inference::Endpoint::ALL.into_iter();
                all.find(|endpoint| endpoint.path() == asked)
                    .map(Self::Inference)
            }
            Method::GET | Method::HEAD => match asked.strip_prefix(path::MODELS)? {
                "" => Some(Self::Models),
                below => model(below.strip_prefix('/')?).map(Self::Model),
            },
            _ => None,
        }
    }

    /// Where it is at the gateway.
    pub(super) fn segments(&self) -> Vec<&str> {
        match self {
            Self::Inference(endpoint) => path::segments(endpoint.path(), &[]),
            Self::Models => path::segments(path::MODELS, &[]),
            Self::Model(id) => path::segments(path::MODEL, &[id]),
        }
    }

    /// The endpoint whose requests are charged for; `None` where an answer is free of charge.
    pub(super) fn metered(&self) -> Option<inference::Endpoint> {
        match self {
            Self::Inference(endpoint) => Some(*endpoint),
            Self::Models | Self::Model(_) => None,
        }
    }
}

/// A model's id, which may have slashes in it, but nothing that any reader could take for another path, however often it
/// decodes it.
fn model(encoded: &str) -> Option<String> {
    let id = percent_decode_str(encoded).decode_utf8().ok()?;
    let is_plain = |c: char| !c.is_control() && !matches!(c, '\\' | '%' | '?' | '#' | ';');
    let is_name = |segment: &str| !matches!(segment, "" | "." | "..");
    (id.chars().all(is_plain) && id.split('/').all(is_name)).then(|| id.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn get(path: &str) -> Option<Endpoint> {
        Endpoint::of(&Method::GET, path)
    }

    #[test]
    fn what_there_is_is_recognised() {
        let post = |path| Endpoint::of(&Method::POST, path);
        for (path, endpoint) in [
            ("/v1/chat/completions", inference::Endpoint::Chat),
            ("/v1/completions", inference::Endpoint::Completions),
            ("/v1/embeddings", inference::Endpoint::Embeddings),
        ] {
            let asked = Some(Endpoint::Inference(endpoint));
            assert_eq!(post(path), asked, "{path}");
        }
        assert_eq!(get("/v1/models"), Some(Endpoint::Models));
        for (path, id) in [
            ("/v1/models/demo", "demo"),
            ("/v1/models/org/model-7b.Q4", "org/model-7b.Q4"),
            ("/v1/models/org%2Fmodel", "org/model"),
            ("/v1/models/qwen2.5:7b@main", "qwen2.5:7b@main"),
        ] {
            assert_eq!(get(path), Some(Endpoint::Model(id.to_owned())), "{path}");
        }
    }

    #[test]
    fn no_path_that_could_mean_another_is() {
        let attacks = [
            "/v1/x/../sessions",
            "/v1/models/../sessions/s/keys",
            "/v1/models/%2e%2e/sessions/s/keys",
            "/v1/models/.%2E/sessions",
            "/v1/models/%252e%252e/sessions",
            "/v1/models/%25252e%25252e/sessions",
            "/v1/models/a%2f..%2f..%2fsessions",
            "/v1/models/..%5csessions",
            "/v1/models/..\\sessions",
            "/v1/models//sessions",
            "/v1/models/",
            "/v1/modelsdemo",
            "/v1/models/./demo",
            "/v1/models/a%00b",
            "/v1/models/a%0d%0ab",
            "/v1/models/a;b",
            "/v1/models/a%3fb",
            "/v1/models/%ff",
            "//v1/models",
            "/v1//models",
            "/v1/models/..",
            "/v1/%6dodels",
            "/V1/models",
            "/v1/chat/completions/../../sessions",
            "/v1/chat%2fcompletions",
            "/v1/leases",
            "/v1/leases/l/stop",
            "/v1/sessions",
            "/v1/sessions/s/keys/k",
            "/v1/vouchers/v",
            "/.well-known/specie",
            "/openapi.json",
            "*",
            "",
        ];
        for path in attacks {
            for method in [Method::GET, Method::POST, Method::DELETE, Method::PUT] {
                assert_eq!(Endpoint::of(&method, path), None, "{method} {path}");
            }
        }
    }

    #[test]
    fn another_method_is_another_endpoint() {
        for method in [Method::DELETE, Method::PUT, Method::PATCH, Method::GET] {
            assert_eq!(Endpoint::of(&method, "/v1/chat/completions"), None);
        }
        assert_eq!(Endpoint::of(&Method::POST, "/v1/models"), None);
        assert_eq!(Endpoint::of(&Method::DELETE, "/v1/models/demo"), None);
    }
}
