//! The holder's side of a gateway: a voucher becomes a session, receipts buy allowance, requests consume it.

use anyhow::{Context, Result, ensure};
use reqwest::Method;
use serde_json::{Value, json};
use solana_keypair::Keypair;
use solana_pubkey::Pubkey;
use solana_signer::Signer;
use specie_claims::clock::{Clock as _, SystemClock};
use specie_claims::units::Units;
use specie_proxy::{GatewayClient, Holder, Refusal, gateway::OpenSession};
use specie_wire::{Key, SigningKey, Voucher};

/// A session at a gateway.
pub struct Session {
    gateway: GatewayClient,
    holder: Holder,
    open: OpenSession,
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

impl Held<'_> {
    /// Whoever signs for the voucher.
    pub fn holder(&self, cluster: Key) -> Result<Holder> {
        let account = self.account;
        let terms = Voucher {
            voucher: self.address.to_bytes(),
            vault: account.vault.to_bytes(),
            session: self.session.pubkey().to_bytes(),
            class: account.class,
            units: account.units.get(),
            work_per_scu: account.work_per_scu.get(),
            opened_at: account.opened_at.get(),
            expires_at: account.expires_at.get(),
        };
        let key = SigningKey::from_bytes(self.session.secret_bytes());
        Ok(Holder::new(terms, cluster, key)?)
    }
}

impl Session {
    /// Fetches the signed voucher and opens a session with an allowance of `units`.
    pub async fn open(gateway: &str, cluster: Key, held: Held<'_>, units: u64) -> Result<Self> {
        let gateway = GatewayClient::new(gateway)?;
        let holder = held.holder(cluster)?;
        let open = holder
            .open(&gateway, amount(units)?, SystemClock.now())
            .await?;
        Ok(Self {
            gateway,
            holder,
            open,
        })
    }

    /// The key that an OpenAI client of this session uses.
    pub fn api_key(&self) -> &str {
        &self.open.api_key
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
        let receipt = self.holder.receipt(amount(units)?);
        let session = &self.open.state.id;
        self.gateway.post_receipt(session, &receipt).await?;
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
        let (id, key) = (&self.open.state.id, self.api_key());
        let session = self.gateway.session(id, key).await?;
        ensure!(session.held == Units::ZERO, "a hold is left: {session:?}");
        Ok(session.consumed.get())
    }

    async fn request(&self, body: &Value) -> Result<reqwest::Response> {
        let path = "/v1/chat/completions";
        let request = self
            .gateway
            .request(Method::POST, path, Some(self.api_key()))
            .json(body);
        let response = self.gateway.send(request).await?;
        if response.status().is_success() {
            return Ok(response);
        }
        let status = response.status().as_u16();
        let refusal = Refusal::read(status, &self.gateway.read(response).await?);
        match refusal.receipt_wanted() {
            Some(cumulative) => Err(PaymentRequired {
                cumulative: cumulative.get(),
            }
            .into()),
            None => Err(refusal.into()),
        }
    }
}

fn amount(units: u64) -> Result<Units> {
    Units::new(units).context("no voucher has so many units")
}
