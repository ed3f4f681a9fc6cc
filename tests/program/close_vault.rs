use {
    super::post_price::second_currency,
    solana_instruction::error::InstructionError,
    specie::errors::SpecieError,
    specie_client::{
        account::SpecieAccount,
        address,
        state::{Vault, VaultStatus},
        units::{Count, Quote, Timestamp, Units, Work},
    },
    specie_tests::{
        event,
        world::{ONE, PRICE, VaultPlan, Vendor, World},
    },
};

const DAY: i64 = 24 * 3_600;
const WEEK: i64 = 7 * DAY;
/// Length of a token account.
const TOKEN_ACCOUNT: usize = 165;
/// The SPL Token program's "account frozen".
const FROZEN: InstructionError = InstructionError::Custom(17);

/// A vault that never held nor owed anything.
fn unused() -> (World, Vendor) {
    let world = World::new().vault(VaultPlan::named("north").collateral(0));
    let vendor = world.vendor("north");
    (world, vendor)
}

/// "south" defaulted on 40 SCU with so much collateral, and alice holds the tokens; "north" owes 60 more.
fn defaulted(collateral: u64) -> (World, Vendor) {
    let south = VaultPlan::named("south").rate(790).pledge(2 * DAY);
    let world = World::new()
        .vault(VaultPlan::named("north"))
        .vault(south.collateral(collateral))
        .price(PRICE)
        .holder("alice", 0)
        .issued("north", "alice", 60 * ONE)
        .issued("south", "alice", 40 * ONE)
        .insured(20 * ONE);
    let south = world.vendor("south");
    (world.defaulted(&south), south)
}

#[test]
fn close_vault_pays_the_rent_to_the_vendor_and_presents_to_whom_it_names() {
    let (mut world, vendor) = unused();
    let presents = vendor.collateral;
    world.fund_stable(&presents, 7);
    let address = vendor.party.address();
    let lamports = world.chain.lamports(&address);
    let call = world.close_vault(&vendor);
    let outcome = world.ok(&call);
    let event = event!(outcome, VaultClosed);
    assert_eq!(
        (event.currency, event.vault),
        (world.currency, vendor.vault)
    );
    assert_eq!((event.remainder, event.to), (Quote::new(7), vendor.stable));
    assert_eq!(world.chain.tokens(&vendor.stable), 7);
    let rent = world.chain.rent(Vault::LEN) + world.chain.rent(TOKEN_ACCOUNT);
    assert_eq!(world.chain.lamports(&address), lamports + rent);
    for gone in [vendor.vault, vendor.collateral] {
        assert!(world.chain.account(&gone).is_none());
    }
}

#[test]
fn close_vault_owing_a_penalty_rejects() {
    let (mut world, vendor) = unused();
    world.edit(&vendor.vault, |vault: &mut Vault| {
        vault.penalty = Quote::new(1);
        vault.penalized_at = Timestamp::new(1);
    });
    let call = world.close_vault(&vendor);
    world.refuses(&call, SpecieError::PenaltyOwed);
}

#[test]
fn close_vault_after_a_life_of_business() {
    let mut world = World::trading().issued("north", "alice", 10 * ONE);
    let (north, alice) = (world.vendor("north"), world.the_holder("alice"));
    let session = world.opened(&alice, &north, "session", 10 * ONE);
    let close = world.close_vault(&north);
    world.refuses(&close, SpecieError::VaultOwes);
    world.chain.warp(1);
    let settle = world.settle(&north, &[world.receipt(&session, 10 * ONE)]);
    world.ok(&settle);
    world.refuses(&close, SpecieError::VaultHolds);
    let request = world.request_withdrawal(&north, 10_000 * ONE);
    world.ok(&request);
    world.refuses(&close, SpecieError::VaultHolds);
    world.chain.warp(WEEK);
    let withdraw = world.withdraw_collateral(&north);
    world.ok(&withdraw);
    world.ok(&close);
}

#[test]
fn close_vault_of_a_suspended_vault_works() {
    let (mut world, vendor) = unused();
    world.edit(&vendor.vault, |v: &mut Vault| {
        v.status = VaultStatus::Suspended as u8
    });
    let call = world.close_vault(&vendor);
    world.ok(&call);
}

#[test]
fn close_vault_after_a_default_without_loss_is_the_vendors() {
    let (mut world, south) = defaulted(88 * ONE);
    let alice = world.the_holder("alice");
    let close = world.close_vault(&south);
    world.refuses(&close, SpecieError::VaultOwes);
    let request = world.request_withdrawal(&south, 8 * ONE);
    world.refuses(&request, SpecieError::VaultNotActive);
    let sell = world.liquidate(&alice, &south, 40 * ONE);
    world.ok(&sell);
    world.refuses(&close, SpecieError::VaultHolds);
    // 80 were paid; the vendor keeps the rest, after the delay.
    world.ok(&request);
    world.chain.warp(WEEK);
    let withdraw = world.withdraw_collateral(&south);
    world.ok(&withdraw);
    assert_eq!(world.chain.tokens(&south.stable), 8 * ONE);
    world.ok(&close);
}

#[test]
fn close_vault_after_a_loss_is_anybodys_and_all_goes_to_the_insurance() {
    let (mut world, south) = defaulted(34 * ONE);
    let alice = world.the_holder("alice");
    // All but what cannot be sold: 20 units at the price, without a premium.
    let sell = world.liquidate(&alice, &south, 25 * ONE);
    world.ok(&sell);
    let presents = south.collateral;
    world.fund_stable(&presents, 5);
    let request = world.request_withdrawal(&south, 0);
    world.ok(&request);
    let insurance = world.chain.tokens(&world.insurance());
    let call = world.close_written_off_vault(&south);
    let outcome = world.ok(&call);
    let event = event!(outcome, VaultClosed);
    assert_eq!(event.to, world.insurance());
    assert_eq!(event.remainder, Quote::new(5));
    assert_eq!(world.chain.tokens(&world.insurance()), insurance + 5);
}

#[test]
fn close_vault_after_a_loss_takes_recorded_collateral_and_frees_the_reserve() {
    let (mut world, south) = defaulted(34 * ONE);
    // Nobody sold: what was outstanding was served after all.
    world.edit(&south.vault, |v: &mut Vault| {
        v.balances.outstanding = Units::ZERO
    });
    let north = world.vendor("north");
    world.edit(&north.vault, |v: &mut Vault| {
        v.balances.outstanding = Units::new(80 * ONE)
    });
    assert_eq!(
        world.currency_state().insurance_reserved,
        Quote::new(10 * ONE)
    );
    let request = world.request_withdrawal(&south, 1);
    world.refuses(&request, SpecieError::VaultNotActive);
    let call = world.close_written_off_vault(&south);
    world.ok(&call);
    assert_eq!(world.chain.tokens(&world.insurance()), 54 * ONE);
    assert_eq!(world.currency_state().insurance_reserved, Quote::ZERO);
}

#[test]
fn close_vault_after_a_loss_to_another_account_rejects() {
    let (mut world, south) = defaulted(34 * ONE);
    let alice = world.the_holder("alice");
    let sell = world.liquidate(&alice, &south, 25 * ONE);
    world.ok(&sell);
    let call = world.close_vault(&south);
    world.refuses(&call, SpecieError::InsuranceMismatch);
}

#[test]
fn close_vault_that_owes_rejects() {
    let cases: [fn(&mut Vault); 3] = [
        |v| v.balances.outstanding = Units::new(1),
        |v| {
            v.balances.open = Units::new(1);
            v.balances.open_work = Work::new(3);
        },
        |v| v.vouchers = Count::new(1),
    ];
    for change in cases {
        for written_off in [0, 1] {
            let (mut world, vendor) = unused();
            world.edit(&vendor.vault, |v: &mut Vault| {
                change(v);
                v.liquidation.written_off = Units::new(written_off);
            });
            let call = if written_off == 0 {
                world.close_vault(&vendor)
            } else {
                world.close_written_off_vault(&vendor)
            };
            world.refuses(&call, SpecieError::VaultOwes);
        }
    }
}

#[test]
fn close_vault_that_holds_collateral_rejects() {
    let mut world = World::new().vault(VaultPlan::named("north").collateral(10));
    let vendor = world.vendor("north");
    let call = world.close_vault(&vendor);
    world.refuses(&call, SpecieError::VaultHolds);
    let request = world.request_withdrawal(&vendor, 10);
    world.ok(&request);
    world.refuses(&call, SpecieError::VaultHolds);
}

#[test]
fn close_vault_by_another_than_the_vendor_rejects() {
    let (mut world, vendor) = unused();
    let call = world.close_vault(&vendor);
    let unsigned = call.clone().unsigned(&vendor.party);
    world.refuses(&unsigned, SpecieError::NotVendor);
    for stranger in [&world.authority.clone(), &vendor.operator] {
        let call = call.clone().signed_by(&vendor.party, stranger);
        world.refuses(&call, SpecieError::NotVendor);
    }
}

#[test]
fn close_vault_with_accounts_of_others_rejects() {
    let (world, north) = unused();
    let mut world = world.vault(VaultPlan::named("south").collateral(0));
    let south = world.vendor("south");
    let other = second_currency(&mut world);
    let call = world.close_vault(&north);
    let swapped = call.clone().replacing(world.currency, other);
    world.refuses(&swapped, SpecieError::VaultOfOtherCurrency);
    let swapped = call.replacing(north.collateral, south.collateral);
    world.refuses(&swapped, SpecieError::CollateralAccountMismatch);
}

#[test]
fn close_vault_whose_presents_are_frozen_rejects() {
    let (mut world, vendor) = unused();
    let presents = vendor.collateral;
    world.fund_stable(&presents, 7);
    let (mint, issuer) = (world.stable_mint, world.stable_issuer.clone());
    world.chain.set_frozen(&presents, &mint, &issuer, true);
    let call = world.close_vault(&vendor);
    world.chain.assert_refused(&call, 0, FROZEN);
}

#[test]
fn close_vault_twice_rejects() {
    let (mut world, vendor) = unused();
    let call = world.close_vault(&vendor);
    world.ok(&call);
    let gone = InstructionError::AccountDataTooSmall;
    world.chain.assert_refused(&call, 0, gone);
}

#[test]
fn a_vault_reopened_at_the_same_address_refuses_the_old_attestation() {
    let (mut world, vendor) = unused();
    let ends_at = world.chain.now() + 60 * DAY;
    // Signed for the vault that is about to close, with a number that a new vault has not seen.
    let old = world.capacity_message(&vendor, 8 * 790, ends_at);
    let old = world.attest(&old);
    world.chain.warp(1);
    let close = world.close_vault(&vendor);
    world.ok(&close);
    let open = world.open_vault(&vendor, 1_000 * ONE, 0b111);
    world.ok(&open);
    let vault = world.vault_state(&vendor);
    assert_eq!(vault.opened_at, Timestamp::new(world.chain.now()));
    assert_eq!(vault.attested.rate.get(), 0);
    world.refuses(&old, SpecieError::MeasuredBeforeOpening);
    let new = world.attest_capacity(&vendor, 8 * 790, ends_at);
    world.ok(&new);
}

#[test]
fn a_vault_closed_and_reopened_in_one_transaction_is_a_new_one() {
    let (mut world, vendor) = unused();
    world.chain.warp(1);
    let old = world.vault_state(&vendor);
    let call = world.close_vault(&vendor);
    let call = call.then(world.open_vault(&vendor, 1_000 * ONE, 0b111));
    world.chain.send(&call).expect_success();
    let new = world.vault_state(&vendor);
    assert!(old.attestation_sequence.get() > 0);
    assert_eq!(new.attestation_sequence.get(), 0);
    assert!(new.opened_at > old.opened_at);
    assert_eq!(new.collateral_account, address::collateral(&vendor.vault));
    world.assert_books();
}
