use {
    anchor_lang::ErrorCode,
    solana_instruction::error::InstructionError,
    solana_pubkey::Pubkey,
    specie::{constants::seeds, errors::SpecieError},
    specie_client::{
        account::SpecieAccount,
        address,
        state::{Class, Standard, Vault, VaultStatus, Voucher},
        units::{Count, Timestamp, Tokens, Units, Work, WorkPerScu},
    },
    specie_tests::{
        event,
        world::{Call, Holder, ONE, Session, VaultPlan, Vendor, World},
    },
};

const STANDARD: u64 = 790 * 3_600;

/// Alice holds ten tokens that "north" issued.
fn holding() -> (World, Vendor, Holder) {
    let world = World::trading().issued("north", "alice", 10 * ONE);
    let (vendor, alice) = (world.vendor("north"), world.the_holder("alice"));
    (world, vendor, alice)
}

#[test]
fn redeem_burns_and_opens_a_voucher() {
    let (mut world, vendor, alice) = holding();
    let lamports = world.chain.lamports(&alice.party.address());
    let session = world.session(&alice, &vendor, "session");
    let call = world.redeem(&session, 4 * ONE + 1);
    let outcome = world.ok(&call);
    let event = event!(outcome, Redeemed);
    let now = world.chain.now();
    assert_eq!(
        (event.vault, event.voucher),
        (vendor.vault, session.voucher)
    );

    let voucher = world.voucher_state(&session);
    assert_eq!(
        (voucher.version, voucher.class),
        (1, Class::Inference as u8)
    );
    assert_eq!(voucher.vault, vendor.vault);
    assert_eq!(voucher.session, session.party.address());
    assert_eq!(voucher.owner, alice.party.address());
    assert_eq!(voucher.rent_payer, alice.party.address());
    assert_eq!(voucher.units, Units::new(4 * ONE + 1));
    assert_eq!(voucher.tokens, Tokens::new(4 * ONE + 1));
    assert_eq!(voucher.work_per_scu, WorkPerScu::new(STANDARD));
    assert_eq!(
        (voucher.settled, voucher.compensated),
        (Units::ZERO, Units::ZERO)
    );
    assert_eq!(voucher.opened_at, Timestamp::new(now));
    assert_eq!(voucher.expires_at, Timestamp::new(now + 90 * 86_400));
    assert_eq!(
        (voucher.closing_at, voucher.challenged_until),
        Default::default()
    );

    let balances = world.vault_state(&vendor).balances;
    assert_eq!(balances.outstanding, Units::new(6 * ONE - 1));
    assert_eq!(balances.open, Units::new(4 * ONE + 1));
    // Rounded up: what is owed is never understated.
    assert_eq!(balances.open_work, Work::new(4 * STANDARD + 3));
    assert_eq!(world.chain.tokens(&alice.tokens), 6 * ONE - 1);
    assert_eq!(world.supply(), 6 * ONE - 1);
    let rent = world.chain.rent(Voucher::LEN);
    assert_eq!(
        lamports - world.chain.lamports(&alice.party.address()),
        rent
    );
}

#[test]
fn redeem_needs_no_price_no_oracle_and_no_vendor_and_no_pause_stops_it() {
    let (mut world, vendor, alice) = holding();
    let pause = world.pause(3 * 86_400);
    world.ok(&pause);
    world.chain.warp(86_400);
    let cases: [fn(&mut Vault); 4] = [
        |_| {},
        |vault| vault.status = VaultStatus::Suspended as u8,
        |vault| vault.status = VaultStatus::Defaulted as u8,
        |vault| {
            vault.margin_called_at = Timestamp::new(1);
            vault.attested = bytemuck::Zeroable::zeroed();
            vault.pending = bytemuck::Zeroable::zeroed();
        },
    ];
    for (i, change) in cases.into_iter().enumerate() {
        world.edit(&vendor.vault, change);
        let session = world.session(&alice, &vendor, &format!("session {i}"));
        let call = world.redeem(&session, ONE);
        world.ok(&call);
    }
}

#[test]
fn redeem_at_any_vault_that_owes_enough() {
    let (world, north, alice) = holding();
    let world = world.vault(VaultPlan::named("south")).price(2_000_000);
    let mut world = world.holder("bob", 0).issued("south", "bob", 3 * ONE);
    let south = world.vendor("south");
    let session = world.session(&alice, &south, "session");
    let call = world.redeem(&session, 3 * ONE + 1);
    world.refuses(&call, SpecieError::OutstandingExceeded);
    let call = world.redeem(&session, 3 * ONE);
    world.ok(&call);
    assert_eq!(world.vault_state(&south).balances.outstanding, Units::ZERO);
    let session = world.session(&alice, &north, "session");
    let call = world.redeem(&session, 7 * ONE);
    world.ok(&call);
}

#[test]
fn redeem_may_be_paid_for_by_a_third_party() {
    let (mut world, vendor, alice) = holding();
    let mut session = world.session(&alice, &vendor, "session");
    session.rent_payer = world.party("sponsor");
    world.chain.fund(&session.rent_payer.address());
    let call = world.redeem(&session, ONE);
    world.ok(&call);
    let voucher = world.voucher_state(&session);
    assert_eq!(voucher.rent_payer, session.rent_payer.address());
    assert_eq!(voucher.owner, alice.party.address());
}

#[test]
fn redeem_with_the_owners_key_as_session() {
    let (mut world, vendor, alice) = holding();
    let mut session = world.session(&alice, &vendor, "alice");
    session.party = alice.party.clone();
    session.voucher = address::voucher(&vendor.vault, &alice.party.address());
    let call = world.redeem(&session, ONE);
    world.ok(&call);
}

#[test]
fn redeem_to_an_address_funded_before() {
    for lamports in [1, 1_000_000, 1_000_000_000] {
        let (mut world, vendor, alice) = holding();
        let session = world.session(&alice, &vendor, "session");
        world.chain.put(
            &session.voucher,
            solana_account::Account {
                lamports,
                ..Default::default()
            },
        );
        let before = world.chain.lamports(&alice.party.address());
        let call = world.redeem(&session, ONE);
        world.ok(&call);
        let paid = before - world.chain.lamports(&alice.party.address());
        let rent = world.chain.rent(Voucher::LEN);
        assert_eq!(paid, rent.saturating_sub(lamports));
    }
}

#[test]
fn redeem_after_a_loss_claims_what_is_backed_rounded_down() {
    let (mut world, vendor, alice) = holding();
    let supply = world.supply();
    world.lose(&vendor, supply / 9 * 2);
    let session = world.opened(&alice, &vendor, "session", ONE);
    let voucher = world.voucher_state(&session);
    assert_eq!(
        (voucher.units, voucher.tokens),
        (Units::new(777_777), Tokens::new(ONE))
    );
}

#[test]
fn redeem_keeps_the_standard_it_was_opened_under() {
    let (mut world, vendor, alice) = holding();
    let session = world.opened(&alice, &vendor, "session", ONE);
    let standard = specie_client::address::standard(&world.currency);
    world.edit(&standard, |s: &mut Standard| {
        s.work_per_scu = WorkPerScu::new(2 * STANDARD);
    });
    let later = world.opened(&alice, &vendor, "later", ONE);
    assert_eq!(world.voucher_state(&session).work_per_scu.get(), STANDARD);
    assert_eq!(world.voucher_state(&later).work_per_scu.get(), 2 * STANDARD);
    let open_work = world.vault_state(&vendor).balances.open_work;
    assert_eq!(open_work, Work::new(3 * STANDARD));
}

#[test]
fn redeem_counts_the_vaults_vouchers() {
    let (mut world, vendor, alice) = holding();
    for (i, name) in ["one", "two"].into_iter().enumerate() {
        assert_eq!(world.vault_state(&vendor).vouchers, Count::new(i as u64));
        world.opened(&alice, &vendor, name, ONE);
    }
    assert_eq!(world.vault_state(&vendor).vouchers, Count::new(2));
}

/// What a defaulted vault is to buy back has no compute behind it.
#[test]
fn redeem_at_a_defaulted_vault_beyond_what_it_can_serve_rejects() {
    let (mut world, vendor, alice) = holding();
    world.edit(&vendor.vault, |vault: &mut Vault| {
        vault.status = VaultStatus::Defaulted as u8;
        vault.liquidation.shortage = Units::new(7 * ONE);
    });
    let session = world.session(&alice, &vendor, "session");
    let call = world.redeem(&session, 3 * ONE + 1);
    world.refuses(&call, SpecieError::OutstandingExceeded);
    let call = world.redeem(&session, 3 * ONE);
    world.ok(&call);
    let session = world.session(&alice, &vendor, "another");
    let call = world.redeem(&session, ONE);
    world.refuses(&call, SpecieError::OutstandingExceeded);
}

#[test]
fn redeem_of_nothing_rejects() {
    let (mut world, vendor, alice) = holding();
    let session = world.session(&alice, &vendor, "session");
    let call = world.redeem(&session, 0);
    world.refuses(&call, SpecieError::AmountZero);
}

#[test]
fn redeem_of_dust_rejects() {
    let (mut world, vendor, alice) = holding();
    let session = world.session(&alice, &vendor, "session");
    let call = world.redeem(&session, 999);
    world.refuses(&call, SpecieError::VoucherBelowMinimum);
    let call = world.redeem(&session, 1_000);
    world.ok(&call);
}

/// Before, whoever held the last 999 units that a vault owed could not have them, and the vendor owed them for good.
#[test]
fn the_rest_that_a_vault_owes_is_redeemed_however_little_it_is() {
    let (mut world, vendor, alice) = holding();
    let session = world.session(&alice, &vendor, "session");
    let all = world.vault_state(&vendor).balances.outstanding.get();
    let call = world.redeem(&session, all - 999);
    world.ok(&call);
    let rest = world.session(&alice, &vendor, "rest");
    for tokens in [998, 1] {
        let call = world.redeem(&rest, tokens);
        world.refuses(&call, SpecieError::VoucherBelowMinimum);
    }
    let call = world.redeem(&rest, 999);
    world.ok(&call);
    assert_eq!(world.vault_state(&vendor).balances.outstanding, Units::ZERO);
    let call = world.redeem(&world.session(&alice, &vendor, "nothing"), 1);
    world.refuses(&call, SpecieError::VoucherBelowMinimum);
}

#[test]
fn redeem_beyond_what_the_vault_owes_rejects() {
    let (mut world, vendor, alice) = holding();
    let session = world.session(&alice, &vendor, "session");
    for tokens in [10 * ONE + 1, u64::MAX] {
        let call = world.redeem(&session, tokens);
        let error = if tokens == u64::MAX {
            // Work of that many units is no u64.
            SpecieError::Overflow
        } else {
            SpecieError::OutstandingExceeded
        };
        world.refuses(&call, error);
    }
}

#[test]
fn redeem_beyond_what_the_holder_has_rejects() {
    let (world, vendor, _) = holding();
    let mut world = world.holder("bob", 0).issued("north", "bob", ONE);
    let bob = world.the_holder("bob");
    let session = world.session(&bob, &vendor, "session");
    let call = world.redeem(&session, ONE + 1);
    // The SPL Token program's "insufficient funds".
    let insufficient = InstructionError::Custom(1);
    world.chain.assert_refused(&call, 0, insufficient);
}

#[test]
fn redeem_for_a_class_that_is_not_offered_rejects() {
    let world = World::new().vault(VaultPlan::named("north").classes(0b101));
    let world = world.price(2_000_000).holder("alice", 0);
    let mut world = world.issued("north", "alice", ONE);
    let (vendor, alice) = (world.vendor("north"), world.the_holder("alice"));
    let session = world.session(&alice, &vendor, "session");
    let mut call = world.redeem(&session, ONE);
    world.refuses(&call, SpecieError::ClassNotOffered);
    for class in [3, 255] {
        call.ours().data[9] = class;
        world.refuses(&call, SpecieError::ClassNotOffered);
    }
    call.ours().data[9] = 2;
    world.ok(&call);
}

#[test]
fn redeem_on_a_live_session_rejects() {
    let (mut world, vendor, alice) = holding();
    let session = world.opened(&alice, &vendor, "session", ONE);
    let call = world.redeem(&session, ONE);
    // The System program's "account already in use".
    let in_use = InstructionError::Custom(0);
    world.chain.assert_refused(&call, 0, in_use);
}

#[test]
fn redeem_without_any_of_its_signatures_rejects() {
    let (mut world, vendor, alice) = holding();
    let mut session = world.session(&alice, &vendor, "session");
    session.rent_payer = world.party("sponsor");
    world.chain.fund(&session.rent_payer.address());
    let call = world.redeem(&session, ONE);
    for party in [&alice.party, &session.party, &session.rent_payer] {
        let call = call.clone().unsigned(party);
        world.refuses(&call, ErrorCode::ConstraintSigner);
    }
}

#[test]
fn redeem_of_anothers_tokens_rejects() {
    let (world, vendor, alice) = holding();
    let mut world = world.holder("mallory", 0);
    let mallory = world.the_holder("mallory");
    let session = world.session(&mallory, &vendor, "session");
    let call = world.redeem(&session, ONE);
    let call = call.replacing(mallory.tokens, alice.tokens);
    // The SPL Token program's "owner does not match".
    let not_owner = InstructionError::Custom(4);
    world.chain.assert_refused(&call, 0, not_owner);
}

/// A redeeming at the second bump that gives an address, and its session there.
fn at_second_bump(world: &World, session: &Session, tokens: u64) -> (Call, Session) {
    let (vault, key) = (session.vault, session.party.address());
    let (first, bump) = address::voucher_and_bump(&vault, &key);
    let second = (0..bump).rev().find_map(|bump| {
        let seeds = [seeds::VOUCHER, vault.as_ref(), key.as_ref(), &[bump]];
        let address = Pubkey::create_program_address(&seeds, &specie::ID).ok()?;
        Some((address, bump))
    });
    let (voucher, bump) = second.expect("a second bump");
    let mut call = world.redeem(session, tokens).replacing(first, voucher);
    *call.ours().data.last_mut().unwrap() = bump;
    let session = Session {
        voucher,
        ..session.clone()
    };
    (call, session)
}

#[test]
fn a_voucher_at_a_second_bump_is_a_second_voucher_with_receipts_of_its_own() {
    let (mut world, vendor, alice) = holding();
    let first = world.opened(&alice, &vendor, "session", 4 * ONE);
    let (call, mut second) = at_second_bump(&world, &first, 3 * ONE);
    let outcome = world.ok(&call);
    assert_eq!(event!(outcome, Redeemed).voucher, second.voucher);
    second.opened_at = world.chain.now();
    assert_eq!(world.voucher_state(&second).units, Units::new(3 * ONE));
    assert_eq!(world.vault_state(&vendor).vouchers, Count::new(2));

    // Opened in the same second, by the same key: only the address tells them apart.
    assert_eq!(first.opened_at, second.opened_at);
    let receipt = world.receipt(&first, ONE);
    let call = world.settle(&vendor, &[receipt]);
    let crossed = call.clone().replacing(first.voucher, second.voucher);
    world.refuses(&crossed, SpecieError::ReceiptForOtherVoucher);
    world.ok(&call);
    let call = world.settle(&vendor, &[world.receipt(&second, 2 * ONE)]);
    world.ok(&call);
    assert_eq!(world.voucher_state(&first).settled, Units::new(ONE));
    assert_eq!(world.voucher_state(&second).settled, Units::new(2 * ONE));
}

#[test]
fn redeem_at_an_address_of_another_session_bump_or_key_rejects() {
    let (mut world, vendor, alice) = holding();
    let session = world.session(&alice, &vendor, "session");
    let other = world.session(&alice, &vendor, "other");
    let call = world.redeem(&session, ONE);
    let call = call.replacing(session.voucher, other.voucher);
    world.refuses(&call, SpecieError::BumpOfOtherAddress);
    let (call, second) = at_second_bump(&world, &session, ONE);
    let call = call.replacing(second.voucher, session.voucher);
    world.refuses(&call, SpecieError::BumpOfOtherAddress);
    // A key that signs could be created by the System program.
    let key = world.party("key");
    let call = world.redeem(&session, ONE);
    let mut call = call.replacing(session.voucher, key.address());
    let metas = call.ours().accounts.iter_mut();
    metas
        .filter(|meta| meta.pubkey == key.address())
        .for_each(|meta| meta.is_signer = true);
    call.signers.push(key);
    world.refuses(&call, ErrorCode::ConstraintSeeds);
}

#[test]
fn redeem_at_a_bump_that_gives_no_address_rejects() {
    let (mut world, vendor, alice) = holding();
    let session = world.session(&alice, &vendor, "session");
    let (vault, key) = (session.vault, session.party.address());
    let none = (0..=u8::MAX).find(|bump| {
        let seeds = [seeds::VOUCHER, vault.as_ref(), key.as_ref(), &[*bump]];
        Pubkey::create_program_address(&seeds, &specie::ID).is_err()
    });
    let mut call = world.redeem(&session, ONE);
    *call.ours().data.last_mut().unwrap() = none.expect("half of all bumps give none");
    world.refuses(&call, SpecieError::BumpOfOtherAddress);
}

#[test]
fn redeem_of_a_counterfeit_mint_rejects() {
    let (mut world, vendor, alice) = holding();
    let forger = alice.party.clone();
    let mint = world.party("counterfeit");
    let mint = world.chain.create_mint(&mint, 6, &forger.address(), None);
    let tokens = world.chain.create_token_account(&forger.address(), &mint);
    world.chain.mint_to(&mint, &forger, &tokens, 10 * ONE);
    let session = world.session(&alice, &vendor, "session");
    let call = world.redeem(&session, ONE).replacing(alice.tokens, tokens);
    // The SPL Token program's "mint mismatch".
    let mismatch = InstructionError::Custom(3);
    world.chain.assert_refused(&call, 0, mismatch);
    let call = call.replacing(world.mint, mint);
    world.refuses(&call, SpecieError::MintMismatch);
}

#[test]
fn redeem_under_another_currency_or_standard_rejects() {
    let (mut world, vendor, alice) = holding();
    let other = super::post_price::second_currency(&mut world);
    let address = specie_client::address::standard;
    let session = world.session(&alice, &vendor, "session");
    let call = world.redeem(&session, ONE);
    let call = call.replacing(address(&world.currency), address(&other));
    world.refuses(&call, SpecieError::StandardMismatch);
    let call = call.replacing(world.currency, other);
    world.refuses(&call, SpecieError::VaultOfOtherCurrency);
}
