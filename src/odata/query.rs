//! The options behind the `?`: `$filter`, `$select`, `$orderby`, `$top`, `$skip`.
//!
//! Printed as every real site reads them (a literal `$`, `%20` for a space); read in the forms clients send as well
//! (`%24`, `+`, stray spaces, other case; adminservice.md 2 and 3).

use std::fmt::{self, Display, Formatter};

use percent_encoding::utf8_percent_encode;
use thiserror::Error;

use super::filter::{Filter, FilterError};
use super::{ENCODED, decoded};

/// What a read asks for. The default asks for everything.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Query {
    pub filter: Option<Filter>,
    /// Empty: every property.
    pub select: Vec<String>,
    pub order: Vec<Order>,
    pub top: Option<u64>,
    pub skip: Option<u64>,
}

/// One property rows are sorted by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    pub property: String,
    pub descending: bool,
}

/// Why the options could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum QueryError {
    #[error(transparent)]
    Filter(#[from] FilterError),
    #[error("{option} cannot be {value:?}: {reason}")]
    Option {
        option: &'static str,
        value: String,
        reason: &'static str,
    },
    #[error("the query option {0:?} is not supported")]
    Unknown(String),
    #[error("the query is not percent-encoded UTF-8")]
    Encoding,
}

impl Query {
    /// Only rows that fit the filter.
    pub fn filtered(filter: impl Into<Option<Filter>>) -> Self {
        Self {
            filter: filter.into(),
            ..Self::default()
        }
    }

    /// Only these properties.
    #[must_use]
    pub fn selecting<S: Into<String>>(mut self, properties: impl IntoIterator<Item = S>) -> Self {
        self.select = properties.into_iter().map(Into::into).collect();
        self
    }

    /// Sorted by one more property.
    #[must_use]
    pub fn ordered(mut self, property: impl Into<String>, descending: bool) -> Self {
        self.order.push(Order {
            property: property.into(),
            descending,
        });
        self
    }

    /// At most so many rows.
    #[must_use]
    pub fn top(mut self, rows: u64) -> Self {
        self.top = Some(rows);
        self
    }

    /// Reads what stands behind the `?`, still percent-encoded. Options without a `$` are somebody else's and ignored.
    pub fn parse(text: &str) -> Result<Self, QueryError> {
        let mut query = Self::default();
        for option in text.split('&') {
            let (name, value) = option.split_once('=').unwrap_or((option, ""));
            let name = plain(name)?.trim().to_ascii_lowercase();
            let value = plain(value)?;
            query.take(&name, value.trim())?;
        }
        Ok(query)
    }

    fn take(&mut self, name: &str, value: &str) -> Result<(), QueryError> {
        match name {
            "$filter" => self.filter = Some(value.parse()?),
            "$select" => self.select = selected(value)?,
            "$orderby" => self.order = orders(value)?,
            "$top" => self.top = Some(whole("$top", value)?),
            "$skip" => self.skip = Some(whole("$skip", value)?),
            _ if name.starts_with('$') => return Err(QueryError::Unknown(name.to_owned())),
            _ => {}
        }
        Ok(())
    }
}

fn plain(text: &str) -> Result<String, QueryError> {
    decoded(&text.replace('+', " ")).ok_or(QueryError::Encoding)
}

/// `*` asks for everything, as an absent option does.
fn selected(value: &str) -> Result<Vec<String>, QueryError> {
    let names: Vec<String> = value
        .split(',')
        .map(|name| name.trim().to_owned())
        .collect();
    if names.iter().any(String::is_empty) {
        return Err(QueryError::Option {
            option: "$select",
            value: value.to_owned(),
            reason: "property names separated by commas were expected",
        });
    }
    Ok(if names.iter().any(|name| name == "*") {
        Vec::new()
    } else {
        names
    })
}

fn orders(value: &str) -> Result<Vec<Order>, QueryError> {
    value
        .split(',')
        .map(order)
        .collect::<Option<_>>()
        .ok_or(QueryError::Option {
            option: "$orderby",
            value: value.to_owned(),
            reason: "property names were expected, each with asc or desc behind it or nothing",
        })
}

fn order(text: &str) -> Option<Order> {
    let mut words = text.split_whitespace();
    let property = words.next()?.to_owned();
    let descending = match words.next().map(str::to_ascii_lowercase).as_deref() {
        None | Some("asc") => false,
        Some("desc") => true,
        Some(_) => return None,
    };
    words.next().is_none().then_some(Order {
        property,
        descending,
    })
}

fn whole(option: &'static str, value: &str) -> Result<u64, QueryError> {
    value.parse().map_err(|_| QueryError::Option {
        option,
        value: value.to_owned(),
        reason: "a whole number was expected",
    })
}

/// Prints the options percent-encoded, joined with `&`, without the `?`; empty when nothing is asked for.
impl Display for Query {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let order = self.order.iter().map(Order::to_string).collect::<Vec<_>>();
        let options = [
            ("$filter", self.filter.as_ref().map(Filter::to_string)),
            ("$select", listed(&self.select)),
            ("$orderby", listed(&order)),
            ("$top", self.top.map(|rows| rows.to_string())),
            ("$skip", self.skip.map(|rows| rows.to_string())),
        ];
        let mut joint = "";
        for (name, value) in options {
            if let Some(value) = value {
                write!(f, "{joint}{name}={}", utf8_percent_encode(&value, ENCODED))?;
                joint = "&";
            }
        }
        Ok(())
    }
}

fn listed(names: &[String]) -> Option<String> {
    (!names.is_empty()).then(|| names.join(","))
}

impl Display for Order {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}{}",
            self.property,
            if self.descending { " desc" } else { "" }
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Query {
        Query::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    #[test]
    fn spaces_are_printed_as_percent_20_and_a_plus_is_escaped() {
        let query = Query::filtered(Filter::eq("Name", "C++ & more"))
            .selecting(["Name", "PackageID"])
            .top(5);
        assert_eq!(
            query.to_string(),
            "$filter=Name%20eq%20'C%2B%2B%20%26%20more'&$select=Name,PackageID&$top=5"
        );
    }

    #[test]
    fn every_form_seen_from_clients_is_read() {
        let expected =
            Query::filtered(Filter::eq("Name", "All Systems")).selecting(["CollectionID"]);
        for text in [
            "$filter=Name%20eq%20'All%20Systems'&$select=CollectionID",
            "%24filter=Name+eq+%27All+Systems%27+&%24select=CollectionID",
            "$Filter = Name eq 'All Systems' &$select= CollectionID ",
            "$select=CollectionID&$filter=Name eq 'All Systems'&pretty=yes",
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn spaces_after_commas_are_no_part_of_a_name() {
        assert_eq!(read("$select=Name, Version").select, ["Name", "Version"]);
        assert_eq!(
            read("$orderby=Name desc, Version").order,
            [
                Order {
                    property: "Name".into(),
                    descending: true
                },
                Order {
                    property: "Version".into(),
                    descending: false
                }
            ]
        );
    }

    #[test]
    fn nothing_asked_is_nothing_printed() {
        assert_eq!(Query::default().to_string(), "");
        assert_eq!(read(""), Query::default());
    }

    #[test]
    fn options_without_evidence_are_refused() {
        for text in [
            "$expand=Collection",
            "$search=x",
            "$apply=x",
            "$count=true",
            "$top=-1",
            "$select=a,,b",
            "$orderby=a down",
        ] {
            assert!(Query::parse(text).is_err(), "{text}");
        }
    }

    fn names() -> impl Strategy<Value = Vec<String>> {
        proptest::collection::vec("[A-Z_][A-Za-z0-9_]{0,10}", 0..4)
    }

    proptest! {
        #[test]
        fn what_is_printed_parses_back(
            text in proptest::option::of(any::<String>()),
            select in names(),
            order in proptest::collection::vec(("[A-Z][a-z]{0,8}", any::<bool>()), 0..3),
            top in any::<Option<u64>>(),
            skip in any::<Option<u64>>(),
        ) {
            let query = Query {
                filter: text.map(|text| Filter::contains("Name", text)),
                select,
                order: order.into_iter().map(|(property, descending)| Order { property, descending }).collect(),
                top,
                skip,
            };
            prop_assert_eq!(Query::parse(&query.to_string()), Ok(query));
        }
    }
}
