//! Windows onto what grows with devices: a page at a time, anchored by key, sorted and filtered by the site.
//!
//! A page is asked for by the row it stands next to, never by a growing `$skip`: rows that come and go elsewhere move
//! nothing here, and the last page costs what the first costs.
//!
//! Rows whose sorting value is null come before all others, as the site's database sorts them; a filter cannot compare
//! with null, so the order is walked in two stretches, the nulls and the values.

use serde_json::{Map, Value};

use super::{Provider, oddities};
use crate::error::SiteError;
use crate::odata::{Comparison, Filter, Order, Query, Target, Value as Literal};
use crate::sms::Row;

/// Which rows, in which order, from where.
#[derive(Debug, Clone, PartialEq)]
pub struct WindowAsk {
    pub filter: Option<Filter>,
    /// The property rows are sorted by; rows alike in it are sorted by their key.
    pub order: Order,
    pub from: Position,
    /// At most so many rows.
    pub size: usize,
}

/// Where a page begins or ends.
#[derive(Debug, Clone, PartialEq)]
pub enum Position {
    /// The first rows.
    Start,
    /// The last rows.
    End,
    /// The rows behind this one.
    After(Anchor),
    /// The rows in front of this one.
    Before(Anchor),
    /// This row, if it is still there, and those behind it.
    At(Anchor),
}

/// A row as pages are anchored by it: the value it is sorted by and its key.
#[derive(Debug, Clone, PartialEq)]
pub struct Anchor {
    value: Literal,
    key: Vec<(&'static str, Literal)>,
}

/// Some rows of a window, in the order that was asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct WindowPage<R> {
    pub rows: Vec<R>,
    /// Whether there are more rows in the direction the page was read: in front of it for [`Position::End`] and
    /// [`Position::Before`], behind it for the others.
    pub more: bool,
}

impl Anchor {
    /// The anchor of a row in this order. The property it is sorted by is one of its columns.
    pub fn of<R: Row>(row: &R, order: &Order) -> Self {
        let columns = match serde_json::to_value(row) {
            Ok(Value::Object(columns)) => columns,
            _ => Map::new(),
        };
        let literal = |name: &str| columns.get(name).map_or(Literal::Null, oddities::literal);
        Self {
            value: literal(&order.property),
            key: R::KEY.iter().map(|name| (*name, literal(name))).collect(),
        }
    }
}

impl Position {
    fn is_backwards(&self) -> bool {
        matches!(self, Self::End | Self::Before(_))
    }

    fn anchor(&self) -> Option<(&Anchor, bool)> {
        match self {
            Self::Start | Self::End => None,
            Self::After(anchor) | Self::Before(anchor) => Some((anchor, false)),
            Self::At(anchor) => Some((anchor, true)),
        }
    }
}

impl Provider {
    /// One page of a window.
    pub async fn window<R: Row>(&self, ask: &WindowAsk) -> Result<WindowPage<R>, SiteError> {
        // One row more than wanted tells whether there are more.
        let wanted = ask.size + 1;
        let mut rows: Vec<R> = Vec::new();
        for stretch in ask.stretches() {
            let missing = wanted.saturating_sub(rows.len());
            if missing == 0 {
                break;
            }
            let filter = Filter::all(ask.filter.clone().into_iter().chain(stretch));
            let mut query = Query::filtered(filter).selecting(R::SELECT.iter().copied());
            query.order = ask.sorting(R::KEY);
            query.top = Some(missing as u64);
            let target = Target::Class(R::CLASS.to_owned());
            let path = self.path(&target, Some(&query));
            rows.extend(self.rows(R::CLASS, path, missing, |_| ()).await?);
        }
        let more = rows.len() > ask.size;
        rows.truncate(ask.size);
        if ask.from.is_backwards() {
            rows.reverse();
        }
        Ok(WindowPage { rows, more })
    }
}

impl WindowAsk {
    /// `$orderby`: the property, then the key; all of it turned round when reading backwards.
    fn sorting(&self, key: &[&'static str]) -> Vec<Order> {
        let backwards = self.from.is_backwards();
        let key = key.iter().filter(|name| **name != self.order.property);
        std::iter::once(Order {
            property: self.order.property.clone(),
            descending: self.order.descending != backwards,
        })
        .chain(key.map(|name| Order {
            property: (*name).to_owned(),
            descending: backwards,
        }))
        .collect()
    }

    /// The conditions to read the page by, one after the other until it is full.
    fn stretches(&self) -> Vec<Option<Filter>> {
        let Some((anchor, inclusive)) = self.from.anchor() else {
            return vec![None];
        };
        let backwards = self.from.is_backwards();
        let property = self.order.property.as_str();
        let key: Vec<_> = anchor
            .key
            .iter()
            .filter(|(name, _)| *name != property)
            .map(|(name, value)| (*name, value.clone(), backwards))
            .collect();
        let to_smaller = self.order.descending != backwards;
        let never_null = anchor.key.iter().any(|(name, _)| *name == property);
        if anchor.value == Literal::Null {
            let rest = beyond(&key, inclusive);
            let nulls = Filter::all(
                [Filter::eq(property, Literal::Null)]
                    .into_iter()
                    .chain(rest),
            );
            let values = Filter::ne(property, Literal::Null);
            return if to_smaller {
                vec![nulls]
            } else {
                vec![nulls, Some(values)]
            };
        }
        let mut all = vec![(property, anchor.value.clone(), to_smaller)];
        all.extend(key);
        let mut stretches = vec![beyond(&all, inclusive)];
        if to_smaller && !never_null {
            stretches.push(Some(Filter::eq(property, Literal::Null)));
        }
        stretches
    }
}

/// The rows beyond one, by its values in sorting order, each with whether it is walked to smaller ones.
///
/// `Name ge 'x' and (Name gt 'x' or ResourceId gt 7)`: the first part is a plain range, which an index serves.
fn beyond(values: &[(&str, Literal, bool)], inclusive: bool) -> Option<Filter> {
    let ((property, value, to_smaller), rest) = values.split_first()?;
    let (strictly, or_alike) = if *to_smaller {
        (Comparison::Lt, Comparison::Le)
    } else {
        (Comparison::Gt, Comparison::Ge)
    };
    let compare = |comparison| Filter::compare(*property, comparison, value.clone());
    match beyond(rest, inclusive) {
        Some(rest) => Some(compare(or_alike).and(compare(strictly).or(rest))),
        None if inclusive => Some(compare(or_alike)),
        None => Some(compare(strictly)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(from: Position, property: &str, descending: bool) -> WindowAsk {
        WindowAsk {
            filter: None,
            order: Order {
                property: property.into(),
                descending,
            },
            from,
            size: 10,
        }
    }

    fn anchor(value: impl Into<Literal>) -> Anchor {
        Anchor {
            value: value.into(),
            key: vec![("ResourceId", Literal::Number(7))],
        }
    }

    fn stretches(from: Position, descending: bool) -> Vec<String> {
        let stretches = ask(from, "Name", descending).stretches();
        let printed = stretches
            .into_iter()
            .map(|filter| filter.unwrap().to_string());
        printed.collect()
    }

    #[test]
    fn the_first_and_the_last_page_need_no_condition() {
        for from in [Position::Start, Position::End] {
            assert_eq!(ask(from, "Name", false).stretches(), [None]);
        }
    }

    #[test]
    fn a_page_stands_next_to_its_anchor() {
        assert_eq!(
            stretches(Position::After(anchor("x")), false),
            ["Name ge 'x' and (Name gt 'x' or ResourceId gt 7)"]
        );
        assert_eq!(
            stretches(Position::At(anchor("x")), false),
            ["Name ge 'x' and (Name gt 'x' or ResourceId ge 7)"]
        );
        assert_eq!(
            stretches(Position::Before(anchor("x")), true),
            ["Name ge 'x' and (Name gt 'x' or ResourceId lt 7)"]
        );
    }

    #[test]
    fn nulls_follow_where_the_order_leads_to_smaller_values() {
        assert_eq!(
            stretches(Position::Before(anchor("x")), false),
            [
                "Name le 'x' and (Name lt 'x' or ResourceId lt 7)",
                "Name eq null"
            ]
        );
        assert_eq!(
            stretches(Position::After(anchor("x")), true),
            [
                "Name le 'x' and (Name lt 'x' or ResourceId gt 7)",
                "Name eq null"
            ]
        );
    }

    #[test]
    fn an_anchor_without_a_value_is_left_through_its_key() {
        assert_eq!(
            stretches(Position::After(anchor(Literal::Null)), false),
            ["Name eq null and ResourceId gt 7", "Name ne null"]
        );
        assert_eq!(
            stretches(Position::After(anchor(Literal::Null)), true),
            ["Name eq null and ResourceId gt 7"]
        );
    }

    #[test]
    fn a_key_property_is_asked_once_and_is_never_null() {
        let mut ask = ask(Position::Before(anchor(7_i64)), "ResourceId", false);
        let stretches = ask.stretches();
        assert_eq!(stretches.len(), 1);
        assert_eq!(
            stretches[0].as_ref().unwrap().to_string(),
            "ResourceId lt 7"
        );
        assert_eq!(ask.sorting(&["ResourceId"]).len(), 1);
        ask.from = Position::End;
        assert!(ask.sorting(&["ResourceId"])[0].descending);
    }

    #[test]
    fn keys_of_several_parts_are_walked_part_by_part() {
        let anchor = Anchor {
            value: "x".into(),
            key: vec![("A", Literal::Number(1)), ("B", "b".into())],
        };
        assert_eq!(
            stretches(Position::After(anchor), false),
            ["Name ge 'x' and (Name gt 'x' or (A ge 1 and (A gt 1 or B gt 'b')))"]
        );
    }
}
