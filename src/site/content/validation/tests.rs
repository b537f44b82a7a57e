use std::fs;
use std::path::PathBuf;

use super::*;
use crate::site::content::snapshot;
use crate::site::content::transfer::{Extent, send};

struct Place {
    folder: tempfile::TempDir,
    site: Library,
    point: Library,
    id: ContentId,
}

fn place() -> Place {
    let folder = tempfile::tempdir().unwrap();
    let place = Place {
        site: Library::at(folder.path().join("site")),
        point: Library::at(folder.path().join("point")),
        id: ContentId::new("LAB00001", 1),
        folder,
    };
    fs::create_dir(place.source()).unwrap();
    fs::write(place.source().join("a"), "one").unwrap();
    fs::write(place.source().join("b"), "two").unwrap();
    place.snapshot(&place.id.clone());
    place
}

impl Place {
    fn source(&self) -> PathBuf {
        self.folder.path().join("source")
    }

    fn snapshot(&self, id: &ContentId) {
        let mut change = self.site.change().unwrap();
        let content = snapshot::take(&self.source(), &mut change, &Progress::default()).unwrap();
        change.publish(id, &content).unwrap();
        change.done().unwrap();
    }

    fn send(&self, extent: Extent) -> Result<u64, Fault> {
        let progress = Progress::default();
        let id = self.site.stored("LAB00001").unwrap().unwrap();
        send(&self.site, &id, &self.point, extent, &progress).map(|()| progress.measure().bytes)
    }

    fn spoil(&self, library: &Library, path: &str) {
        let pointer = library.content(&self.id).unwrap().files[path];
        fs::write(library.file(pointer.hash), "bad").unwrap();
    }

    fn flaws(&self, library: &Library) -> Vec<String> {
        validate(library, &self.id, &Progress::default())
            .unwrap()
            .files
    }
}

#[test]
fn what_was_sent_is_what_was_stored() {
    let place = place();
    assert_eq!(place.send(Extent::Missing).unwrap(), 6);
    assert_eq!(
        place.point.content(&place.id).unwrap(),
        place.site.content(&place.id).unwrap()
    );
    assert!(place.flaws(&place.point).is_empty());
}

#[test]
fn only_files_the_point_does_not_hold_are_sent_unless_all_are_wanted() {
    let place = place();
    place.send(Extent::Missing).unwrap();
    fs::write(place.source().join("b"), "three").unwrap();
    place.snapshot(&ContentId::new("LAB00001", 2));
    assert_eq!(place.send(Extent::Missing).unwrap(), 5);
    assert_eq!(place.send(Extent::Missing).unwrap(), 0);
    assert_eq!(place.send(Extent::Everything).unwrap(), 8);
}

#[test]
fn a_file_changed_behind_the_site_s_back_is_found_and_made_good_by_sending_everything() {
    let place = place();
    place.send(Extent::Missing).unwrap();
    place.spoil(&place.point, "b");
    assert_eq!(place.flaws(&place.point), ["b"]);
    place.send(Extent::Missing).unwrap();
    assert_eq!(place.flaws(&place.point), ["b"]);
    place.send(Extent::Everything).unwrap();
    assert!(place.flaws(&place.point).is_empty());
    let pointer = place.point.content(&place.id).unwrap().files["a"];
    fs::remove_file(place.point.file(pointer.hash)).unwrap();
    assert_eq!(place.flaws(&place.point), ["a"]);
}

#[test]
fn a_damaged_file_of_the_site_goes_no_further() {
    let place = place();
    place.spoil(&place.site, "a");
    let fault = place.send(Extent::Missing).unwrap_err();
    assert!(
        matches!(&fault, Fault::Damaged { file, .. } if file == "a"),
        "{fault}"
    );
    assert_eq!(place.point.stored("LAB00001").unwrap(), None);
}

#[test]
fn the_site_s_library_is_made_whole_from_a_source_that_still_is_the_same() {
    let place = place();
    place.spoil(&place.site, "a");
    let repair = || {
        repair(
            &place.site,
            &place.id,
            &place.source(),
            &Progress::default(),
        )
    };
    repair().unwrap();
    assert!(place.flaws(&place.site).is_empty());
    place.spoil(&place.site, "a");
    fs::write(place.source().join("a"), "changed").unwrap();
    assert!(matches!(repair(), Err(Fault::SourceMovedOn { .. })));
}

#[test]
fn a_stopped_transfer_publishes_nothing_and_goes_on_later_where_it_was() {
    let place = place();
    let progress = Progress::default();
    progress.stop();
    let stopped = send(
        &place.site,
        &place.id,
        &place.point,
        Extent::Missing,
        &progress,
    );
    assert!(matches!(stopped, Err(Fault::Stopped)));
    assert_eq!(place.point.stored("LAB00001").unwrap(), None);
    place.send(Extent::Missing).unwrap();
    place.point.settle().unwrap();
    assert!(place.flaws(&place.point).is_empty());
}
