//! What models do, by the names that OpenTelemetry's conventions for generative AI give it, as Prometheus writes them.

use super::{request_seconds, trace};
use crate::tariff::Usage;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};
use std::sync::OnceLock;
use std::time::Instant;
use tracing::Span;

/// The provider's name: what a dashboard tells this gateway's numbers by from those of others.
pub const PROVIDER: &str = "specie";

/// Which request it was.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Model {
    gen_ai_operation_name: &'static str,
    gen_ai_provider_name: &'static str,
    gen_ai_request_model: String,
}

/// Which tokens.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Tokens {
    gen_ai_operation_name: &'static str,
    gen_ai_provider_name: &'static str,
    gen_ai_request_model: String,
    gen_ai_token_type: &'static str,
}

/// How it ended.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Ended {
    gen_ai_operation_name: &'static str,
    gen_ai_provider_name: &'static str,
    gen_ai_request_model: String,
    /// The reason of the refusal; empty for a request that was served.
    error_type: &'static str,
}

type Timed<L> = Family<L, Histogram, fn() -> Histogram>;

/// The metrics of all models; clones share them.
#[derive(Clone, Debug)]
pub struct GenAi {
    tokens: Timed<Tokens>,
    request: Timed<Ended>,
    first_token: Timed<Model>,
    output_token: Timed<Model>,
    usage_missing: Family<Model, Counter>,
    panics: Family<Model, Counter>,
}

impl GenAi {
    pub(super) fn register(registry: &mut Registry) -> Self {
        let this = Self {
            tokens: Family::new_with_constructor(tokens),
            request: Family::new_with_constructor(request_seconds),
            first_token: Family::new_with_constructor(first_token_seconds),
            output_token: Family::new_with_constructor(output_token_seconds),
            usage_missing: Family::default(),
            panics: Family::default(),
        };
        registry.register(
            "gen_ai_client_token_usage",
            "Tokens charged for one request, by kind",
            this.tokens.clone(),
        );
        registry.register_with_unit(
            "gen_ai_server_request_duration",
            "Time from a request's hold to its charge or release",
            Unit::Seconds,
            this.request.clone(),
        );
        registry.register_with_unit(
            "gen_ai_server_time_to_first_token",
            "Time from a streamed request's hold to its first output token",
            Unit::Seconds,
            this.first_token.clone(),
        );
        registry.register_with_unit(
            "gen_ai_server_time_per_output_token",
            "Time per output token of a streamed request, after the first token",
            Unit::Seconds,
            this.output_token.clone(),
        );
        registry.register(
            "specie_usage_missing",
            "Requests charged by an estimate, because the model's server reported no usage",
            this.usage_missing.clone(),
        );
        registry.register(
            "specie_request_panics",
            "Requests that panicked: each was answered with status 500 and its hold released",
            this.panics.clone(),
        );
        this
    }

    /// Begins to time a request for `model`; `operation` is its name in the conventions, as `chat`.
    pub fn begin(&self, operation: &'static str, model: &str) -> Measured {
        let model = Model {
            gen_ai_operation_name: operation,
            gen_ai_provider_name: PROVIDER,
            gen_ai_request_model: model.to_owned(),
        };
        // Registered at zero: otherwise the first increase would not be seen.
        for counter in [&self.usage_missing, &self.panics] {
            counter.get_or_create_owned(&model);
        }
        let span = trace::model(operation, PROVIDER, &model.gen_ai_request_model);
        Measured {
            metrics: self.clone(),
            model,
            begun: Instant::now(),
            first: OnceLock::new(),
            span,
        }
    }
}

/// A request that is being timed.
#[derive(Debug)]
pub struct Measured {
    metrics: GenAi,
    model: Model,
    begun: Instant,
    first: OnceLock<Instant>,
    span: Span,
}

impl Measured {
    /// The first of a stream's output was there; later ones change nothing.
    pub fn first_token(&self) {
        self.first.get_or_init(Instant::now);
    }

    /// Its span: within it the model's server is asked.
    pub fn span(&self) -> Span {
        self.span.clone()
    }

    /// It was charged for what it consumed.
    pub fn charged(&self, usage: Usage) {
        let ended = Instant::now();
        self.end(ended, "");
        self.span.record("gen_ai.usage.input_tokens", usage.input);
        self.span.record("gen_ai.usage.output_tokens", usage.output);
        self.span
            .record("gen_ai.usage.cache_read.input_tokens", usage.cached);
        for (kind, count) in [("input", usage.input), ("output", usage.output)] {
            if count > 0 {
                let labels = Tokens {
                    gen_ai_operation_name: self.model.gen_ai_operation_name,
                    gen_ai_provider_name: self.model.gen_ai_provider_name,
                    gen_ai_request_model: self.model.gen_ai_request_model.clone(),
                    gen_ai_token_type: kind,
                };
                let tokens = self.metrics.tokens.get_or_create_owned(&labels);
                tokens.observe(count as f64);
            }
        }
        if let Some(first) = self.first.get() {
            let waited = first.saturating_duration_since(self.begun).as_secs_f64();
            let to_first = self.metrics.first_token.get_or_create_owned(&self.model);
            to_first.observe(waited);
            self.span
                .record("gen_ai.response.time_to_first_chunk", waited);
            if usage.output > 1 {
                let wrote = ended.saturating_duration_since(*first).as_secs_f64();
                let per_token = self.metrics.output_token.get_or_create_owned(&self.model);
                per_token.observe(wrote / (usage.output - 1) as f64);
            }
        }
    }

    /// It ended without a charge, for the reason that its refusal gives.
    pub fn failed(&self, reason: &'static str) {
        self.end(Instant::now(), reason);
        if !reason.is_empty() {
            self.span.record("error.type", reason);
            self.span.record("otel.status_code", "ERROR");
        }
    }

    /// The model's server did not report what it consumed.
    pub fn usage_missing(&self) {
        let missing = &self.metrics.usage_missing;
        missing.get_or_create_owned(&self.model).inc();
    }

    /// Serving it panicked.
    pub fn panicked(&self) {
        self.metrics.panics.get_or_create_owned(&self.model).inc();
        self.failed("defect");
    }

    fn end(&self, ended: Instant, error_type: &'static str) {
        let labels = Ended {
            gen_ai_operation_name: self.model.gen_ai_operation_name,
            gen_ai_provider_name: self.model.gen_ai_provider_name,
            gen_ai_request_model: self.model.gen_ai_request_model.clone(),
            error_type,
        };
        let took = ended.saturating_duration_since(self.begun).as_secs_f64();
        self.metrics
            .request
            .get_or_create_owned(&labels)
            .observe(took);
    }
}

fn tokens() -> Histogram {
    Histogram::new((0..14).map(|power| 4_f64.powi(power)))
}

fn first_token_seconds() -> Histogram {
    Histogram::new([
        0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0,
    ])
}

fn output_token_seconds() -> Histogram {
    Histogram::new([
        0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1.0, 2.5,
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use prometheus_client::encoding::text::encode;

    fn shown(registry: &Registry) -> String {
        let mut text = String::new();
        encode(&mut text, registry).unwrap();
        text
    }

    #[test]
    fn a_stream_that_was_charged_counts_its_tokens_and_its_times() {
        let mut registry = Registry::default();
        let measured = GenAi::register(&mut registry).begin("chat", "demo");
        measured.first_token();
        measured.charged(Usage {
            input: 5,
            output: 11,
            ..Usage::default()
        });
        let text = shown(&registry);
        let model = "gen_ai_operation_name=\"chat\",gen_ai_provider_name=\"specie\",gen_ai_request_model=\"demo\"";
        for line in [
            format!("gen_ai_client_token_usage_sum{{{model},gen_ai_token_type=\"input\"}} 5.0"),
            format!("gen_ai_client_token_usage_sum{{{model},gen_ai_token_type=\"output\"}} 11.0"),
            format!("gen_ai_server_request_duration_seconds_count{{{model},error_type=\"\"}} 1"),
            format!("gen_ai_server_time_to_first_token_seconds_count{{{model}}} 1"),
            format!("gen_ai_server_time_per_output_token_seconds_count{{{model}}} 1"),
        ] {
            assert!(text.contains(&line), "{line} is not in\n{text}");
        }
    }

    #[test]
    fn a_plain_answer_has_no_first_token_and_a_failure_no_tokens() {
        let mut registry = Registry::default();
        let gen_ai = GenAi::register(&mut registry);
        gen_ai.begin("chat", "demo").failed("upstream_busy");
        let text = shown(&registry);
        assert!(text.contains("error_type=\"upstream_busy\"} 1"), "{text}");
        assert!(!text.contains("token_usage_sum"), "{text}");
        gen_ai.begin("chat", "demo").charged(Usage {
            output: 2,
            ..Usage::default()
        });
        assert!(!shown(&registry).contains("first_token_seconds_count"));
    }

    #[test]
    fn usage_that_is_missing_and_panics_are_counted_by_model() {
        let mut registry = Registry::default();
        let measured = GenAi::register(&mut registry).begin("chat", "demo");
        measured.usage_missing();
        measured.panicked();
        let text = shown(&registry);
        let model = "{gen_ai_operation_name=\"chat\",gen_ai_provider_name=\"specie\",gen_ai_request_model=\"demo\"}";
        for line in [
            format!("specie_usage_missing_total{model} 1"),
            format!("specie_request_panics_total{model} 1"),
        ] {
            assert!(text.contains(&line), "{line} is not in\n{text}");
        }
        assert!(text.contains("error_type=\"defect\"} 1"), "{text}");
    }
}
