//! Capacity: what the quorum measured, what of it counts, and what it still delivers.

use super::{
    Broken, CLOCK_SKEW, Economy, LEAP_MAX, Outcome, Refusal, Status, Vault, Who, action::Signing,
};

/// Furthest end of a pledge, from its measurement.
const PLEDGE_MAX: i64 = 5 * 365 * 86_400;
/// Highest rate.
const RATE_MAX: u64 = 1_000_000_000_000;

/// A measurement.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Measure {
    /// TFLOP/s.
    pub rate: u64,
    /// Until when it is pledged.
    pub ends_at: i64,
    /// When it was measured; 0 = never.
    pub attested_at: i64,
    /// Which inventory was measured.
    pub inventory: u8,
}

impl Measure {
    /// Work that it delivers from now on: unused compute perishes.
    pub fn work(&self, now: i64) -> u128 {
        u128::from(self.rate) * (self.ends_at - now).max(0) as u128
    }
}

impl Vault {
    /// What counts now, and what still waits: a pending measurement whose wait is over counts.
    pub fn measured(&self, now: i64) -> (Measure, Option<(Measure, i64)>) {
        match self.pending {
            Some((measure, effective_at)) if effective_at <= now => (measure, None),
            pending => (self.attested, pending),
        }
    }

    /// Makes it so.
    pub fn promote(&mut self, now: i64) {
        (self.attested, self.pending) = self.measured(now);
    }

    /// When the measurement that counts is too old to back new promises.
    fn expires_at(&self, economy: &Economy) -> i64 {
        self.measured(economy.now).0.attested_at + economy.currency.rules.attestation_ttl as i64
    }

    /// Work that backs new promises.
    pub fn capacity_for_issuing(&self, economy: &Economy) -> u128 {
        let expired = economy.now > self.expires_at(economy);
        if expired {
            0
        } else {
            self.measured(economy.now).0.work(economy.now)
        }
    }

    /// Whether its compute does not count, because it does not serve: it owes a penalty, and owed it when it was called (or is
    /// to be called now), so that it had all the time to pay it. One that failed so counts again when it pays.
    pub fn is_distrusted(&self) -> bool {
        let came_later = self.margin_called_at > 0 && self.penalized_at > self.margin_called_at;
        self.penalty > 0 && (self.status == Status::Defaulted || !came_later)
    }

    /// Work that keeps a vault from a margin call: an old measurement is ignored only if the quorum was at work
    /// since it ran out.
    pub fn capacity_for_margin(&self, economy: &Economy) -> u128 {
        if self.is_distrusted() {
            return 0;
        }
        let expires_at = self.expires_at(economy);
        let expired = economy.now > expires_at && economy.quorum.last_seen_at > expires_at;
        if expired {
            0
        } else {
            self.measured(economy.now).0.work(economy.now)
        }
    }
}

impl Economy {
    /// The quorum attests a vault's capacity.
    pub fn attest_capacity(
        &mut self,
        vault: u8,
        rate: u64,
        ends_at: i64,
        attested_at: i64,
        step: i64,
        signing: Signing,
    ) -> Outcome {
        let (rules, now) = (&self.currency.rules, self.now);
        let mut after = self.vault(vault)?;
        let mut broken = Broken::default();
        self.require_signed(signing, &mut broken);
        broken.unless(step > 0, Refusal::AttestationNotNewer);
        broken.unless(step <= LEAP_MAX, Refusal::SequenceTooFarAhead);
        broken.unless(rate <= RATE_MAX, Refusal::RateOutOfBounds);
        broken.unless(attested_at <= now + CLOCK_SKEW, Refusal::SignedInFuture);
        broken.unless(
            now - attested_at <= rules.attestation_ttl as i64,
            Refusal::SignedTooOld,
        );
        broken.unless(ends_at - attested_at <= PLEDGE_MAX, Refusal::PledgeTooLong);
        broken.unless(
            attested_at >= after.opened_at,
            Refusal::MeasuredBeforeOpening,
        );
        broken.end()?;

        after.attestation_sequence = after.attestation_sequence.saturating_add_signed(step);
        let inventory = after.attestation_sequence as u8;
        let new = Measure {
            rate,
            ends_at,
            attested_at,
            inventory,
        };
        after.promote(now);
        let old = after.attested;
        let rises = rate > old.rate || ends_at > old.ends_at || attested_at > old.attested_at;
        // What fell counts at once, each part for itself.
        after.attested = Measure {
            rate: old.rate.min(rate),
            ends_at: old.ends_at.min(ends_at),
            attested_at: old.attested_at.min(attested_at),
            inventory: if rises { old.inventory } else { inventory },
        };
        after.pending = match after.pending {
            _ if !rises => None,
            // What does not exceed what waits takes its place, and its older time of measurement.
            Some((waits, effective_at)) if rate <= waits.rate && ends_at <= waits.ends_at => {
                let attested_at = attested_at.min(waits.attested_at);
                Some((Measure { attested_at, ..new }, effective_at))
            }
            _ => Some((new, now + rules.attestation_delay as i64)),
        };
        self.vaults.insert(vault, after);
        Ok(())
    }

    /// An attestor removes what waits.
    pub fn veto_attestation(&mut self, vault: u8, by: Who) -> Outcome {
        let mut after = self.vault(vault)?;
        let mut broken = Broken::default();
        broken.unless(self.quorum.keys.contains(&by), Refusal::NotAttestor);
        after.promote(self.now);
        broken.unless(after.pending.is_some(), Refusal::NothingPending);
        broken.end()?;
        after.pending = None;
        self.vaults.insert(vault, after);
        Ok(())
    }
}
