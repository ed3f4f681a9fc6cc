//! Suspending a vault and reinstating it.

use {
    super::post_price::second_currency,
    anchor_lang::ErrorCode,
    specie::errors::SpecieError,
    specie_client::{
        state::{Vault, VaultStatus},
        units::{Bps, Timestamp},
    },
    specie_tests::{
        event,
        world::{ONE, PRICE, Vendor, World},
    },
};

const DAY: i64 = 86_400;

fn trading() -> (World, Vendor) {
    let world = World::trading();
    let vendor = world.vendor("north");
    (world, vendor)
}

fn suspended() -> (World, Vendor) {
    let (mut world, vendor) = trading();
    let call = world.suspend_vault(&vendor, &world.guardian);
    world.ok(&call);
    (world, vendor)
}

#[test]
fn suspend_vault_by_authority_or_guardian_changes_its_status_and_nothing_else() {
    for by in [
        |world: &World| world.authority.clone(),
        |world: &World| world.guardian.clone(),
    ] {
        let (mut world, vendor) = trading();
        let (mut expected, by) = (world.vault_state(&vendor), by(&world));
        let call = world.suspend_vault(&vendor, &by);
        let outcome = world.ok(&call);
        let event = event!(outcome, VaultSuspended);
        assert_eq!((event.vault, event.by), (vendor.vault, by.address()));
        expected.status = VaultStatus::Suspended as u8;
        let after = world.vault_state(&vendor);
        assert_eq!(bytemuck::bytes_of(&after), bytemuck::bytes_of(&expected));
    }
}

#[test]
fn suspend_vault_stops_issuing_selling_and_withdrawing() {
    let (mut world, vendor) = trading();
    let alice = world.the_holder("alice");
    let calls = [
        world.issue(&vendor, &alice.tokens, ONE),
        world.purchase(&alice, &vendor, ONE),
    ];
    world.ok(&world.issue(&vendor, &alice.tokens, ONE));
    let request = world.request_withdrawal(&vendor, 1);
    world.clone().ok(&request);
    world.ok(&world.suspend_vault(&vendor, &world.guardian));
    for call in calls.iter().chain([&request]) {
        world.refuses(call, SpecieError::VaultNotActive);
    }
}

#[test]
fn suspend_vault_keeps_a_requested_withdrawal_until_it_is_reinstated() {
    let (mut world, vendor) = trading();
    world.ok(&world.request_withdrawal(&vendor, 1));
    world.ok(&world.suspend_vault(&vendor, &world.guardian));
    world.chain.warp(7 * DAY);
    let withdraw = world.withdraw_collateral(&vendor);
    world.refuses(&withdraw, SpecieError::VaultNotActive);
    world.ok(&world.reinstate_vault(&vendor));
    world.ok(&withdraw);
}

/// Everything by which a holder leaves, and by which a vendor serves, pays in and is attested.
#[test]
fn neither_suspending_nor_pausing_stops_an_exit() {
    let (mut world, vendor) = trading();
    let alice = world.the_holder("alice");
    world.ok(&world.issue(&vendor, &alice.tokens, 100 * ONE));
    let session = world.opened(&alice, &vendor, "before", 10 * ONE);
    world.ok(&world.suspend_vault(&vendor, &world.guardian));
    world.ok(&world.pause(3 * DAY));

    let other = world.opened(&alice, &vendor, "after", 10 * ONE);
    world.ok(&world.settle(&vendor, &[world.receipt(&session, ONE)]));
    world.ok(&world.request_close(&session));
    world.ok(&world.request_close(&other));
    world.fund_stable(&vendor.stable, ONE);
    world.ok(&world.deposit_collateral(&vendor, ONE));
    let ends_at = world.chain.now() + 30 * DAY;
    world.ok(&world.attest_capacity(&vendor, 8 * 790, ends_at));
    world.chain.warp(2 * DAY + 1);
    assert!(world.currency_state().paused_until > Timestamp::new(world.chain.now()));
    world.ok(&world.reclaim(&session));
    world.ok(&world.reclaim(&other));
    assert_eq!(world.chain.tokens(&alice.tokens), 99 * ONE);
}

#[test]
fn a_rogue_guardian_pauses_and_suspends_until_it_is_replaced_and_no_longer() {
    let (mut world, vendor) = trading();
    let alice = world.the_holder("alice");
    let new = world.party("new guardian").address();
    let change = world.scheduled(specie_client::state::Proposal::Guardian(new));
    world.ok(&world.suspend_vault(&vendor, &world.guardian));
    world.chain.warp(3 * DAY - 1);
    world.ok(&world.pause(3 * DAY));
    world.chain.warp(1);
    let cancel = world.cancel_change(&change, &world.guardian);
    world.refuses(&cancel, SpecieError::GuardianCannotCancelOwnReplacement);
    world.executed(&change);

    world.refuses(&world.pause(60), SpecieError::NotGuardian);
    world.ok(&world.resume());
    world.ok(&world.reinstate_vault(&vendor));
    let again = world.suspend_vault(&vendor, &world.guardian);
    world.refuses(&again, SpecieError::NotAuthorityNorGuardian);
    let mut world = world.price(PRICE);
    world.ok(&world.issue(&vendor, &alice.tokens, ONE));
}

#[test]
fn the_guardian_can_do_nothing_else() {
    let (mut world, vendor) = suspended();
    let guardian = world.guardian.clone();
    world.chain.fund(&guardian.address());
    let reinstate = world
        .reinstate_vault(&vendor)
        .signed_by(&world.authority, &guardian);
    world.refuses(&reinstate, SpecieError::NotAuthority);
    let proposal = world.new_params(|params| params.fee = Bps::ZERO);
    let schedule = world
        .schedule_change(proposal)
        .signed_by(&world.authority, &guardian);
    world.refuses(&schedule, SpecieError::NotAuthority);
    world.ok(&world.pause(60));
    let resume = world.resume().signed_by(&world.authority, &guardian);
    world.refuses(&resume, SpecieError::NotAuthority);
}

#[test]
fn suspend_vault_that_is_not_active_rejects() {
    let (mut world, vendor) = suspended();
    let call = world.suspend_vault(&vendor, &world.authority);
    world.refuses(&call, SpecieError::VaultNotActive);
    world.edit(&vendor.vault, |vault: &mut Vault| {
        vault.status = VaultStatus::Defaulted as u8;
    });
    world.refuses(&call, SpecieError::VaultNotActive);
}

#[test]
fn suspend_vault_that_is_margin_called() {
    let (mut world, vendor) = trading();
    world.edit(&vendor.vault, |vault: &mut Vault| {
        vault.margin_called_at = Timestamp::new(1);
    });
    world.ok(&world.suspend_vault(&vendor, &world.guardian));
    assert_eq!(
        world.vault_state(&vendor).margin_called_at,
        Timestamp::new(1)
    );
}

#[test]
fn suspend_vault_by_anybody_else_rejects() {
    let (mut world, vendor) = trading();
    for by in [&vendor.party, &vendor.operator, &world.attestors[0].clone()] {
        let call = world.suspend_vault(&vendor, by);
        world.refuses(&call, SpecieError::NotAuthorityNorGuardian);
    }
}

#[test]
fn suspend_vault_without_a_signature_rejects() {
    let (mut world, vendor) = trading();
    let call = world.suspend_vault(&vendor, &world.guardian);
    let call = call.unsigned(&world.guardian);
    world.refuses(&call, ErrorCode::ConstraintSigner);
}

#[test]
fn suspend_vault_of_another_currency_rejects() {
    let (mut world, vendor) = trading();
    let other = second_currency(&mut world);
    for call in [
        world.suspend_vault(&vendor, &world.authority),
        world.reinstate_vault(&vendor),
    ] {
        let call = call.replacing(world.currency, other);
        world.refuses(&call, SpecieError::VaultOfOtherCurrency);
    }
}

#[test]
fn reinstate_vault_lets_it_do_business_again() {
    let (mut world, vendor) = suspended();
    let alice = world.the_holder("alice");
    let mut expected = world.vault_state(&vendor);
    let call = world.reinstate_vault(&vendor);
    let outcome = world.ok(&call);
    assert_eq!(event!(outcome, VaultReinstated).vault, vendor.vault);
    expected.status = VaultStatus::Active as u8;
    let after = world.vault_state(&vendor);
    assert_eq!(bytemuck::bytes_of(&after), bytemuck::bytes_of(&expected));
    world.ok(&world.issue(&vendor, &alice.tokens, ONE));
}

#[test]
fn reinstate_vault_that_is_not_suspended_rejects() {
    let (mut world, vendor) = trading();
    let call = world.reinstate_vault(&vendor);
    world.refuses(&call, SpecieError::VaultNotSuspended);
    world.edit(&vendor.vault, |vault: &mut Vault| {
        vault.status = VaultStatus::Defaulted as u8;
    });
    world.refuses(&call, SpecieError::VaultNotSuspended);
}

#[test]
fn reinstate_vault_by_another_than_the_authority_rejects() {
    let (mut world, vendor) = suspended();
    let call = world
        .reinstate_vault(&vendor)
        .signed_by(&world.authority, &vendor.party);
    world.refuses(&call, SpecieError::NotAuthority);
}

#[test]
fn reinstate_vault_without_a_signature_rejects() {
    let (mut world, vendor) = suspended();
    let call = world.reinstate_vault(&vendor).unsigned(&world.authority);
    world.refuses(&call, ErrorCode::ConstraintSigner);
}
