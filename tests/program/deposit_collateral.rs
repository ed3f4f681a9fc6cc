use {
    super::post_price::second_currency,
    anchor_lang::ErrorCode,
    solana_instruction::error::InstructionError,
    specie::errors::SpecieError,
    specie_client::{
        state::Vault,
        units::{Quote, Timestamp},
    },
    specie_tests::{
        event,
        world::{ONE, PRICE, VaultPlan, Vendor, World},
    },
};

const HELD: u64 = 10_000 * ONE;
/// The SPL Token program's "insufficient funds".
const INSUFFICIENT_FUNDS: InstructionError = InstructionError::Custom(1);

fn with_vault() -> (World, Vendor) {
    let world = World::new().vault(VaultPlan::named("north")).price(PRICE);
    let vendor = world.vendor("north");
    (world, vendor)
}

#[test]
fn deposit_collateral_moves_and_records_it() {
    let (mut world, vendor) = with_vault();
    world.fund_stable(&vendor.stable, 500);
    let call = world.deposit_collateral(&vendor, 400);
    let outcome = world.ok(&call);
    let event = event!(outcome, CollateralDeposited);
    assert_eq!(event.amount, Quote::new(400));
    assert_eq!(
        world.vault_state(&vendor).balances.collateral,
        Quote::new(HELD + 400)
    );
    assert_eq!(world.chain.tokens(&vendor.collateral), HELD + 400);
    assert_eq!(world.chain.tokens(&vendor.stable), 100);
}

/// The vault owes 500 to the insurance.
fn penalized() -> (World, Vendor) {
    let (mut world, vendor) = with_vault();
    world.edit(&vendor.vault, |vault: &mut Vault| {
        vault.penalty = Quote::new(500);
        vault.penalized_at = Timestamp::new(1);
    });
    world.fund_stable(&vendor.stable, 1_000);
    (world, vendor)
}

#[test]
fn deposit_collateral_pays_a_penalty_first() {
    let (mut world, vendor) = penalized();
    let insurance = world.insurance();
    for (amount, to_insurance, left, collateral) in
        [(300, 300, 200, 0), (201, 200, 0, 1), (5, 0, 0, 6)]
    {
        let call = world.deposit_collateral(&vendor, amount);
        let outcome = world.ok(&call);
        let event = event!(outcome, CollateralDeposited);
        assert_eq!(event.amount, Quote::new(amount));
        assert_eq!(event.to_insurance, Quote::new(to_insurance));
        assert_eq!(event.penalty, Quote::new(left));
        let vault = world.vault_state(&vendor);
        assert_eq!(vault.penalty, Quote::new(left));
        assert_eq!(vault.penalized_at.is_zero(), left == 0);
        assert_eq!(vault.balances.collateral, Quote::new(HELD + collateral));
        assert_eq!(world.chain.tokens(&vendor.collateral), HELD + collateral);
        assert_eq!(world.chain.tokens(&insurance), 500 - left);
    }
}

#[test]
fn deposit_collateral_paying_a_penalty_elsewhere_rejects() {
    let (mut world, vendor) = penalized();
    let call = world.deposit_collateral(&vendor, 100);
    let swapped = call.clone().replacing(world.insurance(), vendor.fees);
    world.refuses(&swapped, SpecieError::InsuranceMismatch);
    let other = second_currency(&mut world);
    let swapped = call.replacing(world.currency, other);
    world.refuses(&swapped, SpecieError::VaultOfOtherCurrency);
}

#[test]
fn deposit_collateral_works_while_paused() {
    let (mut world, vendor) = with_vault();
    world.fund_stable(&vendor.stable, 1);
    let pause = world.pause(60);
    world.ok(&pause);
    let call = world.deposit_collateral(&vendor, 1);
    world.ok(&call);
}

#[test]
fn deposit_collateral_of_nothing_rejects() {
    let (mut world, vendor) = with_vault();
    let call = world.deposit_collateral(&vendor, 0);
    world.refuses(&call, SpecieError::AmountZero);
}

#[test]
fn deposit_collateral_beyond_what_is_held_rejects() {
    let (mut world, vendor) = with_vault();
    world.fund_stable(&vendor.stable, 5);
    let call = world.deposit_collateral(&vendor, 6);
    world.chain.assert_refused(&call, 0, INSUFFICIENT_FUNDS);
    let call = world.deposit_collateral(&vendor, u64::MAX);
    world.refuses(&call, SpecieError::Overflow);
}

#[test]
fn deposit_collateral_by_another_than_the_vendor_rejects() {
    let (mut world, vendor) = with_vault();
    let stranger = world.party("stranger");
    let call = world.deposit_collateral(&vendor, 1);
    let call = call.signed_by(&vendor.party, &stranger);
    world.refuses(&call, SpecieError::NotVendor);
}

#[test]
fn deposit_collateral_without_a_signature_rejects() {
    let (mut world, vendor) = with_vault();
    let call = world.deposit_collateral(&vendor, 1).unsigned(&vendor.party);
    world.refuses(&call, ErrorCode::ConstraintSigner);
}

#[test]
fn deposit_collateral_to_another_account_rejects() {
    let (world, vendor) = with_vault();
    let mut world = world.vault(VaultPlan::named("south"));
    let south = world.vendor("south");
    let call = world.deposit_collateral(&vendor, 1);
    let call = call.replacing(vendor.collateral, south.collateral);
    world.refuses(&call, SpecieError::CollateralAccountMismatch);
}

#[test]
fn deposit_collateral_from_the_collateral_account_itself_rejects() {
    let (mut world, vendor) = with_vault();
    let call = world.deposit_collateral(&vendor, 1);
    let call = call.replacing(vendor.stable, vendor.collateral);
    world.refuses(&call, ErrorCode::ConstraintDuplicateMutableAccount);
}

#[test]
fn deposit_collateral_of_another_mint_rejects() {
    let (world, vendor) = with_vault();
    let mut world = world.holder("alice", 0).issued("north", "alice", ONE);
    let alice = world.the_holder("alice");
    world
        .chain
        .transfer(&alice.tokens, &alice.party, &vendor.tokens, 5);
    let call = world.deposit_collateral(&vendor, 1);
    let call = call.replacing(vendor.stable, vendor.tokens);
    // The SPL Token program's "mint mismatch".
    world
        .chain
        .assert_refused(&call, 0, InstructionError::Custom(3));
}
