//! When something may happen next: time passes to moments that matter, and just before and after them.

use {
    super::Generator,
    rand::Rng,
    specie_tests::model::{Economy, action::Action},
};

const DAY: i64 = 86_400;

impl Generator {
    pub(super) fn wait(&mut self, model: &Economy) -> Action {
        let deadlines = deadlines(model);
        let target = self
            .pick(&deadlines)
            .filter(|at| *at >= model.now && *at < model.now + 2 * DAY);
        let seconds = match (self.rng.random_range(0..20), target) {
            // A cure period runs only while attestors are at work.
            (10.., _) if is_anyone_called(model) => {
                let heard = model.standard.published_at + model.currency.rules.price_max_age as i64;
                let due = model
                    .vaults
                    .values()
                    .filter(|vault| vault.margin_called_at > 0);
                let due = due.map(|vault| model.cures_until(vault));
                due.filter(|at| *at > model.now).fold(heard, i64::min) - model.now
            }
            (0..7, _) | (_, None) => self.rng.random_range(0..60),
            (7..10, _) => self.rng.random_range(60..3_600),
            (_, Some(at)) => at - model.now + self.rng.random_range(-1..=1),
        };
        Action::Wait {
            seconds: seconds.max(0),
        }
    }
}

/// Whether a vault is margin-called.
pub(super) fn is_anyone_called(model: &Economy) -> bool {
    let mut vaults = model.vaults.values();
    vaults.any(|vault| vault.margin_called_at > 0)
}

/// Moments at which something begins or ends.
fn deadlines(model: &Economy) -> Vec<i64> {
    let rules = &model.currency.rules;
    let standard = &model.standard;
    let mut deadlines = vec![
        standard.published_at + rules.price_max_age as i64,
        standard.published_at + rules.price_min_interval as i64,
        model.currency.paused_until,
        model.standard.announced_until,
        model.pool.streams_until,
    ];
    for vault in model.vaults.values() {
        deadlines.push(vault.withdrawal_available_at);
        deadlines.push(vault.issued_at + rules.issue_window as i64);
        deadlines.push(vault.attested.attested_at + rules.attestation_ttl as i64);
        deadlines.push(vault.attested.ends_at);
        if let Some((_, effective_at)) = vault.pending {
            deadlines.push(effective_at);
        }
        if vault.margin_called_at > 0 {
            deadlines.extend([model.cures_until(vault); 4]);
        }
        if vault.liquidation.shortage > 0 {
            let step = rules.liquidation_step_time as i64;
            let steps = (model.now - vault.liquidation.started_at) / step;
            deadlines.push(vault.liquidation.started_at + (steps + 1) * step);
        }
    }
    for voucher in model.vouchers.values() {
        deadlines.push(voucher.expires_at);
        deadlines.push(voucher.settles_until(model));
        if voucher.challenged_until > 0 {
            deadlines.extend([voucher.challenged_until; 2]);
            deadlines.push(voucher.challenged_until + rules.attestation_ttl as i64);
        }
    }
    for change in model.changes.values() {
        deadlines.extend([change.eta; 3]);
        deadlines.push(change.eta + specie_tests::model::CHANGE_GRACE);
    }
    deadlines.retain(|at| *at >= model.now);
    deadlines
}
