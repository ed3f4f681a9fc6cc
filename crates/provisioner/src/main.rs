//! `specie-provisioner`: wires the parts together and takes requests until it is asked to stop. Jobs run on.
// `println!` panics on a closed pipe: specie-stdout writes instead.
#![deny(clippy::print_stdout, clippy::print_stderr)]

use anyhow::{Context as _, bail};
use specie_provisioner::http::{Provisioner, router};
use specie_provisioner::{
    Allowed, Command, Flags, Jobs, Keep, Serve, check, init, probe, server, supervise,
};
use specie_service::tasks::{self, TaskHealth, Tasks};
use specie_service::{self as service, listen, shutdown};
use specie_stdout::Stdout;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

fn main() -> anyhow::Result<ExitCode> {
    let flags: Flags = match specie_stdout::arguments() {
        Ok(flags) => flags,
        Err(code) => return Ok(code),
    };
    match flags.command {
        Command::Supervise { state, log_bytes } => supervise::supervise(&state, log_bytes)?,
        Command::Init { state } => init::init(&state)?,
        Command::Probe { uid } => probe(uid)?,
        Command::Check(flags) => {
            let findings = check(&flags).findings;
            let mut out = Stdout::new();
            for finding in &findings {
                out.line(finding)?;
            }
            if !findings.iter().all(|finding| finding.is_well()) {
                return Ok(ExitCode::FAILURE);
            }
        }
        Command::Serve(flags) => serve(flags)?,
    }
    Ok(ExitCode::SUCCESS)
}

#[tokio::main]
async fn serve(flags: Serve) -> anyhow::Result<()> {
    service::log_to_standard_error();
    tasks::log_panics();
    service::outlive_hangups()?;
    let gateway = bs58::decode(&flags.gateway_key).into_vec().ok();
    let gateway = gateway
        .and_then(|key| key.try_into().ok())
        .context("--gateway-key is not a public key in base58")?;
    let allowed = allowed(&flags)?;
    let checked = check(&flags);
    for finding in &checked.findings {
        match finding.is_well() {
            true => tracing::info!("{finding}"),
            false => bail!("jobs cannot be kept apart here\n{finding}"),
        }
    }
    let supervisor = std::env::current_exe().context("finding this program")?;
    let keep = Keep {
        milliseconds: u64::from(flags.keep_days) * 86_400_000,
        jobs: flags.keep_jobs,
    };
    let jobs = Jobs::open(
        &flags.folder,
        supervisor,
        flags.accelerators,
        allowed,
        flags.seating(checked.cgroup),
        flags.log_bytes,
    )
    .with_context(|| format!("reading the jobs in {}", flags.folder.display()))?;

    let listener = listen(&flags.listen).await?;
    let address = listener.local_addr()?;
    let mut authorities = flags.authority;
    authorities.push(address.to_string());
    let provisioner = Arc::new(Provisioner::new(jobs, gateway, authorities));
    let mut beside = Tasks::new(TaskHealth::default());
    let pruned = Arc::clone(&provisioner);
    beside.keep("pruning", move || Arc::clone(&pruned).keep_pruned(keep));
    tokio::time::sleep(until_the_next_second()).await;
    Stdout::new().line(format_args!(
        "specie-provisioner listens on http://{address}"
    ))?;
    service::tell_ready();
    server::serve(listener, router(provisioner), shutdown()).await;
    Ok(())
}

fn allowed(flags: &Serve) -> anyhow::Result<Allowed> {
    if flags.allow_any_command {
        tracing::warn!("jobs may run any command on this host");
        return Ok(Allowed::AnyCommand);
    }
    if flags.allow.is_empty() {
        bail!(
            "nothing may be run: name the programs that jobs may run with --allow, or, on a host that holds nothing, \
             give --allow-any-command"
        );
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    Ok(Allowed::only(&flags.allow, &flags.allow_env, &path)?)
}

/// Signatures of the second in which a provisioner starts are refused.
fn until_the_next_second() -> Duration {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let into = now.map_or(0, |now| now.subsec_millis());
    Duration::from_millis(u64::from(1_000 - into.min(999)))
}
