//! A vault changes hands in two steps, both by update_vault.

use {
    solana_pubkey::Pubkey,
    specie::{errors::SpecieError, instructions::UpdateVaultArgs},
    specie_tests::{
        event,
        world::{NO_UPDATE, ONE, Party, Vendor, World},
    },
};

/// A trading world, its vendor, and whom it may hand its vault to.
fn trading() -> (World, Vendor, Party) {
    let mut world = World::trading();
    let (vendor, new) = (world.vendor("north"), world.party("new vendor"));
    world.chain.fund(&new.address());
    (world, vendor, new)
}

fn to(vendor: &Party) -> UpdateVaultArgs {
    UpdateVaultArgs {
        vendor: Some(vendor.address()),
        ..NO_UPDATE
    }
}

/// The same when the vault was offered.
fn offered() -> (World, Vendor, Party) {
    let (mut world, vendor, new) = trading();
    let call = world.update_vault(&vendor, to(&new));
    let outcome = world.ok(&call);
    let event = event!(outcome, VaultUpdated);
    assert_eq!(event.vendor, vendor.party.address());
    assert_eq!(event.pending_vendor, new.address());
    (world, vendor, new)
}

#[test]
fn update_vault_hands_the_vault_over_when_the_new_vendor_signs() {
    let (mut world, vendor, new) = offered();
    let mut expected = world.vault_state(&vendor);
    let operator = world.party("new operator").address();
    let args = UpdateVaultArgs {
        operator: Some(operator),
        ..NO_UPDATE
    };
    let call = world.take_vault_over(&vendor, &new, args);
    let payout = world.the_holder("alice").stable;
    let outcome = world.ok(&call.replacing(vendor.payout, payout));
    assert_eq!(event!(outcome, VaultUpdated).vendor, new.address());
    expected.vendor = new.address();
    expected.pending_vendor = Pubkey::default();
    (expected.operator, expected.payout) = (operator, payout);
    let after = world.vault_state(&vendor);
    assert_eq!(bytemuck::bytes_of(&after), bytemuck::bytes_of(&expected));
    assert_eq!(after.founder, vendor.party.address());
}

#[test]
fn a_vault_that_was_offered_stays_its_vendors_until_it_is_taken() {
    let (mut world, vendor, _) = offered();
    let alice = world.the_holder("alice");
    world.ok(&world.issue(&vendor, &alice.tokens, ONE));
    world.ok(&world.update_vault(&vendor, NO_UPDATE));
    let vault = world.vault_state(&vendor);
    assert_eq!(vault.vendor, vendor.party.address());
    assert_ne!(vault.pending_vendor, Pubkey::default());
}

#[test]
fn the_old_vendor_can_do_nothing_any_more_and_the_new_one_everything() {
    let (mut world, vendor, new) = offered();
    let alice = world.the_holder("alice");
    world.ok(&world.request_withdrawal(&vendor, ONE));
    world.ok(&world.take_vault_over(&vendor, &new, NO_UPDATE));
    world.chain.warp(7 * 86_400 - 3_600);
    let ends_at = world.chain.now() + 30 * 86_400;
    world.ok(&world.attest_capacity(&vendor, 8 * 790, ends_at));
    world.chain.warp(3_600);
    let mut world = world.price(specie_tests::world::PRICE);
    world.fund_stable(&vendor.stable, ONE);
    // Fees and collateral come from the new vendor's own account.
    let own = world
        .chain
        .create_token_account(&new.address(), &world.stable_mint.clone());
    world.fund_stable(&own, 2 * ONE);
    let mut update = world.update_vault(&vendor, NO_UPDATE);
    update = update.replacing(new.address(), vendor.party.address());
    let calls = [
        update,
        world.withdraw_collateral(&vendor),
        world.request_withdrawal(&vendor, 1),
        world
            .issue(&vendor, &alice.tokens, ONE)
            .replacing(vendor.fees, own),
        world.deposit_collateral(&vendor, ONE),
    ];
    for call in &calls {
        let mut call = call.clone();
        call.signers = vec![vendor.party.clone()];
        world.refuses(&call, SpecieError::NotVendor);
    }
    for call in &calls[..4] {
        let mut call = call
            .clone()
            .replacing(vendor.party.address(), new.address());
        call.signers = vec![new.clone()];
        world.ok(&call);
    }
    let deposit = calls[4].clone().signed_by(&vendor.party, &new);
    world.ok(&deposit.replacing(vendor.stable, own));
}

#[test]
fn update_vault_by_whom_the_vault_was_not_offered_to_rejects() {
    let (mut world, vendor, new) = trading();
    let call = world.take_vault_over(&vendor, &new, NO_UPDATE);
    world.refuses(&call, SpecieError::NotVendor);
    let (mut world, vendor, _) = offered();
    for stranger in [
        &vendor.operator,
        &world.authority.clone(),
        &world.party("stranger"),
    ] {
        let call = world.take_vault_over(&vendor, stranger, NO_UPDATE);
        world.refuses(&call, SpecieError::NotVendor);
    }
}

#[test]
fn update_vault_takes_an_offered_hand_over_back() {
    for back in [
        |vendor: &Vendor| vendor.party.address(),
        |_: &Vendor| Pubkey::default(),
    ] {
        let (mut world, vendor, new) = offered();
        let args = UpdateVaultArgs {
            vendor: Some(back(&vendor)),
            ..NO_UPDATE
        };
        world.ok(&world.update_vault(&vendor, args));
        assert_eq!(world.vault_state(&vendor).pending_vendor, Pubkey::default());
        let call = world.take_vault_over(&vendor, &new, NO_UPDATE);
        world.refuses(&call, SpecieError::NotVendor);
    }
}

#[test]
fn update_vault_offers_the_vault_to_another_instead() {
    let (mut world, vendor, new) = offered();
    let third = world.party("third vendor");
    world.ok(&world.update_vault(&vendor, to(&third)));
    let call = world.take_vault_over(&vendor, &new, NO_UPDATE);
    world.refuses(&call, SpecieError::NotVendor);
    world.ok(&world.take_vault_over(&vendor, &third, to(&new)));
    let vault = world.vault_state(&vendor);
    assert_eq!(vault.vendor, third.address());
    assert_eq!(vault.pending_vendor, new.address());
}

#[test]
fn update_vault_that_takes_over_with_a_wrong_change_takes_nothing() {
    let (mut world, vendor, new) = offered();
    let args = UpdateVaultArgs {
        classes: Some(8),
        ..NO_UPDATE
    };
    let call = world.take_vault_over(&vendor, &new, args);
    world.refuses(&call, SpecieError::ClassesUnknown);
    let unsigned = world
        .take_vault_over(&vendor, &new, NO_UPDATE)
        .unsigned(&new);
    world.refuses(&unsigned, anchor_lang::ErrorCode::ConstraintSigner);
}
