//! Opens the database file, or makes it, and brings it to the shape this program knows.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io;
use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags, Transaction, TransactionBehavior};

use super::error::{OpenError, StoreError};
use super::schema;
use crate::site::catalog::Catalog;

/// Name of the database in the folder of a site.
pub(super) const FILE: &str = "site.db";

/// A database that is being made; it gets its name when it is whole.
const UNFINISHED: &str = "site.db.new";

/// "cnsn", by which a database of ours is told from anybody else's.
const APPLICATION: i64 = 0x636E_736E;

/// How long a writer of another process is waited for.
const PATIENCE: Duration = Duration::from_secs(15);

/// Connections that keep this many prepared statements do not prepare the usual ones anew.
const STATEMENTS: usize = 128;

pub(super) fn create(
    folder: &Path,
    catalog: &Catalog,
    fill: impl FnOnce(&Transaction<'_>) -> Result<(), StoreError>,
) -> Result<Connection, OpenError> {
    make_folder(folder)?;
    let unfinished = folder.join(UNFINISHED);
    make_file(&unfinished).map_err(|source| OpenError::folder(folder, "write in", source))?;
    build(&unfinished, catalog, fill).map_err(|error| OpenError::Store(error.located(folder)))?;
    fs::rename(&unfinished, folder.join(FILE))
        .and_then(|()| File::open(folder)?.sync_all())
        .map_err(|source| OpenError::folder(folder, "write in", source))?;
    open(folder, catalog)
}

pub(super) fn open(folder: &Path, catalog: &Catalog) -> Result<Connection, OpenError> {
    let file = folder.join(FILE);
    match file.try_exists() {
        Ok(true) => {}
        Ok(false) => {
            return Err(OpenError::Missing {
                folder: folder.to_owned(),
            });
        }
        Err(source) => return Err(OpenError::folder(folder, "read", source)),
    }
    let located = |error: rusqlite::Error| fault(folder, error);
    let mut connection = connect(&file).map_err(located)?;
    tell_whose(&connection, folder)?;
    connection
        .pragma_update(None, "journal_mode", "WAL")
        .map_err(located)?;
    schema::bring_up(&mut connection, catalog)
        .map_err(|error| OpenError::Store(error.located(folder)))?;
    Ok(connection)
}

/// One more connection, for reading only.
pub(super) fn reader(folder: &Path) -> rusqlite::Result<Connection> {
    let connection = connect(&folder.join(FILE))?;
    connection.pragma_update(None, "query_only", true)?;
    Ok(connection)
}

fn connect(file: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file, flags)?;
    connection.busy_timeout(PATIENCE)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    Ok(connection)
}

/// What SQLite says about the file of a folder.
fn fault(folder: &Path, error: rusqlite::Error) -> OpenError {
    if error.sqlite_error_code() == Some(ErrorCode::NotADatabase) {
        return not_ours(folder, format!("its {FILE} is no SQLite database"));
    }
    OpenError::Store(StoreError::from(error).located(folder))
}

fn not_ours(folder: &Path, found: String) -> OpenError {
    OpenError::NotOurs {
        folder: folder.to_owned(),
        found,
    }
}

/// Whether the database is a site's, and not from the future.
fn tell_whose(connection: &Connection, folder: &Path) -> Result<(), OpenError> {
    let number = |pragma: &str| {
        connection
            .pragma_query_value(None, pragma, |row| row.get::<_, i64>(0))
            .map_err(|error| fault(folder, error))
    };
    if number("application_id")? != APPLICATION {
        return Err(not_ours(
            folder,
            format!("its {FILE} is a database of another program"),
        ));
    }
    let found = number("user_version")?;
    if found > schema::VERSION {
        return Err(OpenError::Newer {
            folder: folder.to_owned(),
            found,
            known: schema::VERSION,
        });
    }
    Ok(())
}

/// The folder, if need be made; empty but for what an interrupted [`create`] left.
fn make_folder(folder: &Path) -> Result<(), OpenError> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
        .create(folder)
        .map_err(|source| OpenError::folder(folder, "make", source))?;
    if folder.join(FILE).exists() {
        return Err(OpenError::Taken {
            folder: folder.to_owned(),
        });
    }
    let unreadable = |source| OpenError::folder(folder, "read", source);
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let name = entry
            .map_err(unreadable)?
            .file_name()
            .to_string_lossy()
            .into_owned();
        if !name.starts_with(UNFINISHED) {
            return Err(not_ours(folder, format!("{name:?} lies in it")));
        }
    }
    Ok(())
}

fn make_file(file: &Path) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.create(true).write(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file).map(drop)
}

/// Everything a new site has, in one transaction, without a log beside the file.
fn build(
    path: &Path,
    catalog: &Catalog,
    fill: impl FnOnce(&Transaction<'_>) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let mut connection = connect(path)?;
    connection.pragma_update(None, "application_id", APPLICATION)?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    schema::make(&transaction, catalog)?;
    fill(&transaction)?;
    transaction.commit()?;
    connection.close().map_err(|(_, error)| error.into())
}
