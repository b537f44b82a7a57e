//! Hears the site's bell: the writes of this process, and through a watched file those of every other one.
//!
//! Nobody polls, and an idle site wakes nobody.

use std::path::Path;
use std::sync::Arc;

use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use tokio::sync::watch;

/// Wakes its holder whenever something was committed since it last looked.
#[derive(Debug)]
pub struct Ear {
    here: watch::Receiver<u64>,
    elsewhere: watch::Receiver<()>,
    /// As long as it lives, `elsewhere` hears.
    watch: Arc<RecommendedWatcher>,
}

impl Ear {
    /// Listens to the bell in this file, which counts the writes of this process in `here`.
    pub fn at(file: &Path, here: watch::Receiver<u64>) -> notify::Result<Self> {
        let (sender, elsewhere) = watch::channel(());
        let mut watcher =
            notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
                // A watch that reports a fault may have missed a ring: look rather than wait.
                if event.is_ok_and(|event| {
                    !matches!(event.kind, EventKind::Modify(_) | EventKind::Other)
                }) {
                    return;
                }
                // An error says that nobody listens any more.
                let _ = sender.send(());
            })?;
        watcher.watch(file, RecursiveMode::NonRecursive)?;
        Ok(Self {
            here,
            elsewhere,
            watch: Arc::new(watcher),
        }
        .fresh())
    }

    /// One more, which has heard nothing yet.
    #[must_use]
    pub fn another(&self) -> Self {
        Self {
            here: self.here.clone(),
            elsewhere: self.elsewhere.clone(),
            watch: Arc::clone(&self.watch),
        }
        .fresh()
    }

    /// Whoever comes new has seen nothing yet: the first wait ends at once.
    fn fresh(mut self) -> Self {
        self.here.mark_changed();
        self
    }

    /// Waits for the next ring; returns at once when there was one since the last call.
    pub async fn rung(&mut self) {
        let heard = tokio::select! {
            heard = self.here.changed() => heard.is_ok(),
            heard = self.elsewhere.changed() => heard.is_ok(),
        };
        // A ring and its echo through the file are one reason to look.
        self.here.mark_unchanged();
        self.elsewhere.mark_unchanged();
        if !heard {
            // The site is closed: nothing will ever ring again.
            std::future::pending::<()>().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::time::Duration;

    use super::*;

    async fn is_quiet(ear: &mut Ear) -> bool {
        let short = Duration::from_millis(20);
        tokio::time::timeout(short, ear.rung()).await.is_err()
    }

    #[tokio::test]
    async fn an_ear_looks_once_and_then_wakes_for_rings_only() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("bell");
        fs::write(&file, "").unwrap();
        let rung = watch::Sender::new(0);
        let mut ear = Ear::at(&file, rung.subscribe()).unwrap();
        ear.rung().await;
        assert!(is_quiet(&mut ear).await);
        rung.send_replace(1);
        rung.send_replace(2);
        ear.rung().await;
        assert!(is_quiet(&mut ear).await, "two rings are one look");
        ear.another().rung().await;
    }

    #[tokio::test]
    async fn a_ring_of_another_process_is_heard() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("bell");
        fs::write(&file, "").unwrap();
        let rung = watch::Sender::new(0);
        let mut ear = Ear::at(&file, rung.subscribe()).unwrap();
        ear.rung().await;
        fs::write(&file, "!").unwrap();
        tokio::time::timeout(Duration::from_secs(20), ear.rung())
            .await
            .expect("the file watch rings the bell");
    }
}
