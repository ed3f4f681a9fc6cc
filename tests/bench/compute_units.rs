//! Prints the table of what each instruction costs: the built program, with the keys of 256 worlds.
//!
//! Compute units are deterministic; what differs between worlds is how many bumps their addresses take. `cargo xtask bench`
//! writes the table to bench/compute_units.md, and `cargo xtask bench --check` compares.
// `println!` panics on a closed pipe: specie-stdout writes instead.
#![deny(clippy::print_stdout, clippy::print_stderr)]

use {
    specie_client::event::Event,
    specie_stdout::Stdout,
    specie_tests::world::{life, program_bytes},
    std::{
        collections::BTreeMap,
        io,
        sync::atomic::{AtomicU64, Ordering},
        thread,
    },
};

/// How many worlds' keys are tried.
const WORLDS: u64 = 256;

/// The steps of a life in the order of the table, and the most that each may cost.
const ROWS: [(&str, Option<u64>); 42] = [
    ("create_currency", None),
    ("schedule_change", None),
    ("execute_change", None),
    ("cancel_change", None),
    ("pause", None),
    ("resume", None),
    ("post_price, three signatures", None),
    ("open_vault", None),
    ("update_vault", None),
    ("suspend_vault", None),
    ("reinstate_vault", None),
    ("attest_capacity, three signatures", Some(2_000)),
    ("veto_attestation", None),
    ("deposit_collateral", Some(4_000)),
    ("request_withdrawal", None),
    ("withdraw_collateral", Some(3_500)),
    ("issue", Some(3_200)),
    ("purchase, three payments", Some(5_000)),
    ("purchase, one payment", Some(4_300)),
    ("redeem", Some(4_300)),
    ("settle, one receipt", Some(1_250)),
    ("settle, one receipt that closes the voucher", None),
    ("settle, five receipts", Some(2_750)),
    ("settle, two receipts after a default", None),
    ("request_close", None),
    ("reclaim", None),
    ("release_voucher", None),
    ("challenge", None),
    ("answer", None),
    ("compensate", None),
    ("rule_breach, three signatures", None),
    ("call_margin", None),
    ("default_vault", None),
    ("liquidate", None),
    ("liquidate, from both", None),
    ("close_vault", None),
    ("distribute", None),
    ("stake, the first tokens", Some(3_770)),
    ("stake", Some(3_770)),
    ("unstake", None),
    ("claim", Some(3_770)),
    ("claim that closes the stake", Some(3_770)),
];

/// The most that the program's file may hold, in bytes.
const SIZE_TARGET: usize = 200 * 1_024;

#[derive(Clone, Copy)]
struct Range {
    least: u64,
    most: u64,
}

type Costs = BTreeMap<&'static str, Range>;

fn main() -> io::Result<()> {
    let costs = measure();
    let mut out = Stdout::new();
    out.line(format_args!("# Compute units\n"))?;
    out.line(format_args!(
        "Written by `cargo xtask bench`: the built program with the keys of {WORLDS} worlds, calls of other"
    ))?;
    out.line(format_args!(
        "programs included, the Ed25519 program's cost not. Addresses cost more where their bump is lower.\n"
    ))?;
    out.line(format_args!("| instruction | least | most | target |"))?;
    out.line(format_args!("|---|---:|---:|---:|"))?;
    for (name, target) in ROWS {
        let Range { least, most } = costs[name];
        out.line(format_args!(
            "| {name} | {least} | {most} | {} |",
            against(most, target)
        ))?;
    }
    let size = program_bytes().len();
    let target = against(size as u64, Some(SIZE_TARGET as u64));
    out.line(format_args!(
        "\nThe program's file holds {size} bytes; the target is {target}.\n"
    ))?;
    out.line(format_args!("| event | bytes in the log |"))?;
    out.line(format_args!("|---|---:|"))?;
    for (name, size) in Event::ALL {
        out.line(format_args!("| {name} | {size} |"))?;
    }
    Ok(())
}

/// The target, and by how much it is missed.
fn against(measured: u64, target: Option<u64>) -> String {
    match target {
        None => String::new(),
        Some(target) if measured <= target => format!("{target}"),
        Some(target) => format!("{target}, missed by {}", measured - target),
    }
}

fn measure() -> Costs {
    let next = AtomicU64::new(0);
    let worker = || {
        let mut costs = Costs::new();
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= WORLDS {
                return costs;
            }
            measure_world(seed, &mut costs);
        }
    };
    let cores = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        let workers: Vec<_> = (0..cores).map(|_| scope.spawn(worker)).collect();
        let mut all = Costs::new();
        for worker in workers {
            for (name, range) in worker.join().expect("a world lives to its end") {
                widen(&mut all, name, range);
            }
        }
        all
    })
}

fn measure_world(seed: u64, costs: &mut Costs) {
    life(seed, |name, world, call| {
        let outcome = world.chain.send(call).expect_success();
        let [units] = outcome.program_units()[..] else {
            panic!("{name} calls the program once");
        };
        let range = Range {
            least: units,
            most: units,
        };
        widen(costs, name, range);
    });
}

fn widen(costs: &mut Costs, name: &'static str, by: Range) {
    let range = costs.entry(name).or_insert(by);
    range.least = range.least.min(by.least);
    range.most = range.most.max(by.most);
}
