//! What `cargo xtask demo` shows, as a test: [`specie_tests::demo::play`] fails where a balance does not add up.

use crate::binaries;
use specie_tests::demo::{self, Shell, Stage, Told};
use std::{
    io::{self, Write},
    sync::{Arc, Mutex},
    time::Duration,
};

/// Lines that `cargo xtask demo` may print, and those of them that it prints around the demo.
const LINES: usize = 100;
const AROUND: usize = 9;
const WIDTH: usize = 80;

/// What was printed.
#[derive(Clone, Default)]
struct Printed(Arc<Mutex<Vec<u8>>>);

impl Write for Printed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn from_an_empty_network_to_compute_bought_redeemed_and_consumed() {
    let printed = Printed::default();
    let shell = Shell::of_width(WIDTH, Box::new(printed.clone()));
    let shell = Arc::new(Mutex::new(shell));
    let counts = Arc::new(Mutex::new((0, 0)));
    let (telling, counting) = (Arc::clone(&shell), Arc::clone(&counts));
    let tell = Box::new(move |told: Told<'_>| {
        let mut counts = counting.lock().unwrap();
        match told {
            Told::Part(_) => counts.0 += 1,
            Told::Step(_) => counts.1 += 1,
            Told::Name(..) | Told::Command { .. } => {}
        }
        telling.lock().unwrap().tell(told, Duration::ZERO);
    });
    let stage = Stage::start(binaries(), tell).await.unwrap();
    let folder = stage.folder().to_owned();
    shell.lock().unwrap().commands_begin(&folder);
    let story = demo::play(stage).await.unwrap();
    shell.lock().unwrap().books(&story);
    let (parts, steps) = *counts.lock().unwrap();
    assert_eq!(parts, 6);
    assert!(steps > 2 * parts, "every part is told in steps");
    assert_eq!(story.bought, 85_500_000);
    assert_eq!(story.books.supply, story.bought - story.consumed);
    let delivered: Vec<u64> = story
        .books
        .vaults
        .iter()
        .map(|(_, balances, _)| balances.delivered.get())
        .collect();
    assert!(delivered.iter().all(|units| *units > 0), "{delivered:?}");
    assert_eq!(delivered.iter().sum::<u64>(), story.consumed);

    let text = String::from_utf8(printed.0.lock().unwrap().clone()).unwrap();
    assert!(text.lines().count() <= LINES - AROUND, "{text}");
    let longest = text.lines().map(|line| line.chars().count()).max();
    assert!(longest.unwrap() <= WIDTH, "{text}");
    // Addresses are variables by then, and files are named from the folder.
    assert!(text.contains("$ specie -C wallet.yml wallet buy 60 --vault $NORTH\n"));
    assert!(text.contains("\n  $ NORTH="), "{text}");
}
