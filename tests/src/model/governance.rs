//! Changes of rules, keys and Standard: announced, then done, and open to a veto in between.

use super::{
    Broken, Economy, Outcome, Refusal, Rules, Who,
    action::Proposal,
    arithmetic::{WHOLE, down},
    currency::{STANDARD_MAX, require_well_formed},
};

/// How long after its time a change may still be done.
pub const CHANGE_GRACE: i64 = 14 * 86_400;

/// A change that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "words of the design")]
pub struct Change {
    pub index: u64,
    pub scheduled_at: i64,
    pub eta: i64,
    pub rent_payer: Who,
    pub proposal: Proposal,
    /// All rules as they are to be, where one is to change.
    pub rules: Option<Rules>,
}

impl Economy {
    /// How long a change is announced before: a rise of the Standard, and rules that shorten the notice of one, as long as
    /// such a rise.
    fn notice(&self, proposal: Proposal, rules: Option<Rules>) -> i64 {
        let present = &self.currency.rules;
        let shortens = rules.is_some_and(|rules| rules.standard_notice < present.standard_notice);
        let standard = matches!(proposal, Proposal::Standard(_)) || shortens;
        let notice = if standard {
            present.standard_notice
        } else {
            present.change_delay
        };
        notice as i64
    }

    fn require_standard(&self, work: u64, broken: &mut Broken) {
        let present = self.standard.work_per_scu;
        let step = 10_000 + self.currency.rules.standard_max_step;
        broken.unless(work > present, Refusal::StandardNotRaised);
        broken.unless(work <= STANDARD_MAX, Refusal::StandardOutOfBounds);
        let most = down(present, step, WHOLE);
        broken.unless(u128::from(work) <= most, Refusal::StandardStepTooLarge);
    }

    /// The authority announces a change.
    pub fn schedule_change(&mut self, label: u32, by: Who, proposal: Proposal) -> Outcome {
        let mut broken = Broken::default();
        broken.unless(by == self.currency.authority, Refusal::NotAuthority);
        broken.unless(!self.changes.contains_key(&label), Refusal::Exists);
        let mut rules = None;
        match proposal {
            Proposal::Rule(rule, value) => {
                let mut changed = self.currency.rules;
                *changed.value_mut(rule.into()) = value;
                changed.require_allowed(&mut broken);
                rules = Some(changed);
            }
            Proposal::Standard(work) => {
                self.require_standard(work, &mut broken);
                broken.unless(
                    self.standard.announced == 0 || self.now > self.standard.announced_until,
                    Refusal::StandardAlreadyAnnounced,
                );
            }
            Proposal::Quorum(threshold, keys) => require_well_formed(threshold, keys, &mut broken),
            Proposal::Authority(_)
            | Proposal::Guardian(_)
            | Proposal::Treasury(_)
            | Proposal::VaultLimit(..) => {}
        }
        broken.end()?;
        let index = self.currency.next_change;
        let (scheduled_at, eta) = (self.now, self.now + self.notice(proposal, rules));
        if let Proposal::Standard(work) = proposal {
            self.standard.announced = work;
            self.standard.announced_until = eta + CHANGE_GRACE;
        }
        self.currency.next_change += 1;
        self.bank
            .move_lamports(by, -(self.bank.rents.change as i64));
        self.changes.insert(
            label,
            Change {
                index,
                scheduled_at,
                eta,
                rent_payer: by,
                proposal,
                rules,
            },
        );
        Ok(())
    }

    /// Anybody does what was announced, once its time has come. A new authority signs; a limit may be lowered at once.
    pub fn execute_change(&mut self, label: u32, by: Option<Who>) -> Outcome {
        let change = self.changes.get(&label).ok_or(Refusal::Missing)?.clone();
        let mut broken = Broken::default();
        let lowers = match change.proposal {
            Proposal::VaultLimit(vault, limit) => limit < self.vault(vault)?.limit,
            _ => false,
        };
        // Under the rules of the day, too: a notice that was lengthened since counts.
        let by_now = change.scheduled_at + self.notice(change.proposal, change.rules);
        let due = self.now >= change.eta.max(by_now);
        broken.unless(lowers || due, Refusal::ChangeTooEarly);
        broken.unless(
            self.now <= change.eta + CHANGE_GRACE,
            Refusal::ChangeExpired,
        );
        match change.proposal {
            Proposal::Rule(..) => {
                let rules = change.rules.expect("the rules that were announced");
                rules.require_allowed(&mut broken);
            }
            Proposal::Standard(work) => self.require_standard(work, &mut broken),
            Proposal::Authority(who) => {
                broken.unless(by == Some(who), Refusal::NewAuthorityMustSign)
            }
            _ => {}
        }
        broken.end()?;
        self.changes.remove(&label);
        self.bank
            .move_lamports(change.rent_payer, self.bank.rents.change as i64);
        match change.proposal {
            Proposal::Rule(..) => self.currency.rules = change.rules.expect("checked"),
            Proposal::Standard(work) => {
                self.standard.work_per_scu = work;
                self.standard.announced = 0;
                self.standard.announced_until = 0;
                self.standard.sequence += 1;
            }
            Proposal::Quorum(threshold, keys) => {
                self.quorum.threshold = threshold;
                let numbers = (0..32).filter(|n| keys & (1 << n) != 0);
                self.quorum.keys = numbers.map(Who::Attestor).collect();
                self.quorum.epoch += 1;
            }
            Proposal::Authority(who) => self.currency.authority = who,
            Proposal::Guardian(who) => self.currency.guardian = who,
            Proposal::Treasury(treasury) => self.currency.treasury = treasury,
            Proposal::VaultLimit(vault, limit) => {
                self.vaults.get_mut(&vault).expect("checked").limit = limit;
            }
        }
        Ok(())
    }

    /// Authority or guardian stop a change; the guardian not its own replacement.
    pub fn cancel_change(&mut self, label: u32, by: Who) -> Outcome {
        let change = self.changes.get(&label).ok_or(Refusal::Missing)?.clone();
        let is_authority = by == self.currency.authority;
        let is_guardian = by == self.currency.guardian;
        let mut broken = Broken::default();
        broken.unless(
            is_authority || is_guardian,
            Refusal::NotAuthorityNorGuardian,
        );
        let own = matches!(change.proposal, Proposal::Guardian(_)) && is_guardian && !is_authority;
        broken.unless(!own, Refusal::GuardianCannotCancelOwnReplacement);
        broken.end()?;
        let stands = self.standard.announced_until == change.eta + CHANGE_GRACE;
        if matches!(change.proposal, Proposal::Standard(_)) && stands {
            self.standard.announced = 0;
            self.standard.announced_until = 0;
        }
        self.changes.remove(&label);
        self.bank
            .move_lamports(change.rent_payer, self.bank.rents.change as i64);
        Ok(())
    }
}
