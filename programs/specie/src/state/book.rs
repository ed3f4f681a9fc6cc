use {
    crate::{
        errors::SpecieError,
        math::{mul_div, Rounding},
        units::*,
    },
    anchor_lang::prelude::*,
};

/// What one token is backed by: what all vaults owe to token holders, over the tokens that they owe it for, and never more
/// than one unit a token. Computed from [`Book`] and supply, never stored but for a default's vouchers.
///
/// Two u64, and products of 128 bits: there is no scale that runs out.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    bytemuck::Pod,
    bytemuck::Zeroable,
    AnchorSerialize,
    AnchorDeserialize,
    IdlType,
)]
#[repr(C)]
pub struct Backing {
    /// Units owed to token holders.
    pub owed: Units,
    /// Tokens that they are owed for: the supply, and those that vouchers of defaulted vaults stand for.
    pub tokens: Tokens,
}

impl Backing {
    /// One unit a token.
    pub const FULL: Self = Self {
        owed: Units::new(1),
        tokens: Tokens::new(1),
    };

    /// So many units for so many tokens.
    #[cfg(test)]
    pub(crate) const fn of(owed: u64, tokens: u64) -> Self {
        Self {
            owed: Units::new(owed),
            tokens: Tokens::new(tokens),
        }
    }

    /// Whether a token stands for a whole unit: nothing was lost, or what is owed above it has made up for it.
    #[inline(always)]
    pub fn is_full(self) -> bool {
        self.owed.get() >= self.tokens.get()
    }

    /// The most tokens that some units may stand for, rounded down; [`Tokens::MAX`] where that is more than can be
    /// counted, as where nothing is owed.
    pub fn most_tokens(self, units: Units) -> Tokens {
        if self.is_full() {
            return Tokens::new(units.get());
        }
        let (owed, tokens) = (self.owed.get(), self.tokens.get());
        mul_div(units.get(), tokens, owed, Rounding::Down).map_or(Tokens::MAX, Tokens::new)
    }
}

impl Tokens {
    /// More than anybody has.
    pub const MAX: Self = Self::new(u64::MAX);

    /// The units that these tokens stand for.
    #[inline(always)]
    pub fn units(self, backing: Backing, rounding: Rounding) -> Result<Units> {
        // Until a loss was taken a token is its face, and the division is worth saving.
        if backing.is_full() {
            return Ok(Units::new(self.get()));
        }
        let (owed, tokens) = (backing.owed.get(), backing.tokens.get());
        mul_div(self.get(), owed, tokens, rounding).map(Units::new)
    }
}

/// What all vaults of a currency owe to token holders together. Address: `["book", currency]`.
///
/// The rules are in the currency, which is only read; these sums move with every issue, redemption and return.
#[account]
pub struct Book {
    /// Layout version.
    pub version: u8,
    /// Bump of this address.
    pub bump: u8,
    /// Unused, zero.
    pub padding: [u8; 6],
    /// The currency.
    pub currency: Address,
    /// Σ outstanding over all vaults, exactly.
    pub owed: Units,
    /// Tokens that open vouchers of defaulted vaults still stand for: Σ `defaulted` over all vaults.
    pub defaulted: Tokens,
    /// Zero, for later versions.
    pub reserved: [u8; 64],
}

impl Book {
    /// What a token is backed by, at a supply.
    #[inline(always)]
    pub fn backing(&self, supply: Tokens) -> Backing {
        // More tokens than can be counted are not fewer: nothing that is asked for here may fail for it.
        let tokens = supply.get().saturating_add(self.defaulted.get());
        Backing {
            owed: self.owed,
            tokens: Tokens::new(tokens),
        }
    }

    /// Counts units that a vault owes to token holders from now on.
    #[inline(always)]
    pub fn owe(&mut self, units: Units) -> Result<()> {
        self.owed = self.owed.plus(units)?;
        Ok(())
    }

    /// Counts units out that a vault does not owe to token holders any more.
    #[inline(always)]
    pub fn discharge(&mut self, units: Units) -> Result<()> {
        self.owed = self.owed.minus(units)?;
        Ok(())
    }

    /// Refuses another currency's book.
    pub fn require_of(&self, currency: &Address) -> Result<()> {
        require!(self.currency == *currency, SpecieError::BookMismatch);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use {super::*, bytemuck::Zeroable};

    fn backing(owed: u64, tokens: u64) -> Backing {
        Backing::of(owed, tokens)
    }

    fn units(tokens: u64, backing: Backing, rounding: Rounding) -> u64 {
        Tokens::new(tokens).units(backing, rounding).unwrap().get()
    }

    #[test]
    fn a_token_is_never_backed_by_more_than_a_unit() {
        for full in [backing(0, 0), backing(5, 0), backing(7, 7), backing(9, 7)] {
            assert!(full.is_full());
            assert_eq!(units(3, full, Rounding::Down), 3);
            assert_eq!(full.most_tokens(Units::new(3)), Tokens::new(3));
        }
    }

    #[test]
    fn a_token_stands_for_its_share_of_what_is_owed() {
        let two_thirds = backing(2, 3);
        assert_eq!(units(4, two_thirds, Rounding::Down), 2);
        assert_eq!(units(4, two_thirds, Rounding::Up), 3);
        assert_eq!(two_thirds.most_tokens(Units::new(3)), Tokens::new(4));
    }

    #[test]
    fn where_nothing_is_owed_units_may_stand_for_any_number_of_tokens() {
        assert_eq!(backing(0, 3).most_tokens(Units::new(1)), Tokens::MAX);
        assert_eq!(units(3, backing(0, 3), Rounding::Up), 0);
        let hardly_any = backing(1, u64::MAX);
        assert_eq!(hardly_any.most_tokens(Units::new(2)), Tokens::MAX);
    }

    #[test]
    fn tokens_of_defaulted_vaults_vouchers_count_beside_the_supply() {
        let book = Book {
            owed: Units::new(70),
            defaulted: Tokens::new(40),
            ..Book::zeroed()
        };
        assert_eq!(book.backing(Tokens::new(60)), backing(70, 100));
        assert_eq!(book.backing(Tokens::MAX), backing(70, u64::MAX));
    }

    #[test]
    fn what_is_owed_is_counted_in_and_out_and_never_below_nothing() {
        let mut book = Book::zeroed();
        let overflow = Err(SpecieError::Overflow.into());
        assert_eq!(book.owe(Units::new(5)), Ok(()));
        assert_eq!(book.owe(Units::new(u64::MAX)), overflow);
        assert_eq!(book.discharge(Units::new(6)), overflow);
        assert_eq!(book.discharge(Units::new(5)), Ok(()));
        assert_eq!(book.owed, Units::ZERO);
    }

    #[test]
    fn the_book_of_another_currency_rejects() {
        let of = |n| Address::new_from_array([n; 32]);
        let book = Book {
            currency: of(1),
            ..Book::zeroed()
        };
        assert_eq!(book.require_of(&of(1)), Ok(()));
        let mismatch = Err(SpecieError::BookMismatch.into());
        assert_eq!(book.require_of(&of(2)), mismatch);
    }
}
