//! Which connections there are, and which of them makes room when there are too many.
//!
//! A connection is *kept* from when its request was authenticated to when the last byte of the answer was written. Until
//! then it makes room when another needs it, whatever it is sending or being answered: the one that has gone the longest
//! without beginning a request goes first. So any number of connections that nobody vouches for costs the others nothing.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// All connections of a server.
#[derive(Debug)]
pub(super) struct Connections {
    limit: usize,
    open: Mutex<Open>,
}

#[derive(Debug, Default)]
struct Open {
    count: usize,
    turn: u64,
    /// Those that make room, in the order in which they do.
    evictable: BTreeMap<u64, Evictable>,
}

#[derive(Debug)]
struct Evictable {
    evict: Arc<Notify>,
    has_request: bool,
}

impl Open {
    fn queue(&mut self, evict: &Arc<Notify>, has_request: bool) -> u64 {
        self.turn += 1;
        let evict = Arc::clone(evict);
        let evictable = Evictable { evict, has_request };
        self.evictable.insert(self.turn, evictable);
        self.turn
    }
}

/// One connection's place, which is free again once this is dropped.
#[derive(Debug)]
pub(super) struct Connection {
    all: Arc<Connections>,
    evict: Arc<Notify>,
    asked: Notify,
    state: Mutex<State>,
}

#[derive(Clone, Copy, Debug)]
struct State {
    /// Its turn to make room; `None` while it is kept.
    turn: Option<u64>,
    phase: Phase,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// Without a request.
    Idle,
    /// A request's header is complete.
    Asked,
    /// The answer is complete, and some of it may not be written yet.
    Answered,
}

impl Connections {
    pub(super) fn new(limit: usize) -> Arc<Self> {
        Arc::new(Self {
            limit,
            open: Mutex::default(),
        })
    }

    /// A place for a new connection. If there is none, the connection whose turn it is to make room is told to go; `None`
    /// if all are kept.
    pub(super) fn admit(self: &Arc<Self>) -> Option<Connection> {
        let mut open = self.open();
        if open.count >= self.limit {
            let (_, first) = open.evictable.pop_first()?;
            first.evict.notify_one();
        }
        open.count += 1;
        let evict = Arc::new(Notify::new());
        let turn = Some(open.queue(&evict, false));
        let phase = Phase::Idle;
        Some(Connection {
            all: Arc::clone(self),
            evict,
            asked: Notify::new(),
            state: Mutex::new(State { turn, phase }),
        })
    }

    /// Tells all that are without a request to go.
    pub(super) fn evict_idle(&self) {
        self.open().evictable.retain(|_, one| {
            if !one.has_request {
                one.evict.notify_one();
            }
            one.has_request
        });
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Connection {
    /// Returns once the connection has to make room.
    pub(super) async fn evicted(&self) {
        self.evict.notified().await;
    }

    /// Returns once there was a request.
    pub(super) async fn was_asked(&self) {
        self.asked.notified().await;
    }

    /// A request's header is complete. Its sender is not authenticated yet.
    pub(super) fn asked(&self) {
        self.asked.notify_one();
        self.enter(Phase::Asked);
    }

    /// The sender has shown a valid key, proof or signature.
    pub(super) fn authenticated(&self) {
        let mut state = self.state();
        if let Some(turn) = state.turn
            && self.all.open().evictable.remove(&turn).is_some()
        {
            state.turn = None;
        }
    }

    /// The answer is complete.
    pub(super) fn answered(&self) {
        self.state().phase = Phase::Answered;
    }

    /// Whatever was to be written has been.
    pub(super) fn written(&self) {
        if self.state().phase == Phase::Answered {
            self.enter(Phase::Idle);
        }
    }

    /// From now on the connection makes room, after all others that do.
    fn enter(&self, phase: Phase) {
        let mut state = self.state();
        state.phase = phase;
        let mut open = self.all.open();
        if let Some(turn) = state.turn
            && open.evictable.remove(&turn).is_none()
        {
            // It was evicted.
            return;
        }
        state.turn = Some(open.queue(&self.evict, phase == Phase::Asked));
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        let turn = self.state().turn;
        let mut open = self.all.open();
        open.count -= 1;
        if let Some(turn) = turn {
            open.evictable.remove(&turn);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt as _;

    fn is_evicted(connection: &Connection) -> bool {
        connection.evicted().now_or_never().is_some()
    }

    #[test]
    fn the_longest_waiting_makes_room() {
        let all = Connections::new(2);
        let first = all.admit().unwrap();
        let second = all.admit().unwrap();
        let third = all.admit().unwrap();
        assert!(is_evicted(&first) && !is_evicted(&second) && !is_evicted(&third));
    }

    #[test]
    fn one_that_was_authenticated_makes_no_room_until_its_answer_was_written() {
        let all = Connections::new(1);
        let first = all.admit().unwrap();
        first.asked();
        first.authenticated();
        assert!(all.admit().is_none());
        first.answered();
        assert!(all.admit().is_none());
        first.written();
        let second = all.admit().unwrap();
        assert!(is_evicted(&first) && !is_evicted(&second));
    }

    #[test]
    fn one_that_was_not_authenticated_makes_room_in_every_phase() {
        let phases: [fn(&Connection); 4] = [
            Connection::asked,
            Connection::answered,
            Connection::written,
            // Authenticated before, and asked something else since.
            |connection| {
                connection.authenticated();
                connection.asked();
            },
        ];
        for count in 1..=phases.len() {
            let all = Connections::new(1);
            let first = all.admit().unwrap();
            for phase in &phases[..count] {
                phase(&first);
            }
            assert!(all.admit().is_some());
            assert!(is_evicted(&first));
        }
    }

    #[test]
    fn one_that_was_told_to_go_stays_so_whatever_it_shows() {
        let all = Connections::new(1);
        let first = all.admit().unwrap();
        first.asked();
        let _second = all.admit().unwrap();
        first.authenticated();
        first.answered();
        first.written();
        assert!(is_evicted(&first));
        assert_eq!(all.open().evictable.len(), 1);
    }

    #[test]
    fn a_connection_that_was_served_recently_has_waited_less() {
        let all = Connections::new(2);
        let first = all.admit().unwrap();
        let second = all.admit().unwrap();
        first.asked();
        first.authenticated();
        first.answered();
        first.written();
        let _third = all.admit().unwrap();
        assert!(!is_evicted(&first) && is_evicted(&second));
    }

    #[test]
    fn only_those_without_a_request_are_ended_when_the_server_stops() {
        let all = Connections::new(4);
        let connections: Vec<_> = (0..4).map(|_| all.admit().unwrap()).collect();
        let [_, asked, kept, again] = &connections[..] else {
            unreachable!()
        };
        asked.asked();
        kept.asked();
        kept.authenticated();
        again.asked();
        again.answered();
        again.written();
        all.evict_idle();
        let evicted: Vec<_> = connections.iter().map(is_evicted).collect();
        assert_eq!(evicted, [true, false, false, true]);
    }

    #[test]
    fn places_are_free_again_once_connections_are_gone() {
        let all = Connections::new(1);
        for _ in 0..3 {
            let connection = all.admit().unwrap();
            connection.asked();
            connection.authenticated();
            assert!(all.admit().is_none());
        }
        let open = all.open();
        assert_eq!((open.count, open.evictable.len()), (0, 0));
    }
}
