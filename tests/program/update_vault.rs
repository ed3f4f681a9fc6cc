use {
    anchor_lang::ErrorCode,
    solana_pubkey::Pubkey,
    specie::{errors::SpecieError, instructions::UpdateVaultArgs},
    specie_client::{
        address,
        state::{Offer, Vault},
        units::{Bps, Price, Units},
    },
    specie_tests::{
        event,
        world::{NO_UPDATE, ONE, VaultPlan, World},
    },
};

const OFFER: Offer = Offer {
    price: Price::new(3_000_000),
    units: Units::new(5 * ONE),
    retained: Bps::new(9_970),
};

fn with_vault() -> World {
    World::new().vault(VaultPlan::named("north"))
}

#[test]
fn update_vault_changes_what_is_named_and_nothing_else() {
    let mut world = with_vault();
    let vendor = world.vendor("north");
    let before = world.vault_state(&vendor);
    let (issuer, operator) = (world.party("new issuer"), world.party("new operator"));
    type Case = (UpdateVaultArgs, fn(&mut Vault, &UpdateVaultArgs));
    let cases: [Case; 5] = [
        (NO_UPDATE, |_, _| {}),
        (
            UpdateVaultArgs {
                issuer: Some(issuer.address()),
                ..NO_UPDATE
            },
            |vault, args| vault.issuer = args.issuer.unwrap(),
        ),
        (
            UpdateVaultArgs {
                operator: Some(operator.address()),
                ..NO_UPDATE
            },
            |vault, args| vault.operator = args.operator.unwrap(),
        ),
        (
            UpdateVaultArgs {
                classes: Some(0b100),
                ..NO_UPDATE
            },
            |vault, args| vault.classes = args.classes.unwrap(),
        ),
        (
            UpdateVaultArgs {
                offer: Some(OFFER),
                ..NO_UPDATE
            },
            |vault, args| vault.offer = args.offer.unwrap(),
        ),
    ];
    let mut expected = before;
    for (args, change) in cases {
        let call = world.update_vault(&vendor, args);
        let outcome = world.ok(&call);
        event!(outcome, VaultUpdated);
        change(&mut expected, &args);
        let after = world.vault_state(&vendor);
        assert_eq!(bytemuck::bytes_of(&after), bytemuck::bytes_of(&expected));
    }
}

#[test]
fn update_vault_moves_the_payout() {
    let mut world = with_vault();
    let vendor = world.vendor("north");
    let call = world.update_vault(&vendor, NO_UPDATE);
    let call = call.replacing(vendor.payout, vendor.stable);
    world.ok(&call);
    assert_eq!(world.vault_state(&vendor).payout, vendor.stable);
}

#[test]
fn update_vault_price_of_zero_withdraws_the_offer() {
    let mut world = World::trading();
    let (vendor, alice) = (world.vendor("north"), world.the_holder("alice"));
    let withdrawn = Offer {
        price: Price::ZERO,
        ..OFFER
    };
    let call = world.make_offer(&vendor, withdrawn);
    world.ok(&call);
    let purchase = world.purchase(&alice, &vendor, ONE);
    world.refuses(&purchase, SpecieError::NoOffer);
}

#[test]
fn update_vault_by_another_vendor_rejects() {
    let mut world = with_vault().vault(VaultPlan::named("south"));
    let (north, south) = (world.vendor("north"), world.vendor("south"));
    let call = world.update_vault(&north, NO_UPDATE);
    let call = call.signed_by(&north.party, &south.party);
    world.refuses(&call, SpecieError::NotVendor);
}

#[test]
fn update_vault_without_a_signature_rejects() {
    let mut world = with_vault();
    let vendor = world.vendor("north");
    let call = world.update_vault(&vendor, NO_UPDATE);
    let call = call.unsigned(&vendor.party);
    world.refuses(&call, ErrorCode::ConstraintSigner);
}

#[test]
fn update_vault_of_another_currency_rejects() {
    let mut world = with_vault();
    let vendor = world.vendor("north");
    let other = super::post_price::second_currency(&mut world);
    let call = world.update_vault(&vendor, NO_UPDATE);
    let call = call.replacing(world.currency, other);
    world.refuses(&call, SpecieError::VaultOfOtherCurrency);
}

#[test]
fn update_vault_unknown_classes_reject() {
    let mut world = with_vault();
    let vendor = world.vendor("north");
    for classes in [0, 8] {
        let classes = Some(classes);
        let call = world.update_vault(
            &vendor,
            UpdateVaultArgs {
                classes,
                ..NO_UPDATE
            },
        );
        world.refuses(&call, SpecieError::ClassesUnknown);
    }
}

#[test]
fn update_vault_issuer_of_small_order_rejects() {
    let mut world = with_vault();
    let vendor = world.vendor("north");
    let args = UpdateVaultArgs {
        issuer: Some(Pubkey::default()),
        ..NO_UPDATE
    };
    let call = world.update_vault(&vendor, args);
    world.refuses(&call, SpecieError::KeyOfSmallOrder);
}

#[test]
fn update_vault_retaining_more_than_the_payment_rejects() {
    let mut world = with_vault();
    let vendor = world.vendor("north");
    for retained in [9_971, u32::MAX] {
        let retained = Bps::new(retained);
        let call = world.make_offer(&vendor, Offer { retained, ..OFFER });
        world.refuses(&call, SpecieError::RetainedShareTooLarge);
    }
}

#[test]
fn update_vault_payout_that_is_no_token_account_rejects() {
    let mut world = with_vault();
    let vendor = world.vendor("north");
    let call = world.update_vault(&vendor, NO_UPDATE);
    let call = call.replacing(vendor.payout, vendor.party.address());
    world.refuses(&call, SpecieError::NotTokenAccount);
}

#[test]
fn update_vault_payout_of_the_currency_rejects() {
    let mut world = with_vault();
    let vendor = world.vendor("north");
    let own = world
        .chain
        .create_token_account(&world.currency.clone(), &world.stable_mint.clone());
    for payout in [
        address::revenue(&world.currency),
        address::insurance(&world.currency),
        address::rewards(&world.pool()),
        address::collateral(&vendor.vault),
        own,
    ] {
        let call = world.update_vault(&vendor, NO_UPDATE);
        let call = call.replacing(vendor.payout, payout);
        world.refuses(&call, SpecieError::TokenAccountOfCurrency);
    }
}

#[test]
fn update_vault_payout_of_another_mint_rejects() {
    let mut world = with_vault();
    let vendor = world.vendor("north");
    let call = world.update_vault(&vendor, NO_UPDATE);
    let call = call.replacing(vendor.payout, vendor.tokens);
    world.refuses(&call, SpecieError::TokenAccountOfOtherMint);
}
