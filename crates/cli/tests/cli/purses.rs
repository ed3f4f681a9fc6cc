//! Tokens in other accounts than the associated one.

use crate::world::{Market, amount, change};
use solana_keypair::Keypair;
use solana_pubkey::Pubkey;
use solana_signer::Signer;
use specie_client::address::{self, TOKEN_PROGRAM};

const SCU: u64 = 1_000_000;

/// Moves tokens of the buyer's into an account of its own that is not the associated one; returns it.
fn put_aside(market: &Market, mint: Pubkey, tokens: u64) -> Pubkey {
    let world = &market.world;
    let (buyer, account) = (world.keypair("buyer"), Keypair::new());
    let rent = world
        .rpc
        .get_minimum_balance_for_rent_exemption(165)
        .unwrap();
    let instructions = [
        solana_system_interface::instruction::create_account(
            &buyer.pubkey(),
            &account.pubkey(),
            rent,
            165,
            &TOKEN_PROGRAM,
        ),
        spl_token_interface::instruction::initialize_account3(
            &TOKEN_PROGRAM,
            &account.pubkey(),
            &mint,
            &buyer.pubkey(),
        )
        .unwrap(),
        spl_token_interface::instruction::transfer_checked(
            &TOKEN_PROGRAM,
            &address::token_account(&buyer.pubkey(), &mint),
            &mint,
            &account.pubkey(),
            &buyer.pubkey(),
            &[],
            tokens,
            6,
        )
        .unwrap(),
    ];
    world
        .block_on(world.network.execute(&instructions, &[&buyer, &account]))
        .unwrap();
    account.pubkey()
}

#[test]
fn tokens_in_a_second_account_are_seen_and_redeemed() {
    let market = Market::open();
    let (world, vault) = (&market.world, &market.vault);
    world.json(&format!(
        "wallet buy 10 --vault {vault} --keypair buyer.json"
    ));
    let aside = put_aside(&market, market.mint.parse().unwrap(), 7 * SCU);
    let balance = world.json(&format!(
        "wallet balance --currency {} --keypair buyer.json",
        market.currency
    ));
    assert_eq!(amount(&balance["tokens"]), 10 * SCU);
    let accounts = balance["tokenAccounts"].as_array().unwrap();
    let held =
        |account: &serde_json::Value| (account["account"].clone(), amount(&account["amount"]));
    let mut held: Vec<_> = accounts.iter().map(held).collect();
    held.sort_by_key(|(_, amount)| *amount);
    assert_eq!(held[0], (balance["tokenAccount"].clone(), 3 * SCU));
    assert_eq!(held[1], (aside.to_string().into(), 7 * SCU));

    let redeem = |amount: &str| {
        format!(
            "wallet redeem {amount} --vault {vault} --class inference --keypair buyer.json --session {amount}.json"
        )
    };
    world.fails(
        &redeem("10.5"),
        6,
        &["OutstandingExceeded", "it owes 10 SCU to holders"],
    );
    let redeemed = world.json(&redeem("5"));
    assert_eq!(redeemed["gatheredFrom"][0]["account"], aside.to_string());
    assert_eq!(amount(&redeemed["gatheredFrom"][0]["amount"]), 2 * SCU);
    assert_eq!(change(&redeemed, "tokens of the owner"), (3 * SCU, 0));
    let balance = world.json(&format!(
        "wallet balance --currency {} --keypair buyer.json",
        market.currency
    ));
    assert_eq!(amount(&balance["tokens"]), 5 * SCU);
}

#[test]
fn collateral_in_a_second_account_pays() {
    let market = Market::open();
    let (world, vault) = (&market.world, &market.vault);
    put_aside(&market, world.network.stablecoin(), 490 * SCU);
    let buy = |amount: &str| format!("wallet buy {amount} --vault {vault} --keypair buyer.json");
    world.json(&buy("6"));
    world.json(&format!(
        "vault offer {vault} --price 10 --units 100 --keypair vendor.json"
    ));
    world.fails(
        &buy("50"),
        7,
        &["needs 500 collateral tokens", "(488)", "nothing was sent"],
    );
}
