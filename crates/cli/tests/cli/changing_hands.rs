//! A vault that goes to another vendor, and one that ends.

use crate::world::{Market, SOL};

#[test]
fn a_vault_is_handed_over_in_two_steps() {
    let market = Market::open();
    let (world, vault) = (&market.world, &market.vault);
    let heir = world.key("heir", SOL, 0).to_string();
    let accept = format!("vault accept {vault} --keypair heir.json");
    world.fails(&accept, 6, &["NotVendor", "it is offered to nobody"]);
    let offer = format!("vault hand-over {vault} --to heir.json --keypair vendor.json");
    world.fails(
        &format!("vault hand-over {vault} --to heir.json --keypair buyer.json"),
        3,
        &["is not this vault's vendor"],
    );
    world.json(&offer);
    world.fails(
        &format!("vault accept {vault} --keypair buyer.json"),
        6,
        &["it is offered to", &heir],
    );
    world.json(&format!(
        "vault hand-over {vault} --take-back --keypair vendor.json"
    ));
    world.fails(&accept, 6, &["NotVendor"]);
    world.json(&offer);
    world.json(&format!("{accept} --issuer heir.json"));
    let show = world.json(&format!("vault show {vault}"));
    assert_eq!(
        (&show["vendor"], &show["issuer"]),
        (&heir.clone().into(), &heir.into())
    );
}

#[test]
fn a_vault_that_owes_and_holds_nothing_is_closed() {
    let market = Market::open();
    let (world, vault) = (&market.world, &market.vault);
    let close = format!("vault close {vault} --keypair vendor.json");
    world.fails(
        &close,
        6,
        &[
            "VaultHolds",
            "it holds 300 as collateral",
            "request-withdrawal",
        ],
    );
    world.json(&format!(
        "vault request-withdrawal {vault} 300 --keypair vendor.json"
    ));
    world.advance(7 * 86_400 + 1);
    world.json(&format!("vault withdraw {vault} --keypair vendor.json"));
    world.fails(
        &format!("vault close {vault} --keypair buyer.json"),
        3,
        &["is not this vault's vendor"],
    );
    world.json(&close);
    let none = world.json(&format!("vault list --currency {}", market.currency));
    assert_eq!(none["vaults"].as_array().unwrap().len(), 0);
}

#[test]
fn a_vault_that_owes_stays_open() {
    let market = Market::open();
    let (world, vault) = (&market.world, &market.vault);
    world.json(&format!("vault issue {vault} 1 --keypair vendor.json"));
    world.fails(
        &format!("vault close {vault} --keypair vendor.json"),
        6,
        &[
            "VaultOwes",
            "it owes 1 SCU to holders and 0 SCU in 0 open vouchers",
        ],
    );
}
