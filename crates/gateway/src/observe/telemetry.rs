//! Logs and traces of this process.
//!
//! Logs go to standard error, as `RUST_LOG` says, in colours only if that is a terminal. Traces, if they are configured,
//! go to an OpenTelemetry collector by OTLP over HTTP: only the spans of [`super::trace`], and none of the log's
//! lines, so that nothing gets there which was not meant to.

use super::trace;
use crate::config::{LogFormat, LogsSection, TracingSection};
use async_trait::async_trait;
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{SpanExporter, WithExportConfig as _, WithHttpConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{Sampler, SdkTracerProvider};
use std::io::IsTerminal as _;
use std::time::Duration;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer as _, fmt};

/// How long a collector may take for a batch of spans.
const TIMEOUT: Duration = Duration::from_secs(10);

/// What must be exported before the process ends.
#[derive(Debug)]
pub struct Telemetry {
    provider: Option<SdkTracerProvider>,
}

/// Installs logs and traces for the whole process. Call it once, within the runtime.
pub fn install(logs: &LogsSection, tracing: &TracingSection) -> anyhow::Result<Telemetry> {
    let log = fmt::layer()
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    let log = match logs.format {
        LogFormat::Text => log.boxed(),
        LogFormat::Json => log.json().flatten_event(true).boxed(),
    };
    let wanted = EnvFilter::try_from_default_env().unwrap_or_else(|_| "info".into());
    let provider = match tracing.endpoint()? {
        None => None,
        Some(url) => Some(provider(url, tracing.sampled_percent)?),
    };
    let traces = provider.as_ref().map(|provider| {
        tracing_opentelemetry::layer()
            .with_tracer(provider.tracer("specie-gateway"))
            .with_location(false)
            .with_threads(false)
            .with_target(false)
            .with_level(false)
            .with_tracked_inactivity(false)
            .with_filter(filter_fn(|of| of.is_span() && of.target() == trace::TARGET))
    });
    tracing_subscriber::registry()
        .with(traces)
        .with(log.with_filter(wanted))
        .try_init()?;
    Ok(Telemetry { provider })
}

impl Telemetry {
    /// Sends the spans that wait.
    pub async fn finish(self) {
        let Some(provider) = self.provider else {
            return;
        };
        let finished = tokio::task::spawn_blocking(move || provider.shutdown()).await;
        if let Ok(Err(error)) = finished {
            tracing::warn!(%error, "exporting the last spans failed");
        }
    }
}

fn provider(url: reqwest::Url, sampled_percent: u8) -> anyhow::Result<SdkTracerProvider> {
    let collector = Collector {
        client: reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .timeout(TIMEOUT)
            .build()?,
        runtime: tokio::runtime::Handle::current(),
    };
    let exporter = SpanExporter::builder()
        .with_http()
        .with_http_client(collector)
        .with_endpoint(url.as_str())
        .with_timeout(TIMEOUT)
        .build()?;
    let resource = Resource::builder_empty()
        .with_service_name("specie-gateway")
        .with_attribute(opentelemetry::KeyValue::new(
            "service.version",
            env!("CARGO_PKG_VERSION"),
        ))
        .build();
    let share = f64::from(sampled_percent) / 100.0;
    Ok(SdkTracerProvider::builder()
        .with_batch_exporter(exporter)
        .with_sampler(Sampler::ParentBased(Box::new(Sampler::TraceIdRatioBased(
            share,
        ))))
        .with_resource(resource)
        .build())
}

/// Posts spans from the exporter's own thread by this process's one HTTP client.
#[derive(Debug)]
struct Collector {
    client: reqwest::Client,
    runtime: tokio::runtime::Handle,
}

#[async_trait]
impl HttpClient for Collector {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let request = reqwest::Request::try_from(request)?;
        let client = self.client.clone();
        let posted = self.runtime.spawn(async move {
            let response = client
                .execute(request)
                .await
                .map_err(reqwest::Error::without_url)?;
            let mut answer = Response::new(Bytes::new());
            *answer.status_mut() = response.status();
            *answer.headers_mut() = response.headers().clone();
            *answer.body_mut() = response.bytes().await?;
            Ok::<_, reqwest::Error>(answer)
        });
        Ok(posted.await??)
    }
}
