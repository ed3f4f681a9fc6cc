//! What becomes of vouchers: served first come, first served, settled in batches, closed and reclaimed.

use {
    super::{
        Stage,
        plan::{DAY, STEP},
    },
    crate::world::Session,
    specie::constants::UNITS_PER_SCU,
    specie_client::{instruction::SignedReceipt, state::Claim},
};

/// How often a vendor's gateway settles what was consumed, in steps.
const SETTLED_EVERY: usize = 2 * DAY;
/// Receipts that fit a transaction.
const BATCH: usize = 3;

/// A voucher as its holder and the vendor's gateway know it.
pub(super) struct Ticket {
    pub(super) session: Session,
    pub(super) vendor: usize,
    pub(super) units: u64,
    /// TFLOP of each SCU.
    work_per_scu: u64,
    /// What its holder wants of it.
    consumes: u64,
    consumed: u64,
    settled: u64,
    /// Whether the vendor signed it, without which nothing is served.
    pub(super) signed: bool,
    pub(super) opened: usize,
    expires_at: i64,
    /// Whether its owner closed it.
    closing_at: Option<i64>,
    pub(super) challenged_until: Option<i64>,
    /// Whether its owner would rather challenge a vendor that does not serve than close.
    pub(super) disputes: bool,
    pub(super) ended: bool,
}

impl Ticket {
    pub(super) fn new(
        session: Session,
        vendor: usize,
        claim: &Claim,
        consumes: u64,
        signed: bool,
    ) -> Self {
        Self {
            session,
            vendor,
            units: claim.units.get(),
            work_per_scu: claim.work_per_scu.get(),
            consumes,
            consumed: 0,
            settled: 0,
            signed,
            opened: 0,
            expires_at: claim.expires_at.get(),
            closing_at: None,
            challenged_until: None,
            disputes: false,
            ended: false,
        }
    }

    /// Whether receipts may still be added to it.
    pub(super) fn is_open(&self, now: i64) -> bool {
        !self.ended && self.closing_at.is_none() && now < self.expires_at
    }

    /// Whether its vendor serves it: the vendor signed it, and it was not opened in this very step.
    fn may_be_served(&self, step: usize, now: i64) -> bool {
        self.signed && self.opened < step && self.is_open(now)
    }

    /// Consumes up to so much work; returns what is left of it.
    fn consume(&mut self, work: f64) -> f64 {
        let per_unit = self.work_per_scu as f64 / UNITS_PER_SCU as f64;
        let units = ((work / per_unit) as u64).min(self.consumes - self.consumed);
        self.consumed += units;
        work - units as f64 * per_unit
    }

    fn is_unsettled(&self) -> bool {
        !self.ended && self.consumed > self.settled
    }

    /// Whether nothing of it was ever settled: only then may it be challenged.
    pub(super) fn is_unserved(&self) -> bool {
        self.settled == 0
    }

    fn is_consumed(&self) -> bool {
        self.consumed == self.consumes
    }
}

impl Stage {
    /// Six hours of compute, and what follows from it.
    pub(super) fn serve(&mut self) {
        for vendor in 0..self.suppliers.len() {
            if !self.suppliers[vendor].is_gone(self.step) {
                self.consume(vendor);
                self.settle_due(vendor);
            }
        }
        self.close_what_is_enough();
        self.tickets.retain(|ticket| !ticket.ended);
    }

    /// A vendor's accelerators work off its vouchers in the order in which they were opened.
    fn consume(&mut self, vendor: usize) {
        let (step, now) = (self.step, self.world.chain.now());
        let mut work = (self.suppliers[vendor].rate() * STEP as u64) as f64;
        let tickets = self.tickets.iter_mut();
        for ticket in tickets.filter(|t| t.vendor == vendor && t.may_be_served(step, now)) {
            work = ticket.consume(work);
        }
    }

    /// A vendor's gateway settles now and then, and at once what is about to close.
    fn settle_due(&mut self, vendor: usize) {
        let all = (self.step + vendor).is_multiple_of(SETTLED_EVERY);
        let now = self.world.chain.now();
        let due: Vec<usize> = (0..self.tickets.len())
            .filter(|index| {
                let ticket = &self.tickets[*index];
                let closes = ticket.is_consumed() || !ticket.is_open(now + STEP);
                ticket.vendor == vendor && ticket.is_unsettled() && (all || closes)
            })
            .collect();
        for batch in due.chunks(BATCH) {
            self.settle(vendor, batch);
        }
    }

    fn settle(&mut self, vendor: usize, batch: &[usize]) {
        let receipts: Vec<SignedReceipt> = batch
            .iter()
            .map(|index| &self.tickets[*index])
            .map(|ticket| self.world.receipt(&ticket.session, ticket.consumed))
            .collect();
        let vendor = self.suppliers[vendor].vendor.clone();
        let call = self.world.settle(&vendor, &receipts);
        self.send(&call);
        self.chronicle.counts.receipts += batch.len() as u64;
        for index in batch {
            let ticket = &mut self.tickets[*index];
            ticket.settled = ticket.consumed;
            ticket.ended = ticket.settled == ticket.units;
        }
    }

    /// Owners close what they need no more of, and anybody reclaims it for them when the dispute window is over.
    fn close_what_is_enough(&mut self) {
        let window = i64::from(self.world.params().dispute_window.get());
        let now = self.world.chain.now();
        for index in 0..self.tickets.len() {
            let ticket = &self.tickets[index];
            if ticket.ended {
                continue;
            }
            if ticket.is_open(now) && ticket.is_consumed() {
                self.close(index);
            }
            let ticket = &self.tickets[index];
            let closes_at = ticket.closing_at.unwrap_or(ticket.expires_at);
            if now > closes_at + window && ticket.challenged_until.is_none() {
                let call = self.world.reclaim(&ticket.session);
                self.send(&call);
                self.chronicle.counts.reclaims += 1;
                self.tickets[index].ended = true;
            }
        }
    }

    /// A voucher's owner starts its dispute window.
    pub(super) fn close(&mut self, index: usize) {
        let call = self.world.request_close(&self.tickets[index].session);
        self.send(&call);
        self.tickets[index].closing_at = Some(self.world.chain.now());
    }
}
