//! What `cargo xtask demo` shows, as a test: [`specie_tests::demo::play`] fails where a balance does not add up.

use crate::{binaries, quiet};
use specie_tests::demo;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn from_an_empty_network_to_compute_bought_redeemed_and_consumed() {
    let mut told = 0;
    let story = demo::play(binaries(), quiet, |_| told += 1).await.unwrap();
    assert!(told > 10, "every step is told");
    assert_eq!(story.bought, 85_500_000);
    assert!(story.consumed > 0, "something was consumed");
    assert_eq!(story.books.supply, story.bought - story.consumed);
    let delivered: u64 = story
        .books
        .vaults
        .iter()
        .map(|(_, balances, _)| balances.delivered.get())
        .sum();
    assert_eq!(delivered, story.consumed);
}
