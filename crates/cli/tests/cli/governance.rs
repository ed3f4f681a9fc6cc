//! What authority and guardian change, and what anybody executes.

use crate::world::{Market, amount, change};

#[test]
fn a_rule_changes_after_its_notice() {
    let market = Market::open();
    let (world, currency) = (&market.world, &market.currency);
    let schedule = |what: &str, key: &str| {
        format!("currency change schedule {what} --currency {currency} --keypair {key}.json")
    };
    let rules = "rules --param fee=0.5% --param dispute_window=2h";
    world.fails(
        &schedule(rules, "buyer"),
        6,
        &["NotAuthority", "the authority is", "the key that signs is"],
    );
    world.fails(
        &schedule("rules --param fee=20%", "authority"),
        6,
        &["fee is 20%, and may be 0% to 10%"],
    );
    world.fails(
        &schedule("rules --param dispute_window=10m", "authority"),
        2,
        &["every rule would stay as it is"],
    );
    world.fails(
        &schedule("rules --param dispute_window=600", "authority"),
        2,
        &["with its unit, like 90s"],
    );
    world.fails(
        &schedule("quorum --attestor first.json --threshold 2", "authority"),
        6,
        &["QuorumMalformed"],
    );
    let scheduled = world.json(&schedule(rules, "authority"));
    assert_eq!(scheduled["change"], 0);
    assert_eq!(scheduled["rules"]["fee"], 50);
    assert_eq!(scheduled["rules"]["disputeWindow"], 7_200);
    assert_eq!(scheduled["rules"].as_object().unwrap().len(), 2);

    let list = format!("currency change list {currency}");
    assert_eq!(world.json(&list)["changes"][0]["kind"], "rules");
    let execute = format!("currency change execute {currency} 0 --keypair buyer.json");
    world.fails(
        &execute,
        6,
        &["ChangeTooEarly", "its notice is 3d", "may be executed from"],
    );
    world.advance(3 * 86_400);
    world.json(&execute);
    let show = world.json(&format!("currency show {currency}"));
    assert_eq!(show["rules"]["fee"], 50);
    assert_eq!(world.json(&list)["changes"].as_array().unwrap().len(), 0);
    world.fails(&execute, 5, &["has no change number 0", "change list"]);
}

#[test]
fn the_guardian_cancels_and_a_new_authority_signs_its_own_change() {
    let market = Market::open();
    let (world, currency) = (&market.world, &market.currency);
    let heir = world.key("heir", crate::world::SOL, 0).to_string();
    let schedule = format!(
        "currency change schedule authority {heir} --currency {currency} --keypair authority.json"
    );
    world.json(&schedule);
    let cancel = |key: &str| format!("currency change cancel {currency} 0 --keypair {key}.json");
    world.fails(&cancel("buyer"), 6, &["NotAuthorityNorGuardian"]);
    world.json(&cancel("authority"));
    world.json(&schedule);
    world.advance(3 * 86_400);
    let execute = |key: &str| format!("currency change execute {currency} 1 --keypair {key}.json");
    world.fails(&execute("authority"), 3, &["signs its own change", &heir]);
    world.json(&execute("heir"));
    let show = world.json(&format!("currency show {currency}"));
    assert_eq!(show["authority"], heir);
}

#[test]
fn a_vaults_limit_falls_at_once_and_its_business_is_suspended() {
    let market = Market::open();
    let (world, vault, currency) = (&market.world, &market.vault, &market.currency);
    world.json(&format!(
        "currency change schedule vault-limit {vault} 500 --currency {currency} --keypair authority.json"
    ));
    world.advance(3 * 86_400);
    world.json(&format!(
        "currency change execute {currency} 0 --keypair buyer.json"
    ));
    let show = world.json(&format!("vault show {vault}"));
    assert_eq!(amount(&show["limit"]), 500_000_000);

    let verb = |verb: &str, key: &str| format!("currency {verb} {vault} --keypair {key}.json");
    world.fails(&verb("suspend", "buyer"), 6, &["NotAuthorityNorGuardian"]);
    world.fails(&verb("reinstate", "authority"), 6, &["VaultNotSuspended"]);
    world.json(&verb("suspend", "authority"));
    assert_eq!(
        world.json(&format!("vault show {vault}"))["status"],
        "suspended"
    );
    world.fails(&verb("reinstate", "buyer"), 6, &["NotAuthority"]);
    world.json(&verb("reinstate", "authority"));
    assert_eq!(
        world.json(&format!("vault show {vault}"))["status"],
        "active"
    );
}

#[test]
fn a_vault_without_capacity_is_called_defaults_and_buys_back() {
    let market = Market::open();
    let (world, vault) = (&market.world, &market.vault);
    let keeper = |verb: &str| format!("keeper {verb} --keypair buyer.json");
    world.fails(
        &keeper(&format!("call-margin {vault}")),
        6,
        &[
            "MarginUnchanged",
            "its margin is not called",
            "TFLOP are owed",
        ],
    );
    world.json(&format!(
        "wallet buy 20 --vault {vault} --keypair buyer.json"
    ));
    world.fails(
        &keeper(&format!("buy-back {vault} 1")),
        6,
        &["VaultNotDefaulted", "its status is active"],
    );
    // The attestation expires; prices go on, so that the quorum is seen at work.
    world.advance(31 * 86_400);
    let price = |price: &str| {
        world.json(&format!(
            "attestor price {price} --keypair authority.json --currency {} --key first.json --key third.json",
            market.currency
        ));
    };
    price("2");
    let called = world.json(&keeper(&format!("call-margin {vault}")));
    assert_eq!(called["coverage"], 0);
    world.fails(
        &keeper(&format!("default {vault}")),
        6,
        &["CurePeriodRunning", "the cure period"],
    );
    for _ in 0..8 {
        world.advance(86_400);
        price("2");
    }
    world.json(&keeper(&format!("default {vault}")));
    assert_eq!(
        world.json(&format!("vault show {vault}"))["status"],
        "defaulted"
    );
    let sold = world.json(&keeper(&format!("buy-back {vault} 5 --min-payment 1")));
    let (before, after) = change(&sold, "collateral tokens of the seller");
    assert!(after - before >= 1_000_000, "{sold:#}");
    assert_eq!(
        change(&sold, "tokens of the seller"),
        (20_000_000, 15_000_000)
    );
}

#[test]
fn a_transactions_state_is_told_later() {
    let market = Market::open();
    let world = &market.world;
    let buy = world.json(&format!(
        "wallet buy 1 --vault {} --keypair buyer.json",
        market.vault
    ));
    let status = |signature: &str| world.json(&format!("transaction status {signature}"));
    let seen = status(buy["signature"].as_str().unwrap());
    assert_eq!(seen["state"], "confirmed");
    assert!(seen["slot"].as_u64().unwrap() > 0);
    let never = solana_signature::Signature::from([7; 64]).to_string();
    assert_eq!(status(&never)["state"], "unknown");
}
