//! Reads a `$filter` in all the spellings public clients send (adminservice.md 3).

use thiserror::Error;
use winnow::ascii::{Caseless, dec_int, multispace0, multispace1};
use winnow::combinator::{
    alt, cut_err, delimited, eof, not, opt, peek, preceded, repeat, terminated,
};
use winnow::error::{ContextError, ParseError, StrContext, StrContextValue};
use winnow::prelude::*;
use winnow::token::{one_of, take_till, take_while};

use super::{Comparison, Filter, Function, Value};

/// Deeper trees are refused: nobody writes them, and each level costs stack.
const DEEPEST: usize = 100;

/// `not not not …` without parentheses: more than this is refused for the same reason.
const NEGATIONS: usize = 4;

/// Why a filter could not be read, and where.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("the filter cannot be read at character {position}: {reason}")]
pub struct FilterError {
    /// Characters before the place, counted from 1.
    pub position: usize,
    pub reason: String,
}

/// Reads a whole filter.
pub(super) fn filter(text: &str) -> Result<Filter, FilterError> {
    if depth(text) > DEEPEST {
        return Err(FilterError {
            position: 1,
            reason: format!("more than {DEEPEST} levels of parentheses"),
        });
    }
    delimited(multispace0, any_of, (multispace0, eof))
        .parse(text)
        .map_err(|error| located(text, &error))
}

fn located(text: &str, error: &ParseError<&str, ContextError>) -> FilterError {
    let told = error.inner().to_string();
    FilterError {
        position: text.get(..error.offset()).unwrap_or(text).chars().count() + 1,
        reason: if told.is_empty() {
            "a condition was expected, such as Name eq 'x'".to_owned()
        } else {
            told.replace('\n', ", ")
        },
    }
}

/// How deep parentheses nest, outside of text.
fn depth(text: &str) -> usize {
    let (mut deepest, mut now, mut quoted) = (0_usize, 0_usize, false);
    for character in text.chars() {
        match character {
            '\'' => quoted = !quoted,
            '(' if !quoted => now += 1,
            ')' if !quoted => now = now.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(now);
    }
    deepest
}

fn any_of(input: &mut &str) -> ModalResult<Filter> {
    chain(input, all_of, "or", Filter::Or)
}

fn all_of(input: &mut &str) -> ModalResult<Filter> {
    chain(input, negated, "and", Filter::And)
}

/// One part, or several with the word between them.
fn chain<'i>(
    input: &mut &'i str,
    part: fn(&mut &'i str) -> ModalResult<Filter>,
    joint: &'static str,
    join: fn(Vec<Filter>) -> Filter,
) -> ModalResult<Filter> {
    let first = part(input)?;
    let next = preceded((multispace0, word(joint), multispace0), cut_err(part));
    let more: Vec<Filter> = repeat(0.., next).parse_next(input)?;
    if more.is_empty() {
        return Ok(first);
    }
    Ok(join(std::iter::once(first).chain(more).collect()))
}

fn negated(input: &mut &str) -> ModalResult<Filter> {
    let times: usize =
        repeat(0..=NEGATIONS, terminated(word("not"), multispace0)).parse_next(input)?;
    let filter = condition.parse_next(input)?;
    Ok((0..times).fold(filter, |filter, _| filter.negated()))
}

fn condition(input: &mut &str) -> ModalResult<Filter> {
    alt((
        delimited(('(', multispace0), any_of, (multispace0, closing)),
        call,
        element,
        compare,
    ))
    .context(StrContext::Label("condition"))
    .parse_next(input)
}

/// `startswith(Name, 'x')`, with or without `eq true` behind it.
fn call(input: &mut &str) -> ModalResult<Filter> {
    let function: Function =
        terminated(name.try_map(str::parse), (multispace0, '(', multispace0)).parse_next(input)?;
    let (property, text) = cut_err((
        terminated(name, (multispace0, ',', multispace0)),
        terminated(quoted, (multispace0, closing)),
    ))
    .parse_next(input)?;
    let filter = Filter::Call {
        function,
        property: property.to_owned(),
        text,
    };
    Ok(if holds.parse_next(input)? {
        filter
    } else {
        filter.negated()
    })
}

/// `RoleNames/any(role: role eq 'x')`.
fn element(input: &mut &str) -> ModalResult<Filter> {
    let property = terminated(
        name,
        (
            multispace0,
            '/',
            multispace0,
            word("any"),
            multispace0,
            '(',
            multispace0,
        ),
    )
    .parse_next(input)?;
    let (variable, test) = cut_err((
        terminated(name, (multispace0, ':', multispace0)),
        terminated(any_of, (multispace0, closing)),
    ))
    .parse_next(input)?;
    let filter = Filter::Any {
        property: property.to_owned(),
        variable: variable.to_owned(),
        test: Box::new(test),
    };
    Ok(if holds.parse_next(input)? {
        filter
    } else {
        filter.negated()
    })
}

/// What some clients write behind a call: `eq true`, `eq false`, `ne true`, or nothing.
fn holds(input: &mut &str) -> ModalResult<bool> {
    let said = opt((
        preceded(
            multispace0,
            alt((word("eq").value(true), word("ne").value(false))),
        ),
        preceded(
            multispace0,
            alt((word("true").value(true), word("false").value(false))),
        ),
    ))
    .parse_next(input)?;
    Ok(said.is_none_or(|(equal, truth)| equal == truth))
}

/// `Name eq 'x'`, or a yes-no property alone.
fn compare(input: &mut &str) -> ModalResult<Filter> {
    let property = name.context(expected("a property")).parse_next(input)?;
    let comparison = opt(preceded(multispace1, comparison)).parse_next(input)?;
    let Some(comparison) = comparison else {
        (multispace0, peek(alt((eof, ")", "and ", "or "))))
            .context(expected("a comparison: eq, ne, gt, ge, lt or le"))
            .parse_next(input)?;
        return Ok(Filter::eq(property, true));
    };
    let value = cut_err(preceded(multispace0, value)).parse_next(input)?;
    Ok(Filter::compare(property, comparison, value))
}

fn comparison(input: &mut &str) -> ModalResult<Comparison> {
    terminated(name.try_map(str::parse), boundary).parse_next(input)
}

fn value(input: &mut &str) -> ModalResult<Value> {
    alt((
        quoted.map(Value::Text),
        word("true").value(Value::Bool(true)),
        word("false").value(Value::Bool(false)),
        word("null").value(Value::Null),
        time.map(|digits: &str| Value::Time(digits.to_owned())),
        terminated(dec_int, boundary).map(Value::Number),
    ))
    .context(expected(
        "a value: 'text', a number, a time, true, false or null",
    ))
    .parse_next(input)
}

/// Text in single quotes; a doubled quote is one quote.
fn quoted(input: &mut &str) -> ModalResult<String> {
    let pieces = repeat(0.., alt((take_till(1.., '\''), "''".value("'")))).fold(
        String::new,
        |mut text, piece| {
            text.push_str(piece);
            text
        },
    );
    delimited(
        '\'',
        pieces,
        cut_err('\'').context(expected("the closing quote")),
    )
    .parse_next(input)
}

/// `2026-03-01T02:00:00Z`, with a fraction or without the time of day.
fn time<'i>(input: &mut &'i str) -> ModalResult<&'i str> {
    let two = || (digit, digit);
    let clock = (
        one_of(['T', 't']),
        (two(), ':', two()),
        opt((':', two(), opt(('.', take_while(1..=9, '0'..='9'))))),
        opt(alt((
            one_of(['Z', 'z']).void(),
            (one_of(['+', '-']), two(), ':', two()).void(),
        ))),
    );
    ((two(), two(), '-', two(), '-', two()), opt(clock))
        .take()
        .parse_next(input)
}

fn digit(input: &mut &str) -> ModalResult<char> {
    one_of('0'..='9').parse_next(input)
}

/// A property or variable.
fn name<'i>(input: &mut &'i str) -> ModalResult<&'i str> {
    (
        one_of(('A'..='Z', 'a'..='z', '_')),
        take_while(0.., ('A'..='Z', 'a'..='z', '0'..='9', '_')),
    )
        .take()
        .verify(|name: &str| !["and", "or", "not"].contains(&name.to_ascii_lowercase().as_str()))
        .parse_next(input)
}

/// A word of the language, in any case, not the beginning of a longer one.
fn word<'i>(text: &'static str) -> impl ModalParser<&'i str, &'i str, ContextError> {
    terminated(Caseless(text), boundary)
}

fn boundary(input: &mut &str) -> ModalResult<()> {
    not(one_of(('A'..='Z', 'a'..='z', '0'..='9', '_'))).parse_next(input)
}

fn closing(input: &mut &str) -> ModalResult<()> {
    cut_err(')')
        .void()
        .context(expected("a closing parenthesis"))
        .parse_next(input)
}

fn expected(what: &'static str) -> StrContext {
    StrContext::Expected(StrContextValue::Description(what))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Filter {
        text.parse()
            .unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    #[test]
    fn the_filters_of_public_clients_are_read() {
        let drivers = Filter::contains("Name", "Drivers");
        assert_eq!(read("contains(Name,'Drivers')"), drivers);
        assert_eq!(read("contains(Name,'Drivers') eq true"), drivers);
        assert_eq!(read(" Contains( Name , 'Drivers' ) "), drivers);
        assert_eq!(read("contains(Name,'Drivers') eq false"), drivers.negated());
        assert_eq!(
            read("startsWith(ObjectKey,'ABC00001') eq true"),
            Filter::starts_with("ObjectKey", "ABC00001")
        );
        assert_eq!(
            read("startswith(PropertyName, 'GlobalAccount')"),
            Filter::starts_with("PropertyName", "GlobalAccount")
        );
        assert_eq!(
            read("Status eq 0 or Status eq 1"),
            Filter::eq("Status", 0).or(Filter::eq("Status", 1))
        );
        assert_eq!(
            read("ObjectID eq 'A' and (GroupID eq '{1}' or GroupID eq '{2}')"),
            Filter::eq("ObjectID", "A")
                .and(Filter::eq("GroupID", "{1}").or(Filter::eq("GroupID", "{2}")))
        );
    }

    #[test]
    fn and_binds_tighter_than_or() {
        assert_eq!(
            read("A eq 1 or B eq 2 and C eq 3"),
            Filter::eq("A", 1).or(Filter::eq("B", 2).and(Filter::eq("C", 3)))
        );
    }

    #[test]
    fn an_element_test_keeps_its_variable() {
        let Filter::Any {
            property,
            variable,
            test,
        } = read("RoleNames/any(role: role eq 'Full Administrator')")
        else {
            panic!("not an element test");
        };
        assert_eq!(
            (property.as_str(), variable.as_str()),
            ("RoleNames", "role")
        );
        assert_eq!(*test, Filter::eq("role", "Full Administrator"));
    }

    #[test]
    fn words_are_read_in_any_case_and_names_may_begin_with_them() {
        assert_eq!(
            read("NOT (Orders EQ 1) AND Notes ne null"),
            Filter::eq("Orders", 1)
                .negated()
                .and(Filter::ne("Notes", Value::Null))
        );
    }

    #[test]
    fn a_yes_no_property_may_stand_alone() {
        assert_eq!(read("IsBuiltIn"), Filter::eq("IsBuiltIn", true));
        assert_eq!(
            read("not IsBuiltIn and A eq 1"),
            Filter::eq("IsBuiltIn", true)
                .negated()
                .and(Filter::eq("A", 1))
        );
    }

    #[test]
    fn times_come_with_and_without_a_fraction() {
        assert_eq!(
            read("LastRefreshTime gt 2025-01-31T00:00:00.123Z"),
            Filter::gt(
                "LastRefreshTime",
                Value::Time("2025-01-31T00:00:00.123Z".to_owned())
            )
        );
    }

    #[test]
    fn what_cannot_be_read_says_where() {
        let fault = |text: &str| text.parse::<Filter>().unwrap_err();
        assert_eq!(fault("Name eq").position, 8);
        assert_eq!(fault("Name eq 'open").position, 14);
        assert_eq!(fault("(Name eq 'x'").position, 13);
        assert!(
            fault("Name like 'x%'").reason.contains("eq, ne"),
            "{}",
            fault("Name like 'x%'")
        );
        assert!(fault("").reason.contains("condition"), "{}", fault(""));
    }

    #[test]
    fn endless_nesting_is_refused() {
        let deep = "(".repeat(100_000);
        assert!(
            deep.parse::<Filter>()
                .unwrap_err()
                .reason
                .contains("levels")
        );
        let negations = format!("{}A eq 1", "not ".repeat(200));
        assert!(negations.parse::<Filter>().is_err());
    }
}
