//! A chain in memory: the program's rules for vouchers and receipts, finalized at once or on demand.

use solana_pubkey::Pubkey;
use solana_signature::Signature;
use specie_chain::{
    AnsweredVoucher, Chain, ChainError, ChainFuture, Errand, Outcome, PreparedTransaction, Reading,
    SettleReceipt, Tip, VaultFacts, VoucherFacts,
};
use specie_claims::class::Class;
use specie_claims::clock::UnixTime;
use specie_wire::{Receipt, SigningKey};
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard};

/// How many blocks a prepared transaction stays valid for.
const VALID_FOR_BLOCKS: u64 = 150;

/// What happens to transactions that are sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Delivery {
    /// They are finalized at once.
    #[default]
    Finalized,
    /// They are executed but wait for [`MemoryChain::finalize`].
    Unfinalized,
    /// They vanish, as on a fork that is dropped or a node that forgets.
    Lost,
    /// They vanish, and are said to be finalized.
    Pretended,
}

/// A chain with one vault, whose state tests set.
#[derive(Debug)]
pub struct MemoryChain {
    operator: Pubkey,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    tip: Tip,
    vault: VaultFacts,
    vouchers: HashMap<Pubkey, VoucherFacts>,
    prepared: HashMap<Vec<u8>, (Signature, u64, Errand)>,
    outcomes: HashMap<Signature, Outcome>,
    waiting: Vec<(Signature, Errand)>,
    delivery: Delivery,
    trouble: Option<ChainError>,
    lists: bool,
    sent: Vec<u64>,
    /// The slot of the last reading: each is one later.
    slot: u64,
    /// What is answered of accounts instead of the truth.
    lies: HashMap<Pubkey, Option<VoucherFacts>>,
    lies_once: HashMap<Pubkey, Option<VoucherFacts>>,
    stands_still: bool,
    voucher_reads: usize,
}

impl MemoryChain {
    /// A chain at `tip` where only `vault` exists, whose operator is the gateway's.
    pub fn new(vault: VaultFacts, tip: Tip) -> Self {
        Self {
            operator: vault.operator,
            state: Mutex::new(State {
                tip,
                vault,
                vouchers: HashMap::new(),
                prepared: HashMap::new(),
                outcomes: HashMap::new(),
                waiting: Vec::new(),
                delivery: Delivery::default(),
                trouble: None,
                lists: true,
                sent: Vec::new(),
                slot: 0,
                lies: HashMap::new(),
                lies_once: HashMap::new(),
                stands_still: false,
                voucher_reads: 0,
            }),
        }
    }

    /// Redeems tokens for a voucher of a day, on a session key that no other has.
    pub fn redeem(
        &self,
        class: Class,
        units: u64,
        opened_at: UnixTime,
    ) -> (SigningKey, VoucherFacts) {
        static SESSIONS: AtomicU64 = AtomicU64::new(1);
        let mut secret = [0; 32];
        secret[..8].copy_from_slice(&SESSIONS.fetch_add(1, Ordering::SeqCst).to_le_bytes());
        let session = SigningKey::from_bytes(&secret);
        let facts = VoucherFacts {
            voucher: Pubkey::new_unique(),
            vault: self.lock().vault.vault,
            session: session.verifying_key().to_bytes(),
            rent_payer: Pubkey::new_unique(),
            class: class.number(),
            units,
            work_per_scu: 2_844_000,
            settled: 0,
            compensated: 0,
            opened_at,
            expires_at: opened_at.plus(86_400),
            closing_at: None,
            challenged_until: None,
        };
        self.put_voucher(facts);
        (session, facts)
    }

    /// How often it was asked for vouchers, however many at a time.
    pub fn voucher_reads(&self) -> usize {
        self.lock().voucher_reads
    }

    /// Opens or replaces a voucher account.
    pub fn put_voucher(&self, facts: VoucherFacts) {
        self.lock().vouchers.insert(facts.voucher, facts);
    }

    /// Removes a voucher account, as reclaiming does.
    pub fn remove_voucher(&self, address: Pubkey) {
        self.lock().vouchers.remove(&address);
    }

    /// From now on an account is answered for as this, whatever it is.
    pub fn lie(&self, address: Pubkey, facts: Option<VoucherFacts>) {
        self.lock().lies.insert(address, facts);
    }

    /// An account is answered for as this the next time, and then as it is.
    pub fn lie_once(&self, address: Pubkey, facts: Option<VoucherFacts>) {
        self.lock().lies_once.insert(address, facts);
    }

    /// From now on every reading is at the same slot.
    pub fn stand_still(&self) {
        self.lock().stands_still = true;
    }

    /// From now on every reading is one slot later again.
    pub fn move_on(&self) {
        self.lock().stands_still = false;
    }

    /// The next reading is at the slot after this one.
    pub fn move_on_to(&self, slot: u64) {
        self.lock().slot = slot;
    }

    /// From now on every account is answered for as it is.
    pub fn tell_the_truth(&self) {
        self.lock().lies.clear();
    }

    /// A voucher account as it is now.
    pub fn voucher(&self, address: Pubkey) -> Option<VoucherFacts> {
        self.lock().vouchers.get(&address).copied()
    }

    /// Starts a voucher's dispute window, as its owner does.
    pub fn request_close(&self, address: Pubkey, at: UnixTime) {
        if let Some(voucher) = self.lock().vouchers.get_mut(&address) {
            voucher.closing_at = Some(at);
        }
    }

    /// From now on no node lists challenged vouchers, as those without an index of programs' accounts.
    pub fn stop_listing(&self) {
        self.lock().lists = false;
    }

    /// Moves the chain's clock and height.
    pub fn set_tip(&self, tip: Tip) {
        self.lock().tip = tip;
    }

    /// Changes the vault.
    pub fn set_vault(&self, vault: VaultFacts) {
        self.lock().vault = vault;
    }

    /// Cuts the chain off, or joins it again.
    pub fn set_reachable(&self, reachable: bool) {
        let cut_off = ChainError::OutOfReach("cut off by the test".to_owned());
        self.set_trouble((!reachable).then_some(cut_off));
    }

    /// What every question gets instead of an answer.
    pub fn set_trouble(&self, trouble: Option<ChainError>) {
        self.lock().trouble = trouble;
    }

    /// Challenges a voucher, as its owner does.
    pub fn challenge(&self, address: Pubkey, until: UnixTime) {
        let mut state = self.lock();
        state.vault.challenges += 1;
        if let Some(voucher) = state.vouchers.get_mut(&address) {
            voucher.challenged_until = Some(until);
        }
    }

    /// What happens to transactions that are sent from now on.
    pub fn set_delivery(&self, delivery: Delivery) {
        self.lock().delivery = delivery;
    }

    /// Finalizes what was executed and waits.
    pub fn finalize(&self) {
        let mut state = self.lock();
        for (signature, errand) in std::mem::take(&mut state.waiting) {
            state.execute(signature, &errand);
        }
    }

    /// Drops what was executed and waits, as a fork does that loses: nobody has ever seen it.
    pub fn drop_fork(&self) {
        let mut state = self.lock();
        for (signature, _) in std::mem::take(&mut state.waiting) {
            state.outcomes.remove(&signature);
        }
    }

    /// How many times a transaction was sent, repetitions included.
    pub fn sent(&self) -> usize {
        self.lock().sent.len()
    }

    /// What each transaction bid that was sent, in order, repetitions included.
    pub fn bids(&self) -> Vec<u64> {
        self.lock().sent.clone()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no test panics while holding it")
    }

    fn answer<T: Send + 'static>(
        &self,
        answer: impl FnOnce(&mut State) -> Result<T, ChainError>,
    ) -> ChainFuture<'_, T> {
        let mut state = self.lock();
        let answered = match &state.trouble {
            None => answer(&mut state),
            Some(trouble) => Err(trouble.clone()),
        };
        Box::pin(std::future::ready(answered))
    }
}

impl State {
    /// All of a transaction or nothing, as on the real chain.
    fn execute(&mut self, signature: Signature, errand: &Errand) {
        let refusal = match errand {
            Errand::Settle(receipts) => receipts.iter().find_map(|receipt| self.refusal(receipt)),
            Errand::Answer(answered) => self.refusal_of_answer(answered),
        };
        let outcome = match refusal {
            Some(reason) => Outcome::Failed(reason.to_owned()),
            None => {
                match errand {
                    Errand::Settle(receipts) => receipts.iter().for_each(|r| self.settle(r)),
                    Errand::Answer(answered) => self.end_challenge(answered.terms.voucher.into()),
                }
                Outcome::Finalized
            }
        };
        self.outcomes.insert(signature, outcome);
    }

    fn refusal_of_answer(&self, answered: &AnsweredVoucher) -> Option<&'static str> {
        let Some(voucher) = self.vouchers.get(&answered.terms.voucher.into()) else {
            return Some("AccountNotInitialized");
        };
        let cluster = &self.vault.cluster;
        let issuer = self.vault.issuer.to_bytes();
        let signed = specie_wire::verify(&answered.terms, cluster, &issuer, &answered.signature);
        match voucher.challenged_until {
            None => Some("NotChallenged"),
            Some(until) if self.tip.time > until => Some("AnswerTooLate"),
            Some(_) if answered.terms != voucher.terms() => Some("VoucherTermsMismatch"),
            Some(_) if answered.issuer != issuer || signed.is_err() => Some("IssuerMismatch"),
            Some(_) => None,
        }
    }

    fn end_challenge(&mut self, address: Pubkey) {
        if let Some(voucher) = self.vouchers.get_mut(&address)
            && voucher.challenged_until.take().is_some()
        {
            self.vault.challenges -= 1;
        }
    }

    fn refusal(&self, receipt: &SettleReceipt) -> Option<&'static str> {
        let Some(voucher) = self.vouchers.get(&receipt.voucher) else {
            return Some("AccountNotInitialized");
        };
        let message = Receipt {
            voucher: receipt.voucher.to_bytes(),
            opened_at: receipt.opened_at.0,
            cumulative: receipt.cumulative,
        };
        let signed = specie_wire::verify(
            &message,
            &self.vault.cluster,
            &voucher.session,
            &receipt.signature,
        );
        let ended = voucher.closing_at.unwrap_or(voucher.expires_at);
        if signed.is_err() || voucher.opened_at != receipt.opened_at {
            Some("ReceiptOfAnotherVoucher")
        } else if receipt.cumulative <= voucher.settled {
            Some("ReceiptNotAboveSettled")
        } else if receipt.cumulative > voucher.units - voucher.compensated {
            Some("ReceiptAboveVoucher")
        } else if self.tip.time > ended.plus(self.vault.dispute_window) {
            Some("SettlementTooLate")
        } else {
            None
        }
    }

    /// Served is answered; a fully consumed voucher's account closes.
    fn settle(&mut self, receipt: &SettleReceipt) {
        self.end_challenge(receipt.voucher);
        if let Some(voucher) = self.vouchers.get_mut(&receipt.voucher) {
            voucher.settled = receipt.cumulative;
            if voucher.settled == voucher.units {
                self.vouchers.remove(&receipt.voucher);
            }
        }
    }
}

impl Chain for MemoryChain {
    fn operator(&self) -> Pubkey {
        self.operator
    }

    fn tip(&self) -> ChainFuture<'_, Tip> {
        self.answer(|state| Ok(state.tip))
    }

    fn vault(&self) -> ChainFuture<'_, VaultFacts> {
        self.answer(|state| Ok(state.vault))
    }

    fn vouchers<'a>(&'a self, addresses: &'a [Pubkey]) -> ChainFuture<'a, Reading> {
        self.answer(|state| {
            state.voucher_reads += 1;
            state.slot += u64::from(!state.stands_still);
            let found = addresses.iter().map(|address| {
                let lie = state.lies_once.remove(address);
                lie.or_else(|| state.lies.get(address).copied())
                    .unwrap_or_else(|| state.vouchers.get(address).copied())
            });
            Ok(Reading {
                slot: state.slot,
                vouchers: found.collect(),
            })
        })
    }

    fn challenged(&self) -> ChainFuture<'_, Vec<Pubkey>> {
        self.answer(|state| {
            if !state.lists {
                let refused = "getProgramAccounts is not served".to_owned();
                return Err(ChainError::OutOfReach(refused));
            }
            let vouchers = state.vouchers.values();
            let challenged = vouchers.filter(|voucher| voucher.challenged_until.is_some());
            Ok(challenged.map(|voucher| voucher.voucher).collect())
        })
    }

    /// One micro-lamport for a compute unit, doubled with each step of urgency.
    fn prepare<'a>(
        &'a self,
        errand: &'a Errand,
        urgency: u32,
    ) -> ChainFuture<'a, PreparedTransaction> {
        self.answer(|state| {
            let number = state.prepared.len() as u64 + 1;
            let mut signature = [0; 64];
            signature[..8].copy_from_slice(&number.to_le_bytes());
            let signature = Signature::from(signature);
            let bid = 1 << urgency;
            let bytes = [number, bid].map(u64::to_le_bytes).concat();
            let last_valid_block_height = state.tip.block_height + VALID_FOR_BLOCKS;
            state.prepared.insert(
                bytes.clone(),
                (signature, last_valid_block_height, errand.clone()),
            );
            Ok(PreparedTransaction {
                signature,
                bytes,
                last_valid_block_height,
                bid,
            })
        })
    }

    fn send<'a>(&'a self, transaction: &'a [u8]) -> ChainFuture<'a, ()> {
        self.answer(|state| {
            let Some((signature, last_valid, errand)) = state.prepared.get(transaction).cloned()
            else {
                return Err(ChainError::Refused("unknown transaction".to_owned()));
            };
            let bid = transaction[8..].try_into().map_or(0, u64::from_le_bytes);
            state.sent.push(bid);
            if state.tip.block_height > last_valid {
                return Err(ChainError::Refused("BlockhashNotFound".to_owned()));
            }
            if state.outcomes.contains_key(&signature) {
                return Ok(());
            }
            match state.delivery {
                Delivery::Finalized => state.execute(signature, &errand),
                Delivery::Unfinalized => {
                    state.outcomes.insert(signature, Outcome::Unfinalized);
                    state.waiting.push((signature, errand));
                }
                Delivery::Lost => {}
                Delivery::Pretended => {
                    state.outcomes.insert(signature, Outcome::Finalized);
                }
            }
            Ok(())
        })
    }

    fn outcome(&self, signature: Signature) -> ChainFuture<'_, Option<Outcome>> {
        self.answer(|state| Ok(state.outcomes.get(&signature).cloned()))
    }
}
