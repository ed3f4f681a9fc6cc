//! What each instruction tells the world: one event of fixed size, with the state after it, so that an indexer can
//! rebuild every balance from events alone and check it against the accounts.

mod currency;
mod staking;
mod vault;
mod voucher;

pub use {currency::*, staking::*, vault::*, voucher::*};
