//! What might be done next, by the name of the instruction: plausible, and wrong in one way or another now and then.

use {
    super::Generator,
    crate::stage::{HOLDERS, TREASURIES},
    rand::Rng,
    specie_tests::model::{
        Economy, Purse, Status, Vault, Who,
        action::{Action, Offer, Proposal},
        arithmetic::{SCU, WHOLE},
    },
};

impl Generator {
    /// Something of that name; `None` where nothing can be thought of.
    pub(super) fn propose(&mut self, name: &str, model: &Economy) -> Option<Action> {
        let (authority, guardian) = (model.currency.authority, model.currency.guardian);
        Some(match name {
            "create_currency" => self.create_currency(model),
            "schedule_change" => {
                self.labels += 1;
                let (label, by) = (self.labels, self.usually(authority));
                Action::ScheduleChange {
                    label,
                    by,
                    proposal: self.proposal(model),
                }
            }
            "execute_change" => {
                let label = self.change(model)?;
                let by = match model.changes.get(&label).map(|change| change.proposal) {
                    Some(Proposal::Authority(who)) => self.rng.random_bool(0.9).then_some(who),
                    _ => None,
                };
                Action::ExecuteChange { label, by }
            }
            "cancel_change" => {
                let by = if self.rng.random_bool(0.5) {
                    authority
                } else {
                    guardian
                };
                Action::CancelChange {
                    label: self.change(model)?,
                    by: self.usually(by),
                }
            }
            "pause" => {
                let most = model.currency.rules.pause_max;
                let seconds = self.amount(most / 4).min(i64::MAX as u64 / 4) as i64;
                let seconds = if self.rng.random_bool(0.1) {
                    most as i64 + 1
                } else {
                    seconds
                };
                Action::Pause {
                    by: self.usually(guardian),
                    seconds,
                }
            }
            "resume" => Action::Resume {
                by: self.usually(authority),
            },
            "post_price" => self.post_price(model),
            "open_vault" => {
                let absent: Vec<u8> = (0..self.vendors)
                    .filter(|n| !model.vaults.contains_key(n))
                    .collect();
                let any = self.rng.random_range(0..self.vendors);
                let vendor = self.pick(&absent).unwrap_or(any);
                let limit = 10_u64.pow(self.rng.random_range(6..12));
                let classes = if self.rng.random_bool(0.9) {
                    7
                } else {
                    self.rng.random_range(0..10)
                };
                Action::OpenVault {
                    vendor,
                    by: self.usually(authority),
                    limit,
                    classes,
                }
            }
            "update_vault" => self.update_vault(model),
            "suspend_vault" => {
                let vault = self.vault_where(model, |vault| vault.status == Status::Active);
                let by = if self.rng.random_bool(0.5) {
                    authority
                } else {
                    guardian
                };
                Action::SuspendVault {
                    vault,
                    by: self.usually(by),
                }
            }
            "reinstate_vault" => {
                let vault = self.vault_where(model, |vault| vault.status == Status::Suspended);
                Action::ReinstateVault {
                    vault,
                    by: self.usually(authority),
                }
            }
            "attest_capacity" => self.attest_capacity(model),
            "veto_attestation" => {
                let vault = self.vault_where(model, |vault| vault.pending.is_some());
                let keys = &model.quorum.keys;
                let key = keys[self.rng.random_range(0..keys.len())];
                Action::VetoAttestation {
                    vault,
                    by: self.usually(key),
                }
            }
            "deposit_collateral" | "request_withdrawal" | "withdraw_collateral" => {
                self.collateral(name, model)
            }
            "issue" | "purchase" => self.issue(name, model),
            "redeem" => self.redeem(model),
            "settle" => self.settle(model),
            "request_close" | "reclaim" | "release_voucher" | "challenge" | "answer"
            | "compensate" | "rule_breach" => self.voucher(name, model),
            "call_margin" => {
                let vault = self.vault_where(model, |vault| {
                    model.is_short(vault) != (vault.margin_called_at > 0)
                        && vault.status != Status::Defaulted
                });
                Action::CallMargin { vault }
            }
            "default_vault" => {
                let vault = self.vault_where(model, |vault| {
                    vault.margin_called_at > 0 && model.now >= model.cures_until(vault)
                });
                Action::DefaultVault { vault }
            }
            "liquidate" => self.liquidate(model),
            "close_vault" => {
                let vault =
                    self.vault_where(model, |vault| vault.owed() == 0 && vault.vouchers == 0);
                let by = model
                    .vaults
                    .get(&vault)
                    .map_or(Who::Vendor(vault), |vault| vault.vendor);
                Action::CloseVault {
                    vault,
                    by: self.usually_with_purses(by),
                }
            }
            "distribute" => {
                let wrong = self.rng.random_bool(0.1);
                let treasury = (model.currency.treasury + u8::from(wrong)) % TREASURIES;
                Action::Distribute { treasury }
            }
            "stake" => {
                let by = self.anybody_with_purses();
                let tokens = self.amount(model.bank.held(Purse::Tokens(by)) / 2);
                Action::Stake { by, tokens }
            }
            "unstake" | "claim" => {
                let stakers: Vec<Who> = model.stakes.keys().copied().collect();
                let any = self.anybody_with_purses();
                let by = self.pick(&stakers).unwrap_or(any);
                let by = self.usually_with_purses(by);
                let staked = model.stakes.get(&by).map_or(1, |stake| stake.staked);
                match name {
                    "claim" => Action::Claim { by },
                    _ => Action::Unstake {
                        by,
                        tokens: self.amount(staked),
                    },
                }
            }
            "wait" => self.wait(model),
            "donate" => self.donate(),
            "freeze" => {
                let account = if self.rng.random_bool(0.2) {
                    Purse::Treasury(model.currency.treasury)
                } else {
                    Purse::Collateral(self.vault(model))
                };
                Action::Freeze { account }
            }
            "thaw" => {
                let frozen: Vec<Purse> = model.bank.frozen.iter().copied().collect();
                let account = self.pick(&frozen)?;
                Action::Thaw { account }
            }
            "burn" => {
                let by = self.anybody_with_purses();
                Action::Burn {
                    by,
                    tokens: self.amount(model.bank.held(Purse::Tokens(by)) / 64),
                }
            }
            _ => {
                let (by, to) = (self.anybody_with_purses(), self.anybody_with_purses());
                // To oneself moves nothing, whatever it says.
                (by != to).then_some(())?;
                Action::Transfer {
                    by,
                    to,
                    tokens: self.amount(model.bank.held(Purse::Tokens(by)) / 2),
                }
            }
        })
    }

    fn update_vault(&mut self, model: &Economy) -> Action {
        let vault = self.vault(model);
        let of = model.vaults.get(&vault);
        let by = of.map_or(Who::Vendor(vault), |of| match of.pending_vendor {
            Some(pending) if self.rng.random_bool(0.4) => pending,
            _ => of.vendor,
        });
        let heir = Who::Vendor(self.rng.random_range(0..self.vendors));
        let offer = Offer {
            price: model.standard.price / 2 + self.amount(model.standard.price) % (1 << 40),
            units: self.rng.random_range(0..10_000_000_000),
            retained: self.amount(8_000).min(20_000),
        };
        let operator = Who::Operator(self.rng.random_range(0..self.vendors));
        let classes = self.rng.random_range(0..9);
        Action::UpdateVault {
            vault,
            by: self.usually(by),
            vendor: self.rng.random_bool(0.15).then_some(heir),
            operator: self.rng.random_bool(0.2).then_some(operator),
            classes: self.rng.random_bool(0.1).then_some(classes),
            offer: self.rng.random_bool(0.8).then_some(offer),
        }
    }

    fn collateral(&mut self, name: &str, model: &Economy) -> Action {
        let vault = match name {
            "withdraw_collateral" => self.vault_where(model, |vault| vault.withdrawing > 0),
            // A vendor that owes a penalty sells nothing until it has paid it.
            "deposit_collateral" if self.rng.random_bool(0.5) => {
                self.vault_where(model, |vault| vault.penalty > 0)
            }
            _ => self.vault(model),
        };
        let of = model.vaults.get(&vault);
        let by = of.map_or(Who::Vendor(vault), |of| of.vendor);
        let by = self.usually_with_purses(by);
        match name {
            "deposit_collateral" => {
                let penalty = of.map_or(0, |of| of.penalty);
                let held = model.bank.held(Purse::Stable(by));
                let amount = if penalty > 0 && penalty <= held && self.rng.random_bool(0.7) {
                    penalty
                } else {
                    self.amount(held / 4)
                };
                Action::DepositCollateral { vault, by, amount }
            }
            "request_withdrawal" => {
                let spare = of.map_or(0, |of| {
                    let rules = &model.currency.rules;
                    let needed =
                        model.standard.cost(of.owed() as u64) * u128::from(rules.collateral_ratio);
                    let spare = u128::from(of.holds()).saturating_sub(needed.div_ceil(WHOLE));
                    spare as u64
                });
                let amount = if self.rng.random_bool(0.1) {
                    of.map_or(1, Vault::holds)
                } else {
                    self.amount(spare)
                };
                Action::RequestWithdrawal { vault, by, amount }
            }
            _ => Action::WithdrawCollateral { vault, by },
        }
    }

    /// Units that a vault may still issue, as far as capacity, collateral and limit go.
    fn headroom(&self, model: &Economy, of: &Vault) -> u64 {
        let rules = &model.currency.rules;
        let standard = u128::from(model.standard.for_issuing(model.now));
        let capacity = of
            .capacity_for_issuing(model)
            .saturating_sub(of.open_work.into());
        let by_capacity = capacity.min(1 << 80) * SCU / standard;
        let by_collateral = u128::from(of.collateral) * WHOLE * SCU
            / u128::from(rules.collateral_ratio * model.standard.price.max(1));
        let left = |most: u128| most.saturating_sub(of.owed());
        let by_capacity = by_capacity.saturating_sub(of.outstanding.into());
        let (issued, _) = of.issued_by(model.now, rules);
        let share = rules.issue_burst().saturating_sub(issued);
        let most = by_capacity
            .min(left(by_collateral))
            .min(left(of.limit.into()));
        most.min(share.into()) as u64
    }

    fn issue(&mut self, name: &str, model: &Economy) -> Action {
        let vault = self.vault_where(model, |vault| {
            vault.status == Status::Active && vault.margin_called_at == 0
        });
        let of = model.vaults.get(&vault);
        let room = of.map_or(1_000_000, |of| self.headroom(model, of));
        if name == "issue" {
            let by = of.map_or(Who::Vendor(vault), |of| of.vendor);
            let (by, to) = (self.usually_with_purses(by), self.anybody_with_purses());
            let tokens = self.amount(room);
            let most = if self.rng.random_bool(0.9) {
                u64::MAX
            } else {
                tokens / 100
            };
            return Action::Issue {
                vault,
                by,
                to,
                tokens,
                most,
            };
        }
        let by = self.anybody_with_purses();
        let money = u128::from(model.bank.held(Purse::Stable(by)));
        let price = of.map_or(1, |of| of.offer.price).max(1);
        let affordable = (money * SCU / u128::from(price)) as u64;
        let offered = of.map_or(0, |of| of.offer.units);
        let tokens = self.amount(room.min(offered).min(affordable / 2));
        let most = if self.rng.random_bool(0.9) {
            u64::MAX
        } else {
            tokens
        };
        Action::Purchase {
            vault,
            by,
            tokens,
            most,
        }
    }

    fn liquidate(&mut self, model: &Economy) -> Action {
        let vault = self.vault_where(model, |vault| vault.liquidation.shortage > 0);
        let by = self.anybody_with_purses();
        let of = model.vaults.get(&vault);
        let shortage = of.map_or(1, |of| of.liquidation.shortage.min(of.outstanding));
        let held = model.bank.held(Purse::Tokens(by));
        let tokens = self.amount(shortage.min(held));
        let least = if self.rng.random_bool(0.85) {
            0
        } else {
            self.amount(tokens)
        };
        Action::Liquidate {
            vault,
            by,
            tokens,
            least,
        }
    }

    fn donate(&mut self) -> Action {
        let n = self.rng.random_range(0..self.vendors);
        let holder = Who::Holder(self.rng.random_range(0..HOLDERS));
        let to = match self.rng.random_range(0..8) {
            0 => Purse::Collateral(n),
            1 => Purse::Revenue,
            2 => Purse::Insurance,
            3 => Purse::Rewards,
            4 => Purse::Staked,
            5 => Purse::Stable(Who::Vendor(n)),
            _ => Purse::Stable(holder),
        };
        let most = if to == Purse::Staked {
            1_000
        } else {
            20_000_000_000
        };
        Action::Donate {
            to,
            amount: self.rng.random_range(0..most),
        }
    }
}
