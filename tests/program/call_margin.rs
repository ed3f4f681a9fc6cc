use {
    super::post_price::second_currency,
    specie::errors::SpecieError,
    specie_client::{
        address,
        state::{Quorum, Vault, VaultStatus},
        units::{Rate, Seconds, Timestamp, Units, Work},
    },
    specie_tests::{
        event,
        world::{ONE, PRICE, VaultPlan, Vendor, World},
    },
};

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;

/// "north" owes alice 40 SCU. Its one accelerator delivers one each hour, and is pledged for 48 hours from now less one.
fn owing() -> (World, Vendor) {
    let plan = VaultPlan::named("north").rate(790).pledge(2 * DAY);
    let world = World::new().vault(plan).price(PRICE).holder("alice", 0);
    let world = world.issued("north", "alice", 40 * ONE);
    let vendor = world.vendor("north");
    (world, vendor)
}

/// The same at the first second at which it is short.
fn short() -> (World, Vendor) {
    let (world, vendor) = owing();
    let mut world = world.attended(7 * HOUR);
    world.chain.warp(1);
    (world, vendor)
}

#[test]
fn call_margin_from_the_first_second_at_which_capacity_falls_short() {
    let (world, vendor) = owing();
    let mut world = world.attended(7 * HOUR);
    let call = world.call_margin(&vendor);
    world.refuses(&call, SpecieError::MarginUnchanged);
    world.chain.warp(1);
    let before = world.vault_state(&vendor);
    let outcome = world.ok(&call);
    let event = event!(outcome, MarginCalled);
    let now = Timestamp::new(world.chain.now());
    assert_eq!((event.vault, event.called_at), (vendor.vault, now));
    assert_eq!(event.owed_work, Work::new(40 * 790 * 3_600));
    let expected = Vault {
        margin_called_at: now,
        ..before
    };
    let after = world.vault_state(&vendor);
    assert_eq!(bytemuck::bytes_of(&after), bytemuck::bytes_of(&expected));
}

#[test]
fn call_margin_stops_issuing_and_withdrawing_and_no_exit() {
    let (mut world, vendor) = short();
    let alice = world.the_holder("alice");
    let call = world.call_margin(&vendor);
    world.ok(&call);
    let issue = world.issue(&vendor, &alice.tokens, 1);
    world.refuses(&issue, SpecieError::MarginCalled);
    let request = world.request_withdrawal(&vendor, 1);
    world.refuses(&request, SpecieError::MarginCalled);
    world.opened(&alice, &vendor, "session", 40 * ONE);
}

#[test]
fn call_margin_of_a_suspended_vault_works() {
    let (mut world, vendor) = short();
    world.edit(&vendor.vault, |v: &mut Vault| {
        v.status = VaultStatus::Suspended as u8
    });
    let call = world.call_margin(&vendor);
    world.ok(&call);
}

#[test]
fn call_margin_clears_the_call_once_new_capacity_counts_whatever_the_price() {
    let (mut world, vendor) = short();
    let call = world.call_margin(&vendor);
    world.ok(&call);
    let ends_at = world.chain.now() + 48 * HOUR;
    let attest = world.attest_capacity(&vendor, 790, ends_at);
    world.ok(&attest);
    world.refuses(&call, SpecieError::MarginUnchanged);
    world.chain.warp(3 * HOUR);
    let outcome = world.ok(&call);
    assert_eq!(event!(outcome, MarginCalled).called_at, Timestamp::ZERO);
    let vault = world.vault_state(&vendor);
    assert_eq!(vault.margin_called_at, Timestamp::ZERO);
    assert_eq!(vault.silent_at_margin_call, Seconds::ZERO);
    assert_eq!(vault.attested.ends_at, Timestamp::new(ends_at));
}

#[test]
fn call_margin_clears_the_call_once_enough_was_served() {
    let (mut world, vendor) = short();
    let call = world.call_margin(&vendor);
    world.ok(&call);
    let alice = world.the_holder("alice");
    let session = world.opened(&alice, &vendor, "session", 2 * ONE);
    world.refuses(&call, SpecieError::MarginUnchanged);
    let settle = world.settle(&vendor, &[world.receipt(&session, ONE)]);
    world.ok(&settle);
    world.ok(&call);
    assert_eq!(world.vault_state(&vendor).margin_called_at, Timestamp::ZERO);
}

#[test]
fn call_margin_where_nothing_changes_rejects() {
    let (mut world, vendor) = owing();
    let call = world.call_margin(&vendor);
    world.refuses(&call, SpecieError::MarginUnchanged);
    let (mut world, vendor) = short();
    world.ok(&call);
    world.chain.warp(1);
    world.refuses(&call, SpecieError::MarginUnchanged);
    assert!(!world.vault_state(&vendor).margin_called_at.is_zero());
}

#[test]
fn call_margin_with_a_stale_price_rejects() {
    let (mut world, vendor) = short();
    world.chain.warp(2 * HOUR);
    let call = world.call_margin(&vendor);
    world.refuses(&call, SpecieError::PriceStale);
    let mut world = world.price(PRICE);
    world.ok(&call);
}

#[test]
fn call_margin_while_attestors_are_silent_calls_nobody() {
    let plan = VaultPlan::named("north").pledge(60 * DAY);
    let world = World::new().vault(plan).price(PRICE).holder("alice", 0);
    let mut world = world.issued("north", "alice", 40 * ONE);
    let vendor = world.vendor("north");
    // The attestation ran out after seven days, but nobody was there to renew it.
    world.chain.warp(30 * DAY);
    let call = world.call_margin(&vendor);
    world.refuses(&call, SpecieError::MarginUnchanged);
    // Seen after it ran out, the quorum could have renewed it.
    let mut world = world.price(PRICE);
    world.ok(&call);
    let silence = (30 * DAY - 2 * HOUR) as u32;
    assert_eq!(world.quorum_state().silent, Seconds::new(silence));
    let silent_before = world.vault_state(&vendor).silent_at_margin_call;
    assert_eq!(silent_before, Seconds::new(silence));
    // It has the cure period for doing so, and an attestation clears the call.
    let ends_at = world.chain.now() + 30 * DAY;
    let attest = world.attest_capacity(&vendor, 790, ends_at);
    world.ok(&attest);
    world.chain.warp(HOUR);
    world.ok(&call);
}

#[test]
fn an_attestation_that_ran_out_counts_while_the_quorum_is_not_seen_and_not_after() {
    let plan = VaultPlan::named("north").pledge(60 * DAY);
    let world = World::new().vault(plan).price(PRICE).holder("alice", 0);
    let world = world.issued("north", "alice", 40 * ONE);
    let vendor = world.vendor("north");
    let attested_at = world.vault_state(&vendor).attested.attested_at.get();
    let left = attested_at + 7 * DAY - world.chain.now();
    let mut world = world.attended(left);
    let call = world.call_margin(&vendor);
    world.refuses(&call, SpecieError::MarginUnchanged);
    world.chain.warp(600);
    world.refuses(&call, SpecieError::MarginUnchanged);
    let mut world = world.price(PRICE);
    world.ok(&call);
}

#[test]
fn call_margin_of_a_defaulted_vault_rejects() {
    let (mut world, vendor) = short();
    world.edit(&vendor.vault, |v: &mut Vault| {
        v.status = VaultStatus::Defaulted as u8
    });
    let call = world.call_margin(&vendor);
    world.refuses(&call, SpecieError::VaultDefaulted);
}

#[test]
fn call_margin_under_another_currency_standard_or_quorum_rejects() {
    let (mut world, vendor) = short();
    let other = second_currency(&mut world);
    let call = world.call_margin(&vendor);
    let [standard, quorum] = [address::standard, address::quorum];
    let currency = world.currency;
    let swapped = call
        .clone()
        .replacing(standard(&currency), standard(&other));
    world.refuses(&swapped, SpecieError::StandardMismatch);
    let swapped = call.clone().replacing(quorum(&currency), quorum(&other));
    world.refuses(&swapped, SpecieError::QuorumMismatch);
    let swapped = call
        .replacing(standard(&currency), standard(&other))
        .replacing(quorum(&currency), quorum(&other))
        .replacing(currency, other);
    world.refuses(&swapped, SpecieError::VaultOfOtherCurrency);
}

#[test]
fn post_price_counts_the_quorums_silence() {
    let mut world = World::new().price(PRICE);
    assert_eq!(world.quorum_state().silent, Seconds::ZERO);
    for (gap, silent) in [
        (2 * HOUR, 0),
        (2 * HOUR + 1, 1),
        (600, 1),
        (DAY, 22 * HOUR as u32 + 1),
    ] {
        world.chain.warp(gap);
        let call = world.post_price(PRICE);
        let outcome = world.ok(&call);
        assert_eq!(event!(outcome, PricePosted).silent, Seconds::new(silent));
        assert_eq!(world.quorum_state().silent, Seconds::new(silent));
    }
    // Silence beyond what the count holds stays there.
    let quorum = address::quorum(&world.currency);
    world.edit(&quorum, |q: &mut Quorum| q.silent = Seconds::new(u32::MAX));
    world.chain.warp(DAY);
    let world = world.price(PRICE);
    assert_eq!(world.quorum_state().silent, Seconds::new(u32::MAX));
}

#[test]
fn capacity_cut_below_what_is_owed_stops_sales_and_no_redemption() {
    let mut world = World::trading().issued("north", "alice", 1_000 * ONE);
    let (vendor, alice) = (world.vendor("north"), world.the_holder("alice"));
    let ends_at = world.vault_state(&vendor).attested.ends_at.get();
    let cut = world.attest_capacity(&vendor, 790, ends_at);
    world.ok(&cut);
    assert_eq!(world.vault_state(&vendor).attested.rate, Rate::new(790));
    for call in [
        world.issue(&vendor, &alice.tokens, 1),
        world.purchase(&alice, &vendor, 1),
    ] {
        world.refuses(&call, SpecieError::CoverageBelowFull);
    }
    let session = world.opened(&alice, &vendor, "session", 1_000 * ONE);
    assert_eq!(world.voucher_state(&session).units, Units::new(1_000 * ONE));
}
