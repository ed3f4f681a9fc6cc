use {
    super::post_price::second_currency,
    anchor_lang::ErrorCode,
    solana_pubkey::Pubkey,
    specie::{constants::WORK_PER_SCU_MAX, errors::SpecieError},
    specie_client::{
        account::SpecieAccount,
        address,
        state::{Change, ChangeKind, Currency, Params, Proposal, Standard},
        units::{Bps, Seconds, Sequence, Timestamp, Units, WorkPerScu},
    },
    specie_tests::{
        event,
        world::{ONE, PRICE, Party, VaultPlan, Vendor, World},
    },
};

const DAY: i64 = 86_400;

fn refuses(proposal: impl FnOnce(&World) -> Proposal, error: SpecieError) {
    let mut world = World::new();
    let call = world.schedule_change(proposal(&world));
    world.refuses(&call, error);
    assert!(
        world
            .chain
            .account(&address::change(&world.currency, 0))
            .is_none()
    );
}

fn keys(count: u8) -> Vec<[u8; 32]> {
    let parties = (0..count).map(|i| Party::named(9, &format!("key {i}")).key());
    let mut keys: Vec<_> = parties.collect();
    keys.sort_unstable();
    keys
}

#[test]
fn schedule_change_records_every_kind_with_its_notice_and_changes_nothing_else() {
    let mut world = World::new().vault(VaultPlan::named("north"));
    let vendor = world.vendor("north");
    let subject = world.party("subject").address();
    let before = (
        world.currency_state(),
        world.quorum_state(),
        world.vault_state(&vendor),
    );
    let proposals = [
        world.new_params(|params| params.fee = Bps::new(50)),
        world.rise(1_000),
        Proposal::Quorum {
            threshold: 7,
            keys: keys(16),
        },
        Proposal::Authority(subject),
        Proposal::Guardian(subject),
        Proposal::Treasury(subject),
        world.new_limit(&vendor, 5),
    ];
    for (i, proposal) in proposals.into_iter().enumerate() {
        world.chain.warp(1);
        let notice = if i == 1 { 90 * DAY } else { 3 * DAY };
        let (now, payer) = (world.chain.now(), world.authority.address());
        let lamports = world.chain.lamports(&payer);
        let call = world.schedule_change(proposal.clone());
        let outcome = world.ok(&call);
        let event = event!(outcome, ChangeScheduled);
        assert_eq!(event.change, address::change(&world.currency, i as u64));
        let change = world.change_state(&event.change);
        assert_eq!(change.version, 1);
        assert_eq!(change.currency, world.currency);
        assert_eq!(change.index, Sequence::new(i as u64));
        assert_eq!(change.scheduled_at, Timestamp::new(now));
        assert_eq!(change.eta, Timestamp::new(now + notice));
        assert_eq!(change.rent_payer, payer);
        assert_eq!(change.proposal, proposal.flatten().unwrap());
        let rent = world.chain.rent(Change::LEN);
        assert_eq!(world.chain.lamports(&payer), lamports - rent);
    }
    let (mut currency, quorum, vault) = before;
    currency.next_change = Sequence::new(7);
    let after = world.currency_state();
    assert_eq!(bytemuck::bytes_of(&after), bytemuck::bytes_of(&currency));
    let after = world.quorum_state();
    assert_eq!(bytemuck::bytes_of(&after), bytemuck::bytes_of(&quorum));
    let after = world.vault_state(&vendor);
    assert_eq!(bytemuck::bytes_of(&after), bytemuck::bytes_of(&vault));
}

#[test]
fn schedule_change_by_a_payer_beside_the_authority() {
    let mut world = World::new();
    let payer = world.party("payer");
    world.chain.fund(&payer.address());
    let mut call = world.schedule_change(world.rise(1));
    call.ours().accounts[0].pubkey = payer.address();
    call.signers.push(payer.clone());
    world.ok(&call);
    let change = world.change_state(&address::change(&world.currency, 0));
    assert_eq!(change.rent_payer, payer.address());
}

#[test]
fn schedule_change_at_an_address_that_holds_lamports() {
    let mut world = World::new();
    world.chain.fund(&address::change(&world.currency, 0));
    let change = world.scheduled(world.rise(1));
    assert_eq!(world.change_state(&change).index, Sequence::ZERO);
}

#[test]
fn schedule_change_by_another_than_the_authority_rejects() {
    let mut world = World::new();
    let guardian = world.guardian.clone();
    world.chain.fund(&guardian.address());
    let call = world.schedule_change(world.rise(1));
    let call = call.signed_by(&world.authority, &guardian);
    world.refuses(&call, SpecieError::NotAuthority);
}

#[test]
fn schedule_change_without_a_signature_rejects() {
    let mut world = World::new();
    let payer = world.party("payer");
    world.chain.fund(&payer.address());
    let mut call = world
        .schedule_change(world.rise(1))
        .unsigned(&world.authority);
    call.ours().accounts[0].pubkey = payer.address();
    call.ours().accounts[0].is_signer = true;
    call.signers.push(payer);
    world.refuses(&call, ErrorCode::ConstraintSigner);
}

#[test]
fn schedule_change_out_of_its_turn_rejects() {
    let mut world = World::new();
    let first = world.schedule_change(world.rise(1));
    let later = first.clone().replacing(
        address::change(&world.currency, 0),
        address::change(&world.currency, 1),
    );
    world.refuses(&later, ErrorCode::ConstraintSeeds);
    world.ok(&first);
    world.refuses(&first, ErrorCode::ConstraintSeeds);
}

#[test]
fn schedule_change_under_another_standard_rejects() {
    let mut world = World::new();
    let other = second_currency(&mut world);
    let call = world.schedule_change(world.rise(1));
    let standard = address::standard(&world.currency);
    let call = call.replacing(standard, address::standard(&other));
    world.refuses(&call, SpecieError::StandardMismatch);
}

#[test]
fn schedule_change_of_rules_out_of_bounds_rejects() {
    let cases: [fn(&mut Params); 3] = [
        |params| params.fee = Bps::new(1_001),
        |params| params.pause_max = Seconds::new(14 * 86_400 + 1),
        |params| params.standard_notice = Seconds::new(3 * 86_400 - 1),
    ];
    for change in cases {
        refuses(
            |world| world.new_params(change),
            SpecieError::ParamOutOfBounds,
        );
    }
}

#[test]
fn schedule_change_of_a_cure_period_too_short_rejects() {
    let cases: [fn(&mut Params); 3] = [
        |params| params.cure_period = Seconds::new(5 * 86_400 + 3_599),
        |params| params.change_delay = Seconds::new(4 * 86_400),
        |params| params.attestation_delay = Seconds::new(86_400 + 1),
    ];
    for change in cases {
        refuses(
            |world| world.new_params(change),
            SpecieError::CurePeriodTooShort,
        );
    }
}

#[test]
fn schedule_change_of_a_malformed_quorum_rejects() {
    let twice = vec![keys(1)[0]; 2];
    let cases = [
        (0, keys(2)),
        (3, keys(2)),
        (8, keys(16)),
        (7, keys(17)),
        (1, vec![]),
        (1, twice),
    ];
    for (threshold, keys) in cases {
        let proposal = Proposal::Quorum { threshold, keys };
        refuses(|_| proposal, SpecieError::QuorumMalformed);
    }
}

#[test]
fn schedule_change_of_a_quorum_with_a_key_of_small_order_rejects() {
    let mut keys = keys(2);
    keys.insert(0, [0; 32]);
    let proposal = Proposal::Quorum { threshold: 2, keys };
    refuses(|_| proposal, SpecieError::KeyOfSmallOrder);
}

#[test]
fn schedule_change_of_a_standard_that_does_not_rise_rejects() {
    refuses(|world| world.rise(0), SpecieError::StandardNotRaised);
    let lower = Proposal::Standard(WorkPerScu::new(1));
    refuses(|_| lower, SpecieError::StandardNotRaised);
}

#[test]
fn schedule_change_of_a_standard_beyond_its_step_rejects() {
    let most = 2_844_000 + 284_400;
    let rise = |to| move |_: &World| Proposal::Standard(WorkPerScu::new(to));
    refuses(rise(most + 1), SpecieError::StandardStepTooLarge);
    refuses(rise(u64::MAX), SpecieError::StandardOutOfBounds);
    refuses(
        rise(WORK_PER_SCU_MAX.get() + 1),
        SpecieError::StandardOutOfBounds,
    );
    let mut world = World::new();
    world.scheduled(Proposal::Standard(WorkPerScu::new(most)));
}

#[test]
fn schedule_change_of_a_second_rise_rejects() {
    let mut world = World::new();
    let first = world.scheduled(world.rise(100));
    let second = world.schedule_change(world.rise(1_000));
    world.refuses(&second, SpecieError::StandardAlreadyAnnounced);
    world.chain.warp(90 * DAY + 14 * DAY);
    let second = world.schedule_change(world.rise(1_000));
    world.refuses(&second, SpecieError::StandardAlreadyAnnounced);
    let cancel = world.cancel_change(&first, &world.authority);
    world.ok(&cancel);
    world.ok(&world.schedule_change(world.rise(1_000)));
}

#[test]
fn many_rises_get_no_further_than_one_for_each_notice() {
    let mut world = World::new();
    for rise in 1..=2 {
        let change = world.scheduled(world.rise(1_000));
        let next = world.schedule_change(world.rise(1));
        world.refuses(&next, SpecieError::StandardAlreadyAnnounced);
        let eta = world.change_state(&change).eta.get();
        assert_eq!(eta, world.chain.now() + 90 * DAY);
        world.executed(&change);
        assert_eq!(world.standard_state().sequence, Sequence::new(rise));
    }
    let passed = world.chain.now() - specie_tests::world::GENESIS;
    assert_eq!(passed, 180 * DAY);
    // Not a shorter way: the rules of the notice change after the notice.
    let shorter = world.new_params(|params| params.standard_notice = params.change_delay);
    let change = world.scheduled(shorter);
    world.chain.warp(90 * DAY - 1);
    let call = world.execute_change(&change);
    world.refuses(&call, SpecieError::ChangeTooEarly);
    world.chain.warp(1);
    world.ok(&call);
}

#[test]
fn schedule_change_of_numbers_past_the_last_rejects() {
    let mut world = World::new();
    let currency = world.currency;
    world.edit(&currency, |currency: &mut Currency| {
        currency.next_change = Sequence::new(u64::MAX);
    });
    let call = world.schedule_change(world.rise(1));
    world.refuses(&call, SpecieError::Overflow);
}

/// A vault that covers 5,752 SCU under the Standard, and 1,000 more than 5,229 under one a tenth higher.
fn trading() -> (World, Vendor) {
    let world = World::trading();
    let vendor = world.vendor("north");
    (world, vendor)
}

/// What "north" covers when trading begins, in base units, under a Standard.
fn covered(world: &World, vendor: &Vendor, work_per_scu: u64) -> u64 {
    let mut vault = world.vault_state(vendor);
    let now = Timestamp::new(world.chain.now());
    vault.promote_pending(now);
    let work = vault
        .attested
        .work(world.params().attestation_ttl, now)
        .unwrap();
    u64::try_from(work * u128::from(ONE) / u128::from(work_per_scu)).unwrap()
}

#[test]
fn issue_and_purchase_must_cover_a_rise_from_its_announcement_on() {
    let (mut world, vendor) = trading();
    let alice = world.the_holder("alice");
    let rise = world.rise(1_000);
    let Proposal::Standard(higher) = &rise else {
        unreachable!()
    };
    let most = covered(&world, &vendor, higher.get());
    let now = covered(&world, &vendor, world.standard_state().work_per_scu.get());
    assert!(most < now);

    // Before it is announced the present Standard is what counts, and right after it the higher one.
    let mut before = world.clone();
    before.ok(&before.issue(&vendor, &alice.tokens, now));
    before.scheduled(rise.clone());
    before.refuses(
        &before.purchase(&alice, &vendor, 1),
        SpecieError::CoverageBelowFull,
    );

    let change = world.scheduled(rise);
    world.refuses(
        &world.issue(&vendor, &alice.tokens, most + 1),
        SpecieError::CoverageBelowFull,
    );
    world.ok(&world.issue(&vendor, &alice.tokens, most - ONE));
    world.refuses(
        &world.purchase(&alice, &vendor, ONE + 1),
        SpecieError::CoverageBelowFull,
    );
    world.ok(&world.purchase(&alice, &vendor, ONE));
    // Exits go by the present Standard.
    let session = world.opened(&alice, &vendor, "session", 10 * ONE);
    let standard = world.standard_state().work_per_scu;
    assert_eq!(world.voucher_state(&session).work_per_scu, standard);
    // Taken back, it counts no more.
    let cancel = world.cancel_change(&change, &world.guardian);
    world.ok(&cancel);
    world.ok(&world.issue(&vendor, &alice.tokens, ONE));
}

#[test]
fn withdrawals_must_cover_an_announced_rise() {
    let (mut world, vendor) = trading();
    let alice = world.the_holder("alice");
    let issued = covered(&world, &vendor, world.standard_state().work_per_scu.get()) - 10 * ONE;
    world.ok(&world.issue(&vendor, &alice.tokens, issued));
    let request = world.request_withdrawal(&vendor, 1);
    world.ok(&request);
    let change = world.scheduled(world.rise(1_000));
    let again = world.request_withdrawal(&vendor, 2);
    world.refuses(&again, SpecieError::CoverageBelowFull);

    // A request of before is paid only where the rise is covered.
    world.chain.warp(7 * DAY - 3_600);
    let ends_at = world.chain.now() + 30 * DAY;
    world.ok(&world.attest_capacity(&vendor, 8 * 790, ends_at));
    world.chain.warp(3_600);
    let withdraw = world.withdraw_collateral(&vendor);
    world.refuses(&withdraw, SpecieError::CoverageBelowFull);
    let cancel = world.cancel_change(&change, &world.authority);
    world.ok(&cancel);
    world.ok(&withdraw);
}

/// A rise that is announced and never executed holds capacity back for as long as it may be executed, and no longer. Then
/// another one may be announced, which cancelling the first leaves alone.
#[test]
fn a_rise_that_was_never_executed_holds_nothing_back() {
    let (mut world, vendor) = trading();
    let alice = world.the_holder("alice");
    let first = world.scheduled(world.rise(1_000));
    let announced = world.standard_state();
    world.chain.warp_to(announced.announced_until.get() - 3_600);
    let ends_at = world.chain.now() + 30 * DAY;
    world.ok(&world.attest_capacity(&vendor, 8 * 790, ends_at));
    world.chain.warp(3_600);
    world.ok(&world.post_price(PRICE));
    let most = covered(&world, &vendor, announced.announced.get());
    let beyond = world.issue(&vendor, &alice.tokens, most + ONE);
    world.refuses(&beyond, SpecieError::CoverageBelowFull);
    let second = world.schedule_change(world.rise(500));
    world.refuses(&second, SpecieError::StandardAlreadyAnnounced);
    world.chain.warp(1);
    world.ok(&beyond);
    world.scheduled(world.rise(500));
    let announced = world.standard_state();
    world.ok(&world.cancel_change(&first, &world.guardian));
    let after = world.standard_state();
    assert_eq!(bytemuck::bytes_of(&after), bytemuck::bytes_of(&announced));
}

#[test]
fn the_announcement_is_in_the_standard() {
    let mut world = World::new();
    let standard: Standard = world.standard_state();
    assert_eq!(standard.announced, WorkPerScu::ZERO);
    let rise = world.rise(500);
    let flat = rise.flatten().unwrap();
    assert_eq!(flat.kind, ChangeKind::Standard as u8);
    let change = world.scheduled(rise);
    let announced = world.standard_state();
    assert_eq!(announced.announced, flat.work_per_scu);
    assert_eq!(announced.work_per_scu, standard.work_per_scu);
    let until = world.read::<Change>(&change).expires_at().unwrap();
    assert_eq!(announced.announced_until, until);
    world.executed(&change);
    let raised = world.standard_state();
    assert_eq!(raised.work_per_scu, flat.work_per_scu);
    assert_eq!(raised.announced, WorkPerScu::ZERO);
    assert_eq!(raised.sequence, Sequence::new(1));
}

#[test]
fn a_limit_of_nothing_and_of_everything_may_be_proposed() {
    let mut world = World::new().vault(VaultPlan::named("north")).price(PRICE);
    let vendor = world.vendor("north");
    for limit in [0, u64::MAX] {
        let change = world.scheduled(world.new_limit(&vendor, limit));
        world.executed(&change);
        assert_eq!(world.vault_state(&vendor).limit, Units::new(limit));
    }
}

#[test]
fn schedule_change_of_an_unknown_kind_rejects() {
    let mut world = World::new();
    let mut call = world.schedule_change(Proposal::Authority(Pubkey::default()));
    // Behind the discriminator stands the kind.
    call.ours().data[1] = 7;
    world.refuses(&call, ErrorCode::InstructionDidNotDeserialize);
}
