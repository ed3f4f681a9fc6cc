use {
    anchor_lang::ErrorCode,
    solana_instruction::error::InstructionError,
    specie::errors::SpecieError,
    specie_client::{
        account::SpecieAccount,
        state::{Currency, Vault, VaultStatus, Voucher},
        units::{Count, LamportAmount, Seconds, Timestamp},
    },
    specie_tests::{
        event,
        world::{Holder, ONE, PRICE, Session, VaultPlan, Vendor, World},
    },
};

const TTL: i64 = 90 * 86_400;
const WINDOW: i64 = 6 * 3_600;

/// Alice holds tokens of "north" and has opened vouchers of one each, a second ago.
fn opened(count: usize) -> (World, Vendor, Vec<Session>) {
    in_world(World::trading(), count)
}

fn in_world(world: World, count: usize) -> (World, Vendor, Vec<Session>) {
    let mut world = world.issued("north", "alice", 200 * ONE);
    let (vendor, alice) = (world.vendor("north"), world.the_holder("alice"));
    let open = |i| world.opened(&alice, &vendor, &format!("session {i}"), ONE);
    let sessions = (0..count).map(open).collect();
    world.chain.warp(1);
    (world, vendor, sessions)
}

fn one() -> (World, Vendor, Session) {
    let (world, vendor, sessions) = opened(1);
    (world, vendor, sessions.into_iter().next().unwrap())
}

#[test]
fn challenge_stakes_the_deposit_and_starts_the_answer_window() {
    let (mut world, vendor, session) = one();
    let before = world.voucher_state(&session);
    let owner = session.owner.party.address();
    let lamports = world.chain.lamports(&owner);
    let deposit = world.params().challenge_deposit;
    let call = world.challenge(&session);
    let outcome = world.ok(&call);
    let event = event!(outcome, Challenged);
    let now = world.chain.now();
    assert_eq!(
        (event.vault, event.voucher, event.owner),
        (vendor.vault, session.voucher, owner)
    );
    assert_eq!(event.deposit, deposit);
    assert_eq!(event.challenged_until, Timestamp::new(now + WINDOW));
    assert_eq!(event.challenges, Count::new(1));
    let expected = Voucher {
        challenged_until: Timestamp::new(now + WINDOW),
        challenge_deposit: deposit,
        ..before
    };
    let after = world.voucher_state(&session);
    assert_eq!(bytemuck::bytes_of(&after), bytemuck::bytes_of(&expected));
    assert_eq!(world.chain.lamports(&owner), lamports - deposit.get());
    let rent = world.chain.rent(Voucher::LEN);
    let staked = world.chain.lamports(&session.voucher);
    assert_eq!(staked, rent + deposit.get());
}

#[test]
fn challenge_without_a_deposit() {
    let world = World::with_params(|params| params.challenge_deposit = LamportAmount::ZERO)
        .vault(VaultPlan::named("north"))
        .price(PRICE)
        .holder("alice", 0);
    let (mut world, _, sessions) = in_world(world, 1);
    let call = world.challenge(&sessions[0]);
    let outcome = world.ok(&call);
    assert_eq!(event!(outcome, Challenged).deposit, LamportAmount::ZERO);
}

#[test]
fn challenge_works_while_paused_suspended_and_margin_called() {
    let (mut world, vendor, session) = one();
    let pause = world.pause(60);
    world.ok(&pause);
    world.edit(&vendor.vault, |vault: &mut Vault| {
        vault.status = VaultStatus::Suspended as u8;
        vault.margin_called_at = Timestamp::new(1);
    });
    let call = world.challenge(&session);
    world.ok(&call);
}

/// All in the same second; the vendor answers one in each spacing, and no answer is late of as many as fit in two windows.
#[test]
fn a_flood_of_challenges_is_answered_in_time_at_the_advertised_rate() {
    let world = World::with_params(|params| {
        params.answer_spacing = Seconds::new(600);
        params.answer_window = Seconds::new(20 * 600);
    });
    let world = world
        .vault(VaultPlan::named("north"))
        .price(PRICE)
        .holder("alice", 0);
    let (mut world, vendor, sessions) = in_world(world, 40);
    let start = world.chain.now();
    for (i, session) in sessions.iter().enumerate() {
        let call = world.challenge(session);
        let outcome = world.ok(&call);
        // The queue gives no more than the window once more.
        let until = start + 20 * 600 + 600 * (i as i64).min(20);
        let event = event!(outcome, Challenged);
        assert_eq!(event.challenged_until, Timestamp::new(until));
    }
    for session in &sessions {
        world.chain.warp(600);
        let compensate = world.compensate(session);
        world.refuses(&compensate, SpecieError::AnswerWindowOpen);
        let answer = world.answer(&vendor, session);
        world.ok(&answer);
        world.refuses(&compensate, SpecieError::NotChallenged);
    }
    assert_eq!(world.chain.now(), start + 40 * 600);
}

/// A vendor that challenges itself and answers, serves or releases itself delays nobody.
#[test]
fn challenges_that_a_vendor_makes_and_ends_itself_put_no_answer_off() {
    let (mut world, vendor, sessions) = opened(31);
    let [real, own @ ..] = &sessions[..] else {
        panic!("sessions")
    };
    for session in own {
        let call = world.challenge(session);
        world.ok(&call);
    }
    for (i, session) in own.iter().enumerate() {
        let call = match i % 3 {
            0 => world.answer(&vendor, session),
            1 => world.settle(&vendor, &[world.receipt(session, 1)]),
            _ => world.release_voucher(&vendor, session),
        };
        world.ok(&call);
    }
    let call = world.challenge(real);
    let outcome = world.ok(&call);
    let until = event!(outcome, Challenged).challenged_until;
    assert_eq!(until, Timestamp::new(world.chain.now() + WINDOW));
}

#[test]
fn a_challenged_voucher_may_be_closed() {
    let (mut world, _, session) = one();
    let call = world.challenge(&session);
    world.ok(&call);
    let call = world.request_close(&session);
    world.ok(&call);
    assert!(!world.voucher_state(&session).challenged_until.is_zero());
}

#[test]
fn challenge_twice_rejects() {
    let (mut world, _, session) = one();
    let call = world.challenge(&session);
    world.ok(&call);
    world.refuses(&call, SpecieError::AlreadyChallenged);
}

#[test]
fn challenge_of_an_answered_voucher_rejects() {
    let (mut world, vendor, session) = one();
    let call = world.challenge(&session);
    world.ok(&call);
    let answer = world.answer(&vendor, &session);
    world.ok(&answer);
    world.refuses(&call, SpecieError::AlreadyAnswered);
}

#[test]
fn challenge_of_a_closing_or_expired_voucher_rejects() {
    let (mut world, _, sessions) = opened(2);
    let close = world.request_close(&sessions[0]);
    world.ok(&close);
    let call = world.challenge(&sessions[0]);
    world.refuses(&call, SpecieError::AlreadyClosing);
    let call = world.challenge(&sessions[1]);
    world.chain.warp_to(sessions[1].opened_at + TTL - 1);
    let mut in_time = world.clone();
    in_time.ok(&call);
    world.chain.warp(1);
    world.refuses(&call, SpecieError::AlreadyClosing);
}

#[test]
fn challenge_of_a_voucher_that_was_served_or_compensated_rejects() {
    let (mut world, vendor, sessions) = opened(2);
    let receipt = world.receipt(&sessions[0], 1);
    let settle = world.settle(&vendor, &[receipt]);
    world.ok(&settle);
    let call = world.challenge(&sessions[0]);
    world.refuses(&call, SpecieError::AlreadyServed);
    let ruling = world.ruling(&sessions[1], 1);
    let rule = world.rule_breach(&sessions[1], &ruling);
    world.ok(&rule);
    let call = world.challenge(&sessions[1]);
    world.refuses(&call, SpecieError::AlreadyServed);
}

#[test]
fn challenge_at_a_defaulted_vault_rejects() {
    let (mut world, vendor, session) = one();
    world.edit(&vendor.vault, |vault: &mut Vault| {
        vault.status = VaultStatus::Defaulted as u8
    });
    let call = world.challenge(&session);
    world.refuses(&call, SpecieError::VaultDefaulted);
}

#[test]
fn challenge_by_another_than_the_owner_rejects() {
    let (world, vendor, session) = one();
    let mut world = world.holder("mallory", 0);
    let mallory: Holder = world.the_holder("mallory");
    let call = world.challenge(&session);
    for stranger in [&mallory.party, &vendor.operator, &session.party] {
        let call = call.clone().signed_by(&session.owner.party, stranger);
        world.refuses(&call, SpecieError::NotVoucherOwner);
    }
    let call = call.unsigned(&session.owner.party);
    world.refuses(&call, ErrorCode::ConstraintSigner);
}

#[test]
fn challenge_staked_by_somebody_who_does_not_sign_rejects() {
    let (mut world, _, session) = one();
    let payer = world.party("payer");
    world.chain.fund(&payer.address());
    let mut call = world.challenge(&session);
    call.ours().accounts[1].pubkey = payer.address();
    call.ours().accounts[1].is_signer = false;
    world.refuses(&call, ErrorCode::ConstraintSigner);
    call.ours().accounts[1].is_signer = true;
    call.signers.push(payer);
    world.ok(&call);
}

#[test]
fn challenge_without_the_lamports_for_it_rejects() {
    let (mut world, _, session) = one();
    let owner = session.owner.party.address();
    let deposit = world.params().challenge_deposit.get();
    world
        .chain
        .edit(&owner, |account| account.lamports = deposit - 1);
    let call = world.challenge(&session);
    // The System program's "insufficient funds".
    let insufficient = InstructionError::Custom(1);
    world.chain.assert_refused(&call, 0, insufficient);
    world
        .chain
        .edit(&owner, |account| account.lamports = deposit);
    world.ok(&call);
}

#[test]
fn challenge_under_another_vault_or_currency_rejects() {
    let (world, north, session) = one();
    let mut world = world.vault(VaultPlan::named("south")).price(PRICE);
    let south = world.vendor("south");
    let other = super::post_price::second_currency(&mut world);
    let call = world.challenge(&session);
    let swapped = call.clone().replacing(north.vault, south.vault);
    world.refuses(&swapped, SpecieError::VoucherOfOtherVault);
    let swapped = call.replacing(world.currency, other);
    world.refuses(&swapped, SpecieError::VaultOfOtherCurrency);
}

#[test]
fn rules_that_change_meanwhile_do_not_move_a_deadline() {
    let (mut world, vendor, session) = one();
    let call = world.challenge(&session);
    world.ok(&call);
    let until = world.voucher_state(&session).challenged_until;
    let currency = world.currency;
    world.edit(&currency, |currency: &mut Currency| {
        currency.params.answer_window = Seconds::new(600);
        currency.params.challenge_deposit = LamportAmount::new(1);
    });
    let owner = world.chain.lamports(&vendor.operator.address());
    world.chain.warp_to(until.get());
    let call = world.answer(&vendor, &session);
    world.ok(&call);
    let paid = world.chain.lamports(&vendor.operator.address()) - owner;
    assert_eq!(paid, 10_000_000);
}
