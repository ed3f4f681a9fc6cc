//! Keys below a session's: minting and seeing them, what one may do, its budget, and its end.

mod budgets;
mod ends;
mod minting;

use crate::world::{Holder, Session, World};
use reqwest::Method;
use serde_json::{Value, json};

/// Two words read and three written cost 8; what can be held for it is more: every byte, the template, and `max_tokens`.
pub(super) fn small() -> Value {
    crate::world::question(2, 3)
}

impl World {
    /// Somebody with a session on a voucher of 10,000 units, all of them allowed.
    pub(super) async fn holder_with_session(&self) -> (Holder, Session) {
        let holder = self.redeem(10_000);
        let session = self.open_session(&holder, 10_000).await;
        (holder, session)
    }

    pub(super) async fn mint(&self, session: &Session, request: &Value) -> (u16, Value) {
        let path = format!("/v1/sessions/{}/keys", session.id);
        self.send(Method::POST, &path, &session.key, Some(request))
            .await
    }

    /// A key with that budget.
    pub(super) async fn sub_key(&self, session: &Session, budget: u64) -> Session {
        let request = json!({"name": "crawler", "budget": budget.to_string()});
        let (status, body) = self.mint(session, &request).await;
        assert_eq!(status, 201, "{body}");
        Session {
            id: body["id"].as_str().unwrap().to_owned(),
            key: body["api_key"].as_str().unwrap().to_owned(),
        }
    }

    pub(super) async fn send(
        &self,
        method: Method,
        path: &str,
        key: &str,
        body: Option<&Value>,
    ) -> (u16, Value) {
        let mut request = self
            .http
            .request(method, self.url.clone() + path)
            .bearer_auth(key);
        if let Some(body) = body {
            request = request.json(body);
        }
        let response = request.send().await.unwrap();
        (response.status().as_u16(), response.json().await.unwrap())
    }

    pub(super) async fn shown(&self, session: &Session, key: &Session) -> Value {
        let path = format!("/v1/sessions/{}/keys/{}", session.id, key.id);
        let (status, body) = self.get(&path, &session.key).await;
        assert_eq!(status, 200, "{body}");
        body
    }

    pub(super) async fn revoke(&self, session: &Session, key: &Session) -> (u16, Value) {
        let path = format!("/v1/sessions/{}/keys/{}", session.id, key.id);
        self.send(Method::DELETE, &path, &session.key, None).await
    }

    /// Asks with a key, is refused, and finds the ledger as it was.
    pub(super) async fn refused(&self, key: &Session, body: &Value) -> (u16, Value) {
        let before = self.rows().await;
        let response = self.chat(key, body).await;
        let status = response.status().as_u16();
        let body = response.json().await.unwrap();
        assert_eq!(self.rows().await, before, "a refusal changed the ledger");
        self.assert_sound().await;
        (status, body)
    }
}
