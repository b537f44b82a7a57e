//! Conditions: what stands behind WHERE and ON.

use winnow::combinator::{alt, cut_err, opt, repeat, separated, terminated};
use winnow::{ModalParser, Parser};

use super::furthest::{Furthest, verdict};
use super::values::{literal, operand, text};
use super::{DEEPEST, Input, Parsed, keyword, mark, select, spaced};
use crate::site::collections::wql::syntax::{Condition, Operator, Set};

pub(super) fn condition(input: &mut Input<'_>) -> Parsed<Condition> {
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

pub(super) fn deeper<'a, O>(
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
