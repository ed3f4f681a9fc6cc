//! Inference by way of `specie proxy`: an application that knows OpenAI's API alone, and what its requests come to.

use super::{
    books::amount,
    market::{Market, Person},
    stage::{Service, Stage},
    vendor::Vendor,
};
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use solana_pubkey::Pubkey;
use specie_client::state::Voucher;
use std::time::Duration;

/// What the application asks. The first vendor's voucher suffices for the first two.
const QUESTIONS: [&str; 2] = ["What is an SCU?", "What backs a token?"];
const STREAMED: &str = "Tell me all, as a stream.";

/// A voucher, and the gateway that it is consumed at.
pub(super) struct Place<'a> {
    pub(super) vendor: &'a Vendor,
    pub(super) gateway: &'a Service,
    pub(super) voucher: Pubkey,
}

impl Market {
    /// The wallet's proxy serves an application from vouchers of several vendors, signs for exactly what was consumed, and
    /// the gateways settle it. Returns the units.
    pub(super) async fn infer(&self, wallet: &Person, places: &[Place<'_>]) -> Result<u64> {
        for place in places {
            self.stage.finalized(&place.voucher).await?;
        }
        let proxy = Proxy::start(&self.stage, wallet, places)?;
        self.stage.step(format_args!(
            "the proxy serves OpenAI's API at {}/v1",
            proxy.service.url
        ));
        for question in QUESTIONS {
            let answer = proxy.ask(question).await?;
            proxy.tell(&self.stage, question, &answer).await?;
        }
        let answer = proxy.ask_streamed(STREAMED).await?;
        proxy.tell(&self.stage, STREAMED, &answer).await?;
        let used = proxy.status().await?.vouchers;
        self.stage.step(format_args!(
            "{}'s voucher had too little left for the last one: {}'s paid",
            places[0].vendor.pledge.name, places[1].vendor.pledge.name
        ));
        proxy.service.stop()?;
        self.stage
            .step("the proxy stopped, and had signed for exactly what was consumed");
        let (mut sum, mut settled) = (0, vec![]);
        for (place, consumed) in places.iter().zip(used) {
            let name = place.vendor.pledge.name;
            ensure!(consumed > 0, "nothing was consumed at {name}");
            self.stage
                .until("settlement", Duration::from_secs(60), || async {
                    let voucher: Voucher = self.stage.account(&place.voucher).await?;
                    Ok(voucher.settled.get() == consumed)
                })
                .await?;
            settled.push(format!("{} at {name}", amount(consumed)));
            sum += consumed;
        }
        let settled = settled.join(", ");
        self.stage
            .step(format_args!("settled on chain, in SCU: {settled}"));
        Ok(sum)
    }
}

/// A running `specie proxy`.
struct Proxy {
    service: Service,
    http: reqwest::Client,
}

/// What the proxy says of itself, in units.
struct Status {
    budget: u64,
    signed: u64,
    /// What was consumed of each voucher.
    vouchers: Vec<u64>,
}

impl Proxy {
    fn start(stage: &Stage, wallet: &Person, places: &[Place<'_>]) -> Result<Self> {
        let path = |name: &str| stage.path(name).display().to_string();
        let mut arguments = vec!["proxy".to_owned()];
        for place in places {
            let key = path(&format!("session-{}.json", place.vendor.pledge.name));
            arguments.extend(["--voucher".to_owned(), place.voucher.to_string()]);
            arguments.extend(["--session-key".to_owned(), key]);
            arguments.extend(["--gateway".to_owned(), place.gateway.url.clone()]);
        }
        arguments.extend(["--state".to_owned(), path("proxy")]);
        let rest = "--budget 3 --step 0.25 --listen 127.0.0.1:0 --close-when-done";
        arguments.extend(rest.split(' ').map(str::to_owned));
        let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
        Ok(Self {
            service: stage.specie_service(wallet, &arguments)?,
            http: reqwest::Client::new(),
        })
    }

    /// Asks for a completion; returns its text.
    async fn ask(&self, prompt: &str) -> Result<String> {
        let answer: Value = serde_json::from_str(&self.request(prompt, false).await?)?;
        let content = answer["choices"][0]["message"]["content"].as_str();
        Ok(content.context("the answer has no content")?.to_owned())
    }

    /// Asks for a completion as a stream; returns its text.
    async fn ask_streamed(&self, prompt: &str) -> Result<String> {
        let stream = self.request(prompt, true).await?;
        ensure!(
            stream.contains("data: [DONE]"),
            "the stream broke off: {stream}"
        );
        let chunks = stream
            .lines()
            .filter_map(|line| serde_json::from_str::<Value>(line.strip_prefix("data: ")?).ok());
        Ok(chunks
            .filter_map(|chunk| {
                let text = chunk["choices"][0]["delta"]["content"].as_str();
                text.map(str::to_owned)
            })
            .collect())
    }

    async fn request(&self, prompt: &str, stream: bool) -> Result<String> {
        let body = json!({
            "model": "demo",
            "max_tokens": 64,
            "stream": stream,
            "messages": [{"role": "user", "content": prompt}],
        });
        let url = format!("{}/v1/chat/completions", self.service.url);
        let answer = self.http.post(url).json(&body).send().await?;
        let status = answer.status();
        let text = answer.text().await?;
        ensure!(
            status.is_success(),
            "the proxy answered {status} to {prompt:?}: {text}"
        );
        Ok(text)
    }

    async fn status(&self) -> Result<Status> {
        let url = format!("{}/specie/status", self.service.url);
        let status: Value = self.http.get(url).send().await?.json().await?;
        let vouchers = status["vouchers"]
            .as_array()
            .context("the status names no vouchers")?;
        Ok(Status {
            budget: units(&status["budget"]["units"])?,
            signed: units(&status["budget"]["signed"])?,
            vouchers: vouchers
                .iter()
                .map(|voucher| units(&voucher["consumed"]))
                .collect::<Result<_>>()?,
        })
    }

    /// Tells what was answered, and what all requests have come to.
    async fn tell(&self, stage: &Stage, question: &str, answer: &str) -> Result<()> {
        let status = self.status().await?;
        ensure!(!answer.is_empty(), "{question} got an empty answer");
        stage.step(format_args!(
            "  {question} → {} words; {} SCU consumed, {} of {} signed",
            answer.split_whitespace().count(),
            amount(status.vouchers.iter().sum()),
            amount(status.signed),
            amount(status.budget),
        ));
        Ok(())
    }
}

/// Units as JSON has them, in a decimal string.
fn units(value: &Value) -> Result<u64> {
    let units = value.as_str().context("the status names no amount")?;
    Ok(units.parse()?)
}
