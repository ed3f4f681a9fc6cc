//! A default with a loss, and then every order in which holders may leave: all have the same share.

use {
    specie::math::Rounding,
    specie_client::units::Tokens,
    specie_tests::{
        event,
        world::{ONE, PRICE, Session, VaultPlan, World},
    },
};

const DAY: i64 = 24 * 3_600;
/// How long the premium takes to its maximum.
const TO_THE_MAXIMUM: i64 = 20 * 600;

/// Three holders of 40 tokens each when "south" defaults: two with tokens, one with a voucher of "south" that is over.
fn three_claims() -> World {
    let south = VaultPlan::named("south").rate(8 * 790).pledge(2 * DAY);
    let mut world = World::new()
        .vault(VaultPlan::named("north"))
        .vault(south.collateral(154 * ONE + 3))
        .price(PRICE)
        .holder("redeems", 0)
        .holder("sells", 0)
        .holder("reclaims", 0)
        .holder("stays", 0)
        .issued("north", "redeems", 40 * ONE)
        .issued("south", "sells", 40 * ONE)
        .issued("south", "reclaims", 40 * ONE)
        .issued("south", "stays", 60 * ONE + 7);
    let (south, owner) = (world.vendor("south"), world.the_holder("reclaims"));
    let session = world.opened(&owner, &south, "session", 40 * ONE);
    let close = world.request_close(&session);
    world.ok(&close);
    world.defaulted(&south)
}

/// What tokens stand for now.
fn worth(world: &World, tokens: u64) -> u64 {
    let units = Tokens::new(tokens).units(world.backing(), Rounding::Down);
    units.unwrap().get()
}

/// Lets one holder exit; returns the units that 40 tokens brought.
fn exit(world: &mut World, name: &str) -> u64 {
    let (north, south) = (world.vendor("north"), world.vendor("south"));
    let holder = world.the_holder(name);
    match name {
        "redeems" => {
            let session = world.opened(&holder, &north, "redeemed", 40 * ONE);
            world.voucher_state(&session).units.get()
        }
        "sells" => {
            let call = world.liquidate(&holder, &south, 40 * ONE);
            let outcome = world.ok(&call);
            let units = event!(outcome, Liquidated).units.get();
            assert_eq!(world.chain.tokens(&holder.stable), units * 2);
            units
        }
        _ => {
            let session = Session {
                opened_at: 0,
                ..world.session(&holder, &south, "session")
            };
            let call = world.reclaim(&session);
            world.ok(&call);
            let tokens = world.chain.tokens(&holder.tokens);
            assert_eq!(tokens, 40 * ONE);
            worth(world, tokens)
        }
    }
}

#[test]
fn every_order_of_redeeming_selling_and_reclaiming_brings_all_the_same() {
    let orders = [
        ["redeems", "sells", "reclaims"],
        ["redeems", "reclaims", "sells"],
        ["sells", "redeems", "reclaims"],
        ["sells", "reclaims", "redeems"],
        ["reclaims", "redeems", "sells"],
        ["reclaims", "sells", "redeems"],
    ];
    let start = three_claims();
    // All three claims are 40 tokens at the same backing.
    let expected = worth(&start, 40 * ONE);
    assert!(expected < 28 * ONE, "{expected}");
    for order in orders {
        let mut world = start.clone();
        for name in order {
            // Each exit is rounded down, which leaves the others more by less than a unit.
            let units = exit(&mut world, name);
            assert!(
                units.abs_diff(expected) <= 1,
                "{name} in {order:?}: {units}"
            );
        }
    }
}

#[test]
fn every_order_of_three_sellers_is_paid_all_the_same() {
    let mut start = three_claims();
    exit(&mut start, "reclaims");
    start.chain.warp(TO_THE_MAXIMUM);
    let names = ["redeems", "sells", "reclaims"];
    let mut first = None;
    for (a, b, c) in [
        (0, 1, 2),
        (0, 2, 1),
        (1, 0, 2),
        (1, 2, 0),
        (2, 0, 1),
        (2, 1, 0),
    ] {
        let mut world = start.clone();
        let south = world.vendor("south");
        for name in [a, b, c].map(|i| names[i]) {
            let seller = world.the_holder(name);
            // A third of what is up for sale each, to the unit.
            let call = world.liquidate(&seller, &south, 38 * ONE);
            world.ok(&call);
            let paid = world.chain.tokens(&seller.stable);
            let first = *first.get_or_insert(paid);
            assert!(paid.abs_diff(first) <= 1, "{name}: {paid} and {first}");
        }
    }
}
