//! Filter words and order as a question to the site, for kinds too many to be read whole.
//!
//! What the site cannot be asked is an error that says so; it is never quietly left out.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::filter_words::{FilterWords, Relation, Test, Word, WordError, fields};
use super::operand::{Operand, When};
use super::order::Sorting;
use super::{Clock, Line};
use crate::odata::filter::{Comparison, Filter, Value};
use crate::sms::Row;
use crate::sms::status::{ClientState, Outcome};
use crate::sms::time::WireTime;

/// A line of a kind the site sorts and filters.
pub trait WindowLine: Line {
    /// The class that is asked.
    type Row: Row;
    /// What can be asked of the site.
    const ASKABLE: &'static [Askable];

    /// The row the line was made of: it names the line's place in the window.
    fn row(&self) -> &Self::Row;
}

/// A field the site knows by the name of a property.
#[derive(Debug, Clone, Copy)]
pub struct Askable {
    pub key: &'static str,
    pub property: &'static str,
    pub as_what: AskAs,
    pub can_sort: bool,
}

/// How a field's value stands in a property.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AskAs {
    Text,
    Number,
    Flag,
    /// 1 is yes; 0 and null are no.
    OneOrNot,
    /// One of the texts of a list.
    OneOfList,
    /// A time that is always UTC.
    Utc,
    /// The states that count as an outcome.
    Outcome,
}

impl Askable {
    pub const fn sorted(key: &'static str, property: &'static str, as_what: AskAs) -> Self {
        Self {
            key,
            property,
            as_what,
            can_sort: true,
        }
    }

    pub const fn filtered(key: &'static str, property: &'static str, as_what: AskAs) -> Self {
        Self {
            key,
            property,
            as_what,
            can_sort: false,
        }
    }
}

/// The words as a filter; `None` when they ask for everything.
pub fn filter<L: WindowLine>(
    words: &FilterWords,
    clock: &Clock,
) -> Result<Option<Filter>, WordError> {
    words.check(L::CALLED, &fields::<L>())?;
    let mut parts = Vec::new();
    for word in words.words() {
        let part = match &word.test {
            Test::Fuzzy(text) | Test::Exact(text) => {
                let part = anywhere::<L>(text, word.negated);
                parts.push(part.ok_or_else(|| not_askable::<L>(word))?);
                continue;
            }
            Test::Field {
                key,
                relation,
                operand,
            } => {
                if operand.is_empty() {
                    continue;
                }
                field::<L>(key, *relation, operand, clock)
            }
        };
        let part = part.ok_or_else(|| not_askable::<L>(word))?;
        parts.push(if word.negated { part.negated() } else { part });
    }
    Ok(Filter::all(parts))
}

/// The property to sort by; the first of the kind's own order that can be asked when this one cannot.
pub fn order<L: WindowLine>(sorting: Sorting) -> (&'static str, bool) {
    let askable = |key: &str| {
        let mut known = L::ASKABLE.iter();
        known.find(|askable| askable.key == key && askable.can_sort)
    };
    let own = || {
        L::ORDER
            .iter()
            .find_map(|own| Some((askable(own.key)?, own.descending)))
    };
    match askable(sorting.key)
        .map(|it| (it, sorting.descending))
        .or_else(own)
    {
        Some((askable, descending)) => (askable.property, descending),
        None => (L::Row::KEY.first().copied().unwrap_or_default(), false),
    }
}

/// Whether the site can sort by this column.
pub fn can_sort<L: WindowLine>(key: &str) -> bool {
    L::ASKABLE
        .iter()
        .any(|askable| askable.key == key && askable.can_sort)
}

fn not_askable<L: WindowLine>(word: &Word) -> WordError {
    WordError::NotAskable {
        kind: L::CALLED.several,
        word: word.to_string(),
    }
}

/// The columns a plain word is looked for in: those of text that always have their place, as far as the site has them
/// under one name. Each costs the site a look at every row, so the others are asked for by name only.
fn searched<L: WindowLine>() -> impl Iterator<Item = (&'static str, &'static Askable)> {
    let shown = L::COLUMNS.iter().filter(|column| !column.wide_only);
    shown.filter_map(|column| {
        let mut known = L::ASKABLE.iter();
        let askable = known.find(|it| it.key == column.key && it.as_what == AskAs::Text)?;
        Some((column.title, askable))
    })
}

/// Where plain words are looked for, in the words of the headings.
pub fn searched_in<L: WindowLine>() -> String {
    let titles: Vec<_> = searched::<L>().map(|(title, _)| title).collect();
    titles.join(", ")
}

/// A plain word; turned round it drops what it would have kept.
fn anywhere<L: WindowLine>(text: &str, negated: bool) -> Option<Filter> {
    let holds = |property: &'static str| Filter::contains(property, text);
    if !negated {
        return Filter::one_of(searched::<L>().map(|(_, askable)| holds(askable.property)));
    }
    Filter::all(searched::<L>().map(|(_, askable)| {
        let property = askable.property;
        let lacks = holds(property).negated();
        // What holds nothing lacks it too, and `not` in the site's SQL leaves null out. A name is never null.
        if askable.key == "name" {
            lacks
        } else {
            lacks.or(Filter::eq(property, Value::Null))
        }
    }))
}

fn field<L: WindowLine>(
    key: &str,
    relation: Relation,
    typed: &str,
    clock: &Clock,
) -> Option<Filter> {
    let askable = L::ASKABLE.iter().find(|askable| askable.key == key)?;
    let (form, _) = L::reader(key)?;
    let property = askable.property;
    let operand = Operand::read(typed, form)?;
    match (askable.as_what, operand) {
        (AskAs::OneOfList, Operand::Text(text)) => Some(Filter::any(property, text.to_uppercase())),
        (AskAs::Outcome, Operand::Text(word)) => outcome(property, &word),
        (_, Operand::Nothing) => Some(Filter::eq(property, Value::Null)),
        (AskAs::Text, Operand::Text(text)) => Some(match relation {
            Relation::Holds => Filter::contains(property, text),
            _ => Filter::compare(property, relation.comparison(), text),
        }),
        (AskAs::Number, Operand::Number(number)) => {
            whole(number).map(|number| Filter::compare(property, relation.comparison(), number))
        }
        (AskAs::Flag, Operand::Flag(true)) => Some(Filter::eq(property, true)),
        // Null means no as well, and `ne` in the site's SQL leaves null out.
        (AskAs::Flag, Operand::Flag(false)) => {
            Some(Filter::eq(property, false).or(Filter::eq(property, Value::Null)))
        }
        (AskAs::OneOrNot, Operand::Flag(true)) => Some(Filter::eq(property, 1)),
        (AskAs::OneOrNot, Operand::Flag(false)) => {
            Some(Filter::eq(property, 0).or(Filter::eq(property, Value::Null)))
        }
        (AskAs::Utc, Operand::Time(when)) => time(property, relation, when, clock),
        _ => None,
    }
}

/// Devices that stand so, by the states counted under the word. What was refused at acceptance has no later state and
/// is found by no such question; it is in the unfiltered list.
fn outcome(property: &str, word: &str) -> Option<Filter> {
    let states = ClientState::ALL
        .iter()
        .filter(|state| Outcome::from(**state).words().starts_with(word))
        .map(|state| Filter::eq(property, u32::from(*state)));
    Filter::one_of(states)
}

fn time(property: &str, relation: Relation, when: When, clock: &Clock) -> Option<Filter> {
    let (first, last) = when.covers(clock.now())?;
    let digits = |at: DateTime| Some(Value::Time(WireTime::utc(clock.utc_of(at)?).to_string()));
    let from = || Some(Filter::ge(property, digits(first)?));
    let to = || Some(Filter::le(property, digits(last)?));
    match relation {
        Relation::Holds if when == When::Past => to(),
        Relation::Holds if when == When::Future => from(),
        Relation::Holds => Some(from()?.and(to()?)),
        Relation::Above => Some(Filter::gt(property, digits(last)?)),
        Relation::Below => Some(Filter::lt(property, digits(first)?)),
        Relation::AtLeast => from(),
        Relation::AtMost => to(),
    }
}

fn whole(number: f64) -> Option<i64> {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "numbers with a fraction, and those too large, are refused by the comparison"
    )]
    let whole = number as i64;
    #[expect(
        clippy::cast_precision_loss,
        reason = "compared with what it came from"
    )]
    let same = (whole as f64 - number).abs() < f64::EPSILON;
    same.then_some(whole)
}

impl Relation {
    const fn comparison(self) -> Comparison {
        match self {
            Self::Holds => Comparison::Eq,
            Self::Above => Comparison::Gt,
            Self::Below => Comparison::Lt,
            Self::AtLeast => Comparison::Ge,
            Self::AtMost => Comparison::Le,
        }
    }
}

impl Clock {
    /// The point in time at which this machine's clock shows these digits.
    fn utc_of(&self, at: DateTime) -> Option<jiff::Timestamp> {
        let zone: &TimeZone = self.zone();
        zone.to_timestamp(at).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::listing::device::DeviceLine;
    use crate::client::listing::status::StatusLine;

    fn clock() -> Clock {
        Clock::in_zone("2026-11-28T14:00:00Z".parse().unwrap(), TimeZone::UTC)
    }

    fn asked<L: WindowLine>(words: &str) -> String {
        let filter = filter::<L>(&FilterWords::read(words), &clock()).unwrap();
        filter.map(|filter| filter.to_string()).unwrap_or_default()
    }

    #[test]
    fn plain_words_are_looked_for_in_the_columns_of_text() {
        assert_eq!(
            asked::<DeviceLine>("pc-00"),
            "contains(Name,'pc-00') or contains(OperatingSystemNameandVersion,'pc-00') or \
             contains(LastLogonUserName,'pc-00')"
        );
        assert_eq!(
            asked::<DeviceLine>("!srv"),
            "not (contains(Name,'srv')) and (not (contains(OperatingSystemNameandVersion,'srv')) or \
             OperatingSystemNameandVersion eq null) and (not (contains(LastLogonUserName,'srv')) or \
             LastLogonUserName eq null)"
        );
        assert_eq!(asked::<DeviceLine>(""), "");
        assert_eq!(asked::<DeviceLine>("user:"), "");
    }

    #[test]
    fn where_plain_words_are_looked_for_is_said_by_the_headings() {
        assert_eq!(searched_in::<DeviceLine>(), "Name, Operating system, User");
        // The class of the states has no name of the device.
        assert_eq!(searched_in::<StatusLine>(), "State, Result, Message");
    }

    #[test]
    fn fields_become_properties() {
        assert_eq!(asked::<DeviceLine>("client:yes"), "Client eq 1");
        assert_eq!(
            asked::<DeviceLine>("active:no"),
            "Active eq 0 or Active eq null"
        );
        assert_eq!(
            asked::<DeviceLine>("site:lab"),
            "SMSAssignedSites/any(item: item eq 'LAB')"
        );
        assert_eq!(
            asked::<DeviceLine>("user:none"),
            "LastLogonUserName eq null"
        );
    }

    #[test]
    fn days_become_points_in_time() {
        assert_eq!(
            asked::<DeviceLine>("signin<2026-11-01"),
            "LastLogonTimestamp lt 2026-11-01T00:00:00Z"
        );
        assert_eq!(
            asked::<DeviceLine>("signin:today"),
            "LastLogonTimestamp ge 2026-11-28T00:00:00Z and LastLogonTimestamp le 2026-11-28T23:59:59Z"
        );
    }

    #[test]
    fn an_outcome_becomes_its_states() {
        assert_eq!(asked::<StatusLine>("outcome:running"), "LastState eq 9");
    }

    #[test]
    fn what_the_site_cannot_be_asked_is_said() {
        let words = FilterWords::read("device:pc-0001");
        let error = filter::<StatusLine>(&words, &clock()).unwrap_err();
        assert_eq!(
            error.to_string(),
            "statuses cannot be asked for device:pc-0001"
        );
    }

    #[test]
    fn an_order_the_site_cannot_keep_falls_back_to_the_kinds_own() {
        assert_eq!(
            order::<DeviceLine>(Sorting::down("os")),
            ("OperatingSystemNameandVersion", true)
        );
        assert_eq!(order::<DeviceLine>(Sorting::up("site")), ("Name", false));
        assert!(!can_sort::<DeviceLine>("site"));
    }
}
