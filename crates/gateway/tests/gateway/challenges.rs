//! Challenges on chain, answered by the gateway itself.

use crate::world::{Holder, NOW, WINDOW, World, question, units};
use solana_pubkey::Pubkey;
use specie_gateway::chain::{AnsweredVoucher, Chain as _, Errand, PreparedTransaction};
use specie_gateway::clock::UnixTime;
use specie_gateway::ledger::VoucherId;
use specie_gateway::ledger::change::RecordAnswer;
use specie_gateway::watch::{Policy, Report};
use specie_testing::chain::Delivery;

const UNTIL: UnixTime = UnixTime(NOW.0 + WINDOW);

async fn look(world: &World) -> Report {
    world.gateway.watcher.answer().await.unwrap()
}

/// A report of one challenge that stands, and what else was done.
fn one(done: Report) -> Report {
    Report {
        challenges: 1,
        next_deadline: Some(UNTIL),
        ..done
    }
}

fn sent() -> Report {
    one(Report {
        sent: 1,
        ..Report::default()
    })
}

fn finalized() -> Report {
    Report {
        finalized: 1,
        ..Report::default()
    }
}

fn is_challenged(world: &World, holder: &Holder) -> bool {
    let facts = world.chain.voucher(holder.facts.voucher).unwrap();
    facts.challenged_until.is_some()
}

#[tokio::test]
async fn a_challenge_of_a_voucher_that_was_never_seen_here_is_answered_at_once() {
    let world = World::start().await;
    let holder = world.redeem(1_000);
    assert_eq!(look(&world).await, Report::default());
    world.chain.challenge(holder.facts.voucher, UNTIL);
    assert_eq!(look(&world).await, sent());
    assert!(!is_challenged(&world, &holder));
    assert_eq!(look(&world).await, finalized());
    assert_eq!(look(&world).await, Report::default());
    assert_eq!(world.chain.sent(), 1);
    assert_eq!(world.gateway.watcher.last(), Some(Report::default()));
}

#[tokio::test]
async fn what_would_not_be_served_here_is_answered_all_the_same() {
    let world = World::start().await;
    let (mut training, mut closing) = (world.redeem(1_000), world.redeem(1_000));
    training.facts.class = 0;
    world.chain.put_voucher(training.facts);
    closing.facts.closing_at = Some(NOW);
    world.chain.put_voucher(closing.facts);
    for holder in [&training, &closing] {
        world.chain.challenge(holder.facts.voucher, UNTIL);
    }
    assert_eq!(look(&world).await.sent, 2);
    assert!(!is_challenged(&world, &training) && !is_challenged(&world, &closing));
}

#[tokio::test]
async fn a_host_whose_clock_is_off_answers_all_the_same() {
    let world = World::start().await;
    let holder = world.redeem(1_000);
    world.chain.challenge(holder.facts.voucher, UNTIL);
    world.clock.set(NOW.plus(86_400));
    assert!(world.gateway.gate.seen().is_err());
    assert_eq!(look(&world).await, sent());
}

#[tokio::test]
async fn an_answer_waits_for_its_share_of_the_window_if_it_is_told_to() {
    let policy = Policy {
        after_percent: 25,
        in_flight: 4,
        rebid_after: 20,
    };
    let world = World::builder().challenges(policy).start().await;
    let holder = world.redeem(1_000);
    world.chain.challenge(holder.facts.voucher, UNTIL);
    world.pass(WINDOW / 4 - 1).await;
    assert_eq!(look(&world).await, one(Report::default()));
    world.pass(1).await;
    assert_eq!(look(&world).await, sent());
}

/// One at a time, each final after 15 seconds, against challenges that fall due every 20.
#[tokio::test]
async fn a_flood_of_challenges_is_answered_in_time_at_the_advertised_rate_in_the_order_of_deadlines()
 {
    let policy = Policy {
        after_percent: 0,
        in_flight: 1,
        rebid_after: 60,
    };
    let world = World::builder().challenges(policy).start().await;
    let holders: Vec<_> = (0..100).map(|_| world.redeem(1_000)).collect();
    // Found in whatever order a node lists them.
    for (n, holder) in holders.iter().enumerate().rev() {
        let until = UNTIL.plus(20 * n as i64);
        world.chain.challenge(holder.facts.voucher, until);
    }
    world.chain.set_delivery(Delivery::Unfinalized);
    let mut answered = 0;
    for step in 1..=500 {
        let report = look(&world).await;
        assert_eq!((report.missed, report.failed), (0, 0), "{report:?}");
        assert!(
            report
                .next_deadline
                .is_none_or(|next| next == UNTIL.plus(20 * answered))
        );
        world.pass(5).await;
        if step % 3 == 0 {
            world.chain.finalize();
            answered = holders
                .iter()
                .take_while(|holder| !is_challenged(&world, holder))
                .count() as i64;
        }
        if answered == 100 {
            break;
        }
    }
    assert_eq!(answered, 100);
    assert_eq!(world.chain.sent(), 100, "one transaction each");
    assert_eq!(look(&world).await, finalized());
}

#[tokio::test]
async fn many_are_on_their_way_at_a_time_and_no_more_than_allowed() {
    let world = World::start().await;
    for _ in 0..10 {
        let holder = world.redeem(1_000);
        world.chain.challenge(holder.facts.voucher, UNTIL);
    }
    world.chain.set_delivery(Delivery::Unfinalized);
    assert_eq!(look(&world).await.sent, 4);
    assert_eq!(look(&world).await.sent, 0);
    world.chain.finalize();
    let next = look(&world).await;
    assert_eq!((next.finalized, next.sent, next.challenges), (4, 4, 6));
}

#[tokio::test]
async fn an_answer_that_nobody_has_seen_is_sent_again_and_then_for_twice_the_bid_until_it_stands() {
    let world = World::start().await;
    let holder = world.redeem(1_000);
    world.chain.challenge(holder.facts.voucher, UNTIL);
    world.chain.set_delivery(Delivery::Lost);
    assert_eq!(look(&world).await, sent());
    let again = one(Report {
        resent: 1,
        ..Report::default()
    });
    assert_eq!(look(&world).await, again);
    world.pass(20).await;
    let rebid = one(Report {
        resent: 1,
        sent: 1,
        rebid: 1,
        ..Report::default()
    });
    assert_eq!(look(&world).await, rebid);
    assert_eq!(world.chain.bids(), [1, 1, 1, 2]);

    world.chain.set_delivery(Delivery::Finalized);
    // The first of the two lands; the other one is refused, which costs a fee and nothing else.
    assert_eq!(look(&world).await.resent, 2);
    let ended = look(&world).await;
    assert_eq!((ended.finalized, ended.failed), (1, 1));
    assert_eq!(look(&world).await, Report::default());
}

#[tokio::test]
async fn an_answer_that_expired_is_replaced_and_one_that_nobody_needs_any_more_is_given_up() {
    let world = World::start().await;
    let holder = world.redeem(1_000);
    world.chain.challenge(holder.facts.voucher, UNTIL);
    world.chain.set_delivery(Delivery::Lost);
    look(&world).await;
    world.pass(151).await;
    let replaced = one(Report {
        expired: 1,
        sent: 1,
        rebid: 1,
        ..Report::default()
    });
    assert_eq!(look(&world).await, replaced);
    // Somebody settled, or the vendor released it.
    world.chain.put_voucher(holder.facts);
    let mut vault = world.chain.vault().await.unwrap();
    vault.challenges = 0;
    world.chain.set_vault(vault);
    let moot = Report {
        moot: 1,
        ..Report::default()
    };
    assert_eq!(look(&world).await, moot);
    assert_eq!(look(&world).await, Report::default());
}

#[tokio::test]
async fn an_answer_is_recorded_before_it_is_sent_and_followed_after_a_crash() {
    let world = World::start().await;
    let holder = world.redeem(1_000);
    world.chain.challenge(holder.facts.voucher, UNTIL);
    world.chain.set_delivery(Delivery::Lost);
    assert_eq!(look(&world).await, sent());
    let revived = world.restart_after_kill().await;
    revived.chain.set_delivery(Delivery::Finalized);
    let again = one(Report {
        resent: 1,
        ..Report::default()
    });
    assert_eq!(look(&revived).await, again, "the same one, no second one");
    assert_eq!(look(&revived).await, finalized());
    assert_eq!(revived.chain.bids(), [1, 1]);
}

#[tokio::test]
async fn an_attempt_belongs_to_whoever_records_it_first() {
    let world = World::start().await;
    let holder = world.redeem(1_000);
    let facts = holder.facts;
    let errand = |by: u8| {
        Errand::Answer(Box::new(AnsweredVoucher {
            terms: facts.terms(),
            issuer: [by; 32],
            signature: [by; 64],
        }))
    };
    let record = |attempt: u32, transaction: PreparedTransaction| RecordAnswer {
        voucher: VoucherId {
            address: facts.voucher,
            opened_at: facts.opened_at.0,
        },
        attempt,
        challenged_until: UNTIL,
        transaction: specie_gateway::outbox::outgoing(transaction),
        now: NOW,
    };
    let ledger = &world.gateway.ledger;
    let mine = world.chain.prepare(&errand(1), 0).await.unwrap();
    let theirs = world.chain.prepare(&errand(2), 0).await.unwrap();
    assert!(ledger.apply(record(0, mine.clone())).await.unwrap());
    let before = world.rows().await;
    assert!(!ledger.apply(record(0, theirs.clone())).await.unwrap());
    // The same bytes, as two make them from the same blockhash.
    assert!(!ledger.apply(record(1, mine)).await.unwrap());
    assert_eq!(world.rows().await, before);
    assert!(ledger.apply(record(1, theirs)).await.unwrap());
}

#[tokio::test]
async fn a_deadline_that_has_passed_is_reported_and_nothing_is_sent_for_it() {
    let world = World::start().await;
    let (late, next) = (world.redeem(1_000), world.redeem(1_000));
    world.chain.challenge(late.facts.voucher, UNTIL);
    world.chain.challenge(next.facts.voucher, UNTIL.plus(1));
    world.pass(WINDOW + 1).await;
    let report = look(&world).await;
    assert_eq!((report.missed, report.sent), (1, 1));
    assert_eq!(
        report.next_deadline,
        Some(UNTIL.plus(1)),
        "in the second of it"
    );
    assert!(is_challenged(&world, &late) && !is_challenged(&world, &next));
}

#[tokio::test]
async fn challenges_that_no_node_shows_are_counted() {
    let world = World::start().await;
    let holder = world.redeem(1_000);
    world.chain.challenge(holder.facts.voucher, UNTIL);
    let mut vault = world.chain.vault().await.unwrap();
    vault.challenges = 3;
    world.chain.set_vault(vault);
    let report = look(&world).await;
    assert_eq!((report.hidden, report.sent), (2, 1));
}

#[tokio::test]
async fn where_no_node_lists_challenges_those_of_known_vouchers_are_answered_and_the_others_counted()
 {
    let world = World::start().await;
    let (known, unknown) = (world.redeem(10_000), world.redeem(10_000));
    world.open_session(&known, 600).await;
    for holder in [&known, &unknown] {
        world.chain.challenge(holder.facts.voucher, UNTIL);
    }
    world.chain.stop_listing();
    world.turn().await;
    let report = look(&world).await;
    assert_eq!((report.hidden, report.sent), (1, 1));
    assert!(!is_challenged(&world, &known) && is_challenged(&world, &unknown));
}

#[tokio::test]
async fn where_a_key_is_not_the_vaults_nothing_is_answered_and_what_was_earned_is_settled_instead()
{
    let world = World::start().await;
    let holder = world.redeem(10_000);
    let session = world.open_session(&holder, 600).await;
    assert_eq!(world.chat(&session, &question(5, 10)).await.status(), 200);
    let path = format!("/v1/sessions/{}/receipts", session.id);
    assert_eq!(world.post(&path, &holder.receipt(25)).await.0, 200);
    let mut vault = world.chain.vault().await.unwrap();
    vault.operator = Pubkey::new_unique();
    world.chain.set_vault(vault);
    world.chain.challenge(holder.facts.voucher, UNTIL);
    let unsigned = one(Report {
        unsigned: 1,
        ..Report::default()
    });
    assert_eq!(look(&world).await, unsigned);
    assert_eq!(world.chain.sent(), 0);

    world.pass(WINDOW / 2 - 1).await;
    assert_eq!(world.turn().await.sent, 0, "it is left to an answer");
    world.pass(1).await;
    assert_eq!(world.turn().await.sent, 1);
    assert!(!is_challenged(&world, &holder), "served is answered");
    assert_eq!(world.turn().await.finalized, 1);
    assert_eq!(world.account(&holder).await.settled, units(25));
    world.assert_sound().await;
}

#[tokio::test]
async fn a_challenged_vouchers_receipts_wait_for_its_answer() {
    let world = World::builder().settles_from(1).start().await;
    let holder = world.redeem(10_000);
    let session = world.open_session(&holder, 600).await;
    assert_eq!(world.chat(&session, &question(5, 10)).await.status(), 200);
    let path = format!("/v1/sessions/{}/receipts", session.id);
    assert_eq!(world.post(&path, &holder.receipt(25)).await.0, 200);
    world.chain.challenge(holder.facts.voucher, UNTIL);
    assert_eq!(world.turn().await.sent, 0);
    assert_eq!(look(&world).await.sent, 1);
    assert_eq!(world.turn().await.sent, 1);
    assert_eq!(
        world.chain.voucher(holder.facts.voucher).unwrap().settled,
        25
    );
}

#[tokio::test]
async fn a_fork_that_drops_a_confirmed_answer_costs_nothing() {
    let world = World::start().await;
    let holder = world.redeem(1_000);
    world.chain.challenge(holder.facts.voucher, UNTIL);
    world.chain.set_delivery(Delivery::Unfinalized);
    assert_eq!(look(&world).await, sent());
    assert_eq!(
        look(&world).await,
        one(Report::default()),
        "it is on its way"
    );
    world.chain.drop_fork();
    assert_eq!(look(&world).await.resent, 1);
    world.chain.finalize();
    assert_eq!(look(&world).await, finalized());
    assert!(!is_challenged(&world, &holder));
}
