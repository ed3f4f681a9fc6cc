//! Currencies founded, and changes of governance.

use {
    super::Generator,
    crate::stage::{GOVERNORS, TREASURIES},
    rand::Rng,
    specie_tests::model::{
        Economy, Rules, Who,
        action::{Action, Proposal},
        arithmetic::{WHOLE, down},
    },
};

impl Generator {
    pub(super) fn create_currency(&mut self, model: &Economy) -> Action {
        if self.mints == 0 || self.rng.random_bool(0.9) {
            self.mints += 1;
        }
        let (rule, value) = self.rule(&model.currency.rules);
        let (threshold, keys) = self.quorum();
        let supply = u64::from(self.rng.random_bool(0.1));
        let work = if self.rng.random_bool(0.9) {
            2_844_000
        } else {
            self.amount(1_000_000_000_000)
        };
        Action::CreateCurrency {
            mint: self.mints,
            supply,
            rule,
            value,
            threshold,
            keys,
            work,
        }
    }

    /// A rule and a value for it: usually near the present one, otherwise around its bounds.
    pub(super) fn rule(&mut self, rules: &Rules) -> (u8, u64) {
        let rule = self.rng.random_range(0..Rules::COUNT);
        let (least, most) = Rules::BOUNDS[rule];
        let present = rules.values()[rule];
        let value = match self.rng.random_range(0..10) {
            0 => least.saturating_sub(1),
            1 => least,
            2 => most.saturating_add(1).min(u32::MAX.into()),
            _ => self
                .rng
                .random_range(present / 2..=present.saturating_mul(2)),
        };
        // Changes that would end the story soon: a currency whose every time is the longest.
        let times = (12..Rules::COUNT - 3).contains(&rule);
        let value = if times {
            value.min(present.max(least) * 2)
        } else {
            value
        };
        (rule as u8, value)
    }

    pub(super) fn quorum(&mut self) -> (u8, u32) {
        let keys: u32 = self.rng.random_range(1..1 << crate::stage::ATTESTORS);
        let count = keys.count_ones() as u8;
        let threshold = match self.rng.random_range(0..12) {
            0 => count + 1,
            1 => 0,
            _ => self.rng.random_range(1..=count.min(3)),
        };
        (threshold, if self.rng.random_bool(0.05) { 0 } else { keys })
    }

    pub(super) fn change(&mut self, model: &Economy) -> Option<u32> {
        let due = model
            .changes
            .iter()
            .filter(|(_, change)| model.now >= change.eta);
        let due: Vec<u32> = due.map(|(label, _)| *label).collect();
        let all: Vec<u32> = model.changes.keys().copied().collect();
        if self.rng.random_bool(0.5) {
            self.pick(&due).or(self.pick(&all))
        } else {
            self.pick(&all)
        }
    }

    pub(super) fn proposal(&mut self, model: &Economy) -> Proposal {
        let n = self.rng.random_range(0..GOVERNORS);
        match self.rng.random_range(0..10) {
            0..3 => {
                let (rule, value) = self.rule(&model.currency.rules);
                Proposal::Rule(rule, value)
            }
            3 | 4 => {
                let (present, step) = (
                    model.standard.work_per_scu,
                    model.currency.rules.standard_max_step,
                );
                let most = down(present, u128::from(step), WHOLE) as u64;
                Proposal::Standard(present.saturating_add(self.amount(most)))
            }
            5 => {
                let (threshold, keys) = self.quorum();
                Proposal::Quorum(threshold, keys)
            }
            6 => Proposal::Authority(Who::Authority(n)),
            7 => Proposal::Guardian(Who::Guardian(n)),
            8 => Proposal::Treasury(n % TREASURIES),
            _ => {
                let vault = self.vault(model);
                let present = model.vaults.get(&vault).map_or(0, |vault| vault.limit);
                Proposal::VaultLimit(vault, self.amount(present.saturating_mul(2)))
            }
        }
    }
}
