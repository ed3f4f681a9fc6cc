//! `cargo xtask demo` builds everything and runs this.
// `println!` panics on a closed pipe: specie-stdout writes instead.
#![deny(clippy::print_stdout, clippy::print_stderr)]

use anyhow::Result;
use clap::Parser;
use specie_tests::{
    demo::{self, Page, Shell, Stage, Standing, Story, Told},
    world::program_path,
};
use std::{
    io::IsTerminal as _,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
};

/// How many lines of each service's log are shown where the demo fails.
const SHOWN: usize = 5;

/// Plays a currency's life from its founding to a table that adds up, on a local network
#[derive(Parser)]
struct Arguments {
    /// Leaves the network running until Ctrl-C
    #[arg(long)]
    keep: bool,
}

#[tokio::main]
async fn main() -> Result<ExitCode> {
    let Arguments { keep } = match specie_stdout::arguments() {
        Ok(arguments) => arguments,
        Err(code) => return Ok(code),
    };
    // A signal drops what was started, and its services end.
    tokio::select! {
        shown = show(keep) => shown,
        () = specie_service::ended() => Ok(ExitCode::SUCCESS),
    }
}

async fn show(keep: bool) -> Result<ExitCode> {
    let folder = folder()?;
    let story = match play(&folder).await {
        Ok(story) => story,
        Err(error) => {
            show_logs(&folder);
            specie_stdout::error_line(format_args!("error: {error:#}"));
            return Ok(ExitCode::FAILURE);
        }
    };
    let mut shell = Shell::of_terminal();
    shell.books(&story);
    let stays = keep || std::io::stdout().is_terminal();
    // The page's bundle, where it was built: `cargo xtask demo` does.
    let Some(bundle) = std::env::var_os("SPECIE_PAGE") else {
        if keep {
            shell.line("The network runs until Ctrl-C.");
            std::future::pending::<()>().await;
        }
        return Ok(ExitCode::SUCCESS);
    };
    let standing = Standing::with(story.market, story.vendors, story.wallet)?;
    let page = Page::serve(bundle.into(), &standing).await?;
    let files = page.require_loads().await?;
    shell.line(&format!(
        "The page is at {}: it and its {files} first files load.",
        page.url
    ));
    if stays {
        shell.line("It has a burner wallet for trying; `specie localnet fund` fills it. All runs until Ctrl-C.");
        std::future::pending::<()>().await;
    }
    Ok(ExitCode::SUCCESS)
}

/// Beside the binaries' folder, so that it is under target/.
fn folder() -> Result<PathBuf> {
    let binaries = demo::binaries_beside(&std::env::current_exe()?)?;
    Ok(binaries.parent().unwrap_or(&binaries).join("demo"))
}

async fn play(folder: &Path) -> Result<Story> {
    let binaries = demo::Binaries {
        folder: demo::binaries_beside(&std::env::current_exe()?)?,
        program: program_path(),
    };
    let started = Instant::now();
    let shell = Arc::new(Mutex::new(Shell::of_terminal()));
    let telling = Arc::clone(&shell);
    let tell = move |told: Told<'_>| {
        let mut shell = telling.lock().unwrap_or_else(PoisonError::into_inner);
        shell.tell(told, started.elapsed());
    };
    let stage = Stage::start_at(folder.to_owned(), binaries, Box::new(tell)).await?;
    if let Ok(mut shell) = shell.lock() {
        shell.line("Commands can be copied while the network runs (--keep), in a shell of this:");
        shell.commands_begin(folder);
    }
    demo::play(stage).await
}

/// How each service's log ends.
fn show_logs(folder: &Path) {
    let files = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut shell = Shell::of_terminal();
    for path in files.map(|file| file.path()) {
        if path.extension().is_none_or(|extension| extension != "log") {
            continue;
        }
        let log = std::fs::read_to_string(&path).unwrap_or_default();
        let lines: Vec<_> = log.lines().collect();
        if lines.is_empty() {
            continue;
        }
        shell.line(&format!("{} ends like this:", path.display()));
        for line in &lines[lines.len().saturating_sub(SHOWN)..] {
            shell.line(&format!("    {line}"));
        }
    }
}
