//! A year of a currency on the SVM, with the crashes of crypto history laid over it and vendors that fail: what holders
//! could redeem at each moment. `cargo xtask scenario` writes docs/scenario.md and docs/scenario.svg from it.
//!
//! Everybody in it acts as anyone may, through the program's instructions; nothing is written past the program. The year
//! repeats itself to the byte: chance is seeded, and no clock but the chain's is read.

mod chronicle;
mod dice;
mod disputes;
mod document;
mod findings;
mod holders;
mod keepers;
mod market;
mod measure;
mod plan;
mod plot;
mod revenue;
mod vendors;
mod vouchers;
mod witnesses;

use {
    crate::world::{Call, Holder, Outcome, World},
    chronicle::{Chronicle, Kind},
    dice::Dice,
    market::Moment,
    measure::Sample,
    plan::{CRASHES, SEED, SILENCE, STEP, STEPS, VENDORS},
    solana_message::Message,
    solana_transaction::Transaction,
    specie_client::quote::Snapshot,
    specie_client::state::{Book, Currency, Standard, Vault},
    vendors::Supplier,
    vouchers::Ticket,
    witnesses::Witnesses,
};

/// What the year leaves behind: the two files.
pub struct Year {
    /// docs/scenario.md
    pub document: String,
    /// docs/scenario.svg
    pub plot: String,
}

/// Plays the year.
pub fn play() -> Year {
    let mut stage = Stage::set();
    for step in 0..STEPS {
        stage.step = step;
        stage.play_step();
    }
    Year {
        document: document::write(&stage),
        plot: plot::draw(&stage.samples, &stage.chronicle),
    }
}

/// Twenty thousand transactions whose signers all agree: checking their signatures would take most of the time. What the
/// quorum and sessions sign is still verified, by the Ed25519 program.
fn checking_no_transaction_signatures(mut world: World) -> World {
    world.chain.svm = world.chain.svm.clone().with_sigverify(false);
    world
}

/// The year while it is played.
struct Stage {
    world: World,
    dice: Dice,
    market: Vec<Moment>,
    step: usize,
    suppliers: Vec<Supplier>,
    holders: Vec<Holder>,
    witnesses: Witnesses,
    tickets: Vec<Ticket>,
    chronicle: Chronicle,
    samples: Vec<Sample>,
}

impl Stage {
    fn set() -> Self {
        let mut dice = Dice::seeded(SEED);
        let market = market::year(&mut dice);
        let world = World::founded(SEED, |args| args.params = plan::rules());
        let (world, holders) = holders::gather(world);
        let (mut world, witnesses) = Witnesses::gather(world);
        let suppliers = VENDORS.iter().map(|plan| Supplier::new(plan, &mut world));
        Self {
            suppliers: suppliers.collect(),
            world: checking_no_transaction_signatures(world),
            dice,
            market,
            step: 0,
            holders,
            witnesses,
            tickets: Vec::new(),
            chronicle: Chronicle::default(),
            samples: Vec::with_capacity(STEPS),
        }
    }

    /// Six hours of everybody's business, and what the chain says at their end.
    fn play_step(&mut self) {
        self.world.chain.warp(STEP);
        self.tell_of_the_market();
        self.post_price();
        self.tend_vaults();
        self.trade();
        self.serve();
        self.dispute();
        self.bear_witness();
        self.share_revenue();
        self.keep();
        let open = self.suppliers.iter().filter(|s| s.has_joined(self.step));
        let vendors = open.map(|s| (&s.vendor, s.is_gone(self.step)));
        self.samples.push(measure::sample(&self.world, vendors));
    }

    fn tell_of_the_market(&mut self) {
        let step = self.step;
        for crash in CRASHES.iter().filter(|crash| crash.bottom_at() == step) {
            let text = format!("Crash: {}", crash.name);
            self.chronicle.mark(step, Kind::Crash, crash.label, text);
        }
        if step == SILENCE.start {
            let text = "All attestors fall silent for two days";
            self.chronicle.mark(step, Kind::Note, "silence", text);
        } else if step == SILENCE.end {
            self.chronicle
                .note(step, Kind::Note, "The attestors are back");
        }
    }

    /// The quorum posts the market's price, or as near to it as the program lets it move at once.
    fn post_price(&mut self) {
        if SILENCE.contains(&self.step) {
            return;
        }
        let market = self.market[self.step].price as u64;
        let standard = self.world.standard_state();
        let params = self.world.params();
        let mut price = market;
        if !standard.price.is_zero() {
            let elapsed = (self.world.chain.now() - standard.published_at.get()) as u64;
            let intervals = elapsed / u64::from(params.price_min_interval.get());
            let bps = u64::from(params.price_max_move.get()) * intervals;
            let most = standard.price.get() * bps / 10_000;
            price = price.clamp(
                standard.price.get().saturating_sub(most).max(1),
                standard.price.get() + most,
            );
        }
        self.chronicle.counts.price_lagged += u64::from(price != market);
        let call = self.world.post_price(price);
        self.send(&call);
    }

    /// Sends a transaction that must succeed.
    #[track_caller]
    fn send(&mut self, call: &Call) -> Outcome {
        self.chronicle.counts.sent += 1;
        self.try_to_send(call).expect_success()
    }

    /// Sends a transaction.
    fn try_to_send(&mut self, call: &Call) -> Outcome {
        let chain = &mut self.world.chain;
        chain.svm.expire_blockhash();
        let payer = chain.fee_payer().address();
        let hash = chain.svm.latest_blockhash();
        let message = Message::new_with_blockhash(&call.instructions, Some(&payer), &hash);
        chain.send_transaction(Transaction::new_unsigned(message))
    }

    /// The accounts that a vault's business is quoted from.
    fn accounts(&self, vendor: usize) -> (Currency, Standard, Book, Vault) {
        let vault = self.world.vault_state(&self.suppliers[vendor].vendor);
        (
            self.world.currency_state(),
            self.world.standard_state(),
            self.world.book_state(),
            vault,
        )
    }

    /// What a token is backed by, as a part of a unit.
    fn worth(&self) -> f64 {
        measure::billionths(self.world.backing()) as f64 / 1e9
    }

    /// A quote from such accounts, now.
    fn snapshot<'a>(&self, accounts: &'a (Currency, Standard, Book, Vault)) -> Snapshot<'a> {
        Snapshot {
            currency: &accounts.0,
            standard: &accounts.1,
            book: &accounts.2,
            supply: self.world.supply(),
            vault: &accounts.3,
            now: self.world.chain.now(),
        }
    }
}
