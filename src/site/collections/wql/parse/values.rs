//! Values: literals, properties and calls.

use winnow::Parser;
use winnow::ascii::{digit1, multispace0};
use winnow::combinator::{alt, cut_err, delimited, opt, preceded, separated_pair, terminated};
use winnow::error::ErrMode;
use winnow::stream::Location;
use winnow::token::{any, one_of};

use super::conditions::deeper;
use super::furthest::{Furthest, verdict};
use super::{Input, Parsed, keyword, mark, name, property, spaced, word};
use crate::site::collections::wql::syntax::{Call, DatePart, Literal, Operand};

pub(super) fn operand(input: &mut Input<'_>) -> Parsed<Operand> {
    alt((
        literal.map(Operand::Literal),
        call.map(Operand::Call),
        property.map(Operand::Property),
    ))
    .context("a property or a value")
    .parse_next(input)
}

pub(super) fn literal(input: &mut Input<'_>) -> Parsed<Literal> {
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
pub(super) fn text(input: &mut Input<'_>) -> Parsed<String> {
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
