//! The HTTP below the RPC client: what may pass is asked again, and what went wrong is told apart.
//!
//! A public RPC answers 429 to whoever asks often, and 502 to 504 while it restarts. These pass, so the same request is
//! sent again: it changes nothing, or is a transaction, which a cluster takes once. Everything else is an answer.

use crate::core::output::Output;
use http::Extensions;
use reqwest::{
    Request, Response, StatusCode,
    header::{CONTENT_TYPE, RETRY_AFTER},
};
use reqwest_middleware::{ClientBuilder, ClientWithMiddleware, Error, Middleware, Next, Result};
use specie_client::endpoint::Endpoint;
use std::{
    fmt, io,
    time::{Duration, SystemTime},
};

/// How often a request is sent in all.
const TRIES: u32 = 5;
/// The pause before the second try, where the RPC names none. Each later pause is twice as long.
const PAUSE: Duration = Duration::from_millis(500);
/// The most to wait for one request, over all pauses.
const TIMEOUT: Duration = Duration::from_secs(30);
/// How much of an RPC's own words is shown.
const WORDS: usize = 200;

/// An answer that is none of a Solana RPC.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// It is busy or restarts, and was so at each try.
    Passing {
        status: StatusCode,
        tries: u32,
        /// What it asked to wait at last, where that was more than this command waits.
        asks: Option<Duration>,
    },
    /// It answers with a page for browsers.
    WebPage(StatusCode),
    /// It refuses the request, with its own words where it has any.
    Refused(StatusCode, String),
}

impl Trouble {
    /// Whether the RPC has not taken the request, so that a transaction in it is not on its way.
    pub(crate) fn is_untaken(&self) -> bool {
        match self {
            Self::Passing { status, .. } | Self::WebPage(status) | Self::Refused(status, _) => {
                status.is_client_error()
            }
        }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Passing {
                status,
                asks: Some(asks),
                ..
            } => write!(
                f,
                "answers {status} and asks to wait {} s: try again then",
                asks.as_secs()
            ),
            Self::Passing { status, tries, .. } => write!(
                f,
                "answered {status} to each of {tries} tries: try again later"
            ),
            Self::WebPage(status) => write!(
                f,
                "answers with a web page ({status}), not as a Solana RPC does: check the address"
            ),
            Self::Refused(status, words) => {
                write!(f, "answers {status}")?;
                if !words.is_empty() {
                    write!(f, " ({words})")?;
                }
                match *status {
                    StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
                        write!(f, ": check the key in its address")
                    }
                    StatusCode::NOT_FOUND => write!(f, ": check the path of its address"),
                    _ => Ok(()),
                }
            }
        }
    }
}

impl std::error::Error for Trouble {}

/// A client that waits for an answer as long as `timeout`, and says on standard error when it asks again.
pub(crate) fn client(
    endpoint: &Endpoint,
    timeout: Duration,
    output: Output,
) -> reqwest::Result<ClientWithMiddleware> {
    let client = reqwest::Client::builder().timeout(timeout).build()?;
    let retries = Retries {
        endpoint: endpoint.clone(),
        output,
    };
    Ok(ClientBuilder::new(client).with(retries).build())
}

struct Retries {
    endpoint: Endpoint,
    output: Output,
}

#[async_trait::async_trait]
impl Middleware for Retries {
    async fn handle(
        &self,
        request: Request,
        extensions: &mut Extensions,
        next: Next<'_>,
    ) -> Result<Response> {
        let mut waited = Duration::ZERO;
        let mut pause = PAUSE;
        for tries in 1.. {
            let again = request
                .try_clone()
                .ok_or_else(|| Error::middleware(io::Error::other("the request is a stream")))?;
            let response = next
                .clone()
                .run(again, extensions)
                .await
                .map_err(without_url)?;
            let status = response.status();
            if !passes(status) {
                return told_apart(response).await;
            }
            let asked = retry_after(&response, SystemTime::now());
            let wait = asked.unwrap_or(pause);
            if tries == TRIES || waited + wait > TIMEOUT {
                return Err(Error::middleware(Trouble::Passing {
                    status,
                    tries,
                    asks: asked.filter(|asked| waited + *asked > TIMEOUT),
                }));
            }
            self.output.notice(&format!(
                "{} answers {status}: asking again in {:.1} s",
                self.endpoint,
                wait.as_secs_f32()
            ));
            tokio::time::sleep(wait).await;
            waited += wait;
            pause *= 2;
        }
        unreachable!("the last try returns")
    }
}

fn passes(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::TOO_MANY_REQUESTS
            | StatusCode::BAD_GATEWAY
            | StatusCode::SERVICE_UNAVAILABLE
            | StatusCode::GATEWAY_TIMEOUT
    )
}

/// How long the RPC asks to wait, which it says in seconds or as a date.
fn retry_after(response: &Response, now: SystemTime) -> Option<Duration> {
    let text = response.headers().get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = httpdate::parse_http_date(text).ok()?;
    Some(date.duration_since(now).unwrap_or_default())
}

async fn told_apart(response: Response) -> Result<Response> {
    let status = response.status();
    let kind = response.headers().get(CONTENT_TYPE);
    let is_page = kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if is_page {
        return Err(Error::middleware(Trouble::WebPage(status)));
    }
    if status.is_success() {
        return Ok(response);
    }
    let body = response.text().await.unwrap_or_default();
    Err(Error::middleware(Trouble::Refused(status, words(&body))))
}

/// An RPC's own words in the body of an error: of JSON the message, of anything else the beginning.
fn words(body: &str) -> String {
    let json: Option<serde_json::Value> = serde_json::from_str(body).ok();
    let message = json.as_ref().and_then(|json| {
        let error = &json["error"];
        [&error["message"], error, &json["message"]]
            .into_iter()
            .find_map(|words| words.as_str())
    });
    let words = message.unwrap_or(if json.is_some() { "" } else { body });
    let one_line = words.split_whitespace().collect::<Vec<_>>().join(" ");
    one_line.chars().take(WORDS).collect()
}

/// The address is in the message of every error of the HTTP client, with its secrets.
fn without_url(error: Error) -> Error {
    match error {
        Error::Reqwest(error) => Error::Reqwest(error.without_url()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response(retry_after: &str) -> Response {
        let response = http::Response::builder().header(RETRY_AFTER, retry_after);
        response.body("").unwrap().into()
    }

    #[test]
    fn the_pause_that_an_rpc_asks_for_is_in_seconds_or_a_date() {
        let now = httpdate::parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT").unwrap();
        let wait = |text: &str| retry_after(&response(text), now);
        assert_eq!(wait("7"), Some(Duration::from_secs(7)));
        assert_eq!(
            wait("Sun, 06 Nov 1994 08:49:47 GMT"),
            Some(Duration::from_secs(10))
        );
        assert_eq!(wait("Sun, 06 Nov 1994 08:49:07 GMT"), Some(Duration::ZERO));
        assert_eq!(wait("soon"), None);
    }

    #[test]
    fn an_rpcs_own_words_are_found() {
        assert_eq!(
            words(r#"{"error":{"code":1,"message":"bad key"}}"#),
            "bad key"
        );
        assert_eq!(words(r#"{"error":"bad key"}"#), "bad key");
        assert_eq!(words(r#"{"message":"bad key"}"#), "bad key");
        assert_eq!(words(r#"{"other":1}"#), "");
        assert_eq!(words("bad\n  key "), "bad key");
        assert_eq!(words(&"x".repeat(1_000)).len(), WORDS);
    }
}
