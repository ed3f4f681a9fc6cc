//! Revenue, and staking for it.

use super::instruction;
use crate::address::{self, TOKEN_PROGRAM};
use solana_instruction::Instruction;
use solana_pubkey::Pubkey;
use solana_sdk_ids::system_program;
use specie::{accounts, instruction as data, units::Tokens};

/// Splits a currency's revenue; `treasury` is the account that the currency records.
pub fn distribute(currency: Pubkey, treasury: Pubkey) -> Instruction {
    let pool = address::pool(&currency);
    let accounts = accounts::Distribute {
        currency,
        pool,
        revenue: address::revenue(&currency),
        rewards: address::rewards(&pool),
        insurance: address::insurance(&currency),
        treasury,
        token_program: TOKEN_PROGRAM,
    };
    instruction(accounts, data::Distribute {})
}

/// Stakes token base units of `owner`'s token account `from` in a pool.
pub fn stake(pool: Pubkey, owner: Pubkey, from: Pubkey, tokens: u64) -> Instruction {
    let (stake, bump) = address::stake_and_bump(&pool, &owner);
    let accounts = accounts::StakeTokens {
        owner,
        pool,
        stake,
        from,
        staked_account: address::staked(&pool),
        token_program: TOKEN_PROGRAM,
        system_program: system_program::ID,
    };
    let tokens = Tokens::new(tokens);
    instruction(accounts, data::Stake { tokens, bump })
}

/// Takes staked token base units back to the token account `to`.
pub fn unstake(pool: Pubkey, owner: Pubkey, to: Pubkey, tokens: u64) -> Instruction {
    let accounts = accounts::UnstakeTokens {
        owner,
        pool,
        stake: address::stake(&pool, &owner),
        staked_account: address::staked(&pool),
        to,
        token_program: TOKEN_PROGRAM,
    };
    let tokens = Tokens::new(tokens);
    instruction(accounts, data::Unstake { tokens })
}

/// Pays the rewards of `owner`'s stake to the token account `to`; a stake of nothing closes.
pub fn claim(pool: Pubkey, owner: Pubkey, to: Pubkey) -> Instruction {
    let accounts = accounts::ClaimRewards {
        owner,
        pool,
        stake: address::stake(&pool, &owner),
        rewards_account: address::rewards(&pool),
        to,
        token_program: TOKEN_PROGRAM,
    };
    instruction(accounts, data::Claim {})
}
