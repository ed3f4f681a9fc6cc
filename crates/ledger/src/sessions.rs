//! A cache of recently read sessions: every request reads one.

use super::Session;
use lru::LruCache;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// As many as a busy gateway has at a time; some 200 bytes each.
const MOST: NonZeroUsize = NonZeroUsize::new(16_384).unwrap();

/// Sessions by the hashes of their keys. Clones share them.
#[derive(Clone, Debug)]
pub(super) struct Sessions(Arc<Mutex<LruCache<String, Session>>>);

impl Sessions {
    pub(super) fn get(&self, key_hash: &str) -> Option<Session> {
        self.lock().get(key_hash).cloned()
    }

    pub(super) fn put(&self, key_hash: &str, session: &Session) {
        self.lock().put(key_hash.to_owned(), session.clone());
    }

    fn lock(&self) -> MutexGuard<'_, LruCache<String, Session>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for Sessions {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(LruCache::new(MOST))))
    }
}
