//! `cargo xtask demo` builds everything and runs this.

use anyhow::Result;
use specie_tests::{
    demo::{self, Told},
    world::program_path,
};
use std::time::Instant;

#[tokio::main]
async fn main() -> Result<()> {
    let started = Instant::now();
    let binaries = demo::Binaries {
        folder: demo::binaries_beside(&std::env::current_exe()?)?,
        program: program_path(),
    };
    let story = demo::play(binaries, echo, &mut |told| match told {
        Told::Part(title) => println!("\n{title}\n"),
        Told::Step(step) => println!("{:>6.1} s  {step}", started.elapsed().as_secs_f64()),
    })
    .await?;
    println!("\nWho has what now, read from the chain\n\n{}", story.books);
    println!(
        "  {} tokens were bought; {} of them were consumed, the rest is in the wallet. Every balance adds up.",
        demo::amount(story.bought),
        demo::amount(story.consumed)
    );
    Ok(())
}

/// Shows a command as one would type it: key files by their names, addresses by their ends.
fn echo(arguments: &[&str]) {
    let typed: Vec<_> = arguments.iter().map(|argument| brief(argument)).collect();
    println!("          $ specie {}", typed.join(" "));
}

fn brief(argument: &str) -> String {
    let is_address = (32..=44).contains(&argument.len())
        && argument.bytes().all(|byte| byte.is_ascii_alphanumeric());
    match argument {
        address if is_address => format!("{}…{}", &address[..4], &address[address.len() - 4..]),
        path if path.starts_with('/') => path.rsplit('/').next().unwrap_or(path).to_owned(),
        word => word.to_owned(),
    }
}
