//! Who acts and where money lies, by name: the model knows no addresses.

use std::{fmt, str::FromStr};

/// Whoever may act in a world.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Who {
    /// A key that is, was or may become the currency's authority.
    Authority(u8),
    /// A key that is, was or may become the guardian.
    Guardian(u8),
    /// A vendor.
    Vendor(u8),
    /// A key that operates vaults.
    Operator(u8),
    /// A key that signs vouchers off chain.
    Issuer(u8),
    /// Somebody who buys, redeems and stakes.
    Holder(u8),
    /// A key that is, was or may become one of the quorum's.
    Attestor(u8),
    /// Somebody without any part in it.
    Stranger(u8),
}

/// A kind's name, and what makes somebody of it from a number.
type Kind = (&'static str, fn(u8) -> Who);

impl Who {
    const KINDS: [Kind; 8] = [
        ("authority", Who::Authority),
        ("guardian", Who::Guardian),
        ("vendor", Who::Vendor),
        ("operator", Who::Operator),
        ("issuer", Who::Issuer),
        ("holder", Who::Holder),
        ("attestor", Who::Attestor),
        ("stranger", Who::Stranger),
    ];

    fn parts(self) -> (usize, u8) {
        match self {
            Who::Authority(n) => (0, n),
            Who::Guardian(n) => (1, n),
            Who::Vendor(n) => (2, n),
            Who::Operator(n) => (3, n),
            Who::Issuer(n) => (4, n),
            Who::Holder(n) => (5, n),
            Who::Attestor(n) => (6, n),
            Who::Stranger(n) => (7, n),
        }
    }
}

impl fmt::Display for Who {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (kind, number) = self.parts();
        write!(f, "{}{number}", Self::KINDS[kind].0)
    }
}

impl FromStr for Who {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let unknown = || format!("{text} is nobody");
        let digits = text.find(|c: char| c.is_ascii_digit());
        let (kind, number) = text.split_at(digits.ok_or_else(unknown)?);
        let kinds = Self::KINDS.iter();
        let (_, who) = kinds
            .clone()
            .find(|(name, _)| *name == kind)
            .ok_or_else(unknown)?;
        Ok(who(number.parse().map_err(|_| unknown())?))
    }
}

/// Which of a world's two tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coin {
    /// The collateral token.
    Stable,
    /// The currency's token.
    Token,
}

/// A token account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Purse {
    /// Somebody's account of the collateral token.
    Stable(Who),
    /// Somebody's account of the currency's token.
    Tokens(Who),
    /// What a vendor's sales pay to, of the collateral token; nobody spends from it.
    Payout(u8),
    /// A treasury's account of the collateral token; nobody spends from it.
    Treasury(u8),
    /// A vault's collateral, by the vault's founder.
    Collateral(u8),
    /// The currency's revenue.
    Revenue,
    /// The currency's insurance.
    Insurance,
    /// The pool's staked tokens.
    Staked,
    /// The pool's rewards.
    Rewards,
}

impl Purse {
    /// What lies in it.
    pub fn coin(self) -> Coin {
        match self {
            Purse::Tokens(_) | Purse::Staked => Coin::Token,
            _ => Coin::Stable,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_reads_as_it_is_written() {
        for (kind, (_, who)) in Who::KINDS.iter().enumerate() {
            let who = who(17);
            assert_eq!(who.parts(), (kind, 17));
            assert_eq!(who.to_string().parse(), Ok(who));
        }
        assert!("holder".parse::<Who>().is_err());
        assert!("nobody3".parse::<Who>().is_err());
    }
}
