//! The chain's clock, read once by each handler and passed on.

use {
    crate::units::Timestamp,
    anchor_lang::prelude::{Clock, PinocchioSysvar, Result},
};

/// The time of the block that this runs in.
#[inline(always)]
pub fn now() -> Result<Timestamp> {
    Ok(Timestamp::new(Clock::get()?.unix_timestamp))
}
