//! A token is a share of what all vaults owe: what each tried who wanted more than the share, or wanted others to have less.
//! Every test says what attacker and others have before and after.

use {
    super::{
        default_vault::{DAY, backing, failing, owing},
        post_price::second_currency,
    },
    solana_instruction::error::InstructionError,
    specie::{errors::SpecieError, math::Rounding},
    specie_client::{
        address,
        state::Vault,
        units::{Quote, Timestamp, Tokens, Units},
    },
    specie_tests::{
        event,
        world::{Call, ONE, PRICE, Session, VaultPlan, Vendor, World, instruction_error},
    },
    spl_token_interface::instruction as token,
};

/// What some tokens stand for now.
fn worth(world: &World, tokens: u64) -> u64 {
    let units = Tokens::new(tokens).units(world.backing(), Rounding::Down);
    units.expect("units").get()
}

/// Burns a holder's tokens by the token program alone.
fn burn(world: &mut World, name: &str, tokens: u64) {
    let holder = world.the_holder(name);
    let program = address::TOKEN_PROGRAM;
    let burn = token::burn(
        &program,
        &holder.tokens,
        &world.mint,
        &holder.party.address(),
        &[],
        tokens,
    );
    let call = Call::new([burn.expect("an instruction")], &[&holder.party]);
    world.chain.send(&call).expect_success();
    world.burned_outside += tokens;
}

/// Takes a vault's collateral out of reach, and lets its accelerator be pledged for so many hours from now.
fn left_with(world: &mut World, vendor: &Vendor, hours: i64) {
    let now = world.chain.now();
    world.edit(&vendor.vault, |vault: &mut Vault| {
        vault.balances.collateral = Quote::ZERO;
        vault.attested.ends_at = Timestamp::new(now + hours * 3_600);
        vault.attested.attested_at = Timestamp::new(now);
    });
}

/// "south" owes alice 10 units of the voucher "session" and 30 of tokens, and can deliver none of them; "north" owes 60.
fn defaulted_with_a_voucher() -> (World, Vendor, Session) {
    let mut world = owing(24 * ONE);
    let (south, alice) = (world.vendor("south"), world.the_holder("alice"));
    let session = world.opened(&alice, &south, "session", 10 * ONE);
    world.edit(&south.vault, |vault: &mut Vault| {
        vault.balances.collateral = Quote::ZERO;
    });
    let world = world.defaulted(&south);
    (world, south, session)
}

/// Before, a failing vendor's own burning of tokens took the others' backing to zero. Here it burns 30 of 100 before its
/// default: what it owed for them takes the loss first, and the others have 0.857 a token, where they had 0.60.
#[test]
fn a_failing_vendor_that_burns_its_own_tokens_makes_nobody_poorer() {
    let run = |burned: u64| {
        let mut world = owing(24 * ONE);
        let (south, alice) = (world.vendor("south"), world.the_holder("alice"));
        world.edit(&south.vault, |vault: &mut Vault| {
            vault.balances.collateral = Quote::ZERO;
        });
        assert_eq!(world.chain.tokens(&alice.tokens), 100 * ONE);
        if burned > 0 {
            burn(&mut world, "alice", burned);
        }
        worth(&world.defaulted(&south), ONE)
    };
    assert_eq!(run(0), 600_000);
    assert_eq!(run(30 * ONE), 857_142);
    // With all that it owed, there is no loss left.
    assert_eq!(run(40 * ONE), ONE);
}

/// Vouchers of a healthy vault lose nothing by another's default, whichever way they end; tokens that return share the loss
/// from then on, and the vault owes all of their units again.
#[test]
fn vouchers_of_a_healthy_vault_are_consumed_closed_and_declined_around_anothers_default() {
    let mut world = owing(24 * ONE);
    let (north, south) = (world.vendor("north"), world.vendor("south"));
    let alice = world.the_holder("alice");
    let [consumed, closed, declined] =
        ["consumed", "closed", "declined"].map(|name| world.opened(&alice, &north, name, 10 * ONE));
    world.edit(&south.vault, |vault: &mut Vault| {
        vault.balances.collateral = Quote::ZERO;
    });
    let mut world = world.defaulted(&south);
    // 70 tokens share the 30 that "north" owes to tokens.
    assert_eq!(world.backing(), backing(30 * ONE, 70 * ONE));

    let settle = world.settle(&north, &[world.receipt(&consumed, 10 * ONE)]);
    world.ok(&settle);
    assert_eq!(world.backing(), backing(30 * ONE, 70 * ONE));
    // To decline would leave the holder 4.9 of the 10 that the voucher claims.
    let release = world.release_voucher(&north, &declined);
    world.refuses(&release, SpecieError::ReleaseBelowClaim);
    let close = world.request_close(&closed);
    world.ok(&close);
    world.chain.warp(2 * DAY + 1);
    let reclaim = world.reclaim(&closed);
    let outcome = world.ok(&reclaim);
    assert_eq!(event!(outcome, Reclaimed).tokens, Tokens::new(10 * ONE));
    // 10 units are owed again for 10 tokens: everybody's token is worth more.
    assert_eq!(world.backing(), backing(40 * ONE, 80 * ONE));
}

/// What was consumed before the default is settled after it: the voucher gives up its tokens and what they are worth, and
/// the others have what they had. Without the book, or with another's, nothing is settled.
#[test]
fn a_receipt_settled_at_a_defaulted_vault_takes_no_more_than_its_share() {
    let (mut world, south, session) = defaulted_with_a_voucher();
    assert_eq!(world.backing(), backing(60 * ONE, 100 * ONE));
    let other = second_currency(&mut world);
    let settle = world.settle(&south, &[world.receipt(&session, 4 * ONE)]);
    let book = address::book(&world.currency);
    world.refuses(
        &settle.clone().replacing(book, address::book(&other)),
        SpecieError::BookMismatch,
    );
    world.refuses(
        &settle.clone().replacing(world.mint, world.stable_mint),
        SpecieError::MintMismatch,
    );
    // As at a vault that has not defaulted, and without any account but the fixed ones.
    for (kept, error) in [
        (3..5, InstructionError::InvalidAccountData),
        (3..7, { instruction_error(SpecieError::BookMissing) }),
    ] {
        let mut without = settle.clone();
        let last = without.instructions.last_mut().expect("an instruction");
        last.accounts.drain(kept);
        world.chain.assert_refused(&without, 1, error);
    }
    world.ok(&settle);
    // Nothing of "south" is left to take: 4 tokens less share the 60.
    assert_eq!(world.backing(), backing(60 * ONE, 96 * ONE));
    let balances = world.vault_state(&south).balances;
    assert_eq!(balances.delivered, Units::new(4 * ONE));
    assert_eq!(balances.defaulted, Tokens::new(6 * ONE));

    // At a vault with something left, what the tokens are worth leaves with them.
    let (mut world, south) = failing(24 * ONE);
    left_with(&mut world, &south, 20);
    let alice = world.the_holder("alice");
    let session = world.opened(&alice, &south, "session", 10 * ONE);
    let call = world.default_vault(&south);
    world.ok(&call);
    assert_eq!(world.backing(), backing(80 * ONE, 100 * ONE));
    let settle = world.settle(&south, &[world.receipt(&session, 10 * ONE)]);
    world.ok(&settle);
    assert_eq!(world.backing(), backing(72 * ONE, 90 * ONE));
}

/// A voucher opened while a token was worth half a unit, at a vault that then defaults with money for all of it: it stands
/// for the tokens that its units were worth, and nobody is richer or poorer for the default.
#[test]
fn a_lossless_default_with_vouchers_opened_at_half_backing_changes_nobodys_share() {
    let mut world = owing(88 * ONE);
    let (north, south) = (world.vendor("north"), world.vendor("south"));
    let alice = world.the_holder("alice");
    world.lose(&north, 50 * ONE);
    assert_eq!(worth(&world, ONE), ONE / 2);
    let session = world.opened(&alice, &south, "session", 20 * ONE);
    assert_eq!(world.voucher_state(&session).units, Units::new(10 * ONE));
    let before = world.backing();
    let mut world = world.defaulted(&south);
    assert_eq!(
        world.vault_state(&south).liquidation.written_off,
        Units::ZERO
    );
    assert_eq!(world.backing(), backing(50 * ONE, 100 * ONE));
    assert_eq!(
        (before.owed.get(), before.tokens.get()),
        (40 * ONE, 80 * ONE)
    );
    let close = world.request_close(&session);
    world.ok(&close);
    world.chain.warp(2 * DAY + 1);
    let reclaim = world.reclaim(&session);
    let outcome = world.ok(&reclaim);
    assert_eq!(event!(outcome, Reclaimed).tokens, Tokens::new(20 * ONE));
    assert_eq!(world.backing(), backing(50 * ONE, 100 * ONE));
}

/// Vouchers opened at a vault that has defaulted already are served like others, and stand for their tokens when more is lost.
#[test]
fn a_voucher_opened_after_a_default_shares_the_next_loss_by_its_tokens() {
    let (mut world, south) = failing(24 * ONE);
    let alice = world.the_holder("alice");
    left_with(&mut world, &south, 30);
    let call = world.default_vault(&south);
    world.ok(&call);
    assert_eq!(world.backing(), backing(90 * ONE, 100 * ONE));
    let session = world.opened(&alice, &south, "session", 10 * ONE);
    let voucher = world.voucher_state(&session);
    assert_eq!(voucher.assessments.get(), 1);
    let vault = world.vault_state(&south);
    assert_eq!(vault.balances.open, voucher.units);
    assert_eq!(vault.open_tokens, Tokens::new(10 * ONE));

    let mut world = world.attended(31 * 3_600);
    world.ok(&call);
    let vault = world.vault_state(&south);
    assert_eq!(vault.balances.defaulted, Tokens::new(10 * ONE));
    assert_eq!(
        (vault.open_tokens, vault.balances.open),
        (Tokens::ZERO, Units::ZERO)
    );
    let close = world.request_close(&session);
    world.ok(&close);
    world.chain.warp(2 * DAY + 1);
    let reclaim = world.reclaim(&session);
    world.ok(&reclaim);
    assert_eq!(world.backing(), backing(60 * ONE, 100 * ONE));
}

/// Every instruction that counts what all vaults owe refuses another currency's book.
#[test]
fn the_book_of_another_currency_rejects() {
    let mut world = owing(24 * ONE);
    let (north, south) = (world.vendor("north"), world.vendor("south"));
    let alice = world.the_holder("alice");
    let other = second_currency(&mut world);
    let session = world.opened(&alice, &north, "session", 10 * ONE);
    world.chain.warp(1);
    let later = world.session(&alice, &north, "later");
    let calls = [
        world.issue(&north, &alice.tokens, ONE),
        world.purchase(&alice, &north, ONE),
        world.redeem(&later, ONE),
        world.reclaim(&session),
        world.release_voucher(&north, &session),
        world.compensate(&session),
        world.default_vault(&south),
        world.liquidate(&alice, &south, ONE),
        world.close_vault(&south),
    ];
    for call in calls {
        let call = call.replacing(address::book(&world.currency), address::book(&other));
        world.refuses(&call, SpecieError::BookMismatch);
    }
}

/// One that is all lost is healed by what others return: nothing is stuck.
#[test]
fn where_nothing_is_owed_a_return_brings_the_first_units_back() {
    let plan = VaultPlan::named("south").rate(790).pledge(2 * DAY);
    let world = World::new().vault(plan).vault(VaultPlan::named("north"));
    let world = world.price(PRICE).holder("alice", 0);
    let mut world = world
        .issued("north", "alice", 10 * ONE)
        .issued("south", "alice", 40 * ONE);
    let (north, south) = (world.vendor("north"), world.vendor("south"));
    let alice = world.the_holder("alice");
    let session = world.opened(&alice, &north, "session", 10 * ONE);
    world.edit(&south.vault, |vault: &mut Vault| {
        vault.balances.collateral = Quote::ZERO;
    });
    let mut world = world.defaulted(&south);
    assert_eq!(world.backing(), backing(0, 40 * ONE));
    // Declining would give the holder tokens that are worth nothing.
    let release = world.release_voucher(&north, &session);
    world.refuses(&release, SpecieError::ReleaseBelowClaim);
    let close = world.request_close(&session);
    world.ok(&close);
    world.chain.warp(2 * DAY + 1);
    let reclaim = world.reclaim(&session);
    world.ok(&reclaim);
    assert_eq!(world.backing(), backing(10 * ONE, 50 * ONE));
}
