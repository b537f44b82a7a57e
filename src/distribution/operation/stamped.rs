//! Finding objects by the stamp consign puts on what it makes.
//!
//! The stamp stands in `ISVString`, which the class pages give to partners; somebody else's text there is never
//! overwritten, because consign writes it on a create only. On `SMS_Package` it is listed for the base class only, and
//! whether a real site takes it over REST is unverified.

use super::{Look, Unmade};
use crate::distribution::plan::Stamp;
use crate::distribution::run::{Hand, Trouble};
use crate::odata::filter::Filter;
use crate::sms::Row;

/// A row that can carry a stamp.
pub(crate) trait Stamped: Row {
    /// `ISVString` as it is.
    fn isv_string(&self) -> &str;
    /// The id as people and journals write it.
    fn id_text(&self) -> String;
    /// The site is deleting it: it no longer counts.
    fn is_going(&self) -> bool;
}

/// What carries this operation's stamp, and what else answers to the natural key.
pub(crate) struct Found<R> {
    pub ours: Option<R>,
    pub others: Vec<R>,
}

/// Asks the site once for both, by the stamp and by the natural key.
pub(crate) async fn find<R: Stamped>(
    hand: &Hand<'_>,
    natural_key: Filter,
) -> Result<Found<R>, Trouble> {
    ask(hand, by_stamp(&hand.stamp()).or(natural_key)).await
}

async fn ask<R: Stamped>(hand: &Hand<'_>, filter: Filter) -> Result<Found<R>, Trouble> {
    let rows: Vec<R> = hand.provider.list(Some(filter)).await?;
    let text = hand.stamp().to_string();
    let (ours, others): (Vec<R>, Vec<R>) = rows
        .into_iter()
        .filter(|row| !row.is_going())
        .partition(|row| row.isv_string() == text);
    Ok(Found {
        ours: ours.into_iter().next(),
        others,
    })
}

impl<R: Stamped> Found<R> {
    /// What this means for an object whose name nobody else may have.
    pub fn exclusive(self, differs: impl Fn(&R) -> Vec<String>) -> Look {
        let Some(other) = self.others.first().filter(|_| self.ours.is_none()) else {
            return self.shared(differs);
        };
        match differs(other) {
            differs if differs.is_empty() => self.shared(|_| Vec::new()),
            differs => Look::Taken {
                id: other.id_text(),
                differs,
            },
        }
    }

    /// What this means for an object whose name others may have too.
    pub fn shared(self, differs: impl Fn(&R) -> Vec<String>) -> Look {
        if let Some(ours) = self.ours {
            return Look::Ours {
                id: Some(ours.id_text()),
                words: String::new(),
            };
        }
        let same = self.others.iter().find(|other| differs(other).is_empty());
        same.map_or(Look::Absent, |same| Look::Same {
            id: Some(same.id_text()),
            words: "was there already".into(),
        })
    }
}

/// What stands before the removal of an object.
pub(crate) enum Own<R> {
    Mine(R),
    /// Nothing that could be taken back; the reason where there is one.
    No(Unmade),
}

/// The object of this operation, if it is there and carries this plan's stamp.
///
/// `at` asks for whatever is where it was made, so that an object that lost our stamp is noticed and left alone.
pub(crate) async fn own<R: Stamped>(
    hand: &Hand<'_>,
    at: Option<Filter>,
) -> Result<Own<R>, Trouble> {
    let stamp = by_stamp(&hand.stamp());
    let filter = match at.filter(|_| hand.past().id.is_some()) {
        Some(at) => stamp.or(at),
        None => stamp,
    };
    let found: Found<R> = ask(hand, filter).await?;
    Ok(match (found.ours, found.others.is_empty()) {
        (Some(mine), _) => Own::Mine(mine),
        (None, true) => Own::No(Unmade::Nothing),
        (None, false) => Own::No(Unmade::Left(NOT_OURS.into())),
    })
}

/// What is where this operation made its object, by the property that holds the id the journal knows.
pub(crate) fn at_id(hand: &Hand<'_>, property: &str) -> Option<Filter> {
    let id = hand.past().id.as_ref()?;
    Some(Filter::eq(property, id.clone()))
}

/// Why an object is left alone that this plan once made.
pub(crate) const NOT_OURS: &str = "it does not carry this plan's stamp (any more)";

/// Objects with this stamp.
pub(crate) fn by_stamp(stamp: &Stamp) -> Filter {
    Filter::eq("ISVString", stamp.to_string())
}

/// Collects the names of properties that differ.
#[derive(Default)]
pub(crate) struct Differences(Vec<String>);

impl Differences {
    /// Notes the property when both sides differ.
    #[must_use]
    pub fn compare<T: PartialEq + ?Sized>(mut self, property: &str, there: &T, wanted: &T) -> Self {
        if there != wanted {
            self.0.push(property.to_owned());
        }
        self
    }

    pub fn into_names(self) -> Vec<String> {
        self.0
    }
}
