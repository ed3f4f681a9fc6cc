//! What the year showed of each thing that the currency promises, from its samples and its chronicle.

use super::{
    Stage,
    chronicle::Failure,
    measure::Sample,
    plan::{DAY, SILENCE},
};

/// A claim that is met to within this part of it is met: conversions round to units.
const ROUNDING: f64 = 1e-9;

/// When claims could not be redeemed in full, and what the chain said of it.
pub(super) struct Shortfalls {
    /// Steps in which a vault was margin-called, and the least in kind of them.
    pub(super) called: (usize, f64),
    /// Steps in which none was, but a default's shortage was being bought back, and the least in kind of them.
    pub(super) defaulted: (usize, f64),
    /// Steps with neither.
    pub(super) unannounced: (usize, f64),
    /// Steps in which the chain counted a vendor that had vanished, and the least that the others would have served.
    pub(super) unseen: (usize, f64),
}

impl Stage {
    pub(super) fn shortfalls(&self) -> Shortfalls {
        let count = |falls_short: &dyn Fn(&Sample) -> Option<f64>| {
            let short: Vec<f64> = self.samples.iter().filter_map(falls_short).collect();
            (short.len(), short.iter().copied().fold(1.0, f64::min))
        };
        let of = |share: f64, state: bool| (state && share < 1.0 - ROUNDING).then_some(share);
        Shortfalls {
            called: count(&|s| of(s.kind_share(), s.called > 0)),
            defaulted: count(&|s| of(s.kind_share(), s.called == 0 && s.shortage > 0)),
            unannounced: count(&|s| of(s.kind_share(), s.called == 0 && s.shortage == 0)),
            unseen: count(&|s| of(s.true_kind_share(), s.truly_in_kind < s.in_kind)),
        }
    }

    /// Steps in which backing fell, and how many of them had no default.
    pub(super) fn haircuts(&self) -> (usize, usize) {
        let fell = |step: &usize| {
            let before = &self.samples[step - 1];
            self.samples[*step].backing < before.backing
        };
        let steps: Vec<usize> = (1..self.samples.len()).filter(fell).collect();
        let defaulted = |step: &usize| {
            let defaults = self.defaults();
            defaults.iter().any(|(_, default)| default.step == *step)
        };
        let without = steps.iter().filter(|step| !defaulted(step)).count();
        (steps.len(), without)
    }

    /// Every failure that ended in a default.
    pub(super) fn defaults(&self) -> Vec<(&Failure, super::chronicle::Default)> {
        let failures = self.chronicle.failures.iter();
        failures.filter_map(|f| Some((f, f.default?))).collect()
    }

    /// Margin calls while all attestors were silent.
    pub(super) fn calls_in_silence(&self) -> usize {
        let called = self.chronicle.failures.iter().filter_map(|f| f.called);
        called.filter(|step| SILENCE.contains(step)).count()
    }

    /// The sample with the least of something, and its day.
    pub(super) fn least(&self, of: impl Fn(&Sample) -> f64) -> (usize, f64) {
        let values = self.samples.iter().map(of).enumerate();
        // The first weeks sell the first tokens: nothing is to be learned from them.
        let values = values.skip(20 * DAY);
        values.fold((0, f64::INFINITY), |least, next| {
            if next.1 < least.1 { next } else { least }
        })
    }
}
