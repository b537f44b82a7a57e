//! Hears the site's bell: the writes of this process, and through a watched file those of every other one.
//!
//! Nobody polls, and an idle site wakes nobody.

use std::path::Path;
use std::sync::Arc;

use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use tokio::sync::watch;

use crate::site::store::Bell;

/// Wakes its holder whenever something was committed since it last looked.
#[derive(Debug)]
pub struct Ear {
    here: watch::Receiver<u64>,
    elsewhere: watch::Receiver<()>,
    /// As long as it lives, `elsewhere` hears.
    watch: Arc<Option<RecommendedWatcher>>,
}

impl Ear {
    /// Listens to a bell. Where the file cannot be watched, only the writes of this process are heard.
    pub fn to(bell: &Bell) -> Self {
        let (sender, elsewhere) = watch::channel(());
        let watch = watch_file(bell.path(), sender);
        if let Err(error) = &watch {
            let file = bell.path().display();
            tracing::warn!(%error, %file, "the writes of other processes will not be noticed");
        }
        Self {
            here: bell.rung(),
            elsewhere,
            watch: Arc::new(watch.ok()),
        }
        .fresh()
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
        let has_watch = self.watch.is_some();
        let heard = tokio::select! {
            heard = self.here.changed() => heard.is_ok(),
            heard = self.elsewhere.changed(), if has_watch => heard.is_ok(),
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

fn watch_file(file: &Path, sender: watch::Sender<()>) -> notify::Result<RecommendedWatcher> {
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        // A watch that reports a fault may have missed a ring: look rather than wait.
        if event.is_ok_and(|event| !matches!(event.kind, EventKind::Modify(_) | EventKind::Other)) {
            return;
        }
        // An error says that nobody listens any more.
        let _ = sender.send(());
    })?;
    watcher.watch(file, RecursiveMode::NonRecursive)?;
    Ok(watcher)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::site::Site;
    use crate::site::testing::site_at;

    fn made() -> (tempfile::TempDir, Site) {
        let folder = tempfile::tempdir().unwrap();
        let site = site_at(folder.path());
        (folder, site)
    }

    async fn write(site: &Site) {
        let sql = "UPDATE SMS_Collection SET Comment = 'x' WHERE CollectionID = 'SMS00001'";
        site.write(|context| context.execute(sql, &[]))
            .await
            .unwrap();
    }

    async fn is_quiet(ear: &mut Ear) -> bool {
        let short = Duration::from_millis(20);
        tokio::time::timeout(short, ear.rung()).await.is_err()
    }

    #[tokio::test]
    async fn an_ear_looks_once_and_then_wakes_for_writes_only() {
        let (_folder, site) = made();
        let mut ear = Ear::to(site.store().bell());
        ear.rung().await;
        assert!(is_quiet(&mut ear).await);
        write(&site).await;
        ear.rung().await;
        ear.another().rung().await;
    }

    #[tokio::test]
    async fn a_write_of_another_process_is_heard() {
        let (folder, site) = made();
        let other = Site::open(folder.path()).unwrap();
        let mut ear = Ear::to(site.store().bell());
        ear.rung().await;
        write(&other).await;
        tokio::time::timeout(Duration::from_secs(20), ear.rung())
            .await
            .expect("the file watch rings the bell");
    }
}
