//! `specie proxy` before it serves: what it refuses, and that nothing was signed.

use crate::world::Market;

#[test]
fn what_could_not_work_or_would_be_open_to_others_is_refused_before_anything_is_signed() {
    let market = Market::open();
    let world = &market.world;
    let vault = &market.vault;
    world.json(&format!(
        "wallet buy 2 --vault {vault} --keypair buyer.json"
    ));
    let redeem = world.json(&format!(
        "wallet redeem 2 --vault {vault} --class inference --session session.json --keypair buyer.json"
    ));
    let voucher = redeem["voucher"].as_str().unwrap();
    let proxy = |more: &str| format!("proxy --voucher {voucher} --state kept {more}");
    let nobody = "--gateway http://127.0.0.1:9";
    let own = format!("--session-key session.json {nobody}");

    world.fails(
        &proxy(&format!("{own} --listen 0.0.0.0:8411")),
        2,
        &["0.0.0.0:8411 is not on loopback", "--allow-remote"],
    );
    world.fails(
        &proxy(&format!("{own} --listen 0.0.0.0:8411 --allow-remote")),
        2,
        &["--app-key"],
    );
    world.fails(&proxy(&format!("{own} --step 0")), 2, &["--step 0"]);
    for origin in ["*", "null", "http://localhost:5173/page"] {
        world.fails(
            &proxy(&format!("{own} --allow-origin {origin}")),
            2,
            &["is not the origin of a web page", "http://localhost:5173"],
        );
    }
    world.fails(
        &proxy(&format!("{own} --session-key issuer.json")),
        2,
        &["1 vouchers and 2 session keys"],
    );
    world.fails(
        &proxy(&format!("--session-key session.json {nobody} {nobody}")),
        2,
        &["1 vouchers and 2 gateways"],
    );
    world.fails(
        &proxy("--session-key session.json --gateway compute.example"),
        2,
        &["no gateway's address", "https://"],
    );
    world.fails(
        &proxy(&format!("--session-key issuer.json {nobody}")),
        3,
        &["is not the voucher's"],
    );
    world.fails(
        &proxy(nobody),
        3,
        &["there is no key file", "--session-key"],
    );
    std::fs::write(world.path("short.key"), "short").unwrap();
    world.fails(
        &proxy(&format!("{own} --app-key short.key")),
        8,
        &["at least 16 characters"],
    );
    world.fails(
        &format!("proxy --voucher {vault} {own} --state kept"),
        5,
        &["is no voucher of Specie"],
    );
    world.fails(&proxy(&format!("{own} --dry-run")), 2, &["--dry-run"]);
    world.fails(
        &proxy(&format!("{own} --listen 127.0.0.1:0")),
        4,
        &["the gateway at http://127.0.0.1:9 does not answer"],
    );
    for file in std::fs::read_dir(world.path("kept")).unwrap() {
        let name = file.unwrap().file_name().into_string().unwrap();
        assert!(
            !name.ends_with(".json"),
            "{name} says that something was signed"
        );
    }

    // Keys are made in a session, and there is none.
    for verb in ["create crawler --budget 0.5", "list", "revoke key_1"] {
        world.fails(
            &format!("proxy key {verb} --voucher {voucher} --state kept {own}"),
            2,
            &["has no open session", "start `specie proxy`"],
        );
    }

    // Nothing was signed, so there is nothing to sign for exactly.
    let closed = world.json(&format!(
        "proxy close --voucher {voucher} --state kept {own}"
    ));
    assert_eq!(closed["closed"].as_array().unwrap().len(), 0);
}
