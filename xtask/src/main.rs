//! Specie's own commands: `cargo xtask build`, `test`, `demo`, `idl`, `vectors`, `sdk`, `page`, `bench`, `load`, `planted`,
//! `mutants`, `scenario`, `words` and `ci`.
//!
//! Each installs what it needs, says in a line for each step what it is doing and for how long, and, when it cannot go
//! on, what to do next. What the programs say that it runs is in target/logs. What a command does is one file; this one only reads the command line.
// `println!` panics on a closed pipe: specie-stdout writes instead.
#![deny(clippy::print_stdout, clippy::print_stderr)]

mod arrows;
mod bench;
mod borders;
mod debian;
mod demo;
mod generated;
mod history;
mod idl;
mod load;
mod log;
mod mutants;
mod node;
mod page;
mod planted;
mod process;
mod program;
mod progress;
mod python;
mod scenario;
mod sdk;
mod suite;
mod tally;
mod vectors;
mod words;
mod workspace;

use {
    anyhow::Result,
    clap::{Parser, Subcommand},
    program::Arch,
    std::process::ExitCode,
};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Specie's build, test and demo commands")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Builds the program for Solana: target/deploy/specie.so
    Build {
        /// Builds with Solana's own `cargo build-sbf` instead of the hermetic build
        #[arg(long, conflicts_with = "check_reproducible")]
        platform_tools: bool,
        /// The version of sBPF: v3 for deployment, v0 for older networks
        #[arg(long, value_enum, default_value_t = Arch::V3)]
        arch: Arch,
        /// Builds again from nothing in another folder and compares the bytes
        #[arg(long)]
        check_reproducible: bool,
    },
    /// Shows the whole of Specie at work on an embedded network
    Demo {
        /// Keeps the network until Ctrl-C, for the commands that the demo shows
        #[arg(long)]
        keep: bool,
    },
    /// Formatting, lints, the program's build, every test, and that generated files are up to date
    Test {
        /// Runs only tests whose names contain one of these, and nothing else
        filters: Vec<String>,
    },
    /// Writes idl/specie.json from the program
    Idl {
        /// Fails if the committed file differs, and writes nothing
        #[arg(long)]
        check: bool,
    },
    /// Writes the golden vectors of the signed messages
    Vectors {
        /// Fails if the committed file differs, and writes nothing
        #[arg(long)]
        check: bool,
    },
    /// Checks the TypeScript SDK: what is generated, types, lints, tests in Node.js and in Chromium, sizes
    Sdk,
    /// Checks the page: types, lints, messages, unit tests, its bundle's size, and its tests in Chromium on a network
    Page,
    /// Measures the compute units of every instruction: bench/compute_units.md
    Bench {
        /// Fails if the committed table differs, and writes nothing
        #[arg(long)]
        check: bool,
    },
    /// Measures how much a gateway serves on one core: bench/gateway_load.md
    Load {
        /// Another load than the usual one, which is then only printed; `-- --help` lists what there is
        #[arg(last = true)]
        arguments: Vec<String>,
    },
    /// Plants a bug for each invariant in a copy of the program; the random worlds must notice every one
    Planted,
    /// Changes the program's rules one by one; some test must notice each, or tests/mutants.toml say why none can
    Mutants(mutants::Arguments),
    /// Plays a year with five crashes and failing vendors: docs/scenario.md and docs/scenario.svg
    Scenario {
        /// Fails if a committed file differs, and writes nothing
        #[arg(long)]
        check: bool,
    },
    /// Checks that comments, names, texts and documents use no word that has a standard one
    Words,
    /// What continuous integration runs: everything in `test`, that compute units and the replayed year are as committed,
    /// that planted bugs are noticed, and that the build is reproducible
    Ci,
}

impl Command {
    /// What the command is called on the command line.
    fn name(&self) -> &'static str {
        match self {
            Self::Build { .. } => "build",
            Self::Demo { .. } => "demo",
            Self::Test { .. } => "test",
            Self::Idl { .. } => "idl",
            Self::Vectors { .. } => "vectors",
            Self::Sdk => "sdk",
            Self::Page => "page",
            Self::Bench { .. } => "bench",
            Self::Load { .. } => "load",
            Self::Planted => "planted",
            Self::Mutants(_) => "mutants",
            Self::Scenario { .. } => "scenario",
            Self::Words => "words",
            Self::Ci => "ci",
        }
    }
}

fn main() -> ExitCode {
    let arguments: Arguments = match specie_stdout::arguments() {
        Ok(arguments) => arguments,
        Err(code) => return code,
    };
    match run(arguments.command) {
        Ok(code) => code,
        Err(error) => {
            progress::show_log();
            specie_stdout::error_line(format_args!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<ExitCode> {
    log::begin(command.name())?;
    match command {
        Command::Build {
            platform_tools: true,
            arch,
            ..
        } => program::build_with_platform_tools(arch)?,
        Command::Build {
            arch,
            check_reproducible,
            ..
        } => program::build(arch, check_reproducible)?,
        Command::Demo { keep } => demo::run(keep)?,
        Command::Test { filters } if filters.is_empty() => return suite::run(suite::Scope::Test),
        Command::Test { filters } => return suite::run_matching(&filters),
        Command::Idl { check } => idl::command(check)?,
        Command::Vectors { check } => vectors::command(check)?,
        Command::Sdk => sdk::command()?,
        Command::Page => page::command()?,
        Command::Bench { check } => bench::command(check)?,
        Command::Load { arguments } => load::command(&arguments)?,
        Command::Planted => planted::command()?,
        Command::Mutants(arguments) => mutants::command(&arguments)?,
        Command::Scenario { check } => scenario::command(check)?,
        Command::Words => words::check()?,
        Command::Ci => return suite::run(suite::Scope::ContinuousIntegration),
    }
    Ok(ExitCode::SUCCESS)
}
