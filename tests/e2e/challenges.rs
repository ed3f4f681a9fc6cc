//! A gateway that answers challenges on a real network, by transactions that the built program takes.

use crate::scene::sold;
use solana_keypair::Keypair;
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use specie_client::address;
use specie_client::instruction::{self, Redeem};
use specie_client::state::{Class, Currency, Vault, Voucher};
use specie_tests::demo::{Market, Person, Vendor};
use std::time::Duration;

/// Redeems a token and challenges the vendor at once: nobody has ever asked its gateway for the voucher.
pub(crate) async fn redeem_and_challenge(
    market: &Market,
    vendor: &Vendor,
    wallet: &Person,
    class: Class,
) -> Pubkey {
    let session = Keypair::new();
    let owner = wallet.keypair.pubkey();
    let redeem = instruction::redeem(&Redeem {
        mint: market.mint,
        vault: vendor.vault,
        owner,
        session: session.pubkey(),
        rent_payer: owner,
        tokens: 1_000_000,
        class,
    });
    let net = &market.stage.net;
    net.execute(&[redeem], &[&wallet.keypair, &session])
        .await
        .unwrap();
    let voucher = address::voucher(&vendor.vault, &session.pubkey());
    let account: Voucher = market.stage.account(&voucher).await.unwrap();
    let challenge = instruction::challenge(market.currency, voucher, &account, owner);
    net.execute(&[challenge], &[&wallet.keypair]).await.unwrap();
    voucher
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_gateway_answers_challenges_of_vouchers_that_it_has_never_seen_before_anybody_can_be_compensated()
 {
    let (market, vendor, wallet) = sold().await;
    let mut challenged = Vec::new();
    for class in [Class::Inference, Class::Training, Class::Inference] {
        challenged.push(redeem_and_challenge(&market, &vendor, &wallet, class).await);
    }
    let operator = vendor.person.keypair.pubkey();
    let before = market.stage.net.rpc().get_balance(&operator).await.unwrap();
    let vault: Vault = market.stage.account(&vendor.vault).await.unwrap();
    assert_eq!(vault.challenges.get(), 3);

    let nobody = "http://127.0.0.1:1";
    let gateway = vendor.gateway(&market.stage, nobody).unwrap();
    market
        .stage
        .until("answers", Duration::from_secs(60), || async {
            let vault: Vault = market.stage.account(&vendor.vault).await?;
            Ok(vault.challenges.get() == 0)
        })
        .await
        .unwrap();
    for voucher in &challenged {
        let voucher: Voucher = market.stage.account(voucher).await.unwrap();
        assert!(voucher.challenged_until.is_zero());
        assert!(!voucher.answered_at.is_zero(), "answered, not settled");
    }
    // One while it runs, too.
    let later = redeem_and_challenge(&market, &vendor, &wallet, Class::Inference).await;
    market
        .stage
        .until("an answer", Duration::from_secs(60), || async {
            let voucher: Voucher = market.stage.account(&later).await?;
            Ok(!voucher.answered_at.is_zero())
        })
        .await
        .unwrap();
    drop(gateway);

    let currency: Currency = market.stage.account(&market.currency).await.unwrap();
    let deposits = 4 * currency.params.challenge_deposit.get();
    let after = market.stage.net.rpc().get_balance(&operator).await.unwrap();
    // Two signatures for each answer, and bids of less than a lamport for each compute unit.
    let costs = 4 * (10_000 + 3_000);
    assert!(after > before + deposits - costs, "{before} {after}");
    assert!(after <= before + deposits - 4 * 10_000, "{before} {after}");
}
