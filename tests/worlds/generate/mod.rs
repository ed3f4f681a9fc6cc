//! Random worlds: what they begin with, and what happens in them, so that every instruction succeeds often and is refused
//! often, for every reason that there is.

mod attesting;
mod governing;
mod opening;
mod proposals;
mod time;
mod vouchers;

use {
    crate::stage::SESSIONS,
    rand::{Rng, SeedableRng, rngs::StdRng},
    specie_tests::model::{
        Economy, Who,
        action::{Action, INSTRUCTIONS},
    },
    std::collections::BTreeMap,
};

pub(crate) use opening::founding;

/// What happens beside the program, and how often for each hundred choices.
const OUTSIDE: [(&str, u32); 6] = [
    ("wait", 90),
    ("donate", 4),
    ("freeze", 4),
    ("thaw", 8),
    ("burn", 2),
    ("transfer", 6),
];

/// How often an instruction is chosen, where not as often as the others.
const CHOSEN: [(&str, u32); 12] = [
    ("issue", 24),
    ("purchase", 24),
    ("redeem", 45),
    ("settle", 36),
    ("challenge", 24),
    ("attest_capacity", 24),
    ("deposit_collateral", 24),
    ("request_close", 14),
    ("call_margin", 20),
    ("default_vault", 20),
    ("liquidate", 24),
    ("stake", 14),
];
const CHOSEN_OTHERWISE: u32 = 10;
/// How often a price is chosen while the last one is stale: without one little happens.
const CHOSEN_WHILE_STALE: u32 = 120;

/// What becomes of the next action.
pub(crate) struct Generator {
    rng: StdRng,
    /// Attempts and successes of each instruction.
    tried: BTreeMap<&'static str, (u32, u32)>,
    opening: Vec<Action>,
    vendors: u8,
    labels: u32,
    mints: u32,
}

impl Generator {
    /// What happens in the world of a seed.
    pub(crate) fn new(seed: u64) -> Self {
        let mut rng = StdRng::seed_from_u64(seed ^ 0x5eed);
        let vendors = rng.random_range(3..=8);
        let mut opening = opening::actions(&mut rng, vendors);
        opening.reverse();
        Self {
            rng,
            tried: BTreeMap::new(),
            opening,
            vendors,
            labels: 0,
            mints: 0,
        }
    }

    /// The next action.
    pub(crate) fn next(&mut self, model: &Economy) -> Action {
        if let Some(action) = self.opening.pop() {
            return action;
        }
        for _ in 0..24 {
            let name = self.choose(model);
            let (attempts, successes) = self.tried.get(name).copied().unwrap_or_default();
            // Two of five attempts succeed at least: of an instruction that is refused more often, nothing else is tried.
            // What happens beside the program always does.
            let must = !INSTRUCTIONS.contains(&name) || successes * 5 < (attempts + 1) * 2;
            if must || self.rng.random_bool(0.6) {
                match self.succeeding(name, model) {
                    Some(action) => return action,
                    None if must => continue,
                    None => {}
                }
            }
            if let Some(action) = self.propose(name, model) {
                return action;
            }
        }
        Action::Wait { seconds: 1 }
    }

    /// Takes note of what became of an action.
    pub(crate) fn note(&mut self, action: &Action, succeeded: bool) {
        let (attempts, successes) = self.tried.entry(action.name()).or_default();
        *attempts += 1;
        *successes += u32::from(succeeded);
    }

    fn choose(&mut self, model: &Economy) -> &'static str {
        let age = model.now - model.standard.published_at;
        let most = model.currency.rules.price_max_age as i64;
        // While a vault is called, attestors post before they would count as silent.
        let most = if time::is_anyone_called(model) {
            most / 2
        } else {
            most
        };
        let stale = model.standard.price == 0 || age > most;
        let weight = |name: &str| {
            if name == "post_price" && stale {
                return CHOSEN_WHILE_STALE;
            }
            let chosen = CHOSEN.iter().find(|(chosen, _)| *chosen == name);
            chosen.map_or(CHOSEN_OTHERWISE, |(_, weight)| *weight)
        };
        let instructions = INSTRUCTIONS.iter().map(|name| (*name, weight(name)));
        let all: Vec<(&str, u32)> = instructions.chain(OUTSIDE).collect();
        let sum = all.iter().map(|(_, weight)| weight).sum();
        let mut at = self.rng.random_range(0..sum);
        for (name, weight) in all {
            if at < weight {
                return name;
            }
            at -= weight;
        }
        "wait"
    }

    /// A proposal that the model takes, if one is found.
    fn succeeding(&mut self, name: &str, model: &Economy) -> Option<Action> {
        for _ in 0..6 {
            let action = self.propose(name, model)?;
            if model.clone().act(&action).is_ok() {
                return Some(action);
            }
        }
        None
    }

    /// An amount of at most so much: usually a part of it, often all of it, now and then too much or nothing.
    fn amount(&mut self, most: u64) -> u64 {
        match self.rng.random_range(0..40) {
            0..5 => most,
            5..7 => most.saturating_add(1),
            7 => 0,
            8 => 1,
            9 => most.saturating_mul(2),
            10 if self.rng.random_bool(0.1) => u64::MAX,
            _ => self.rng.random_range(0..=most.max(1)) >> self.rng.random_range(0..4),
        }
    }

    /// Usually whoever is to do it, otherwise somebody else.
    fn usually(&mut self, who: Who) -> Who {
        if self.rng.random_bool(0.93) {
            who
        } else {
            self.anybody()
        }
    }

    fn anybody(&mut self) -> Who {
        let n = self.rng.random_range(0..3);
        match self.rng.random_range(0..6) {
            0 => Who::Authority(n),
            1 => Who::Guardian(n),
            2 => Who::Vendor(n),
            3 => Who::Holder(n),
            4 => Who::Attestor(n),
            _ => Who::Operator(n),
        }
    }

    /// Somebody with accounts of both tokens.
    fn anybody_with_purses(&mut self) -> Who {
        match self.rng.random_range(0..8) {
            0 => Who::Vendor(self.rng.random_range(0..self.vendors)),
            1 => Who::Stranger(0),
            n => Who::Holder((n - 2) as u8 % crate::stage::HOLDERS),
        }
    }

    /// Usually whoever is to do it; otherwise somebody else with accounts of both tokens.
    fn usually_with_purses(&mut self, who: Who) -> Who {
        if self.rng.random_bool(0.93) {
            who
        } else {
            self.anybody_with_purses()
        }
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> Option<T> {
        (!from.is_empty()).then(|| from[self.rng.random_range(0..from.len())])
    }

    /// A vault, usually one that is there.
    fn vault(&mut self, model: &Economy) -> u8 {
        self.vault_where(model, |_| true)
    }

    /// A vault that something is true of, if there is one; otherwise any.
    fn vault_where(
        &mut self,
        model: &Economy,
        holds: impl Fn(&specie_tests::model::Vault) -> bool,
    ) -> u8 {
        let fitting = model.vaults.iter().filter(|(_, vault)| holds(vault));
        let fitting: Vec<u8> = fitting.map(|(number, _)| *number).collect();
        let any = self.rng.random_range(0..self.vendors);
        if self.rng.random_bool(0.04) {
            any
        } else {
            self.pick(&fitting).unwrap_or(any)
        }
    }

    /// A voucher that something is true of, if there is one; otherwise any, there or not.
    fn voucher_where(
        &mut self,
        model: &Economy,
        holds: impl Fn(&specie_tests::model::Voucher) -> bool,
    ) -> (u8, u32) {
        let fitting = model.vouchers.iter().filter(|(_, voucher)| holds(voucher));
        let fitting: Vec<(u8, u32)> = fitting.map(|(place, _)| *place).collect();
        let all: Vec<(u8, u32)> = model.vouchers.keys().copied().collect();
        let nowhere = (self.vault(model), self.rng.random_range(0..SESSIONS));
        let any = self.pick(&all).unwrap_or(nowhere);
        match self.rng.random_range(0..30) {
            0 => nowhere,
            1..4 => any,
            _ => self.pick(&fitting).unwrap_or(any),
        }
    }
}
