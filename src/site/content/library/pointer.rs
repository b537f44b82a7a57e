//! Pointers: what stands in `DataLib` for a file, and the trees they form.

use std::fmt::{self, Display, Formatter};
use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

use super::{Content, Hash, make_folder, sync_folder};
use crate::site::content::fault::Fault;

const ENDING: &str = ".INI";

/// A file of a content: which one it is, and what the source said of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pointer {
    pub hash: Hash,
    pub size: u64,
    /// May be run as a program, where the source's file system knows such a thing.
    pub executable: bool,
}

impl Pointer {
    fn parse(text: &str) -> Option<Self> {
        let value = |name: &str| {
            text.lines()
                .find_map(|line| line.strip_prefix(name)?.strip_prefix('='))
        };
        Some(Self {
            hash: Hash::parse(value("Hash")?)?,
            size: value("Size")?.parse().ok()?,
            executable: value("Executable") == Some("1"),
        })
    }
}

impl Display for Pointer {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let executable = u8::from(self.executable);
        write!(
            f,
            "[File]\nSize={}\nHash={}\nExecutable={executable}\n",
            self.size, self.hash
        )
    }
}

/// Writes a tree of pointers into a new folder; it is on disk when this returns.
pub(super) fn write_tree(folder: &Path, content: &Content) -> Result<(), Fault> {
    make_folder(folder)?;
    for path in &content.folders {
        make_folder(&folder.join(path))?;
    }
    for (path, pointer) in &content.files {
        let path = folder.join(format!("{path}{ENDING}"));
        File::create_new(&path)
            .and_then(|mut file| {
                file.write_all(pointer.to_string().as_bytes())?;
                file.sync_data()
            })
            .map_err(|error| Fault::writing(&path, &error))?;
    }
    for path in &content.folders {
        sync_folder(&folder.join(path))?;
    }
    sync_folder(folder)
}

/// Reads a tree of pointers back.
pub(super) fn read_tree(folder: &Path) -> Result<Content, Fault> {
    let mut content = Content::default();
    let mut open = vec![String::new()];
    while let Some(inside) = open.pop() {
        for name in super::names(&folder.join(&inside))? {
            let path = format!("{inside}{name}");
            let full = folder.join(&path);
            if full.is_dir() {
                open.push(format!("{path}/"));
                content.folders.insert(path);
            } else if let Some(file) = path.strip_suffix(ENDING) {
                content.files.insert(file.to_owned(), read(&full)?);
            }
        }
    }
    Ok(content)
}

fn read(path: &Path) -> Result<Pointer, Fault> {
    let text = fs::read_to_string(path).map_err(|error| Fault::reading(path, &error))?;
    Pointer::parse(&text).ok_or_else(|| Fault::Unreadable {
        path: path.to_owned(),
        reason: "it is no pointer to a file".to_owned(),
    })
}
