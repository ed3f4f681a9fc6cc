//! The life of a currency, in which every instruction takes its turn: for whatever must hold, or be measured, of all.

use {
    super::{Call, NO_UPDATE, ONE, PRICE, Session, VaultPlan, World},
    specie::instructions::UpdateVaultArgs,
    specie_client::{address, state::Proposal},
};

const DAY: i64 = 86_400;

/// One step of a life: a name, the world as it is before, and the honest call, which `visit` must send.
pub trait Visit: FnMut(&'static str, &mut World, &Call) {}
impl<F: FnMut(&'static str, &mut World, &Call)> Visit for F {}

/// Leads a currency through every instruction. Its quorum's messages need three signatures.
pub fn life(seed: u64, mut visit: impl Visit) {
    let mut world = World::unfounded(seed);
    world.threshold = 3;
    let call = world.create_currency(world.create_currency_args());
    visit("create_currency", &mut world, &call);

    let north = world.admit("north");
    let call = world.open_vault(&north, 1_000_000 * ONE, 0b111);
    visit("open_vault", &mut world, &call);
    let args = UpdateVaultArgs {
        issuer: Some(north.issuer.address()),
        operator: Some(north.operator.address()),
        classes: Some(0b111),
        offer: Some(VaultPlan::named("north").offer),
        vendor: None,
    };
    let call = world.update_vault(&north, args);
    visit("update_vault", &mut world, &call);

    world.fund_stable(&north.stable, 10_000 * ONE);
    let call = world.deposit_collateral(&north, 10_000 * ONE);
    visit("deposit_collateral", &mut world, &call);
    for round in 0..2 {
        let ends_at = world.chain.now() + 30 * DAY;
        let call = world.attest_capacity(&north, 6_320, ends_at);
        visit("attest_capacity, three signatures", &mut world, &call);
        if round == 0 {
            let call = world.veto_attestation(&north, &world.attestors[1]);
            visit("veto_attestation", &mut world, &call);
        }
    }
    world.chain.warp(3_600);
    let call = world.post_price(PRICE);
    visit("post_price, three signatures", &mut world, &call);

    let mut world = world.holder("alice", 10_000 * ONE);
    let alice = world.the_holder("alice");
    let call = world.issue(&north, &alice.tokens, 100 * ONE);
    visit("issue", &mut world, &call);
    let call = world.purchase(&alice, &north, 3 * ONE);
    visit("purchase, three payments", &mut world, &call);

    let call = world.stake(&alice, 10 * ONE);
    visit("stake, the first tokens", &mut world, &call);
    let call = world.stake(&alice, 10 * ONE);
    visit("stake", &mut world, &call);
    let call = world.distribute();
    visit("distribute", &mut world, &call);

    let mut sessions = Vec::new();
    for name in ["one", "two", "three", "four", "five"] {
        let session = world.session(&alice, &north, name);
        let call = world.redeem(&session, 10 * ONE);
        visit("redeem", &mut world, &call);
        sessions.push(session);
    }
    let call = world.settle(&north, &[world.receipt(&sessions[0], ONE)]);
    visit("settle, one receipt", &mut world, &call);
    let five: Vec<_> = sessions.iter().map(|s| world.receipt(s, 2 * ONE)).collect();
    let call = world.settle(&north, &five);
    visit("settle, five receipts", &mut world, &call);
    let call = world.settle(&north, &[world.receipt(&sessions[0], 10 * ONE)]);
    visit(
        "settle, one receipt that closes the voucher",
        &mut world,
        &call,
    );
    let call = world.request_close(&sessions[1]);
    visit("request_close", &mut world, &call);

    let call = world.request_withdrawal(&north, ONE);
    visit("request_withdrawal", &mut world, &call);
    let call = world.pause(DAY);
    visit("pause", &mut world, &call);
    let call = world.resume();
    visit("resume", &mut world, &call);

    let call = world.suspend_vault(&north, &world.guardian);
    visit("suspend_vault", &mut world, &call);
    let call = world.reinstate_vault(&north);
    visit("reinstate_vault", &mut world, &call);
    let call = world.schedule_change(world.rise(1_000));
    visit("schedule_change", &mut world, &call);
    let announced = address::change(&world.currency, 0);
    let call = world.cancel_change(&announced, &world.guardian);
    visit("cancel_change", &mut world, &call);
    let treasury = world.scheduled(Proposal::Treasury(world.treasury));

    world.chain.warp(2 * DAY + 1);
    let call = world.reclaim(&sessions[1]);
    visit("reclaim", &mut world, &call);
    let call = world.claim(&alice);
    visit("claim", &mut world, &call);
    let call = world.unstake(&alice, 20 * ONE);
    visit("unstake", &mut world, &call);
    world.chain.warp(4 * DAY);
    let ends_at = world.chain.now() + 30 * DAY;
    let attest = world.attest_capacity(&north, 6_320, ends_at);
    world.ok(&attest);
    let call = world.execute_change(&treasury);
    visit("execute_change", &mut world, &call);
    let call = world.claim(&alice);
    visit("claim that closes the stake", &mut world, &call);
    world.chain.warp(DAY);
    let call = world.withdraw_collateral(&north);
    visit("withdraw_collateral", &mut world, &call);
    disputes(&mut world, &sessions[2..], &mut visit);

    // An offer that keeps nothing, in a currency that charges nothing: a sale is one payment.
    let currency = world.currency;
    world.edit(&currency, |c: &mut specie::state::Currency| {
        c.params.fee = Default::default();
    });
    let mut offer = world.vault_state(&north).offer;
    offer.retained = Default::default();
    let update = world.update_vault(
        &north,
        UpdateVaultArgs {
            offer: Some(offer),
            ..NO_UPDATE
        },
    );
    world.ok(&update);
    let mut world = world.price(PRICE);
    let call = world.purchase(&alice, &north, 3 * ONE);
    visit("purchase, one payment", &mut world, &call);
    super::failure::chapter(world, &mut visit);
}

/// What holders and vendor do about vouchers that are not served: the first two of a vendor's open ones, and new ones.
fn disputes(world: &mut World, open: &[Session], visit: &mut impl Visit) {
    let (north, alice) = (world.vendor("north"), world.the_holder("alice"));
    let call = world.release_voucher(&north, &open[0]);
    visit("release_voucher", world, &call);
    let ruling = world.ruling(&open[1], 3 * ONE);
    let call = world.rule_breach(&open[1], &ruling);
    visit("rule_breach, three signatures", world, &call);

    let [answered, unanswered] = ["six", "seven"].map(|name| {
        let session = world.session(&alice, &north, name);
        let call = world.redeem(&session, 10 * ONE);
        visit("redeem", world, &call);
        let call = world.challenge(&session);
        visit("challenge", world, &call);
        session
    });
    let call = world.answer(&north, &answered);
    visit("answer", world, &call);
    world.chain.warp(DAY);
    let call = world.compensate(&unanswered);
    visit("compensate", world, &call);
}
