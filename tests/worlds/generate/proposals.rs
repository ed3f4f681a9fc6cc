//! What might be done next, by the name of the instruction: plausible, and wrong in one way or another now and then.

use {
    super::Generator,
    crate::stage::{GOVERNORS, HOLDERS, SESSIONS, TREASURIES},
    rand::Rng,
    specie_tests::model::{
        Economy, LEAP_MAX, Purse, Rules, Status, Vault, Who,
        action::{Action, Offer, Proposal, Receipt, Signing},
        arithmetic::{SCU, WHOLE, down},
    },
};

const DAY: i64 = 86_400;

impl Generator {
    /// Something of that name; `None` where nothing can be thought of.
    pub(super) fn propose(&mut self, name: &str, model: &Economy) -> Option<Action> {
        let (authority, guardian) = (model.currency.authority, model.currency.guardian);
        Some(match name {
            "create_currency" => self.create_currency(model),
            "schedule_change" => {
                self.labels += 1;
                let (label, by) = (self.labels, self.usually(authority));
                Action::ScheduleChange { label, by, proposal: self.proposal(model) }
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
                let by = if self.rng.random_bool(0.5) { authority } else { guardian };
                Action::CancelChange { label: self.change(model)?, by: self.usually(by) }
            }
            "pause" => {
                let most = model.currency.rules.pause_max;
                let seconds = self.amount(most / 4).min(i64::MAX as u64 / 4) as i64;
                let seconds = if self.rng.random_bool(0.1) { most as i64 + 1 } else { seconds };
                Action::Pause { by: self.usually(guardian), seconds }
            }
            "resume" => Action::Resume { by: self.usually(authority) },
            "post_price" => self.post_price(model),
            "open_vault" => {
                let absent: Vec<u8> =
                    (0..self.vendors).filter(|n| !model.vaults.contains_key(n)).collect();
                let any = self.rng.random_range(0..self.vendors);
                let vendor = self.pick(&absent).unwrap_or(any);
                let limit = 10_u64.pow(self.rng.random_range(6..12));
                let classes = if self.rng.random_bool(0.9) { 7 } else { self.rng.random_range(0..10) };
                Action::OpenVault { vendor, by: self.usually(authority), limit, classes }
            }
            "update_vault" => self.update_vault(model),
            "suspend_vault" => {
                let vault = self.vault_where(model, |vault| vault.status == Status::Active);
                let by = if self.rng.random_bool(0.5) { authority } else { guardian };
                Action::SuspendVault { vault, by: self.usually(by) }
            }
            "reinstate_vault" => {
                let vault = self.vault_where(model, |vault| vault.status == Status::Suspended);
                Action::ReinstateVault { vault, by: self.usually(authority) }
            }
            "attest_capacity" => self.attest_capacity(model),
            "veto_attestation" => {
                let vault = self.vault_where(model, |vault| vault.pending.is_some());
                let keys = &model.quorum.keys;
                let key = keys[self.rng.random_range(0..keys.len())];
                Action::VetoAttestation { vault, by: self.usually(key) }
            }
            "deposit_collateral" | "request_withdrawal" | "withdraw_collateral" => {
                self.collateral(name, model)
            }
            "issue" | "purchase" => self.issue(name, model),
            "redeem" => self.redeem(model),
            "settle" => self.settle(model),
            "request_close" | "reclaim" | "release_voucher" | "challenge" | "answer" | "compensate"
            | "rule_breach" => self.voucher(name, model),
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
                let vault = self.vault_where(model, |vault| vault.owed() == 0 && vault.vouchers == 0);
                let by = model.vaults.get(&vault).map_or(Who::Vendor(vault), |vault| vault.vendor);
                Action::CloseVault { vault, by: self.usually_with_purses(by) }
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
                    _ => Action::Unstake { by, tokens: self.amount(staked) },
                }
            }
            "wait" => self.wait(model),
            "donate" => self.donate(),
            "freeze" => Action::Freeze { vault: self.vault(model) },
            "thaw" => {
                let frozen: Vec<Purse> = model.bank.frozen.iter().copied().collect();
                match self.pick(&frozen)? {
                    Purse::Collateral(vault) => Action::Thaw { vault },
                    _ => return None,
                }
            }
            "burn" => {
                let by = self.anybody_with_purses();
                Action::Burn { by, tokens: self.amount(model.bank.held(Purse::Tokens(by)) / 64) }
            }
            _ => {
                let (by, to) = (self.anybody_with_purses(), self.anybody_with_purses());
                // To oneself moves nothing, whatever it says.
                (by != to).then_some(())?;
                Action::Transfer { by, to, tokens: self.amount(model.bank.held(Purse::Tokens(by)) / 2) }
            }
        })
    }

    fn create_currency(&mut self, model: &Economy) -> Action {
        if self.mints == 0 || self.rng.random_bool(0.9) {
            self.mints += 1;
        }
        let (rule, value) = self.rule(&model.currency.rules);
        let (threshold, keys) = self.quorum();
        let supply = u64::from(self.rng.random_bool(0.1));
        let work = if self.rng.random_bool(0.9) { 2_844_000 } else { self.amount(1_000_000_000_000) };
        Action::CreateCurrency { mint: self.mints, supply, rule, value, threshold, keys, work }
    }

    /// A rule and a value for it: usually near the present one, otherwise around its bounds.
    fn rule(&mut self, rules: &Rules) -> (u8, u64) {
        let rule = self.rng.random_range(0..Rules::COUNT);
        let (least, most) = Rules::BOUNDS[rule];
        let present = rules.values()[rule];
        let value = match self.rng.random_range(0..10) {
            0 => least.saturating_sub(1),
            1 => least,
            2 => most.saturating_add(1).min(u32::MAX.into()),
            _ => self.rng.random_range(present / 2..=present.saturating_mul(2)),
        };
        // Changes that would end the story soon: a currency whose every time is the longest.
        let times = (12..Rules::COUNT - 3).contains(&rule);
        let value = if times { value.min(present.max(least) * 2) } else { value };
        (rule as u8, value)
    }

    fn quorum(&mut self) -> (u8, u32) {
        let keys: u32 = self.rng.random_range(1..1 << crate::stage::ATTESTORS);
        let count = keys.count_ones() as u8;
        let threshold = match self.rng.random_range(0..12) {
            0 => count + 1,
            1 => 0,
            _ => self.rng.random_range(1..=count.min(3)),
        };
        (threshold, if self.rng.random_bool(0.05) { 0 } else { keys })
    }

    fn change(&mut self, model: &Economy) -> Option<u32> {
        let due = model.changes.iter().filter(|(_, change)| model.now >= change.eta);
        let due: Vec<u32> = due.map(|(label, _)| *label).collect();
        let all: Vec<u32> = model.changes.keys().copied().collect();
        if self.rng.random_bool(0.5) { self.pick(&due).or(self.pick(&all)) } else { self.pick(&all) }
    }

    fn proposal(&mut self, model: &Economy) -> Proposal {
        let n = self.rng.random_range(0..GOVERNORS);
        match self.rng.random_range(0..10) {
            0..3 => {
                let (rule, value) = self.rule(&model.currency.rules);
                Proposal::Rule(rule, value)
            }
            3 | 4 => {
                let (present, step) = (model.standard.work_per_scu, model.currency.rules.standard_max_step);
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

    fn signing(&mut self, model: &Economy) -> Signing {
        match self.rng.random_range(0..30) {
            0 => Signing { epoch: -1, ..Signing::QUORUM },
            1 if model.quorum.threshold > 1 => {
                Signing { signers: model.quorum.threshold - 1, ..Signing::QUORUM }
            }
            2 => Signing { signers: model.quorum.keys.len().min(7) as u8, ..Signing::QUORUM },
            _ => Signing::QUORUM,
        }
    }

    /// How long ago something was signed, and the step of its number.
    fn signed_when(&mut self, ttl: u64) -> (i64, i64) {
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

    fn post_price(&mut self, model: &Economy) -> Action {
        let (rules, last) = (&model.currency.rules, &model.standard);
        let (ago, sequence) = self.signed_when(rules.price_max_age);
        let passed = (model.now - ago - last.published_at).max(0) as u64;
        let intervals = (passed / rules.price_min_interval).min(10_000);
        let most = down(last.price, rules.price_max_move * intervals, WHOLE) as u64;
        // A price of the same size for ever: worlds in which nothing costs anything end early.
        let moved = self.amount(most.min(last.price / 4));
        let price = if self.rng.random_bool(0.5) && last.price < 20_000_000 || last.price < 200_000 {
            last.price.saturating_add(moved.min(1 << 40))
        } else {
            last.price.saturating_sub(moved)
        };
        let price = if last.price == 0 { 2_000_000 } else { price };
        Action::PostPrice { price, sequence, ago, signing: self.signing(model) }
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

    fn attest_capacity(&mut self, model: &Economy) -> Action {
        let vault = self.vault(model);
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
        Action::AttestCapacity { vault, rate, ends, sequence, ago, signing: self.signing(model) }
    }

    fn collateral(&mut self, name: &str, model: &Economy) -> Action {
        let vault = match name {
            "withdraw_collateral" => self.vault_where(model, |vault| vault.withdrawing > 0),
            _ => self.vault(model),
        };
        let of = model.vaults.get(&vault);
        let by = of.map_or(Who::Vendor(vault), |of| of.vendor);
        let by = self.usually_with_purses(by);
        match name {
            "deposit_collateral" => {
                let amount = self.amount(model.bank.held(Purse::Stable(by)) / 4);
                Action::DepositCollateral { vault, by, amount }
            }
            "request_withdrawal" => {
                let spare = of.map_or(0, |of| {
                    let rules = &model.currency.rules;
                    let needed = model.standard.cost(of.owed() as u64) * u128::from(rules.collateral_ratio);
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
        let standard = u128::from(model.standard.for_issuing());
        let capacity = of.capacity_for_issuing(model).saturating_sub(of.open_work.into());
        let by_capacity = capacity.min(1 << 80) * SCU / standard;
        let by_collateral = u128::from(of.collateral) * WHOLE * SCU
            / u128::from(rules.collateral_ratio * model.standard.price.max(1));
        let left = |most: u128| most.saturating_sub(of.owed());
        let by_capacity = by_capacity.saturating_sub(of.outstanding.into());
        let window = rules.issue_cap.saturating_sub(model.currency.used_at(model.now));
        let most = by_capacity.min(left(by_collateral)).min(left(of.limit.into()));
        most.min(window.into()) as u64
    }

    fn issue(&mut self, name: &str, model: &Economy) -> Action {
        let vault = self.vault_where(model, |vault| {
            vault.status == Status::Active && vault.margin_called_at == 0
        });
        let of = model.vaults.get(&vault);
        let room = of.map_or(1_000_000, |of| self.headroom(model, of));
        if name == "issue" {
            let by = of.map_or(Who::Vendor(vault), |of| of.vendor);
            let (by, to) = (self.usually(by), self.anybody_with_purses());
            return Action::Issue { vault, by, to, tokens: self.amount(room) };
        }
        let by = self.anybody_with_purses();
        let money = u128::from(model.bank.held(Purse::Stable(by)));
        let price = of.map_or(1, |of| of.offer.price).max(1);
        let affordable = (money * SCU / u128::from(price)) as u64;
        let offered = of.map_or(0, |of| of.offer.units);
        let tokens = self.amount(room.min(offered).min(affordable / 2));
        let most = if self.rng.random_bool(0.9) { u64::MAX } else { tokens };
        Action::Purchase { vault, by, tokens, most }
    }

    fn redeem(&mut self, model: &Economy) -> Action {
        let vault = self.vault_where(model, |vault| vault.outstanding > 0);
        let by = self.anybody_with_purses();
        let holder = Who::Holder(self.rng.random_range(0..HOLDERS));
        let by = if model.bank.held(Purse::Tokens(by)) > 0 { by } else { holder };
        let outstanding = model.vaults.get(&vault).map_or(0, |of| of.outstanding);
        let held = model.bank.held(Purse::Tokens(by));
        let most = if self.rng.random_bool(0.7) { held.min(outstanding) / 4 } else { held.min(outstanding) };
        let class = if self.rng.random_bool(0.95) { self.rng.random_range(0..3) } else { 3 };
        let session = self.rng.random_range(0..SESSIONS);
        Action::Redeem { vault, by, session, tokens: self.amount(most), class }
    }

    fn settle(&mut self, model: &Economy) -> Action {
        let (vault, session) = self.voucher_where(model, |voucher| voucher.remaining() > 0);
        let mut receipts = vec![self.receipt(model, vault, session)];
        let others = model.vouchers.range((vault, 0)..=(vault, u32::MAX));
        let others: Vec<u32> = others.map(|((_, session), _)| *session).collect();
        while receipts.len() < 5 && self.rng.random_bool(0.2) {
            let Some(other) = self.pick(&others) else { break };
            receipts.push(self.receipt(model, vault, other));
        }
        Action::Settle { vault, receipts }
    }

    fn receipt(&mut self, model: &Economy, vault: u8, session: u32) -> Receipt {
        let voucher = model.vouchers.get(&(vault, session));
        let (settled, remaining) = voucher.map_or((0, 0), |v| (v.settled, v.remaining()));
        let cumulative = settled.saturating_add(self.amount(remaining));
        let earlier = i64::from(self.rng.random_bool(0.02));
        Receipt { session, cumulative, earlier }
    }

    fn voucher(&mut self, name: &str, model: &Economy) -> Action {
        let now = model.now;
        let (vault, session) = self.voucher_where(model, |voucher| match name {
            "request_close" => voucher.closing_at == 0 && now < voucher.expires_at,
            "reclaim" => now > voucher.settles_until(model),
            "release_voucher" => now > voucher.opened_at && !voucher.is_unanswered(now),
            "challenge" => voucher.settled == 0 && voucher.challenged_until == 0 && voucher.answered_at == 0,
            "answer" => voucher.challenged_until >= now,
            "compensate" => voucher.is_unanswered(now),
            _ => voucher.remaining() > 0,
        });
        let voucher = model.vouchers.get(&(vault, session));
        let owner = voucher.map_or(Who::Holder(0), |voucher| voucher.owner);
        let operator = model.vaults.get(&vault).map_or(Who::Operator(0), |of| of.operator);
        match name {
            "request_close" => Action::RequestClose { vault, session, by: self.usually(owner) },
            "reclaim" => Action::Reclaim { vault, session, to: self.usually_with_purses(owner) },
            "release_voucher" => Action::ReleaseVoucher { vault, session, by: self.usually(operator) },
            "challenge" => Action::Challenge { vault, session, by: self.usually(owner) },
            "answer" => {
                let wrong = self.rng.random_bool(0.05);
                let issuer = Who::Issuer((vault + u8::from(wrong)) % crate::stage::VENDORS);
                let more = u64::from(self.rng.random_bool(0.05));
                Action::Answer { vault, session, by: self.usually(operator), issuer, more }
            }
            "compensate" => Action::Compensate { vault, session },
            _ => {
                let opened_at = voucher.map_or(now, |voucher| voucher.opened_at);
                let (ago, _) = self.signed_when(model.currency.rules.attestation_ttl);
                let ago = if self.rng.random_bool(0.9) { ago.min(now - opened_at) } else { now - opened_at + 1 };
                let units = self.amount(voucher.map_or(1, |voucher| voucher.remaining()));
                Action::RuleBreach { vault, session, units, ago, signing: self.signing(model) }
            }
        }
    }

    fn liquidate(&mut self, model: &Economy) -> Action {
        let vault = self.vault_where(model, |vault| vault.liquidation.shortage > 0);
        let by = self.anybody_with_purses();
        let of = model.vaults.get(&vault);
        let shortage = of.map_or(1, |of| of.liquidation.shortage.min(of.outstanding));
        let held = model.bank.held(Purse::Tokens(by));
        let tokens = self.amount(shortage.min(held));
        let least = if self.rng.random_bool(0.85) { 0 } else { self.amount(tokens) };
        Action::Liquidate { vault, by, tokens, least }
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
        let most = if to == Purse::Staked { 1_000 } else { 20_000_000_000 };
        Action::Donate { to, amount: self.rng.random_range(0..most) }
    }
}
