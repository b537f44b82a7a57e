//! What is written is read back, and what the person wrote stays.

use std::os::unix::fs::PermissionsExt;
use std::sync::Barrier;
use std::thread;

use proptest::prelude::*;

use super::*;
use crate::config::Settings;

const PATH: &str = "/c/settings.toml";

fn edit(text: &str) -> SettingsEdit {
    SettingsEdit::parse(Path::new(PATH), text).unwrap()
}

fn entries(url: &str, banner: &str) -> Vec<(&'static str, Value)> {
    vec![
        ("url", url.into()),
        ("banner", banner.into()),
        ("readonly", true.into()),
    ]
}

fn add(name: &str, path: &Path) -> Result<(), Fault> {
    SettingsEdit::change(path, |edit| edit.add_site(name, entries("https://a", "X")))
}

fn read(text: &str) -> Settings {
    let (settings, faults) = Settings::parse(Path::new(PATH), text);
    assert_eq!(faults, [], "\n{text}");
    settings
}

#[test]
fn a_new_file_holds_the_site_alone() {
    let mut new = edit("");
    new.add_site("prod", entries("https://a", "X")).unwrap();
    new.set_default_site(Some("prod"));
    assert_eq!(
        new.text(),
        "default_site = \"prod\"\n[site.prod]\nurl = \"https://a\"\nbanner = \"X\"\nreadonly = true\n"
    );
}

#[test]
fn a_site_is_added_behind_everything_that_is_there() {
    let old = "# mine\ndefault_site = \"lab\" # the lab\n\n# careful\n[site.b] # first\nurl = \"https://b\"\n\n[limits]\n\
               warn_members = 3\n# confirm_members = 4\n";
    let mut more = edit(old);
    more.add_site("a", entries("https://a", "X")).unwrap();
    assert_eq!(
        more.text(),
        format!("{old}\n[site.a]\nurl = \"https://a\"\nbanner = \"X\"\nreadonly = true\n")
    );
    more.set_default_site(Some("a"));
    assert!(more.text().contains("default_site = \"a\" # the lab\n"));
}

#[test]
fn the_example_of_all_settings_takes_a_site() {
    let old = include_str!("../../../assets/examples/settings.toml");
    let mut more = edit(old);
    more.add_site("prod", entries("https://a", "X")).unwrap();
    assert!(more.text().starts_with(old.trim_end()));
    assert!(read(&more.text()).sites["prod"].readonly);
    more.remove_site("prod");
    assert_eq!(more.text().trim_end(), old.trim_end());
}

#[test]
fn a_site_leaves_with_its_own_comment_and_no_other() {
    let mut less = edit(
        "# the head of the file\n\n# call Bob\n[site.a]\nurl = \"https://a\"\n[site.a.limits]\nwarn_members = 3\n\n\
         # the other\n[site.b]\nurl = \"https://b\" # b\n",
    );
    less.remove_site("a");
    assert_eq!(
        less.text(),
        "# the head of the file\n\n# the other\n[site.b]\nurl = \"https://b\" # b\n"
    );
    less.remove_site("b");
    assert_eq!(less.text(), "# the head of the file\n");
}

#[test]
fn sites_in_other_shapes_come_and_go() {
    for old in [
        "site.a.url = \"https://a\"\n",
        "site = { a = { url = \"https://a\" } }\n",
        "[site]\na = { url = \"https://a\" }\n",
    ] {
        let mut other = edit(old);
        assert!(other.has_site("a") && !other.has_site("b"));
        other.add_site("b", entries("https://b", "X")).unwrap();
        other.remove_site("a");
        let read = read(&other.text());
        let names: Vec<&String> = read.sites.keys().collect();
        assert_eq!(names, ["b"], "{old}");
    }
}

#[test]
fn a_broken_file_is_told_with_its_line() {
    let broken = SettingsEdit::parse(Path::new(PATH), "a = 1\nb = = 2\n").unwrap_err();
    let told = broken.to_string();
    assert!(told.starts_with("/c/settings.toml:2: "), "{told}");
    assert!(told.contains("nothing was changed"), "{told}");
    let wrong = edit("site = 3\n").add_site("a", entries("https://a", "X"));
    assert!(wrong.unwrap_err().what.contains("not a table"));
}

#[test]
fn permissions_and_links_stay() {
    let folder = tempfile::tempdir().unwrap();
    let (real, link) = (
        folder.path().join("real.toml"),
        folder.path().join("settings.toml"),
    );
    fs::write(&real, "# mine\n").unwrap();
    fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).unwrap();
    std::os::unix::fs::symlink(&real, &link).unwrap();
    add("a", &link).unwrap();
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    let mode = fs::metadata(&real).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o640);
    assert!(fs::read_to_string(&real).unwrap().starts_with("# mine\n"));
    let new = folder.path().join("c/settings.toml");
    add("a", &new).unwrap();
    assert!(!private::is_open_to_others(&new).unwrap());
}

#[test]
fn a_change_that_fails_leaves_the_file_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("settings.toml");
    fs::write(&path, "site = 3\n").unwrap();
    assert!(add("a", &path).is_err());
    assert_eq!(fs::read_to_string(&path).unwrap(), "site = 3\n");
}

#[test]
fn nothing_is_lost_where_several_add_in_the_same_instant() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("settings.toml");
    let instant = Barrier::new(4);
    thread::scope(|scope| {
        for by in 0..4 {
            let (path, instant) = (&path, &instant);
            scope.spawn(move || {
                for at in 0..4 {
                    instant.wait();
                    add(&format!("s{at}-{by}"), path).unwrap();
                }
            });
        }
    });
    let sites = read(&fs::read_to_string(&path).unwrap()).sites;
    assert_eq!(sites.len(), 16);
}

proptest! {
    #[test]
    fn what_is_written_is_read_back_and_every_comment_survives(
        comments in prop::collection::vec("[ -~]{0,30}", 6),
        others in prop::collection::hash_set("[c-z][a-z0-9_-]{0,8}", 0..3),
        banner in "\\PC{0,20}",
    ) {
        let [head, first, second, inside, tail, last] = comments.as_slice() else { unreachable!() };
        let mut old = format!("# {head}\n\nreal = 1 # {first}\n# {second}\n[limits]\n# {inside}\nwarn_members = 3 # {tail}\n");
        old = old.replace("real = 1", "default_site = 'lab'");
        for name in &others {
            let site = format!("\n# of {name}\n[site.{name}]\nurl = 'https://{name}' # {head}\n");
            old.push_str(&site);
        }
        old.push_str("# ");
        old.push_str(last);
        let mut new = edit(&old);
        new.add_site("a", entries("https://a.example", &banner)).unwrap();
        let text = new.text();
        prop_assert!(text.starts_with(&old), "{}", text);
        let site = &read(&text).sites["a"];
        prop_assert_eq!(site.banner.as_deref(), Some(banner.as_str()));
        prop_assert!(site.readonly);
        let mut again = edit(&text);
        again.remove_site("a");
        let text = again.text();
        prop_assert_eq!(text.trim_end(), old.trim_end());
    }
}
