//! Two of three attestors' keys in an attacker's hands: what they take, beside what honest business leaves everybody.

use {
    specie::errors::SpecieError,
    specie_client::{
        state::Proposal,
        units::{Quote, Units},
    },
    specie_tests::world::{ONE, Party, VaultPlan, Vendor, World},
};

const DAY: i64 = 86_400;
const HOUR: i64 = 3_600;

/// Collateral base units that an attack may move in anybody's favour: none.
const TOLERANCE: u64 = 0;

/// What everybody has, in units of the collateral token and of the currency's.
#[derive(Debug, PartialEq, Eq)]
struct Standing {
    collateral: Quote,
    insurance: u64,
    alice: (u64, u64),
    mallory: (u64, u64),
    owed: Units,
}

fn standing(world: &World, vendor: &Vendor) -> Standing {
    let balances = world.vault_state(vendor).balances;
    let holds = |name: &str| {
        let holder = world.the_holder(name);
        let tokens = world.chain.tokens(&holder.tokens);
        (world.chain.tokens(&holder.stable), tokens)
    };
    Standing {
        collateral: balances.collateral,
        insurance: world.chain.tokens(&world.insurance()),
        alice: holds("alice"),
        mallory: holds("mallory"),
        owed: balances.outstanding.plus(balances.open).expect("units"),
    }
}

/// "north" is covered to twice what it owes, to Alice for the most part; Mallory holds 30 tokens and two attestors' keys.
fn world() -> (World, Vendor) {
    let plan = VaultPlan::named("north").rate(790).pledge(20 * DAY);
    let world = World::new()
        .vault(plan.collateral(200 * ONE))
        .insured(100 * ONE);
    let world = world.price(2 * ONE).holder("alice", 0).holder("mallory", 0);
    let world = world
        .issued("north", "alice", 70 * ONE)
        .issued("north", "mallory", 30 * ONE);
    let vendor = world.vendor("north");
    (world, vendor)
}

/// Two keys cut the vault's capacity to nothing and have its margin called, to default it and sell to the liquidation. The
/// authority schedules other attestors at the end of the second day, the last moment that the rules leave it.
#[test]
fn captured_attestors_are_replaced_before_a_vault_defaults() {
    let (mut world, vendor) = world();
    let before = standing(&world, &vendor);
    let attested = world.vault_state(&vendor).attested;
    let cut = world.attest_capacity(&vendor, 0, attested.ends_at.get());
    world.ok(&cut);
    let call = world.call_margin(&vendor);
    world.ok(&call);
    let called_at = world.chain.now();

    // The attackers post prices all the while: silence would stop the clock.
    let mut world = world.attended(2 * DAY);
    let mut honest: Vec<_> = (0..3)
        .map(|i| world.party(&format!("honest attestor {i}")))
        .collect();
    honest.sort_by_key(Party::key);
    let keys = honest.iter().map(Party::key).collect();
    let replacement = world.scheduled(Proposal::Quorum { threshold: 2, keys });
    let mut world = world.attended(3 * DAY);
    let default = world.default_vault(&vendor);
    world.refuses(&default, SpecieError::CurePeriodRunning);
    let execute = world.execute_change(&replacement);
    world.ok(&execute);
    (world.attestors, world.threshold) = (honest, 2);
    let ends_at = attested.ends_at.get();
    let measured = world.attest_capacity(&vendor, attested.rate.get(), ends_at);
    world.ok(&measured);

    // With the last second of the cure period the capacity counts again.
    let left = called_at + 6 * DAY - world.chain.now();
    assert!(left >= HOUR);
    let mut world = world.attended(left);
    let default = world.default_vault(&vendor);
    world.refuses(&default, SpecieError::NothingShort);
    let clear = world.call_margin(&vendor);
    world.ok(&clear);

    let after = standing(&world, &vendor);
    assert_eq!(after, before, "tolerance {TOLERANCE}");
    let alice = world.the_holder("alice");
    world.opened(&alice, &vendor, "served", 70 * ONE);
}

/// Rulings that nobody asked for: the owner of a voucher keeps it, whatever the quorum finds.
#[test]
fn rulings_that_nobody_asked_for_end_no_voucher() {
    let (mut world, vendor) = world();
    let alice = world.the_holder("alice");
    let session = world.opened(&alice, &vendor, "session", 40 * ONE);
    world.chain.warp(1);
    let before = standing(&world, &vendor);
    for units in [1, 40 * ONE, u64::MAX] {
        let ruling = world.ruling(&session, units);
        let call = world.rule_breach(&session, &ruling);
        let alone = call.unsigned(&alice.party);
        world.refuses(&alone, SpecieError::RulingWithoutOwner);
    }
    assert_eq!(standing(&world, &vendor), before);
    // The voucher is served to its last unit.
    let receipt = world.receipt(&session, 40 * ONE);
    let settle = world.settle(&vendor, &[receipt]);
    world.ok(&settle);
    assert!(world.chain.account(&session.voucher).is_none());
}
