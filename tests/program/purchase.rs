use {
    super::post_price::second_currency,
    anchor_lang::ErrorCode,
    solana_instruction::error::InstructionError,
    specie::errors::SpecieError,
    specie_client::{
        address,
        quote::Snapshot,
        state::{Offer, Vault},
        units::{Bps, Price, Quote, Units},
    },
    specie_tests::{
        event,
        world::{Holder, NO_UPDATE, ONE, PRICE, VaultPlan, Vendor, World},
    },
};

const FUNDS: u64 = 10_000 * ONE;
const HELD: u64 = 10_000 * ONE;

fn trading() -> (World, Vendor, Holder) {
    let world = World::trading();
    let (vendor, alice) = (world.vendor("north"), world.the_holder("alice"));
    (world, vendor, alice)
}

#[test]
fn purchase_pays_fee_retained_share_and_payout_and_mints() {
    let (mut world, vendor, alice) = trading();
    let call = world.purchase_for(&alice, &vendor, 3 * ONE, 6 * ONE);
    let outcome = world.ok(&call);
    let event = event!(outcome, Purchased);
    // 6.0 for three SCU at 2.0: 0.3 % of it is the fee, 20 % are retained.
    let (fee, retained, payout) = (18_000, 1_200_000, 4_782_000);
    assert_eq!((event.vault, event.to), (vendor.vault, alice.tokens));
    assert_eq!(event.buyer, alice.party.address());
    assert_eq!(event.payment, Quote::new(6 * ONE));
    assert_eq!(
        (event.fee, event.retained),
        (Quote::new(fee), Quote::new(retained))
    );
    assert_eq!((event.tokens.get(), event.units.get()), (3 * ONE, 3 * ONE));

    let revenue = address::revenue(&world.currency);
    assert_eq!(world.chain.tokens(&alice.stable), FUNDS - 6 * ONE);
    assert_eq!(world.chain.tokens(&alice.tokens), 3 * ONE);
    assert_eq!(world.chain.tokens(&revenue), fee);
    assert_eq!(world.chain.tokens(&vendor.collateral), HELD + retained);
    assert_eq!(world.chain.tokens(&vendor.payout), payout);

    let vault = world.vault_state(&vendor);
    assert_eq!(vault.balances.collateral, Quote::new(HELD + retained));
    assert_eq!(vault.balances.outstanding, Units::new(3 * ONE));
    assert_eq!(vault.offer.units, Units::new(997 * ONE));
    assert_eq!(vault.issued, Units::new(3 * ONE));
}

#[test]
fn purchase_comes_to_what_the_client_quotes() {
    let (mut world, vendor, alice) = trading();
    let (currency, standard) = (world.currency_state(), world.standard_state());
    let book = world.book_state();
    let vault = world.vault_state(&vendor);
    let now = world.chain.now();
    let snapshot = Snapshot {
        currency: &currency,
        standard: &standard,
        book: &book,
        supply: world.supply(),
        vault: &vault,
        now,
    };
    for tokens in [1, 7, 333_333, 1_000_000, 123_456_789] {
        let sale = snapshot.purchase(tokens).unwrap();
        let call = world.purchase_for(&alice, &vendor, tokens, sale.payment.get());
        let outcome = world.ok(&call);
        let event = event!(outcome, Purchased);
        assert_eq!(event.payment, sale.payment);
        assert_eq!((event.fee, event.retained), (sale.fee, sale.retained));
    }
}

#[test]
fn purchase_without_fee_and_retained_share_pays_only_the_vendor() {
    let world = World::with_params(|params| params.fee = Bps::ZERO);
    let world = world.vault(VaultPlan::named("north").offer(PRICE, ONE, 0));
    let mut world = world.price(PRICE).holder("alice", FUNDS);
    let (vendor, alice) = (world.vendor("north"), world.the_holder("alice"));
    let call = world.purchase(&alice, &vendor, ONE);
    world.ok(&call);
    assert_eq!(world.chain.tokens(&vendor.payout), PRICE);
    assert_eq!(world.chain.tokens(&vendor.collateral), HELD);
    assert_eq!(world.chain.tokens(&address::revenue(&world.currency)), 0);
}

#[test]
fn purchase_that_retains_everything_pays_the_vendor_nothing() {
    let world = World::new().vault(VaultPlan::named("north").offer(PRICE, ONE, 9_970));
    let mut world = world.price(PRICE).holder("alice", FUNDS);
    let (vendor, alice) = (world.vendor("north"), world.the_holder("alice"));
    let call = world.purchase(&alice, &vendor, 3);
    world.ok(&call);
    assert_eq!(world.chain.tokens(&vendor.payout), 0);
    assert_eq!(world.chain.tokens(&vendor.collateral), HELD + 5);
}

#[test]
fn purchases_of_one_unit_never_cost_less_than_one_of_as_many() {
    let (world, vendor, alice) = trading();
    let mut world = world.holder("bob", FUNDS);
    let bob = world.the_holder("bob");
    let odd = Offer {
        price: Price::new(1_900_001),
        units: Units::new(1_000),
        retained: Bps::new(2_500),
    };
    let call = world.make_offer(&vendor, odd);
    world.ok(&call);
    let one = world.purchase(&alice, &vendor, 1);
    for _ in 0..20 {
        world.ok(&one);
    }
    let twenty = world.purchase(&bob, &vendor, 20);
    world.ok(&twenty);
    let paid = |holder: &Holder| FUNDS - world.chain.tokens(&holder.stable);
    assert!(
        paid(&alice) >= paid(&bob),
        "{} < {}",
        paid(&alice),
        paid(&bob)
    );
    assert_eq!((paid(&alice), paid(&bob)), (40, 39));
}

#[test]
fn purchase_after_a_loss_owes_what_the_tokens_are_backed_by_rounded_up() {
    let (world, vendor, alice) = trading();
    let mut world = world.issued("north", "alice", 9 * ONE);
    world.lose(&vendor, 2 * ONE);
    let call = world.purchase(&alice, &vendor, ONE);
    let outcome = world.ok(&call);
    let event = event!(outcome, Purchased);
    assert_eq!(
        (event.units.get(), event.payment.get()),
        (777_778, 1_555_556)
    );
    assert_eq!(world.chain.tokens(&alice.tokens), 10 * ONE);
}

#[test]
fn purchase_above_the_maximum_rejects() {
    let (mut world, vendor, alice) = trading();
    let call = world.purchase_for(&alice, &vendor, ONE, PRICE - 1);
    world.refuses(&call, SpecieError::PaymentAboveMaximum);
    let quoted = world.purchase_for(&alice, &vendor, ONE, PRICE);
    let dearer = Offer {
        price: Price::new(PRICE + 1),
        ..world.vault_state(&vendor).offer
    };
    let update = world.make_offer(&vendor, dearer);
    world.ok(&update);
    world.refuses(&quoted, SpecieError::PaymentAboveMaximum);
}

#[test]
fn purchase_without_an_offer_rejects() {
    let world = World::new().vault(VaultPlan::named("north").offer(0, ONE, 0));
    let mut world = world.price(PRICE).holder("alice", FUNDS);
    let (vendor, alice) = (world.vendor("north"), world.the_holder("alice"));
    let call = world.purchase(&alice, &vendor, ONE);
    world.refuses(&call, SpecieError::NoOffer);
}

#[test]
fn purchase_beyond_the_offer_rejects() {
    let world = World::new().vault(VaultPlan::named("north").offer(PRICE, 2 * ONE, 0));
    let mut world = world.price(PRICE).holder("alice", FUNDS);
    let (vendor, alice) = (world.vendor("north"), world.the_holder("alice"));
    let call = world.purchase(&alice, &vendor, 2 * ONE + 1);
    world.refuses(&call, SpecieError::OfferTooSmall);
    let call = world.purchase(&alice, &vendor, 2 * ONE);
    world.ok(&call);
    let call = world.purchase(&alice, &vendor, 1);
    world.refuses(&call, SpecieError::OfferTooSmall);
}

#[test]
fn purchase_of_nothing_rejects() {
    let (mut world, vendor, alice) = trading();
    let call = world.purchase(&alice, &vendor, 0);
    world.refuses(&call, SpecieError::AmountZero);
}

#[test]
fn purchase_of_as_much_as_there_are_numbers_rejects() {
    let (mut world, vendor, alice) = trading();
    let call = world.purchase(&alice, &vendor, u64::MAX);
    world.refuses(&call, SpecieError::Overflow);
}

#[test]
fn purchase_that_the_vault_may_not_issue_rejects() {
    let (mut world, vendor, alice) = trading();
    let call = world.purchase(&alice, &vendor, ONE);
    let pause = world.pause(60);
    world.ok(&pause);
    world.refuses(&call, SpecieError::Paused);
    let resume = world.resume();
    world.ok(&resume);
    world.chain.warp(7_201);
    world.refuses(&call, SpecieError::PriceStale);
    let mut world = world.price(PRICE);
    let (mint, issuer) = (world.stable_mint, world.stable_issuer.clone());
    world
        .chain
        .set_frozen(&vendor.collateral, &mint, &issuer, true);
    world.refuses(&call, SpecieError::CollateralFrozen);
    world
        .chain
        .set_frozen(&vendor.collateral, &mint, &issuer, false);
    world.edit(&vendor.vault, |v: &mut Vault| {
        v.pending.attestation.ends_at = Default::default()
    });
    world.refuses(&call, SpecieError::CoverageBelowFull);
}

#[test]
fn purchase_counts_its_own_retained_share_as_collateral() {
    // At 2.0 a unit needs 0.6 of collateral; a sale that retains 30 % brings just that.
    let plan = VaultPlan::named("north").collateral(0);
    let world = World::new().vault(plan.offer(PRICE, 10 * ONE, 3_000));
    let mut world = world.price(PRICE).holder("alice", FUNDS);
    let (vendor, alice) = (world.vendor("north"), world.the_holder("alice"));
    let call = world.purchase(&alice, &vendor, 10 * ONE);
    world.ok(&call);

    let plan = VaultPlan::named("north").collateral(0);
    let world = World::new().vault(plan.offer(PRICE, 10 * ONE, 2_999));
    let mut world = world.price(PRICE).holder("alice", FUNDS);
    let (vendor, alice) = (world.vendor("north"), world.the_holder("alice"));
    let call = world.purchase(&alice, &vendor, 10 * ONE);
    world.refuses(&call, SpecieError::CollateralBelowRatio);
}

#[test]
fn purchase_beyond_what_the_buyer_has_rejects() {
    let (world, vendor, _) = trading();
    let mut world = world.holder("bob", PRICE - 1);
    let bob = world.the_holder("bob");
    let call = world.purchase(&bob, &vendor, ONE);
    // The SPL Token program's "insufficient funds".
    let insufficient = InstructionError::Custom(1);
    world.chain.assert_refused(&call, 0, insufficient);
}

#[test]
fn purchase_with_anothers_money_rejects() {
    let (world, vendor, alice) = trading();
    let mut world = world.holder("bob", FUNDS);
    let bob = world.the_holder("bob");
    let call = world.purchase(&bob, &vendor, ONE);
    let call = call.replacing(bob.stable, alice.stable);
    // The SPL Token program's "owner does not match".
    let not_owner = InstructionError::Custom(4);
    world.chain.assert_refused(&call, 0, not_owner);
}

#[test]
fn purchase_without_a_signature_rejects() {
    let (mut world, vendor, alice) = trading();
    let call = world.purchase(&alice, &vendor, ONE).unsigned(&alice.party);
    world.refuses(&call, ErrorCode::ConstraintSigner);
}

#[test]
fn purchase_with_another_revenue_account_rejects() {
    let (mut world, vendor, alice) = trading();
    let other = second_currency(&mut world);
    let call = world.purchase(&alice, &vendor, ONE);
    let revenue = address::revenue(&world.currency);
    for wrong in [
        address::revenue(&other),
        vendor.stable,
        address::insurance(&world.currency),
    ] {
        let call = call.clone().replacing(revenue, wrong);
        world.refuses(&call, SpecieError::RevenueMismatch);
    }
}

#[test]
fn purchase_paying_another_account_rejects() {
    let (mut world, vendor, alice) = trading();
    let call = world.purchase(&alice, &vendor, ONE);
    let wrong = call.clone().replacing(vendor.payout, vendor.stable);
    world.refuses(&wrong, SpecieError::PayoutMismatch);
    // The vendor moved its payout since the quote.
    let update = world.update_vault(&vendor, NO_UPDATE);
    let update = update.replacing(vendor.payout, vendor.stable);
    world.ok(&update);
    world.refuses(&call, SpecieError::PayoutMismatch);
}

#[test]
fn purchase_with_the_same_account_twice_rejects() {
    let (mut world, vendor, alice) = trading();
    let call = world.purchase(&alice, &vendor, ONE);
    for once in [vendor.payout, vendor.collateral, alice.tokens] {
        let call = call.clone().replacing(once, alice.stable);
        world.refuses(&call, ErrorCode::ConstraintDuplicateMutableAccount);
    }
}

#[test]
fn purchase_at_one_vault_with_anothers_collateral_account_rejects() {
    let (world, vendor, alice) = trading();
    let mut world = world.vault(VaultPlan::named("south"));
    let south = world.vendor("south");
    let call = world.purchase(&alice, &vendor, ONE);
    let call = call.replacing(vendor.collateral, south.collateral);
    world.refuses(&call, SpecieError::CollateralAccountMismatch);
}

#[test]
fn purchase_under_another_currency_standard_or_mint_rejects() {
    let (mut world, vendor, alice) = trading();
    let other = second_currency(&mut world);
    let other_standard = address::standard(&other);
    let standard = address::standard(&world.currency);
    let call = world.purchase(&alice, &vendor, ONE);
    let swapped = call.clone().replacing(standard, other_standard);
    world.refuses(&swapped, SpecieError::StandardMismatch);
    let swapped = swapped.replacing(world.currency, other);
    world.refuses(&swapped, SpecieError::VaultOfOtherCurrency);
    let swapped = call.replacing(world.mint, world.stable_mint);
    world.refuses(&swapped, SpecieError::MintMismatch);
}
