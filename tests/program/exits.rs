//! Nobody is kept from leaving, and nobody else chooses where the one who leaves is paid: each as an attacker, or the cluster,
//! would have it otherwise.

use {
    solana_instruction::error::InstructionError,
    specie::errors::SpecieError,
    specie_client::{
        account::SpecieAccount,
        instruction as ix,
        state::{Currency, Voucher},
        units::LamportAmount,
    },
    specie_tests::{
        event,
        world::{Call, ONE, Party, Session, Vendor, World},
    },
    spl_token_interface::instruction as token,
};

const TTL: i64 = 90 * 86_400;
const DISPUTES: i64 = 2 * 86_400;
const ANSWERS: i64 = 6 * 3_600;
/// What the default rules ask a challenger to stake, in lamports.
const DEPOSIT: u64 = 10_000_000;

/// Alice holds tokens of "north", and opened a voucher of ten a second ago.
fn opened() -> (World, Vendor, Session) {
    let mut world = World::trading().issued("north", "alice", 200 * ONE);
    let (vendor, alice) = (world.vendor("north"), world.the_holder("alice"));
    let session = world.opened(&alice, &vendor, "session", 10 * ONE);
    world.chain.warp(1);
    (world, vendor, session)
}

/// The cluster asks for more rent than the voucher's account holds. Before, a challenge was refused where its deposit did
/// not cover the difference, and the answer always: the vendor's 22.00 went to an owner whom it would have served.
/// Now the owner pays the difference, and the vendor has its deposit.
#[test]
fn a_risen_rent_stops_neither_challenge_nor_answer() {
    for percent in [1, 100, 1_000] {
        let (mut world, vendor, session) = opened();
        world.chain.raise_rent(percent);
        let (owner, operator) = (session.owner.party.address(), vendor.operator.address());
        let held = world.chain.lamports(&session.voucher);
        let lacking = world.chain.rent(Voucher::LEN) - held;
        assert!(lacking > 0);
        let before = [owner, operator].map(|who| world.chain.lamports(&who));
        let challenge = world.challenge(&session);
        world.ok(&challenge);
        assert_eq!(
            world.chain.lamports(&owner),
            before[0] - DEPOSIT - lacking,
            "{percent} %"
        );
        let answer = world.answer(&vendor, &session);
        world.ok(&answer);
        assert_eq!(world.chain.lamports(&operator), before[1] + DEPOSIT);
        world.chain.warp(ANSWERS + 1);
        let compensate = world.compensate(&session);
        world.refuses(&compensate, SpecieError::NotChallenged);
        // What was added returns with the rent.
        let close = world.request_close(&session);
        world.ok(&close);
        world.chain.warp(DISPUTES + 1);
        let reclaim = world.reclaim(&session);
        world.ok(&reclaim);
        assert_eq!(world.chain.lamports(&session.voucher), 0);
    }
}

/// It rises while a challenge stands. The vendor answers whatever that leaves of the deposit; what is kept back returns with
/// the rent.
#[test]
fn a_rent_that_rises_during_a_challenge_stops_no_answer() {
    for percent in [1, 100, 1_000] {
        let (mut world, vendor, session) = opened();
        let challenge = world.challenge(&session);
        world.ok(&challenge);
        world.chain.raise_rent(percent);
        let operator = vendor.operator.address();
        let before = world.chain.lamports(&operator);
        let held = world.chain.lamports(&session.voucher);
        let beyond = held.saturating_sub(world.chain.rent(Voucher::LEN));
        let answer = world.answer(&vendor, &session);
        world.ok(&answer);
        let paid = world.chain.lamports(&operator) - before;
        assert_eq!(paid, beyond.min(DEPOSIT), "{percent} %");
        assert_eq!(world.chain.lamports(&session.voucher), held - paid);
    }
}

/// An owner of no lamports at all, and a deposit below what the cluster asks even an empty account to hold. Before, the
/// runtime refused to compensate, and the vendor kept the owner's 22.00.
#[test]
fn a_deposit_too_small_for_an_empty_wallet_keeps_nobody_from_compensation() {
    let (mut world, _, session) = opened();
    let currency = world.currency;
    world.edit(&currency, |currency: &mut Currency| {
        currency.params.challenge_deposit = LamportAmount::new(1_000)
    });
    let owner = session.owner.party.address();
    let sponsor = world.party("sponsor");
    world.chain.fund(&sponsor.address());
    world.edit(&session.voucher, |voucher: &mut Voucher| {
        voucher.rent_payer = sponsor.address()
    });
    let challenge = world.challenge(&session);
    world.ok(&challenge);
    world.chain.edit(&owner, |account| account.lamports = 0);
    world.chain.warp(ANSWERS + 1);
    let before = world.chain.lamports(&sponsor.address());
    let held = world.chain.lamports(&session.voucher);
    let cash = world.chain.tokens(&session.owner.stable);
    let compensate = world.compensate(&session);
    world.ok(&compensate);
    assert_eq!(world.chain.tokens(&session.owner.stable), cash + 22 * ONE);
    assert_eq!(world.chain.lamports(&owner), 0);
    assert_eq!(world.chain.lamports(&sponsor.address()), before + held);
}

/// The System program takes lamports from no account that holds data, a nonce account's for one. Its owner could redeem, and
/// never challenge.
#[test]
fn an_owner_whose_account_holds_data_can_challenge() {
    let (mut world, _, session) = opened();
    let owner = session.owner.party.address();
    world
        .chain
        .edit(&owner, |account| account.data = vec![0; 80]);
    let call = world.challenge(&session);
    let refused = InstructionError::InvalidArgument;
    world.chain.assert_refused(&call, 0, refused);
    let friend = world.party("friend");
    world.chain.fund(&friend.address());
    let account = world.voucher_state(&session);
    let challenge = ix::challenge(world.currency, session.voucher, &account, friend.address());
    let call = Call::new([challenge], &[&session.owner.party, &friend]);
    let before = world.chain.lamports(&friend.address());
    world.ok(&call);
    assert_eq!(world.chain.lamports(&friend.address()), before - DEPOSIT);
    // The owner has it, as with every challenge that goes unanswered.
    let before = world.chain.lamports(&owner);
    let cash = world.chain.tokens(&session.owner.stable);
    world.chain.warp(ANSWERS + 1);
    let call = world.compensate(&session);
    world.ok(&call);
    assert!(world.chain.lamports(&owner) >= before + DEPOSIT);
    assert_eq!(world.chain.tokens(&session.owner.stable), cash + 22 * ONE);
}

/// A vendor makes an account for the owner that the owner knows nothing of, and pays there. Before, it could: the owner had
/// ten tokens in an account that no wallet shows. Now it is refused, and the owner's own account has them.
#[test]
fn whoever_acts_for_an_owner_does_not_choose_which_account_is_paid() {
    let (mut world, vendor, session) = opened();
    let owner = session.owner.party.address();
    let mint = world.mint;
    let account = world.party("another account");
    let hidden = world.chain.create_token_account_at(&account, &owner, &mint);
    let tokens = session.owner.tokens;
    let before = world.chain.tokens(&tokens);
    let mut reclaimable = world.clone();
    reclaimable.chain.warp(TTL + DISPUTES + 1);
    let release = world.release_voucher(&vendor, &session);
    let reclaim = reclaimable.reclaim(&session);
    for (world, call) in [(&mut world, release), (&mut reclaimable, reclaim)] {
        let elsewhere = call.clone().replacing(tokens, hidden);
        world.refuses(&elsewhere, SpecieError::NotAssociatedTokenAccount);
        world.ok(&call);
        assert_eq!(world.chain.tokens(&tokens), before + 10 * ONE);
        assert_eq!(world.chain.tokens(&hidden), 0);
    }
}

/// The same with cash.
#[test]
fn whoever_has_an_owner_compensated_does_not_choose_which_account_is_paid() {
    let (mut world, _, session) = opened();
    let challenge = world.challenge(&session);
    world.ok(&challenge);
    world.chain.warp(ANSWERS + 1);
    let owner = session.owner.party.address();
    let stable_mint = world.stable_mint;
    let account = world.party("another account");
    let hidden = world
        .chain
        .create_token_account_at(&account, &owner, &stable_mint);
    let call = world.compensate(&session);
    let elsewhere = call.clone().replacing(session.owner.stable, hidden);
    world.refuses(&elsewhere, SpecieError::NotAssociatedTokenAccount);
    // The owner itself may name it.
    let account = world.voucher_state(&session);
    let compensation = ix::Compensation {
        mint: world.mint,
        collateral_mint: stable_mint,
        voucher: session.voucher,
        cash_to: Some(hidden),
        tokens_to: None,
    };
    let own = Call::new(
        [ix::compensate(&compensation, &account)],
        &[&session.owner.party],
    );
    let mut named = world.clone();
    named.ok(&own);
    assert_eq!(named.chain.tokens(&hidden), 22 * ONE);
    let cash = world.chain.tokens(&session.owner.stable);
    world.ok(&call);
    assert_eq!(world.chain.tokens(&session.owner.stable), cash + 22 * ONE);
}

#[test]
fn an_owner_names_another_of_its_accounts_and_nobody_elses() {
    let (world, _, session) = opened();
    let mut world = world.holder("mallory", 0);
    let mallory = world.the_holder("mallory");
    world.chain.warp(TTL + DISPUTES + 1);
    let (owner, mint) = (session.owner.party.clone(), world.mint);
    let account = world.party("another account");
    let other = world
        .chain
        .create_token_account_at(&account, &owner.address(), &mint);
    let account = world.voucher_state(&session);
    let reclaim = |to, signer: &Party| {
        let instruction = ix::reclaim(mint, session.voucher, &account, Some(to));
        Call::new([instruction], &[signer])
    };
    let call = reclaim(mallory.tokens, &owner);
    world.refuses(&call, SpecieError::TokenAccountOfOtherOwner);
    let call = reclaim(session.owner.stable, &owner);
    world.refuses(&call, SpecieError::TokenAccountOfOtherMint);
    let call = reclaim(other, &owner);
    let outcome = world.ok(&call);
    assert_eq!(event!(outcome, Reclaimed).owner, owner.address());
    assert_eq!(world.chain.tokens(&other), 10 * ONE);
}

/// An owner hands its associated account to somebody else, so that nobody could end its voucher, and the vendor owed it for
/// good. Where the voucher returns to does not depend on who owns that account.
#[test]
fn an_owner_that_gave_its_account_away_keeps_no_vault_open() {
    let (mut world, vendor, session) = opened();
    let (owner, tokens) = (session.owner.party.clone(), session.owner.tokens);
    let give_away = token::set_authority(
        &specie_client::address::TOKEN_PROGRAM,
        &tokens,
        Some(&vendor.party.address()),
        token::AuthorityType::AccountOwner,
        &owner.address(),
        &[],
    );
    let call = Call::new([give_away.expect("an instruction")], &[&owner]);
    world.ok(&call);
    let before = world.chain.tokens(&tokens);
    let call = world.release_voucher(&vendor, &session);
    world.ok(&call);
    assert_eq!(world.chain.tokens(&tokens), before + 10 * ONE);
}

/// The collateral's issuer freezes the owner's account. Before, nobody could have the owner compensated, or the voucher
/// ended otherwise, until it thawed. Now it returns as tokens.
#[test]
fn an_owner_whose_account_is_frozen_is_compensated_in_tokens() {
    let (mut world, _, session) = opened();
    let challenge = world.challenge(&session);
    world.ok(&challenge);
    world.chain.warp(ANSWERS + 1);
    let (mint, issuer) = (world.stable_mint, world.stable_issuer.clone());
    let (stable, tokens) = (session.owner.stable, session.owner.tokens);
    world.chain.set_frozen(&stable, &mint, &issuer, true);
    let before = world.chain.tokens(&tokens);
    let cash = world.chain.tokens(&stable);
    let call = world.compensate(&session);
    world.ok(&call);
    assert_eq!(world.chain.tokens(&stable), cash);
    assert_eq!(world.chain.tokens(&tokens), before + 10 * ONE);
}
