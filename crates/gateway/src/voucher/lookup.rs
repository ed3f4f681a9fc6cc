//! Looking up vouchers for whoever asks: what all of them together may cost a node.
//!
//! Anybody may have a voucher signed that is on chain, and so anybody may name an address at which nothing is. However
//! many do, one call to a node is made at a time, at most [`CALLS_PER_SECOND`], each for up to [`ADDRESSES_PER_CALL`] addresses.
//! Those who ask meanwhile share the next call, so nobody is kept out by others before a thousand ask in a second. What was
//! read serves everybody who asked for the address before; that nothing is there serves, for [`FRESH`], those who ask after.

use crate::chain::{Chain, ChainError, VoucherFacts};
use lru::LruCache;
use solana_pubkey::Pubkey;
use std::collections::HashMap;
use std::num::NonZeroUsize;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::{Instant, sleep_until};

/// Accounts that one call returns at most.
const ADDRESSES_PER_CALL: usize = 100;

/// Calls in a second, however many ask.
const CALLS_PER_SECOND: u32 = 10;

/// How long nothing is taken to be where nothing was. A holder who waits for a voucher asks again later than that.
const FRESH: Duration = Duration::from_millis(500);

/// Those who may wait for a call. With more, the last would wait for longer than a client does.
const MOST_WAITING: usize = 2_000;

/// Addresses whose findings are remembered: more than can be asked for while they are fresh.
const REMEMBERED: NonZeroUsize = NonZeroUsize::new(4_096).expect("it is not zero");

/// Too many are waiting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{waiting} vouchers are being looked up, as many as may wait: ask again in {} s", retry_after.as_secs()
)]
pub struct TooManyLookups {
    /// How many wait.
    pub waiting: usize,
    /// When fewer will.
    pub retry_after: Duration,
}

/// Lookups of vouchers that anybody may ask for.
#[derive(Debug)]
pub struct Lookups {
    /// Held by the one who calls, until when the next call may be made.
    next_call: tokio::sync::Mutex<Instant>,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    /// Who waits for each address.
    waiting: HashMap<Pubkey, Waiters>,
    found: LruCache<Pubkey, Found>,
}

#[derive(Clone, Copy, Debug)]
struct Waiters {
    count: usize,
    /// When the latest of them asked.
    latest: Instant,
}

#[derive(Clone, Debug)]
struct Found {
    at: Instant,
    facts: Result<Option<VoucherFacts>, ChainError>,
}

/// One who waits, for as long as this is not dropped.
struct Waiting<'a> {
    lookups: &'a Lookups,
    address: Pubkey,
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        let mut state = self.lookups.state();
        if let Some(waiters) = state.waiting.get_mut(&self.address) {
            waiters.count -= 1;
            if waiters.count == 0 {
                state.waiting.remove(&self.address);
            }
        }
    }
}

impl Default for Lookups {
    fn default() -> Self {
        Self {
            next_call: tokio::sync::Mutex::new(Instant::now()),
            state: Mutex::new(State {
                waiting: HashMap::new(),
                found: LruCache::new(REMEMBERED),
            }),
        }
    }
}

impl Lookups {
    /// The voucher account at an address; `None` where none is finalized.
    pub async fn look_up(
        &self,
        chain: &dyn Chain,
        address: Pubkey,
    ) -> Result<Result<Option<VoucherFacts>, ChainError>, TooManyLookups> {
        let since = Instant::now();
        if let Some(facts) = self.found(address, since) {
            return Ok(facts);
        }
        let _waiting = self.wait(address, since)?;
        // In the order in which they came; each calls for all that wait, unless one before has.
        let mut next_call = self.next_call.lock().await;
        if let Some(facts) = self.found(address, since) {
            return Ok(facts);
        }
        sleep_until(*next_call).await;
        let addresses = self.next_addresses(address);
        let at = Instant::now();
        *next_call = at + Duration::from_secs(1) / CALLS_PER_SECOND;
        let read = chain.vouchers(&addresses).await;
        let mut state = self.state();
        for (n, address) in addresses.iter().enumerate() {
            let facts = match &read {
                Ok(reading) => Ok(reading.vouchers.get(n).copied().flatten()),
                Err(error) => Err(error.clone()),
            };
            state.found.put(*address, Found { at, facts });
        }
        Ok(read.map(|reading| reading.vouchers.first().copied().flatten()))
    }

    fn found(
        &self,
        address: Pubkey,
        since: Instant,
    ) -> Option<Result<Option<VoucherFacts>, ChainError>> {
        self.state().found(address, since)
    }

    fn wait(&self, address: Pubkey, since: Instant) -> Result<Waiting<'_>, TooManyLookups> {
        let mut state = self.state();
        let waiting = state.waiting.values().map(|waiters| waiters.count).sum();
        if waiting >= MOST_WAITING {
            let calls = state.waiting.len().div_ceil(ADDRESSES_PER_CALL) as u32;
            let retry_after = Duration::from_secs(u64::from(calls.div_ceil(CALLS_PER_SECOND)));
            return Err(TooManyLookups {
                waiting,
                retry_after,
            });
        }
        let waiters = state.waiting.entry(address).or_insert(Waiters {
            count: 0,
            latest: since,
        });
        waiters.count += 1;
        waiters.latest = waiters.latest.max(since);
        Ok(Waiting {
            lookups: self,
            address,
        })
    }

    /// An address, and as many others as one call can be for. Those who wait for what was found already only have to wake.
    fn next_addresses(&self, address: Pubkey) -> Vec<Pubkey> {
        let state = self.state();
        let others = state.waiting.iter().filter(|(other, waiters)| {
            **other != address && state.found(**other, waiters.latest).is_none()
        });
        let others = others.take(ADDRESSES_PER_CALL - 1);
        std::iter::once(address)
            .chain(others.map(|(other, _)| *other))
            .collect()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// What was found at an address that still serves who asked at `since`.
    fn found(
        &self,
        address: Pubkey,
        since: Instant,
    ) -> Option<Result<Option<VoucherFacts>, ChainError>> {
        let found = self.found.peek(&address)?;
        let fresh = match found.facts {
            Ok(None) => FRESH,
            // Where something is, only what was read since somebody asked says how it is.
            Ok(Some(_)) | Err(_) => Duration::ZERO,
        };
        (found.at + fresh >= since).then(|| found.facts.clone())
    }
}
