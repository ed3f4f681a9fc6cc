use {
    super::post_price::second_currency,
    solana_pubkey::Pubkey,
    solana_sdk_ids::system_program,
    specie::errors::SpecieError,
    specie_client::{
        address,
        event::Event,
        state::{Change, ChangeKind, Currency, Params, Proposal},
        units::{Bps, Seconds, Units},
    },
    specie_tests::{
        event,
        world::{ONE, PRICE, VaultPlan, World},
    },
};

const DAY: i64 = 86_400;
const NOTICE: i64 = 3 * DAY;

/// A world, and a change of it that may be executed now.
fn due(proposal: impl FnOnce(&World) -> Proposal) -> (World, Pubkey) {
    let mut world = World::trading();
    let change = world.scheduled(proposal(&world));
    let eta = world.change_state(&change).eta.get();
    world.chain.warp_to(eta);
    (world, change)
}

/// What changed in the currency beside `expected`: nothing.
#[track_caller]
fn assert_currency(world: &World, mut before: Currency, expected: impl FnOnce(&mut Currency)) {
    expected(&mut before);
    let after = world.currency_state();
    assert_eq!(bytemuck::bytes_of(&after), bytemuck::bytes_of(&before));
}

fn fee(world: &World) -> Proposal {
    world.new_params(|params| params.fee = Bps::new(50))
}

#[test]
fn execute_change_adopts_rules_and_returns_the_rent() {
    let (mut world, change) = due(fee);
    let (before, payer) = (world.currency_state(), world.authority.address());
    let lamports = world.chain.lamports(&payer) + world.chain.lamports(&change);
    let call = world.execute_change(&change);
    let outcome = world.ok(&call);
    let event = event!(outcome, ChangeExecuted);
    assert_eq!(
        (event.change, event.kind),
        (change, ChangeKind::Params as u8)
    );
    assert_currency(&world, before, |currency| {
        currency.params.fee = Bps::new(50)
    });
    assert_eq!(world.chain.lamports(&payer), lamports);
    assert!(world.chain.account(&change).is_none());
}

#[test]
fn execute_change_replaces_guardian_and_treasury() {
    let guardian = World::new().party("new guardian").address();
    let (mut world, change) = due(|_| Proposal::Guardian(guardian));
    let before = world.currency_state();
    world.executed(&change);
    assert_currency(&world, before, |currency| currency.guardian = guardian);
    let pause = world.pause(60);
    world.refuses(&pause, SpecieError::NotGuardian);

    let treasury = World::trading().vendor("north").payout;
    let (mut world, change) = due(|_| Proposal::Treasury(treasury));
    let before = world.currency_state();
    world.executed(&change);
    assert_currency(&world, before, |currency| currency.treasury = treasury);
}

#[test]
fn execute_change_hands_the_authority_to_who_signs() {
    let party = World::new().party("new authority");
    let (mut world, change) = due(|_| Proposal::Authority(party.address()));
    let before = world.currency_state();
    let call = world.execute_change(&change);
    let unsigned = call.clone().unsigned(&party);
    world.refuses(&unsigned, SpecieError::NewAuthorityMustSign);
    world.ok(&call);
    assert_currency(&world, before, |currency| {
        currency.authority = party.address()
    });
    let schedule = world.schedule_change(fee(&world));
    world.refuses(&schedule, SpecieError::NotAuthority);
    world.chain.fund(&party.address());
    let schedule = schedule.signed_by(&world.authority, &party);
    world.ok(&schedule);
}

#[test]
fn execute_change_to_an_authority_that_pays_its_own_rent() {
    let party = World::new().party("new authority");
    let mut world = World::new();
    world.chain.fund(&party.address());
    let mut call = world.schedule_change(Proposal::Authority(party.address()));
    call.ours().accounts[0].pubkey = party.address();
    call.signers.push(party.clone());
    world.ok(&call);
    let change = address::change(&world.currency, 0);
    world.executed(&change);
    assert_eq!(world.currency_state().authority, party.address());
}

#[test]
fn execute_change_of_the_authority_to_nobody_rejects() {
    let (mut world, change) = due(|_| Proposal::Authority(Pubkey::default()));
    let call = world.execute_change(&change);
    let mut call = call;
    call.ours()
        .accounts
        .iter_mut()
        .for_each(|meta| meta.is_signer = false);
    world.refuses(&call, SpecieError::NewAuthorityMustSign);
}

#[test]
fn execute_change_lowers_a_limit_at_once_and_raises_it_with_notice() {
    let mut world = World::trading();
    let (vendor, alice) = (world.vendor("north"), world.the_holder("alice"));
    let change = world.scheduled(world.new_limit(&vendor, 5 * ONE));
    let mut expected = world.vault_state(&vendor);
    let call = world.execute_change(&change);
    world.ok(&call);
    expected.limit = Units::new(5 * ONE);
    let after = world.vault_state(&vendor);
    assert_eq!(bytemuck::bytes_of(&after), bytemuck::bytes_of(&expected));
    world.ok(&world.issue(&vendor, &alice.tokens, 5 * ONE));
    world.refuses(
        &world.issue(&vendor, &alice.tokens, 1),
        SpecieError::LimitExceeded,
    );

    for limit in [5 * ONE, 5 * ONE + 1] {
        let change = world.scheduled(world.new_limit(&vendor, limit));
        let call = world.execute_change(&change);
        world.refuses(&call, SpecieError::ChangeTooEarly);
        world.executed(&change);
        assert_eq!(world.vault_state(&vendor).limit, Units::new(limit));
    }
}

#[test]
fn execute_change_of_a_lower_limit_expires() {
    let mut world = World::trading();
    let change = world.scheduled(world.new_limit(&world.vendor("north"), 5));
    world.chain.warp(NOTICE + 14 * DAY);
    let call = world.execute_change(&change);
    world.clone().ok(&call);
    world.chain.warp(1);
    world.refuses(&call, SpecieError::ChangeExpired);
}

#[test]
fn execute_change_before_its_eta_rejects() {
    let mut world = World::new();
    let subject = world.party("subject").address();
    let proposals = [
        fee(&world),
        world.rise(1),
        Proposal::Quorum {
            threshold: 1,
            keys: vec![world.attestors[0].key()],
        },
        Proposal::Authority(world.party("new authority").address()),
        Proposal::Guardian(subject),
        Proposal::Treasury(world.treasury),
    ];
    for proposal in proposals {
        let change = world.scheduled(proposal);
        let mut world = world.clone();
        let call = world.execute_change(&change);
        world.refuses(&call, SpecieError::ChangeTooEarly);
        let eta = world.change_state(&change).eta.get();
        world.chain.warp_to(eta - 1);
        world.refuses(&call, SpecieError::ChangeTooEarly);
        world.chain.warp(1);
        world.ok(&call);
    }
}

#[test]
fn execute_change_in_the_transaction_that_schedules_it_rejects() {
    let mut world = World::new();
    let schedule = world.schedule_change(fee(&world));
    let change = address::change(&world.currency, 0);
    let mut after = world.clone();
    after.ok(&schedule);
    let execute = after.execute_change(&change);
    world.refuses(&schedule.then(execute), SpecieError::ChangeTooEarly);
    assert!(world.chain.account(&change).is_none());
}

#[test]
fn a_new_rule_holds_from_its_execution_on_in_the_same_transaction_too() {
    let (world, change) = due(fee);
    let mut world = world.price(PRICE);
    let (vendor, alice) = (world.vendor("north"), world.the_holder("alice"));
    let buy = world.purchase(&alice, &vendor, ONE);
    let mut buy_again = buy.clone();
    let execute = world.execute_change(&change);
    buy_again.ours().data[9..17].copy_from_slice(&(PRICE + 1).to_le_bytes());
    let call = buy.then(execute).then(buy_again);
    let outcome = world.chain.send(&call).expect_success();
    let fees: Vec<u64> = outcome
        .events
        .iter()
        .filter_map(|event| match event {
            Event::Purchased(event) => Some(event.fee.get()),
            _ => None,
        })
        .collect();
    // 0.3 % and 0.5 % of 2.0; the buyer pays the same.
    assert_eq!(fees, [6_000, 10_000]);
    assert_eq!(world.chain.tokens(&alice.stable), 10_000 * ONE - 2 * PRICE);
    world.assert_books();
}

#[test]
fn execute_change_after_its_grace_rejects() {
    let (mut world, change) = due(fee);
    world.chain.warp(14 * DAY + 1);
    let call = world.execute_change(&change);
    world.refuses(&call, SpecieError::ChangeExpired);
    let (mut world, change) = due(fee);
    world.chain.warp(14 * DAY);
    world.ok(&world.execute_change(&change));
}

#[test]
fn execute_change_twice_rejects() {
    let (mut world, change) = due(fee);
    let call = world.execute_change(&change);
    world.ok(&call);
    world.refuses(&call, anchor_lang::Error::AccountDataTooSmall);
}

#[test]
fn execute_change_of_rules_that_a_longer_delay_overtook_rejects_until_that_has_passed() {
    let mut world = World::new();
    let longer = world.new_params(|params| {
        params.change_delay = Seconds::new(5 * 86_400);
        params.cure_period = Seconds::new(8 * 86_400);
    });
    let first = world.scheduled(longer);
    let second = world.scheduled(Proposal::Guardian(world.treasury));
    world.executed(&first);
    let call = world.execute_change(&second);
    world.refuses(&call, SpecieError::ChangeTooEarly);
    world.chain.warp(2 * DAY);
    world.ok(&call);
}

#[test]
fn execute_change_of_a_rise_beyond_the_present_step_rejects() {
    let mut world = World::new();
    let rise = world.scheduled(world.rise(1_000));
    let smaller = world.new_params(|params| params.standard_max_step = Bps::new(999));
    let smaller = world.scheduled(smaller);
    world.executed(&smaller);
    world.chain.warp(90 * DAY - NOTICE);
    let call = world.execute_change(&rise);
    world.refuses(&call, SpecieError::StandardStepTooLarge);
}

#[test]
fn execute_change_of_rules_beyond_the_bounds_of_the_day_rejects() {
    // As a later version of the program with narrower bounds would find it.
    let (mut world, change) = due(fee);
    world.edit(&change, |change: &mut Change| {
        change.proposal.params.fee = Bps::new(1_001)
    });
    let call = world.execute_change(&change);
    world.refuses(&call, SpecieError::ParamOutOfBounds);
    world.edit(&change, |change: &mut Change| {
        change.proposal.params = Params {
            cure_period: Seconds::new(5 * 86_400),
            ..Params::default()
        }
    });
    world.refuses(&call, SpecieError::CurePeriodTooShort);
    world.edit(&change, |change: &mut Change| change.proposal.kind = 7);
    world.refuses(&call, SpecieError::InvariantBroken);
}

#[test]
fn execute_change_to_a_treasury_of_the_currency_rejects() {
    let accounts: [fn(&World) -> Pubkey; 3] = [
        |world| address::revenue(&world.currency),
        |world| address::insurance(&world.currency),
        |world| address::rewards(&world.pool()),
    ];
    for account in accounts {
        let (mut world, change) = due(|world| Proposal::Treasury(account(world)));
        let call = world.execute_change(&change);
        world.refuses(&call, SpecieError::TokenAccountOfCurrency);
    }
}

#[test]
fn execute_change_to_a_treasury_that_is_none_rejects() {
    type Case = (fn(&World) -> Pubkey, SpecieError);
    let subjects: [Case; 3] = [
        (
            |world| world.authority.address(),
            SpecieError::NotTokenAccount,
        ),
        (
            |world| world.party("nobody").address(),
            SpecieError::NotTokenAccount,
        ),
        (
            |world| world.vendor("north").tokens,
            SpecieError::TokenAccountOfOtherMint,
        ),
    ];
    for (subject, error) in subjects {
        let (mut world, change) = due(|world| Proposal::Treasury(subject(world)));
        let call = world.execute_change(&change);
        world.refuses(&call, error);
    }
}

#[test]
fn execute_change_with_another_subject_rejects() {
    let party = World::new().party("new authority");
    let (mut world, change) = due(|_| Proposal::Authority(party.address()));
    let stranger = world.party("stranger");
    let call = world.execute_change(&change).signed_by(&party, &stranger);
    world.refuses(&call, SpecieError::ChangeSubjectMismatch);

    let (mut world, change) = due(fee);
    let call = world.execute_change(&change);
    assert_eq!(call.ours_ref().accounts[5].pubkey, system_program::ID);
    let call = call.at(5, stranger.address());
    world.refuses(&call, SpecieError::ChangeSubjectMismatch);
}

#[test]
fn execute_change_of_a_limit_at_another_vault_or_none_rejects() {
    let world = World::trading().vault(VaultPlan::named("south"));
    let (mut world, north, south) = (world.clone(), world.vendor("north"), world.vendor("south"));
    let change = world.scheduled(world.new_limit(&north, 5));
    let call = world.execute_change(&change);
    let vault = call.ours_ref().accounts.len() - 1;
    let other = call.clone().at(vault, south.vault);
    world.refuses(&other, SpecieError::ChangeSubjectMismatch);
    let mut none = call.clone().at(vault, specie::ID);
    none.ours().accounts[vault].is_writable = false;
    world.refuses(&none, SpecieError::ChangeSubjectMismatch);
    let both = call.replacing(north.vault, south.vault);
    world.refuses(&both, SpecieError::ChangeSubjectMismatch);
}

#[test]
fn execute_change_of_a_limit_of_another_currencys_vault_rejects() {
    let mut world = World::trading();
    let vendor = world.vendor("north");
    let change = world.scheduled(world.new_limit(&vendor, 5));
    let other = second_currency(&mut world);
    world.edit(&vendor.vault, |vault: &mut specie_client::state::Vault| {
        vault.currency = other
    });
    let call = world.execute_change(&change);
    world.refuses(&call, SpecieError::VaultOfOtherCurrency);
}

#[test]
fn execute_change_of_another_currency_rejects() {
    let (mut world, change) = due(fee);
    let other = second_currency(&mut world);
    let call = world.execute_change(&change);
    let (standard, quorum) = (
        address::standard(&world.currency),
        address::quorum(&world.currency),
    );
    let swapped = call.clone().replacing(standard, address::standard(&other));
    world.refuses(&swapped, SpecieError::StandardMismatch);
    let swapped = call.clone().replacing(quorum, address::quorum(&other));
    world.refuses(&swapped, SpecieError::QuorumMismatch);
    let swapped = call
        .replacing(standard, address::standard(&other))
        .replacing(quorum, address::quorum(&other))
        .replacing(world.currency, other);
    world.refuses(&swapped, SpecieError::ChangeOfOtherCurrency);
}

#[test]
fn execute_change_with_the_rent_to_a_stranger_rejects() {
    let (mut world, change) = due(fee);
    let stranger = world.party("stranger").address();
    let call = world.execute_change(&change);
    let call = call.replacing(world.authority.address(), stranger);
    world.refuses(&call, SpecieError::ChangeRentPayerMismatch);
}

#[test]
fn a_currency_lives_on_under_the_rules_that_are_furthest_out() {
    let mut world = World::trading();
    let furthest = world.new_params(|params: &mut Params| {
        params.collateral_ratio = Bps::new(50_000);
        params.maintenance_ratio = Bps::new(50_000);
        params.fee = Bps::new(1_000);
        params.change_delay = Seconds::new(90 * 86_400);
        params.cure_period = Seconds::new(99 * 86_400);
        params.standard_notice = Seconds::new(366 * 86_400);
        params.pause_max = Seconds::ZERO;
    });
    let change = world.scheduled(furthest);
    world.executed(&change);
    let back = world.new_params(|params| {
        let standard_notice = params.standard_notice;
        *params = Params {
            standard_notice,
            ..Params::default()
        };
    });
    let change = world.scheduled(back);
    let eta = world.change_state(&change).eta.get();
    assert_eq!(eta, world.chain.now() + 90 * DAY);
    world.executed(&change);
    assert_eq!(world.params().fee, Bps::new(30));
}
