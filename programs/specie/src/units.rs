//! One type per unit, so that two amounts of different meaning never meet.
//!
//! Each is its integer in little-endian bytes with alignment 1: it stands in accounts, events and instruction data as
//! itself. Arithmetic is checked; what would wrap refuses with [`SpecieError::Overflow`].

use {
    crate::{constants::SEQUENCE_LEAP_MAX, errors::SpecieError},
    anchor_lang::prelude::*,
};

macro_rules! unit {
    ($(#[$doc:meta])* $name:ident($integer:ident), $idl:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Default, PartialEq, Eq, bytemuck::Pod, bytemuck::Zeroable)]
        #[derive(AnchorSerialize, AnchorDeserialize)]
        #[repr(transparent)]
        pub struct $name([u8; size_of::<$integer>()]);

        impl $name {
            /// Nothing of it.
            pub const ZERO: Self = Self::new(0);

            /// An amount of this unit.
            #[inline(always)]
            pub const fn new(value: $integer) -> Self {
                Self(value.to_le_bytes())
            }

            /// The bare number.
            #[inline(always)]
            pub const fn get(self) -> $integer {
                <$integer>::from_le_bytes(self.0)
            }

            /// Whether there is nothing of it.
            #[inline(always)]
            pub const fn is_zero(self) -> bool {
                self.get() == 0
            }

            /// The sum, or [`SpecieError::Overflow`].
            #[inline(always)]
            pub fn plus(self, other: Self) -> Result<Self> {
                match self.get().checked_add(other.get()) {
                    Some(sum) => Ok(Self::new(sum)),
                    None => Err(SpecieError::Overflow.into()),
                }
            }

            /// The difference, or [`SpecieError::Overflow`] where it would be below what the type holds.
            #[inline(always)]
            pub fn minus(self, other: Self) -> Result<Self> {
                match self.get().checked_sub(other.get()) {
                    Some(difference) => Ok(Self::new(difference)),
                    None => Err(SpecieError::Overflow.into()),
                }
            }
        }

        impl PartialOrd for $name {
            #[inline(always)]
            fn partial_cmp(&self, other: &Self) -> Option<core::cmp::Ordering> {
                Some(self.cmp(other))
            }
        }

        impl Ord for $name {
            #[inline(always)]
            fn cmp(&self, other: &Self) -> core::cmp::Ordering {
                self.get().cmp(&other.get())
            }
        }

        impl core::fmt::Debug for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                write!(f, "{}({})", stringify!($name), self.get())
            }
        }

        #[cfg(feature = "idl-build")]
        impl anchor_lang::IdlAccountType for $name {
            const __IDL_TYPE_DEF: Option<&'static str> = Some(concat!(
                r#"{"name":""#, stringify!($name), r#"","docs":[""#, $idl,
                r#""],"type":{"kind":"type","alias":""#, stringify!($integer), r#""}}"#
            ));

            fn __register_idl_deps(
                _accounts: &mut anchor_lang::__alloc::vec::Vec<&'static str>,
                types: &mut anchor_lang::__alloc::vec::Vec<&'static str>,
            ) {
                types.extend(<Self as anchor_lang::IdlAccountType>::__IDL_TYPE_DEF);
            }
        }
    };
}

unit! {
    /// Compute owed: 10⁻⁶ SCU.
    Units(u64), "Compute owed: 10^-6 SCU"
}
unit! {
    /// The token's base units: 10⁻⁶ of a whole token.
    Tokens(u64), "The token's base units: 10^-6 of a whole token"
}
unit! {
    /// Floating-point work: 10¹² operations, dense BF16, sustained (TFLOP).
    Work(u64), "Floating-point work: 10^12 operations, dense BF16, sustained (TFLOP)"
}
unit! {
    /// What hardware sustains: TFLOP/s.
    Rate(u64), "What hardware sustains: TFLOP/s"
}
unit! {
    /// The Standard: TFLOP that one SCU stands for.
    WorkPerScu(u64), "The Standard: TFLOP that one SCU stands for"
}
unit! {
    /// The collateral token's base units.
    Quote(u64), "The collateral token's base units"
}
unit! {
    /// Collateral base units per SCU.
    Price(u64), "Collateral base units per SCU"
}
unit! {
    /// Parts per 10,000.
    Bps(u32), "Parts per 10,000"
}
unit! {
    /// A length of time in seconds.
    Seconds(u32), "A length of time in seconds"
}
unit! {
    /// A Unix time in seconds; 0 means never or none where a field says so.
    Timestamp(i64), "A Unix time in seconds"
}
unit! {
    /// A native balance.
    LamportAmount(u64), "A native balance"
}
unit! {
    /// A number that only rises, so that nothing signed is applied twice.
    Sequence(u64), "A number that only rises"
}

unit! {
    /// How many there are.
    Count(u64), "How many there are"
}

impl Sequence {
    /// Refuses with [`SpecieError::SequenceTooFarAhead`] a number that leaps too far beyond the last.
    #[inline(always)]
    pub fn require_near(self, last: Self) -> Result<()> {
        require!(
            self.get().saturating_sub(last.get()) <= SEQUENCE_LEAP_MAX.get(),
            SpecieError::SequenceTooFarAhead
        );
        Ok(())
    }
}

impl Timestamp {
    /// This time, `seconds` later; [`SpecieError::Overflow`] past the end of time.
    #[inline(always)]
    pub fn after(self, seconds: Seconds) -> Result<Self> {
        let time = self.get().wrapping_add(i64::from(seconds.get()));
        // Seconds are never negative: a sum below this time is one that wrapped.
        require!(time >= self.get(), SpecieError::Overflow);
        Ok(Self::new(time))
    }

    /// Seconds from `earlier` to this, 0 if that is later.
    #[inline(always)]
    pub fn since(self, earlier: Self) -> u64 {
        // A difference that does not fit i64 is not a length of time that any rule here counts to.
        self.get()
            .saturating_sub(earlier.get())
            .max(0)
            .unsigned_abs()
    }
}
