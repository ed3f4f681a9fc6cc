//! `specie-demo-upstream`: an OpenAI-compatible server that answers with deterministic text. No model.
// `println!` panics on a closed pipe: specie-stdout writes instead.
#![deny(clippy::print_stdout, clippy::print_stderr)]

use clap::Parser;
use specie_service::{listen, shutdown};
use specie_stdout::Stdout;
use specie_testing::demo_upstream::{Behaviour, router};
use std::{process::ExitCode, time::Duration};

/// Answers OpenAI-compatible requests with deterministic text and vectors, and true usage numbers; it is no model
#[derive(Parser)]
#[command(name = "specie-demo-upstream", version)]
struct Flags {
    /// Listen here, as address:port; port 0 takes a free one
    #[arg(long, default_value = "127.0.0.1:8403")]
    listen: String,
    /// Milliseconds that each word takes
    #[arg(long, default_value_t = 0)]
    pause_ms: u64,
}

#[tokio::main]
async fn main() -> anyhow::Result<ExitCode> {
    let flags: Flags = match specie_stdout::arguments() {
        Ok(flags) => flags,
        Err(code) => return Ok(code),
    };
    let behaviour = Behaviour {
        pause: Duration::from_millis(flags.pause_ms),
        ..Behaviour::default()
    };
    let listener = listen(&flags.listen).await?;
    Stdout::new().line(format_args!(
        "specie-demo-upstream listens on http://{}/v1",
        listener.local_addr()?
    ))?;
    axum::serve(listener, router(behaviour))
        .with_graceful_shutdown(shutdown())
        .await?;
    Ok(ExitCode::SUCCESS)
}
