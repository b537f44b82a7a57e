//! Tables, columns and views, derived from the catalog; what must move between versions is a migration by hand.
//!
//! One table a class, one column a property, both of the same name. Texts compare without regard to case; whole
//! numbers and booleans are INTEGER; times are TEXT in the digits of the wire; lists and embedded objects are TEXT
//! holding the JSON of the wire; bytes are TEXT in base64. Classes that only show what others hold are views.

use std::fmt::Write;

use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};
use sha2::{Digest, Sha256};

use super::error::StoreError;
use crate::site::catalog::{Catalog, Class, Kind, Property};

/// The way from one version to the next, the first from version 1 to 2. Tables and columns of classes, and views, need
/// none.
const MIGRATIONS: &[Migration] = &[
    Migration {
        reshape: "ALTER TABLE consign_member ADD COLUMN Name TEXT COLLATE NOCASE",
        fill: "UPDATE consign_member SET Name =
                   (SELECT Name FROM SMS_R_System WHERE SMS_R_System.ResourceId = consign_member.ResourceID)",
    },
    Migration {
        reshape: "",
        fill: include_str!("schema/scopes.sql"),
    },
];

/// One step of it.
struct Migration {
    /// What changes tables of the site itself, before anything is derived from them.
    reshape: &'static str,
    /// What moves data, once every table and column is there.
    fill: &'static str,
}

/// The version this program knows.
#[expect(clippy::cast_possible_wrap, reason = "a handful of migrations")]
pub(super) const VERSION: i64 = 1 + MIGRATIONS.len() as i64;

const INTERNAL: &str = include_str!("schema/internal.sql");
const TRIGGERS: &str = include_str!("schema/triggers.sql");

/// Ways rows are looked for besides their key: class and columns.
const INDEXES: &[(&str, &[&str])] = &[
    ("SMS_R_System", &["Name", "ResourceId"]),
    ("SMS_Program", &["ProgramName"]),
    ("SMS_Advertisement", &["PackageID", "ProgramName"]),
    ("SMS_Advertisement", &["CollectionID"]),
    (
        "SMS_ClientAdvertisementStatus",
        &["AdvertisementID", "LastState"],
    ),
    ("SMS_DistributionDPStatus", &["PackageID"]),
];

/// Classes that only show what other tables hold. The query names its columns as the properties; properties it does
/// not name are null.
const VIEWS: &[(&str, &str)] = &[
    (
        "SMS_FullCollectionMembership",
        include_str!("schema/SMS_FullCollectionMembership.sql"),
    ),
    (
        "SMS_CollectionDependencies",
        include_str!("schema/SMS_CollectionDependencies.sql"),
    ),
    (
        "SMS_AdvertisementInfo",
        include_str!("schema/SMS_AdvertisementInfo.sql"),
    ),
    (
        "SMS_ContentPackage",
        include_str!("schema/SMS_ContentPackage.sql"),
    ),
    (
        "SMS_PackageStatusRootSummarizer",
        include_str!("schema/SMS_PackageStatusRootSummarizer.sql"),
    ),
    (
        "SMS_ObjectContentInfo",
        include_str!("schema/SMS_ObjectContentInfo.sql"),
    ),
    (
        "SMS_ObjectContentExtraInfo",
        include_str!("schema/SMS_ObjectContentExtraInfo.sql"),
    ),
];

/// Makes everything in an empty database.
pub(super) fn make(transaction: &Transaction<'_>, catalog: &Catalog) -> Result<(), StoreError> {
    transaction.pragma_update(None, "user_version", VERSION)?;
    derive(transaction, catalog)
}

/// Adds what this program knows and the database has not. Nothing is written when there is nothing to add.
pub(super) fn bring_up(connection: &mut Connection, catalog: &Catalog) -> Result<(), StoreError> {
    let known = fingerprint(catalog);
    let found: Option<String> = connection
        .query_row(
            "SELECT value FROM consign_setting WHERE name = 'schema'",
            [],
            |row| row.get(0),
        )
        .optional()?;
    if found == Some(known) && version(connection)? == VERSION {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let done = usize::try_from(version(&transaction)? - 1).unwrap_or(0);
    let ahead = MIGRATIONS.get(done..).unwrap_or_default();
    for migration in ahead {
        transaction.execute_batch(migration.reshape)?;
    }
    derive(&transaction, catalog)?;
    for migration in ahead {
        transaction.execute_batch(migration.fill)?;
    }
    transaction.pragma_update(None, "user_version", VERSION)?;
    transaction.commit()?;
    Ok(())
}

fn version(connection: &Connection) -> Result<i64, StoreError> {
    Ok(connection.pragma_query_value(None, "user_version", |row| row.get(0))?)
}

/// Tables, missing columns, indexes, triggers and all views.
fn derive(transaction: &Transaction<'_>, catalog: &Catalog) -> Result<(), StoreError> {
    transaction.execute_batch(INTERNAL)?;
    drop_views(transaction)?;
    for class in catalog.classes().iter().filter(|class| is_table(class)) {
        transaction.execute_batch(&table(class))?;
        add_columns(transaction, class)?;
    }
    for (class, columns) in INDEXES {
        if catalog.class(class).is_some() {
            transaction.execute_batch(&index(class, columns))?;
        }
    }
    transaction.execute_batch(TRIGGERS)?;
    for (name, query) in VIEWS {
        if let Some(class) = catalog.class(name) {
            transaction.execute_batch(&view(transaction, class, query)?)?;
        }
    }
    transaction.execute(
        "INSERT INTO consign_setting VALUES ('schema', ?1) ON CONFLICT (name) DO UPDATE SET value = ?1",
        params![fingerprint(catalog)],
    )?;
    Ok(())
}

/// What the derived part of the database was derived from.
fn fingerprint(catalog: &Catalog) -> String {
    let mut hash = Sha256::new();
    hash.update(INTERNAL);
    hash.update(TRIGGERS);
    for class in catalog.classes().iter().filter(|class| class.has_objects()) {
        hash.update(table(class));
    }
    for (class, columns) in INDEXES {
        hash.update(index(class, columns));
    }
    for (class, query) in VIEWS {
        hash.update(class);
        hash.update(query);
    }
    hash.finalize()
        .iter()
        .fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}"); // writing to a String cannot fail
            text
        })
}

/// Whether objects of the class are kept in a table of their own.
pub fn is_table(class: &Class) -> bool {
    class.has_objects()
        && !VIEWS
            .iter()
            .any(|(view, _)| view.eq_ignore_ascii_case(&class.name))
}

fn table(class: &Class) -> String {
    let mut sql = format!("CREATE TABLE IF NOT EXISTS \"{}\" (", class.name);
    let alone = class.key.len() == 1;
    for property in &class.properties {
        let _ = write!(sql, "{}", column(property)); // writing to a String cannot fail
        if property.is_key() && class.key.contains(&property.name) {
            sql.push_str(if alone {
                " NOT NULL PRIMARY KEY"
            } else {
                " NOT NULL"
            });
        }
        sql.push_str(", ");
    }
    if alone {
        sql.truncate(sql.trim_end_matches(", ").len());
    } else {
        let _ = write!(sql, "PRIMARY KEY (\"{}\")", class.key.join("\", \"")); // writing to a String cannot fail
    }
    sql.push_str(") STRICT;");
    sql
}

fn column(property: &Property) -> String {
    let kind = match property.kind {
        Kind::String => "TEXT COLLATE NOCASE",
        Kind::UInt32 | Kind::UInt64 | Kind::SInt32 | Kind::SInt64 | Kind::Boolean => "INTEGER",
        Kind::DateTime
        | Kind::Bytes
        | Kind::Strings
        | Kind::Numbers
        | Kind::Object(_)
        | Kind::Objects(_) => "TEXT",
    };
    format!("\"{}\" {kind}", property.name)
}

fn add_columns(transaction: &Transaction<'_>, class: &Class) -> Result<(), StoreError> {
    let mut there = Vec::new();
    transaction.pragma(None, "table_info", &class.name, |row| {
        there.push(row.get::<_, String>("name")?);
        Ok(())
    })?;
    for property in &class.properties {
        if !there
            .iter()
            .any(|column| column.eq_ignore_ascii_case(&property.name))
        {
            transaction.execute_batch(&format!(
                "ALTER TABLE \"{}\" ADD COLUMN {}",
                class.name,
                column(property)
            ))?;
        }
    }
    Ok(())
}

fn index(class: &str, columns: &[&str]) -> String {
    format!(
        "CREATE INDEX IF NOT EXISTS \"consign_{class}_{}\" ON \"{class}\" (\"{}\");",
        columns.join("_"),
        columns.join("\", \"")
    )
}

fn drop_views(transaction: &Transaction<'_>) -> Result<(), StoreError> {
    let mut statement =
        transaction.prepare("SELECT name FROM sqlite_schema WHERE type = 'view'")?;
    let names = statement
        .query_map([], |row| row.get::<_, String>(0))?
        .collect::<Result<Vec<_>, _>>()?;
    for name in names {
        transaction.execute_batch(&format!("DROP VIEW \"{name}\""))?;
    }
    Ok(())
}

/// The view of a class: every property a column, those the query does not name null.
fn view(transaction: &Transaction<'_>, class: &Class, query: &str) -> Result<String, StoreError> {
    let statement = transaction.prepare(query)?;
    let given: Vec<&str> = statement.column_names().collect();
    let columns: Vec<String> = class
        .properties
        .iter()
        .map(|property| {
            let is_given = given
                .iter()
                .any(|column| column.eq_ignore_ascii_case(&property.name));
            let source = if is_given {
                format!("\"{}\"", property.name)
            } else {
                "NULL".to_owned()
            };
            format!("{source} AS \"{}\"", property.name)
        })
        .collect();
    Ok(format!(
        "CREATE VIEW \"{}\" AS SELECT {} FROM ({});",
        class.name,
        columns.join(", "),
        query.trim_end().trim_end_matches(';')
    ))
}
