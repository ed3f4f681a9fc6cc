//! Transactions that keys on machines of their own sign, and that a multisig takes.

use crate::world::{Market, Run, SOL};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde_json::Value;
use solana_signer::Signer;
use std::{fs, process::Command};
use tempfile::TempDir;

/// The output of a command that must succeed, run in a folder of its own.
fn json(mut command: Command, folder: &TempDir) -> Value {
    command.args(["--output", "json-compact"]);
    let run: Run = command.current_dir(folder.path()).output().unwrap().into();
    assert_eq!(run.code, 0, "{}", run.err);
    serde_json::from_str(&run.out).unwrap()
}

#[test]
fn a_vault_is_opened_by_two_keys_that_never_meet() {
    let market = Market::open();
    let world = &market.world;
    let newcomer = world.key("newcomer", SOL, 0);
    let authority = world.keypair("authority").pubkey();
    let [vendors, authoritys] = [(); 2].map(|()| tempfile::tempdir().unwrap());
    for (folder, name) in [(&vendors, "newcomer.json"), (&authoritys, "authority.json")] {
        fs::copy(world.path(name), folder.path().join(name)).unwrap();
    }
    let before = world.everything();
    let mut open = world.command(&format!(
        "vault open --currency {} --limit 5 --class training --authority {authority} --keypair newcomer.json --export \
         open.json",
        market.mint
    ));
    open.args(["--url", world.network.rpc_url()]);
    let opened = json(open, &vendors);
    assert_eq!(opened["signature"], Value::Null);
    assert_eq!(opened["signedBy"][0], newcomer.to_string());
    assert_eq!(opened["missingSigners"][0], authority.to_string());

    // The file alone goes to the authority, whose machine needs no network.
    let carried = authoritys.path().join("open.json");
    fs::copy(vendors.path().join("open.json"), carried).unwrap();
    let shown = json(world.command("transaction show open.json"), &authoritys);
    assert_eq!(shown["missingSigners"][0], authority.to_string());
    assert!(
        shown["title"]
            .as_str()
            .unwrap()
            .starts_with("Open the vault")
    );
    let sign = "transaction sign open.json --out signed.json --keypair authority.json";
    let signed = json(world.command(sign), &authoritys);
    assert_eq!(signed["missingSigners"].as_array().unwrap().len(), 0);
    assert!(world.everything() == before, "an export changed the chain");

    fs::copy(
        authoritys.path().join("signed.json"),
        world.path("signed.json"),
    )
    .unwrap();
    world.json("transaction send signed.json");
    let vault = opened["vault"].as_str().unwrap();
    let show = world.json(&format!("vault show {vault}"));
    assert_eq!(show["vendor"], newcomer.to_string());
}

#[test]
fn an_exported_transaction_that_cannot_be_signed_or_sent_rejects() {
    let market = Market::open();
    let world = &market.world;
    world.key("newcomer", SOL, 0);
    let authority = world.keypair("authority").pubkey().to_string();
    let line = format!(
        "vault open --currency {} --limit 5 --class training --authority {authority} --keypair newcomer.json",
        market.mint
    );
    world.fails(
        &line,
        3,
        &[&authority, "is an address", "--authority", "--export"],
    );
    world.json(&format!("{line} --export open.json"));
    world.fails(
        &format!("{line} --export open.json"),
        8,
        &["open.json cannot be written", "does not exist"],
    );
    world.fails(
        "transaction send open.json",
        3,
        &[
            "is not signed by",
            &authority,
            "transaction sign",
            "Nothing was sent",
        ],
    );
    world.fails(
        "transaction sign open.json --out other.json --keypair buyer.json",
        3,
        &["asks for no signature of", &authority],
    );
    world.fails(
        "transaction show inventory.json",
        8,
        &["inventory.json holds no transaction", "--export"],
    );
    // A bit of what the vendor signed.
    let text = fs::read_to_string(world.path("open.json")).unwrap();
    let mut file: Value = serde_json::from_str(&text).unwrap();
    let mut bytes = BASE64_STANDARD
        .decode(file["transaction"].as_str().unwrap())
        .unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    file["transaction"] = BASE64_STANDARD.encode(bytes).into();
    fs::write(world.path("altered.json"), file.to_string()).unwrap();
    world.fails(
        "transaction sign altered.json --out other.json --keypair authority.json",
        8,
        &["the signature of", "was made for something else"],
    );
    file["title"] = "Open\u{1b}[2K".into();
    fs::write(world.path("titled.json"), file.to_string()).unwrap();
    world.fails("transaction show titled.json", 8, &["control characters"]);
    // An address signs nothing, whatever else is asked for.
    world.fails(
        &format!(
            "transaction sign open.json --out other.json --keypair {authority} --export more.json"
        ),
        2,
        &["transactions in files are not exported"],
    );
    let offline = world.run(&format!(
        "attestor sign price 2 --currency {} --out other.json --key {authority}",
        market.currency
    ));
    assert_eq!(offline.code, 3, "{}", offline.err);
    assert!(!offline.err.contains("--export"), "{}", offline.err);
    assert!(!world.path("other.json").exists() && !world.path("more.json").exists());
    world.fails(
        "localnet advance 1m --export other.json",
        2,
        &["are not exported", "--export"],
    );
}

#[test]
fn a_multisig_is_given_base58() {
    let market = Market::open();
    let world = &market.world;
    let buyer = world.keypair("buyer").pubkey();
    let line = format!("wallet buy 1 --vault {} --keypair {buyer}", market.vault);
    world.fails(&line, 3, &["is an address", "--export"]);
    let before = world.everything();
    let exported = world.json(&format!("{line} --export-base58"));
    let bytes = bs58::decode(exported["transaction"].as_str().unwrap());
    let transaction: solana_transaction::Transaction =
        wincode::deserialize_exact(&bytes.into_vec().unwrap()).unwrap();
    assert_eq!(transaction.message.account_keys[0], buyer);
    assert_eq!(exported["missingSigners"][0], buyer.to_string());
    assert!(world.everything() == before, "an export changed the chain");
    let vendor = world.keypair("vendor").pubkey();
    world.fails(
        &format!("{line} --fee-payer {vendor} --export-base58"),
        3,
        &[
            "a multisig signs with one key",
            &vendor.to_string(),
            &buyer.to_string(),
            "--export",
        ],
    );
    world.fails(
        &format!("{line} --export-base58 --dry-run"),
        2,
        &["cannot be used with"],
    );
}
