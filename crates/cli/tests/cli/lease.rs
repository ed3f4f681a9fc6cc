//! `specie lease` before anything is leased: what it refuses, and that nothing was signed.

use crate::world::Market;

#[test]
fn what_could_not_be_leased_is_refused_before_anything_is_signed() {
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
    let nobody = "--gateway http://127.0.0.1:9";
    let own = format!("--voucher {voucher} --session-key session.json {nobody} --state kept");
    // What follows the dashes is the job's, so that the network is named before.
    let url = world.network.rpc_url();
    let run = |more: &str| format!("lease --url {url} run {own} --pool h200 {more}");

    world.fails(&run(""), 2, &["<COMMAND>"]);
    world.fails(&run("--env RUN -- train"), 2, &["NAME=VALUE"]);
    world.fails(
        &run("--env A-B=1 -- train"),
        2,
        &["is not a variable's name"],
    );
    world.fails(&run("--warn-signal SIGKILL -- train"), 2, &["SIGUSR1"]);
    world.fails(
        &run(&format!("--voucher {voucher} -- train")),
        2,
        &["is of one voucher"],
    );
    world.fails(&run("--dry-run -- train"), 2, &["--dry-run"]);
    world.fails(
        &format!("lease list --voucher {voucher} --session-key issuer.json {nobody} --state kept"),
        3,
        &["is not the voucher's"],
    );
    for command in [
        run("-- train"),
        format!("lease list {own}"),
        format!("lease show lease_1 {own}"),
        format!("lease stop lease_1 {own}"),
    ] {
        world.fails(
            &command,
            4,
            &["the gateway at http://127.0.0.1:9 does not answer"],
        );
    }
    for file in std::fs::read_dir(world.path("kept")).unwrap() {
        let name = file.unwrap().file_name().into_string().unwrap();
        assert!(
            !name.ends_with(".json"),
            "{name} says that something was signed"
        );
    }
}
