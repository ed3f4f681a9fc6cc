//! `specie-signer`: wires the parts together and signs until it is asked to stop.
// `println!` panics on a closed pipe: specie-stdout writes instead.
#![deny(clippy::print_stdout, clippy::print_stderr)]

use anyhow::{Context as _, bail, ensure};
use specie_claims::clock::SystemClock;
use specie_service::keys::{read_key_file, read_private_text};
use specie_service::{listen, shutdown, tasks};
use specie_signer::http::{KeyHost, router};
use specie_signer::tls::Tls;
use specie_signer::{Flags, Policy, Role};
use specie_stdout::Stdout;
use specie_wire::SigningKey;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

#[tokio::main]
async fn main() -> anyhow::Result<ExitCode> {
    let flags: Flags = match specie_stdout::arguments() {
        Ok(flags) => flags,
        Err(code) => return Ok(code),
    };
    specie_service::log_to_standard_error();
    tasks::log_panics();
    specie_service::outlive_hangups()?;
    let host = KeyHost::new(
        Policy {
            cluster: flags.cluster.to_bytes(),
            vault: flags.vault,
            most_units: flags.most_units,
            most_fee: flags.most_fee,
        },
        keys(&flags)?,
        &token(&flags.token_file)?,
        Arc::new(SystemClock),
    );
    let tls = tls(&flags)?;
    let listener = listen(&flags.listen).await?;
    let address = listener.local_addr()?;
    if tls.is_none() && !address.ip().is_loopback() {
        bail!(
            "{address} can be reached from other hosts, which could read the gateway's token: name a certificate with \
             --tls-certificate and --tls-key, or listen on 127.0.0.1"
        );
    }
    let scheme = if tls.is_some() { "https" } else { "http" };
    Stdout::new().line(format_args!(
        "specie-signer listens on {scheme}://{address}/v1/sign"
    ))?;
    specie_service::tell_ready();
    let router = router(Arc::new(host));
    let served = match tls {
        None => {
            let served = axum::serve(listener, router);
            served.with_graceful_shutdown(shutdown()).await
        }
        Some(tls) => {
            let served = axum::serve(tls.listen(listener)?, router);
            served.with_graceful_shutdown(shutdown()).await
        }
    };
    served.context("serving")?;
    Ok(ExitCode::SUCCESS)
}

/// The configured keys. Requests name a key by its address, so one key cannot have both roles.
fn keys(flags: &Flags) -> anyhow::Result<Vec<(Role, SigningKey)>> {
    let mut keys = Vec::new();
    for (role, path) in [
        (Role::Issuer, &flags.issuer_key),
        (Role::Operator, &flags.operator_key),
    ] {
        if let Some(path) = path {
            keys.push((role, read_key_file(path)?));
        }
    }
    if let [(_, issuer), (_, operator)] = keys.as_slice() {
        ensure!(
            issuer != operator,
            "issuer and operator are one key, for which this signer would have two policies: make another operator key"
        );
    }
    Ok(keys)
}

fn token(path: &Path) -> anyhow::Result<String> {
    let text = read_private_text(path)?;
    let token = text.trim();
    ensure!(
        token.len() >= 16 && token.bytes().all(|byte| byte.is_ascii_graphic()),
        "{} holds no token of at least 16 visible characters: write one into it, like `openssl rand -hex 32` does",
        path.display()
    );
    Ok(token.to_owned())
}

fn tls(flags: &Flags) -> anyhow::Result<Option<Tls>> {
    let (Some(certificate), Some(key)) = (&flags.tls_certificate, &flags.tls_key) else {
        return Ok(None);
    };
    let chain =
        std::fs::read(certificate).with_context(|| format!("reading {}", certificate.display()))?;
    let tls = Tls::new(&chain, read_private_text(key)?.as_bytes());
    Ok(Some(tls.with_context(|| {
        format!("{} and {}", certificate.display(), key.display())
    })?))
}
