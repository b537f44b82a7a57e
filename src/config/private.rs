//! Files and folders readable by their owner alone.

use std::ffi::OsString;
use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

use nix::libc;

/// Makes a folder and its missing parents, readable by the owner alone. Folders that are there keep their rights.
pub fn create_folder(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// Options that make a new file readable by its owner alone; the caller says how to open.
pub fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.mode(0o600);
    options
}

/// Puts a whole file in place: readers see the old one or the new one, never half of it.
pub fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    replace_with(path, content, None)
}

/// The same for a file that had permissions of its own: it gets them back.
pub fn replace_with(
    path: &Path,
    content: &[u8],
    permissions: Option<Permissions>,
) -> io::Result<()> {
    let folder = folder_of(path);
    create_folder(folder)?;
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.new", std::process::id()));
    let beside = folder.join(name);
    let written = write_whole(&beside, content)
        .and_then(|()| permissions.map_or(Ok(()), |own| fs::set_permissions(&beside, own)))
        .and_then(|()| fs::rename(&beside, path));
    if written.is_err() {
        // The error that counts is the first one; the leftover is only untidy.
        let _ = fs::remove_file(&beside);
    }
    written?;
    File::open(folder)?.sync_all()
}

/// The right to change a file by what stands in it: whoever else asks for it waits until this is dropped, and then reads
/// what was written here.
#[must_use]
pub struct Turn {
    /// On a file of its own beside it, as the file itself is replaced.
    _lock: File,
}

impl Turn {
    pub fn at(path: &Path) -> io::Result<Self> {
        let folder = folder_of(path);
        create_folder(folder)?;
        let mut name = OsString::from(".");
        name.push(path.file_name().unwrap_or_default());
        name.push(".lock");
        let lock = options().write(true).create(true).open(folder.join(name))?;
        match lock.lock() {
            Err(error) if !has_no_locks(&error) => Err(error),
            _ => Ok(Self { _lock: lock }),
        }
    }
}

/// Whether the file system has no locks, which is no reason to change nothing any more. NFS without its lock service says
/// so in a way of its own, and homes often stand on it.
fn has_no_locks(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::Unsupported || error.raw_os_error() == Some(libc::ENOLCK)
}

/// The folder of a bare file name is the one we are in, and the empty path is none.
fn folder_of(path: &Path) -> &Path {
    let folder = path.parent();
    let folder = folder.filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new("."))
}

fn write_whole(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut file = options()
        .write(true)
        .create(true)
        .truncate(true)
        .open(path)?;
    file.write_all(content)?;
    file.sync_all()
}

/// Whether others than the owner may read the file.
pub fn is_open_to_others(path: &Path) -> io::Result<bool> {
    Ok(fs::metadata(path)?.permissions().mode() & 0o077 != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_for_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a/b/token");
        replace(&path, b"one").unwrap();
        replace(&path, b"two").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert!(!is_open_to_others(&path).unwrap());
        assert!(!is_open_to_others(&folder.path().join("a")).unwrap());
        let beside = fs::read_dir(folder.path().join("a/b")).unwrap().count();
        assert_eq!(beside, 1, "nothing is left over");
    }

    #[test]
    fn only_a_file_system_without_locks_is_written_to_without_one() {
        for (code, is_without) in [
            (libc::EOPNOTSUPP, true),
            (libc::ENOSYS, true),
            (libc::ENOLCK, true),
            (libc::EINTR, false),
            (libc::EIO, false),
        ] {
            let error = io::Error::from_raw_os_error(code);
            assert_eq!(has_no_locks(&error), is_without, "{error}");
        }
    }
}
