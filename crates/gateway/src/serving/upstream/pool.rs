//! The servers that run a model, and which of them is asked next.

use super::circuit::Admission;
use super::server::{Server, Slot};
use solana_pubkey::Pubkey;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// The servers of one model.
#[derive(Debug)]
pub(super) struct Pool {
    servers: Vec<Arc<Server>>,
    next: AtomicUsize,
}

/// No server may be asked now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NoneAdmits {
    pub(super) retry_after: Duration,
}

impl Pool {
    pub(super) fn new(servers: Vec<Arc<Server>>) -> Self {
        Self {
            servers,
            next: AtomicUsize::new(0),
        }
    }

    /// A place for a voucher's request at the least busy server that may be asked and was not `tried`; among equals, at
    /// each in turn.
    pub(super) fn pick(
        &self,
        voucher: Pubkey,
        tried: &[Arc<Server>],
        now: Instant,
    ) -> Result<Slot, NoneAdmits> {
        // A request to another server does not take the turn of one that tries.
        let first = match tried {
            [] => self.next.fetch_add(1, Ordering::Relaxed),
            _ => self.next.load(Ordering::Relaxed),
        };
        let count = self.servers.len();
        let mut candidates: Vec<_> = (0..count)
            .map(|n| &self.servers[(first % count + n) % count])
            .filter(|server| !tried.iter().any(|tried| Arc::ptr_eq(tried, server)))
            .collect();
        candidates.sort_by_key(|server| server.busy());
        candidates
            .iter()
            .find_map(|server| server.take(voucher, now))
            .ok_or_else(|| NoneAdmits {
                retry_after: self.wait(voucher, now),
            })
    }

    /// Until the first of them may be tried again.
    fn wait(&self, voucher: Pubkey, now: Instant) -> Duration {
        self.servers
            .iter()
            .map(|server| match server.admission(voucher, now) {
                Admission::Waits(until) => until.saturating_duration_since(now),
                Admission::Passes | Admission::Tries => Duration::ZERO,
            })
            .min()
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::super::UpstreamError;
    use super::super::circuit::Tolerance;
    use super::*;

    fn pool(count: u16) -> Pool {
        let tolerance = Tolerance {
            failures: 1,
            cooldown: Duration::from_secs(10),
        };
        let server = |n| {
            let url = format!("http://127.0.0.1:{n}/v1").parse().unwrap();
            Arc::new(Server::new(url, None, tolerance))
        };
        Pool::new((1..=count).map(server).collect())
    }

    /// No voucher in particular.
    const ANY: Pubkey = Pubkey::new_from_array([1; 32]);

    fn port(slot: &Slot) -> u16 {
        slot.server().url.port().unwrap()
    }

    #[test]
    fn equals_are_asked_in_turn_and_the_least_busy_first() {
        let (pool, now) = (pool(3), Instant::now());
        let mut slots: Vec<_> = (0..3).map(|_| pool.pick(ANY, &[], now).unwrap()).collect();
        let ports: Vec<_> = slots.iter().map(port).collect();
        assert_eq!(ports, [1, 2, 3]);
        drop(slots.remove(1));
        // The second is free, the others are busy.
        for _ in 0..4 {
            let slot = pool.pick(ANY, &[], now).unwrap();
            assert_eq!(port(&slot), 2);
        }
    }

    #[test]
    fn a_server_that_fails_is_left_out_until_its_time_is_over() {
        let (pool, now) = (pool(2), Instant::now());
        let slot = pool.pick(ANY, &[], now).unwrap();
        assert_eq!(port(&slot), 1);
        slot.failed(&UpstreamError::OutOfReach);
        for _ in 0..4 {
            assert_eq!(port(&pool.pick(ANY, &[], now).unwrap()), 2);
        }
        let later = now + Duration::from_secs(11);
        let ports: Vec<_> = (0..2)
            .map(|_| port(&pool.pick(ANY, &[], later).unwrap()))
            .collect();
        assert!(ports.contains(&1));
    }

    #[test]
    fn what_is_no_fault_of_the_servers_leaves_it_in() {
        let (pool, now) = (pool(1), Instant::now());
        for error in [
            UpstreamError::Refused(String::new()),
            UpstreamError::Busy,
            UpstreamError::TooSlow,
            UpstreamError::Reported {
                status: 503,
                message: String::new(),
            },
        ] {
            pool.pick(ANY, &[], now).unwrap().failed(&error);
        }
        assert!(pool.pick(ANY, &[], now).is_ok());
    }

    #[test]
    fn with_all_left_out_it_says_when_one_may_be_tried_and_only_one_request_tries() {
        let (pool, now) = (pool(1), Instant::now());
        pool.pick(ANY, &[], now)
            .unwrap()
            .failed(&UpstreamError::OutOfReach);
        let refused = pool.pick(ANY, &[], now).unwrap_err();
        assert!(refused.retry_after > Duration::from_secs(9));
        let later = now + Duration::from_secs(11);
        let trying = pool.pick(ANY, &[], later).unwrap();
        assert!(pool.pick(ANY, &[], later).is_err());
        // Its client left: nothing is known, and the next may try.
        drop(trying);
        pool.pick(ANY, &[], later).unwrap().succeeded();
        assert!(pool.pick(ANY, &[], later).is_ok());
    }

    #[test]
    fn what_may_be_the_requests_fault_counts_once_for_each_voucher() {
        let now = Instant::now();
        let voucher = |n| Pubkey::new_from_array([n; 32]);
        for error in [
            UpstreamError::Failed(500),
            UpstreamError::BrokeOff,
            UpstreamError::NotAnAnswer,
            UpstreamError::Reported {
                status: 500,
                message: String::new(),
            },
        ] {
            let pool = pool(1);
            for _ in 0..100 {
                pool.pick(voucher(1), &[], now).unwrap().failed(&error);
            }
            assert!(pool.pick(voucher(2), &[], now).is_ok(), "{error}");
            pool.pick(voucher(2), &[], now).unwrap().failed(&error);
            for failed in 1..=2 {
                assert!(pool.pick(voucher(failed), &[], now).is_err(), "{error}");
            }
            assert!(pool.pick(voucher(3), &[], now).is_ok(), "{error}");
        }
    }

    #[test]
    fn a_server_is_not_tried_twice_for_one_request() {
        let (pool, now) = (pool(2), Instant::now());
        let first = pool.pick(ANY, &[], now).unwrap();
        let tried = vec![Arc::clone(first.server())];
        drop(first);
        assert_eq!(port(&pool.pick(ANY, &tried, now).unwrap()), 2);
    }
}
