//! What runs is the built file, byte for byte: the same flow in Agave's own bank, which has nothing else to run.

use {
    solana_account::{Account, AccountSharedData, ReadableAccount},
    solana_clock::Clock,
    solana_program_test::{ProgramTest, ProgramTestContext},
    solana_pubkey::Pubkey,
    solana_sdk_ids::bpf_loader_upgradeable,
    solana_signer::Signer,
    solana_transaction::Transaction,
    solana_transaction_error::TransactionError,
    specie_tests::world::{Call, ONE, PRICE, World, program_bytes},
};

/// Where the loader keeps a program's bytes, and what stands before them.
fn program_data() -> Pubkey {
    Pubkey::find_program_address(&[specie::ID.as_ref()], &bpf_loader_upgradeable::ID).0
}
const PROGRAM_DATA_HEADER: usize = 45;

/// Agave's bank with the accounts of a world in it, and `program` deployed: no native code is registered for it.
async fn bank(world: &World, program: &[u8]) -> ProgramTestContext {
    let mut test = ProgramTest::default();
    test.prefer_bpf(true);
    // It has every transaction logged at length, of all tests that run meanwhile.
    log::set_max_level(log::LevelFilter::Off);
    let mut header = vec![3, 0, 0, 0];
    header.resize(PROGRAM_DATA_HEADER, 0);
    header.extend(program);
    test.add_account(program_data(), loaders(header, false));
    let mut pointer = vec![2, 0, 0, 0];
    pointer.extend(program_data().to_bytes());
    test.add_account(specie::ID, loaders(pointer, true));
    for (address, account) in &world.chain.svm.accounts_db().inner {
        let foreign = account.executable() || account.owner() == &bpf_loader_upgradeable::ID;
        let sysvar = account.owner() == &solana_sdk_ids::sysvar::ID;
        let feature = account.owner() == &solana_sdk_ids::feature::ID;
        if !foreign && !sysvar && !feature && account.lamports() > 0 {
            test.add_account(*address, Account::from(account.clone()));
        }
    }
    let context = test.start_with_context().await;
    context.set_sysvar(&world.chain.svm.get_sysvar::<Clock>());
    context
}

fn loaders(data: Vec<u8>, executable: bool) -> Account {
    Account {
        lamports: 10_000_000_000,
        data,
        owner: bpf_loader_upgradeable::ID,
        executable,
        rent_epoch: 0,
    }
}

async fn send(context: &ProgramTestContext, call: &Call) -> Result<(), TransactionError> {
    let mut signers = vec![&context.payer];
    signers.extend(call.signers.iter().map(|party| party.keypair()));
    let payer = context.payer.pubkey();
    let blockhash = context.banks_client.get_latest_blockhash().await.unwrap();
    let transaction =
        Transaction::new_signed_with_payer(&call.instructions, Some(&payer), &signers, blockhash);
    let processed = context
        .banks_client
        .process_transaction_with_metadata(transaction);
    processed.await.unwrap().result
}

async fn account(context: &ProgramTestContext, address: Pubkey) -> Option<AccountSharedData> {
    let account = context.banks_client.get_account(address).await.unwrap();
    account.map(AccountSharedData::from)
}

/// An account without its lamports: the two chains charge different rents.
fn what_counts(account: Option<Account>) -> Option<(Vec<u8>, Pubkey)> {
    account.map(|account| (account.data, account.owner))
}

#[tokio::test]
async fn what_runs_is_the_built_file() {
    let mut world = World::unfounded(0);
    let vendor = world.admit("north");
    world.fund_stable(&vendor.stable, ONE);
    let context = bank(&world, program_bytes()).await;

    let data = account(&context, program_data()).await.unwrap();
    assert!(data.data()[PROGRAM_DATA_HEADER..] == *program_bytes());

    let make: [fn(&World) -> Call; 4] = [
        |world| world.create_currency(world.create_currency_args()),
        |world| world.open_vault(&world.vendor("north"), ONE, 1),
        |world| world.deposit_collateral(&world.vendor("north"), ONE),
        |world| world.post_price(PRICE),
    ];
    for make in make {
        let call = make(&world);
        world.ok(&call);
        assert_eq!(send(&context, &call).await, Ok(()));
        for meta in &call.ours_ref().accounts {
            let here = world.chain.account(&meta.pubkey);
            if here.as_ref().is_some_and(|account| !account.executable) {
                let there = account(&context, meta.pubkey).await.map(Account::from);
                let (here, there) = (what_counts(here), what_counts(there));
                assert!(here == there, "the two chains differ at {}", meta.pubkey);
            }
        }
    }
}

#[tokio::test]
async fn a_changed_file_does_not_run() {
    let world = World::unfounded(0);
    let call = world.create_currency(world.create_currency_args());
    let context = bank(&world, program_bytes()).await;
    assert_eq!(send(&context, &call).await, Ok(()));

    let mut corrupted = program_bytes().to_vec();
    let half = corrupted.len() / 2;
    corrupted[..half].fill(0);
    let context = bank(&world, &corrupted).await;
    assert!(send(&context, &call).await.is_err());
    assert_eq!(account(&context, world.currency).await, None);
}
