//! Random worlds: every instruction of the program, and what happens beside it, in any order and at any time. Each action
//! is done on the chain and in the model, which must come to the same, and afterwards every invariant must hold.
//!
//! `SPECIE_ACTIONS` says how many in all (200,000), `SPECIE_SEED` plays the worlds of another seed. A failure prints a short
//! script, after at most `SPECIE_SHRINKING` seconds (90); `SPECIE_SCRIPT=file` plays one, and the scripts in
//! `tests/worlds/scripts` are played always.

mod generate;
mod invariants;
mod lockstep;
mod observe;
mod perform;
mod script;
mod stage;
mod tally;

use {
    generate::Generator,
    lockstep::Lockstep,
    script::Script,
    std::{
        env,
        path::Path,
        sync::{
            Mutex,
            atomic::{AtomicBool, AtomicU64, Ordering},
        },
        thread,
        time::{Duration, Instant},
    },
    tally::Tally,
};

/// Actions of a run, if nobody says otherwise.
const ACTIONS: u64 = 200_000;
/// Actions of one world, after which another begins.
const ACTIONS_OF_A_WORLD: usize = 1_000;
/// Seed of the worlds that are always played; half of a run is of a new seed.
const SEED: u64 = 1;
/// For how many seconds a failing script may be shortened.
const SHRINKING: u64 = 90;
/// A run of fewer actions says nothing of how often an instruction succeeds.
const ENOUGH_FOR_SHARES: u64 = 20_000;

fn number(name: &str) -> Option<u64> {
    env::var(name).ok().map(|text| {
        text.parse()
            .unwrap_or_else(|_| panic!("{name} is a number"))
    })
}

/// Plays a world of a seed; on a failure, its script.
fn play(seed: u64, actions: usize) -> Result<Tally, Script> {
    let mut lockstep = Lockstep::begin(&generate::founding(seed));
    let mut generator = Generator::new(seed);
    let mut script = Script {
        seed,
        actions: Vec::new(),
    };
    let mut tally = Tally::default();
    for _ in 0..actions {
        let action = generator.next(&lockstep.model);
        script.actions.push(action.clone());
        match lockstep.step(&action) {
            Ok(outcome) => {
                generator.note(&action, outcome.is_ok());
                tally.note(action.name(), outcome);
            }
            Err(_) => return Err(script),
        }
    }
    Ok(tally)
}

/// Panics with what is needed to see the failure again.
fn report(script: Script) -> ! {
    let seconds = number("SPECIE_SHRINKING").unwrap_or(SHRINKING);
    let shrunk = script.shrunk(Duration::from_secs(seconds));
    let (_, failure) = shrunk.play().expect_err("it failed before");
    panic!(
        "{failure}\n\nIn the world of seed {}, by this script (SPECIE_SCRIPT=file plays it):\n\n{shrunk}",
        shrunk.seed
    );
}

#[test]
fn program_and_model_agree() {
    let actions = number("SPECIE_ACTIONS").unwrap_or(ACTIONS);
    let fresh = number("SPECIE_SEED").unwrap_or_else(rand::random);
    println!("seeds {SEED} and {fresh} (SPECIE_SEED={fresh} plays the same worlds)");
    let worlds = actions.div_ceil(ACTIONS_OF_A_WORLD as u64);
    let (next, failed) = (AtomicU64::new(0), AtomicBool::new(false));
    let (tally, failure) = (
        Mutex::new(Tally::default()),
        Mutex::new(None::<(u64, Script)>),
    );
    let started = Instant::now();
    let play_worlds = || {
        while !failed.load(Ordering::Relaxed) {
            let world = next.fetch_add(1, Ordering::Relaxed);
            if world >= worlds {
                return;
            }
            let seed = if world % 2 == 0 { SEED } else { fresh };
            let left = actions - world * ACTIONS_OF_A_WORLD as u64;
            let seed = seed.wrapping_mul(1_000_003).wrapping_add(world);
            match play(seed, ACTIONS_OF_A_WORLD.min(left as usize)) {
                Ok(counts) => tally.lock().expect("no panic").add(&counts),
                Err(script) => {
                    failed.store(true, Ordering::Relaxed);
                    let mut failure = failure.lock().expect("no panic");
                    // Of the worlds that fail, the first: it is the same one in every run, however many play at once.
                    if failure.as_ref().is_none_or(|(first, _)| world < *first) {
                        *failure = Some((world, script));
                    }
                }
            }
        }
    };
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(play_worlds);
        }
    });
    if let Some((_, script)) = failure.into_inner().expect("no panic") {
        report(script);
    }
    let (tally, took) = (tally.into_inner().expect("no panic"), started.elapsed());
    let each_second = tally.attempts() as f64 / took.as_secs_f64();
    println!(
        "{} actions in {took:.0?}, {each_second:.0} a second\n\n{tally}",
        tally.attempts()
    );
    let rare = tally.rare();
    assert!(
        actions < ENOUGH_FOR_SHARES || rare.is_empty(),
        "too rarely successful: {rare:?}"
    );
}

/// Plays the scripts that once failed, and the one that `SPECIE_SCRIPT` names.
#[test]
fn scripts_play_without_a_failure() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("worlds/scripts");
    let kept = std::fs::read_dir(folder).into_iter().flatten();
    let kept = kept.map(|entry| entry.expect("an entry").path());
    for path in kept.chain(env::var_os("SPECIE_SCRIPT").map(Into::into)) {
        let text =
            std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let script: Script = text
            .parse()
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        if let Err((at, failure)) = script.play() {
            panic!("{}: at {}\n{failure}", path.display(), script.actions[at]);
        }
    }
}
