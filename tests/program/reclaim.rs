use {
    anchor_lang::ErrorCode,
    solana_instruction::error::InstructionError,
    specie::errors::SpecieError,
    specie_client::{
        account::SpecieAccount,
        state::{Vault, VaultStatus, Voucher},
        units::{Count, Timestamp, Tokens, Units, Work},
    },
    specie_tests::{
        event,
        world::{Holder, ONE, PRICE, Session, VaultPlan, Vendor, World},
    },
};

const TTL: i64 = 90 * 86_400;
const WINDOW: i64 = 2 * 86_400;

/// Alice holds ninety tokens of "north" and a voucher of ten.
fn opened() -> (World, Vendor, Session) {
    let mut world = World::trading().issued("north", "alice", 100 * ONE);
    let (vendor, alice) = (world.vendor("north"), world.the_holder("alice"));
    let session = world.opened(&alice, &vendor, "session", 10 * ONE);
    (world, vendor, session)
}

/// The same with four of the ten settled, closed, and the dispute window over.
fn reclaimable() -> (World, Vendor, Session) {
    let (mut world, vendor, session) = opened();
    let receipt = world.receipt(&session, 4 * ONE);
    let call = world.settle(&vendor, &[receipt]);
    world.ok(&call);
    let call = world.request_close(&session);
    world.ok(&call);
    world.chain.warp(WINDOW + 1);
    (world, vendor, session)
}

#[test]
fn request_close_starts_the_dispute_window() {
    let (mut world, vendor, session) = opened();
    let before = world.voucher_state(&session);
    world.chain.warp(100);
    let call = world.request_close(&session);
    let outcome = world.ok(&call);
    let event = event!(outcome, CloseRequested);
    let now = world.chain.now();
    assert_eq!(
        (event.vault, event.voucher),
        (vendor.vault, session.voucher)
    );
    assert_eq!(event.closing_at, Timestamp::new(now));
    assert_eq!(event.settles_until, Timestamp::new(now + WINDOW));
    let expected = Voucher {
        closing_at: Timestamp::new(now),
        ..before
    };
    let after = world.voucher_state(&session);
    assert_eq!(bytemuck::bytes_of(&after), bytemuck::bytes_of(&expected));
}

#[test]
fn request_close_works_while_paused_and_in_default() {
    let (mut world, vendor, session) = opened();
    let pause = world.pause(60);
    world.ok(&pause);
    world.edit(&vendor.vault, |v: &mut Vault| {
        v.status = VaultStatus::Defaulted as u8
    });
    let call = world.request_close(&session);
    world.ok(&call);
}

#[test]
fn request_close_twice_rejects() {
    let (mut world, _, session) = opened();
    let call = world.request_close(&session);
    world.ok(&call);
    world.chain.warp(1);
    world.refuses(&call, SpecieError::AlreadyClosing);
}

#[test]
fn request_close_of_an_expired_voucher_rejects() {
    let (mut world, _, session) = opened();
    world.chain.warp(TTL);
    let call = world.request_close(&session);
    world.refuses(&call, SpecieError::AlreadyClosing);
}

#[test]
fn request_close_by_another_than_the_owner_rejects() {
    let (mut world, vendor, session) = opened();
    let call = world.request_close(&session);
    for stranger in [&vendor.party, &vendor.operator, &session.party] {
        let call = call.clone().signed_by(&session.owner.party, stranger);
        world.refuses(&call, SpecieError::NotVoucherOwner);
    }
}

#[test]
fn request_close_without_a_signature_rejects() {
    let (mut world, _, session) = opened();
    let call = world.request_close(&session).unsigned(&session.owner.party);
    world.refuses(&call, ErrorCode::ConstraintSigner);
}

#[test]
fn closing_under_another_vault_or_currency_rejects() {
    let (world, north, session) = reclaimable();
    let mut world = world.vault(VaultPlan::named("south")).price(PRICE);
    let south = world.vendor("south");
    let other = super::post_price::second_currency(&mut world);
    for call in [world.request_close(&session), world.reclaim(&session)] {
        let swapped = call.clone().replacing(north.vault, south.vault);
        world.refuses(&swapped, SpecieError::VoucherOfOtherVault);
        let swapped = call.replacing(world.currency, other);
        world.refuses(&swapped, SpecieError::VaultOfOtherCurrency);
    }
}

#[test]
fn reclaim_returns_what_is_left_as_tokens_and_the_rent_to_who_paid_it() {
    let (mut world, vendor, session) = reclaimable();
    let payer = session.rent_payer.address();
    let lamports = world.chain.lamports(&payer);
    let call = world.reclaim(&session);
    let outcome = world.ok(&call);
    let event = event!(outcome, Reclaimed);
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
    let balances = world.vault_state(&vendor).balances;
    assert_eq!(balances.outstanding, Units::new(96 * ONE));
    assert_eq!(
        (balances.open, balances.open_work),
        (Units::ZERO, Work::ZERO)
    );
    assert_eq!(balances.delivered, Units::new(4 * ONE));
    assert_eq!(world.chain.lamports(&session.voucher), 0);
    let rent = world.chain.rent(Voucher::LEN);
    assert_eq!(world.chain.lamports(&payer), lamports + rent);
}

#[test]
fn reclaim_of_an_expired_voucher_needs_no_request() {
    let (mut world, vendor, session) = opened();
    world.chain.warp_to(session.opened_at + TTL + WINDOW);
    let call = world.reclaim(&session);
    world.refuses(&call, SpecieError::ReclaimTooEarly);
    world.chain.warp(1);
    world.ok(&call);
    assert_eq!(
        world.vault_state(&vendor).balances.outstanding,
        Units::new(100 * ONE)
    );
}

#[test]
fn reclaim_works_whatever_became_of_vault_price_and_pause() {
    let (mut world, vendor, session) = reclaimable();
    let pause = world.pause(60);
    world.ok(&pause);
    world.edit(&vendor.vault, |v: &mut Vault| {
        v.status = VaultStatus::Defaulted as u8;
        v.margin_called_at = Timestamp::new(1);
        v.attested = bytemuck::Zeroable::zeroed();
    });
    let call = world.reclaim(&session);
    world.ok(&call);
}

#[test]
fn reclaim_after_a_loss_returns_the_tokens_it_was_opened_with() {
    let (mut world, vendor, session) = reclaimable();
    world.lose(&vendor, 20 * ONE);
    let before = world.vault_state(&vendor).balances.outstanding;
    let call = world.reclaim(&session);
    let outcome = world.ok(&call);
    assert_eq!(event!(outcome, Reclaimed).tokens, Tokens::new(6 * ONE));
    // The units are owed again, whatever the tokens are worth.
    let outstanding = world.vault_state(&vendor).balances.outstanding;
    assert_eq!(Ok(outstanding), before.plus(Units::new(6 * ONE)));
}

#[test]
fn reclaim_after_a_gain_returns_no_more_than_the_units_are_worth() {
    let (mut world, _, session) = reclaimable();
    // Half of the units were served for as many tokens again: opened at half a unit a token.
    world.edit(&session.voucher, |v: &mut Voucher| {
        v.tokens = Tokens::new(2 * v.tokens.get());
    });
    let call = world.reclaim(&session);
    let outcome = world.ok(&call);
    assert_eq!(event!(outcome, Reclaimed).tokens, Tokens::new(6 * ONE));
    assert!(world.backing().is_full());
}

#[test]
fn reclaim_of_an_open_voucher_rejects() {
    let (mut world, _, session) = opened();
    let call = world.reclaim(&session);
    world.refuses(&call, SpecieError::ReclaimTooEarly);
}

#[test]
fn reclaim_within_the_dispute_window_rejects() {
    let (mut world, _, session) = opened();
    let close = world.request_close(&session);
    world.ok(&close);
    let call = world.reclaim(&session);
    world.refuses(&call, SpecieError::ReclaimTooEarly);
    world.chain.warp(WINDOW);
    world.refuses(&call, SpecieError::ReclaimTooEarly);
    world.chain.warp(1);
    world.ok(&call);
}

#[test]
fn reclaim_of_a_challenged_voucher_rejects_until_it_is_answered() {
    let (mut world, vendor, session) = opened();
    let challenge = world.challenge(&session);
    world.ok(&challenge);
    let close = world.request_close(&session);
    world.ok(&close);
    let call = world.reclaim(&session);
    world.refuses(&call, SpecieError::ReclaimTooEarly);
    let mut answered = world.clone();
    let answer = answered.answer(&vendor, &session);
    answered.ok(&answer);
    for world in [&mut world, &mut answered] {
        world.chain.warp(WINDOW + 1);
    }
    world.refuses(&call, SpecieError::ChallengePending);
    let compensate = world.compensate(&session);
    world.ok(&compensate);
    answered.ok(&call);
    assert_eq!(answered.vault_state(&vendor).vouchers, Count::ZERO);
}

#[test]
fn reclaim_twice_rejects() {
    let (mut world, _, session) = reclaimable();
    let call = world.reclaim(&session);
    world.ok(&call);
    let gone = InstructionError::AccountDataTooSmall;
    world.chain.assert_refused(&call, 0, gone);
}

#[test]
fn reclaim_to_anothers_account_rejects() {
    let (world, vendor, session) = reclaimable();
    let mut world = world.holder("mallory", 0);
    let mallory: Holder = world.the_holder("mallory");
    let call = world.reclaim(&session);
    for thief in [mallory.tokens, vendor.tokens] {
        let call = call.clone().replacing(session.owner.tokens, thief);
        world.refuses(&call, SpecieError::NotAssociatedTokenAccount);
    }
}

#[test]
fn reclaim_to_an_account_of_another_mint_rejects() {
    let (mut world, _, session) = reclaimable();
    let call = world.reclaim(&session);
    let call = call.replacing(session.owner.tokens, session.owner.stable);
    world.refuses(&call, SpecieError::TokenAccountOfOtherMint);
}

#[test]
fn reclaim_to_what_is_no_token_account_rejects() {
    let (mut world, _, session) = reclaimable();
    let call = world.reclaim(&session);
    for wrong in [world.stable_mint, session.owner.party.address()] {
        let slot = call.instructions[0].accounts.len() - 2;
        let call = call.clone().at(slot, wrong);
        let error = if wrong == session.rent_payer.address() {
            ErrorCode::ConstraintDuplicateMutableAccount.into()
        } else {
            anchor_lang::Error::from(SpecieError::NotTokenAccount)
        };
        world.refuses(&call, error);
    }
}

#[test]
fn reclaim_paying_a_stranger_the_rent_rejects() {
    let (mut world, vendor, session) = reclaimable();
    let call = world.reclaim(&session);
    let swapped = call.clone().at(5, vendor.operator.address());
    world.refuses(&swapped, SpecieError::RentPayerMismatch);
    let swapped = call.at(4, vendor.operator.address());
    world.refuses(&swapped, SpecieError::VoucherOwnerMismatch);
}

#[test]
fn reclaim_of_another_mint_rejects() {
    let (mut world, _, session) = reclaimable();
    let call = world.reclaim(&session);
    let call = call.replacing(world.mint, world.stable_mint);
    world.refuses(&call, SpecieError::MintMismatch);
}

#[test]
fn receipts_after_a_reclaim_reject() {
    let (mut world, vendor, session) = reclaimable();
    let call = world.reclaim(&session);
    world.ok(&call);
    let receipt = world.receipt(&session, 10 * ONE);
    let call = world.settle(&vendor, &[receipt]);
    let gone = InstructionError::AccountDataTooSmall;
    world.chain.assert_refused(&call, 1, gone);
}

#[test]
fn reclaim_of_a_voucher_that_was_consumed_at_once_need_not_wait() {
    let (mut world, vendor, session) = opened();
    let units = world.voucher_state(&session).units.get();
    let settle = world.settle(&vendor, &[world.receipt(&session, units)]);
    world.ok(&settle);
    let call = world.reclaim(&session);
    world.refuses(&call, SpecieError::ReclaimTooEarly);
    world.chain.warp(1);
    world.ok(&call);
    assert!(world.chain.account(&session.voucher).is_none());
}
