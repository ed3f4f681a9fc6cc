//! Vouchers: redeemed, consumed, disputed, ended.

use {
    super::Generator,
    crate::stage::{HOLDERS, SESSIONS},
    rand::Rng,
    specie_tests::model::{
        Economy, Purse, Who,
        action::{Action, Receipt},
    },
};

impl Generator {
    pub(super) fn redeem(&mut self, model: &Economy) -> Action {
        let vault = self.vault_where(model, |vault| vault.outstanding > 0);
        let by = self.anybody_with_purses();
        let holder = Who::Holder(self.rng.random_range(0..HOLDERS));
        let by = if model.bank.held(Purse::Tokens(by)) > 0 {
            by
        } else {
            holder
        };
        let outstanding = model.vaults.get(&vault).map_or(0, |of| of.outstanding);
        let held = model.bank.held(Purse::Tokens(by));
        let most = if self.rng.random_bool(0.7) {
            held.min(outstanding) / 4
        } else {
            held.min(outstanding)
        };
        let class = if self.rng.random_bool(0.95) {
            self.rng.random_range(0..3)
        } else {
            3
        };
        let session = self.rng.random_range(0..SESSIONS);
        Action::Redeem {
            vault,
            by,
            session,
            tokens: self.amount(most),
            class,
        }
    }

    pub(super) fn settle(&mut self, model: &Economy) -> Action {
        let (vault, session) = self.voucher_where(model, |voucher| voucher.remaining() > 0);
        let mut receipts = vec![self.receipt(model, vault, session)];
        let others = model.vouchers.range((vault, 0)..=(vault, u32::MAX));
        let others: Vec<u32> = others.map(|((_, session), _)| *session).collect();
        while receipts.len() < 5 && self.rng.random_bool(0.2) {
            let Some(other) = self.pick(&others) else {
                break;
            };
            receipts.push(self.receipt(model, vault, other));
        }
        Action::Settle { vault, receipts }
    }

    pub(super) fn receipt(&mut self, model: &Economy, vault: u8, session: u32) -> Receipt {
        let voucher = model.vouchers.get(&(vault, session));
        let (settled, remaining) = voucher.map_or((0, 0), |v| (v.settled, v.remaining()));
        let cumulative = settled.saturating_add(self.amount(remaining));
        let earlier = i64::from(self.rng.random_bool(0.02));
        Receipt {
            session,
            cumulative,
            earlier,
        }
    }

    pub(super) fn voucher(&mut self, name: &str, model: &Economy) -> Action {
        let now = model.now;
        let (vault, session) = self.voucher_where(model, |voucher| match name {
            "request_close" => voucher.closing_at == 0 && now < voucher.expires_at,
            "reclaim" => now > voucher.settles_until(model),
            "release_voucher" => now > voucher.opened_at && !voucher.is_unanswered(now),
            "challenge" => {
                voucher.settled == 0 && voucher.challenged_until == 0 && voucher.answered_at == 0
            }
            "answer" => voucher.challenged_until >= now,
            "compensate" => voucher.is_unanswered(now),
            _ => voucher.remaining() > 0,
        });
        let voucher = model.vouchers.get(&(vault, session));
        let owner = voucher.map_or(Who::Holder(0), |voucher| voucher.owner);
        let operator = model
            .vaults
            .get(&vault)
            .map_or(Who::Operator(0), |of| of.operator);
        match name {
            "request_close" => Action::RequestClose {
                vault,
                session,
                by: self.usually(owner),
            },
            "reclaim" => Action::Reclaim {
                vault,
                session,
                to: self.usually_with_purses(owner),
            },
            "release_voucher" => Action::ReleaseVoucher {
                vault,
                session,
                by: self.usually(operator),
            },
            "challenge" => Action::Challenge {
                vault,
                session,
                by: self.usually(owner),
            },
            "answer" => {
                let wrong = self.rng.random_bool(0.05);
                let issuer = Who::Issuer((vault + u8::from(wrong)) % crate::stage::VENDORS);
                let more = u64::from(self.rng.random_bool(0.05));
                Action::Answer {
                    vault,
                    session,
                    by: self.usually(operator),
                    issuer,
                    more,
                }
            }
            "compensate" => Action::Compensate { vault, session },
            _ => {
                let opened_at = voucher.map_or(now, |voucher| voucher.opened_at);
                let (ago, _) = self.signed_when(model.currency.rules.attestation_ttl);
                let ago = if self.rng.random_bool(0.9) {
                    ago.min(now - opened_at)
                } else {
                    now - opened_at + 1
                };
                let units = self.amount(voucher.map_or(1, |voucher| voucher.remaining()));
                Action::RuleBreach {
                    vault,
                    session,
                    by: self.usually(owner),
                    units,
                    ago,
                    signing: self.signing(model),
                }
            }
        }
    }
}
