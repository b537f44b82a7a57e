//! Who may run the background parts of a site: one process at a time, the holder of a file lock.
//!
//! Nobody waits *inside* the lock call. A console stopped with Ctrl-Z while it waits there would be given a lock it
//! cannot use, and keep it from everybody. So the lock is only ever tried, whenever the lock file says that its holder
//! has gone: who lets go touches it, and a killed holder's handle is closed for it.

use std::fs::{File, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use notify::event::{AccessKind, AccessMode};
use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use tokio::sync::watch;

/// A killed holder's lock goes a moment later than its handle: the pauses between the tries.
const PAUSES: [Duration; 6] = [
    Duration::ZERO,
    Duration::from_millis(2),
    Duration::from_millis(10),
    Duration::from_millis(50),
    Duration::from_millis(200),
    Duration::from_millis(800),
];

/// Where no event tells of a killed holder, the lock is tried this often.
const WITHOUT_EVENTS: Duration = Duration::from_secs(2);

/// The held role. Let go on drop.
#[derive(Debug)]
pub struct Held(Lock);

/// The lock file, opened once: closing a handle would tell everybody who waits that a holder has gone.
#[derive(Debug)]
struct Lock {
    file: File,
    path: PathBuf,
}

/// Waits for the role; `taken` is told who has it whenever it was tried in vain.
pub async fn await_role(path: &Path, mut taken: impl FnMut(Option<u32>)) -> io::Result<Held> {
    let mut lock = Lock::open(path)?;
    if lock.take()? {
        return Ok(Held(lock));
    }
    taken(lock.holder());
    let (sender, mut stirred) = watch::channel(());
    let watcher = watch_for_release(path, sender);
    if let Err(error) = &watcher {
        tracing::warn!(%error, path = %path.display(), "it will not be noticed at once when the background role is free");
    }
    loop {
        stirred.mark_unchanged();
        for pause in PAUSES {
            tokio::time::sleep(pause).await;
            if lock.take()? {
                return Ok(Held(lock));
            }
        }
        taken(lock.holder());
        if cfg!(target_os = "linux") && watcher.is_ok() {
            // The watcher lives in this frame, so the channel cannot close.
            let _ = stirred.changed().await;
        } else {
            tokio::select! {
                () = tokio::time::sleep(WITHOUT_EVENTS) => {}
                _ = stirred.changed(), if watcher.is_ok() => {}
            }
        }
    }
}

fn watch_for_release(path: &Path, sender: watch::Sender<()>) -> notify::Result<RecommendedWatcher> {
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        if event.is_ok_and(|event| !tells_of_release(event.kind)) {
            return;
        }
        // Nobody listens any more when the wait is over.
        let _ = sender.send(());
    })?;
    watcher.watch(path, RecursiveMode::NonRecursive)?;
    Ok(watcher)
}

fn tells_of_release(kind: EventKind) -> bool {
    matches!(
        kind,
        EventKind::Modify(_) | EventKind::Access(AccessKind::Close(AccessMode::Write))
    )
}

impl Lock {
    fn open(path: &Path) -> io::Result<Self> {
        let file = File::options()
            .create(true)
            .read(true)
            .write(true)
            .truncate(false)
            .open(path)?;
        let path = path.to_owned();
        Ok(Self { file, path })
    }

    /// Takes the lock if it is free, and writes into it who has it.
    fn take(&mut self) -> io::Result<bool> {
        match self.file.try_lock() {
            Ok(()) => {
                self.write(&std::process::id().to_string())?;
                Ok(true)
            }
            Err(TryLockError::WouldBlock) => Ok(false),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    fn write(&mut self, text: &str) -> io::Result<()> {
        self.file.set_len(0)?;
        self.file.rewind()?;
        self.file.write_all(text.as_bytes())
    }

    /// The process that has the lock, when the file can be read.
    fn holder(&mut self) -> Option<u32> {
        let mut text = String::new();
        self.file.rewind().ok()?;
        self.file.read_to_string(&mut text).ok()?;
        text.trim().parse().ok()
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let lock = &mut self.0;
        // The touch tells those who wait. The text is not ours any more: the lock may be somebody else's by now.
        let freed = lock
            .file
            .unlock()
            .and_then(|()| lock.file.set_modified(SystemTime::now()));
        if let Err(error) = freed {
            tracing::warn!(%error, path = %lock.path.display(), "the background role was not let go in order");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn never(_: Option<u32>) {}

    #[tokio::test]
    async fn the_role_is_one_holder_s_and_goes_to_who_waits_when_it_is_let_go() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("role.lock");
        let held = await_role(&path, never).await.unwrap();
        let (told, mut holder) = watch::channel(None);
        let waiting = tokio::spawn({
            let path = path.clone();
            async move {
                await_role(&path, |process| {
                    told.send_replace(process);
                })
                .await
            }
        });
        holder.changed().await.unwrap();
        assert_eq!(*holder.borrow(), Some(std::process::id()));
        assert!(!waiting.is_finished());
        drop(held);
        let next = tokio::time::timeout(Duration::from_secs(20), waiting).await;
        next.expect("the release is noticed").unwrap().unwrap();
    }

    #[tokio::test]
    async fn the_role_of_a_holder_that_was_killed_is_free() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("role.lock");
        let Held(lock) = &*std::mem::ManuallyDrop::new(await_role(&path, never).await.unwrap());
        let (told, mut holder) = watch::channel(None);
        let waiting = tokio::spawn({
            let path = path.clone();
            async move {
                await_role(&path, |process| {
                    told.send_replace(process);
                })
                .await
            }
        });
        holder.changed().await.unwrap();
        // What the system does for a killed process: the handle is closed, nothing is written.
        lock.file.unlock().unwrap();
        drop(File::options().write(true).open(&path).unwrap());
        let next = tokio::time::timeout(Duration::from_secs(20), waiting).await;
        next.expect("the closed handle is noticed")
            .unwrap()
            .unwrap();
    }
}
