use {
    solana_instruction::{AccountMeta, error::InstructionError},
    solana_pubkey::Pubkey,
    specie::errors::SpecieError,
    specie_client::{
        account::SpecieAccount,
        instruction::SignedReceipt,
        state::{VaultStatus, Voucher},
        units::{Count, Units, Work},
    },
    specie_tests::{
        event,
        world::{Holder, ONE, Outcome, PRICE, Session, VaultPlan, Vendor, World},
    },
};

const STANDARD: u64 = 790 * 3_600;
const TTL: i64 = 90 * 86_400;
const WINDOW: i64 = 2 * 86_400;
const ANSWER_WINDOW: i64 = 6 * 3_600;

/// Alice holds a hundred tokens of "north" and has opened vouchers of ten each.
fn opened(count: usize) -> (World, Vendor, Vec<Session>) {
    let mut world = World::trading().issued("north", "alice", 100 * ONE);
    let (vendor, alice) = (world.vendor("north"), world.the_holder("alice"));
    let open = |i| world.opened(&alice, &vendor, &format!("session {i}"), 10 * ONE);
    let sessions = (0..count).map(open).collect();
    world.chain.warp(1);
    (world, vendor, sessions)
}

fn one() -> (World, Vendor, Session) {
    let (world, vendor, sessions) = opened(1);
    (world, vendor, sessions.into_iter().next().unwrap())
}

/// What a settlement told: its vault, and each voucher with the units consumed in all.
fn settled(outcome: &Outcome) -> (Pubkey, Vec<(Pubkey, u64)>) {
    let event = event!(outcome, Settled);
    let receipts = event.receipts.as_slice().iter();
    let receipts = receipts.map(|receipt| (receipt.voucher, receipt.settled.get()));
    (event.vault, receipts.collect())
}

#[test]
fn settle_moves_what_is_new_from_open_to_delivered() {
    let (mut world, vendor, session) = one();
    for (cumulative, delivered) in [(3 * ONE, 3 * ONE), (3 * ONE + 1, 3 * ONE + 1)] {
        let receipt = world.receipt(&session, cumulative);
        let call = world.settle(&vendor, &[receipt]);
        let outcome = world.ok(&call);
        let (vault, receipts) = settled(&outcome);
        assert_eq!(vault, vendor.vault);
        assert_eq!(receipts, [(session.voucher, cumulative)]);
        assert_eq!(
            world.voucher_state(&session).settled,
            Units::new(cumulative)
        );
        let balances = world.vault_state(&vendor).balances;
        assert_eq!(balances.delivered, Units::new(delivered));
        assert_eq!(balances.open, Units::new(10 * ONE - delivered));
        assert_eq!(balances.outstanding, Units::new(90 * ONE));
    }
    // 7 SCU less one unit, rounded up.
    let open_work = world.vault_state(&vendor).balances.open_work;
    assert_eq!(open_work, Work::new(7 * STANDARD - 2));
    assert_eq!(world.supply(), 90 * ONE);
}

#[test]
fn settle_to_the_end_closes_and_returns_the_rent_to_who_paid_it() {
    let mut world = World::trading().issued("north", "alice", 100 * ONE);
    let (vendor, alice) = (world.vendor("north"), world.the_holder("alice"));
    let mut session = world.session(&alice, &vendor, "session");
    session.rent_payer = world.party("sponsor");
    let sponsor = session.rent_payer.address();
    world.chain.fund(&sponsor);
    let lamports = world.chain.lamports(&sponsor);
    let call = world.redeem(&session, 10 * ONE);
    world.ok(&call);
    let rent = world.chain.rent(Voucher::LEN);
    assert_eq!(lamports - world.chain.lamports(&sponsor), rent);

    world.chain.warp(1);
    let receipt = world.receipt(&session, 10 * ONE);
    let call = world.settle(&vendor, &[receipt]);
    let outcome = world.ok(&call);
    assert_eq!(settled(&outcome).1, [(session.voucher, 10 * ONE)]);
    assert!(world.chain.account(&session.voucher).is_none());
    assert_eq!(world.chain.lamports(&session.voucher), 0);
    assert_eq!(world.chain.lamports(&sponsor), lamports);
    let balances = world.vault_state(&vendor).balances;
    assert_eq!(
        (balances.open, balances.open_work),
        (Units::ZERO, Work::ZERO)
    );
}

#[test]
fn settle_takes_one_to_five_receipts() {
    for count in 1..=5 {
        let (mut world, vendor, sessions) = opened(count);
        let receipts: Vec<_> = sessions
            .iter()
            .enumerate()
            // The last one is consumed to the end.
            .map(|(i, session)| world.receipt(session, (10 + 1 - count as u64 + i as u64) * ONE))
            .collect();
        let call = world.settle(&vendor, &receipts);
        let outcome = world.ok(&call);
        let expected: Vec<(Pubkey, u64)> = sessions
            .iter()
            .zip(&receipts)
            .map(|(session, receipt)| (session.voucher, receipt.receipt.cumulative))
            .collect();
        assert_eq!(settled(&outcome), (vendor.vault, expected));
        assert!(world.chain.account(&sessions[count - 1].voucher).is_none());
        let delivered: u64 = receipts.iter().map(|r| r.receipt.cumulative).sum();
        let balances = world.vault_state(&vendor).balances;
        assert_eq!(balances.delivered, Units::new(delivered));
    }
}

#[test]
fn settle_two_receipts_of_one_voucher() {
    let (mut world, vendor, session) = one();
    let receipts = [ONE, 2 * ONE].map(|cumulative| world.receipt(&session, cumulative));
    let call = world.settle(&vendor, &receipts);
    world.ok(&call);
    assert_eq!(
        world.vault_state(&vendor).balances.delivered,
        Units::new(2 * ONE)
    );
}

#[test]
fn settle_credits_only_the_vendor_whoever_brings_the_receipt() {
    let (mut world, vendor, session) = one();
    let stranger = world.party("stranger");
    world.chain.fund(&stranger.address());
    let before = world.chain.lamports(&stranger.address());
    let receipt = world.receipt(&session, ONE);
    let mut call = world.settle(&vendor, &[receipt]);
    call.signers.push(stranger.clone());
    let mut metas = AccountMeta::new(stranger.address(), true);
    metas.is_writable = false;
    call.ours().accounts.push(metas);
    world.ok(&call);
    assert_eq!(world.chain.lamports(&stranger.address()), before);
    assert_eq!(
        world.vault_state(&vendor).balances.delivered,
        Units::new(ONE)
    );
}

#[test]
fn settle_works_whatever_became_of_vault_price_and_pause() {
    let (mut world, vendor, session) = one();
    let pause = world.pause(3 * 86_400);
    world.ok(&pause);
    world.chain.warp(86_400);
    for (i, status) in [VaultStatus::Suspended, VaultStatus::Defaulted]
        .into_iter()
        .enumerate()
    {
        world.edit(&vendor.vault, |v: &mut specie_client::state::Vault| {
            v.status = status as u8
        });
        let receipt = world.receipt(&session, ONE * (i as u64 + 1));
        let call = world.settle(&vendor, &[receipt]);
        world.ok(&call);
    }
}

/// Served is answered; what was staked goes where the rent goes.
#[test]
fn settle_answers_a_challenge_to_the_second_of_its_deadline() {
    let (mut world, vendor, sessions) = opened(2);
    let sponsor = sessions[1].rent_payer.address();
    for session in &sessions {
        let challenge = world.challenge(session);
        world.ok(&challenge);
    }
    let challenges = |world: &World| world.vault_state(&vendor).challenges;
    assert_eq!(challenges(&world), Count::new(2));
    let call = world.settle(&vendor, &[world.receipt(&sessions[1], 10 * ONE)]);
    let lamports = world.chain.lamports(&sponsor);
    world.ok(&call);
    assert_eq!(challenges(&world), Count::new(1));
    assert!(world.chain.account(&sessions[1].voucher).is_none());
    let rent = world.chain.rent(Voucher::LEN);
    let deposit = world.params().challenge_deposit.get();
    let returned = world.chain.lamports(&sponsor) - lamports;
    assert_eq!(returned, rent + deposit);

    world.chain.warp(ANSWER_WINDOW);
    let call = world.settle(&vendor, &[world.receipt(&sessions[0], ONE)]);
    world.ok(&call);
    let voucher = world.voucher_state(&sessions[0]);
    assert!(voucher.challenged_until.is_zero() && voucher.challenge_deposit.is_zero());
    assert_eq!(world.chain.lamports(&sessions[0].voucher), rent + deposit);
    let challenge = world.challenge(&sessions[0]);
    world.refuses(&challenge, SpecieError::AlreadyServed);
}

#[test]
fn settle_after_a_challenges_deadline_counts_and_answers_nothing() {
    let (mut world, vendor, session) = one();
    let challenge = world.challenge(&session);
    world.ok(&challenge);
    world.chain.warp(ANSWER_WINDOW + 1);
    let call = world.settle(&vendor, &[world.receipt(&session, 4 * ONE)]);
    world.ok(&call);
    assert!(!world.voucher_state(&session).challenged_until.is_zero());
    let compensate = world.compensate(&session);
    let outcome = world.ok(&compensate);
    assert_eq!(event!(outcome, Compensated).units, Units::new(6 * ONE));
}

#[test]
fn settle_after_a_ruling_counts_as_much_as_is_left_to_serve() {
    let (mut world, vendor, session) = one();
    let ruling = world.ruling(&session, 3 * ONE);
    let rule = world.rule_breach(&session, &ruling);
    world.ok(&rule);
    let receipt = world.receipt(&session, 10 * ONE + 1);
    let call = world.settle(&vendor, &[receipt]);
    world.refuses(&call, SpecieError::ReceiptAboveVoucher);
    let call = world.settle(&vendor, &[world.receipt(&session, 2 * ONE)]);
    world.ok(&call);
    let call = world.settle(&vendor, &[world.receipt(&session, 9 * ONE)]);
    let outcome = world.ok(&call);
    assert_eq!(settled(&outcome).1, [(session.voucher, 7 * ONE)]);
    assert!(world.chain.account(&session.voucher).is_none());
    let vault = world.vault_state(&vendor);
    assert_eq!(vault.balances.delivered, Units::new(7 * ONE));
    assert_eq!(vault.vouchers, Count::ZERO);
}

/// A voucher whose challenge went unanswered stays although nothing of it remains.
#[test]
fn settle_of_what_a_ruling_took_out_rejects() {
    let (mut world, vendor, session) = one();
    let challenge = world.challenge(&session);
    world.ok(&challenge);
    world.chain.warp(ANSWER_WINDOW + 1);
    let ruling = world.ruling(&session, 3 * ONE);
    let rule = world.rule_breach(&session, &ruling);
    world.ok(&rule);
    let call = world.settle(&vendor, &[world.receipt(&session, 10 * ONE)]);
    world.ok(&call);
    assert_eq!(world.voucher_state(&session).settled, Units::new(7 * ONE));
    world.refuses(&call, SpecieError::ReceiptNotAboveSettled);
}

#[test]
fn settle_counts_from_before_expiry_to_the_end_of_the_dispute_window() {
    let (mut world, vendor, session) = one();
    let expires_at = session.opened_at + TTL;
    for (i, at) in [expires_at - 1, expires_at, expires_at + WINDOW]
        .into_iter()
        .enumerate()
    {
        world.chain.warp_to(at);
        let receipt = world.receipt(&session, i as u64 + 1);
        let call = world.settle(&vendor, &[receipt]);
        world.ok(&call);
    }
    world.chain.warp(1);
    let receipt = world.receipt(&session, ONE);
    let call = world.settle(&vendor, &[receipt]);
    world.refuses(&call, SpecieError::SettlementTooLate);
}

#[test]
fn settle_after_the_window_of_a_closed_voucher_rejects() {
    let (mut world, vendor, session) = one();
    let close = world.request_close(&session);
    world.ok(&close);
    world.chain.warp(WINDOW);
    let receipt = world.receipt(&session, ONE);
    let call = world.settle(&vendor, &[receipt]);
    world.ok(&call);
    world.chain.warp(1);
    let receipt = world.receipt(&session, 2 * ONE);
    let call = world.settle(&vendor, &[receipt]);
    world.refuses(&call, SpecieError::SettlementTooLate);
}

#[test]
fn settle_not_above_what_is_settled_rejects() {
    let (mut world, vendor, session) = one();
    let receipt = world.receipt(&session, 5 * ONE);
    let call = world.settle(&vendor, &[receipt]);
    world.ok(&call);
    for cumulative in [0, 1, 5 * ONE - 1, 5 * ONE] {
        let receipt = world.receipt(&session, cumulative);
        let call = world.settle(&vendor, &[receipt]);
        world.refuses(&call, SpecieError::ReceiptNotAboveSettled);
    }
}

#[test]
fn settle_above_the_voucher_rejects() {
    let (mut world, vendor, session) = one();
    for cumulative in [10 * ONE + 1, u64::MAX] {
        let receipt = world.receipt(&session, cumulative);
        let call = world.settle(&vendor, &[receipt]);
        world.refuses(&call, SpecieError::ReceiptAboveVoucher);
    }
}

#[test]
fn settle_one_bad_receipt_of_five_rejects_all() {
    let (mut world, vendor, sessions) = opened(5);
    let mut receipts: Vec<_> = sessions.iter().map(|s| world.receipt(s, ONE)).collect();
    receipts[4] = world.receipt(&sessions[4], 0);
    let call = world.settle(&vendor, &receipts);
    world.refuses(&call, SpecieError::ReceiptNotAboveSettled);
}

#[test]
fn settle_the_same_receipt_twice_in_one_transaction_rejects() {
    let (mut world, vendor, session) = one();
    for (cumulative, error) in [
        (ONE, SpecieError::ReceiptNotAboveSettled.into()),
        // The first one closed the voucher: what remains is the System program's.
        (10 * ONE, anchor_lang::Error::AccountDataTooSmall),
    ] {
        let receipt = world.receipt(&session, cumulative);
        let call = world.settle(&vendor, &[receipt, receipt]);
        world.refuses(&call, error);
    }
}

#[test]
fn settle_without_a_receipts_accounts_rejects() {
    let (mut world, vendor, sessions) = opened(2);
    let receipts: Vec<_> = sessions.iter().map(|s| world.receipt(s, ONE)).collect();
    let mut call = world.settle(&vendor, &receipts);
    for _ in 0..4 {
        call.ours().accounts.pop();
        world.refuses(&call, SpecieError::VoucherAccountsMissing);
    }
}

#[test]
fn settle_another_vaults_voucher_rejects() {
    let (world, north, session) = one();
    let mut world = world.vault(VaultPlan::named("south")).price(PRICE);
    let south = world.vendor("south");
    let receipt = world.receipt(&session, ONE);
    let call = world.settle(&north, &[receipt]);
    let call = call.replacing(north.vault, south.vault);
    world.refuses(&call, SpecieError::VoucherOfOtherVault);
}

#[test]
fn settle_under_another_currency_rejects() {
    let (mut world, vendor, session) = one();
    let other = super::post_price::second_currency(&mut world);
    let receipt = world.receipt(&session, ONE);
    let call = world.settle(&vendor, &[receipt]);
    let call = call.replacing(world.currency, other);
    world.refuses(&call, SpecieError::VaultOfOtherCurrency);
}

#[test]
fn settle_vouchers_out_of_order_rejects() {
    let (mut world, vendor, sessions) = opened(2);
    let receipts: Vec<_> = sessions.iter().map(|s| world.receipt(s, ONE)).collect();
    let mut call = world.settle(&vendor, &receipts);
    call.ours().accounts.swap(3, 5);
    world.refuses(&call, SpecieError::ReceiptForOtherVoucher);
}

#[test]
fn settle_to_the_end_paying_a_stranger_the_rent_rejects() {
    let (mut world, vendor, session) = one();
    let stranger = world.party("stranger").address();
    let receipt = SignedReceipt {
        rent_payer: stranger,
        ..world.receipt(&session, 10 * ONE)
    };
    let call = world.settle(&vendor, &[receipt]);
    world.refuses(&call, SpecieError::RentPayerMismatch);
}

#[test]
fn settle_with_the_vault_as_a_receipts_account_rejects() {
    let (mut world, vendor, session) = one();
    let receipt = world.receipt(&session, ONE);
    let call = world.settle(&vendor, &[receipt]);
    for position in [3, 4] {
        let call = call.clone().at(position, vendor.vault);
        let twice = anchor_lang::ErrorCode::ConstraintDuplicateMutableAccount;
        world.refuses(&call, twice);
    }
}

#[test]
fn settle_with_a_voucher_that_is_not_writable_rejects() {
    let (mut world, vendor, session) = one();
    let receipt = world.receipt(&session, ONE);
    let mut call = world.settle(&vendor, &[receipt]);
    call.ours().accounts[3].is_writable = false;
    world.refuses(&call, anchor_lang::ErrorCode::ConstraintMut);
}

#[test]
fn settle_an_earlier_vouchers_receipt_rejects() {
    let (mut world, vendor, session) = one();
    let alice: Holder = session.owner.clone();
    let early = world.receipt(&session, 10 * ONE);
    let call = world.settle(&vendor, &[early]);
    world.ok(&call);
    world.chain.warp(1);
    let again = world.opened(&alice, &vendor, "session 0", 20 * ONE);
    assert_eq!(again.voucher, session.voucher);
    world.refuses(&call, SpecieError::ReceiptForEarlierVoucher);
    let receipt = world.receipt(&again, ONE);
    let call = world.settle(&vendor, &[receipt]);
    world.ok(&call);
}

#[test]
fn settle_of_a_voucher_that_is_gone_rejects() {
    let (mut world, vendor, session) = one();
    let receipt = world.receipt(&session, 10 * ONE);
    let call = world.settle(&vendor, &[receipt]);
    world.ok(&call);
    let last = call.instructions.len() - 1;
    let gone = InstructionError::AccountDataTooSmall;
    world.chain.assert_refused(&call, last, gone);
}

#[test]
fn a_voucher_consumed_in_the_second_of_its_opening_stays_so_that_no_receipt_counts_twice() {
    let mut world = World::trading().issued("north", "alice", 100 * ONE);
    let (vendor, alice) = (world.vendor("north"), world.the_holder("alice"));
    let session = world.opened(&alice, &vendor, "session", 10 * ONE);
    let receipt = world.receipt(&session, 10 * ONE);
    let settle = world.settle(&vendor, &[receipt]);
    world.ok(&settle);
    assert_eq!(world.voucher_state(&session).settled, Units::new(10 * ONE));
    let reopen = world.redeem(&session, 20 * ONE);
    assert!(world.chain.send(&reopen).error.is_some());

    world.chain.warp(TTL + WINDOW + 1);
    let reclaim = world.reclaim(&session);
    world.ok(&reclaim);
    assert_eq!(world.chain.lamports(&session.voucher), 0);
    assert_eq!(world.supply(), 90 * ONE);
}

#[test]
fn a_voucher_closed_and_reopened_in_one_transaction_begins_anew() {
    let (mut world, vendor, session) = one();
    world.chain.warp(1);
    let receipt = world.receipt(&session, 10 * ONE);
    let close = world.settle(&vendor, &[receipt]);
    let call = close.clone().then(world.redeem(&session, 20 * ONE));
    world.ok(&call);
    let voucher = world.voucher_state(&session);
    assert_eq!(
        (voucher.units, voucher.settled),
        (Units::new(20 * ONE), Units::ZERO)
    );
    let rent = world.chain.rent(Voucher::LEN);
    assert_eq!(world.chain.lamports(&session.voucher), rent);
    world.refuses(&close, SpecieError::ReceiptForEarlierVoucher);
}
