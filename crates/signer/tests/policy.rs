//! `specie-signer`'s policy: each statement is signed as a gateway makes it, and refused with its reason where anything about it is different.

use solana_compute_budget_interface::ComputeBudgetInstruction;
use solana_pubkey::Pubkey;
use solana_transaction::{Hash, Instruction, Message};
use specie_claims::clock::UnixTime;
use specie_claims::jws::{JwsError, Unsigned};
use specie_claims::{delegation, usage, voucher};
use specie_client::instruction::{SignedReceipt, answer, settle};
use specie_signer::{Policy, PolicyRefusal, Role, Statement};
use specie_wire::{DecodeError, Key, Receipt, SigningKey, Voucher};

const CLUSTER: Key = [9; 32];
const NOW: UnixTime = UnixTime(1_700_000_000);
const VAULT: Pubkey = Pubkey::new_from_array([2; 32]);
const CURRENCY: Pubkey = Pubkey::new_from_array([8; 32]);
const POLICY: Policy = Policy {
    cluster: CLUSTER,
    vault: VAULT,
    most_units: 1_000,
    most_fee: 30_000,
};

fn issuer() -> SigningKey {
    SigningKey::from_bytes(&[4; 32])
}

fn operator() -> Pubkey {
    Pubkey::new_from_array([5; 32])
}

/// A voucher of the vault's, of as many units as are signed.
fn terms() -> Voucher {
    Voucher {
        voucher: [1; 32],
        vault: VAULT.to_bytes(),
        session: [3; 32],
        class: 1,
        units: 1_000,
        work_per_scu: 2_844_000,
        opened_at: 5,
        expires_at: 6,
    }
}

fn asked_of_issuer(message: &[u8]) -> Result<Statement, PolicyRefusal> {
    let key = issuer().verifying_key().to_bytes();
    POLICY.read(Role::Issuer, &key, message, NOW)
}

fn asked_of_operator(message: &[u8]) -> Result<Statement, PolicyRefusal> {
    POLICY.read(Role::Operator, &operator().to_bytes(), message, NOW)
}

fn token_of(terms: &Voucher, by: &SigningKey) -> Unsigned {
    let signature = specie_wire::sign(terms, &CLUSTER, by);
    let key = issuer().verifying_key().to_bytes();
    voucher::unsigned(terms, &signature, &key, &CLUSTER)
}

fn claims() -> delegation::Claims {
    delegation::Claims {
        iss: VAULT.to_string(),
        sub: Pubkey::new_from_array([6; 32]).to_string(),
        exp: NOW.plus(delegation::LIFE).0,
    }
}

fn delegated(claims: &delegation::Claims) -> Result<Statement, PolicyRefusal> {
    let key = issuer().verifying_key().to_bytes();
    asked_of_issuer(delegation::unsigned(claims, &key).bytes())
}

#[test]
fn the_issuer_signs_vouchers_their_tokens_and_delegations() {
    let signed = asked_of_issuer(&terms().encode(&CLUSTER));
    assert_eq!(signed, Ok(Statement::Voucher(terms())));
    let signed = asked_of_issuer(token_of(&terms(), &issuer()).bytes());
    assert_eq!(signed, Ok(Statement::VoucherToken(terms())));
    assert_eq!(
        delegated(&claims()),
        Ok(Statement::UsageDelegation(claims()))
    );
}

#[test]
fn a_voucher_of_another_cluster_or_vault_or_of_too_many_units_rejects() {
    let elsewhere = asked_of_issuer(&terms().encode(&[7; 32]));
    assert_eq!(elsewhere, Err(PolicyRefusal::Voucher(DecodeError::Cluster)));
    let longer = [&terms().encode(&CLUSTER)[..], &[0]].concat();
    assert_eq!(
        asked_of_issuer(&longer),
        Err(PolicyRefusal::Voucher(DecodeError::Length))
    );
    let (mut others, mut large) = (terms(), terms());
    others.vault = [7; 32];
    large.units = 1_001;
    for (terms, refusal) in [
        (
            others,
            PolicyRefusal::AnotherVault(Pubkey::new_from_array([7; 32])),
        ),
        (
            large,
            PolicyRefusal::TooManyUnits {
                units: 1_001,
                most: 1_000,
            },
        ),
    ] {
        let message = asked_of_issuer(&terms.encode(&CLUSTER));
        assert_eq!(message, Err(refusal.clone()));
        let token = asked_of_issuer(token_of(&terms, &issuer()).bytes());
        assert_eq!(token, Err(refusal));
    }
}

#[test]
fn a_token_of_a_voucher_that_the_issuer_did_not_sign_rejects() {
    let by_another = token_of(&terms(), &SigningKey::from_bytes(&[7; 32]));
    assert_eq!(
        asked_of_issuer(by_another.bytes()),
        Err(PolicyRefusal::VoucherToken(JwsError::Signature))
    );
}

#[test]
fn a_delegation_of_another_vault_for_longer_than_a_day_or_to_no_key_rejects() {
    let mut others = claims();
    others.iss = CURRENCY.to_string();
    let refusal = PolicyRefusal::AnotherVault(CURRENCY);
    assert_eq!(delegated(&others), Err(refusal));
    let mut long = claims();
    long.exp += 301;
    assert_eq!(delegated(&long), Err(PolicyRefusal::TooLong(long.exp)));
    let malformed = Err(PolicyRefusal::UsageDelegation(JwsError::Malformed));
    let mut to_nobody = claims();
    to_nobody.sub = "nobody".to_owned();
    assert_eq!(delegated(&to_nobody), malformed);
    let by_another = delegation::unsigned(&claims(), &[7; 32]);
    assert_eq!(asked_of_issuer(by_another.bytes()), malformed);
}

#[test]
fn the_issuer_signs_nothing_else() {
    let key = issuer().verifying_key().to_bytes();
    let receipt = Receipt {
        voucher: [1; 32],
        opened_at: 5,
        cumulative: 6,
    };
    for message in [
        receipt.encode(&CLUSTER).to_vec(),
        Unsigned::new(usage::TYP, &claims(), &key, None)
            .bytes()
            .to_vec(),
        message(&settlement(1, VAULT, &CLUSTER)),
        b"anything".to_vec(),
        Vec::new(),
        vec![0xff; 177],
    ] {
        assert_eq!(asked_of_issuer(&message), Err(PolicyRefusal::NotTheIssuers));
    }
}

/// A gateway's instructions around the two that act.
fn with_budget(act: [Instruction; 2]) -> Vec<Instruction> {
    let [check, act] = act;
    vec![
        ComputeBudgetInstruction::set_compute_unit_limit(2_000),
        ComputeBudgetInstruction::set_compute_unit_price(1_000_000),
        check,
        act,
    ]
}

fn settlement(receipts: u8, vault: Pubkey, cluster: &Key) -> Vec<Instruction> {
    settlement_at(receipts, vault, None, cluster)
}

/// The same at a vault that has defaulted, in the currency of a mint.
fn settlement_at(
    receipts: u8,
    vault: Pubkey,
    defaulted: Option<Pubkey>,
    cluster: &Key,
) -> Vec<Instruction> {
    let receipt = |n| SignedReceipt {
        receipt: Receipt {
            voucher: [20 + n; 32],
            opened_at: 5,
            cumulative: 6,
        },
        session: [40 + n; 32],
        signature: [n; 64],
        rent_payer: Pubkey::new_from_array([60 + n; 32]),
    };
    let receipts: Vec<_> = (0..receipts).map(receipt).collect();
    with_budget(settle(CURRENCY, vault, defaulted, cluster, &receipts))
}

fn an_answer(terms: &Voucher) -> Vec<Instruction> {
    let signed = ([4; 32], [1; 64]);
    with_budget(answer(CURRENCY, operator(), &CLUSTER, terms, signed))
}

fn message(instructions: &[Instruction]) -> Vec<u8> {
    let blockhash = Hash::new_from_array([3; 32]);
    Message::new_with_blockhash(instructions, Some(&operator()), &blockhash).serialize()
}

#[test]
fn the_operator_signs_settlements_and_answers() {
    for receipts in 1..=3 {
        let asked = message(&settlement(receipts, VAULT, &CLUSTER));
        let signed = Statement::Settlement {
            receipts: receipts.into(),
            fee: 5_000 * (1 + u64::from(receipts)) + 2_000,
        };
        assert_eq!(asked_of_operator(&asked), Ok(signed.clone()));
        // At a defaulted vault the currency's book and mint stand before the vouchers.
        let mint = Some(Pubkey::new_from_array([80; 32]));
        let asked = message(&settlement_at(receipts, VAULT, mint, &CLUSTER));
        assert_eq!(asked_of_operator(&asked), Ok(signed));
    }
    let signed = Statement::Answer {
        voucher: Pubkey::new_from_array([1; 32]),
        fee: 12_000,
    };
    assert_eq!(
        asked_of_operator(&message(&an_answer(&terms()))),
        Ok(signed)
    );
}

#[test]
fn a_transaction_of_another_vault_or_above_the_fee_limit_rejects() {
    let other = Pubkey::new_from_array([7; 32]);
    let mut others = terms();
    others.vault = other.to_bytes();
    for asked in [settlement(1, other, &CLUSTER), an_answer(&others)] {
        let refusal = Err(PolicyRefusal::AnotherVault(other));
        assert_eq!(asked_of_operator(&message(&asked)), refusal);
    }
    let mut dear = settlement(1, VAULT, &CLUSTER);
    dear[1] = ComputeBudgetInstruction::set_compute_unit_price(10_000_001);
    assert_eq!(
        asked_of_operator(&message(&dear)),
        Err(PolicyRefusal::TooDear {
            fee: 30_001,
            most: 30_000
        })
    );
    dear[1] = ComputeBudgetInstruction::set_compute_unit_price(u64::MAX);
    let refused = asked_of_operator(&message(&dear));
    assert!(matches!(refused, Err(PolicyRefusal::TooDear { .. })));
}

#[test]
fn a_transaction_that_somebody_else_signs_or_pays_for_rejects() {
    let asked = settlement(1, VAULT, &CLUSTER);
    let stranger = Pubkey::new_from_array([7; 32]);
    let blockhash = Hash::default();
    let paid_by_another = Message::new_with_blockhash(&asked, Some(&stranger), &blockhash);
    let refusal = Err(PolicyRefusal::Signers);
    assert_eq!(asked_of_operator(&paid_by_another.serialize()), refusal);
    let mut signed_twice = asked;
    signed_twice[3].accounts[4].is_signer = true;
    assert_eq!(asked_of_operator(&message(&signed_twice)), refusal);
}

#[test]
fn a_transaction_that_does_anything_else_rejects() {
    let settle = settlement(1, VAULT, &CLUSTER);
    let changed = |change: fn(&mut Vec<Instruction>)| {
        let mut settle = settle.clone();
        change(&mut settle);
        settle
    };
    for (what, asked) in [
        ("one more", changed(|all| all.push(all[3].clone()))),
        ("one less", changed(|all| drop(all.remove(2)))),
        ("none at all", Vec::new()),
        (
            "another program",
            changed(|all| all[3].program_id = CURRENCY),
        ),
        ("another instruction", changed(|all| all[3].data[0] ^= 1)),
        (
            "one account more",
            changed(|all| {
                let more = all[3].accounts[3].clone();
                all[3].accounts.push(more);
            }),
        ),
        (
            "one account less",
            changed(|all| all[3].accounts.truncate(4)),
        ),
        (
            "another voucher",
            changed(|all| all[3].accounts[3].pubkey = CURRENCY),
        ),
        (
            "a voucher not written",
            changed(|all| all[3].accounts[3].is_writable = false),
        ),
        ("a budget of another kind", changed(|all| all.swap(0, 1))),
        (
            "no receipts checked",
            changed(|all| all[2].data = vec![0, 0]),
        ),
        (
            "a check by another program",
            changed(|all| all[2].program_id = CURRENCY),
        ),
        ("of another cluster", settlement(1, VAULT, &[7; 32])),
        ("a voucher's answer as a settlement", {
            let mut all = an_answer(&terms());
            all[3] = settle[3].clone();
            all
        }),
    ] {
        let refused = asked_of_operator(&message(&asked));
        assert_eq!(refused, Err(PolicyRefusal::UnknownTransaction), "{what}");
    }
}

#[test]
fn bytes_that_are_no_transaction_reject() {
    let whole = message(&settlement(1, VAULT, &CLUSTER));
    let refusal = Err(PolicyRefusal::NotATransaction);
    assert_eq!(asked_of_operator(&[&whole[..], &[0]].concat()), refusal);
    assert_eq!(asked_of_operator(&whole[..whole.len() - 1]), refusal);
    assert_eq!(asked_of_operator(&[]), refusal);
    assert_eq!(asked_of_operator(&terms().encode(&CLUSTER)), refusal);
    // A versioned message could name accounts that are elsewhere.
    let versioned = [&[0x80][..], &whole[..], &[0]].concat();
    assert_eq!(asked_of_operator(&versioned), refusal);
    // An account that is not there.
    let mut nowhere = Message::new(&settlement(1, VAULT, &CLUSTER), Some(&operator()));
    nowhere.instructions[3].accounts[0] = 99;
    assert_eq!(asked_of_operator(&nowhere.serialize()), refusal);
}
