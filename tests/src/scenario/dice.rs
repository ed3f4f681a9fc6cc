//! Chance that repeats itself: SplitMix64, and floating point by the four operations that are the same everywhere.

/// A seeded sequence of numbers.
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn seeded(seed: u64) -> Self {
        Self(seed)
    }

    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 up to, and without, 1.
    pub(super) fn share(&mut self) -> f64 {
        (self.roll() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// A number from `least` up to, and without, `most`.
    pub(super) fn between(&mut self, least: f64, most: f64) -> f64 {
        least + (most - least) * self.share()
    }

    /// Whether something of this probability happens.
    pub(super) fn chance(&mut self, probability: f64) -> bool {
        self.share() < probability
    }

    /// A number around 0 of about unit variance, never beyond ±3.5.
    pub(super) fn bell(&mut self) -> f64 {
        let sum: f64 = (0..4).map(|_| self.between(-1.0, 1.0)).sum();
        sum * 0.866
    }

    /// How many of `count` things happen of which each has this small probability.
    pub(super) fn few_of(&mut self, count: u64, probability: f64) -> u64 {
        (0..count).filter(|_| self.chance(probability)).count() as u64
    }

    /// An index, each as probable as its weight says; `None` where no weight is above 0.
    pub(super) fn pick(&mut self, weights: &[f64]) -> Option<usize> {
        let total: f64 = weights.iter().sum();
        if total <= 0.0 {
            return None;
        }
        let mut rest = self.share() * total;
        for (index, weight) in weights.iter().enumerate() {
            rest -= weight;
            if rest < 0.0 {
                return Some(index);
            }
        }
        weights.iter().rposition(|weight| *weight > 0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_weighs_nothing_is_never_picked() {
        let mut dice = Dice::seeded(1);
        let picks: Vec<_> = (0..100)
            .filter_map(|_| dice.pick(&[0.0, 2.0, 1.0, 0.0]))
            .collect();
        assert_eq!(picks.len(), 100);
        assert!(picks.contains(&1) && picks.contains(&2));
        assert!(!picks.contains(&0) && !picks.contains(&3));
        assert_eq!(dice.pick(&[0.0, 0.0]), None);
    }

    #[test]
    fn a_seed_repeats_itself() {
        let rolls = |seed| {
            let mut dice = Dice::seeded(seed);
            (0..10).map(|_| dice.roll()).collect::<Vec<_>>()
        };
        assert_eq!(rolls(7), rolls(7));
        assert_ne!(rolls(7), rolls(8));
    }
}
