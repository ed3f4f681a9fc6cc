//! Of a currency: its rules, its quorum's price, and changes of either.

use {
    crate::{
        state::{Params, ScheduledProposal},
        units::*,
    },
    anchor_lang::{pod::PodU32, prelude::*},
};

/// A currency was created.
#[event(bytemuck)]
pub struct CurrencyCreated {
    /// The currency.
    pub currency: Address,
    /// The currency's mint.
    pub mint: Address,
    /// Mint of its collateral.
    pub collateral_mint: Address,
    /// The currency's authority.
    pub authority: Address,
    /// The currency's guardian.
    pub guardian: Address,
    /// Genesis hash of its cluster.
    pub cluster: [u8; 32],
    /// The currency's first Standard.
    pub work_per_scu: WorkPerScu,
    /// The quorum's first epoch.
    pub quorum_epoch: PodU32,
    /// The currency's rules.
    pub params: Params,
}

/// Issuing and withdrawing are paused.
#[event(bytemuck)]
pub struct Paused {
    /// The currency.
    pub currency: Address,
    /// Until when.
    pub until: Timestamp,
}

/// A pause ended early.
#[event(bytemuck)]
pub struct Resumed {
    /// The currency.
    pub currency: Address,
}

/// The quorum posted a price.
#[event(bytemuck)]
pub struct PricePosted {
    /// The currency.
    pub currency: Address,
    /// The price's number.
    pub price_sequence: Sequence,
    /// The price.
    pub price: Price,
    /// When it was observed.
    pub published_at: Timestamp,
    /// The price that collateral answers for now.
    pub cautious_price: Price,
    /// When it was taken.
    pub seen_at: Timestamp,
    /// How long the quorum has been silent in all.
    pub silent: Seconds,
}

/// A change was scheduled.
#[event(bytemuck)]
pub struct ChangeScheduled {
    /// The change's account.
    pub change: Address,
    /// All of it.
    pub proposal: ScheduledProposal,
    /// The currency.
    pub currency: Address,
    /// The change's number.
    pub index: Sequence,
    /// From when it may be executed.
    pub eta: Timestamp,
}

/// A change was executed; what it changed stands in its [`ChangeScheduled`].
#[event(bytemuck)]
pub struct ChangeExecuted {
    /// The change's account, which is closed.
    pub change: Address,
    /// The currency.
    pub currency: Address,
    /// The change's number.
    pub index: Sequence,
    /// The Standard now.
    pub work_per_scu: WorkPerScu,
    /// The quorum's epoch now.
    pub quorum_epoch: PodU32,
    /// Which kind of change it was.
    pub kind: u8,
}

/// A change was cancelled.
#[event(bytemuck)]
pub struct ChangeCancelled {
    /// The change's account, which is closed.
    pub change: Address,
    /// The currency.
    pub currency: Address,
    /// The change's number.
    pub index: Sequence,
    /// Who cancelled it.
    pub by: Address,
}
