use std::path::PathBuf;

use super::*;

/// Publishes a content made of these files; the bytes are the text.
fn publish(library: &Library, id: &ContentId, files: &[(&str, &str)]) {
    let mut change = library.change().unwrap();
    let mut content = Content::default();
    for (path, text) in files {
        let mut incoming = change.receive().unwrap();
        incoming.write(text.as_bytes()).unwrap();
        let pointer = change.keep(incoming, false).unwrap();
        if let Some((folder, _)) = path.rsplit_once('/') {
            content.folders.insert(folder.to_owned());
        }
        content.files.insert((*path).to_owned(), pointer);
    }
    change.publish(id, &content).unwrap();
    change.done().unwrap();
}

fn file_count(library: &Library) -> usize {
    let files = library.root().join(FILES);
    let folders = names(&files).unwrap();
    folders
        .iter()
        .map(|folder| names(&files.join(folder)).unwrap().len())
        .sum()
}

fn id(package: &str, version: u32) -> ContentId {
    ContentId::new(package, version)
}

#[test]
fn content_is_read_back_as_it_was_stored() {
    let folder = tempfile::tempdir().unwrap();
    let library = Library::at(folder.path());
    assert_eq!(library.stored("LAB00001").unwrap(), None);
    publish(
        &library,
        &id("LAB00001", 1),
        &[("setup.exe", "a"), ("bin/run.INI", "b")],
    );
    assert_eq!(library.stored("LAB00001").unwrap(), Some(id("LAB00001", 1)));
    let content = library.content(&id("LAB00001", 1)).unwrap();
    assert_eq!(
        content.files.keys().collect::<Vec<_>>(),
        ["bin/run.INI", "setup.exe"]
    );
    assert!(content.folders.contains("bin"));
    let pointer = content.files["setup.exe"];
    assert_eq!(
        pointer.hash.to_string(),
        "CA978112CA1BBDCAFAC231B39A23DC4DA786EFF8147C4E72B9807785AFEE48BB"
    );
    assert_eq!(fs::read_to_string(library.file(pointer.hash)).unwrap(), "a");
    assert!(
        library
            .file(pointer.hash)
            .starts_with(folder.path().join("FileLib/CA97"))
    );
    assert!(!folder.path().join(MARKER).exists());
}

#[test]
fn one_copy_of_a_file_serves_every_package_and_goes_with_the_last() {
    let folder = tempfile::tempdir().unwrap();
    let library = Library::at(folder.path());
    publish(
        &library,
        &id("LAB00001", 1),
        &[("a", "same"), ("b", "same"), ("c", "own")],
    );
    publish(&library, &id("LAB00002", 1), &[("x", "same")]);
    assert_eq!(file_count(&library), 2);
    let mut change = library.change().unwrap();
    change.withdraw("LAB00001").unwrap();
    change.done().unwrap();
    assert_eq!(file_count(&library), 1);
    assert_eq!(library.stored("LAB00001").unwrap(), None);
    let mut change = library.change().unwrap();
    change.withdraw("LAB00002").unwrap();
    change.withdraw("LAB00009").unwrap();
    change.done().unwrap();
    assert_eq!(file_count(&library), 0);
}

#[test]
fn a_new_version_takes_the_old_one_s_place_and_its_files() {
    let folder = tempfile::tempdir().unwrap();
    let library = Library::at(folder.path());
    publish(
        &library,
        &id("LAB00001", 1),
        &[("a", "kept"), ("b", "dropped")],
    );
    publish(&library, &id("LAB00001", 2), &[("a", "kept"), ("c", "new")]);
    assert_eq!(library.stored("LAB00001").unwrap(), Some(id("LAB00001", 2)));
    assert_eq!(file_count(&library), 2);
    assert!(matches!(
        library.content(&id("LAB00001", 1)),
        Err(Fault::NotStored { .. })
    ));
    assert_eq!(
        names(&folder.path().join(CONTENTS)).unwrap(),
        ["LAB00001.2"]
    );
}

#[test]
fn what_a_cut_off_change_left_is_cleared_away_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let library = Library::at(folder.path());
    publish(&library, &id("LAB00001", 1), &[("a", "good")]);
    let mut change = library.change().unwrap();
    let mut whole = change.receive().unwrap();
    whole.write(b"stored, but of no content yet").unwrap();
    change.keep(whole, false).unwrap();
    let mut half = change.receive().unwrap();
    half.write(b"half").unwrap();
    fs::create_dir(folder.path().join("DataLib/LAB00002.1.unfinished")).unwrap();
    fs::create_dir(folder.path().join("DataLib/LAB00002.1")).unwrap();
    drop((half, change));
    assert_eq!(file_count(&library), 3);
    library.settle().unwrap();
    assert_eq!(file_count(&library), 1);
    assert_eq!(
        names(&folder.path().join(CONTENTS)).unwrap(),
        ["LAB00001.1"]
    );
    assert!(library.content(&id("LAB00001", 1)).is_ok());
    assert!(!folder.path().join(MARKER).exists());
}

#[test]
fn a_change_that_ends_well_does_not_hide_an_earlier_one_that_did_not() {
    let folder = tempfile::tempdir().unwrap();
    let library = Library::at(folder.path());
    drop(library.change().unwrap());
    publish(&library, &id("LAB00001", 1), &[("a", "good")]);
    assert!(folder.path().join(MARKER).exists());
    library.settle().unwrap();
    assert!(!folder.path().join(MARKER).exists());
    assert!(library.content(&id("LAB00001", 1)).is_ok());
}

#[test]
fn a_damaged_file_is_replaced_when_the_same_content_comes_again() {
    let folder = tempfile::tempdir().unwrap();
    let library = Library::at(folder.path());
    publish(&library, &id("LAB00001", 1), &[("a", "good")]);
    let pointer = library.content(&id("LAB00001", 1)).unwrap().files["a"];
    fs::write(library.file(pointer.hash), "evil").unwrap();
    publish(&library, &id("LAB00002", 1), &[("x", "good")]);
    assert_eq!(
        fs::read_to_string(library.file(pointer.hash)).unwrap(),
        "good"
    );
}

#[test]
fn hashes_and_ids_are_read_back_from_their_text() {
    let hash = Hash([0xA5; 32]);
    assert_eq!(Hash::parse(&hash.to_string()), Some(hash));
    assert_eq!(Hash::parse("ABC"), None);
    assert_eq!(Hash::parse(&"é".repeat(32)), None);
    assert_eq!(ContentId::parse("LAB0001F.12"), Some(id("LAB0001F", 12)));
    assert_eq!(ContentId::parse("LAB0001F.12.unfinished"), None);
}

#[test]
fn a_change_that_finds_the_disk_full_gives_its_room_back_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let library = Library::at(folder.path());
    publish(&library, &id("LAB00001", 1), &[("kept", "stays")]);
    let attempt = |fault: fn(PathBuf) -> Fault| {
        library.changed_by(|change| {
            let mut whole = change.receive()?;
            whole.write(b"a file that is whole already")?;
            change.keep(whole, false)?;
            let mut half = change.receive()?;
            half.write(b"a file that was cut o")?;
            Err::<(), _>(fault(library.root().to_owned()))
        })
    };
    let full = attempt(|path| Fault::Full { path }).unwrap_err();
    assert!(matches!(full, Fault::Full { .. }));
    assert_eq!(file_count(&library), 1, "only what is stored is left");
    assert!(!folder.path().join(MARKER).exists());
    attempt(|path| Fault::Changed { path }).unwrap_err();
    assert!(
        file_count(&library) > 1,
        "after any other fault the next attempt finds what was brought"
    );
}
