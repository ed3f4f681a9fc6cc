use {
    anchor_lang::ErrorCode,
    specie::errors::SpecieError,
    specie_client::{
        account::SpecieAccount,
        state::{Vault, VaultStatus, Voucher},
        units::{Count, Timestamp, Tokens, Units, Work},
    },
    specie_tests::{
        event,
        world::{ONE, PRICE, Session, VaultPlan, Vendor, World},
    },
};

const ANSWER_WINDOW: i64 = 6 * 3_600;

/// Alice holds ninety tokens of "north" and a voucher of ten, whose rent a sponsor paid, opened a second ago.
fn opened() -> (World, Vendor, Session) {
    let mut world = World::trading().issued("north", "alice", 100 * ONE);
    let (vendor, alice) = (world.vendor("north"), world.the_holder("alice"));
    let mut session = world.session(&alice, &vendor, "session");
    session.rent_payer = world.party("sponsor");
    world.chain.fund(&session.rent_payer.address());
    let call = world.redeem(&session, 10 * ONE);
    world.ok(&call);
    world.chain.warp(1);
    (world, vendor, session)
}

#[test]
fn release_voucher_returns_what_is_left_at_once() {
    let (mut world, vendor, session) = opened();
    let receipt = world.receipt(&session, 4 * ONE);
    let settle = world.settle(&vendor, &[receipt]);
    world.ok(&settle);
    let sponsor = session.rent_payer.address();
    let lamports = world.chain.lamports(&sponsor);
    let call = world.release_voucher(&vendor, &session);
    let outcome = world.ok(&call);
    let event = event!(outcome, VoucherReleased);
    assert_eq!(
        (event.vault, event.voucher),
        (vendor.vault, session.voucher)
    );
    assert_eq!(event.owner, session.owner.party.address());
    assert_eq!(
        (event.units, event.tokens),
        (Units::new(6 * ONE), Tokens::new(6 * ONE))
    );
    assert_eq!(world.chain.tokens(&session.owner.tokens), 96 * ONE);
    assert_eq!(world.supply(), 96 * ONE);
    let vault = world.vault_state(&vendor);
    assert_eq!(vault.balances.outstanding, Units::new(96 * ONE));
    assert_eq!(
        (vault.balances.open, vault.balances.open_work),
        (Units::ZERO, Work::ZERO)
    );
    assert_eq!(vault.vouchers, Count::ZERO);
    let rent = world.chain.rent(Voucher::LEN);
    assert_eq!(world.chain.lamports(&sponsor), lamports + rent);
    assert_eq!(world.chain.lamports(&session.voucher), 0);
}

#[test]
fn release_voucher_of_a_challenged_one_returns_the_deposit_to_the_owner() {
    let (mut world, vendor, session) = opened();
    let (owner, sponsor) = (session.owner.party.address(), session.rent_payer.address());
    let before = [owner, sponsor].map(|who| world.chain.lamports(&who));
    // Another challenge, which stays.
    let alice = session.owner.clone();
    let first = world.opened(&alice, &vendor, "first", ONE);
    for session in [&first, &session] {
        let call = world.challenge(session);
        world.ok(&call);
    }
    let challenges = |world: &World| world.vault_state(&vendor).challenges;
    assert_eq!(challenges(&world), Count::new(2));
    let call = world.release_voucher(&vendor, &session);
    world.ok(&call);
    assert_eq!(challenges(&world), Count::new(1));
    let rent = world.chain.rent(Voucher::LEN);
    let deposit = world.params().challenge_deposit.get();
    let after = [owner, sponsor].map(|who| world.chain.lamports(&who));
    // The owner's first voucher and its challenge are still open.
    assert_eq!(after, [before[0] - rent - deposit, before[1] + rent]);
    assert_eq!(world.chain.tokens(&session.owner.tokens), 99 * ONE);
}

#[test]
fn release_voucher_to_an_owner_who_paid_the_rent() {
    let mut world = World::trading().issued("north", "alice", 100 * ONE);
    let (vendor, alice) = (world.vendor("north"), world.the_holder("alice"));
    let lamports = world.chain.lamports(&alice.party.address());
    let session = world.opened(&alice, &vendor, "session", 10 * ONE);
    world.chain.warp(1);
    let call = world.challenge(&session);
    world.ok(&call);
    let call = world.release_voucher(&vendor, &session);
    world.ok(&call);
    assert_eq!(world.chain.lamports(&alice.party.address()), lamports);
}

#[test]
fn release_voucher_works_whatever_became_of_vault_price_and_pause() {
    type Change = fn(&mut Vault);
    let changes: [Change; 3] = [
        |vault| vault.status = VaultStatus::Suspended as u8,
        |vault| vault.status = VaultStatus::Defaulted as u8,
        |vault| vault.margin_called_at = Timestamp::new(1),
    ];
    for change in changes {
        let (mut world, vendor, session) = opened();
        let pause = world.pause(3 * 86_400);
        world.ok(&pause);
        world.chain.warp(86_400);
        world.edit(&vendor.vault, change);
        let close = world.request_close(&session);
        world.ok(&close);
        let call = world.release_voucher(&vendor, &session);
        world.ok(&call);
    }
}

#[test]
fn release_voucher_counts_to_the_second_of_a_challenges_deadline() {
    let (mut world, vendor, session) = opened();
    let call = world.challenge(&session);
    world.ok(&call);
    world.chain.warp(ANSWER_WINDOW);
    let mut in_time = world.clone();
    let call = in_time.release_voucher(&vendor, &session);
    in_time.ok(&call);
    world.chain.warp(1);
    world.refuses(&call, SpecieError::CompensationDue);
}

#[test]
fn release_voucher_in_the_second_of_its_opening_rejects() {
    let mut world = World::trading().issued("north", "alice", 100 * ONE);
    let (vendor, alice) = (world.vendor("north"), world.the_holder("alice"));
    let session = world.opened(&alice, &vendor, "session", 10 * ONE);
    let call = world.release_voucher(&vendor, &session);
    world.refuses(&call, SpecieError::VoucherTooYoung);
    world.chain.warp(1);
    world.ok(&call);
}

/// A vendor must not make its holders bear a loss that others caused.
#[test]
fn release_voucher_from_before_a_loss_rejects() {
    let (mut world, vendor, session) = opened();
    world.lose(&vendor, 90);
    let call = world.release_voucher(&vendor, &session);
    world.refuses(&call, SpecieError::ReleaseBelowClaim);
    // The owner may.
    let close = world.request_close(&session);
    world.ok(&close);
    world.chain.warp(2 * 86_400 + 1);
    let reclaim = world.reclaim(&session);
    world.ok(&reclaim);
}

#[test]
fn release_voucher_opened_after_a_loss() {
    let (mut world, vendor, session) = opened();
    world.lose(&vendor, 20 * ONE);
    let later = world.opened(&session.owner, &vendor, "later", 7 * ONE);
    world.chain.warp(1);
    let receipt = world.receipt(&later, 1_234_567);
    let settle = world.settle(&vendor, &[receipt]);
    world.ok(&settle);
    let call = world.release_voucher(&vendor, &later);
    world.ok(&call);
}

#[test]
fn release_voucher_by_another_than_the_operator_rejects() {
    let (mut world, vendor, session) = opened();
    let call = world.release_voucher(&vendor, &session);
    for stranger in [&vendor.party, &vendor.issuer, &session.party] {
        let call = call.clone().signed_by(&vendor.operator, stranger);
        world.refuses(&call, SpecieError::NotOperator);
    }
    let call = call.unsigned(&vendor.operator);
    world.refuses(&call, ErrorCode::ConstraintSigner);
}

#[test]
fn release_voucher_paying_a_stranger_rejects() {
    let (world, vendor, session) = opened();
    let mut world = world.holder("mallory", 0);
    let mallory = world.the_holder("mallory");
    let call = world.release_voucher(&vendor, &session);
    let stranger = mallory.party.address();
    let swaps = [
        (
            session.owner.party.address(),
            stranger,
            SpecieError::VoucherOwnerMismatch,
        ),
        (
            session.rent_payer.address(),
            stranger,
            SpecieError::RentPayerMismatch,
        ),
        (
            session.owner.tokens,
            mallory.tokens,
            SpecieError::NotAssociatedTokenAccount,
        ),
        (
            session.owner.tokens,
            session.owner.stable,
            SpecieError::TokenAccountOfOtherMint,
        ),
        (world.mint, world.stable_mint, SpecieError::MintMismatch),
    ];
    for (old, new, error) in swaps {
        let call = call.clone().replacing(old, new);
        world.refuses(&call, error);
    }
}

#[test]
fn release_voucher_under_another_vault_or_currency_rejects() {
    let (world, north, session) = opened();
    let mut world = world.vault(VaultPlan::named("south")).price(PRICE);
    let south = world.vendor("south");
    let other = super::post_price::second_currency(&mut world);
    let call = world.release_voucher(&north, &session);
    let swapped = call.clone().replacing(north.vault, south.vault);
    world.refuses(&swapped, SpecieError::VoucherOfOtherVault);
    let swapped = call.replacing(world.currency, other);
    world.refuses(&swapped, SpecieError::VaultOfOtherCurrency);
}
