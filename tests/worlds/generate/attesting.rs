//! What attestors sign: prices and capacities.

use {
    super::Generator,
    rand::Rng,
    specie_tests::model::{
        Economy, LEAP_MAX,
        action::{Action, Signing},
        arithmetic::{WHOLE, down},
    },
};

const DAY: i64 = 86_400;

impl Generator {
    pub(super) fn signing(&mut self, model: &Economy) -> Signing {
        match self.rng.random_range(0..30) {
            0 => Signing {
                epoch: -1,
                ..Signing::QUORUM
            },
            1 if model.quorum.threshold > 1 => Signing {
                signers: model.quorum.threshold - 1,
                ..Signing::QUORUM
            },
            2 => Signing {
                signers: model.quorum.keys.len().min(7) as u8,
                ..Signing::QUORUM
            },
            _ => Signing::QUORUM,
        }
    }

    /// How long ago something was signed, and the step of its number.
    pub(super) fn signed_when(&mut self, ttl: u64) -> (i64, i64) {
        let ago = match self.rng.random_range(0..20) {
            0 => -61,
            1 => -60,
            2 => ttl as i64 + 1,
            3 => ttl as i64,
            4 | 5 => self.rng.random_range(0..60),
            _ => 0,
        };
        let step = match self.rng.random_range(0..100) {
            0 => LEAP_MAX,
            1 => LEAP_MAX + 1,
            2..5 => self.rng.random_range(-1..3),
            _ => 1,
        };
        (ago, step)
    }

    pub(super) fn post_price(&mut self, model: &Economy) -> Action {
        let (rules, last) = (&model.currency.rules, &model.standard);
        let (ago, sequence) = self.signed_when(rules.price_max_age);
        let passed = (model.now - ago - last.published_at).max(0) as u64;
        let intervals = (passed / rules.price_min_interval).min(10_000);
        let most = down(last.price, rules.price_max_move * intervals, WHOLE) as u64;
        // A price of the same size for ever: worlds in which nothing costs anything end early.
        let moved = self.amount(most.min(last.price / 4));
        let price = if self.rng.random_bool(0.5) && last.price < 20_000_000 || last.price < 200_000
        {
            last.price.saturating_add(moved.min(1 << 40))
        } else {
            last.price.saturating_sub(moved)
        };
        let price = if last.price == 0 { 2_000_000 } else { price };
        Action::PostPrice {
            price,
            sequence,
            ago,
            signing: self.signing(model),
        }
    }

    pub(super) fn attest_capacity(&mut self, model: &Economy) -> Action {
        // Who is called is seldom attested anew: some vaults cure, and some default.
        let anybody = self.rng.random_bool(0.2);
        let vault = self.vault_where(model, |vault| anybody || vault.margin_called_at == 0);
        let (ago, sequence) = self.signed_when(model.currency.rules.attestation_ttl);
        let of = model.vaults.get(&vault);
        let present = of.map_or(1_000, |of| of.measured(model.now).0.rate).max(10);
        let rate = match self.rng.random_range(0..20) {
            0..3 => present / 4,
            3 => 0,
            4 => 1_000_000_000_001,
            5..12 => present,
            _ => present.min(1_000_000) * self.rng.random_range(1..4),
        };
        let ends = match self.rng.random_range(0..20) {
            0..3 => self.rng.random_range(0..DAY),
            3 => 5 * 365 * DAY - ago + 1,
            _ => self.rng.random_range(5 * DAY..40 * DAY),
        };
        Action::AttestCapacity {
            vault,
            rate,
            ends,
            sequence,
            ago,
            signing: self.signing(model),
        }
    }
}
