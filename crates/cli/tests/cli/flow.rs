//! What a holder and a vendor do, from nothing to the last token.

use crate::world::{Market, SOL, amount, change};
use solana_pubkey::Pubkey;
use specie_client::{account::SpecieAccount, address, state::Vault};

const SCU: u64 = 1_000_000;

fn vault_on_chain(market: &Market) -> Vault {
    let vault: Pubkey = market.vault.parse().unwrap();
    let account = market.world.rpc.get_account(&vault).unwrap();
    Vault::decode(&account.owner, &account.data).unwrap()
}

#[test]
fn from_a_mint_to_reclaimed_tokens() {
    let market = Market::open();
    let (world, vault) = (&market.world, &market.vault);

    let show = world.json(&format!("currency show {}", market.mint));
    assert_eq!(show["currency"], *market.currency);
    assert_eq!(show["cluster"], world.network.genesis_hash().to_string());
    assert_eq!(amount(&show["price"]), 2_000_000);
    assert_eq!(show["quorum"].as_array().unwrap().len(), 3);
    assert_eq!(show["rules"]["disputeWindow"], 600);

    let quote = world.json(&format!("wallet quote 10 --currency {}", market.mint));
    assert_eq!(quote["quotes"][0]["vault"], **vault);
    assert_eq!(amount(&quote["quotes"][0]["payment"]), 20_000_000);

    let buy = world.json(&format!(
        "wallet buy 10 --vault {vault} --keypair buyer.json"
    ));
    assert_eq!(amount(&buy["payment"]), 20_000_000);
    assert_eq!(amount(&buy["fee"]), 60_000);
    assert_eq!(change(&buy, "tokens of the buyer"), (0, 10 * SCU));
    assert_eq!(
        change(&buy, "collateral tokens of the buyer"),
        (500_000_000, 480_000_000)
    );
    assert_eq!(change(&buy, "vault collateral"), (300_000_000, 302_000_000));
    assert_eq!(change(&buy, "vault offer left"), (100 * SCU, 90 * SCU));

    let balance = world.json(&format!(
        "wallet balance --currency {} --keypair buyer.json",
        market.currency
    ));
    assert_eq!(amount(&balance["tokens"]), 10 * SCU);
    assert_eq!(amount(&balance["collateralTokens"]), 480_000_000);

    let redeem = world.json(&format!(
        "wallet redeem 4 --vault {vault} --class inference --session keys/session.json --keypair buyer.json"
    ));
    assert_eq!(change(&redeem, "tokens of the owner"), (10 * SCU, 6 * SCU));
    assert_eq!(redeem["work"], "11376000");
    let voucher = redeem["voucher"].as_str().unwrap();
    let session: Pubkey = redeem["session"].as_str().unwrap().parse().unwrap();
    assert_eq!(
        voucher,
        address::voucher(&vault.parse().unwrap(), &session).to_string()
    );
    let file = world.path("keys/session.json");
    assert_eq!(redeem["sessionKeyFile"], "keys/session.json");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }
    let balances = vault_on_chain(&market).balances;
    assert_eq!(
        (balances.outstanding.get(), balances.open.get()),
        (6 * SCU, 4 * SCU)
    );

    let state =
        || world.json("wallet vouchers --keypair buyer.json")["vouchers"][0]["state"].clone();
    assert_eq!(state(), "open");
    world.json(&format!("wallet close {voucher} --keypair buyer.json"));
    assert_eq!(state(), "closing");
    world.fails(
        &format!("wallet reclaim {voucher} --keypair buyer.json"),
        6,
        &["ReclaimTooEarly", "dispute window"],
    );
    world.advance(601);
    assert_eq!(state(), "reclaimable");
    // Anybody may reclaim for the owner.
    let reclaim = world.json(&format!("wallet reclaim {voucher} --keypair vendor.json"));
    assert_eq!(change(&reclaim, "tokens of the owner"), (6 * SCU, 10 * SCU));
    let none = world.json("wallet vouchers --keypair buyer.json");
    assert_eq!(none["vouchers"].as_array().unwrap().len(), 0);
}

#[test]
fn a_vendor_issues_updates_and_takes_collateral_back() {
    let market = Market::open();
    let (world, vault) = (&market.world, &market.vault);

    let issue = world.json(&format!(
        "vault issue {vault} 1.5 --to buyer.json --keypair vendor.json"
    ));
    assert_eq!(change(&issue, "tokens of the receiver"), (0, 1_500_000));
    assert_eq!(change(&issue, "vault outstanding"), (0, 1_500_000));
    // 0.3 % of 1.5 SCU at 2.0, which is paid into the revenue.
    assert_eq!(
        change(&issue, "collateral tokens"),
        (700_000_000, 699_991_000)
    );
    world.fails(
        &format!("vault issue {vault} 1.5 --max-fee 0.008999 --keypair vendor.json"),
        6,
        &["PaymentAboveMaximum"],
    );

    world.json(&format!(
        "vault update {vault} --class fine-tuning --operator issuer.json --keypair vendor.json"
    ));
    let on_chain = vault_on_chain(&market);
    assert_eq!(on_chain.classes, 0b100);
    assert_eq!(
        on_chain.operator,
        solana_signer::Signer::pubkey(&world.keypair("issuer"))
    );

    let request = world.json(&format!(
        "vault request-withdrawal {vault} 100 --keypair vendor.json"
    ));
    assert_eq!(
        change(&request, "vault collateral"),
        (300_000_000, 200_000_000)
    );
    assert_eq!(change(&request, "vault withdrawing"), (0, 100_000_000));
    world.fails(
        &format!("vault withdraw {vault} --keypair vendor.json"),
        6,
        &["WithdrawalTooEarly"],
    );
    // The delay of 7 days outlives the attestation: a new one, and a new price, come with time.
    world.advance(7 * 86_400);
    world.json(&format!(
        "attestor capacity {vault} --keypair authority.json --rate 6320 --until 30d --inventory inventory.json \
         --key second.json --key first.json"
    ));
    world.advance(61);
    let withdraw = world.json(&format!("vault withdraw {vault} --keypair vendor.json"));
    assert_eq!(change(&withdraw, "vault withdrawing"), (100_000_000, 0));
    assert_eq!(
        change(&withdraw, "collateral tokens"),
        (699_991_000, 799_991_000)
    );

    world.json(&format!(
        "vault offer {vault} --withdraw --keypair vendor.json"
    ));
    assert_eq!(vault_on_chain(&market).offer.price.get(), 0);
    let list = world.json(&format!("vault list --currency {}", market.mint));
    assert_eq!(list["vaults"].as_array().unwrap().len(), 1);
    let show = world.json(&format!("vault show {vault}"));
    assert_eq!(list["vaults"][0]["collateral"], show["collateral"]);
    assert_eq!(show["mayIssue"], false);
    assert_eq!(show["refusal"]["refusal"], "PriceStale");
    assert_eq!(show["classes"], serde_json::json!(["fine-tuning"]));
}

#[test]
fn the_guardian_pauses_and_the_authority_resumes() {
    let market = Market::open();
    let (world, currency) = (&market.world, &market.currency);
    world.json(&format!(
        "currency pause {currency} --for 2h --keypair authority.json"
    ));
    world.fails(
        &format!("wallet buy 1 --vault {} --keypair buyer.json", market.vault),
        6,
        &["Paused"],
    );
    assert_eq!(
        world.json(&format!("currency show {currency}"))["paused"],
        true
    );
    world.json(&format!(
        "currency resume {currency} --keypair authority.json"
    ));
    world.json(&format!(
        "wallet buy 1 --vault {} --keypair buyer.json",
        market.vault
    ));
}

#[test]
fn a_dry_run_shows_the_same_and_sends_nothing() {
    let market = Market::open();
    let world = &market.world;
    let buy = format!(
        "wallet buy 10 --vault {} --keypair buyer.json",
        market.vault
    );
    let before = world.everything();
    let dry = world.json(&format!("{buy} --dry-run"));
    assert_eq!(dry["signature"], serde_json::Value::Null);
    assert_eq!(dry["dryRun"], true);
    let redeem = format!(
        "wallet redeem 1 --vault {} --class inference --session new.json --keypair buyer.json",
        market.vault
    );
    assert!(world.everything() == before);

    let real = world.json(&buy);
    // Coverage decays by the second; nothing else differs.
    let lasting = |report: &serde_json::Value| {
        let changes = report["changes"].as_array().unwrap().iter();
        changes
            .filter(|change| change["what"] != "vault coverage")
            .cloned()
            .collect::<Vec<_>>()
    };
    assert_eq!(lasting(&real), lasting(&dry));
    world.json(&format!("{redeem} --dry-run"));
    assert!(!world.path("new.json").exists());
}

#[test]
fn another_key_pays_and_a_price_is_set_for_compute() {
    let market = Market::open();
    let world = &market.world;
    let poor = solana_signer::Signer::pubkey(&world.keypair("poor"));
    world
        .block_on(world.network.fund_stablecoin(&poor, 50_000_000))
        .unwrap();
    let buy = world.json(&format!(
        "wallet buy 1 --vault {} --keypair poor.json --fee-payer buyer.json --with-compute-unit-price 1000000",
        market.vault
    ));
    let (before, after) = change(&buy, "SOL of the fee payer");
    assert_eq!(before, 10 * SOL);
    let rent = world
        .rpc
        .get_minimum_balance_for_rent_exemption(165)
        .unwrap();
    let fees = before - after - rent;
    // Two signatures, and more than nothing for compute.
    assert!((10_001..1_000_000).contains(&fees), "{fees}");
    assert_eq!(world.rpc.get_balance(&poor).unwrap(), 0);
}
