//! Bad input: each says what happened and what to do, exits with its own code, and changes nothing.

use crate::world::{Market, SOL, World};
use solana_pubkey::Pubkey;
use solana_signer::Signer;
use specie::instructions::CreateCurrencyArgs;
use specie_client::{address, instruction, state::Params, units::WorkPerScu};

#[test]
fn a_wrong_key_file() {
    let market = Market::open();
    let (world, vault) = (&market.world, &market.vault);
    std::fs::write(world.path("words.json"), "just words").unwrap();
    let buy = |key: &str| format!("wallet buy 1 --vault {vault} --keypair {key}");
    world.fails(
        &buy("nowhere.json"),
        3,
        &["no key file nowhere.json", "solana-keygen new", "--keypair"],
    );
    world.fails(
        &buy("words.json"),
        3,
        &["words.json holds no key", "--keypair"],
    );
    world.fails(&buy("usb://ledger"), 3, &["a hardware wallet"]);
    world.fails(
        "wallet balance",
        3,
        &[".config/solana/id.json", "--keypair"],
    );
    world.fails(
        &format!("vault deposit {vault} 1 --keypair buyer.json"),
        3,
        &["is not this vault's vendor", "--keypair"],
    );
    world.fails(
        &format!(
            "vault open --currency {} --limit 1 --class training --keypair buyer.json",
            market.mint
        ),
        3,
        &["is not the currency's authority", "--authority"],
    );
    world.fails(
        &format!(
            "currency pause {} --for 1h --keypair buyer.json",
            market.currency
        ),
        6,
        &["NotGuardian"],
    );
}

/// Who may not do something is told that first, rather than to bring SOL for it.
#[test]
fn a_wrong_role_comes_before_too_little_sol() {
    let market = Market::open();
    let (world, vault, currency) = (&market.world, &market.vault, &market.currency);
    let poor = world.keypair("poor").pubkey().to_string();
    let authority = world.keypair("authority").pubkey().to_string();
    for (line, code, says) in [
        (
            format!("currency pause {currency} --for 1h"),
            6,
            ["NotGuardian", "the guardian is", &authority, &poor],
        ),
        (
            format!("currency resume {currency}"),
            6,
            ["NotAuthority", "the authority is", &authority, &poor],
        ),
        (
            format!("attestor veto {vault}"),
            6,
            [
                "NotAttestor",
                "the quorum's keys are",
                "the key that signs is",
                &poor,
            ],
        ),
        (
            format!("vault deposit {vault} 1"),
            3,
            ["is not this vault's vendor", "--keypair", "vendor", &poor],
        ),
    ] {
        world.fails(&format!("{line} --keypair poor.json"), code, &says);
    }
}

#[test]
fn too_little_sol_has_figures() {
    let market = Market::open();
    let world = &market.world;
    let mint = "currency create-mint --keypair poor.json";
    world.fails(
        mint,
        7,
        &[
            "holds 0 SOL",
            "a fee of 0.00001 SOL",
            "too little SOL",
            "--fee-payer",
        ],
    );
    // Enough for the fee, and not for the rent.
    let poor = world.keypair("poor").pubkey();
    world
        .block_on(world.network.fund_lamports(&poor, 1_000_000))
        .unwrap();
    let rent = world
        .rpc
        .get_minimum_balance_for_rent_exemption(82)
        .unwrap();
    let rent = format!("{} SOL of rent", rent as f64 / SOL as f64);
    world.fails(mint, 7, &["holds 0.001 SOL", &rent]);
}

/// Each rule that is out of bounds, with its bounds in its own unit.
#[test]
fn rules_out_of_bounds_are_named() {
    let world = World::new();
    let mint = Pubkey::new_unique();
    world.fails(
        &format!(
            "currency create --mint {mint} --collateral-mint {mint} --attestor {mint} --threshold 1 --param fee=20% \
             --param dispute_window=1m --param cure_period=7d"
        ),
        6,
        &[
            "ParamOutOfBounds 6037",
            "fee is 20%, and may be 0% to 10%",
            "dispute_window is 1m, and may be 10m to 30d",
        ],
    );
}

#[test]
fn refusals_have_times_and_numbers() {
    let market = Market::open();
    let (world, vault) = (&market.world, &market.vault);
    let buy = |amount: &str| format!("wallet buy {amount} --vault {vault} --keypair buyer.json");
    world.fails(&buy("1000"), 6, &["OfferTooSmall", "it has 100 SCU left"]);
    world.json(&buy("2"));
    let redeem = "wallet redeem 1 --class training --session s.json --keypair buyer.json --vault";
    let voucher = world.json(&format!("{redeem} {vault}"))["voucher"].clone();
    let voucher = voucher.as_str().unwrap();
    world.fails(
        &format!("wallet redeem 0.0001 --class training --keypair buyer.json --vault {vault}"),
        6,
        &["VoucherBelowMinimum", "at least 0.001 SCU"],
    );
    world.fails(
        &format!("wallet reclaim {voucher} --keypair buyer.json"),
        6,
        &[
            "ReclaimTooEarly",
            "it expires at 20",
            "receipts count until 20",
            "UTC",
        ],
    );
    world.json(&format!("wallet close {voucher} --keypair buyer.json"));
    world.fails(
        &format!("wallet close {voucher} --keypair buyer.json"),
        6,
        &["AlreadyClosing", "it was closed at 20"],
    );
    world.json(&format!(
        "vault request-withdrawal {vault} 10 --keypair vendor.json"
    ));
    world.fails(
        &format!("vault withdraw {vault} --keypair vendor.json"),
        6,
        &["WithdrawalTooEarly", "10 can be withdrawn from 20"],
    );
    // An attestation counts for seven days, a price for one.
    let attested = || world.json(&format!("vault show {vault}"))["attested"].clone();
    assert_eq!(attested()["state"], "counts");
    world.advance(8 * 86_400);
    assert_eq!(attested()["state"], "expired");
    world.fails(
        &buy("1"),
        6,
        &["PriceStale", "the last price is 8d", "may be 1d old"],
    );
}

/// As the guide says, the environment's currency stands for `--currency`, also where a vault is named.
#[test]
fn the_environments_currency_is_heard() {
    let market = Market::open();
    let world = &market.world;
    let run = |line: &str| -> crate::world::Run {
        world
            .command(line)
            .args(["--url", world.network.rpc_url()])
            .env("SPECIE_CURRENCY", &market.mint)
            .output()
            .unwrap()
            .into()
    };
    let (all, one) = (
        run("wallet quote 10"),
        run(&format!("wallet quote 10 --vault {}", market.vault)),
    );
    assert_eq!((all.code, one.code), (0, 0), "{}{}", all.err, one.err);
    assert!(all.out.contains("Quotes") && !one.out.contains("Quotes"));
}

#[test]
fn an_amount_over_the_balance() {
    let market = Market::open();
    let (world, vault) = (&market.world, &market.vault);
    world.fails(
        &format!("vault deposit {vault} 700.000001 --keypair vendor.json"),
        7,
        &[
            "needs 700.000001 collateral tokens",
            "holds 700",
            "nothing was sent",
        ],
    );
    world.json(&format!(
        "vault offer {vault} --price 10 --units 100 --keypair vendor.json"
    ));
    world.fails(
        &format!("wallet buy 51 --vault {vault} --keypair buyer.json"),
        7,
        &["needs 510 collateral tokens", "holds 500"],
    );
    world.json(&format!(
        "wallet buy 5 --vault {vault} --keypair buyer.json"
    ));
    world.fails(
        &format!("wallet redeem 3 --vault {vault} --class inference --session s.json --keypair vendor.json"),
        7,
        &["needs 3 tokens", "holds 0"],
    );
    assert!(!world.path("s.json").exists());
    world.fails(
        &format!("wallet buy 1 --vault {vault} --keypair poor.json"),
        7,
        &["holds 0"],
    );
    // Stablecoins, but no SOL for the fee.
    let poor = world.keypair("poor").pubkey();
    world
        .block_on(world.network.fund_stablecoin(&poor, 50_000_000))
        .unwrap();
    world.fails(
        &format!("wallet buy 1 --vault {vault} --keypair poor.json"),
        7,
        &[&poor.to_string(), "holds 0 SOL", "--fee-payer"],
    );
}

#[test]
fn what_the_program_would_refuse() {
    let market = Market::open();
    let (world, vault) = (&market.world, &market.vault);
    let buy = |amount: &str| format!("wallet buy {amount} --vault {vault} --keypair buyer.json");
    world.fails(
        &buy("100.000001"),
        6,
        &["refused: The vault offers fewer units", "OfferTooSmall"],
    );
    world.fails(&buy("0"), 6, &["AmountZero"]);
    world.fails(
        &format!("{} --max-payment 19.999999", buy("10")),
        6,
        &["PaymentAboveMaximum"],
    );
    world.fails(
        &format!("vault issue {vault} 501 --keypair vendor.json"),
        6,
        &[
            "CollateralBelowRatio",
            "deposit 0.6 more",
            "or issue at most 500",
        ],
    );
    world.json(&buy("10"));
    let redeem = |class: &str, amount: &str| {
        format!(
            "wallet redeem {amount} --vault {vault} --class {class} --session s.json --keypair buyer.json"
        )
    };
    world.fails(&redeem("fine-tuning", "1"), 6, &["ClassNotOffered"]);
    world.fails(&redeem("inference", "0.0001"), 6, &["VoucherBelowMinimum"]);
    world.fails(&redeem("inference", "11"), 6, &["OutstandingExceeded"]);
    assert!(!world.path("s.json").exists());
    world.json(&redeem("inference", "1"));
    world.fails(
        &redeem("inference", "1"),
        5,
        &["has a voucher at this vault already", "--session"],
    );
    world.fails(
        &format!(
            "currency create --mint {} --collateral-mint {} --attestor first.json --threshold 1 --keypair authority.json",
            market.mint,
            world.network.stablecoin()
        ),
        5,
        &["has its currency already"],
    );
    let json = world.run(&format!("{} --output json", buy("1000")));
    let error: serde_json::Value = serde_json::from_str(&json.err).unwrap();
    assert_eq!((json.code, json.out.as_str()), (6, ""));
    assert_eq!(error["refusal"], "OfferTooSmall");
    assert_eq!(error["exitCode"], 6);
}

#[test]
fn a_founding_is_shown_as_a_difference_and_a_weak_quorum_is_questioned() {
    let world = World::new();
    let authority = world.key("authority", 10 * SOL, 0);
    for attestor in ["first", "second", "third"] {
        world.key(attestor, 0, 0);
    }
    let mint = world.json("currency create-mint --keypair authority.json");
    let create = |more: &str| {
        format!(
            "currency create --mint {} --collateral-mint {} --attestor first.json --attestor second.json --attestor \
             third.json --keypair authority.json {more}",
            mint["mint"].as_str().unwrap(),
            world.network.stablecoin()
        )
    };
    world.fails(
        &create("--threshold 1"),
        2,
        &["1 of 3 attestors", "--threshold 2", "--yes"],
    );
    world.fails(
        &create("--threshold 2 --param dispute_window=600"),
        2,
        &["\"600\" is not a length of time", "7d"],
    );
    let before = world.everything();
    world.json(&create("--threshold 1 --yes --dry-run"));
    let dry = world.json(&create(
        "--threshold 2 --param fee=0.5% --param dispute_window=2h --dry-run",
    ));
    assert!(world.everything() == before, "a dry run changed the chain");
    assert_eq!(dry["guardian"], authority.to_string());
    assert_eq!(dry["quorum"].as_array().unwrap().len(), 3);
    let rules = dry["rules"].as_array().unwrap();
    let [fee, window] = rules.as_slice() else {
        panic!("{rules:?}");
    };
    assert_eq!((&fee["rule"], &fee["value"]), (&"fee".into(), &50.into()));
    assert_eq!(window["rule"], "dispute_window");
    assert_eq!(window["value"], 7_200);
    assert_ne!(window["default"], window["value"]);
}

#[test]
fn an_issue_beyond_capacity_rejects_with_what_would_help() {
    let market = Market::open();
    let (world, vault) = (&market.world, &market.vault);
    world.advance(60);
    // 100 TFLOP/s for 30 days are 91.1 SCU; what falls counts at once.
    world.json(&format!(
        "attestor capacity {vault} --rate 100 --until 30d --inventory inventory.json --key first.json --key second.json \
         --keypair buyer.json"
    ));
    world.fails(
        &format!("vault issue {vault} 95 --keypair vendor.json"),
        6,
        &[
            "CoverageBelowFull",
            "coverage would be 95.",
            "attest 5 TFLOP/s more",
            "or issue at most 91.",
        ],
    );
    world.json(&format!("vault issue {vault} 91 --keypair vendor.json"));
    world.fails(
        &format!("wallet buy 5 --vault {vault} --keypair buyer.json"),
        6,
        &[
            "CoverageBelowFull",
            "coverage would be 94.",
            "or buy at most 0.",
        ],
    );
}

#[test]
fn amounts_that_are_none() {
    let market = Market::open();
    let (world, vault) = (&market.world, &market.vault);
    let buy = |amount: &str| format!("wallet buy {amount} --vault {vault} --keypair buyer.json");
    world.fails(
        &buy("1,5"),
        2,
        &["1,5", "write digits and at most one decimal point"],
    );
    world.fails(&buy("1e6"), 2, &["not an amount"]);
    world.fails(&buy("0.0000001"), 2, &["at most 6 digits may follow"]);
    world.fails(
        &buy("18446744073709.551616"),
        2,
        &["larger than any amount"],
    );
    world.fails(
        &format!("vault offer {vault} --price 2 --units 1 --retain 10 --keypair vendor.json"),
        2,
        &["0.3%"],
    );
    world.fails(
        &format!("vault update {vault} --keypair vendor.json"),
        2,
        &["nothing to change was named"],
    );
    world.fails(
        &format!(
            "currency create --mint {} --collateral-mint {} --attestor first.json --threshold 1 --param fees=1% \
             --keypair authority.json",
            market.mint,
            world.network.stablecoin()
        ),
        2,
        &["--param fees=1%", "the rules are collateral_ratio"],
    );
}

#[test]
fn an_account_that_is_not_there_or_is_another() {
    let market = Market::open();
    let world = &market.world;
    let nobody = Pubkey::new_unique();
    world.fails(
        &format!("vault show {nobody}"),
        5,
        &["there is no vault at", "--url"],
    );
    world.fails(
        &format!("vault show {}", market.currency),
        5,
        &["is no vault of Specie", "Check the address"],
    );
    world.fails(
        &format!("currency show {}", world.network.stablecoin()),
        5,
        &["no currency was founded on the mint", "currency create"],
    );
    world.fails(
        &format!("wallet close {nobody} --keypair buyer.json"),
        5,
        &["there is no voucher at"],
    );
    world.fails(
        "vault show nothing",
        2,
        &["neither an address nor a key file"],
    );
    world.json(&format!(
        "wallet buy 1 --vault {} --keypair buyer.json",
        market.vault
    ));
    let voucher = world.json(&format!(
        "wallet redeem 1 --vault {} --class training --keypair buyer.json",
        market.vault
    ))["voucher"]
        .as_str()
        .unwrap()
        .to_string();
    world.fails(
        &format!("wallet close {voucher} --keypair vendor.json"),
        3,
        &["does not own this voucher"],
    );
    world.fails(
        &format!("wallet fetch-voucher {voucher} --gateway http://127.0.0.1:9"),
        4,
        &["the gateway at http://127.0.0.1:9 does not answer"],
    );
}

#[test]
fn an_rpc_that_is_down() {
    let folder = tempfile::tempdir().unwrap();
    let run = |url: &str| -> crate::world::Run {
        std::process::Command::new(env!("CARGO_BIN_EXE_specie"))
            .args([
                "vault",
                "show",
                "11111111111111111111111111111111",
                "--url",
                url,
            ])
            .env("HOME", folder.path())
            .output()
            .unwrap()
            .into()
    };
    let down = run("http://127.0.0.1:9");
    assert_eq!(down.code, 4, "{}", down.err);
    assert!(
        down.err.contains("nothing answers at http://127.0.0.1:9"),
        "{}",
        down.err
    );
    assert!(
        down.err.contains("specie localnet") && down.err.contains("--url"),
        "{}",
        down.err
    );
    let no_url = run("nonsense");
    assert_eq!(no_url.code, 4, "{}", no_url.err);
    assert!(no_url.err.contains("is no RPC address"), "{}", no_url.err);
}

#[test]
fn a_configuration_that_is_missing() {
    let world = World::new();
    world.fails(
        "wallet balance --config nowhere.yml",
        8,
        &["nowhere.yml", "--config", "solana config set"],
    );
}

/// A currency says which cluster it is for; on any other nothing is signed.
#[test]
fn a_currency_of_another_cluster() {
    let world = World::new();
    world.key("authority", 10 * SOL, 0);
    let mint: Pubkey = world.json("currency create-mint --keypair authority.json")["mint"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap();
    let authority = world.keypair("authority");
    let treasury = world
        .block_on(
            world
                .network
                .create_token_account(&authority.pubkey(), &world.network.stablecoin()),
        )
        .unwrap();
    let args = CreateCurrencyArgs {
        cluster: [7; 32],
        guardian: authority.pubkey(),
        work_per_scu: WorkPerScu::new(2_844_000),
        threshold: 1,
        attestors: vec![authority.pubkey().to_bytes()],
        params: Params::default(),
    };
    let create = instruction::create_currency(
        authority.pubkey(),
        mint,
        world.network.stablecoin(),
        treasury,
        args,
    );
    world
        .block_on(world.network.execute(&[create], &[&authority]))
        .unwrap();
    let currency = address::currency(&mint);
    world.fails(
        &format!(
            "vault open --currency {currency} --limit 1 --class training --keypair authority.json"
        ),
        5,
        &[
            "this currency is for the cluster",
            "Nothing was signed",
            "--url",
        ],
    );
}
