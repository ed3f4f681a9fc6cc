//! What `cargo xtask demo` shows, as a test: [`specie_tests::demo::play`] fails where a balance does not add up.

use crate::{binaries, quiet};
use specie_tests::demo::{self, Told};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn from_an_empty_network_to_compute_bought_redeemed_and_consumed() {
    let (mut parts, mut steps) = (0, 0);
    let story = demo::play(binaries(), quiet, &mut |told| match told {
        Told::Part(_) => parts += 1,
        Told::Step(_) => steps += 1,
    })
    .await
    .unwrap();
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
}
