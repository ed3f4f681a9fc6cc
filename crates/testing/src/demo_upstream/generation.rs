//! `/v1/chat/completions` and `/v1/completions`: words, at once or one by one.

use super::words::{self, DEFAULT_WORDS, Text, Texts};
use super::{Behaviour, read};
use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::convert::Infallible;

#[derive(Deserialize)]
struct Chat {
    messages: Vec<Value>,
    max_completion_tokens: Option<u64>,
    #[serde(flatten)]
    common: Common,
}

#[derive(Deserialize)]
struct Complete {
    prompt: Texts,
    #[serde(default)]
    echo: bool,
    #[serde(flatten)]
    common: Common,
}

#[derive(Deserialize)]
struct Common {
    model: String,
    #[serde(default)]
    stream: bool,
    max_tokens: Option<u64>,
    n: Option<u64>,
    #[serde(default)]
    stream_options: Value,
}

/// How an endpoint writes what both have in common.
#[derive(Clone, Copy)]
enum Form {
    Chat,
    Completion,
}

struct Choice {
    /// What comes before the words.
    echo: String,
    words: Vec<&'static str>,
}

/// What is answered, before it is written down.
struct Generation {
    form: Form,
    common: Common,
    id: String,
    limit: Option<u64>,
    read: usize,
    choices: Vec<Choice>,
}

pub(super) async fn chat(State(behaviour): State<Behaviour>, body: Bytes) -> Response {
    let chat: Chat = match read(&body) {
        Ok(chat) => chat,
        Err(refusal) => return *refusal,
    };
    let limit = chat.max_completion_tokens.or(chat.common.max_tokens);
    let question = serde_json::to_vec(&chat.messages).unwrap_or_default();
    let choice = || Choice {
        echo: String::new(),
        words: words::answer(&question, wanted(limit)),
    };
    let generation = Generation {
        form: Form::Chat,
        id: identity("chatcmpl", &body),
        limit,
        read: chat.messages.iter().map(words::count_in_message).sum(),
        choices: (0..chat.common.n.unwrap_or(1)).map(|_| choice()).collect(),
        common: chat.common,
    };
    generation.answer(behaviour).await
}

pub(super) async fn complete(State(behaviour): State<Behaviour>, body: Bytes) -> Response {
    let request: Complete = match read(&body) {
        Ok(request) => request,
        Err(refusal) => return *refusal,
    };
    let limit = request.common.max_tokens;
    let prompts = request.prompt.into_vec();
    let choice = |prompt: &Text| Choice {
        echo: if request.echo {
            prompt.words().to_owned()
        } else {
            String::new()
        },
        words: words::answer(&prompt.bytes(), wanted(limit)),
    };
    let each = request.common.n.unwrap_or(1) as usize;
    let choices = prompts
        .iter()
        .flat_map(|prompt| (0..each).map(move |_| prompt))
        .map(choice)
        .collect();
    let generation = Generation {
        form: Form::Completion,
        id: identity("cmpl", &body),
        limit,
        read: prompts.iter().map(Text::tokens).sum(),
        choices,
        common: request.common,
    };
    generation.answer(behaviour).await
}

fn identity(prefix: &str, body: &Bytes) -> String {
    format!("{prefix}-{}", hex::encode(&Sha256::digest(body)[..12]))
}

fn wanted(limit: Option<u64>) -> u64 {
    limit.unwrap_or(DEFAULT_WORDS).min(DEFAULT_WORDS)
}

impl Form {
    fn object(self, streamed: bool) -> &'static str {
        match (self, streamed) {
            (Self::Chat, false) => "chat.completion",
            (Self::Chat, true) => "chat.completion.chunk",
            (Self::Completion, _) => "text_completion",
        }
    }

    fn choice(self, index: usize, text: String, finish: &Value) -> Value {
        match self {
            Self::Chat => {
                let message = json!({"role": "assistant", "content": text});
                json!({"index": index, "message": message, "finish_reason": finish})
            }
            Self::Completion => {
                json!({"index": index, "text": text, "logprobs": null, "finish_reason": finish})
            }
        }
    }

    /// Before the first word: a chat's stream says who speaks.
    fn first(self, index: usize) -> Option<Value> {
        let delta = json!({"role": "assistant", "content": ""});
        match self {
            Self::Chat => Some(json!({"index": index, "delta": delta, "finish_reason": null})),
            Self::Completion => None,
        }
    }

    fn word(self, index: usize, text: String) -> Value {
        match self {
            Self::Chat => {
                json!({"index": index, "delta": {"content": text}, "finish_reason": null})
            }
            Self::Completion => self.choice(index, text, &Value::Null),
        }
    }

    fn last(self, index: usize, finish: &Value) -> Value {
        match self {
            Self::Chat => json!({"index": index, "delta": {}, "finish_reason": finish}),
            Self::Completion => self.choice(index, String::new(), finish),
        }
    }
}

impl Generation {
    async fn answer(self, behaviour: Behaviour) -> Response {
        if self.common.stream {
            return self.stream(behaviour);
        }
        tokio::time::sleep(behaviour.pause * self.written() as u32).await;
        let choices: Vec<_> = self
            .choices
            .iter()
            .enumerate()
            .map(|(index, choice)| {
                let text = choice.echo.clone() + &choice.words.join(" ");
                self.form.choice(index, text, &self.finish(choice))
            })
            .collect();
        let mut answer = self.envelope(false, choices);
        if !behaviour.without_usage {
            answer["usage"] = self.usage(self.written());
        }
        Json(answer).into_response()
    }

    fn written(&self) -> usize {
        self.choices.iter().map(|choice| choice.words.len()).sum()
    }

    fn usage(&self, written: usize) -> Value {
        let read = self.read;
        json!({"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written})
    }

    fn finish(&self, choice: &Choice) -> Value {
        let written = choice.words.len() as u64;
        let cut = self
            .limit
            .is_some_and(|limit| limit < DEFAULT_WORDS && written == limit);
        json!(if cut { "length" } else { "stop" })
    }

    fn envelope(&self, streamed: bool, choices: Vec<Value>) -> Value {
        json!({
            "id": self.id, "object": self.form.object(streamed), "created": 0, "model": self.common.model,
            "choices": choices,
        })
    }

    fn stream(self, behaviour: Behaviour) -> Response {
        let option = |name: &str| {
            self.common.stream_options[name] == json!(true) && !behaviour.without_usage
        };
        let continuous = option("continuous_usage_stats");
        let mut events = Vec::new();
        let mut written = 0;
        let mut push = |choice: Value, written: usize| {
            let mut chunk = self.envelope(true, vec![choice]);
            if continuous {
                chunk["usage"] = self.usage(written);
            }
            events.push(format!("data: {chunk}\n\n"));
        };
        for (index, choice) in self.choices.iter().enumerate() {
            if let Some(first) = self.form.first(index) {
                push(first, written);
            }
            for (n, word) in choice.words.iter().enumerate() {
                let space = if n == 0 { "" } else { " " };
                written += 1;
                push(self.form.word(index, format!("{space}{word}")), written);
            }
            push(self.form.last(index, &self.finish(choice)), written);
        }
        if option("include_usage") {
            let mut report = self.envelope(true, Vec::new());
            report["usage"] = self.usage(written);
            events.push(format!("data: {report}\n\n"));
        }
        events.push("data: [DONE]\n\n".to_owned());

        if let Some(words) = behaviour.break_after {
            let before = usize::from(self.form.first(0).is_some());
            events.truncate(words as usize + before);
        }
        let events = futures::stream::unfold(events.into_iter(), move |mut events| async move {
            let event = events.next()?;
            tokio::time::sleep(behaviour.pause).await;
            Some((Ok::<_, Infallible>(event), events))
        });
        let mut response = Body::from_stream(events).into_response();
        response.headers_mut().insert(
            header::CONTENT_TYPE,
            header::HeaderValue::from_static("text/event-stream"),
        );
        response
    }
}
