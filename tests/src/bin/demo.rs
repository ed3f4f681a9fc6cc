//! `cargo xtask demo` builds everything and runs this.

use anyhow::Result;
use specie_tests::{demo, world::program_path};
use std::time::Instant;

#[tokio::main]
async fn main() -> Result<()> {
    let started = Instant::now();
    let binaries = demo::Binaries {
        folder: demo::binaries_beside(&std::env::current_exe()?)?,
        program: program_path(),
    };
    let story = demo::play(binaries, echo, |line| {
        println!("{:>6.1} s  {line}", started.elapsed().as_secs_f64());
    })
    .await?;
    println!(
        "\nThe closing table, read from the chain:\n\n{}",
        story.books
    );
    println!(
        "  {} tokens were bought; {} SCU of them consumed, the rest is in the wallet. Every balance adds up.",
        demo::amount(story.bought),
        demo::amount(story.consumed)
    );
    Ok(())
}

/// Shows a command as one would type it, key files by their names.
fn echo(arguments: &[&str]) {
    let typed: Vec<_> = arguments
        .iter()
        .map(|argument| argument.rsplit('/').next().unwrap_or(argument))
        .collect();
    println!("          $ specie {}", typed.join(" "));
}
