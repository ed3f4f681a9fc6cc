//! A voucher that its vendor does not serve: challenged, answered, released, paid out; and receipts that are settled.

use crate::world::{Market, amount, change};
use serde_json::Value;
use specie_claims::{receipt::SentReceipt, units::Units};
use specie_wire::SigningKey;

const SCU: u64 = 1_000_000;

/// A voucher of 2 SCU that the buyer redeemed with the session key in `session.json`.
fn voucher(market: &Market, session: &str) -> String {
    let (world, vault) = (&market.world, &market.vault);
    world.json(&format!(
        "wallet buy 2 --vault {vault} --keypair buyer.json"
    ));
    let redeemed = world.json(&format!(
        "wallet redeem 2 --vault {vault} --class inference --session {session}.json --keypair buyer.json"
    ));
    // A voucher cannot end in the second of its opening.
    world.advance(2);
    redeemed["voucher"].as_str().unwrap().to_owned()
}

fn after(json: &Value, what: &str) -> Value {
    let changes = json["changes"].as_array().unwrap();
    let change = changes.iter().find(|change| change["what"] == what);
    change.unwrap_or_else(|| panic!("no change of {what} in {json:#}"))["after"].clone()
}

#[test]
fn a_challenge_is_answered_by_the_operator() {
    let market = Market::open();
    let world = &market.world;
    let voucher = voucher(&market, "session");
    world.fails(
        &format!("wallet challenge {voucher} --keypair vendor.json"),
        3,
        &["does not own this voucher", "--keypair"],
    );
    let answer = format!("vault answer {voucher} --issuer-key issuer.json --keypair vendor.json");
    world.fails(&answer, 6, &["NotChallenged", "it was never challenged"]);
    let challenge = world.json(&format!("wallet challenge {voucher} --keypair buyer.json"));
    let until = after(&challenge, "voucher challenged until");
    assert!(until.as_i64().unwrap() > 0, "{challenge:#}");
    world.fails(
        &format!("wallet compensate {voucher} --keypair buyer.json"),
        6,
        &["AnswerWindowOpen", "the challenge is open until"],
    );
    world.fails(
        &format!("vault answer {voucher} --issuer-key first.json --keypair vendor.json"),
        3,
        &["is not this vault's issuer", "--issuer-key"],
    );
    world.fails(
        &format!("vault answer {voucher} --issuer-key issuer.json --keypair buyer.json"),
        3,
        &["is not this vault's operator", "--keypair"],
    );
    let answered = world.json(&answer);
    assert!(after(&answered, "voucher answered at").as_i64().unwrap() > 0);
    world.fails(&answer, 6, &["its challenge was answered at"]);
}

#[test]
fn an_unanswered_challenge_is_paid_out_by_anybody() {
    let market = Market::open();
    let world = &market.world;
    let voucher = voucher(&market, "session");
    world.json(&format!("wallet challenge {voucher} --keypair buyer.json"));
    // The answer's time of six hours passes; cash is paid for as long as an attestation counts after that.
    world.advance(7 * 3_600);
    let paid = world.json(&format!(
        "wallet compensate {voucher} --keypair authority.json"
    ));
    let (before, after) = change(&paid, "collateral tokens of the owner");
    assert!(after > before, "{paid:#}");
    let left = world.json("wallet vouchers --keypair buyer.json");
    assert_eq!(left["vouchers"].as_array().unwrap().len(), 0);
}

#[test]
fn an_unanswered_challenge_of_long_ago_is_paid_out_in_tokens() {
    let market = Market::open();
    let world = &market.world;
    let voucher = voucher(&market, "session");
    world.json(&format!("wallet challenge {voucher} --keypair buyer.json"));
    world.advance(8 * 86_400);
    let paid = world.json(&format!(
        "wallet compensate {voucher} --keypair authority.json"
    ));
    assert_eq!(change(&paid, "tokens of the owner"), (0, 2 * SCU));
}

#[test]
fn a_released_voucher_returns_as_tokens() {
    let market = Market::open();
    let world = &market.world;
    let voucher = voucher(&market, "session");
    world.fails(
        &format!("vault release {voucher} --keypair buyer.json"),
        3,
        &["is not this vault's operator"],
    );
    let released = world.json(&format!("vault release {voucher} --keypair vendor.json"));
    assert_eq!(change(&released, "tokens of the owner"), (0, 2 * SCU));
    assert_eq!(amount(&released["remaining"]), 2 * SCU);
}

#[test]
fn receipts_in_files_are_settled_by_anybody() {
    let market = Market::open();
    let world = &market.world;
    let address = voucher(&market, "session");
    let key: solana_pubkey::Pubkey = address.parse().unwrap();
    let account = world.rpc.get_account(&key).unwrap();
    let voucher: specie_client::state::Voucher =
        specie_client::account::SpecieAccount::decode(&account.owner, &account.data).unwrap();
    let session = SigningKey::from_bytes(world.keypair("session").secret_bytes());
    let cluster = world.network.genesis_hash().to_bytes();
    let write = |name: &str, units: u64, session: &SigningKey| {
        let units = Units::new(units).unwrap();
        let receipt = SentReceipt::of(&voucher.terms(&key), units, &cluster, session);
        std::fs::write(world.path(name), serde_json::to_string(&receipt).unwrap()).unwrap();
    };
    write("receipt.json", SCU, &session);
    let other = SigningKey::from_bytes(world.keypair("first").secret_bytes());
    write("forged.json", SCU, &other);
    let settle = |file: &str| format!("vault settle {file} --keypair authority.json");
    world.fails(
        &settle("forged.json"),
        8,
        &["forged.json", "is not the voucher's session key's"],
    );
    world.fails(
        &settle("inventory.json"),
        8,
        &["inventory.json holds no receipt"],
    );
    let settled = world.json(&settle("receipt.json"));
    assert_eq!(change(&settled, "vault open"), (2 * SCU, SCU));
    assert_eq!(amount(&settled["receipts"][0]["cumulative"]), SCU);
    world.fails(
        &settle("receipt.json"),
        6,
        &["ReceiptNotAboveSettled", "1 SCU are settled"],
    );
}
