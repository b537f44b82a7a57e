//! What rules, methods and the background parts work with: the database in one transaction, the classes, who the site
//! is and what time it is.

use jiff::Timestamp;
use rusqlite::{Connection, ToSql};

use crate::sms::ids::SiteCode;
use crate::sms::nal::NalPath;
use crate::sms::time::WireTime;

use super::NewSite;
use super::catalog::{Catalog, Class};
use super::refusal::Refusal;
use super::store::StoreError;
use super::store::object::{self, Object, ObjectKey};

/// Who the site is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    pub code: SiteCode,
    pub name: String,
    /// Full name of the site server.
    pub server: String,
}

impl Identity {
    /// The site server is called after the site.
    pub(super) fn new(new: &NewSite) -> Self {
        let domain: String = new
            .name
            .chars()
            .map(|character| {
                if character.is_ascii_alphanumeric() {
                    character.to_ascii_lowercase()
                } else {
                    '-'
                }
            })
            .collect();
        Self {
            code: new.code.clone(),
            name: new.name.clone(),
            server: format!("dp01.{}.example", domain.trim_matches('-')),
        }
    }

    pub(super) fn read(connection: &Connection) -> Result<Self, StoreError> {
        let sql = "SELECT ThisSiteCode, ThisSiteName, SMSSiteServer FROM SMS_Identification";
        Ok(connection.query_row(sql, [], |row| {
            Ok(Self {
                code: SiteCode::from(row.get::<_, String>(0)?),
                name: row.get(1)?,
                server: row.get(2)?,
            })
        })?)
    }

    /// The site server without its domain.
    pub fn computer(&self) -> &str {
        self.server.split('.').next().unwrap_or(&self.server)
    }

    /// The NAL path of the distribution point on the site server.
    pub fn nal_path(&self) -> NalPath {
        NalPath::of_server(&self.server, &self.code)
    }
}

/// One transaction on the site.
#[derive(Debug)]
pub struct Context<'t> {
    pub db: &'t Connection,
    pub catalog: &'t Catalog,
    pub site: &'t Identity,
    /// The moment of the transaction, in UTC.
    pub now: WireTime,
}

impl<'t> Context<'t> {
    pub fn new(db: &'t Connection, catalog: &'t Catalog, site: &'t Identity) -> Self {
        Self {
            db,
            catalog,
            site,
            now: WireTime::utc(Timestamp::now()),
        }
    }

    /// The moment of the transaction in the digits of the wire.
    pub fn now(&self) -> String {
        self.now.to_string()
    }

    /// A class this program relies on.
    pub fn class(&self, name: &str) -> Result<&'t Class, StoreError> {
        let unknown = || Refusal::not_found(format!("the class {name} is not known to this site"));
        Ok(self.catalog.class(name).ok_or_else(unknown)?)
    }

    /// One object by its key.
    pub fn read(&self, class: &str, key: &ObjectKey) -> Result<Option<Object>, StoreError> {
        object::read(self.db, self.class(class)?, key)
    }

    /// One object by its only, textual key.
    pub fn read_named(&self, class: &str, id: &str) -> Result<Option<Object>, StoreError> {
        self.read(class, &ObjectKey::text(id))
    }

    /// Objects that fit an SQL condition.
    pub fn find(
        &self,
        class: &str,
        condition: &str,
        values: &[&dyn ToSql],
    ) -> Result<Vec<Object>, StoreError> {
        object::find(self.db, self.class(class)?, condition, values)
    }

    /// Puts an object in as it is, without the rules of its class.
    pub fn insert(&self, class: &str, object: &Object) -> Result<(), StoreError> {
        object::insert(self.db, self.class(class)?, object)
    }

    /// Changes what `changes` names, without the rules of the class.
    pub fn update(
        &self,
        class: &str,
        key: &ObjectKey,
        changes: &Object,
    ) -> Result<bool, StoreError> {
        object::update(self.db, self.class(class)?, key, changes)
    }

    /// How many rows fit an SQL condition.
    pub fn count(
        &self,
        class: &str,
        condition: &str,
        values: &[&dyn ToSql],
    ) -> Result<i64, StoreError> {
        let sql = format!(
            "SELECT count(*) FROM \"{}\" WHERE {condition}",
            self.class(class)?.name
        );
        Ok(self
            .db
            .prepare_cached(&sql)?
            .query_row(values, |row| row.get(0))?)
    }

    /// Runs one statement of plain SQL.
    pub fn execute(&self, sql: &str, values: &[&dyn ToSql]) -> Result<usize, StoreError> {
        Ok(self.db.prepare_cached(sql)?.execute(values)?)
    }
}
