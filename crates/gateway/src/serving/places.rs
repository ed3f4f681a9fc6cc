//! How many requests are served at a time, and how many of them for one voucher.
//!
//! A voucher may have no more requests being served than places are free. So it takes at most half of what it finds, and
//! none keeps the next one out by asking much or reading slowly. No share has to be configured, and none stays unused that
//! is. (Choudhury and Hahne, *Dynamic queue length thresholds for shared-memory packet switches*, 1998.)

use solana_pubkey::Pubkey;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The places of all requests that are served at a time.
#[derive(Debug)]
pub struct Places {
    limit: usize,
    free: Arc<Semaphore>,
    /// Vouchers that have requests being served, and how many.
    taken: Mutex<HashMap<Pubkey, usize>>,
}

/// A request has no place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoPlace {
    /// All are taken.
    #[error("{limit} requests are being served, which is as many as there may be at a time")]
    Full {
        /// How many there are.
        limit: usize,
    },
    /// The voucher has its share of them.
    #[error(
        "{served} requests of this voucher are being served and {free} of {limit} places are free: one voucher may have no \
         more requests being served than places are free, so that others find one"
    )]
    Share {
        /// Requests of the voucher that are being served.
        served: usize,
        /// Places that are free.
        free: usize,
        /// How many places there are.
        limit: usize,
    },
}

impl Places {
    /// So many places, all of them free.
    pub fn new(limit: usize) -> Arc<Self> {
        Arc::new(Self {
            limit,
            free: Arc::new(Semaphore::new(limit)),
            taken: Mutex::default(),
        })
    }

    /// How many places there are.
    pub fn limit(&self) -> usize {
        self.limit
    }

    /// How many are taken.
    pub fn taken(&self) -> usize {
        self.limit.saturating_sub(self.free.available_permits())
    }

    /// A place for a request of a voucher.
    pub fn take(self: &Arc<Self>, voucher: Pubkey) -> Result<Place, NoPlace> {
        let limit = self.limit;
        // The lock is held throughout, so that what is counted as free is.
        let mut taken = self.lock();
        let free = self.free.available_permits();
        let served = taken.get(&voucher).copied().unwrap_or(0);
        let permit = Arc::clone(&self.free).try_acquire_owned();
        let permit = permit.map_err(|_| NoPlace::Full { limit })?;
        if served >= free {
            return Err(NoPlace::Share {
                served,
                free,
                limit,
            });
        }
        taken.insert(voucher, served + 1);
        Ok(Place {
            places: Arc::clone(self),
            voucher,
            _permit: permit,
        })
    }

    /// Waits until all are free, at most `timeout`. Call it once nothing new can arrive.
    pub async fn drained(&self, timeout: Duration) -> bool {
        let all = u32::try_from(self.limit).unwrap_or(u32::MAX);
        let free = self.free.acquire_many(all);
        matches!(tokio::time::timeout(timeout, free).await, Ok(Ok(_)))
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Pubkey, usize>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One request's place, until it is dropped.
#[derive(Debug)]
pub struct Place {
    places: Arc<Places>,
    voucher: Pubkey,
    _permit: OwnedSemaphorePermit,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.lock();
        match taken.get_mut(&self.voucher) {
            Some(served) if *served > 1 => *served -= 1,
            _ => {
                taken.remove(&self.voucher);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn voucher(n: u8) -> Pubkey {
        Pubkey::new_from_array([n; 32])
    }

    fn takes(places: &Arc<Places>, n: u8) -> Vec<Place> {
        std::iter::from_fn(|| places.take(voucher(n)).ok()).collect()
    }

    #[test]
    fn one_voucher_gets_half_and_every_other_still_finds_a_place() {
        let places = Places::new(256);
        let first = takes(&places, 1);
        assert_eq!(first.len(), 128);
        let refused = places.take(voucher(1)).unwrap_err();
        let share = NoPlace::Share {
            served: 128,
            free: 128,
            limit: 256,
        };
        assert_eq!(refused, share);
        assert!(refused.to_string().contains("128 of 256 places are free"));
        let others: Vec<_> = (2..=200).map(|n| places.take(voucher(n))).collect();
        assert_eq!(others.iter().filter(|place| place.is_ok()).count(), 128);
        let full = NoPlace::Full { limit: 256 };
        assert_eq!(places.take(voucher(201)).unwrap_err(), full);
    }

    #[test]
    fn each_greedy_voucher_leaves_half_of_what_it_found() {
        let places = Places::new(256);
        let greedy: Vec<_> = (1..=7).map(|n| takes(&places, n)).collect();
        let counts: Vec<_> = greedy.iter().map(Vec::len).collect();
        assert_eq!(counts, [128, 64, 32, 16, 8, 4, 2]);
        assert!(places.take(voucher(100)).is_ok());
    }

    #[test]
    fn a_place_that_ends_is_free_again() {
        let places = Places::new(2);
        let first = places.take(voucher(1)).unwrap();
        assert!(places.take(voucher(1)).is_err());
        let second = places.take(voucher(2)).unwrap();
        assert_eq!(places.taken(), 2);
        drop((first, second));
        assert_eq!(places.taken(), 0);
        assert!(places.lock().is_empty());
        assert!(places.take(voucher(1)).is_ok());
    }

    #[tokio::test]
    async fn it_is_drained_once_nothing_is_served() {
        let places = Places::new(1);
        let place = places.take(voucher(1)).unwrap();
        assert!(!places.drained(Duration::from_millis(1)).await);
        drop(place);
        assert!(places.drained(Duration::from_millis(1)).await);
    }
}
