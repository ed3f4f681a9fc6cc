//! What owners of vouchers do about vendors that do not serve: challenge, or close and take their tokens elsewhere.

use {
    super::{
        Stage,
        chronicle::Kind,
        plan::{DAY, Fate},
    },
    crate::{event, world::ONE},
    specie_client::state::VaultStatus,
};

/// How long owners wait before they act, in steps.
const STEPS_TO_WAIT: usize = 2;
/// Tokens redeemed at the vendor that refuses, each time.
const REFUSED: u64 = 300 * ONE;

impl Stage {
    /// Everything that owners do about vouchers that are not served, and what the plan has them do.
    pub(super) fn dispute(&mut self) {
        self.redeem_at_the_refusing();
        self.challenge_without_cause();
        for index in 0..self.tickets.len() {
            if self.tickets[index].ended {
                continue;
            }
            if self.tickets[index].challenged_until.is_some() {
                self.collect(index);
            } else {
                self.object(index);
            }
        }
        self.tickets.retain(|ticket| !ticket.ended);
    }

    /// Three holders redeem at the vendor that signs nothing, a day apart.
    fn redeem_at_the_refusing(&mut self) {
        let refusing = self.vendor_that(|fate| matches!(fate, Fate::Refuses { .. }));
        let Fate::Refuses { from, .. } = self.suppliers[refusing].plan.fate else {
            return;
        };
        for holder in 0..3 {
            if self.step == from + 1 + holder * DAY {
                let holder = self.holders[holder].clone();
                self.redeem(refusing, &holder, REFUSED);
            }
        }
    }

    /// Somebody challenges a vendor that serves, a day after another refuses; it answers.
    fn challenge_without_cause(&mut self) {
        let refusing = self.vendor_that(|fate| matches!(fate, Fate::Refuses { .. }));
        let serving = self.vendor_that(|fate| fate == Fate::Steady);
        let Fate::Refuses { from, .. } = self.suppliers[refusing].plan.fate else {
            return;
        };
        let challenger = self.holders[0].clone();
        if self.step != from + DAY || !self.redeem(serving, &challenger, ONE) {
            return;
        }
        let session = self.tickets[self.tickets.len() - 1].session.clone();
        let call = self.world.challenge(&session);
        self.send(&call);
        let vendor = self.suppliers[serving].vendor.clone();
        let call = self.world.answer(&vendor, &session);
        self.send(&call);
        let text = format!(
            "{} is challenged without cause, answers, and keeps the challenger's deposit",
            self.suppliers[serving].plan.name
        );
        self.chronicle.note(self.step, Kind::Note, text);
    }

    /// The owner of a voucher that is not served challenges, or closes it.
    fn object(&mut self, index: usize) {
        let ticket = &self.tickets[index];
        let supplier = &self.suppliers[ticket.vendor];
        let gone = supplier.is_gone(self.step.saturating_sub(STEPS_TO_WAIT));
        let waited = self.step >= ticket.opened + STEPS_TO_WAIT;
        let unserved = gone || !ticket.signed;
        let open = ticket.is_open(self.world.chain.now());
        if !(waited && unserved && open) {
            return;
        }
        let vault = self.world.vault_state(&supplier.vendor);
        let stands = vault.status != VaultStatus::Defaulted as u8;
        if stands && ticket.is_unserved() && (ticket.disputes || !ticket.signed) {
            let call = self.world.challenge(&ticket.session);
            let until = event!(self.send(&call), Challenged).challenged_until;
            self.tickets[index].challenged_until = Some(until.get());
        } else if !ticket.opened.is_multiple_of(4) {
            // A quarter of the owners does nothing until the voucher expires.
            self.close(index);
        }
    }

    /// Anybody has the owner paid when the vendor's time to answer is over.
    fn collect(&mut self, index: usize) {
        let ticket = &self.tickets[index];
        if ticket
            .challenged_until
            .is_none_or(|until| self.world.chain.now() <= until)
        {
            return;
        }
        let name = self.suppliers[ticket.vendor].plan.name;
        let call = self.world.compensate(&ticket.session);
        let paid = event!(self.send(&call), Compensated);
        self.tickets[index].ended = true;
        let counts = &mut self.chronicle.counts;
        counts.compensations += 1;
        counts.compensated += paid.units.get();
        counts.returned += paid.returned.get();
        let text = format!(
            "A voucher of {:.0} SCU that {name} did not sign is settled: {:.0} SCU in cash at 110 % of the price, {:.0} SCU as tokens",
            (paid.units.get() + paid.returned.get()) as f64 / 1e6,
            paid.units.get() as f64 / 1e6,
            paid.returned.get() as f64 / 1e6,
        );
        if self.suppliers[self.tickets[index].vendor].signs(self.step) || counts.compensations == 1
        {
            self.chronicle.note(self.step, Kind::Note, text);
        }
    }
}
