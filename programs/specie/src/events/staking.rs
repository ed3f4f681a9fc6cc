//! Of the revenue and those who stake for it.

use {
    crate::{state::RevenueSplit, units::*},
    anchor_lang::prelude::*,
};

/// Revenue was split.
#[event(bytemuck)]
pub struct Distributed {
    /// The currency.
    pub currency: Address,
    /// To the stakers, over the time to come.
    pub to_stakers: Quote,
    /// To the insurance account.
    pub to_insurance: Quote,
    /// To the treasury.
    pub to_treasury: Quote,
    /// What could not be paid, and waits in the revenue account for each.
    pub waiting: RevenueSplit,
    /// Still to be spread over stakers.
    pub streaming: Quote,
    /// When all of it has been spread, if somebody stakes all the while.
    pub streams_until: Timestamp,
}

/// A holder staked tokens.
#[event(bytemuck)]
pub struct Staked {
    /// The stake.
    pub stake: Address,
    /// The pool.
    pub pool: Address,
    /// Who.
    pub owner: Address,
    /// How many.
    pub tokens: Tokens,
    /// What the stake holds now.
    pub staked: Tokens,
    /// What all have staked now.
    pub staked_by_all: Tokens,
}

/// A holder took staked tokens back.
#[event(bytemuck)]
pub struct Unstaked {
    /// The stake.
    pub stake: Address,
    /// The pool.
    pub pool: Address,
    /// Who.
    pub owner: Address,
    /// How many.
    pub tokens: Tokens,
    /// What the stake holds now.
    pub staked: Tokens,
    /// What all have staked now.
    pub staked_by_all: Tokens,
}

/// A holder was paid rewards; with nothing staked any more the stake's account is closed.
#[event(bytemuck)]
pub struct Claimed {
    /// The stake.
    pub stake: Address,
    /// The pool.
    pub pool: Address,
    /// Who.
    pub owner: Address,
    /// How much.
    pub rewards: Quote,
    /// What the stake holds still.
    pub staked: Tokens,
}
