use {
    solana_pubkey::Pubkey,
    specie::errors::SpecieError,
    specie_client::{
        address,
        units::{Bps, Price, Sequence, Timestamp},
    },
    specie_tests::{
        event,
        world::{PRICE, VaultPlan, World},
    },
};

#[test]
fn post_price_is_taken_and_the_quorum_was_seen() {
    let mut world = World::new();
    let message = world.price_message(PRICE);
    world.chain.warp(40);
    let call = world.post(&message);
    let outcome = world.ok(&call);
    let event = event!(outcome, PricePosted);
    let (standard, now) = (world.standard_state(), Timestamp::new(world.chain.now()));
    assert_eq!(event.currency, world.currency);
    assert_eq!(standard.price, Price::new(PRICE));
    assert_eq!(standard.price_sequence, Sequence::new(1));
    assert_eq!(standard.published_at, Timestamp::new(message.published_at));
    assert_eq!(world.quorum_state().last_seen_at, now);
    assert_eq!(event.seen_at, now);
}

#[test]
fn post_price_may_skip_numbers_and_be_a_minute_ahead() {
    let mut world = World::new();
    let mut message = world.price_message(PRICE);
    message.sequence = 1 << 32;
    message.published_at += 60;
    let call = world.post(&message);
    world.ok(&call);
    assert_eq!(world.standard_state().price_sequence.get(), 1 << 32);
}

#[test]
fn post_price_with_a_number_far_ahead_rejects() {
    let mut world = World::new();
    for sequence in [(1 << 32) + 1, u64::MAX] {
        let mut message = world.price_message(PRICE);
        message.sequence = sequence;
        let call = world.post(&message);
        world.refuses(&call, SpecieError::SequenceTooFarAhead);
    }
}

#[test]
fn post_price_ahead_of_the_clock_rejects() {
    let mut world = World::new();
    let mut message = world.price_message(PRICE);
    message.published_at += 61;
    let call = world.post(&message);
    world.refuses(&call, SpecieError::SignedInFuture);
    message.published_at = i64::MAX;
    let call = world.post(&message);
    world.refuses(&call, SpecieError::SignedInFuture);
}

#[test]
fn post_price_older_than_its_age_rejects() {
    let mut world = World::new();
    let call = world.post_price(PRICE);
    world.chain.warp(7_201);
    world.refuses(&call, SpecieError::SignedTooOld);
}

#[test]
fn post_price_of_zero_rejects() {
    let mut world = World::new();
    let call = world.post_price(0);
    world.refuses(&call, SpecieError::PriceZero);
}

#[test]
fn post_price_not_above_the_last_number_rejects() {
    let mut world = World::new().price(PRICE);
    let replay = world.post(&specie_wire::Price {
        sequence: 1,
        ..world.price_message(PRICE)
    });
    world.refuses(&replay, SpecieError::PriceNotNewer);
}

#[test]
fn post_price_not_later_than_the_last_rejects() {
    let mut world = World::new().price(PRICE);
    let call = world.post_price(PRICE);
    world.refuses(&call, SpecieError::PriceNotNewer);
}

#[test]
fn post_price_too_soon_rejects() {
    let mut world = World::new().price(PRICE);
    world.chain.warp(599);
    let call = world.post_price(PRICE);
    world.refuses(&call, SpecieError::PriceTooSoon);
    world.chain.warp(1);
    let call = world.post_price(PRICE);
    world.ok(&call);
}

#[test]
fn post_price_that_moves_too_far_rejects() {
    let mut world = World::new().price(PRICE);
    world.chain.warp(600);
    for price in [PRICE * 105 / 100 + 1, PRICE * 95 / 100 - 1, u64::MAX] {
        let call = world.post_price(price);
        world.refuses(&call, SpecieError::PriceMoveTooLarge);
    }
    let call = world.post_price(PRICE * 105 / 100);
    world.ok(&call);
}

#[test]
fn post_price_in_many_steps_gets_no_further_than_its_bound_for_each_interval() {
    let mut world = World::new().price(PRICE);
    let mut bound = PRICE;
    for _ in 0..5 {
        world.chain.warp(600);
        bound = bound * 105 / 100;
        let too_far = world.post_price(bound + 1);
        world.refuses(&too_far, SpecieError::PriceMoveTooLarge);
        let call = world.post_price(bound);
        world.ok(&call);
    }
}

#[test]
fn post_price_of_another_currencys_message_rejects() {
    let mut world = World::new();
    let mut message = world.price_message(PRICE);
    message.currency = Pubkey::new_unique().to_bytes();
    let signed = world.post(&message);
    let mut call = world.post_price(PRICE);
    call.instructions[0] = signed.instructions[0].clone();
    world.refuses(&call, SpecieError::MessageForOtherCurrency);
}

#[test]
fn post_price_to_another_currencys_standard_rejects() {
    let mut world = World::new();
    let other = second_currency(&mut world);
    let call = world.post_price(PRICE);
    let standard = address::standard(&world.currency);
    let call = call.replacing(standard, address::standard(&other));
    world.refuses(&call, SpecieError::StandardMismatch);
}

#[test]
fn post_price_by_another_currencys_quorum_rejects() {
    let mut world = World::new();
    let other = second_currency(&mut world);
    let call = world.post_price(PRICE);
    let quorum = address::quorum(&world.currency);
    let call = call.replacing(quorum, address::quorum(&other));
    world.refuses(&call, SpecieError::QuorumMismatch);
}

/// Founds another currency with the same authority and attestors.
pub(crate) fn second_currency(world: &mut World) -> Pubkey {
    let authority = world.authority.address();
    let (mint, currency) = (world.mint, world.currency);
    let second = world.party("second mint");
    world.mint = world.chain.create_mint(&second, 6, &authority, None);
    world.currency = address::currency(&world.mint);
    let call = world.create_currency(world.create_currency_args());
    world.ok(&call);
    let other = world.currency;
    (world.mint, world.currency) = (mint, currency);
    other
}

#[test]
fn post_price_in_one_currency_leaves_the_other_alone() {
    let mut world = World::with_params(|params| params.fee = Bps::ZERO)
        .vault(VaultPlan::named("north"))
        .price(PRICE);
    let other = second_currency(&mut world);
    world.chain.warp(600);
    let call = world.post_price(PRICE);
    world.ok(&call);
    let standard: specie_client::state::Standard = world.read(&address::standard(&other));
    assert_eq!(standard.price, Price::ZERO);
}
