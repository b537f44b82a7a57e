//! Writes the JSON of objects straight from the columns of their rows: no value is built in between, so that a list of
//! ten thousand costs little more than its bytes.
//!
//! The order is that of real answers (adminservice.md 4): etag, lazy properties, rights, the class's properties
//! alphabetically, what the management layer adds, embedded objects. With `$select`, only what was selected.

use std::io::Write;

use rusqlite::Row;
use rusqlite::types::ValueRef;
use serde_json::json;

use crate::odata::envelope::{ETAG, LAZY_PROPERTIES, SECURITY_VERBS};
use crate::site::catalog::{Class, Kind, Property};
use crate::site::context::Identity;

/// How rows of a class are written.
pub(super) struct Shape {
    /// What to select, quoted, with commas.
    pub columns: String,
    class: &'static Class,
    /// Properties before what the management layer adds; their columns follow those of the key.
    plain: Vec<Column>,
    /// Embedded objects, behind it.
    embedded: Vec<Column>,
    /// Absent when properties were selected.
    system: Option<System>,
}

/// A property and where its value comes from.
struct Column {
    /// `"Name":`
    label: Vec<u8>,
    kind: Kind,
    /// Index in the row; a lazy property has none on lists.
    index: Option<usize>,
}

/// What surrounds the properties and is the same for every row.
struct System {
    /// Lazy properties and rights.
    head: Vec<u8>,
    /// `__GENUS` to `__DYNASTY`.
    class: Vec<u8>,
    /// `__PROPERTY_COUNT` to `__NAMESPACE`.
    middle: Vec<u8>,
    /// What stands in `__PATH` before the relative path.
    path: String,
}

impl Shape {
    /// Rows of a list: lazy properties stay empty.
    pub fn list(class: &'static Class, site: &Identity) -> Self {
        Self::new(
            class,
            |property| !property.lazy,
            Some(System::new(class, site, None)),
        )
    }

    /// One object read by its key, whole. Its reader has all rights.
    pub fn single(class: &'static Class, site: &Identity) -> Self {
        let verbs = class.secured.then_some(-1);
        Self::new(class, |_| true, Some(System::new(class, site, verbs)))
    }

    /// Only these properties.
    pub fn selected(class: &'static Class, properties: &[&Property]) -> Self {
        let mut shape = Self::new(
            class,
            |property| properties.iter().any(|other| other.name == property.name),
            None,
        );
        shape.plain.retain(|column| column.index.is_some());
        shape.embedded.retain(|column| column.index.is_some());
        shape
    }

    fn new(
        class: &'static Class,
        is_read: impl Fn(&Property) -> bool,
        system: Option<System>,
    ) -> Self {
        let mut names: Vec<&str> = class.key.iter().map(String::as_str).collect();
        let mut column = |property: &'static Property| Column {
            label: format!("\"{}\":", property.name).into_bytes(),
            kind: property.kind.clone(),
            index: is_read(property).then(|| {
                names.push(&property.name);
                names.len() - 1
            }),
        };
        let (embedded, plain): (Vec<_>, Vec<_>) = class
            .properties
            .iter()
            .partition(|property| property.kind.embedded_class().is_some());
        let plain = plain.into_iter().map(&mut column).collect();
        let embedded = embedded.into_iter().map(&mut column).collect();
        Self {
            columns: format!("\"{}\"", names.join("\", \"")),
            class,
            plain,
            embedded,
            system,
        }
    }

    /// Writes one row as an object.
    pub fn write(&self, row: &Row<'_>, out: &mut Vec<u8>) -> rusqlite::Result<()> {
        out.push(b'{');
        if let Some(system) = &self.system {
            self.etag(row, out)?;
            out.extend_from_slice(&system.head);
        }
        for column in &self.plain {
            column.write(row, out)?;
        }
        if let Some(system) = &self.system {
            self.system(system, row, out)?;
        }
        for column in &self.embedded {
            column.write(row, out)?;
        }
        if out.last() == Some(&b',') {
            out.pop();
        }
        out.push(b'}');
        Ok(())
    }

    /// The bare values of the key, alphabetically by name, joined with semicolons.
    fn etag(&self, row: &Row<'_>, out: &mut Vec<u8>) -> rusqlite::Result<()> {
        let mut values = Vec::with_capacity(self.class.key.len());
        for index in 0..self.class.key.len() {
            values.push(bare(row.get_ref(index)?));
        }
        member(out, ETAG, &values.join(";"));
        Ok(())
    }

    fn system(&self, system: &System, row: &Row<'_>, out: &mut Vec<u8>) -> rusqlite::Result<()> {
        let mut path = format!("{}.", self.class.name);
        for (index, name) in self.class.key.iter().enumerate() {
            if index > 0 {
                path.push(',');
            }
            path.push_str(name);
            path.push('=');
            match row.get_ref(index)? {
                ValueRef::Integer(number) => path.push_str(&number.to_string()),
                other => path.push_str(&quoted(&bare(other))),
            }
        }
        out.extend_from_slice(&system.class);
        member(out, "__RELPATH", &path);
        out.extend_from_slice(&system.middle);
        member(out, "__PATH", &format!("{}{path}", system.path));
        Ok(())
    }
}

impl System {
    fn new(class: &Class, site: &Identity, verbs: Option<i32>) -> Self {
        let mut lazy: Vec<&str> = class
            .properties
            .iter()
            .filter(|property| property.lazy)
            .map(|property| property.name.as_str())
            .collect();
        lazy.insert(0, SECURITY_VERBS);
        let namespace = format!("root\\sms\\site_{}", site.code);
        let middle = json!({
            "__PROPERTY_COUNT": class.properties.len(),
            "__DERIVATION": class.derivation,
            "__SERVER": site.computer(),
            "__NAMESPACE": namespace,
        });
        Self {
            head: members(&json!({ LAZY_PROPERTIES: lazy, SECURITY_VERBS: verbs })),
            class: members(&json!({
                "__GENUS": 2,
                "__CLASS": class.name,
                "__SUPERCLASS": class.superclass(),
                "__DYNASTY": class.derivation.last(),
            })),
            middle: members(&middle),
            path: format!("\\\\{}\\{namespace}:", site.computer()),
        }
    }
}

impl Column {
    fn write(&self, row: &Row<'_>, out: &mut Vec<u8>) -> rusqlite::Result<()> {
        out.extend_from_slice(&self.label);
        let value = match self.index {
            Some(index) => row.get_ref(index)?,
            None => ValueRef::Null,
        };
        match (value, &self.kind) {
            (
                ValueRef::Null | ValueRef::Blob(_),
                Kind::Strings | Kind::Numbers | Kind::Objects(_),
            ) => {
                out.extend_from_slice(b"[]");
            }
            (ValueRef::Null | ValueRef::Blob(_), _) => out.extend_from_slice(b"null"),
            (ValueRef::Integer(number), Kind::Boolean) => {
                out.extend_from_slice(if number == 0 { b"false" } else { b"true" });
            }
            (ValueRef::Integer(number), _) => append(out, number),
            (ValueRef::Real(number), _) => append(out, number),
            // What is kept as JSON goes out as it is.
            (
                ValueRef::Text(text),
                Kind::Strings | Kind::Numbers | Kind::Object(_) | Kind::Objects(_),
            ) => {
                out.extend_from_slice(text);
            }
            (ValueRef::Text(text), _) => string(out, &String::from_utf8_lossy(text)),
        }
        out.push(b',');
        Ok(())
    }
}

/// A key value without quotes.
fn bare(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
        _ => String::new(),
    }
}

/// A text in the quotes of an object path.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// The members of an object, without its braces, each followed by a comma.
fn members(object: &serde_json::Value) -> Vec<u8> {
    let text = object.to_string();
    let inner = text.trim_start_matches('{').trim_end_matches('}');
    format!("{inner},").into_bytes()
}

/// `"name":"value",`
fn member(out: &mut Vec<u8>, name: &str, value: &str) {
    append(out, format_args!("\"{name}\":"));
    string(out, value);
    out.push(b',');
}

fn append(out: &mut Vec<u8>, value: impl std::fmt::Display) {
    let _ = write!(out, "{value}"); // writing to a Vec cannot fail
}

fn string(out: &mut Vec<u8>, text: &str) {
    let _ = serde_json::to_writer(out, text); // nor can a text fail to be JSON
}
