//! Attestors on different machines: files instead of keys travel.

use crate::world::{Market, World, amount};

#[test]
fn a_price_signed_apart_is_submitted_by_anybody() {
    let market = Market::open();
    let world = &market.world;
    world.advance(600);
    world.json(&format!(
        "attestor sign price 2.05 --currency {} --key first.json --out first.price",
        market.mint
    ));
    // Cosigning needs no network: nothing listens on this port.
    let cosigned = world
        .command("attestor cosign first.price --key second.json --out second.price --url http://127.0.0.1:9")
        .output()
        .unwrap();
    assert!(cosigned.status.success());
    world.fails(
        "attestor submit first.price --keypair buyer.json",
        6,
        &["BelowThreshold"],
    );
    let submit = world.json("attestor submit first.price second.price --keypair buyer.json");
    assert_eq!(submit["signatures"], 2);
    let show = world.json(&format!("currency show {}", market.mint));
    assert_eq!(amount(&show["price"]), 2_050_000);
    assert_eq!(show["priceSequence"], 2);
    world.fails(
        "attestor submit first.price second.price --keypair buyer.json",
        6,
        &["PriceNotNewer"],
    );
}

#[test]
fn a_capacity_is_cosigned_only_for_what_was_found() {
    let market = Market::open();
    let (world, vault) = (&market.world, &market.vault);
    world.json(&format!(
        "attestor sign capacity {vault} --rate 6000 --until 60d --inventory inventory.json --key first.json --out a.capacity"
    ));
    std::fs::write(world.path("other.json"), "other devices").unwrap();
    let cosign = |found: &str| {
        format!("attestor cosign a.capacity --key second.json --out b.capacity {found}")
    };
    for (found, code, says) in [
        (
            "",
            2,
            vec![
                "states 6000 TFLOP/s",
                "--rate",
                "--inventory",
                "Nothing was signed",
            ],
        ),
        ("--rate 6000", 2, vec!["--inventory"]),
        (
            "--rate 5999 --inventory inventory.json",
            8,
            vec!["states 6000 TFLOP/s, and you measured 5999", "at most 5999"],
        ),
        (
            "--rate 6000 --inventory other.json",
            8,
            vec!["is about the inventory", "the one that you saw is"],
        ),
    ] {
        world.fails(&cosign(found), code, &says);
        assert!(!world.path("b.capacity").exists(), "{found}");
    }
    let cosigned = world.json(&cosign("--rate 6100 --inventory inventory.json"));
    assert_eq!(cosigned["rate"], "6000");
    world.json("attestor submit a.capacity b.capacity --keypair buyer.json");
}

#[test]
fn one_attestor_vetoes_what_is_pending() {
    let market = Market::open();
    let (world, vault) = (&market.world, &market.vault);
    let measured_at = world.block_on(world.network.unix_timestamp()).unwrap();
    for (key, out) in [("first", "a.capacity"), ("second", "b.capacity")] {
        world.json(&format!(
            "attestor sign capacity {vault} --rate 9000 --until 60d --inventory inventory.json --measured-at {measured_at} \
             --key {key}.json --out {out}"
        ));
    }
    world.json("attestor submit a.capacity b.capacity --keypair buyer.json");
    let pending = |world: &World| world.json(&format!("vault show {vault}"))["pending"].clone();
    assert_eq!(pending(world)["rate"], "9000");
    world.fails(
        &format!("attestor veto {vault} --key stranger.json --keypair buyer.json"),
        6,
        &["NotAttestor"],
    );
    world.json(&format!(
        "attestor veto {vault} --key third.json --keypair buyer.json"
    ));
    assert!(pending(world).is_null());
    world.fails(
        &format!("attestor veto {vault} --key third.json --keypair buyer.json"),
        6,
        &["NothingPending"],
    );
}

#[test]
fn statements_that_cannot_count_are_refused_before_they_are_sent() {
    let market = Market::open();
    let world = &market.world;
    let price = |price: &str, keys: &str| {
        format!(
            "attestor price {price} --currency {} --keypair buyer.json {keys}",
            market.mint
        )
    };
    let both = "--key first.json --key second.json";
    world.fails(
        &price("2", both),
        6,
        &["PriceTooSoon", "price_min_interval"],
    );
    world.advance(600);
    world.fails(&price("4", both), 6, &["PriceMoveTooLarge"]);
    world.fails(&price("2", "--key first.json"), 6, &["BelowThreshold"]);
    world.fails(
        &price("2", "--key first.json --key stranger.json"),
        3,
        &["not one of this currency's quorum"],
    );
    world.fails(
        &price("2", "--key first.json --key first.json"),
        3,
        &["signs once"],
    );

    world.json(&format!(
        "attestor sign price 2 --currency {} --key first.json --out two.price",
        market.mint
    ));
    world.json(&format!(
        "attestor sign price 2.01 --currency {} --key second.json --out other.price",
        market.mint
    ));
    world.fails(
        "attestor submit two.price other.price --keypair buyer.json",
        8,
        &["attestors must sign the same fields", "cosign"],
    );
    world.fails(
        "attestor submit two.price two.price --keypair buyer.json",
        8,
        &["named already"],
    );
    world.fails(
        "attestor cosign two.price --key second.json --out other.price",
        8,
        &["exists already", "--out"],
    );
    let text = std::fs::read_to_string(world.path("two.price")).unwrap();
    std::fs::write(world.path("forged.price"), text.replace("2000000", "1")).unwrap();
    world.fails(
        "attestor submit forged.price --keypair buyer.json",
        8,
        &["the signature is not the key's"],
    );
}

#[test]
fn a_statement_for_another_cluster_is_refused() {
    let (market, other) = (Market::open(), World::new());
    let world = &market.world;
    world.json(&format!(
        "attestor sign price 2 --currency {} --key first.json --out first.price",
        market.mint
    ));
    std::fs::copy(world.path("first.price"), other.path("first.price")).unwrap();
    other.key("anybody", 1_000_000_000, 0);
    other.fails(
        "attestor submit first.price --keypair anybody.json",
        5,
        &["genesis hash", "Nothing was signed", "--url"],
    );
}
