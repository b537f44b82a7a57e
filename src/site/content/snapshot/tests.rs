use super::*;
use crate::site::content::library::{ContentId, Library};

struct Place {
    folder: tempfile::TempDir,
    library: Library,
}

impl Place {
    fn new(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let library = Library::at(folder.path().join("library"));
        let place = Self { folder, library };
        fs::create_dir(place.source()).unwrap();
        for (path, text) in files {
            place.write(path, text);
        }
        place
    }

    fn source(&self) -> PathBuf {
        self.folder.path().join("source")
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.source().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn take(&self) -> Result<Content, Fault> {
        take(
            &self.source(),
            &mut self.library.change().unwrap(),
            &Progress::default(),
        )
    }
}

#[test]
fn a_snapshot_holds_every_file_and_folder() {
    let place = Place::new(&[
        ("install.sh", "run"),
        ("data/a.txt", "aa"),
        ("data/deep/b.txt", "aa"),
    ]);
    fs::create_dir(place.source().join("empty")).unwrap();
    let progress = Progress::default();
    let mut change = place.library.change().unwrap();
    let content = take(&place.source(), &mut change, &progress).unwrap();
    let id = ContentId::new("LAB00001", 1);
    change.publish(&id, &content).unwrap();
    change.done().unwrap();
    assert_eq!(place.library.content(&id).unwrap(), content);
    assert_eq!(
        content.files.keys().collect::<Vec<_>>(),
        ["data/a.txt", "data/deep/b.txt", "install.sh"]
    );
    assert!(content.folders.contains("empty"));
    assert_eq!((content.size(), content.distinct().len()), (7, 2));
    let measure = progress.measure();
    assert_eq!((measure.bytes, measure.total_bytes), (7, 7));
    assert_eq!((measure.files, measure.total_files), (3, 3));
}

#[test]
fn a_folder_that_is_missing_empty_or_a_file_is_told_so() {
    let place = Place::new(&[]);
    let fault = |path: &str| {
        Listing::of(&place.source().join(path))
            .unwrap_err()
            .to_string()
    };
    assert!(
        fault("gone").ends_with("gone does not exist"),
        "{}",
        fault("gone")
    );
    fs::create_dir(place.source().join("empty")).unwrap();
    fs::create_dir(place.source().join("empty/inner")).unwrap();
    assert!(
        fault("empty").ends_with("empty holds no files"),
        "{}",
        fault("empty")
    );
    place.write("file", "x");
    assert!(fault("file").ends_with("file is a file; a package is made from a folder"));
}

#[test]
fn a_file_that_changes_before_during_or_after_its_reading_spoils_the_snapshot() {
    let place = Place::new(&[("a", "one"), ("b", "two")]);
    let mut change = place.library.change().unwrap();
    let listing = Listing::of(&place.source()).unwrap();
    let content = listing.store(&mut change, &Progress::default()).unwrap();
    assert_eq!(content.files.len(), 2);
    place.write("b", "longer");
    let store = listing.store(&mut change, &Progress::default());
    assert!(matches!(store, Err(Fault::Changed { path }) if path.ends_with("b")));
    assert!(matches!(listing.still_holds(), Err(Fault::Changed { path }) if path.ends_with("b")));
    fs::remove_file(place.source().join("b")).unwrap();
    let store = listing.store(&mut change, &Progress::default());
    assert!(matches!(store, Err(Fault::Vanished { path }) if path.ends_with("b")));
    assert!(matches!(listing.still_holds(), Err(Fault::Vanished { path }) if path.ends_with("b")));
}

#[test]
fn a_file_that_comes_late_spoils_the_snapshot_too() {
    let place = Place::new(&[("a", "one")]);
    let listing = Listing::of(&place.source()).unwrap();
    place.write("late", "x");
    assert!(
        matches!(listing.still_holds(), Err(Fault::Changed { path }) if path.ends_with("late"))
    );
}

#[test]
fn a_source_that_goes_away_altogether_is_told_so() {
    let place = Place::new(&[("a", "one")]);
    let listing = Listing::of(&place.source()).unwrap();
    fs::remove_dir_all(place.source()).unwrap();
    let mut change = place.library.change().unwrap();
    let store = listing.store(&mut change, &Progress::default());
    assert!(matches!(store, Err(Fault::Vanished { .. })));
    assert!(matches!(place.take(), Err(Fault::SourceMissing { .. })));
}

#[test]
fn a_stop_is_heeded() {
    let place = Place::new(&[("a", "one")]);
    let progress = Progress::default();
    progress.stop();
    let taken = take(
        &place.source(),
        &mut place.library.change().unwrap(),
        &progress,
    );
    assert!(matches!(taken, Err(Fault::Stopped)));
}

#[cfg(unix)]
mod on_unix {
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    #[test]
    fn a_link_inside_the_source_is_the_file_it_names() {
        let place = Place::new(&[("lib.so.1", "code")]);
        symlink("lib.so.1", place.source().join("lib.so")).unwrap();
        let content = place.take().unwrap();
        assert_eq!(content.files["lib.so"], content.files["lib.so.1"]);
    }

    #[test]
    fn a_link_that_leads_elsewhere_is_refused_with_the_reason() {
        for (target, problem) in [
            ("/etc/hostname", "that leads out of the source folder"),
            ("nowhere", "that leads nowhere"),
            ("sub", "to something that is not a file"),
            ("loop", "that leads nowhere"),
        ] {
            let place = Place::new(&[("sub/a", "x")]);
            symlink(target, place.source().join("loop")).unwrap();
            let fault = place.take().unwrap_err().to_string();
            assert!(
                fault.ends_with(&format!("loop is a link {problem}")),
                "{fault}"
            );
        }
    }

    #[test]
    fn a_pipe_is_refused_and_never_opened() {
        let place = Place::new(&[("a", "x")]);
        let pipe = place.source().join("pipe");
        nix::unistd::mkfifo(&pipe, nix::sys::stat::Mode::S_IRWXU).unwrap();
        assert!(matches!(place.take(), Err(Fault::Special { path }) if path.ends_with("pipe")));
    }

    #[test]
    fn a_name_that_is_not_unicode_is_refused() {
        let place = Place::new(&[("a", "x")]);
        let name = std::ffi::OsStr::from_bytes(b"b\xFFd");
        fs::write(place.source().join(name), "x").unwrap();
        assert!(matches!(place.take(), Err(Fault::Name { .. })));
    }

    #[test]
    fn a_file_that_may_not_be_read_is_named() {
        let place = Place::new(&[("secret", "x")]);
        let path = place.source().join("secret");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
        if File::open(&path).is_ok() {
            return; // whoever runs the test may read everything
        }
        let fault = place.take().unwrap_err().to_string();
        assert!(
            fault.ends_with("secret cannot be read: permission denied"),
            "{fault}"
        );
    }

    #[test]
    fn that_a_file_may_be_run_is_kept() {
        let place = Place::new(&[("install.sh", "x"), ("readme", "y")]);
        fs::set_permissions(
            place.source().join("install.sh"),
            fs::Permissions::from_mode(0o755),
        )
        .unwrap();
        let content = place.take().unwrap();
        assert!(content.files["install.sh"].executable && !content.files["readme"].executable);
    }
}
