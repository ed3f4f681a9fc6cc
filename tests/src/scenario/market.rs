//! What compute costs and who wants it, step by step: a seeded walk, and the crashes of history laid over it.

use super::{
    dice::Dice,
    plan::{CRASHES, Crash, FIRST_PRICE, STEPS},
};

/// What the market does in a step.
#[derive(Clone, Copy)]
pub(super) struct Moment {
    /// What one SCU trades at, in collateral base units.
    pub(super) price: f64,
    /// What is left of the usual demand for tokens.
    pub(super) demand: f64,
    /// By how much more than usual holders redeem.
    pub(super) run: f64,
}

/// The whole year's market.
pub(super) fn year(dice: &mut Dice) -> Vec<Moment> {
    let mut base = FIRST_PRICE;
    (0..STEPS)
        .map(|step| {
            base *= 1.0 + 0.000_3 + 0.006 * dice.bell();
            let mut moment = Moment {
                price: base,
                demand: 1.0,
                run: 1.0,
            };
            for crash in &CRASHES {
                moment.price *= crash.price(step);
                moment.demand *= crash.faded(step, crash.demand);
                moment.run *= crash.faded(step, crash.run);
            }
            moment
        })
        .collect()
}

impl Crash {
    /// The first step at the bottom.
    pub(super) fn bottom_at(&self) -> usize {
        self.at + self.fall
    }

    /// What the crash leaves of the price: it falls in a line, recovers in a line, and never quite.
    fn price(&self, step: usize) -> f64 {
        if step < self.bottom_at() {
            return 1.0 - (1.0 - self.bottom) * progress(step, self.at, self.fall);
        }
        self.bottom
            + (self.recovered - self.bottom) * progress(step, self.bottom_at(), self.recovery)
    }

    /// A factor that is there at once when the crash begins and fades while the price recovers.
    fn faded(&self, step: usize, factor: f64) -> f64 {
        if step < self.at {
            return 1.0;
        }
        let faded = progress(step, self.bottom_at(), self.recovery);
        factor + (1.0 - factor) * faded
    }
}

/// How much of `length` steps from `start` has passed: 0 to 1.
fn progress(step: usize, start: usize, length: usize) -> f64 {
    (step.saturating_sub(start) as f64 / length as f64).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crash_falls_as_deep_as_history_says_and_recovers_partly() {
        for crash in &CRASHES {
            assert_eq!(crash.price(crash.at), 1.0);
            assert!((crash.price(crash.bottom_at()) - crash.bottom).abs() < 1e-9);
            let recovered = crash.price(crash.bottom_at() + crash.recovery);
            assert!((recovered - crash.recovered).abs() < 1e-9);
            assert_eq!(crash.faded(crash.at - 1, crash.demand), 1.0);
            assert_eq!(crash.faded(crash.bottom_at(), crash.run), crash.run);
        }
    }

    #[test]
    fn crashes_stand_in_the_order_of_history() {
        let starts = CRASHES.map(|crash| crash.at);
        assert!(starts.is_sorted() && starts[4] < STEPS);
    }
}
