//! Something read once, however many ask for it at the same time.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::OnceCell;

use super::Answered;

/// Values by key, each read at most once; a failure is told to all who asked and tried again by the next.
pub(super) struct Memo<K, V> {
    cells: Mutex<HashMap<K, Arc<OnceCell<Arc<V>>>>>,
}

impl<K, V> Default for Memo<K, V> {
    fn default() -> Self {
        Self {
            cells: Mutex::default(),
        }
    }
}

impl<K: Hash + Eq, V> Memo<K, V> {
    pub async fn get(&self, key: K, read: impl AsyncFnOnce() -> Answered<V>) -> Answered<Arc<V>> {
        let cell = {
            let mut cells = self.cells.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(cells.entry(key).or_default())
        };
        cell.get_or_try_init(async || read().await.map(Arc::new))
            .await
            .cloned()
    }
}
