//! Tokens that are sent, staked and earn; fees that are distributed.

use crate::world::{Market, amount, change};

const SCU: u64 = 1_000_000;

#[test]
fn tokens_are_sent_to_an_owner() {
    let market = Market::open();
    let (world, mint) = (&market.world, &market.mint);
    world.json(&format!(
        "wallet buy 3 --vault {} --keypair buyer.json",
        market.vault
    ));
    let send = |amount: &str, to: &str| {
        format!("wallet send {amount} --to {to} --currency {mint} --keypair buyer.json")
    };
    let sent = world.json(&send("1.25", "stranger.json"));
    assert_eq!(change(&sent, "tokens of the sender"), (3 * SCU, 1_750_000));
    assert_eq!(change(&sent, "tokens of the receiver"), (0, 1_250_000));
    world.fails(
        &send("2", "stranger.json"),
        7,
        &["needs 2 tokens", "holds 1.75", "nothing was sent"],
    );
    world.fails(&send("0", "stranger.json"), 2, &["name an amount"]);
    world.fails(&send("1", mint), 2, &["name its owner with --to"]);
}

#[test]
fn stakes_earn_a_part_of_the_fees() {
    let market = Market::open();
    let (world, mint) = (&market.world, &market.mint);
    let verb = |verb: &str| format!("wallet {verb} --currency {mint} --keypair buyer.json");
    world.fails(
        &verb("unstake 1"),
        7,
        &["has staked no tokens", "wallet stake"],
    );
    world.fails(&verb("claim"), 7, &["has staked no tokens"]);
    world.fails(&verb("stake 1"), 7, &["needs 1 tokens"]);
    world.json(&format!(
        "wallet buy 50 --vault {} --keypair buyer.json",
        market.vault
    ));
    let staked = world.json(&verb("stake 4"));
    assert_eq!(change(&staked, "staked tokens"), (0, 4 * SCU));
    world.fails(&verb("claim"), 6, &["NothingToClaim"]);

    let distribute = format!("currency distribute {mint} --keypair vendor.json");
    let distributed = world.json(&distribute);
    let (before, after) = change(&distributed, "revenue");
    assert!(before > 0 && after < before, "{distributed:#}");
    world.fails(&distribute, 6, &["revenue"]);

    world.advance(8 * 86_400);
    world.fails(&verb("unstake 5"), 6, &["StakeExceeded"]);
    let unstaked = world.json(&verb("unstake 4"));
    assert_eq!(change(&unstaked, "staked tokens"), (4 * SCU, 0));
    let claimed = world.json(&verb("claim"));
    let (before, after) = change(&claimed, "collateral tokens of the owner");
    assert!(after > before, "{claimed:#}");
    let balance = world.json(&format!(
        "wallet balance --currency {mint} --keypair buyer.json"
    ));
    assert_eq!(amount(&balance["tokens"]), 50 * SCU);
}
