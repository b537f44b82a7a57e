//! The site's catalog as queries see it.

use super::wql::{Schema, Shape};
use crate::site::catalog::{Catalog, Kind};

/// The classes a query may name: those that have objects here.
pub struct Classes<'c>(pub &'c Catalog);

impl Schema for Classes<'_> {
    fn class(&self, name: &str) -> Option<&str> {
        let class = self.0.class(name).filter(|class| class.has_objects())?;
        Some(class.name.as_str())
    }

    fn properties(&self, class: &str) -> Vec<(&str, Shape)> {
        let class = self.0.class(class);
        class
            .into_iter()
            .flat_map(|class| &class.properties)
            .map(|property| (property.name.as_str(), shape(&property.kind)))
            .collect()
    }
}

fn shape(kind: &Kind) -> Shape {
    match kind {
        Kind::DateTime => Shape::Date,
        Kind::Strings | Kind::Numbers => Shape::Many,
        Kind::Object(_) | Kind::Objects(_) | Kind::Bytes => Shape::Opaque,
        _ => Shape::Single,
    }
}
