//! The grammar: text to [`Query`].
//!
//! Of several ways a text could have gone on, the one that got furthest names the fault.

mod conditions;
mod furthest;
mod values;

use winnow::ascii::multispace0;
use winnow::combinator::{alt, cut_err, eof, opt, preceded, repeat, separated, terminated};
use winnow::error::ErrMode;
use winnow::stream::{LocatingSlice, Location, Stateful};
use winnow::token::{one_of, take_while};
use winnow::{ModalParser, Parser};

use super::Fault;
use super::syntax::{Columns, Join, JoinKind, Property, Query, Source};
use conditions::condition;
use furthest::{Furthest, verdict};

/// Parentheses and subqueries may nest this deep; beyond it a query is a mistake, not a question.
const DEEPEST: u16 = 50;

/// The state is how deep the text is nested at this point.
type Input<'a> = Stateful<LocatingSlice<&'a str>, u16>;
type Parsed<O> = Result<O, ErrMode<Furthest>>;

/// Reads a whole query.
pub fn query(text: &str) -> Result<Query, Fault> {
    let input = Stateful {
        input: LocatingSlice::new(text),
        state: 0,
    };
    let end = eof.context("`where`, `and`, `or`, `order by` or the end of the query");
    preceded(multispace0, terminated(select, cut_err(end)))
        .parse(input)
        .map_err(|error| error.into_inner().fault(text))
}

// ---- words and marks; each takes the space behind it ----

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

fn spaced<'a, O>(
    parser: impl ModalParser<Input<'a>, O, Furthest>,
) -> impl ModalParser<Input<'a>, O, Furthest> {
    terminated(parser, multispace0)
}

fn word<'a>(input: &mut Input<'a>) -> Parsed<&'a str> {
    spaced(
        (
            one_of(|c: char| c.is_ascii_alphabetic() || c == '_'),
            take_while(0.., is_word),
        )
            .take(),
    )
    .parse_next(input)
}

fn keyword<'a>(name: &'static str) -> impl ModalParser<Input<'a>, (), Furthest> {
    spaced(word_alone(name)).void()
}

fn word_alone<'a>(name: &'static str) -> impl ModalParser<Input<'a>, (), Furthest> {
    take_while(1.., is_word)
        .verify(move |found: &str| found.eq_ignore_ascii_case(name))
        .void()
}

fn mark<'a>(text: &'static str) -> impl ModalParser<Input<'a>, (), Furthest> {
    spaced(text).void()
}

const RESERVED: [&str; 22] = [
    "select", "from", "where", "and", "or", "not", "like", "in", "is", "null", "order", "by",
    "join", "inner", "left", "right", "full", "outer", "on", "as", "distinct", "group",
];

fn name(input: &mut Input<'_>) -> Parsed<String> {
    word.verify(|found: &str| !RESERVED.iter().any(|r| found.eq_ignore_ascii_case(r)))
        .map(str::to_owned)
        .parse_next(input)
}

// ---- the query ----

fn select(input: &mut Input<'_>) -> Parsed<Query> {
    keyword("select").context("`select`").parse_next(input)?;
    opt(keyword("distinct")).parse_next(input)?;
    let columns = cut_err(columns.context("`*` or the name of a property")).parse_next(input)?;
    cut_err(keyword("from").context("`from`")).parse_next(input)?;
    let from = cut_err(source.context("the name of a class")).parse_next(input)?;
    let joins = repeat(0.., join).parse_next(input)?;
    let filter = opt(preceded(keyword("where"), cut_err(condition))).parse_next(input)?;
    let order = opt(preceded(
        (keyword("order"), cut_err(keyword("by").context("`by`"))),
        cut_err(separated(1.., ordering, mark(","))),
    ))
    .parse_next(input)?;
    Ok(Query {
        columns,
        from,
        joins,
        filter,
        order: order.unwrap_or_default(),
    })
}

fn columns(input: &mut Input<'_>) -> Parsed<Columns> {
    let every = alt((mark("*"), (name, mark("."), mark("*")).void()));
    if peeks_at_count(input) {
        return verdict(input, "a rule selects resources: count() gives none");
    }
    alt((
        every.map(|()| Columns::Every),
        separated(1.., property, mark(",")).map(Columns::Named),
    ))
    .parse_next(input)
}

fn peeks_at_count(input: &Input<'_>) -> bool {
    let mut ahead = *input;
    (keyword("count"), mark("(")).parse_next(&mut ahead).is_ok()
}

fn source(input: &mut Input<'_>) -> Parsed<Source> {
    let at = input.current_token_start();
    let class = name.parse_next(input)?;
    let alias = alt((
        preceded(keyword("as"), cut_err(name.context("an alias"))).map(Some),
        opt(name),
    ))
    .parse_next(input)?;
    Ok(Source { class, alias, at })
}

fn join(input: &mut Input<'_>) -> Parsed<Join> {
    let outer = |kind: &'static str| (keyword(kind), opt(keyword("outer")));
    let kind = alt((
        keyword("join").value(JoinKind::Inner),
        (keyword("inner"), cut_err(keyword("join").context("`join`"))).value(JoinKind::Inner),
        (outer("left"), cut_err(keyword("join").context("`join`"))).value(JoinKind::Left),
        (outer("right"), cut_err(keyword("join").context("`join`"))).value(JoinKind::Right),
        (outer("full"), cut_err(keyword("join").context("`join`"))).value(JoinKind::Full),
    ))
    .parse_next(input)?;
    let source = cut_err(source.context("the name of a class")).parse_next(input)?;
    let on =
        preceded(cut_err(keyword("on").context("`on`")), cut_err(condition)).parse_next(input)?;
    Ok(Join { kind, source, on })
}

fn ordering(input: &mut Input<'_>) -> Parsed<Property> {
    terminated(property, opt(alt((keyword("asc"), keyword("desc"))))).parse_next(input)
}

fn property(input: &mut Input<'_>) -> Parsed<Property> {
    let at = input.current_token_start();
    let first = name.context("the name of a property").parse_next(input)?;
    let second = opt(preceded(
        mark("."),
        cut_err(name.context("the name of a property")),
    ))
    .parse_next(input)?;
    Ok(match second {
        Some(name) => Property {
            qualifier: Some(first),
            name,
            at,
        },
        None => Property {
            qualifier: None,
            name: first,
            at,
        },
    })
}
