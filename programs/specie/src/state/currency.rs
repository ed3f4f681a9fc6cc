use {
    super::{ChangeKind, Params},
    crate::{constants::seeds, errors::SpecieError, units::*},
    anchor_lang::prelude::*,
    pinocchio::cpi::Seed,
};

/// A currency: who governs it, and by which rules. Address: `["currency", mint]`.
///
/// It is the authority of the mint and the owner of its revenue and insurance accounts.
#[account]
pub struct Currency {
    /// Layout version.
    pub version: u8,
    /// Bump of this address.
    pub bump: u8,
    /// Unused, zero.
    pub padding: [u8; 6],
    /// Admits vaults and schedules changes.
    pub authority: Address,
    /// May pause, suspend vaults and cancel scheduled changes; nothing else.
    pub guardian: Address,
    /// The token's mint.
    pub mint: Address,
    /// Mint of the collateral token.
    pub collateral_mint: Address,
    /// Genesis hash of the cluster: signed messages name it, so that none counts on another cluster.
    pub cluster: [u8; 32],
    /// Token account of the treasury's part of the revenue.
    pub treasury: Address,
    /// Token account `["revenue", currency]`, which fees go to.
    pub revenue: Address,
    /// Token account `["insurance", currency]`.
    pub insurance: Address,
    /// The staking pool.
    pub pool: Address,
    /// Until when issuing and withdrawing are paused; 0 = not paused.
    pub paused_until: Timestamp,
    /// Index of the next scheduled change.
    pub next_change: Sequence,
    /// Part of the insurance account that running liquidations may still take.
    pub insurance_reserved: Quote,
    /// The rules.
    pub params: Params,
    /// Zero, for later versions.
    pub reserved: [u8; 96],
}

impl Currency {
    /// The seeds that this currency signs with.
    #[inline(always)]
    pub fn signer_seeds<'a>(&'a self, bump: &'a [u8; 1]) -> [Seed<'a>; 3] {
        [
            Seed::from(seeds::CURRENCY),
            Seed::from(self.mint.as_ref()),
            Seed::from(bump.as_slice()),
        ]
    }

    /// Refuses with [`SpecieError::Paused`] while a pause lasts.
    #[inline(always)]
    pub fn require_not_paused(&self, now: Timestamp) -> Result<()> {
        require!(self.paused_until <= now, SpecieError::Paused);
        Ok(())
    }

    /// `Running → Paused`, or a longer or shorter pause, within `pause_max`.
    pub fn pause(&mut self, until: Timestamp, now: Timestamp) -> Result<()> {
        require!(
            until > now && until <= now.after(self.params.pause_max)?,
            SpecieError::PauseOutOfBounds
        );
        self.paused_until = until;
        Ok(())
    }

    /// `Paused → Running`.
    pub fn resume(&mut self, now: Timestamp) -> Result<()> {
        require!(self.paused_until > now, SpecieError::NotPaused);
        self.paused_until = Timestamp::ZERO;
        Ok(())
    }

    /// Refuses with [`SpecieError::NotAuthorityNorGuardian`] anybody else than those two.
    pub fn require_authority_or_guardian(&self, who: &Address) -> Result<()> {
        require!(
            *who == self.authority || *who == self.guardian,
            SpecieError::NotAuthorityNorGuardian
        );
        Ok(())
    }

    /// Refuses unless `who` may cancel a change of `kind`: the authority any, the guardian all but its own replacement.
    pub fn require_may_cancel(&self, who: &Address, kind: ChangeKind) -> Result<()> {
        self.require_authority_or_guardian(who)?;
        require!(
            *who == self.authority || kind != ChangeKind::Guardian,
            SpecieError::GuardianCannotCancelOwnReplacement
        );
        Ok(())
    }

    /// Takes the number of the next change.
    pub fn number_change(&mut self) -> Result<Sequence> {
        let index = self.next_change;
        self.next_change = index.plus(Sequence::new(1))?;
        Ok(index)
    }

    /// Goes by new rules from now on.
    pub fn adopt(&mut self, params: Params) -> Result<()> {
        params.validate()?;
        self.params = params;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use {super::*, bytemuck::Zeroable};

    fn currency() -> Currency {
        Currency {
            params: Params {
                pause_max: Seconds::new(50),
                ..Params::default()
            },
            ..Currency::zeroed()
        }
    }

    const NOW: Timestamp = Timestamp::new(1_000);

    #[test]
    fn a_pause_is_bounded_and_ends_by_itself() {
        let mut currency = currency();
        let out_of_bounds = Err(SpecieError::PauseOutOfBounds.into());
        assert_eq!(currency.pause(NOW, NOW), out_of_bounds);
        assert_eq!(currency.pause(Timestamp::new(1_051), NOW), out_of_bounds);
        assert_eq!(currency.pause(Timestamp::new(1_050), NOW), Ok(()));
        assert_eq!(
            currency.require_not_paused(Timestamp::new(1_049)),
            Err(SpecieError::Paused.into())
        );
        assert_eq!(currency.require_not_paused(Timestamp::new(1_050)), Ok(()));
        assert_eq!(
            currency.resume(Timestamp::new(1_050)),
            Err(SpecieError::NotPaused.into())
        );
        assert_eq!(currency.resume(NOW), Ok(()));
        assert_eq!(currency.require_not_paused(NOW), Ok(()));
    }

    #[test]
    fn the_guardian_cancels_all_but_its_own_replacement() {
        let key = |n| Address::new_from_array([n; 32]);
        let mut currency = currency();
        (currency.authority, currency.guardian) = (key(1), key(2));
        let cancel = |currency: &Currency, who, kind| currency.require_may_cancel(&key(who), kind);
        assert_eq!(cancel(&currency, 1, ChangeKind::Guardian), Ok(()));
        assert_eq!(cancel(&currency, 2, ChangeKind::Authority), Ok(()));
        assert_eq!(
            cancel(&currency, 2, ChangeKind::Guardian),
            Err(SpecieError::GuardianCannotCancelOwnReplacement.into())
        );
        assert_eq!(
            cancel(&currency, 3, ChangeKind::Params),
            Err(SpecieError::NotAuthorityNorGuardian.into())
        );
        // One key that is both is the authority.
        currency.guardian = key(1);
        assert_eq!(cancel(&currency, 1, ChangeKind::Guardian), Ok(()));
    }

    #[test]
    fn no_number_of_a_change_comes_twice() {
        let mut currency = currency();
        assert_eq!(currency.number_change(), Ok(Sequence::new(0)));
        assert_eq!(currency.number_change(), Ok(Sequence::new(1)));
    }

    #[test]
    fn rules_out_of_bounds_are_not_adopted() {
        let mut currency = currency();
        let before = currency.params;
        let unbounded = Params {
            fee: Bps::new(1_001),
            ..Params::default()
        };
        assert_eq!(
            currency.adopt(unbounded),
            Err(SpecieError::ParamOutOfBounds.into())
        );
        assert_eq!(currency.params, before);
        assert_eq!(currency.adopt(Params::default()), Ok(()));
        assert_eq!(currency.params, Params::default());
    }
}
