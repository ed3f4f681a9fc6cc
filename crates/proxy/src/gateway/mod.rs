//! A client for a gateway's own endpoints; what an OpenAI client asks of it is not in here.

mod discovery;
mod error;

pub use discovery::Description;
pub use error::GatewayError;

use reqwest::{Method, Response, Url};
use serde::Serialize;
use serde::de::DeserializeOwned;
use solana_pubkey::Pubkey;
use specie_claims::api::answer::{
    List, ListedRecord, MintedKey, OpenedSession, Page, SignedVoucher,
};
use specie_claims::api::path::{self, segments};
use specie_claims::api::refusal::Refusal;
use specie_claims::receipt::SentReceipt;
use specie_claims::session::{OpenRequest, SessionState};
use specie_claims::sub_key::{SubKeyRequest, SubKeyState};
use std::time::Duration;

/// The most time that a gateway may take to answer one of these requests.
const TIMEOUT: Duration = Duration::from_secs(30);
/// The most time that connecting may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// The most of an answer that is read: far more than any of these answers has.
const MAX_ANSWER_BYTES: usize = 4 << 20;

/// A gateway, by its address; clones share its connections.
#[derive(Clone, Debug)]
pub struct GatewayClient {
    http: reqwest::Client,
    url: Url,
}

impl GatewayClient {
    /// A client for the gateway at `url`, like <https://compute.example>. Nothing is asked yet; redirects are not followed.
    pub fn new(url: &str) -> Result<Self, GatewayError> {
        let wrong = || GatewayError::Address(url.to_owned());
        let mut parsed = Url::parse(url).map_err(|_| wrong())?;
        if !matches!(parsed.scheme(), "http" | "https") || parsed.host().is_none() {
            return Err(wrong());
        }
        parsed.set_query(None);
        parsed.set_fragment(None);
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT_TIMEOUT)
            .build()
            .map_err(|error| GatewayError::out_of_reach(&parsed, &error))?;
        Ok(Self { http, url: parsed })
    }

    /// Where the gateway is, without a slash at the end.
    pub fn url(&self) -> &str {
        self.url.as_str().trim_end_matches('/')
    }

    /// What it says of itself: whom it serves for, what it offers, and at which prices.
    pub async fn describe(&self) -> Result<Description, GatewayError> {
        let published = self.get(&segments(path::DISCOVERY, &[]), None).await?;
        let description = Description::read(published).map_err(|error| self.unexpected(&error))?;
        description.common_version()?;
        Ok(description)
    }

    /// Fetches a signed voucher, as a JWS. Nobody has checked it.
    pub async fn voucher(&self, address: &Pubkey) -> Result<String, GatewayError> {
        let address = address.to_string();
        let path = segments(path::VOUCHER, &[&address]);
        let signed: SignedVoucher = self.post(&path, None, &serde_json::json!({})).await?;
        Ok(signed.voucher)
    }

    /// Opens a session.
    pub async fn open(&self, request: &OpenRequest) -> Result<OpenedSession, GatewayError> {
        self.post(&segments(path::SESSIONS, &[]), None, request)
            .await
    }

    /// Posts a receipt to a session of its voucher.
    pub async fn post_receipt(
        &self,
        session: &str,
        receipt: &SentReceipt,
    ) -> Result<SessionState, GatewayError> {
        let path = segments(path::RECEIPTS, &[session]);
        self.post(&path, None, receipt).await
    }

    /// Reads a session's state, with its own API key.
    pub async fn session(
        &self,
        session: &str,
        api_key: &str,
    ) -> Result<SessionState, GatewayError> {
        self.get(&segments(path::SESSION, &[session]), Some(api_key))
            .await
    }

    /// Reads the usage records of a session's voucher after the one with this number.
    pub async fn usage(
        &self,
        session: &str,
        api_key: &str,
        after: u64,
    ) -> Result<Page<ListedRecord>, GatewayError> {
        let path = segments(path::USAGE, &[session]);
        let request = self.request(Method::GET, &path, Some(api_key));
        self.answer(request.query(&[("after", after)])).await
    }

    /// Mints a key below a session's, with the session's own.
    pub async fn mint_key(
        &self,
        session: &str,
        api_key: &str,
        request: &SubKeyRequest,
    ) -> Result<MintedKey, GatewayError> {
        let path = segments(path::KEYS, &[session]);
        self.post(&path, Some(api_key), request).await
    }

    /// The keys that a session has minted.
    pub async fn keys(
        &self,
        session: &str,
        api_key: &str,
    ) -> Result<Vec<SubKeyState>, GatewayError> {
        let path = segments(path::KEYS, &[session]);
        let list: List<SubKeyState> = self.get(&path, Some(api_key)).await?;
        Ok(list.data)
    }

    /// Revokes a key that a session has minted.
    pub async fn revoke_key(
        &self,
        session: &str,
        api_key: &str,
        key: &str,
    ) -> Result<SubKeyState, GatewayError> {
        let path = segments(path::KEY, &[session, key]);
        self.answer(self.request(Method::DELETE, &path, Some(api_key)))
            .await
    }

    /// `GET`s a JSON answer.
    pub async fn get<T: DeserializeOwned>(
        &self,
        path: &[&str],
        api_key: Option<&str>,
    ) -> Result<T, GatewayError> {
        self.answer(self.request(Method::GET, path, api_key)).await
    }

    /// `POST`s JSON and reads a JSON answer.
    pub async fn post<T: DeserializeOwned>(
        &self,
        path: &[&str],
        api_key: Option<&str>,
        body: &impl Serialize,
    ) -> Result<T, GatewayError> {
        self.answer(self.request(Method::POST, path, api_key).json(body))
            .await
    }

    /// A request of any kind to a path of this gateway, by its segments; it has no time limit of its own. Whatever a segment
    /// is, it stays one: what people and applications name cannot lead anywhere else.
    pub fn request(
        &self,
        method: Method,
        path: &[&str],
        api_key: Option<&str>,
    ) -> reqwest::RequestBuilder {
        let mut url = self.url.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty();
            // These would be left out: encoded twice, they are names of nothing.
            let plain = |segment: &&str| match *segment {
                "." => "%2E".to_owned(),
                ".." => "%2E%2E".to_owned(),
                other => other.to_owned(),
            };
            segments.extend(path.iter().map(plain));
        }
        let request = self.http.request(method, url);
        match api_key {
            Some(key) => request.bearer_auth(key),
            None => request,
        }
    }

    /// Sends a request and returns whatever answers.
    pub async fn send(&self, request: reqwest::RequestBuilder) -> Result<Response, GatewayError> {
        let sent = request.send().await;
        sent.map_err(|error| GatewayError::out_of_reach(&self.url, &error))
    }

    /// Sends a request and reads a JSON answer.
    pub async fn answer<T: DeserializeOwned>(
        &self,
        request: reqwest::RequestBuilder,
    ) -> Result<T, GatewayError> {
        let response = self.send(request.timeout(TIMEOUT)).await?;
        let status = response.status();
        let body = self.read(response).await?;
        if !status.is_success() {
            return Err(Refusal::read(status.as_u16(), &body).into());
        }
        serde_json::from_slice(&body).map_err(|error| self.unexpected(&error))
    }

    /// Reads an answer whole, if it is no longer than these answers are.
    pub async fn read(&self, mut response: Response) -> Result<Vec<u8>, GatewayError> {
        let mut body = Vec::new();
        let broken = |error| GatewayError::out_of_reach(&self.url, &error);
        while let Some(part) = response.chunk().await.map_err(broken)? {
            if body.len() + part.len() > MAX_ANSWER_BYTES {
                return Err(self.unexpected(&"it is too long"));
            }
            body.extend_from_slice(&part);
        }
        Ok(body)
    }

    fn unexpected(&self, problem: &dyn std::fmt::Display) -> GatewayError {
        GatewayError::Unexpected {
            url: self.url().to_owned(),
            problem: problem.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_segment_stays_one_whatever_it_is() {
        let client = GatewayClient::new("https://compute.example/specie/").unwrap();
        let sent_to = |segment: &str| {
            let request = client.request(Method::GET, &segments(path::LEASE, &[segment]), None);
            request.build().unwrap().url().path().to_owned()
        };
        for (segment, sent) in [
            ("lease_1", "lease_1"),
            ("..", "%252E%252E"),
            (".", "%252E"),
            ("../sessions", "..%2Fsessions"),
            ("%2e%2e", "%252e%252e"),
            ("a\\b", "a%5Cb"),
            ("a?b#c", "a%3Fb%23c"),
            ("", ""),
        ] {
            let expected = format!("/specie/v1/leases/{sent}");
            assert_eq!(sent_to(segment), expected, "{segment:?}");
        }
    }

    #[test]
    fn an_address_is_http_and_keeps_its_folder() {
        let url = |text: &str| GatewayClient::new(text).map(|client| client.url().to_owned());
        assert_eq!(
            url("http://127.0.0.1:8402").unwrap(),
            "http://127.0.0.1:8402"
        );
        assert_eq!(
            url("https://compute.example/specie/").unwrap(),
            "https://compute.example/specie"
        );
        for text in [
            "",
            "compute.example",
            "ftp://compute.example",
            "file:///etc",
        ] {
            let error = url(text).unwrap_err().to_string();
            assert!(error.contains("https://"), "{error}");
        }
    }
}
