//! A book without any network: what is taken in, in which order, and what is too much.

use super::*;
use specie_claims::clock::{Clock as _, ManualClock, UnixTime};
use specie_claims::tariff::Usage;
use specie_wire::SigningKey;

/// So many milliseconds after the tests' start, by a clock that was never set.
fn after(milliseconds: u64) -> Moment {
    let clock = ManualClock::at(UnixTime(1_000));
    clock.pass(milliseconds);
    clock.moment()
}

/// A request that may read and write twenty tokens, for as many units.
fn ask(most: u64) -> Ask {
    Ask {
        model: "demo".to_owned(),
        session: Some("sess_1".to_owned()),
        key: None,
        input: 20,
        output: 20,
        answers: 1,
        most: units(most),
    }
}

/// An answer of so many bytes.
fn seen(text: u64) -> Option<Seen> {
    Some(Seen {
        text,
        ..Seen::default()
    })
}

fn units(units: u64) -> Units {
    Units::new(units).unwrap()
}

fn issuer() -> SigningKey {
    SigningKey::from_bytes(&[4; 32])
}

fn book(folder: &Path) -> Book {
    let terms = Voucher {
        units: 10_000,
        ..specie_testing::account::terms()
    };
    let key = issuer().verifying_key().to_bytes();
    let mut book = Book::open(folder, &terms, key.into(), Units::ZERO).unwrap();
    let tariff = Tariff {
        input_units_per_1000: 1_000,
        cached_units_per_1000: 1_000,
        output_units_per_1000: 2_000,
        units_per_second: 0,
    };
    book.session("sess_1", HashMap::from([("demo".to_owned(), tariff)]));
    book
}

/// Ten tokens read and ten written, for 30 units.
fn record(number: u64, request: &str) -> String {
    unsigned(number, request).sign(&issuer())
}

fn unsigned(number: u64, request: &str) -> UsageRecord {
    let base58 = |key: [u8; 32]| solana_pubkey::Pubkey::new_from_array(key).to_string();
    UsageRecord {
        iss: base58([2; 32]),
        sub: base58([1; 32]),
        opened_at: 5,
        number,
        jti: request.to_owned(),
        session: "sess_1".to_owned(),
        key: None,
        model: "demo".to_owned(),
        input_tokens: 10,
        cached_tokens: 0,
        output_tokens: 10,
        milliseconds: 0,
        input_units_per_1000: units(1_000),
        cached_units_per_1000: units(1_000),
        output_units_per_1000: units(2_000),
        units_per_second: Units::ZERO,
        units: units(30),
        cumulative: units(30 * number),
        iat: 50,
    }
}

fn fault(taken: Result<Option<Doubted>, BookError>) -> Fault {
    match taken.unwrap_err() {
        BookError::Fault(fault) => fault,
        BookError::Tab(error) => panic!("{error}"),
    }
}

#[test]
fn what_can_be_wanted_is_what_was_consumed_and_asked_then_and_since() {
    let folder = tempfile::tempdir().unwrap();
    let mut book = book(folder.path());
    book.watch(Units::ZERO, after(0));
    let (_first, _) = book.ask(units(100));
    let (second, bound) = book.ask(units(50));
    assert_eq!(book.most_wanted(bound), units(150));
    // The gateway may have refused the second while the third was held, and the first not yet charged.
    let (third, _) = book.ask(units(7));
    assert_eq!(book.most_wanted(bound), units(157));
    book.refused(third);
    assert_eq!(book.most_wanted(bound), units(157));
    book.refused(second);
    let (_, bound) = book.ask(units(1));
    assert_eq!(book.most_wanted(bound), units(101));
}

#[test]
fn records_out_of_turn_wait_and_the_same_one_again_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut book = book(folder.path());
    book.watch(Units::ZERO, after(0));
    for request in ["a", "b"] {
        let (ticket, _) = book.ask(units(60));
        book.named(ticket, request, &ask(60), after(0)).unwrap();
    }
    assert_eq!(book.answered("b", seen(20), &record(2, "b")).unwrap(), None);
    assert_eq!((book.number(), book.consumed()), (0, Units::ZERO));
    assert_eq!(book.answered("a", seen(20), &record(1, "a")).unwrap(), None);
    assert_eq!((book.number(), book.consumed()), (2, units(60)));
    assert_eq!(book.outstanding(), 0);

    // An answer that is given again, with its record.
    let (ticket, _) = book.ask(units(60));
    book.named(ticket, "a", &ask(60), after(0)).unwrap();
    assert_eq!(book.answered("a", seen(20), &record(1, "a")).unwrap(), None);
    book.take_listed(&record(2, "b")).unwrap();
    assert_eq!((book.number(), book.outstanding()), (2, 0));
}

#[test]
fn a_request_without_an_answer_may_be_charged_once_and_for_no_more_than_it_can_cost() {
    let folder = tempfile::tempdir().unwrap();
    let mut book = book(folder.path());
    book.watch(Units::ZERO, after(0));
    let (ticket, _) = book.ask(units(40));
    book.lost(ticket, after(0));
    book.take_listed(&record(1, "lost")).unwrap();
    let again = fault(book.take_listed(&record(2, "invented")));
    assert_eq!(
        again,
        Fault::NeverAsked {
            units: units(60),
            most: units(40)
        }
    );
}

#[test]
fn a_record_may_be_listed_before_its_answer_begins() {
    let folder = tempfile::tempdir().unwrap();
    let mut book = book(folder.path());
    book.watch(Units::ZERO, after(0));
    let (ticket, _) = book.ask(units(40));
    book.take_listed(&record(1, "early")).unwrap();
    book.named(ticket, "early", &ask(40), after(0)).unwrap();
    assert_eq!(
        book.answered("early", seen(20), &record(1, "early"))
            .unwrap(),
        None
    );
    assert_eq!(book.outstanding(), 0);
}

#[test]
fn a_refused_request_costs_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut book = book(folder.path());
    book.watch(Units::ZERO, after(0));
    let (ticket, _) = book.ask(units(40));
    book.refused(ticket);
    let charged = fault(book.take_listed(&record(1, "refused")));
    assert!(matches!(charged, Fault::NeverAsked { .. }), "{charged}");
}

#[test]
fn what_was_held_when_watching_began_may_be_charged_yet() {
    let folder = tempfile::tempdir().unwrap();
    let mut book = book(folder.path());
    book.take_listed(&record(1, "before")).unwrap();
    let unwatched = Unwatched {
        charges: 1,
        units: units(30),
    };
    assert_eq!(book.unwatched(), unwatched);
    book.watch(units(35), after(0));
    book.take_listed(&record(2, "was being served")).unwrap();
    let more = fault(book.take_listed(&record(3, "was not")));
    assert!(matches!(more, Fault::NeverAsked { .. }), "{more}");
}

#[test]
fn more_than_was_asked_for_or_held_rejects_and_more_than_was_sent_or_came_is_in_doubt() {
    let taken = |ask: Ask, seen: Option<Seen>| {
        let folder = tempfile::tempdir().unwrap();
        let mut book = book(folder.path());
        book.watch(Units::ZERO, after(0));
        let (ticket, _) = book.ask(ask.most);
        book.named(ticket, "a", &ask, after(0)).unwrap();
        book.answered("a", seen, &record(1, "a"))
    };
    assert_eq!(taken(ask(30), seen(20)).unwrap(), None);
    let more = fault(taken(
        Ask {
            output: 9,
            ..ask(30)
        },
        seen(20),
    ));
    let expected = Fault::MoreThanAsked {
        tokens: 10,
        most: 9,
    };
    assert_eq!(more, expected);
    let (held, charged) = (units(29), units(30));
    let above = fault(taken(ask(29), seen(20)));
    let expected = Fault::AboveHold {
        units: charged,
        most: held,
    };
    assert_eq!(above, expected);

    let read = taken(
        Ask {
            input: 9,
            ..ask(30)
        },
        seen(20),
    )
    .unwrap()
    .unwrap();
    let Doubt::Counts { units, fair, .. } = read.doubt else {
        panic!("{:?}", read.doubt);
    };
    assert_eq!((units.get(), fair.get()), (30, 29));
    let reported = Seen {
        usage: crate::ask::Reported {
            output: Some(9),
            ..Default::default()
        },
        ..seen(20).unwrap()
    };
    assert!(taken(ask(30), Some(reported)).unwrap().is_some());
    // What was not seen whole says nothing of how much was written.
    assert_eq!(taken(ask(30), None).unwrap(), None);
}

#[test]
fn an_answer_that_is_given_again_is_not_held_to_what_is_published_now() {
    let folder = tempfile::tempdir().unwrap();
    let mut book = book(folder.path());
    book.take_listed(&record(1, "a")).unwrap();
    book.watch(Units::ZERO, after(0));
    let (ticket, _) = book.ask(units(1));
    let shorter = Ask {
        output: 1,
        ..ask(1)
    };
    book.named(ticket, "a", &shorter, after(0)).unwrap();
    assert_eq!(book.answered("a", seen(0), &record(1, "a")).unwrap(), None);
    assert_eq!(book.outstanding(), 0);
}

#[test]
fn what_ended_without_a_record_is_free_once_the_gateway_holds_nothing_or_could_hold_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut book = book(folder.path());
    book.watch(Units::ZERO, after(0));
    for request in ["a", "b", "c"] {
        let (ticket, _) = book.ask(units(60));
        book.named(ticket, request, &ask(60), after(0)).unwrap();
    }
    assert_eq!(book.unrecorded(), Vec::<String>::new());
    assert!(book.ended("a", None).is_none() && book.ended("b", None).is_none());
    let (ticket, _) = book.ask(units(60));
    book.lost(ticket, after(0));
    assert!(book.is_waiting());
    assert_eq!((book.outstanding(), book.pending()), (3, units(240)));

    book.was_free(&["a".to_owned()], &after(0));
    assert_eq!((book.outstanding(), book.pending()), (2, units(180)));
    // What was given up may only be on its way to the gateway.
    book.was_free(&[], &after(IN_TRANSIT - 1));
    assert_eq!(book.pending(), units(180));
    book.was_free(&[], &after(IN_TRANSIT));
    assert_eq!(book.pending(), units(120));
    book.expire(&after(500), 500);
    assert_eq!(book.outstanding(), 2);
    book.expire(&after(501), 500);
    // What is being answered has not ended.
    assert_eq!((book.outstanding(), book.pending()), (1, units(60)));
    assert!(book.ended("c", None).is_none());
    book.was_free(&["c".to_owned()], &after(0));
    assert!(!book.is_waiting());
    assert_eq!((book.outstanding(), book.pending()), (0, Units::ZERO));
    // Each was made, should it be charged after all; no other was.
    for (number, request) in [(1, "b"), (2, "c"), (3, "a")] {
        assert_eq!(book.take_listed(&record(number, request)).unwrap(), None);
    }
    let invented = fault(book.take_listed(&record(4, "d")));
    assert!(matches!(invented, Fault::NeverAsked { .. }), "{invented}");
}

#[test]
fn a_missing_record_is_a_gap_in_a_list() {
    let folder = tempfile::tempdir().unwrap();
    let mut book = book(folder.path());
    let gap = fault(book.take_listed(&record(2, "b")));
    let expected = RecordFault::Gap {
        expected: 1,
        found: 2,
    };
    assert_eq!(gap, Fault::Record(expected));
    assert_eq!(book.number(), 0);
}

#[test]
fn the_records_are_there_again() {
    let folder = tempfile::tempdir().unwrap();
    let mut first = book(folder.path());
    first.take_listed(&record(1, "a")).unwrap();
    drop(first);
    let book = book(folder.path());
    assert_eq!((book.number(), book.consumed()), (1, units(30)));
    assert_eq!(book.unwatched(), Unwatched::default());
}

/// A world of honest charges, from chance: two requests of one session, of which the second is looked at.
struct Honest {
    tariff: Tariff,
    ask: Ask,
    seen: Seen,
    first: UsageRecord,
    second: UsageRecord,
}

impl Honest {
    fn any(random: &mut impl rand::Rng) -> Self {
        let mut price = || 1_000 * random.random_range(1..50);
        let tariff = Tariff {
            input_units_per_1000: price(),
            cached_units_per_1000: price(),
            output_units_per_1000: price(),
            units_per_second: price(),
        };
        let input = random.random_range(2..1_000);
        let output = random.random_range(2..500);
        let usage = Usage {
            input,
            cached: random.random_range(1..input),
            output,
            milliseconds: random.random_range(1_000..60_000),
        };
        let mut most = usage;
        most.input += random.random_range(0..100);
        most.output += random.random_range(0..100);
        most.cached = 0;
        let dearest = |usage: Usage| {
            let all_cached = Usage {
                cached: usage.input,
                ..usage
            };
            tariff.price(usage).max(tariff.price(all_cached))
        };
        let record = |number, id: &str, before: u64| {
            let price = tariff.price(usage);
            UsageRecord {
                input_tokens: usage.input,
                cached_tokens: usage.cached,
                output_tokens: usage.output,
                milliseconds: usage.milliseconds,
                input_units_per_1000: units(tariff.input_units_per_1000),
                cached_units_per_1000: units(tariff.cached_units_per_1000),
                output_units_per_1000: units(tariff.output_units_per_1000),
                units_per_second: units(tariff.units_per_second),
                units: price,
                cumulative: units(before + price.get()),
                ..unsigned(number, id)
            }
        };
        let first = record(1, "a", 0);
        let before = first.cumulative.get();
        Self {
            tariff,
            ask: Ask {
                input: most.input,
                output: most.output,
                ..ask(dearest(most).get())
            },
            seen: Seen {
                text: usage.output,
                usage: crate::ask::Reported {
                    input: Some(usage.input),
                    cached: Some(usage.cached),
                    output: Some(usage.output),
                    reasoning: 0,
                },
                milliseconds: usage.milliseconds,
            },
            second: record(2, "b", before),
            first,
        }
    }

    /// Whether anything is noticed of a record in the second's place, which comes with its answer or in a list.
    fn notices(&self, record: &UsageRecord, listed: bool) -> bool {
        let folder = tempfile::tempdir().unwrap();
        let mut book = book(folder.path());
        book.session(
            "sess_1",
            HashMap::from([
                ("demo".to_owned(), self.tariff),
                ("other".to_owned(), self.tariff),
            ]),
        );
        book.session("sess_0", HashMap::from([("demo".to_owned(), self.tariff)]));
        book.watch(Units::ZERO, after(0));
        for (request, token) in [
            ("a", self.first.sign(&issuer())),
            ("b", record.sign(&issuer())),
        ] {
            let (ticket, _) = book.ask(self.ask.most);
            book.named(ticket, request, &self.ask, after(0)).unwrap();
            let answered = if listed {
                assert!(book.ended(request, Some(self.seen)).is_none());
                book.take_listed(&token)
            } else {
                book.answered(request, Some(self.seen), &token)
            };
            match answered {
                Ok(None) => {}
                Ok(Some(_)) | Err(BookError::Fault(_)) => return true,
                Err(BookError::Tab(error)) => panic!("{error}"),
            }
        }
        // A record that came before its turn, or in another's name, shows in the list.
        book.number() != 2 || book.outstanding() != 0 || book.consumed() != self.second.cumulative
    }

    /// The second record with another charge, which is in its sum as well.
    fn charging(&self, change: impl FnOnce(&mut UsageRecord)) -> UsageRecord {
        let mut record = self.second.clone();
        change(&mut record);
        let before = self.first.cumulative;
        record.units = record.tariff().price(record.usage());
        record.cumulative = before.saturating_add(record.units);
        record
    }
}

#[test]
fn every_field_of_an_honest_record_that_is_changed_is_noticed_and_no_honest_record_is() {
    use rand::SeedableRng as _;
    let mut random = rand::rngs::StdRng::seed_from_u64(22);
    type Change = fn(&mut UsageRecord);
    // Alone, as an intermediary or a mistake would change it.
    let alone: [(&str, Change); 18] = [
        ("iss", |record| record.iss.push('x')),
        ("sub", |record| record.sub.push('x')),
        ("opened_at", |record| record.opened_at += 1),
        ("number, higher", |record| record.number += 1),
        ("number, lower", |record| record.number -= 1),
        ("jti", |record| record.jti.push('x')),
        ("jti of another", |record| record.jti = "a".to_owned()),
        ("session of nobody", |record| record.session.push('x')),
        ("another session", |record| {
            record.session = "sess_0".to_owned()
        }),
        ("key", |record| record.key = Some("key_1".to_owned())),
        ("model of nobody", |record| record.model.push('x')),
        ("another model", |record| record.model = "other".to_owned()),
        ("units, more", |record| {
            record.units = units(record.units.get() + 1)
        }),
        ("units, fewer", |record| {
            record.units = units(record.units.get() - 1)
        }),
        ("cumulative, more", |record| {
            record.cumulative = units(record.cumulative.get() + 1)
        }),
        ("cumulative, less", |record| {
            record.cumulative = units(record.cumulative.get() - 1)
        }),
        // Its own sum does not follow from fewer tokens.
        ("output, fewer", |record| record.output_tokens -= 1),
        ("time, less", |record| record.milliseconds -= 1_000),
    ];
    // With a charge and a sum that follow from it, as a dishonest vendor would.
    let charged: [(&str, Change); 7] = [
        ("input", |record| record.input_tokens += 1),
        ("output", |record| record.output_tokens += 1),
        ("time", |record| record.milliseconds += 30_000),
        ("price of input", |record| {
            record.input_units_per_1000 = units(record.input_units_per_1000.get() + 1_000_000)
        }),
        ("price of cached input", |record| {
            record.cached_units_per_1000 = units(record.cached_units_per_1000.get() + 1_000_000)
        }),
        ("price of output", |record| {
            record.output_units_per_1000 = units(record.output_units_per_1000.get() + 1_000_000)
        }),
        ("price of a second", |record| {
            record.units_per_second = units(record.units_per_second.get() + 1_000_000)
        }),
    ];
    for _ in 0..4 {
        let honest = Honest::any(&mut random);
        for listed in [false, true] {
            assert!(!honest.notices(&honest.second, listed));
            for (what, change) in alone {
                let mut record = honest.second.clone();
                change(&mut record);
                assert!(honest.notices(&record, listed), "{what}: {record:?}");
            }
            for (what, change) in charged {
                let record = honest.charging(change);
                assert!(honest.notices(&record, listed), "{what}: {record:?}");
            }
            // Tokens of a cache that are charged as others, where that is dearer, and as its own, where that is.
            let mut cached = honest.second.cached_tokens;
            let Tariff {
                input_units_per_1000: full,
                cached_units_per_1000: reduced,
                ..
            } = honest.tariff;
            match full.cmp(&reduced) {
                std::cmp::Ordering::Greater => cached -= 1,
                std::cmp::Ordering::Less => cached += 1,
                std::cmp::Ordering::Equal => continue,
            }
            let record = honest.charging(|record| record.cached_tokens = cached);
            assert!(honest.notices(&record, listed), "cached: {record:?}");

            // What the contract leaves to the vendor: when it charges, and whether it counts too much and charges for less.
            let mut record = honest.second.clone();
            record.iat += 10_000_000;
            assert!(!honest.notices(&record, listed), "iat");
            let mut record = honest.second.clone();
            record.input_tokens += 5_000;
            assert!(!honest.notices(&record, listed), "counted, not charged");
        }
    }
}

#[test]
fn a_lower_price_or_fewer_tokens_are_a_gift() {
    use rand::SeedableRng as _;
    let mut random = rand::rngs::StdRng::seed_from_u64(23);
    for _ in 0..4 {
        let mut honest = Honest::any(&mut random);
        let gifts: [fn(&mut UsageRecord); 3] = [
            |record| record.output_tokens -= 1,
            |record| record.milliseconds -= 1_000,
            |record| record.output_units_per_1000 = Units::ZERO,
        ];
        for gift in gifts {
            let record = honest.charging(gift);
            honest.second.cumulative = record.cumulative;
            assert!(!honest.notices(&record, false), "{record:?}");
            assert!(!honest.notices(&record, true), "{record:?}");
        }
    }
}

#[test]
fn a_clock_that_is_set_ends_no_wait() {
    for step in [-600_000, 600_000] {
        let folder = tempfile::tempdir().unwrap();
        let mut book = book(folder.path());
        let clock = ManualClock::at(UnixTime(1_000));
        book.watch(Units::ZERO, clock.moment());
        let (ticket, _) = book.ask(units(60));
        book.named(ticket, "a", &ask(60), clock.moment()).unwrap();
        assert!(book.ended("a", None).is_none());
        let (ticket, _) = book.ask(units(60));
        book.lost(ticket, clock.moment());
        clock.step(step);
        let waited = |book: &Book| (book.outstanding(), book.pending());
        book.was_free(&[], &clock.moment());
        book.expire(&clock.moment(), 300_000);
        assert_eq!(waited(&book), (1, units(120)), "by {step}");
        clock.pass(300_001);
        book.expire(&clock.moment(), 300_000);
        assert_eq!(waited(&book), (0, Units::ZERO), "by {step}");
    }
}
