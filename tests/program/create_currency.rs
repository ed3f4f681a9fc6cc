use {
    anchor_lang::ErrorCode,
    solana_instruction::error::InstructionError,
    solana_program_pack::Pack,
    solana_pubkey::{Pubkey, pubkey},
    specie::{constants::WORK_PER_SCU_MAX, errors::SpecieError, instructions::CreateCurrencyArgs},
    specie_client::{
        account::SpecieAccount,
        address,
        state::{Book, Currency, Params, Pool, Quorum, Standard},
        units::{Bps, Seconds, Timestamp, Tokens, Units, WorkPerScu},
    },
    specie_tests::{
        event,
        world::{CLUSTER, Party, World},
    },
    spl_token_interface::state::{Account as TokenAccount, Mint},
};

const TOKEN_2022: Pubkey = pubkey!("TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb");

/// The refusal of a currency of which only the arguments are wrong.
fn refuses_args(change: impl FnOnce(&mut CreateCurrencyArgs), error: SpecieError) {
    let mut world = World::unfounded(0);
    let mut args = world.create_currency_args();
    change(&mut args);
    let call = world.create_currency(args);
    world.refuses(&call, error);
    assert!(world.chain.account(&world.currency).is_none());
}

/// The refusal of a currency of which only the accounts are wrong.
fn refuses_world(change: impl FnOnce(&mut World), error: SpecieError) {
    let mut world = World::unfounded(0);
    change(&mut world);
    let call = world.create_currency(world.create_currency_args());
    world.refuses(&call, error);
}

#[test]
fn create_currency_founds_everything_and_takes_the_mint_over() {
    let mut world = World::unfounded(0);
    let args = world.create_currency_args();
    let before = world.chain.lamports(&world.authority.address());
    let call = world.create_currency(args.clone());
    let outcome = world.ok(&call);
    let event = event!(outcome, CurrencyCreated);
    assert_eq!(event.params, Params::default());

    let currency = world.currency_state();
    let pool = address::pool(&world.currency);
    assert_eq!(currency.version, 1);
    assert_eq!(currency.authority, world.authority.address());
    assert_eq!(currency.guardian, world.guardian.address());
    assert_eq!(currency.mint, world.mint);
    assert_eq!(currency.collateral_mint, world.stable_mint);
    assert_eq!(currency.cluster, CLUSTER);
    assert_eq!(currency.treasury, world.treasury);
    assert_eq!(currency.revenue, address::revenue(&world.currency));
    assert_eq!(currency.insurance, address::insurance(&world.currency));
    let book = world.book_state();
    assert_eq!((book.version, book.currency), (1, world.currency));
    assert_eq!((book.owed, book.defaulted), (Units::ZERO, Tokens::ZERO));
    assert_eq!(currency.paused_until, Timestamp::ZERO);
    assert_eq!(currency.next_change.get(), 0);
    assert_eq!(currency.params, args.params);
    assert_eq!(currency.pool, pool);
    assert_eq!(currency.reserved, [0; 96]);

    let standard = world.standard_state();
    assert_eq!(standard.currency, world.currency);
    assert_eq!(standard.work_per_scu, args.work_per_scu);
    assert_eq!(
        (standard.price.get(), standard.price_sequence.get()),
        (0, 0)
    );

    let quorum = world.quorum_state();
    assert_eq!(quorum.currency, world.currency);
    assert_eq!(
        (quorum.epoch.get(), quorum.threshold, quorum.count),
        (1, 2, 3)
    );
    assert_eq!(quorum.keys(), args.attestors);
    assert_eq!(quorum.last_seen_at, Timestamp::ZERO);

    let state = world.pool_state();
    assert_eq!(state.currency, world.currency);
    assert_eq!(state.staked_account, address::staked(&pool));
    assert_eq!(state.rewards_account, address::rewards(&pool));
    assert_eq!(state.staked, Tokens::ZERO);

    for (account, owner, mint) in [
        (currency.revenue, world.currency, world.stable_mint),
        (currency.insurance, world.currency, world.stable_mint),
        (state.staked_account, pool, world.mint),
        (state.rewards_account, pool, world.stable_mint),
    ] {
        let account = world.chain.token_account(&account);
        assert_eq!(
            (account.owner, account.mint, account.amount),
            (owner, mint, 0)
        );
    }

    let mint = world.chain.mint(&world.mint);
    assert_eq!(mint.mint_authority.unwrap(), world.currency);
    assert!(mint.freeze_authority.is_none());
    assert_eq!(mint.supply, 0);

    let rent: u64 = [
        Currency::LEN,
        Standard::LEN,
        Quorum::LEN,
        Pool::LEN,
        Book::LEN,
        TokenAccount::LEN,
        TokenAccount::LEN,
        TokenAccount::LEN,
        TokenAccount::LEN,
    ]
    .map(|len| world.chain.rent(len))
    .iter()
    .sum();
    assert_eq!(
        before - world.chain.lamports(&world.authority.address()),
        rent
    );
}

#[test]
fn create_currency_works_where_its_addresses_were_funded_before() {
    let mut world = World::unfounded(0);
    let pool = address::pool(&world.currency);
    for address in [
        world.currency,
        address::standard(&world.currency),
        address::quorum(&world.currency),
        pool,
        address::revenue(&world.currency),
        address::staked(&pool),
    ] {
        world.chain.svm.airdrop(&address, 1_000_000).unwrap();
    }
    let call = world.create_currency(world.create_currency_args());
    world.ok(&call);
}

#[test]
fn create_currency_takes_sixteen_keys_at_most() {
    let keys = |count: usize| {
        let mut keys: Vec<_> = (0..count)
            .map(|i| Party::named(1, &format!("{i}")).key())
            .collect();
        keys.sort_unstable();
        keys
    };
    let world = World::founded(0, |args| {
        args.attestors = keys(16);
        args.threshold = 7;
    });
    assert_eq!(world.quorum_state().keys(), keys(16));
    refuses_args(
        |args| args.attestors = keys(17),
        SpecieError::QuorumMalformed,
    );
}

#[test]
fn create_currency_parameter_out_of_bounds_rejects() {
    let out_of_bounds = SpecieError::ParamOutOfBounds;
    refuses_args(|args| args.params.fee = Bps::new(1_001), out_of_bounds);
    let out_of_bounds = SpecieError::ParamOutOfBounds;
    refuses_args(
        |args| args.params.dispute_window = Seconds::new(599),
        out_of_bounds,
    );
}

#[test]
fn create_currency_cure_period_too_short_rejects() {
    refuses_args(
        |args| args.params.cure_period = Seconds::new(5 * 86_400 + 3_599),
        SpecieError::CurePeriodTooShort,
    );
}

#[test]
fn create_currency_standard_out_of_bounds_rejects() {
    refuses_args(
        |args| args.work_per_scu = WorkPerScu::ZERO,
        SpecieError::StandardOutOfBounds,
    );
    refuses_args(
        |args| args.work_per_scu = WorkPerScu::new(WORK_PER_SCU_MAX.get() + 1),
        SpecieError::StandardOutOfBounds,
    );
}

#[test]
fn create_currency_malformed_quorum_rejects() {
    refuses_args(|args| args.attestors.clear(), SpecieError::QuorumMalformed);
    refuses_args(
        |args| args.attestors.reverse(),
        SpecieError::QuorumMalformed,
    );
    refuses_args(
        |args| args.attestors[1] = args.attestors[0],
        SpecieError::QuorumMalformed,
    );
    refuses_args(|args| args.threshold = 0, SpecieError::QuorumMalformed);
    refuses_args(|args| args.threshold = 4, SpecieError::QuorumMalformed);
}

#[test]
fn create_currency_attestor_of_small_order_rejects() {
    refuses_args(
        |args| args.attestors[0] = [0; 32],
        SpecieError::KeyOfSmallOrder,
    );
    // A non-canonical encoding of the neutral element.
    let mut key = [0xff; 32];
    key[0] = 0xee;
    refuses_args(|args| args.attestors[2] = key, SpecieError::KeyOfSmallOrder);
}

#[test]
fn create_currency_other_decimals_reject() {
    refuses_world(
        |world| {
            let authority = world.authority.address();
            let mint = world
                .chain
                .create_mint(&Party::named(0, "nine"), 9, &authority, None);
            world.mint = mint;
            world.currency = address::currency(&mint);
        },
        SpecieError::MintDecimalsNotSix,
    );
}

#[test]
fn create_currency_mint_with_supply_rejects() {
    refuses_world(
        |world| {
            let (mint, authority) = (world.mint, world.authority.clone());
            let to = world
                .chain
                .create_token_account(&authority.address(), &mint);
            world.chain.mint_to(&mint, &authority, &to, 1);
        },
        SpecieError::MintHasSupply,
    );
}

#[test]
fn create_currency_mint_with_freeze_authority_rejects() {
    refuses_world(
        |world| {
            let authority = world.authority.address();
            let frost = Party::named(0, "frost");
            let mint = world
                .chain
                .create_mint(&frost, 6, &authority, Some(&authority));
            world.mint = mint;
            world.currency = address::currency(&mint);
        },
        SpecieError::MintHasFreezeAuthority,
    );
}

#[test]
fn create_currency_of_a_strangers_mint_rejects() {
    refuses_world(
        |world| {
            let stranger = world.party("stranger");
            world.chain.fund(&stranger.address());
            world.authority = stranger;
        },
        SpecieError::MintAuthorityMismatch,
    );
}

#[test]
fn create_currency_backed_by_itself_rejects() {
    refuses_world(
        |world| {
            world.stable_mint = world.mint;
            let treasury = world.party("treasury").address();
            world.treasury = world.chain.create_token_account(&treasury, &world.mint);
        },
        SpecieError::CollateralIsOwnMint,
    );
}

#[test]
fn create_currency_treasury_that_is_no_token_account_rejects() {
    refuses_world(
        |world| world.treasury = world.guardian.address(),
        SpecieError::NotTokenAccount,
    );
    refuses_world(
        |world| world.treasury = world.stable_mint,
        SpecieError::NotTokenAccount,
    );
}

#[test]
fn create_currency_treasury_of_the_currency_rejects() {
    let owners: [fn(&World) -> Pubkey; 2] = [|world| world.currency, World::pool];
    for owner in owners {
        refuses_world(
            |world| {
                let (owner, mint) = (owner(world), world.stable_mint);
                world.treasury = world.chain.create_token_account(&owner, &mint);
            },
            SpecieError::TokenAccountOfCurrency,
        );
    }
}

#[test]
fn create_currency_treasury_of_another_mint_rejects() {
    refuses_world(
        |world| {
            let owner = world.authority.address();
            world.treasury = world.chain.create_token_account(&owner, &world.mint);
        },
        SpecieError::TokenAccountOfOtherMint,
    );
}

/// The refusal of a mint that the SPL Token program itself does not take for one, when its token accounts are created.
fn refuses_mint(change: impl FnOnce(&mut World), error: InstructionError) {
    let mut world = World::unfounded(0);
    change(&mut world);
    let call = world.create_currency(world.create_currency_args());
    world.chain.assert_refused(&call, 0, error);
}

/// The SPL Token program's "invalid mint".
const INVALID_MINT: InstructionError = InstructionError::Custom(2);

/// Makes an account another program's, with the same bytes.
fn give_to(world: &mut World, address: &Pubkey, owner: Pubkey) {
    world.chain.edit(address, |account| account.owner = owner);
}

#[test]
fn create_currency_on_a_token_2022_mint_rejects() {
    refuses_mint(
        |world| give_to(world, &world.mint.clone(), TOKEN_2022),
        InstructionError::IncorrectProgramId,
    );
}

#[test]
fn create_currency_with_token_2022_collateral_rejects() {
    refuses_mint(
        |world| give_to(world, &world.stable_mint.clone(), TOKEN_2022),
        InstructionError::IncorrectProgramId,
    );
}

#[test]
fn create_currency_on_an_uninitialised_mint_rejects() {
    refuses_mint(
        |world| {
            let mint = world.mint;
            world
                .chain
                .edit(&mint, |account| account.data = vec![0; Mint::LEN]);
        },
        INVALID_MINT,
    );
}

#[test]
fn create_currency_with_a_token_account_as_collateral_mint_rejects() {
    refuses_mint(|world| world.stable_mint = world.treasury, INVALID_MINT);
}

#[test]
fn create_currency_with_another_token_program_rejects() {
    let mut world = World::unfounded(0);
    let call = world.create_currency(world.create_currency_args());
    let call = call.replacing(address::TOKEN_PROGRAM, TOKEN_2022);
    world.refuses(&call, ErrorCode::DeclaredProgramIdMismatch);
}

#[test]
fn create_currency_without_the_authoritys_signature_rejects() {
    let mut world = World::unfounded(0);
    let call = world.create_currency(world.create_currency_args());
    let call = call.unsigned(&world.authority);
    world.refuses(&call, ErrorCode::ConstraintSigner);
}

#[test]
fn create_currency_twice_rejects() {
    let mut world = World::new();
    let call = world.create_currency(world.create_currency_args());
    let last = call.instructions.len() - 1;
    // The System program's "account already in use".
    let in_use = InstructionError::Custom(0);
    world.chain.assert_refused(&call, last, in_use);
}

#[test]
fn create_currency_at_another_address_rejects() {
    let mut world = World::unfounded(0);
    let call = world.create_currency(world.create_currency_args());
    let elsewhere = Party::named(0, "elsewhere").address();
    let standard = address::standard(&world.currency);
    let call = call.replacing(standard, elsewhere);
    world.refuses(&call, ErrorCode::ConstraintSeeds);
}
