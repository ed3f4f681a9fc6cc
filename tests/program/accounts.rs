//! Every account of every instruction in turn, replaced by one that only looks like it.

use {
    anchor_lang::{Discriminator, Error, ErrorCode},
    solana_pubkey::{Pubkey, pubkey},
    solana_sdk_ids::system_program,
    specie_client::{
        account::SpecieAccount,
        address::TOKEN_PROGRAM,
        state::{Change, Currency, Pool, Quorum, Stake, Standard, Vault, Voucher},
    },
    specie_tests::world::{Call, PROXY, World, instruction_error, life},
    std::collections::BTreeMap,
};

const TOKEN_2022: Pubkey = pubkey!("TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb");

/// The positions at which a call names an account that the program owns.
fn own_slots(world: &World, call: &Call) -> Vec<(usize, Pubkey)> {
    let ours = call.ours_ref();
    let metas = ours.accounts.iter().enumerate();
    metas
        .filter(|(_, meta)| {
            let account = world.chain.account(&meta.pubkey);
            account.is_some_and(|account| account.owner == specie::ID)
        })
        .map(|(slot, meta)| (slot, meta.pubkey))
        .collect()
}

/// Calls `wrong` with every step of a life; panics unless every instruction of the program came by.
fn for_every_instruction(mut wrong: impl FnMut(&mut World, &Call)) {
    let mut seen = BTreeMap::new();
    life(0, |name, world, call| {
        if seen.insert(name, ()).is_none() {
            wrong(world, call);
        }
        world.ok(call);
    });
    assert!(seen.len() >= 25, "{seen:?}");
}

#[test]
fn a_look_alike_owned_by_another_program_rejects_everywhere() {
    let mut cases = 0;
    for_every_instruction(|world, call| {
        for (slot, address) in own_slots(world, call) {
            let mut account = world.chain.account(&address).unwrap();
            account.owner = PROXY;
            let look_alike = Pubkey::new_unique();
            world.chain.put(&look_alike, account);
            let call = call.clone().at(slot, look_alike);
            world.refuses(&call, ErrorCode::ConstraintOwner);
            cases += 1;
        }
    });
    assert!(cases >= 40, "{cases}");
}

#[test]
fn another_of_the_programs_own_accounts_rejects_everywhere() {
    let mut cases = 0;
    for_every_instruction(|world, call| {
        let own: Vec<(Pubkey, Vec<u8>)> = [
            sample::<Currency>(world),
            sample::<Standard>(world),
            sample::<Quorum>(world),
            sample::<Pool>(world),
            sample::<Stake>(world),
            sample::<Vault>(world),
            sample::<Voucher>(world),
            sample::<Change>(world),
        ]
        .into_iter()
        .flatten()
        .collect();
        for (slot, address) in own_slots(world, call) {
            let kind = &world.chain.account(&address).unwrap().data[..8];
            let kind = kind.to_vec();
            for (other, data) in own.iter().filter(|(_, data)| data[..8] != kind) {
                let named = call.ours_ref().accounts.iter();
                let twice = named.clone().any(|meta| meta.pubkey == *other);
                let swapped = call.clone().at(slot, *other);
                let ours = swapped.instructions.len() - 1;
                let before = world.chain.named(&swapped.instructions);
                let outcome = world.chain.send(&swapped);
                let mut expected = vec![
                    // Too short for the kind, or of another kind.
                    instruction_error(Error::AccountDataTooSmall),
                    instruction_error(Error::InvalidAccountData),
                ];
                if twice {
                    expected.push(instruction_error(
                        ErrorCode::ConstraintDuplicateMutableAccount,
                    ));
                    expected.push(instruction_error(Error::AccountBorrowFailed));
                }
                let Some(solana_transaction_error::TransactionError::InstructionError(at, error)) =
                    outcome.error
                else {
                    panic!("{slot} took {:?}\n{}", &data[..8], outcome.logs.join("\n"));
                };
                assert_eq!(usize::from(at), ours);
                assert!(
                    expected.contains(&error),
                    "{error:?}\n{}",
                    outcome.logs.join("\n")
                );
                assert!(before == world.chain.named(&swapped.instructions));
                cases += 1;
            }
        }
    });
    assert!(cases >= 150, "{cases}");
}

fn sample<T: SpecieAccount + Discriminator>(world: &World) -> Option<(Pubkey, Vec<u8>)> {
    let (address, _) = world.all::<T>().into_iter().next()?;
    Some((address, world.chain.account(&address)?.data))
}

#[test]
fn a_substituted_token_or_system_program_rejects_everywhere() {
    let mut cases = 0;
    for_every_instruction(|world, call| {
        for (program, substitute) in [
            (TOKEN_PROGRAM, TOKEN_2022),
            (TOKEN_PROGRAM, system_program::ID),
            (system_program::ID, TOKEN_PROGRAM),
        ] {
            let ours = call.ours_ref();
            let slot = ours.accounts.iter().position(|meta| meta.pubkey == program);
            let Some(slot) = slot else { continue };
            let call = call.clone().at(slot, substitute);
            world.refuses(&call, ErrorCode::DeclaredProgramIdMismatch);
            cases += 1;
        }
    });
    assert!(cases >= 20, "{cases}");
}

#[test]
fn a_missing_account_rejects_everywhere() {
    for_every_instruction(|world, call| {
        let mut call = call.clone();
        let accounts = &mut call.ours().accounts;
        // What a settlement lacks first are its receipts' accounts, which have an error of their own.
        let keep = if accounts.len() >= 5
            && accounts[2].pubkey == solana_sdk_ids::sysvar::instructions::ID
        {
            2
        } else {
            accounts.len() - 1
        };
        accounts.truncate(keep);
        let named: Vec<Pubkey> = accounts.iter().map(|meta| meta.pubkey).collect();
        call.signers
            .retain(|signer| named.contains(&signer.address()));
        world.refuses(&call, ErrorCode::AccountNotEnoughKeys);
    });
}

#[test]
fn unknown_or_truncated_instruction_data_rejects_everywhere() {
    for_every_instruction(|world, call| {
        let mut unknown = call.clone();
        unknown.ours().data[0] = 255;
        world.refuses(&unknown, ErrorCode::InstructionFallbackNotFound);
        let mut truncated = call.clone();
        if truncated.ours().data.len() > 1 {
            truncated.ours().data.pop();
            world.refuses(&truncated, ErrorCode::InstructionDidNotDeserialize);
        }
    });
}
