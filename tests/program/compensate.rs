use {
    solana_instruction::error::InstructionError,
    specie::errors::SpecieError,
    specie_client::{
        account::SpecieAccount,
        address,
        state::{Standard, Vault, VaultStatus, Voucher},
        units::{Count, Price, Quote, Timestamp, Tokens, Units, Work},
    },
    specie_tests::{
        event,
        world::{Holder, ONE, PRICE, Session, VaultPlan, Vendor, World},
    },
};

const WINDOW: i64 = 6 * 3_600;
const WEEK: i64 = 7 * 86_400;

/// "north" holds so much for a hundred tokens at 2.0 each. Alice has a voucher of ten of them, whose rent a sponsor paid,
/// and challenged it; the answer window is over.
fn unanswered(collateral: u64) -> (World, Vendor, Session) {
    let world = World::new()
        .vault(VaultPlan::named("north").collateral(collateral.max(60 * ONE)))
        .price(PRICE)
        .holder("alice", 0);
    let mut world = world.issued("north", "alice", 100 * ONE);
    let (vendor, alice) = (world.vendor("north"), world.the_holder("alice"));
    world.edit(&vendor.vault, |vault: &mut Vault| {
        vault.balances.collateral = Quote::new(collateral)
    });
    let mut session = world.session(&alice, &vendor, "session");
    session.rent_payer = world.party("sponsor");
    world.chain.fund(&session.rent_payer.address());
    let call = world.redeem(&session, 10 * ONE);
    world.ok(&call);
    let call = world.challenge(&session);
    world.ok(&call);
    world.chain.warp(WINDOW + 1);
    (world, vendor, session)
}

/// What Alice has of both tokens, and what the vault holds and owes to holders.
fn state(world: &World, vendor: &Vendor, session: &Session) -> [u64; 5] {
    let balances = world.vault_state(vendor).balances;
    [
        world.chain.tokens(&session.owner.stable),
        world.chain.tokens(&session.owner.tokens),
        balances.collateral.get(),
        balances.withdrawing.get(),
        balances.outstanding.get(),
    ]
}

#[test]
fn compensate_pays_price_and_premium_and_closes_the_voucher() {
    let (mut world, vendor, session) = unanswered(10_000 * ONE);
    let (owner, sponsor) = (session.owner.party.address(), session.rent_payer.address());
    let before = [owner, sponsor].map(|who| world.chain.lamports(&who));
    let call = world.compensate(&session);
    let outcome = world.ok(&call);
    let event = event!(outcome, Compensated);
    assert_eq!(
        (event.vault, event.voucher, event.owner),
        (vendor.vault, session.voucher, owner)
    );
    assert_eq!(event.evidence_hash, [0; 32]);
    assert_eq!(event.ruled_at, Timestamp::ZERO);
    assert_eq!(
        (event.units, event.cash),
        (Units::new(10 * ONE), Quote::new(22 * ONE))
    );
    assert_eq!((event.returned, event.tokens), (Units::ZERO, Tokens::ZERO));
    assert_eq!(event.compensated, Units::new(10 * ONE));

    let expected = [22 * ONE, 90 * ONE, 9_978 * ONE, 0, 90 * ONE];
    assert_eq!(state(&world, &vendor, &session), expected);
    assert_eq!(world.chain.tokens(&vendor.collateral), 9_978 * ONE);
    assert_eq!(world.supply(), 90 * ONE);
    let vault = world.vault_state(&vendor);
    assert_eq!(
        (vault.balances.open, vault.balances.open_work),
        (Units::ZERO, Work::ZERO)
    );
    assert_eq!(vault.balances.delivered, Units::ZERO);
    assert_eq!(vault.vouchers, Count::ZERO);
    let deposit = world.params().challenge_deposit.get();
    let rent = world.chain.rent(Voucher::LEN);
    let after = [owner, sponsor].map(|who| world.chain.lamports(&who));
    assert_eq!(after, [before[0] + deposit, before[1] + rent]);
    assert_eq!(world.chain.lamports(&session.voucher), 0);
}

/// 30 % of what is owed stays: a unit paid at 2.2 takes 1.6 of what is above that.
#[test]
fn compensate_pays_what_is_above_the_ratio_and_the_premium_on_the_rest_is_owed() {
    let (mut world, vendor, session) = unanswered(68 * ONE);
    let call = world.compensate(&session);
    let outcome = world.ok(&call);
    let event = event!(outcome, Compensated);
    assert_eq!((event.units.get(), event.cash.get()), (5 * ONE, 11 * ONE));
    assert_eq!(
        (event.returned.get(), event.tokens.get()),
        (5 * ONE, 5 * ONE)
    );
    assert_eq!(event.penalty, Quote::new(ONE));
    let expected = [11 * ONE, 95 * ONE, 57 * ONE, 0, 95 * ONE];
    assert_eq!(state(&world, &vendor, &session), expected);
    let vault = world.vault_state(&vendor);
    assert_eq!(vault.penalty, Quote::new(ONE));
    assert_eq!(vault.penalized_at, Timestamp::new(world.chain.now()));
}

#[test]
fn compensate_leaves_the_ratio_to_the_unit() {
    for (collateral, units, cash) in [
        (60 * ONE + 160, 100, 220),
        (60 * ONE + 2, 1, 2),
        (60 * ONE + 1, 0, 0),
        (60 * ONE, 0, 0),
        (10 * ONE, 0, 0),
        (0, 0, 0),
    ] {
        let (mut world, vendor, session) = unanswered(collateral);
        let call = world.compensate(&session);
        let outcome = world.ok(&call);
        let event = event!(outcome, Compensated);
        assert_eq!(event.cash, Quote::new(cash));
        assert_eq!(event.penalty.get(), (10 * ONE - units).div_ceil(5));
        let expected = [
            cash,
            100 * ONE - units,
            collateral - cash,
            0,
            100 * ONE - units,
        ];
        assert_eq!(state(&world, &vendor, &session), expected);
    }
}

/// Who waited longer would choose the price: the last one is as old as the vendor's attestors are late.
#[test]
fn compensate_in_cash_to_the_second_within_the_attestations_time_of_the_lapse() {
    let (mut world, vendor, session) = unanswered(10_000 * ONE);
    world.chain.warp(WEEK - 1);
    let call = world.compensate(&session);
    let mut in_time = world.clone();
    let outcome = in_time.ok(&call);
    assert_eq!(event!(outcome, Compensated).cash, Quote::new(22 * ONE));
    world.chain.warp(1);
    let outcome = world.ok(&call);
    let event = event!(outcome, Compensated);
    assert_eq!((event.cash, event.penalty), (Quote::ZERO, Quote::ZERO));
    let expected = [0, 100 * ONE, 10_000 * ONE, 0, 100 * ONE];
    assert_eq!(state(&world, &vendor, &session), expected);
}

/// A vendor that asks for its collateral back does not take it out of reach of a claim, challenged before or after.
#[test]
fn compensate_reaches_what_is_requested_for_withdrawal_first() {
    let (mut world, vendor, session) = unanswered(10_000 * ONE);
    let price = world.post_price(PRICE);
    world.ok(&price);
    let request = world.request_withdrawal(&vendor, 9_000 * ONE);
    world.ok(&request);
    let withdraw = world.withdraw_collateral(&vendor);
    world.refuses(&withdraw, SpecieError::WithdrawalTooEarly);
    let call = world.compensate(&session);
    world.ok(&call);
    let expected = [22 * ONE, 90 * ONE, 1_000 * ONE, 8_978 * ONE, 90 * ONE];
    assert_eq!(state(&world, &vendor, &session), expected);
    let available_at = world.vault_state(&vendor).withdrawal_available_at;
    assert_eq!(available_at, Timestamp::new(world.chain.now() + WEEK));
}

#[test]
fn compensate_may_use_a_requested_withdrawal_up() {
    let (mut world, vendor, session) = unanswered(10_000 * ONE);
    let price = world.post_price(PRICE);
    world.ok(&price);
    let request = world.request_withdrawal(&vendor, 5 * ONE);
    world.ok(&request);
    let call = world.compensate(&session);
    world.ok(&call);
    let expected = [22 * ONE, 90 * ONE, 9_978 * ONE, 0, 90 * ONE];
    assert_eq!(state(&world, &vendor, &session), expected);
    let withdraw = world.withdraw_collateral(&vendor);
    world.refuses(&withdraw, SpecieError::NoWithdrawalRequested);
}

/// Where the price rose since a request, what was requested is needed for the vault's other holders: neither the vendor nor
/// a friend with a voucher gets it.
#[test]
fn compensate_pays_nothing_of_a_requested_withdrawal_that_could_not_be_paid() {
    let (mut world, vendor, session) = unanswered(10_000 * ONE);
    let price = world.post_price(PRICE);
    world.ok(&price);
    let request = world.request_withdrawal(&vendor, 9_940 * ONE);
    world.ok(&request);
    // At 500 each, 30 % of a hundred is 15,000.
    let standard = address::standard(&world.currency);
    world.edit(&standard, |standard: &mut Standard| {
        standard.price = Price::new(500 * ONE);
        standard.cautious_price = Price::new(500 * ONE);
    });
    let call = world.compensate(&session);
    world.ok(&call);
    assert_eq!(world.vault_state(&vendor).penalty, Quote::new(500 * ONE));
    let expected = [0, 100 * ONE, 60 * ONE, 9_940 * ONE, 100 * ONE];
    assert_eq!(state(&world, &vendor, &session), expected);
}

#[test]
fn compensate_in_tokens_where_there_is_no_cash_to_pay() {
    type Change = fn(&mut World, &Vendor);
    let changes: [Change; 4] = [
        |world, vendor| {
            let (mint, issuer) = (world.stable_mint, world.stable_issuer.clone());
            world
                .chain
                .set_frozen(&vendor.collateral, &mint, &issuer, true);
        },
        |world, vendor| {
            world.edit(&vendor.vault, |vault: &mut Vault| {
                vault.status = VaultStatus::Defaulted as u8
            });
        },
        |world, _| {
            let standard = address::standard(&world.currency);
            world.edit(&standard, |standard: &mut Standard| {
                standard.price = Price::ZERO
            });
        },
        |world, _| {
            let standard = address::standard(&world.currency);
            world.edit(&standard, |standard: &mut Standard| {
                standard.price = Price::new(u64::MAX)
            });
        },
    ];
    for change in changes {
        let (mut world, vendor, session) = unanswered(10_000 * ONE);
        change(&mut world, &vendor);
        let call = world.compensate(&session);
        let outcome = world.ok(&call);
        let event = event!(outcome, Compensated);
        assert_eq!((event.units, event.cash), (Units::ZERO, Quote::ZERO));
        assert_eq!(event.returned, Units::new(10 * ONE));
        let expected = [0, 100 * ONE, 10_000 * ONE, 0, 100 * ONE];
        assert_eq!(state(&world, &vendor, &session), expected);
    }
}

#[test]
fn compensate_needs_no_fresh_price_and_no_pause_stops_it() {
    let (mut world, vendor, session) = unanswered(10_000 * ONE);
    world.chain.warp(6 * 86_400);
    let pause = world.pause(60);
    world.ok(&pause);
    world.edit(&vendor.vault, |vault: &mut Vault| {
        vault.status = VaultStatus::Suspended as u8;
        vault.margin_called_at = Timestamp::new(1);
    });
    let call = world.compensate(&session);
    let outcome = world.ok(&call);
    assert_eq!(event!(outcome, Compensated).cash, Quote::new(22 * ONE));
}

#[test]
fn compensate_after_a_loss_returns_the_tokens_that_it_was_opened_with() {
    let (mut world, vendor, session) = unanswered(60 * ONE);
    world.lose(&vendor, 20 * ONE);
    let call = world.compensate(&session);
    let outcome = world.ok(&call);
    let event = event!(outcome, Compensated);
    // Of 80 that are owed 48 stay, and the 12 above pay for 7.5.
    assert_eq!(event.tokens, Tokens::new(2_500_000));
    // The units are owed again, whatever the tokens are worth.
    let outstanding = world.vault_state(&vendor).balances.outstanding;
    assert_eq!(outstanding, Units::new(70 * ONE + 2_500_000));
    assert_eq!(world.book_state().owed, outstanding);
}

#[test]
fn compensate_counts_from_the_second_after_the_deadline() {
    let world = World::trading();
    let mut world = world.issued("north", "alice", 100 * ONE);
    let (vendor, alice) = (world.vendor("north"), world.the_holder("alice"));
    let session = world.opened(&alice, &vendor, "session", 10 * ONE);
    let call = world.compensate(&session);
    world.refuses(&call, SpecieError::NotChallenged);
    let challenge = world.challenge(&session);
    world.ok(&challenge);
    world.refuses(&call, SpecieError::AnswerWindowOpen);
    for wait in [WINDOW - 1, 1] {
        world.chain.warp(wait);
        world.refuses(&call, SpecieError::AnswerWindowOpen);
    }
    world.chain.warp(1);
    world.ok(&call);
}

#[test]
fn compensate_twice_rejects() {
    let (mut world, _, session) = unanswered(10_000 * ONE);
    let call = world.compensate(&session);
    world.ok(&call);
    let gone = InstructionError::AccountDataTooSmall;
    world.chain.assert_refused(&call, 0, gone);
}

/// Only its session key can consume it; then there is nothing to pay, and the deposit returns.
#[test]
fn compensate_for_a_voucher_consumed_after_the_deadline_returns_the_deposit() {
    let (mut world, vendor, session) = unanswered(10_000 * ONE);
    let receipt = world.receipt(&session, 10 * ONE);
    let settle = world.settle(&vendor, &[receipt]);
    world.ok(&settle);
    assert!(!world.voucher_state(&session).challenged_until.is_zero());
    let owner = session.owner.party.address();
    let lamports = world.chain.lamports(&owner);
    let call = world.compensate(&session);
    let outcome = world.ok(&call);
    let event = event!(outcome, Compensated);
    assert_eq!((event.units, event.cash), (Units::ZERO, Quote::ZERO));
    let deposit = world.params().challenge_deposit.get();
    assert_eq!(world.chain.lamports(&owner), lamports + deposit);
    assert!(world.chain.account(&session.voucher).is_none());
}

#[test]
fn compensate_paying_a_stranger_rejects() {
    let (world, vendor, session) = unanswered(10_000 * ONE);
    let mut world = world.holder("mallory", 0);
    let mallory: Holder = world.the_holder("mallory");
    let Holder {
        party,
        stable,
        tokens,
    } = session.owner.clone();
    let call = world.compensate(&session);
    let stranger = mallory.party.address();
    let swaps = [
        (
            stable,
            mallory.stable,
            SpecieError::NotAssociatedTokenAccount,
        ),
        (
            stable,
            vendor.stable,
            SpecieError::NotAssociatedTokenAccount,
        ),
        (
            tokens,
            mallory.tokens,
            SpecieError::NotAssociatedTokenAccount,
        ),
        (party.address(), stranger, SpecieError::VoucherOwnerMismatch),
        (
            session.rent_payer.address(),
            stranger,
            SpecieError::RentPayerMismatch,
        ),
        (
            vendor.collateral,
            vendor.stable,
            SpecieError::CollateralAccountMismatch,
        ),
        (world.mint, world.stable_mint, SpecieError::MintMismatch),
    ];
    for (old, new, error) in swaps {
        let call = call.clone().replacing(old, new);
        world.refuses(&call, error);
    }
}

#[test]
fn compensate_to_an_account_of_another_mint_rejects() {
    let (mut world, _, session) = unanswered(10_000 * ONE);
    let Holder { stable, tokens, .. } = session.owner;
    let call = world.compensate(&session);
    let position = |address| {
        let accounts = &call.ours_ref().accounts;
        accounts.iter().position(|meta| meta.pubkey == address)
    };
    let (cash_at, tokens_at) = (position(stable).unwrap(), position(tokens).unwrap());
    let swapped = call.clone().at(cash_at, tokens).at(tokens_at, stable);
    world.refuses(&swapped, SpecieError::TokenAccountOfOtherMint);
    let (other, authority) = (world.party("other mint"), world.authority.address());
    let other = world.chain.create_mint(&other, 6, &authority, None);
    let owner = session.owner.party.address();
    let other = world.chain.create_token_account(&owner, &other);
    let swapped = call.at(tokens_at, other);
    world.refuses(&swapped, SpecieError::TokenAccountOfOtherMint);
}

#[test]
fn compensate_under_another_vault_currency_or_standard_rejects() {
    let (world, north, session) = unanswered(10_000 * ONE);
    let world = world.price(PRICE);
    let mut world = world.vault(VaultPlan::named("south"));
    let south = world.vendor("south");
    let other = super::post_price::second_currency(&mut world);
    let call = world.compensate(&session);
    let swapped = call.clone().replacing(north.vault, south.vault);
    world.refuses(&swapped, SpecieError::VoucherOfOtherVault);
    let (ours, others) = (
        address::standard(&world.currency),
        address::standard(&other),
    );
    let swapped = call.clone().replacing(ours, others);
    world.refuses(&swapped, SpecieError::StandardMismatch);
    let swapped = swapped.replacing(world.currency, other);
    world.refuses(&swapped, SpecieError::VaultOfOtherCurrency);
}
