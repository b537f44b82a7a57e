//! The grammar: text to [`Query`].
//!
//! Of several ways a text could have gone on, the one that got furthest names the fault.

use winnow::ascii::{digit1, multispace0};
use winnow::combinator::{
    alt, cut_err, delimited, eof, opt, preceded, repeat, separated, separated_pair, terminated,
};
use winnow::error::{AddContext, ErrMode, ParserError};
use winnow::stream::{LocatingSlice, Location, Stateful, Stream};
use winnow::token::{any, one_of, take_while};
use winnow::{ModalParser, Parser};

use super::Fault;
use super::syntax::{
    Call, Columns, Condition, DatePart, Join, JoinKind, Literal, Operand, Operator, Property,
    Query, Set, Source,
};

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

/// The fault that lies furthest into the text, and what would have been right there.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Furthest {
    at: usize,
    expected: Vec<&'static str>,
    /// A whole sentence that beats the list of what was expected.
    verdict: Option<&'static str>,
}

impl Furthest {
    fn fault(self, text: &str) -> Fault {
        let message = match (self.verdict, self.expected.is_empty()) {
            (Some(verdict), _) => verdict.to_owned(),
            (None, true) => "this cannot be understood".to_owned(),
            (None, false) => format!("expected {}", self.expected.join(", or ")),
        };
        let found = text.get(self.at..).unwrap_or_default().trim_start();
        let at = text.len() - found.len();
        let word: String = found
            .chars()
            .take_while(|c| !c.is_whitespace())
            .take(20)
            .collect();
        match (self.verdict.is_some(), word.is_empty()) {
            (true, _) => Fault::new(at, message),
            (false, true) => Fault::new(at, format!("{message}, but the query ends here")),
            (false, false) => Fault::new(at, format!("{message}, found `{word}`")),
        }
    }
}

impl<'a> ParserError<Input<'a>> for Furthest {
    type Inner = Self;

    fn from_input(input: &Input<'a>) -> Self {
        Self {
            at: input.current_token_start(),
            expected: Vec::new(),
            verdict: None,
        }
    }

    fn into_inner(self) -> Result<Self::Inner, Self> {
        Ok(self)
    }

    fn or(mut self, other: Self) -> Self {
        match self.at.cmp(&other.at) {
            std::cmp::Ordering::Less => other,
            std::cmp::Ordering::Greater => self,
            std::cmp::Ordering::Equal => {
                for word in other.expected {
                    if !self.expected.contains(&word) {
                        self.expected.push(word);
                    }
                }
                self.verdict = self.verdict.or(other.verdict);
                self
            }
        }
    }
}

impl<'a> AddContext<Input<'a>, &'static str> for Furthest {
    /// A name for the whole is right only when not even its beginning was there.
    fn add_context(
        mut self,
        input: &Input<'a>,
        start: &<Input<'a> as Stream>::Checkpoint,
        context: &'static str,
    ) -> Self {
        let mut begin = *input;
        begin.reset(start);
        if self.at == begin.current_token_start() && self.verdict.is_none() {
            self.expected = vec![context];
        }
        self
    }
}

fn verdict<O>(input: &Input<'_>, sentence: &'static str) -> Parsed<O> {
    let mut fault = Furthest::from_input(input);
    fault.verdict = Some(sentence);
    Err(ErrMode::Cut(fault))
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

// ---- conditions ----

fn condition(input: &mut Input<'_>) -> Parsed<Condition> {
    let terms: Vec<_> = chain(conjunction, "or").parse_next(input)?;
    Ok(single_or(terms, Condition::Any))
}

fn conjunction(input: &mut Input<'_>) -> Parsed<Condition> {
    let terms: Vec<_> = chain(negation, "and").parse_next(input)?;
    Ok(single_or(terms, Condition::All))
}

/// `term (link term)*`; behind a link a term must follow.
fn chain<'a>(
    mut term: impl ModalParser<Input<'a>, Condition, Furthest> + Copy,
    link: &'static str,
) -> impl ModalParser<Input<'a>, Vec<Condition>, Furthest> {
    move |input: &mut Input<'a>| {
        let mut terms = vec![term.parse_next(input)?];
        while opt(keyword(link)).parse_next(input)?.is_some() {
            terms.push(cut_err(term).parse_next(input)?);
        }
        Ok(terms)
    }
}

fn single_or(mut terms: Vec<Condition>, many: fn(Vec<Condition>) -> Condition) -> Condition {
    match (terms.len(), terms.pop()) {
        (1, Some(only)) => only,
        (_, last) => {
            terms.extend(last);
            many(terms)
        }
    }
}

fn negation(input: &mut Input<'_>) -> Parsed<Condition> {
    let nots: usize = repeat(0.., keyword("not")).parse_next(input)?;
    let inner = alt((group, predicate))
        .context("a condition")
        .parse_next(input)?;
    Ok(if nots % 2 == 1 {
        Condition::Not(Box::new(inner))
    } else {
        inner
    })
}

fn group(input: &mut Input<'_>) -> Parsed<Condition> {
    mark("(").parse_next(input)?;
    deeper(input, |input| {
        terminated(condition, mark(")").context("`and`, `or` or `)`")).parse_next(input)
    })
}

fn deeper<'a, O>(
    input: &mut Input<'a>,
    inner: impl FnOnce(&mut Input<'a>) -> Parsed<O>,
) -> Parsed<O> {
    if input.state >= DEEPEST {
        return verdict(input, "the query is nested too deeply");
    }
    input.state += 1;
    let result = inner(input);
    input.state -= 1;
    result
}

fn predicate(input: &mut Input<'_>) -> Parsed<Condition> {
    let value = operand.parse_next(input)?;
    if opt(keyword("is")).parse_next(input)?.is_some() {
        let negated = opt(keyword("not")).parse_next(input)?.is_some();
        cut_err(keyword("null").context("`null`")).parse_next(input)?;
        return Ok(Condition::IsNull { value, negated });
    }
    let negated = opt(keyword("not")).parse_next(input)?.is_some();
    if opt(keyword("like")).parse_next(input)?.is_some() {
        let pattern = cut_err(text.context("a pattern in quotes")).parse_next(input)?;
        return Ok(Condition::Like {
            value,
            negated,
            pattern,
        });
    }
    if opt(keyword("in")).parse_next(input)?.is_some() {
        let set = cut_err(set).parse_next(input)?;
        return Ok(Condition::In {
            value,
            negated,
            set,
        });
    }
    if negated {
        return cut_err(winnow::combinator::fail.context("`like` or `in`")).parse_next(input);
    }
    let operator = cut_err(operator.context("a comparison (=, <>, <, >, like, in, is null)"))
        .parse_next(input)?;
    let right = cut_err(operand).parse_next(input)?;
    Ok(Condition::Compare {
        left: value,
        operator,
        right,
    })
}

fn set(input: &mut Input<'_>) -> Parsed<Set> {
    mark("(").context("`(`").parse_next(input)?;
    deeper(input, |input| {
        let close = || cut_err(mark(")").context("`,` or `)`"));
        alt((
            terminated(select, close()).map(|query| Set::Query(Box::new(query))),
            terminated(separated(1.., literal, mark(",")), close()).map(Set::Values),
        ))
        .context("a value or a query")
        .parse_next(input)
    })
}

fn operator(input: &mut Input<'_>) -> Parsed<Operator> {
    spaced(alt((
        alt(("<>", "!=")).value(Operator::NotEqual),
        "<=".value(Operator::AtMost),
        ">=".value(Operator::AtLeast),
        "<".value(Operator::Less),
        ">".value(Operator::Greater),
        "=".value(Operator::Equal),
    )))
    .parse_next(input)
}

// ---- values ----

fn operand(input: &mut Input<'_>) -> Parsed<Operand> {
    alt((
        literal.map(Operand::Literal),
        call.map(Operand::Call),
        property.map(Operand::Property),
    ))
    .context("a property or a value")
    .parse_next(input)
}

fn literal(input: &mut Input<'_>) -> Parsed<Literal> {
    let at = input.current_token_start();
    alt((
        text.map(|text| Literal::Text { text, at }),
        spaced(number),
        keyword("true").value(Literal::Flag(true)),
        keyword("false").value(Literal::Flag(false)),
        keyword("null").value(Literal::Null),
    ))
    .context("a value")
    .parse_next(input)
}

fn number(input: &mut Input<'_>) -> Parsed<Literal> {
    (opt(one_of(['-', '+'])), digit1, opt(('.', digit1)))
        .take()
        .verify_map(|digits: &str| {
            digits
                .parse()
                .map(Literal::Number)
                .or_else(|_| digits.parse().map(Literal::Decimal))
                .ok()
        })
        .parse_next(input)
}

/// Either kind of quote. The quote itself is written twice or behind a backslash, a backslash twice.
fn text(input: &mut Input<'_>) -> Parsed<String> {
    let opening = *input;
    let quote = one_of(['\'', '"']).parse_next(input)?;
    let mut read = String::new();
    loop {
        match any::<_, ErrMode<Furthest>>.parse_next(input) {
            Err(_) => {
                return verdict(&opening, "the text in quotes is not closed");
            }
            Ok(c) if c == quote => {
                if opt(one_of(quote)).parse_next(input)?.is_none() {
                    multispace0.parse_next(input)?;
                    return Ok(read);
                }
                read.push(quote);
            }
            Ok('\\') => {
                let escaped = opt(one_of(['\\', '\'', '"'])).parse_next(input)?;
                read.push(escaped.unwrap_or('\\'));
            }
            Ok(c) => read.push(c),
        }
    }
}

fn call(input: &mut Input<'_>) -> Parsed<Call> {
    let begin = *input;
    let name = terminated(name, mark("(")).parse_next(input)?;
    deeper(input, |input| {
        let call = match name.to_ascii_lowercase().as_str() {
            "getdate" => Call::GetDate,
            "upper" => Call::Upper(boxed_operand(input)?),
            "lower" => Call::Lower(boxed_operand(input)?),
            "substring" => {
                let value = boxed_operand(input)?;
                let from = preceded(comma, whole_number).parse_next(input)?;
                let length = preceded(comma, whole_number).parse_next(input)?;
                Call::Substring(value, from, length)
            }
            "dateadd" => {
                let (part, count) =
                    separated_pair(date_part, comma, whole_number).parse_next(input)?;
                comma.parse_next(input)?;
                Call::DateAdd(part, count, boxed_operand(input)?)
            }
            "datediff" => {
                let part = terminated(date_part, comma).parse_next(input)?;
                let from = boxed_operand(input)?;
                comma.parse_next(input)?;
                Call::DateDiff(part, from, boxed_operand(input)?)
            }
            "datepart" => {
                let part = terminated(date_part, comma).parse_next(input)?;
                Call::DatePart(part, boxed_operand(input)?)
            }
            _ => {
                return verdict(
                    &begin,
                    "there is no such function (upper, lower, substring, getdate, dateadd, datediff, datepart)",
                );
            }
        };
        cut_err(mark(")").context("`)`")).parse_next(input)?;
        Ok(call)
    })
}

fn boxed_operand(input: &mut Input<'_>) -> Parsed<Box<Operand>> {
    cut_err(operand).map(Box::new).parse_next(input)
}

fn comma(input: &mut Input<'_>) -> Parsed<()> {
    cut_err(mark(",").context("`,`")).parse_next(input)
}

fn whole_number(input: &mut Input<'_>) -> Parsed<i64> {
    cut_err(
        spaced(
            (opt('-'), digit1)
                .take()
                .verify_map(|digits: &str| digits.parse().ok()),
        )
        .context("a whole number"),
    )
    .parse_next(input)
}

/// A part is written bare or in quotes.
fn date_part(input: &mut Input<'_>) -> Parsed<DatePart> {
    cut_err(
        alt((
            delimited(one_of(['\'', '"']), word, mark_quote).map(str::to_owned),
            word.map(str::to_owned),
        ))
        .verify_map(|part| part_named(&part))
        .context("a part of a date (yy, mm, wk, dd, hh, mi, ss)"),
    )
    .parse_next(input)
}

fn mark_quote(input: &mut Input<'_>) -> Parsed<()> {
    spaced(one_of(['\'', '"'])).void().parse_next(input)
}

fn part_named(name: &str) -> Option<DatePart> {
    Some(match name.to_ascii_lowercase().as_str() {
        "yy" | "yyyy" | "year" => DatePart::Year,
        "mm" | "m" | "month" => DatePart::Month,
        "wk" | "ww" | "week" => DatePart::Week,
        "dd" | "d" | "day" => DatePart::Day,
        "hh" | "hour" => DatePart::Hour,
        "mi" | "n" | "minute" => DatePart::Minute,
        "ss" | "s" | "second" => DatePart::Second,
        _ => return None,
    })
}
