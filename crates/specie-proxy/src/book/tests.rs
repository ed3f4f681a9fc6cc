//! A book without any network: what is taken in, in which order, and what is too much.

use super::*;
use specie_wire::SigningKey;

const ASK: Ask = Ask {
    model: String::new(),
    input: 20,
    output: 20,
    answers: 1,
    most: Units::ZERO,
};

fn units(units: u64) -> Units {
    Units::new(units).unwrap()
}

fn issuer() -> SigningKey {
    SigningKey::from_bytes(&[4; 32])
}

fn book(folder: &Path) -> Book {
    let terms = Voucher {
        voucher: [1; 32],
        vault: [2; 32],
        session: [3; 32],
        class: 1,
        units: 10_000,
        work_per_scu: 1,
        opened_at: 5,
        expires_at: 6_000,
    };
    let key = issuer().verifying_key().to_bytes();
    let mut book = Book::open(folder, &terms, key, Units::ZERO).unwrap();
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
    let base58 = |key: [u8; 32]| solana_pubkey::Pubkey::new_from_array(key).to_string();
    let record = UsageRecord {
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
    };
    record.sign(&issuer())
}

fn fault(taken: Result<(), BookError>) -> Fault {
    match taken.unwrap_err() {
        BookError::Fault(fault) => fault,
        BookError::Tab(error) => panic!("{error}"),
    }
}

#[test]
fn what_can_be_wanted_is_what_was_consumed_and_asked_then_and_since() {
    let folder = tempfile::tempdir().unwrap();
    let mut book = book(folder.path());
    book.watch(Units::ZERO);
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
    book.watch(Units::ZERO);
    for request in ["a", "b"] {
        let (ticket, _) = book.ask(units(60));
        book.named(ticket, request, &ASK).unwrap();
    }
    book.answered("b", &ASK, 20, &record(2, "b")).unwrap();
    assert_eq!((book.number(), book.consumed()), (0, Units::ZERO));
    book.answered("a", &ASK, 20, &record(1, "a")).unwrap();
    assert_eq!((book.number(), book.consumed()), (2, units(60)));
    assert_eq!(book.outstanding(), 0);

    // An answer that is given again, with its record.
    let (ticket, _) = book.ask(units(60));
    book.named(ticket, "a", &ASK).unwrap();
    book.answered("a", &ASK, 20, &record(1, "a")).unwrap();
    book.take_listed(&record(2, "b")).unwrap();
    assert_eq!((book.number(), book.outstanding()), (2, 0));
}

#[test]
fn a_request_without_an_answer_may_be_charged_once_and_for_no_more_than_it_can_cost() {
    let folder = tempfile::tempdir().unwrap();
    let mut book = book(folder.path());
    book.watch(Units::ZERO);
    let (ticket, _) = book.ask(units(40));
    book.lost(ticket);
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
    book.watch(Units::ZERO);
    let (ticket, _) = book.ask(units(40));
    book.take_listed(&record(1, "early")).unwrap();
    book.named(ticket, "early", &ASK).unwrap();
    book.answered("early", &ASK, 20, &record(1, "early"))
        .unwrap();
    assert_eq!(book.outstanding(), 0);
}

#[test]
fn a_refused_request_costs_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut book = book(folder.path());
    book.watch(Units::ZERO);
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
    book.watch(units(35));
    book.take_listed(&record(2, "was being served")).unwrap();
    let more = fault(book.take_listed(&record(3, "was not")));
    assert!(matches!(more, Fault::NeverAsked { .. }), "{more}");
}

#[test]
fn more_than_was_sent_or_than_came_rejects() {
    let folder = tempfile::tempdir().unwrap();
    let mut book = book(folder.path());
    book.watch(Units::ZERO);
    let (ticket, _) = book.ask(units(40));
    let short = Ask { input: 9, ..ASK };
    book.named(ticket, "a", &short).unwrap();
    let read = fault(book.answered("a", &short, 20, &record(1, "a")));
    assert_eq!(
        read,
        Fault::MoreReadThanSent {
            tokens: 10,
            most: 9
        }
    );
    let written = fault(book.answered("a", &ASK, 9, &record(1, "a")));
    assert_eq!(
        written,
        Fault::MoreWrittenThanCame {
            tokens: 10,
            most: 9
        }
    );
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
