//! Reading a simple WQL query as a filter, so that its members can be counted before a collection exists.
//!
//! No site offers to run WQL over REST; what most query rules say (comparisons of `SMS_R_System`'s own properties) can be
//! said as a filter. Everything else is told as what it is: not previewed. Whether the query is *valid* only the site
//! decides.

use thiserror::Error;

use crate::odata::{Comparison, Filter, Value as Literal};

/// Why a query has no preview, and where.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("at character {at}: {what}")]
pub(super) struct NoPreview {
    /// From 1.
    at: usize,
    what: String,
}

/// The devices a query finds, as a filter on `SMS_R_System`; `None` when it finds all.
pub(super) fn filter_of(wql: &str) -> Result<Option<Filter>, NoPreview> {
    let mut reader = Reader {
        tokens: tokens(wql)?,
        next: 0,
        end: wql.chars().count() + 1,
    };
    reader.query()
}

#[derive(Debug, Clone, PartialEq)]
enum Token {
    /// A name, a keyword or `*`.
    Word(String),
    Text(String),
    Number(i64),
    Sign(&'static str),
}

const SIGNS: [&str; 10] = ["<>", "!=", "<=", ">=", "<", ">", "=", "(", ")", ","];

/// Lists on the wire: a filter looks for an element.
const LISTS: [&str; 9] = [
    "agentname",
    "agentsite",
    "ipaddresses",
    "macaddresses",
    "resourcenames",
    "smsassignedsites",
    "smsinstalledsites",
    "systemgroupname",
    "systemouname",
];

fn tokens(wql: &str) -> Result<Vec<(usize, Token)>, NoPreview> {
    let chars: Vec<char> = wql.chars().collect();
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(&c) = chars.get(at) {
        let start = at;
        let rest: String = chars.iter().skip(at).take(2).collect();
        let token = if c.is_whitespace() {
            at += 1;
            continue;
        } else if c == '\'' || c == '"' {
            let (text, end) = quoted(&chars, at)?;
            at = end;
            Token::Text(text)
        } else if c.is_ascii_digit()
            || (c == '-' && chars.get(at + 1).is_some_and(char::is_ascii_digit))
        {
            at += 1;
            at += chars
                .iter()
                .skip(at)
                .take_while(|c| c.is_ascii_digit())
                .count();
            let digits: String = chars.iter().skip(start).take(at - start).collect();
            Token::Number(digits.parse().map_err(|_| NoPreview {
                at: start + 1,
                what: "this number is too large".into(),
            })?)
        } else if let Some(sign) = SIGNS.into_iter().find(|sign| rest.starts_with(sign)) {
            at += sign.len();
            Token::Sign(sign)
        } else {
            at += chars
                .iter()
                .skip(at)
                .take_while(|c| is_of_word(**c))
                .count();
            if at == start {
                return Err(NoPreview {
                    at: start + 1,
                    what: format!("'{c}' is not expected"),
                });
            }
            Token::Word(chars.iter().skip(start).take(at - start).collect())
        };
        tokens.push((start + 1, token));
    }
    Ok(tokens)
}

fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '.' | '*')
}

/// The text between quotes, and where it ends. A backslash or the quote itself doubled takes the next sign as it is.
fn quoted(chars: &[char], start: usize) -> Result<(String, usize), NoPreview> {
    let quote = chars.get(start).copied();
    let mut text = String::new();
    let mut at = start + 1;
    while let Some(&c) = chars.get(at) {
        let next = chars.get(at + 1).copied();
        let doubled = Some(c) == quote && next == quote;
        if doubled || (c == '\\' && (next == quote || next == Some('\\'))) {
            text.extend(next);
            at += 2;
        } else if Some(c) == quote {
            return Ok((text, at + 1));
        } else {
            text.push(c);
            at += 1;
        }
    }
    Err(NoPreview {
        at: start + 1,
        what: "this quote is never closed".into(),
    })
}

struct Reader {
    tokens: Vec<(usize, Token)>,
    next: usize,
    end: usize,
}

type Read<T> = Result<T, NoPreview>;

impl Reader {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.next).map(|(_, token)| token)
    }

    fn take(&mut self) -> Option<Token> {
        let token = self.peek().cloned();
        self.next += usize::from(token.is_some());
        token
    }

    /// What stands against the next token.
    fn fail<T>(&self, what: impl Into<String>) -> Read<T> {
        let at = self.tokens.get(self.next).map_or(self.end, |(at, _)| *at);
        Err(NoPreview {
            at,
            what: what.into(),
        })
    }

    fn is_word(&self, word: &str) -> bool {
        matches!(self.peek(), Some(Token::Word(next)) if next.eq_ignore_ascii_case(word))
    }

    fn accept(&mut self, word: &str) -> bool {
        let is_there = self.is_word(word);
        self.next += usize::from(is_there);
        is_there
    }

    fn accept_sign(&mut self, sign: &str) -> bool {
        let is_there = matches!(self.peek(), Some(Token::Sign(next)) if *next == sign);
        self.next += usize::from(is_there);
        is_there
    }

    fn query(&mut self) -> Read<Option<Filter>> {
        if !self.accept("select") {
            return self.fail("a query begins with SELECT");
        }
        while !self.is_word("from") {
            if self.take().is_none() {
                return self.fail("FROM is missing");
            }
        }
        self.accept("from");
        if !self.accept("SMS_R_System") {
            return self.fail("only queries over SMS_R_System are previewed");
        }
        if self.peek().is_none() {
            return Ok(None);
        }
        if !self.accept("where") {
            return self.fail("only WHERE is previewed after the class");
        }
        let filter = self.either()?;
        if self.peek().is_some() {
            return self.fail("AND, OR or the end is expected");
        }
        Ok(Some(filter))
    }

    fn either(&mut self) -> Read<Filter> {
        let mut filter = self.both()?;
        while self.accept("or") {
            filter = filter.or(self.both()?);
        }
        Ok(filter)
    }

    fn both(&mut self) -> Read<Filter> {
        let mut filter = self.one()?;
        while self.accept("and") {
            filter = filter.and(self.one()?);
        }
        Ok(filter)
    }

    fn one(&mut self) -> Read<Filter> {
        if self.accept("not") {
            return Ok(self.one()?.negated());
        }
        if self.accept_sign("(") {
            let filter = self.either()?;
            if !self.accept_sign(")") {
                return self.fail("a closing parenthesis is missing");
            }
            return Ok(filter);
        }
        self.comparison()
    }

    fn comparison(&mut self) -> Read<Filter> {
        let property = self.property()?;
        if self.accept("is") {
            let negated = self.accept("not");
            if !self.accept("null") {
                return self.fail("NULL is expected after IS");
            }
            let filter = Filter::eq(property, Literal::Null);
            return Ok(if negated { filter.negated() } else { filter });
        }
        let negated = self.accept("not");
        let filter = if self.accept("like") {
            self.pattern(&property)?
        } else if self.accept("in") {
            self.among(&property)?
        } else if negated {
            return self.fail("LIKE or IN is expected after NOT");
        } else {
            self.compared(&property)?
        };
        Ok(if negated { filter.negated() } else { filter })
    }

    fn property(&mut self) -> Read<String> {
        let Some(Token::Word(word)) = self.peek() else {
            return self.fail("a property is expected");
        };
        let name = match word.rsplit_once('.') {
            Some((class, name)) if class.eq_ignore_ascii_case("SMS_R_System") => name,
            Some((class, _)) => return self.fail(format!("{class} is beyond SMS_R_System")),
            None => word,
        };
        // The key is spelled so on the wire.
        let name = if name.eq_ignore_ascii_case("ResourceID") {
            "ResourceId"
        } else {
            name
        }
        .to_owned();
        self.next += 1;
        Ok(name)
    }

    fn literal(&mut self) -> Read<Literal> {
        let literal = match self.peek() {
            Some(Token::Text(text)) => Literal::Text(text.clone()),
            Some(Token::Number(number)) => Literal::Number(*number),
            _ => return self.fail("a text in quotes or a number is expected"),
        };
        self.next += 1;
        Ok(literal)
    }

    fn compared(&mut self, property: &str) -> Read<Filter> {
        let comparison = match self.peek() {
            Some(Token::Sign("=")) => Comparison::Eq,
            Some(Token::Sign("<>" | "!=")) => Comparison::Ne,
            Some(Token::Sign("<")) => Comparison::Lt,
            Some(Token::Sign("<=")) => Comparison::Le,
            Some(Token::Sign(">")) => Comparison::Gt,
            Some(Token::Sign(">=")) => Comparison::Ge,
            _ => return self.fail("a comparison is expected: =, <>, <, >, LIKE, IN or IS NULL"),
        };
        self.next += 1;
        let at = self.next;
        let literal = self.literal()?;
        match (is_list(property), comparison) {
            (false, _) => Ok(Filter::compare(property, comparison, literal)),
            (true, Comparison::Eq) => Ok(Filter::any(property, literal)),
            (true, _) => {
                self.next = at;
                self.fail(format!(
                    "{property} is a list, which is previewed with = only"
                ))
            }
        }
    }

    fn among(&mut self, property: &str) -> Read<Filter> {
        if !self.accept_sign("(") {
            return self.fail("a list in parentheses is expected after IN");
        }
        let mut filter = equal(property, self.literal()?);
        while self.accept_sign(",") {
            filter = filter.or(equal(property, self.literal()?));
        }
        if !self.accept_sign(")") {
            return self.fail("a closing parenthesis is missing");
        }
        Ok(filter)
    }

    fn pattern(&mut self, property: &str) -> Read<Filter> {
        let Some(Token::Text(text)) = self.peek() else {
            return self.fail("a text in quotes is expected after LIKE");
        };
        let inner = text.strip_prefix('%').unwrap_or(text);
        let (from_start, inner) = (
            inner.len() == text.len(),
            inner
                .strip_suffix('%')
                .map_or((true, inner), |rest| (false, rest)),
        );
        let (to_end, inner) = inner;
        if is_list(property) || inner.contains(['%', '_', '[']) {
            return self.fail("only patterns with % at the ends are previewed");
        }
        let filter = match (from_start, to_end) {
            (true, true) => Filter::eq(property, inner),
            (true, false) => Filter::starts_with(property, inner),
            (false, true) => Filter::ends_with(property, inner),
            (false, false) => Filter::contains(property, inner),
        };
        self.next += 1;
        Ok(filter)
    }
}

fn is_list(property: &str) -> bool {
    LISTS.contains(&property.to_lowercase().as_str())
}

fn equal(property: &str, literal: Literal) -> Filter {
    if is_list(property) {
        Filter::any(property, literal)
    } else {
        Filter::eq(property, literal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(wql: &str) -> String {
        match filter_of(wql) {
            Ok(Some(filter)) => filter.to_string(),
            Ok(None) => "all".into(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn usual_queries_become_filters() {
        let cases = [
            ("select * from SMS_R_System", "all"),
            (
                "select * from SMS_R_System where Name like 'PC-%'",
                "startswith(Name,'PC-')",
            ),
            (
                "SELECT ResourceID, Name FROM sms_r_system WHERE SMS_R_System.Name LIKE \"%SRV%\" AND Client = 1",
                "contains(Name,'SRV') and Client eq 1",
            ),
            (
                "select * from SMS_R_System where not (Name = 'a' or Name = 'b')",
                "not (Name eq 'a' or Name eq 'b')",
            ),
            (
                "select * from SMS_R_System where Name in ('a', 'b')",
                "Name eq 'a' or Name eq 'b'",
            ),
            (
                "select * from SMS_R_System where Name not like '%x'",
                "not (endswith(Name,'x'))",
            ),
            (
                "select * from SMS_R_System where Client is not null",
                "not (Client eq null)",
            ),
            (
                "select * from SMS_R_System where Name = 'it''s'",
                "Name eq 'it''s'",
            ),
            (
                "select * from SMS_R_System where ResourceID >= 7",
                "ResourceId ge 7",
            ),
        ];
        for (wql, filter) in cases {
            assert_eq!(printed(wql), filter, "{wql}");
        }
    }

    #[test]
    fn a_list_is_searched_for_an_element() {
        let wql = "select * from SMS_R_System where SystemOUName = 'LAB/PCS'";
        assert_eq!(printed(wql), "SystemOUName/any(item: item eq 'LAB/PCS')");
    }

    #[test]
    fn what_is_not_previewed_says_where() {
        let cases = [
            ("", "at character 1: a query begins with SELECT"),
            ("select *", "at character 9: FROM is missing"),
            (
                "select * from SMS_G_System_X",
                "at character 15: only queries over SMS_R_System are previewed",
            ),
            (
                "select * from SMS_R_System where Name like 'a_b'",
                "at character 44: only patterns with % at the ends are previewed",
            ),
            (
                "select * from SMS_R_System where Name ~ 'a'",
                "at character 39: '~' is not expected",
            ),
            (
                "select * from SMS_R_System where Name = 'a",
                "at character 41: this quote is never closed",
            ),
            (
                "select * from SMS_R_System where Name = 'a' Name",
                "at character 45: AND, OR or the end is expected",
            ),
            (
                "select * from SMS_R_System where SMS_G_System_OS.Name = 'a'",
                "at character 34: SMS_G_System_OS is beyond SMS_R_System",
            ),
        ];
        for (wql, expected) in cases {
            assert_eq!(printed(wql), expected, "{wql}");
        }
    }
}
