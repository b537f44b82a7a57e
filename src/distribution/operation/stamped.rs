//! Finding objects by the stamp consign puts on what it makes.
//!
//! The stamp stands in `ISVString`, which the class pages give to partners; somebody else's text there is never
//! overwritten, because consign writes it on a create only. On `SMS_Package` it is listed for the base class only, and
//! whether a real site takes it over REST is unverified: where a site refuses the property, the stamp is the last line
//! of the comment people read.

use super::{Look, Unmade};
use crate::distribution::run::{Hand, Sending, Trouble};
use crate::error::SiteError;
use crate::odata::filter::Filter;
use crate::sms::{Changes, Row};

/// The property given to partners.
const PROPERTY: &str = "ISVString";

/// A row that can carry a stamp.
pub(crate) trait Stamped: Row {
    /// The property whose last line is the stamp where `ISVString` is refused; none for rows without a comment.
    const COMMENT: Option<&'static str>;

    /// `ISVString` as it is.
    fn isv_string(&self) -> &str;
    /// The comment as it is, of rows that have one.
    fn comment(&self) -> Option<&str>;
    /// The id as people and journals write it.
    fn id_text(&self) -> String;
    /// The site is deleting it: it no longer counts.
    fn is_going(&self) -> bool;

    /// Whatever stands where a stamp would.
    fn stamp(&self) -> &str {
        match self.isv_string() {
            "" => {
                let last = self.comment().and_then(|comment| comment.lines().last());
                last.unwrap_or_default()
            }
            text => text,
        }
    }
}

/// Where the stamp of a new object is written.
pub(crate) struct Place {
    stamp: String,
    in_comment: bool,
}

impl Place {
    /// What `ISVString` is to be.
    pub fn property(&self) -> Option<String> {
        (!self.in_comment).then(|| self.stamp.clone())
    }

    /// What the comment is to be, within its limit: the stamp stays whole.
    pub fn comment(&self, words: &str, limit: usize) -> String {
        if !self.in_comment {
            return words.to_owned();
        }
        let room = limit.saturating_sub(self.stamp.chars().count() + 1);
        let words: String = words.chars().take(room).collect();
        if words.is_empty() {
            self.stamp.clone()
        } else {
            format!("{words}\n{}", self.stamp)
        }
    }
}

/// Makes an object with this operation's stamp on it, wherever the site lets it stand.
pub(crate) async fn make<C: Changes>(
    hand: &mut Hand<'_>,
    request: String,
    changes: impl Fn(&Place) -> C,
) -> Result<C::Of, Trouble>
where
    C::Of: serde::Serialize,
{
    let mut place = Place {
        stamp: hand.stamp().to_string(),
        in_comment: false,
    };
    match send(hand, &request, &changes(&place)).await {
        Err(Trouble::Site(error)) if refuses_property(&error) => {
            place.in_comment = true;
            send(hand, &request, &changes(&place)).await
        }
        other => other,
    }
}

async fn send<C: Changes>(hand: &mut Hand<'_>, request: &str, changes: &C) -> Result<C::Of, Trouble>
where
    C::Of: serde::Serialize,
{
    let provider = hand.provider.clone();
    hand.send(Sending::make(request, changes), provider.create(changes))
        .await
}

/// Whether the site does not know `ISVString` on this class, or does not let it be written.
fn refuses_property(error: &SiteError) -> bool {
    matches!(error, SiteError::Refused { reason, .. } if reason.contains(PROPERTY))
}

/// Rows that fit a filter which does not name the stamp.
pub(crate) async fn rows<R: Stamped>(hand: &Hand<'_>, filter: Filter) -> Result<Vec<R>, Trouble> {
    match hand.provider.list(Some(filter.clone())).await {
        Err(error) if refuses_property(&error) => {
            let rows = hand.provider.list_without(PROPERTY, Some(filter));
            Ok(rows.await?)
        }
        rows => Ok(rows?),
    }
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
    ask(hand, Some(natural_key)).await
}

/// What carries this operation's stamp, or is where a filter says.
async fn ask<R: Stamped>(hand: &Hand<'_>, at: Option<Filter>) -> Result<Found<R>, Trouble> {
    let stamp = hand.stamp().to_string();
    let stamped = Filter::eq(PROPERTY, stamp.clone());
    let filter = stamped.clone();
    let filter = at.clone().map_or(stamped, |at| filter.or(at));
    let rows: Vec<R> = match hand.provider.list(Some(filter)).await {
        Err(error) if refuses_property(&error) => {
            let commented = R::COMMENT.map(|comment| Filter::contains(comment, stamp.clone()));
            let Some(filter) = commented.into_iter().chain(at).reduce(Filter::or) else {
                return Ok(Found {
                    ours: None,
                    others: Vec::new(),
                });
            };
            hand.provider.list_without(PROPERTY, Some(filter)).await?
        }
        rows => rows?,
    };
    let (ours, others): (Vec<R>, Vec<R>) = rows
        .into_iter()
        .filter(|row| !row.is_going())
        .partition(|row| row.stamp() == stamp);
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
    let at = at.filter(|_| hand.past().id.is_some());
    let found: Found<R> = ask(hand, at).await?;
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
