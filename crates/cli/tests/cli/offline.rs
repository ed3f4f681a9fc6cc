//! Signatures that machines make apart from each other, over a blockhash or a durable nonce.

use crate::world::{Market, Run, SOL, World};
use serde_json::Value;
use solana_keypair::Keypair;
use solana_pubkey::Pubkey;
use solana_signer::Signer;
use solana_system_interface::instruction::create_nonce_account;
use std::{fs, process::Command};
use tempfile::TempDir;

/// What a nonce account must hold.
const NONCE_RENT: u64 = 1_447_680;

/// A nonce account that `authority` may use.
fn nonce(world: &World, authority: &Pubkey) -> Pubkey {
    let account = Keypair::new();
    let faucet = world.network.faucet();
    let create = create_nonce_account(&faucet.pubkey(), &account.pubkey(), authority, NONCE_RENT);
    let signers = [faucet, &account];
    let created = world.network.execute(&create, &signers);
    world.block_on(created).unwrap();
    account.pubkey()
}

/// The output of a command that must succeed, run in a folder of its own.
fn json(mut command: Command, folder: &TempDir) -> Value {
    command.args(["--output", "json-compact"]);
    let run: Run = command.current_dir(folder.path()).output().unwrap().into();
    assert_eq!(run.code, 0, "{}", run.err);
    serde_json::from_str(&run.out).unwrap()
}

fn texts(list: &Value) -> Vec<&str> {
    let list = list.as_array().unwrap().iter();
    list.map(|text| text.as_str().unwrap()).collect()
}

#[test]
fn a_durable_nonce_carries_signatures_between_two_machines() {
    let market = Market::open();
    let world = &market.world;
    let newcomer = world.key("newcomer", SOL, 0);
    let authority = world.keypair("authority").pubkey();
    let nonce = nonce(world, &newcomer);
    let [vendors, authoritys] = [(); 2].map(|()| tempfile::tempdir().unwrap());
    for (folder, name) in [(&vendors, "newcomer.json"), (&authoritys, "authority.json")] {
        fs::copy(world.path(name), folder.path().join(name)).unwrap();
    }
    let open = format!(
        "vault open --currency {} --limit 5 --class training --authority {authority} --keypair newcomer.json --nonce {nonce}",
        market.mint
    );
    let vendor = |more: &str| {
        let mut command = world.command(&format!("{open} {more}"));
        command.args(["--url", world.network.rpc_url()]);
        json(command, &vendors)
    };
    let before = world.everything();
    let signed = vendor("--sign-only --dump-transaction-message");
    assert_eq!(signed["signature"], Value::Null);
    assert!(texts(&signed["signers"])[0].starts_with(&format!("{newcomer}=")));
    assert_eq!(texts(&signed["absent"]), [authority.to_string()]);

    // The authority's machine needs no network: the message says what it does.
    let message = authoritys.path().join("message.txt");
    fs::write(message, signed["message"].as_str().unwrap()).unwrap();
    let shown = json(world.command("transaction show message.txt"), &authoritys);
    assert_eq!(shown["nonceAccount"], nonce.to_string());
    let instructions = shown["instructions"].as_array().unwrap();
    assert_eq!(instructions[0]["instruction"], "advance_nonce_account");
    let own = instructions.last().unwrap();
    assert_eq!(own["instruction"], "open_vault");
    let role = |role: &str| {
        let mut accounts = own["accounts"].as_array().unwrap().iter();
        &accounts.find(|one| one["role"] == role).unwrap()["address"]
    };
    assert_eq!(role("authority"), &authority.to_string());
    assert_eq!(role("currency"), &market.currency);
    let limit = own["arguments"].as_array().unwrap();
    let limit = limit.iter().find(|one| one["name"] == "args.limit");
    assert_eq!(limit.unwrap()["value"]["uiAmountString"], "5");
    let sign = "transaction sign message.txt --sign-only --keypair authority.json";
    let countersigned = json(world.command(sign), &authoritys);
    let signature = texts(&countersigned["signers"])[0];
    assert!(signature.starts_with(&format!("{authority}=")));
    assert!(
        world.everything() == before,
        "a signature changed the chain"
    );

    let hash = signed["blockhash"].as_str().unwrap();
    let sent = vendor(&format!("--blockhash {hash} --signer {signature}"));
    assert_eq!(sent["state"], "confirmed");
    let vault = sent["vault"].as_str().unwrap();
    let show = world.json(&format!("vault show {vault}"));
    assert_eq!(show["vendor"], newcomer.to_string());

    // The nonce is used: what was signed for it counts no more.
    world.fails(
        &format!(
            "currency suspend {vault} --keypair authority.json --nonce {nonce} --nonce-authority newcomer.json \
             --blockhash {hash}"
        ),
        10,
        &["the nonce account", "holds", hash, "Sign again"],
    );
}

#[test]
fn an_exported_file_takes_a_nonce_and_signatures() {
    let market = Market::open();
    let world = &market.world;
    let newcomer = world.key("newcomer", SOL, 0);
    let authority = world.keypair("authority").pubkey();
    let nonce = nonce(world, &authority);
    let exported = world.json(&format!(
        "vault open --currency {} --limit 5 --class training --authority {authority} --keypair newcomer.json --nonce {nonce} \
         --nonce-authority {authority} --export open.json",
        market.mint
    ));
    assert_eq!(exported["lastValidBlockHeight"], Value::Null);
    assert_eq!(exported["missingSigners"][0], authority.to_string());
    let signed = world.json("transaction sign open.json --sign-only --keypair authority.json");
    let signers = texts(&signed["signers"]);
    let of = |key: &Pubkey| {
        let found = signers
            .iter()
            .find(|pair| pair.starts_with(&format!("{key}=")));
        (*found.unwrap()).to_owned()
    };
    let [newcomers, authoritys] = [newcomer, authority].map(|key| of(&key));
    world.fails(
        &format!(
            "transaction send open.json --signer {authority}={}",
            newcomers.split_once('=').unwrap().1
        ),
        3,
        &["was made for another transaction", &authority.to_string()],
    );
    let sent = world.json(&format!("transaction send open.json --signer {authoritys}"));
    assert_eq!(sent["state"], "confirmed");
}

#[test]
fn every_kind_of_command_signs_for_a_blockhash() {
    let market = Market::open();
    let (world, vault, currency) = (&market.world, &market.vault, &market.currency);
    world.json(&format!(
        "wallet buy 3 --vault {vault} --keypair buyer.json"
    ));
    world.json("wallet session session.json");
    let hash = world.rpc.get_latest_blockhash().unwrap();
    let before = world.everything();
    for (line, key) in [
        (
            format!("wallet redeem 1 --vault {vault} --class training --session session.json"),
            "buyer",
        ),
        (
            format!("wallet send 1 --to vendor.json --currency {currency}"),
            "buyer",
        ),
        (format!("wallet stake 1 --currency {currency}"), "buyer"),
        (format!("wallet buy 1 --vault {vault}"), "buyer"),
        (format!("vault issue {vault} 1"), "vendor"),
        (format!("vault deposit {vault} 1"), "vendor"),
        (
            format!("vault offer {vault} --price 2 --units 1 --retain 10%"),
            "vendor",
        ),
        (format!("vault update {vault} --class training"), "vendor"),
        (format!("vault request-withdrawal {vault} 1"), "vendor"),
        (format!("vault hand-over {vault} --to buyer.json"), "vendor"),
        (format!("currency suspend {vault}"), "authority"),
        (format!("currency distribute {currency}"), "buyer"),
        (
            format!("currency change schedule rules --param fee=0.5% --currency {currency}"),
            "authority",
        ),
        (
            "currency create-mint --mint-keypair stranger.json".into(),
            "authority",
        ),
    ] {
        let address = world.keypair(key).pubkey();
        let signed = world.json(&format!(
            "{line} --sign-only --blockhash {hash} --keypair {key}.json"
        ));
        assert_eq!(signed["blockhash"], hash.to_string(), "{line}");
        let first = texts(&signed["signers"])[0].to_owned();
        assert!(first.starts_with(&address.to_string()), "{line}");
        // Another run makes the same message, whose signature is the same.
        let elsewhere = world.json(&format!(
            "{line} --sign-only --blockhash {hash} --keypair {address} --signer {first}"
        ));
        assert!(
            texts(&elsewhere["signers"]).contains(&first.as_str()),
            "{line}"
        );
    }
    assert!(
        world.everything() == before,
        "a signature changed the chain"
    );
    let hash = world.rpc.get_latest_blockhash().unwrap();
    let sent = world.json(&format!(
        "wallet buy 1 --vault {vault} --blockhash {hash} --keypair buyer.json"
    ));
    assert_eq!(sent["state"], "confirmed");
}

#[test]
fn signing_for_elsewhere_that_cannot_count_rejects() {
    let market = Market::open();
    let (world, vault, currency) = (&market.world, &market.vault, &market.currency);
    let [buyer, authority] = ["buyer", "authority"].map(|key| world.keypair(key).pubkey());
    let buy = format!("wallet buy 1 --vault {vault}");
    let old = Pubkey::new_unique();
    let nonce = nonce(world, &authority);
    for (line, code, says) in [
        (
            format!("{buy} --sign-only --keypair buyer.json"),
            2,
            vec![
                "--sign-only is about one blockhash",
                "--blockhash",
                "--nonce",
            ],
        ),
        (
            format!("{buy} --blockhash {old} --keypair buyer.json"),
            10,
            vec!["does not take the blockhash", "--nonce", "Nothing was sent"],
        ),
        (
            format!("{buy} --blockhash {old} --keypair buyer.json --fee-payer {authority}"),
            3,
            vec!["is an address", "--fee-payer", "--export", "--signer"],
        ),
        (
            format!("{buy} --nonce {buyer} --keypair buyer.json"),
            5,
            vec!["is no nonce account", "create-nonce-account"],
        ),
        (
            format!("{buy} --nonce {nonce} --keypair buyer.json"),
            3,
            vec!["the authority of the nonce account", "--nonce-authority"],
        ),
        (
            format!(
                "currency pause {currency} --for 1h --sign-only --blockhash {old} --keypair authority.json"
            ),
            2,
            vec!["counted from now", "--export", "transaction sign"],
        ),
        (
            format!("currency create-mint --sign-only --blockhash {old} --keypair authority.json"),
            2,
            vec!["--mint-keypair", "--export"],
        ),
        (
            format!("{buy} --keypair buyer.json --signer {buyer}"),
            2,
            vec!["PUBKEY=SIGNATURE"],
        ),
        (
            format!("{buy} --keypair buyer.json --dump-transaction-message"),
            2,
            vec!["--sign-only"],
        ),
        (
            "localnet advance 1m --sign-only".into(),
            2,
            vec!["--sign-only"],
        ),
    ] {
        world.fails(&line, code, &says);
    }
    world.json(&format!(
        "{buy} --nonce {nonce} --nonce-authority {authority} --keypair buyer.json --export buy.json"
    ));
    world.fails(
        "transaction send buy.json",
        3,
        &["is not signed by", &authority.to_string(), "--signer"],
    );
}
