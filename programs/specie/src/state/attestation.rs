use {
    super::{Params, Vault},
    crate::{
        constants::{CLOCK_SKEW, PLEDGE_MAX, RATE_MAX},
        errors::SpecieError,
        units::*,
    },
    anchor_lang::prelude::*,
};

/// Capacity as the quorum measured it.
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
pub struct Attestation {
    /// Sustained rate.
    pub rate: Rate,
    /// When the hardware leaves the pledge.
    pub ends_at: Timestamp,
    /// When it was measured; 0 = never.
    pub attested_at: Timestamp,
    /// SHA-256 of the published inventory of devices.
    pub inventory_hash: [u8; 32],
}

impl Attestation {
    /// Work that the pledge still delivers; 0 once the attestation is older than `ttl`.
    #[inline(always)]
    pub fn work(&self, ttl: Seconds, now: Timestamp) -> Result<u128> {
        Ok(if now <= self.attested_at.after(ttl)? {
            self.rate.work_until(self.ends_at, now)
        } else {
            0
        })
    }
}

/// An attestation that waits, open to the veto of any one attestor.
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
pub struct Pending {
    /// What was attested.
    pub attestation: Attestation,
    /// When it begins to count; 0 = nothing is pending.
    pub effective_at: Timestamp,
}

impl Vault {
    /// Takes a capacity that the quorum signed.
    ///
    /// What fell counts at once, rate, end and time of measurement each for itself. What rose waits for
    /// `attestation_delay`. Where something waits already and this does not exceed it, this takes its place in the queue
    /// and its older time of measurement; otherwise the wait begins anew.
    pub fn attest(
        &mut self,
        capacity: &specie_wire::Capacity,
        params: &Params,
        now: Timestamp,
    ) -> Result<()> {
        let new = Attestation {
            rate: Rate::new(capacity.rate),
            ends_at: Timestamp::new(capacity.ends_at),
            attested_at: Timestamp::new(capacity.attested_at),
            inventory_hash: capacity.inventory_hash,
        };
        let sequence = Sequence::new(capacity.sequence);
        require!(
            sequence > self.attestation_sequence,
            SpecieError::AttestationNotNewer
        );
        sequence.require_near(self.attestation_sequence)?;
        require!(new.rate <= RATE_MAX, SpecieError::RateOutOfBounds);
        require!(
            new.attested_at <= now.after(CLOCK_SKEW)?,
            SpecieError::SignedInFuture
        );
        require!(
            now <= new.attested_at.after(params.attestation_ttl)?,
            SpecieError::SignedTooOld
        );
        require!(
            new.ends_at <= new.attested_at.after(PLEDGE_MAX)?,
            SpecieError::PledgeTooLong
        );
        require!(
            new.attested_at >= self.opened_at,
            SpecieError::MeasuredBeforeOpening
        );

        self.attestation_sequence = sequence;
        self.promote_pending(now);
        let current = &mut self.attested;
        let rises = new.rate > current.rate
            || new.ends_at > current.ends_at
            || new.attested_at > current.attested_at;
        current.rate = current.rate.min(new.rate);
        current.ends_at = current.ends_at.min(new.ends_at);
        current.attested_at = current.attested_at.min(new.attested_at);
        if !rises {
            current.inventory_hash = new.inventory_hash;
            self.drop_pending();
            return Ok(());
        }
        let waiting = self.pending;
        let within = !waiting.effective_at.is_zero()
            && new.rate <= waiting.attestation.rate
            && new.ends_at <= waiting.attestation.ends_at;
        self.pending = if within {
            Pending {
                attestation: Attestation {
                    attested_at: new.attested_at.min(waiting.attestation.attested_at),
                    ..new
                },
                ..waiting
            }
        } else {
            Pending {
                attestation: new,
                effective_at: now.after(params.attestation_delay)?,
            }
        };
        Ok(())
    }

    /// Makes a pending attestation count whose wait is over.
    #[inline(always)]
    pub fn promote_pending(&mut self, now: Timestamp) {
        if !self.pending.effective_at.is_zero() && self.pending.effective_at <= now {
            self.attested = self.pending.attestation;
            self.drop_pending();
        }
    }

    /// Removes the pending attestation on an attestor's veto; one whose wait is over counts already.
    pub fn veto_pending(&mut self, now: Timestamp) -> Result<()> {
        self.promote_pending(now);
        require!(
            !self.pending.effective_at.is_zero(),
            SpecieError::NothingPending
        );
        self.drop_pending();
        Ok(())
    }

    #[inline(always)]
    fn drop_pending(&mut self) {
        self.pending = bytemuck::Zeroable::zeroed();
    }
}

#[cfg(test)]
mod tests {
    use {super::*, crate::constants::SEQUENCE_LEAP_MAX, bytemuck::Zeroable};

    const NOW: i64 = 1_000_000;
    const DELAY: i64 = 3_600;
    const DAY: i64 = 86_400;

    fn capacity(sequence: u64, rate: u64, ends_at: i64, attested_at: i64) -> specie_wire::Capacity {
        specie_wire::Capacity {
            currency: [0; 32],
            vault: [0; 32],
            inventory_hash: [sequence as u8; 32],
            quorum_epoch: 1,
            sequence,
            rate,
            ends_at,
            attested_at,
        }
    }

    fn attest(vault: &mut Vault, capacity: &specie_wire::Capacity, now: i64) -> Result<()> {
        vault.attest(capacity, &Params::default(), Timestamp::new(now))
    }

    /// A vault of 100 TFLOP/s until ten days from `NOW`, measured at `NOW`; the time is `NOW + DELAY`.
    fn attested() -> Vault {
        let mut vault = Vault::zeroed();
        attest(&mut vault, &capacity(1, 100, NOW + 10 * DAY, NOW), NOW).unwrap();
        vault.promote_pending(Timestamp::new(NOW + DELAY));
        assert_eq!(vault.attested.rate, Rate::new(100));
        vault
    }

    #[test]
    fn the_first_attestation_waits() {
        let mut vault = Vault::zeroed();
        attest(&mut vault, &capacity(1, 100, NOW + 10 * DAY, NOW), NOW).unwrap();
        vault.promote_pending(Timestamp::new(NOW + DELAY - 1));
        assert_eq!(vault.attested, Attestation::zeroed());
        vault.promote_pending(Timestamp::new(NOW + DELAY));
        assert_eq!(vault.attested.rate, Rate::new(100));
        assert_eq!(vault.pending, Pending::zeroed());
    }

    #[test]
    fn a_fall_counts_at_once_and_a_rise_waits_each_part_for_itself() {
        let mut vault = attested();
        let now = NOW + DAY;
        attest(&mut vault, &capacity(2, 60, NOW + 20 * DAY, now), now).unwrap();
        assert_eq!(vault.attested.rate, Rate::new(60));
        assert_eq!(vault.attested.ends_at, Timestamp::new(NOW + 10 * DAY));
        assert_eq!(vault.attested.attested_at, Timestamp::new(NOW));
        vault.promote_pending(Timestamp::new(now + DELAY));
        assert_eq!(vault.attested.rate, Rate::new(60));
        assert_eq!(vault.attested.ends_at, Timestamp::new(NOW + 20 * DAY));
        assert_eq!(vault.attested.attested_at, Timestamp::new(now));
    }

    #[test]
    fn whatever_part_rises_it_waits() {
        let now = NOW + DELAY;
        for (rate, ends_at, attested_at) in [
            (101, NOW + 10 * DAY, NOW),
            (100, NOW + 10 * DAY + 1, NOW),
            (100, NOW + 10 * DAY, NOW + 1),
        ] {
            let mut vault = attested();
            let before = vault.attested;
            let risen = capacity(2, rate, ends_at, attested_at);
            attest(&mut vault, &risen, now).unwrap();
            assert_eq!(vault.attested, before);
            assert_eq!(vault.pending.attestation.inventory_hash, [2; 32]);
            assert_eq!(vault.pending.effective_at, Timestamp::new(now + DELAY));
        }
    }

    #[test]
    fn what_rises_in_nothing_counts_at_once_and_nothing_waits_any_more() {
        for less in [0, 1] {
            let mut vault = attested();
            let now = NOW + DAY;
            attest(&mut vault, &capacity(2, 200, NOW + 20 * DAY, now), now).unwrap();
            let (ends_at, attested_at) = (NOW + 10 * DAY - less, NOW - less);
            let rate = 100 - less.unsigned_abs();
            attest(&mut vault, &capacity(3, rate, ends_at, attested_at), now).unwrap();
            let expected = Attestation {
                rate: Rate::new(rate),
                ends_at: Timestamp::new(ends_at),
                attested_at: Timestamp::new(attested_at),
                inventory_hash: [3; 32],
            };
            assert_eq!(vault.attested, expected);
            assert_eq!(vault.pending, Pending::zeroed());
        }
    }

    #[test]
    fn what_does_not_exceed_the_pending_one_takes_its_place() {
        let mut vault = attested();
        let now = NOW + DAY;
        attest(&mut vault, &capacity(2, 200, NOW + 20 * DAY, now), now).unwrap();
        attest(
            &mut vault,
            &capacity(3, 150, NOW + 20 * DAY, now + 60),
            now + 60,
        )
        .unwrap();
        assert_eq!(vault.pending.effective_at, Timestamp::new(now + DELAY));
        assert_eq!(vault.pending.attestation.rate, Rate::new(150));
        assert_eq!(vault.pending.attestation.attested_at, Timestamp::new(now));
        attest(
            &mut vault,
            &capacity(4, 151, NOW + 20 * DAY, now + 120),
            now + 120,
        )
        .unwrap();
        assert_eq!(
            vault.pending.effective_at,
            Timestamp::new(now + 120 + DELAY)
        );
    }

    #[test]
    fn a_rise_after_a_matured_one_keeps_the_matured() {
        let mut vault = attested();
        attest(
            &mut vault,
            &capacity(2, 200, NOW + 20 * DAY, NOW + DAY),
            NOW + DAY,
        )
        .unwrap();
        attest(
            &mut vault,
            &capacity(3, 300, NOW + 20 * DAY, NOW + 2 * DAY),
            NOW + 2 * DAY,
        )
        .unwrap();
        assert_eq!(vault.attested.rate, Rate::new(200));
        assert_eq!(vault.pending.attestation.rate, Rate::new(300));
    }

    #[test]
    fn a_veto_removes_only_what_still_waits() {
        let mut vault = attested();
        let nothing = Err(SpecieError::NothingPending.into());
        assert_eq!(vault.veto_pending(Timestamp::new(NOW + DAY)), nothing);
        attest(
            &mut vault,
            &capacity(2, 200, NOW + 20 * DAY, NOW + DAY),
            NOW + DAY,
        )
        .unwrap();
        assert_eq!(
            vault.veto_pending(Timestamp::new(NOW + DAY + DELAY - 1)),
            Ok(())
        );
        assert_eq!(vault.attested.rate, Rate::new(100));
        assert_eq!(vault.pending, Pending::zeroed());
        attest(
            &mut vault,
            &capacity(3, 200, NOW + 20 * DAY, NOW + 2 * DAY),
            NOW + 2 * DAY,
        )
        .unwrap();
        assert_eq!(
            vault.veto_pending(Timestamp::new(NOW + 2 * DAY + DELAY)),
            nothing
        );
    }

    #[test]
    fn what_was_measured_before_the_vault_was_opened_rejects() {
        let mut vault = Vault::zeroed();
        vault.opened_at = Timestamp::new(NOW);
        let early = capacity(1, 100, NOW + DAY, NOW - 1);
        assert_eq!(
            attest(&mut vault, &early, NOW),
            Err(SpecieError::MeasuredBeforeOpening.into())
        );
        let in_time = capacity(1, 100, NOW + DAY, NOW);
        assert_eq!(attest(&mut vault, &in_time, NOW), Ok(()));
    }

    #[test]
    fn what_is_out_of_bounds_rejects() {
        let mut vault = attested();
        let before = vault;
        let now = NOW + DAY;
        let cases = [
            (
                capacity(1, 100, now + DAY, now),
                SpecieError::AttestationNotNewer,
            ),
            (
                capacity(SEQUENCE_LEAP_MAX.get() + 2, 100, now + DAY, now),
                SpecieError::SequenceTooFarAhead,
            ),
            (
                capacity(2, RATE_MAX.get() + 1, now + DAY, now),
                SpecieError::RateOutOfBounds,
            ),
            (
                capacity(2, 100, now + DAY, now + 61),
                SpecieError::SignedInFuture,
            ),
            (
                capacity(2, 100, now + DAY, now - 7 * DAY - 1),
                SpecieError::SignedTooOld,
            ),
            (
                capacity(2, 100, now + 1_825 * DAY + 1, now),
                SpecieError::PledgeTooLong,
            ),
            (capacity(2, 100, i64::MAX, now), SpecieError::PledgeTooLong),
            (
                capacity(2, 100, i64::MAX, i64::MAX),
                SpecieError::SignedInFuture,
            ),
            (capacity(2, 100, now, i64::MIN), SpecieError::SignedTooOld),
        ];
        for (capacity, error) in cases {
            assert_eq!(attest(&mut vault, &capacity, now), Err(error.into()));
        }
        assert_eq!(bytemuck::bytes_of(&vault), bytemuck::bytes_of(&before));
    }
}
