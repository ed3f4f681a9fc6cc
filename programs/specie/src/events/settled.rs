//! Of receipts that were settled: as many as came together.

use {
    super::{discriminator, Logged},
    crate::{constants::RECEIPTS_MAX, state::Balances, units::*},
    anchor_lang::prelude::*,
    bytemuck::Zeroable,
    core::mem::{offset_of, MaybeUninit},
};

/// Receipts were settled, one to five of one vault's.
#[derive(Clone, Copy, bytemuck::Pod, bytemuck::Zeroable)]
#[repr(C)]
#[event]
pub struct Settled {
    /// The vault.
    pub vault: Address,
    /// What it holds and owes now.
    pub balances: Balances,
    /// What became of each receipt's voucher, in order.
    pub receipts: SettledReceipts,
}

/// What became of a receipt's voucher.
#[derive(
    Clone, Copy, bytemuck::Pod, bytemuck::Zeroable, AnchorSerialize, AnchorDeserialize, IdlType,
)]
#[repr(C)]
pub struct SettledReceipt {
    /// The voucher; with `settled` at all its units it is closed.
    pub voucher: Address,
    /// Units consumed in all.
    pub settled: Units,
}

/// What became of one to five receipts' vouchers.
///
/// In the log only so many stand as there are, behind their number: a vector, as clients know it.
#[derive(Clone, Copy, bytemuck::Pod, bytemuck::Zeroable, AnchorSerialize, AnchorDeserialize)]
#[repr(C)]
pub struct SettledReceipts {
    count: [u8; 4],
    receipts: [SettledReceipt; RECEIPTS_MAX],
}

impl SettledReceipts {
    /// The receipts, in order.
    pub fn as_slice(&self) -> &[SettledReceipt] {
        let count = u32::from_le_bytes(self.count) as usize;
        self.receipts.get(..count).unwrap_or(&self.receipts)
    }
}

impl Settled {
    /// How long the event is in the log, without its discriminator, in bytes, for so many receipts.
    #[inline(always)]
    pub const fn len(receipts: usize) -> usize {
        const FULL: usize = size_of::<SettledReceipt>().strict_mul(RECEIPTS_MAX);
        const EMPTY: usize = size_of::<Settled>().strict_sub(FULL);
        EMPTY.wrapping_add(size_of::<SettledReceipt>().wrapping_mul(receipts))
    }

    /// The event as it stands in the log, behind its discriminator.
    pub fn bytes(&self) -> &[u8] {
        let len = Self::len(self.receipts.as_slice().len());
        let bytes = bytemuck::bytes_of(self);
        bytes.get(..len).unwrap_or(bytes)
    }

    /// Reads the event from the log, behind its discriminator; `None` for what is not one, to the byte.
    pub fn decode(body: &[u8]) -> Option<Self> {
        let mut event = Self::zeroed();
        let bytes = bytemuck::bytes_of_mut(&mut event);
        bytes.get_mut(..body.len())?.copy_from_slice(body);
        let count = u32::from_le_bytes(event.receipts.count) as usize;
        let fits = (1..=RECEIPTS_MAX).contains(&count) && body.len() == Self::len(count);
        fits.then_some(event)
    }
}

/// The event of a settlement, put together receipt by receipt: one for all of them, because logging anything costs two
/// hundred compute units.
///
/// It is [`Settled`] as it stands in the log. What is not written yet is not set to zero either: copies of three hundred
/// bytes cost more than what a receipt is checked for.
#[repr(C)]
pub struct Settling {
    discriminator: [u8; 8],
    vault: Address,
    balances: MaybeUninit<Balances>,
    count: u32,
    receipts: [MaybeUninit<SettledReceipt>; RECEIPTS_MAX],
}

impl Settling {
    /// Of a vault, without a receipt.
    #[inline(always)]
    pub fn of(vault: Address) -> Self {
        Self {
            discriminator: discriminator::<Settled>(),
            vault,
            balances: MaybeUninit::uninit(),
            count: 0,
            receipts: [const { MaybeUninit::uninit() }; RECEIPTS_MAX],
        }
    }

    /// Adds what became of a receipt's voucher; more than fit refuse.
    #[inline(always)]
    pub fn add(&mut self, voucher: &Address, settled: Units) -> Result<()> {
        let place = self.receipts.get_mut(self.count as usize);
        let place = place.ok_or(Error::InvalidArgument)?;
        place.write(SettledReceipt {
            voucher: *voucher,
            settled,
        });
        self.count = self.count.wrapping_add(1);
        Ok(())
    }

    /// Tells the world, with what the vault holds and owes now.
    #[inline(always)]
    pub fn emit(&mut self, balances: Balances) {
        self.balances.write(balances);
        const {
            assert!(size_of::<Self>() == size_of::<Logged<Settled>>());
            assert!(offset_of!(Self, count) == offset_of!(Logged<Settled>, event.receipts.count));
        };
        let len = Settled::len(self.count as usize).wrapping_add(self.discriminator.len());
        // SAFETY: the balances were just written and the first `count` receipts before, none of which are more than there
        // is room for; nothing stands between fields, and a number's bytes stand as they are logged.
        let bytes = unsafe { core::slice::from_raw_parts((&raw const *self).cast::<u8>(), len) };
        sol_log_data(&[bytes]);
    }
}

#[cfg(feature = "idl-build")]
impl anchor_lang::IdlAccountType for SettledReceipts {
    const __IDL_TYPE_DEF: Option<&'static str> = Some(
        r#"{"name":"SettledReceipts","docs":["What became of one to five receipts' vouchers"],"type":{"kind":"type","alias":{"vec":{"defined":{"name":"SettledReceipt"}}}}}"#,
    );

    fn __register_idl_deps(
        accounts: &mut anchor_lang::__alloc::vec::Vec<&'static str>,
        types: &mut anchor_lang::__alloc::vec::Vec<&'static str>,
    ) {
        types.extend(<Self as anchor_lang::IdlAccountType>::__IDL_TYPE_DEF);
        SettledReceipt::__register_idl_deps(accounts, types);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(count: usize) -> Settled {
        let mut event = Settled::zeroed();
        event.receipts.count = (count as u32).to_le_bytes();
        for (i, receipt) in event.receipts.receipts.iter_mut().take(count).enumerate() {
            receipt.settled = Units::new(i as u64 + 1);
        }
        event
    }

    #[test]
    fn as_many_receipts_are_read_as_are_logged() {
        for count in 1..=RECEIPTS_MAX {
            let logged = event(count);
            assert_eq!(logged.bytes().len(), 92 + 40 * count);
            let read = Settled::decode(logged.bytes()).unwrap();
            assert_eq!(read.bytes(), logged.bytes());
            let settled: Vec<u64> = read
                .receipts
                .as_slice()
                .iter()
                .map(|r| r.settled.get())
                .collect();
            assert_eq!(settled, (1..=count as u64).collect::<Vec<_>>());
        }
    }

    #[test]
    fn another_length_than_the_number_of_receipts_says_is_none() {
        for (count, len) in [(1, 2), (2, 1), (0, 0), (6, 5), (5, 6)] {
            let mut logged = bytemuck::bytes_of(&event(count.min(5))).to_vec();
            logged[88..92].copy_from_slice(&(count as u32).to_le_bytes());
            logged.resize(92 + 40 * len, 0);
            assert!(Settled::decode(&logged).is_none(), "{count} {len}");
        }
        let logged = event(1);
        assert!(Settled::decode(&bytemuck::bytes_of(&logged)[..131]).is_none());
    }
}
