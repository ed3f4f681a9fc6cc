//! Which connections there are, and which of them makes room when there are too many.
//!
//! A connection is *served* from when its request is complete to when the last byte of the answer was written, and
//! *waits* otherwise: for the rest of a header, or for another request. Only those that wait make room, the longest
//! waiting first, so that any number of slow connections costs the others nothing.

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
    waiting: BTreeMap<u64, Arc<Notify>>,
}

impl Open {
    fn wait(&mut self, evict: &Arc<Notify>) -> u64 {
        self.turn += 1;
        self.waiting.insert(self.turn, Arc::clone(evict));
        self.turn
    }
}

/// One connection's place; it is free again once this is dropped.
#[derive(Debug)]
pub(super) struct Connection {
    all: Arc<Connections>,
    evict: Arc<Notify>,
    asked: Notify,
    state: Mutex<State>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Waiting {
        turn: u64,
    },
    Served,
    /// The whole answer was made, and some of it is perhaps not written.
    Answered,
}

impl Connections {
    pub(super) fn new(limit: usize) -> Arc<Self> {
        Arc::new(Self {
            limit,
            open: Mutex::default(),
        })
    }

    /// A place for a new connection. If there is none, the connection that has waited the longest is told to go; `None`
    /// if none waits.
    pub(super) fn admit(self: &Arc<Self>) -> Option<Connection> {
        let mut open = self.open();
        if open.count >= self.limit {
            let (_, longest) = open.waiting.pop_first()?;
            longest.notify_one();
        }
        open.count += 1;
        let evict = Arc::new(Notify::new());
        let turn = open.wait(&evict);
        Some(Connection {
            all: Arc::clone(self),
            evict,
            asked: Notify::new(),
            state: Mutex::new(State::Waiting { turn }),
        })
    }

    /// Tells all that wait to go.
    pub(super) fn evict_all(&self) {
        for waiting in std::mem::take(&mut self.open().waiting).into_values() {
            waiting.notify_one();
        }
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

    /// A request is complete.
    pub(super) fn asked(&self) {
        self.asked.notify_one();
        let mut state = self.state();
        if let State::Waiting { turn } = *state {
            self.all.open().waiting.remove(&turn);
        }
        *state = State::Served;
    }

    /// The answer is complete.
    pub(super) fn answered(&self) {
        *self.state() = State::Answered;
    }

    /// Whatever was to be written has been.
    pub(super) fn written(&self) {
        let mut state = self.state();
        if *state == State::Answered {
            let turn = self.all.open().wait(&self.evict);
            *state = State::Waiting { turn };
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        let state = *self.state();
        let mut open = self.all.open();
        open.count -= 1;
        if let State::Waiting { turn } = state {
            open.waiting.remove(&turn);
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
    fn one_that_is_served_makes_no_room_until_its_answer_was_written() {
        let all = Connections::new(1);
        let first = all.admit().unwrap();
        first.asked();
        assert!(all.admit().is_none());
        first.answered();
        assert!(all.admit().is_none());
        first.written();
        let second = all.admit().unwrap();
        assert!(is_evicted(&first) && !is_evicted(&second));
    }

    #[test]
    fn a_connection_that_was_served_lately_has_waited_less() {
        let all = Connections::new(2);
        let first = all.admit().unwrap();
        let second = all.admit().unwrap();
        first.asked();
        first.answered();
        first.written();
        let _third = all.admit().unwrap();
        assert!(!is_evicted(&first) && is_evicted(&second));
    }

    #[test]
    fn places_are_free_again_once_connections_are_gone() {
        let all = Connections::new(1);
        for _ in 0..3 {
            let connection = all.admit().unwrap();
            connection.asked();
            assert!(all.admit().is_none());
        }
        let open = all.open();
        assert_eq!((open.count, open.waiting.len()), (0, 0));
    }
}
