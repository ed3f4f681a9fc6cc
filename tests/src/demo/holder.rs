//! The holder's side of a gateway: a voucher becomes a session, receipts buy allowance, requests consume it.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use solana_keypair::Keypair;
use solana_pubkey::Pubkey;
use solana_signer::Signer;
use specie_claims::{clock::UnixTime, proof, receipt::SentReceipt};
use specie_wire::{Key, Receipt, SigningKey, Voucher};

/// A session at a gateway.
pub struct Session {
    gateway: String,
    http: reqwest::Client,
    key: SigningKey,
    cluster: Key,
    voucher: Key,
    opened_at: i64,
    id: String,
    api_key: String,
}

/// 402: a receipt for so many units in all would pay for the request.
#[derive(Debug)]
pub struct PaymentRequired {
    /// The receipt's cumulative units.
    pub cumulative: u64,
}

impl std::fmt::Display for PaymentRequired {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "a receipt for {} units is needed", self.cumulative)
    }
}

impl std::error::Error for PaymentRequired {}

/// A voucher account's facts, as the holder read them from the chain.
pub struct Held<'a> {
    /// The voucher's address.
    pub address: Pubkey,
    /// Its account.
    pub account: &'a specie_client::state::Voucher,
    /// Its session key.
    pub session: &'a Keypair,
}

impl Session {
    /// Fetches the signed voucher and opens a session with an allowance of `units`.
    pub async fn open(gateway: &str, cluster: Key, held: Held<'_>, units: u64) -> Result<Self> {
        let http = reqwest::Client::new();
        let signed = post(
            &http,
            &format!("{gateway}/v1/vouchers/{}", held.address),
            &json!({}),
        )
        .await
        .context("the gateway did not sign the voucher")?;
        let account = held.account;
        let terms = Voucher {
            voucher: held.address.to_bytes(),
            vault: account.vault.to_bytes(),
            session: held.session.pubkey().to_bytes(),
            class: account.class,
            units: account.units.get(),
            work_per_scu: account.work_per_scu.get(),
            opened_at: account.opened_at.get(),
            expires_at: account.expires_at.get(),
        };
        let key = SigningKey::from_bytes(held.session.secret_bytes());
        let now = UnixTime(
            std::time::SystemTime::now()
                .duration_since(std::time::UNIX_EPOCH)?
                .as_secs() as i64,
        );
        let jti = Keypair::new().pubkey().to_string();
        let mut session = Self {
            gateway: gateway.to_owned(),
            http,
            cluster,
            voucher: terms.voucher,
            opened_at: terms.opened_at,
            id: String::new(),
            api_key: String::new(),
            key,
        };
        let request = json!({
            "voucher": signed["voucher"],
            "proof": proof::sign(&terms, &cluster, &session.key, now, &jti),
            "receipt": session.receipt(units),
        });
        let opened = post(&session.http, &format!("{gateway}/v1/sessions"), &request)
            .await
            .context("the gateway did not open a session")?;
        session.id = text(&opened, "id")?;
        session.api_key = text(&opened, "api_key")?;
        Ok(session)
    }

    /// The key that an OpenAI client of this session uses.
    pub fn api_key(&self) -> &str {
        &self.api_key
    }

    /// Signs a higher allowance.
    pub async fn allow(&self, units: u64) -> Result<()> {
        self.post_receipt(units).await
    }

    /// Signs for exactly what was consumed, below the allowance: it makes the settlement exact.
    pub async fn sign_off(&self, consumed: u64) -> Result<()> {
        self.post_receipt(consumed).await
    }

    async fn post_receipt(&self, units: u64) -> Result<()> {
        let url = format!("{}/v1/sessions/{}/receipts", self.gateway, self.id);
        post(&self.http, &url, &self.receipt(units)).await?;
        Ok(())
    }

    /// Asks for a completion; returns its text and the units charged for it.
    pub async fn ask(&self, prompt: &str) -> Result<(String, u64)> {
        let response = self
            .request(&json!({
                "model": "demo",
                "max_tokens": 64,
                "messages": [{"role": "user", "content": prompt}],
            }))
            .await?;
        let charged = response
            .headers()
            .get("specie-units")
            .context("the answer names no charge")?
            .to_str()?
            .parse()?;
        let answer: Value = response.json().await?;
        let content = answer["choices"][0]["message"]["content"]
            .as_str()
            .context("the answer has no content")?;
        Ok((content.to_owned(), charged))
    }

    /// Asks for a completion as a stream; returns its text.
    pub async fn ask_streamed(&self, prompt: &str) -> Result<String> {
        let body = self
            .request(&json!({
                "model": "demo",
                "max_tokens": 64,
                "stream": true,
                "messages": [{"role": "user", "content": prompt}],
            }))
            .await?
            .text()
            .await?;
        ensure!(
            body.contains("data: [DONE]"),
            "the stream broke off: {body}"
        );
        let chunks = body.lines().filter_map(|line| line.strip_prefix("data: "));
        Ok(chunks
            .filter_map(|chunk| serde_json::from_str::<Value>(chunk).ok())
            .filter_map(|chunk| {
                chunk["choices"][0]["delta"]["content"]
                    .as_str()
                    .map(str::to_owned)
            })
            .collect())
    }

    /// Units consumed and held, as the gateway says.
    pub async fn consumed(&self) -> Result<u64> {
        let session: Value = self
            .http
            .get(format!("{}/v1/sessions/{}", self.gateway, self.id))
            .bearer_auth(&self.api_key)
            .send()
            .await?
            .error_for_status()?
            .json()
            .await?;
        ensure!(session["held"] == "0", "a hold is left: {session}");
        Ok(text(&session, "consumed")?.parse()?)
    }

    async fn request(&self, body: &Value) -> Result<reqwest::Response> {
        let response = self
            .http
            .post(format!("{}/v1/chat/completions", self.gateway))
            .bearer_auth(&self.api_key)
            .json(body)
            .send()
            .await?;
        if response.status().is_success() {
            return Ok(response);
        }
        let status = response.status();
        let refusal: Value = response.json().await?;
        let accepted = &refusal["error"]["specie"]["accepts"][0]["cumulative"];
        match accepted.as_str().map(str::parse) {
            Some(Ok(cumulative)) if status == reqwest::StatusCode::PAYMENT_REQUIRED => {
                Err(PaymentRequired { cumulative }.into())
            }
            _ => anyhow::bail!("{status}: {refusal}"),
        }
    }

    fn receipt(&self, cumulative: u64) -> SentReceipt {
        let receipt = Receipt {
            voucher: self.voucher,
            opened_at: self.opened_at,
            cumulative,
        };
        SentReceipt::sign(&receipt, &self.cluster, &self.key)
    }
}

async fn post(http: &reqwest::Client, url: &str, body: &impl serde::Serialize) -> Result<Value> {
    let response = http.post(url).json(body).send().await?;
    let status = response.status();
    let answer = response.text().await?;
    ensure!(status.is_success(), "{url}: {status}: {answer}");
    Ok(serde_json::from_str(&answer)?)
}

fn text(value: &Value, field: &str) -> Result<String> {
    let text = value[field].as_str();
    Ok(text
        .with_context(|| format!("no {field} in {value}"))?
        .to_owned())
}
