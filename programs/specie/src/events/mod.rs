//! What each instruction tells the world: one event, with the state after it, so that an indexer can rebuild every balance
//! from events alone and check it against the accounts. Each is of fixed size, but for [`Settled`], which is as long as it
//! has receipts.

mod currency;
mod settled;
mod staking;
mod vault;
mod voucher;

use anchor_lang::{event::sol_log_data, Discriminator};

pub use {currency::*, settled::*, staking::*, vault::*, voucher::*};

/// An event as it stands in the log. No field is aligned, so there is no padding between.
#[repr(C)]
struct Logged<E> {
    discriminator: [u8; 8],
    event: E,
}

/// What an event begins with.
#[inline(always)]
fn discriminator<E: Discriminator>() -> [u8; 8] {
    let mut discriminator = [0; 8];
    discriminator.copy_from_slice(E::DISCRIMINATOR);
    discriminator
}

/// Tells the world. Anchor's `emit!` allocates and copies the event once more, which costs about 80 compute units.
#[inline(always)]
pub fn emit<E: bytemuck::Pod + Discriminator>(event: E) {
    const { assert!(align_of::<E>() == 1 && E::DISCRIMINATOR.len() == 8) };
    let logged = Logged {
        discriminator: discriminator::<E>(),
        event,
    };
    // SAFETY: both parts are plain bytes, and stand without padding.
    let bytes = unsafe {
        core::slice::from_raw_parts((&raw const logged).cast::<u8>(), size_of::<Logged<E>>())
    };
    sol_log_data(&[bytes]);
}
