//! A network as its users meet it: over RPC, with real transactions.

use {
    anyhow::Result,
    solana_commitment_config::CommitmentConfig,
    solana_instruction::{AccountMeta, Instruction},
    solana_keypair::Keypair,
    solana_pubkey::Pubkey,
    solana_rpc_client_api::config::RpcSendTransactionConfig,
    solana_signer::Signer,
    solana_transaction::Transaction,
    specie_localnet::{Config, Localnet, RpcClient, loader, program_keypair, stablecoin},
    std::{net::TcpListener, time::Duration},
    tokio::time::{Instant, sleep},
};

const SOL: u64 = 1_000_000_000;

async fn start() -> Localnet {
    Localnet::start(Config::default()).await.unwrap()
}

/// The token program's code as the network itself runs it: a real program of real size.
async fn token_program_code(rpc: &RpcClient) -> Vec<u8> {
    let account = rpc.get_account(&spl_token_interface::ID).await.unwrap();
    if account.data.starts_with(b"\x7fELF") {
        account.data
    } else {
        loader::deployed_code(rpc, &spl_token_interface::ID)
            .await
            .unwrap()
    }
}

async fn token_balance(rpc: &RpcClient, account: &Pubkey) -> u64 {
    rpc.get_token_account_balance(account)
        .await
        .unwrap()
        .amount
        .parse()
        .unwrap()
}

#[tokio::test]
async fn starts_with_a_funded_faucet_and_a_stablecoin() {
    let network = start().await;
    let rpc = network.rpc();
    assert!(rpc.get_balance(&network.faucet().pubkey()).await.unwrap() > 100_000 * SOL);
    assert_eq!(
        rpc.get_genesis_hash().await.unwrap(),
        network.genesis_hash()
    );
    let mint = rpc.get_account(&network.stablecoin()).await.unwrap();
    assert_eq!(mint.owner, spl_token_interface::ID);
    let supply = rpc.get_token_supply(&network.stablecoin()).await.unwrap();
    assert_eq!(
        (supply.amount.as_str(), supply.decimals),
        ("0", stablecoin::DECIMALS)
    );
}

#[tokio::test]
async fn two_networks_are_two_clusters() {
    let (first, second) = (start().await, start().await);
    assert_ne!(first.genesis_hash(), second.genesis_hash());
    assert_ne!(first.rpc_url(), second.rpc_url());
}

#[tokio::test]
async fn funds_keys_with_lamports_and_stablecoins() {
    let network = start().await;
    let buyer = network.funded_keypair(3 * SOL, 250_000_000).await.unwrap();
    let rpc = network.rpc();
    assert_eq!(rpc.get_balance(&buyer.pubkey()).await.unwrap(), 3 * SOL);
    let account = network.fund_stablecoin(&buyer.pubkey(), 1).await.unwrap();
    assert_eq!(token_balance(rpc, &account).await, 250_000_001);

    let vendor = Pubkey::new_unique();
    let empty = network
        .create_token_account(&vendor, &network.stablecoin())
        .await
        .unwrap();
    assert_eq!(token_balance(rpc, &empty).await, 0);
}

#[tokio::test]
async fn deploys_a_program_that_then_runs() {
    let network = start().await;
    let rpc = network.rpc();
    let code = token_program_code(rpc).await;
    let payer = network.funded_keypair(20 * SOL, 0).await.unwrap();
    let began = Instant::now();
    let deployment = network
        .deploy(&code, &program_keypair(), &payer)
        .await
        .unwrap();
    println!(
        "{} bytes deployed in {:?}",
        deployment.size,
        began.elapsed()
    );
    assert_eq!(deployment.program, program_keypair().pubkey());
    assert_eq!(deployment.upgrade_authority, payer.pubkey());
    let program = rpc.get_account(&deployment.program).await.unwrap();
    assert!(program.executable);
    assert_eq!(
        loader::deployed_code(rpc, &deployment.program)
            .await
            .unwrap(),
        code
    );

    // InitializeMint2 of the token program, under the new address.
    let mint = Keypair::new();
    let rent = rpc
        .get_minimum_balance_for_rent_exemption(82)
        .await
        .unwrap();
    let create = solana_system_interface::instruction::create_account(
        &payer.pubkey(),
        &mint.pubkey(),
        rent,
        82,
        &deployment.program,
    );
    let mut data = vec![20, 6];
    data.extend(payer.pubkey().to_bytes());
    data.push(0);
    let initialize = Instruction {
        program_id: deployment.program,
        accounts: vec![AccountMeta::new(mint.pubkey(), false)],
        data,
    };
    network
        .execute(&[create, initialize], &[&payer, &mint])
        .await
        .unwrap();
    let account = rpc.get_account(&mint.pubkey()).await.unwrap();
    assert_eq!((account.owner, account.data[44]), (deployment.program, 6));

    let again = network
        .deploy(&code, &program_keypair(), &payer)
        .await
        .unwrap_err();
    assert!(again.to_string().contains("deployed already"), "{again:#}");
}

#[tokio::test]
async fn a_file_that_is_no_program_is_refused() {
    let network = start().await;
    let payer = network.funded_keypair(20 * SOL, 0).await.unwrap();
    let text = network
        .deploy(b"hello", &Keypair::new(), &payer)
        .await
        .unwrap_err();
    assert!(text.to_string().contains("ELF"), "{text:#}");

    let mut code = token_program_code(network.rpc()).await;
    code[0x40..0x400].fill(0xFF);
    let program = Keypair::new();
    let broken = network.deploy(&code, &program, &payer).await.unwrap_err();
    assert!(
        format!("{broken:#}").contains("the loader refused"),
        "{broken:#}"
    );
    let account = network
        .rpc()
        .get_account_with_commitment(&program.pubkey(), CommitmentConfig::processed())
        .await
        .unwrap();
    assert_eq!(account.value, None);
}

#[tokio::test]
async fn a_port_in_use_is_refused_and_named() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let config = Config {
        rpc_port: Some(port),
        ..Default::default()
    };
    let Err(error) = Localnet::start(config).await else {
        panic!("the port is taken")
    };
    assert!(
        error.to_string().contains(&format!("port {port}")),
        "{error:#}"
    );
    assert!(error.to_string().contains("choose another"), "{error:#}");
}

#[tokio::test]
async fn a_fixed_port_is_free_again_after_stopping() {
    let first = start().await;
    let port: u16 = first.rpc_url().rsplit(':').next().unwrap().parse().unwrap();
    assert_eq!(first.ws_url(), format!("ws://127.0.0.1:{}", port + 1));
    first.stop().unwrap();
    let config = Config {
        rpc_port: Some(port),
        ..Default::default()
    };
    let second = Localnet::start(config.clone()).await.unwrap();
    assert_eq!(second.rpc_url(), format!("http://127.0.0.1:{port}"));
    drop(second);
    Localnet::start(config).await.unwrap();
}

#[tokio::test]
async fn the_clock_runs_and_travels_forward_only() {
    let network = start().await;
    let began = network.unix_timestamp().await.unwrap();
    let begun = Instant::now();
    // The network's clock may be some seconds ahead of the time that passed here, however long that took.
    let passed = || i64::try_from(begun.elapsed().as_secs()).unwrap() + 5;
    let day = Duration::from_secs(86_400);
    let reached = network.advance(30 * day).await.unwrap();
    let travelled = began + 30 * 86_400;
    assert!(
        (travelled..=travelled + passed()).contains(&reached),
        "{began} {reached}"
    );

    // The network still works, and its time still passes by itself.
    network
        .fund_lamports(&Pubkey::new_unique(), SOL)
        .await
        .unwrap();
    sleep(Duration::from_millis(2_500)).await;
    let later = network.unix_timestamp().await.unwrap();
    let most = travelled + passed() + 25;
    assert!(later > reached && later <= most, "{reached} {later}");

    let past = specie_localnet::clock::travel_to(network.rpc(), began)
        .await
        .unwrap_err();
    assert!(past.to_string().contains("cannot go back"), "{past:#}");
}

#[tokio::test]
async fn transactions_become_final_by_themselves() -> Result<()> {
    let network = start().await;
    let to = Pubkey::new_unique();
    network.fund_lamports(&to, SOL).await?;
    let deadline = Instant::now() + Duration::from_secs(300);
    let finalized = CommitmentConfig::finalized();
    while network
        .rpc()
        .get_balance_with_commitment(&to, finalized)
        .await?
        .value
        < SOL
    {
        assert!(Instant::now() < deadline, "not final");
        sleep(Duration::from_millis(50)).await;
    }
    Ok(())
}

#[tokio::test]
async fn a_forged_signature_is_refused() {
    let network = start().await;
    let rpc = network.rpc();
    let (from, to) = (network.faucet().pubkey(), Pubkey::new_unique());
    let transfer = solana_system_interface::instruction::transfer(&from, &to, SOL);
    let blockhash = rpc.get_latest_blockhash().await.unwrap();
    let mut transaction = Transaction::new_signed_with_payer(
        &[transfer],
        Some(&from),
        &[network.faucet()],
        blockhash,
    );
    let mut signature = <[u8; 64]>::from(transaction.signatures[0]);
    signature[3] ^= 1;
    transaction.signatures[0] = signature.into();
    for skip_preflight in [false, true] {
        let config = RpcSendTransactionConfig {
            skip_preflight,
            ..Default::default()
        };
        let error = rpc
            .send_transaction_with_config(&transaction, config)
            .await
            .unwrap_err();
        assert!(
            error.to_string().to_lowercase().contains("signature"),
            "{error}"
        );
    }
    assert_eq!(rpc.get_balance(&to).await.unwrap(), 0);
}

#[tokio::test]
async fn a_refused_transaction_says_why() {
    let network = start().await;
    let poor = network.funded_keypair(SOL, 0).await.unwrap();
    let too_much = solana_system_interface::instruction::transfer(
        &poor.pubkey(),
        &Pubkey::new_unique(),
        2 * SOL,
    );
    let error = network.execute(&[too_much], &[&poor]).await.unwrap_err();
    assert!(
        format!("{error:#}").contains("insufficient lamports"),
        "{error:#}"
    );
}
