//! Reads a path in all the forms clients use.

use winnow::Result;
use winnow::ascii::{Caseless, multispace0};
use winnow::combinator::{
    alt, delimited, eof, opt, preceded, repeat, separated, separated_pair, terminated,
};
use winnow::prelude::*;
use winnow::token::{one_of, take_till, take_while};

use super::super::decoded;
use super::{KeyPredicate, KeyValue, PathError, Target};

/// Reads the path below either of the two prefixes the service listens on.
///
/// It is decoded before it is cut: the listener in front of a real site does so too, and inside quotes a slash is
/// just a character.
pub(super) fn target(path: &str) -> std::result::Result<Target, PathError> {
    let malformed = || PathError::Malformed(path.to_owned());
    let text = decoded(path).ok_or_else(malformed)?;
    let mut rest = text.as_str();
    root.parse_next(&mut rest)
        .map_err(|_| PathError::Elsewhere(path.to_owned()))?;
    terminated(below_root, (slashes, eof))
        .parse(rest)
        .map_err(|_| malformed())
}

/// `/AdminService/wmi` or `/AdminService_TokenAuth/wmi`, up to the next slash or the end.
fn root(input: &mut &str) -> Result<()> {
    let service = alt((Caseless("AdminService_TokenAuth"), Caseless("AdminService")));
    (
        slashes,
        service,
        slash,
        Caseless("wmi"),
        alt((slash, eof.void())),
    )
        .void()
        .parse_next(input)
}

fn below_root(input: &mut &str) -> Result<Target> {
    alt((
        eof.value(Target::Service),
        Caseless("$metadata").value(Target::Metadata),
        class,
    ))
    .parse_next(input)
}

fn class(input: &mut &str) -> Result<Target> {
    let class = name.parse_next(input)?.to_owned();
    if let Some(method) = opt(preceded('.', name)).parse_next(input)? {
        return Ok(Target::StaticMethod {
            class,
            method: method.to_owned(),
        });
    }
    let in_parentheses = opt(delimited('(', predicate, (multispace0, ')'))).parse_next(input)?;
    if let Some(key) = in_parentheses {
        return object(class, key, input);
    }
    if opt(preceded(slash, Caseless("$count")))
        .parse_next(input)?
        .is_some()
    {
        return Ok(Target::Count(class));
    }
    if let Some(method) = opt(method).parse_next(input)? {
        return Ok(Target::ClassMethod { class, method });
    }
    match opt(preceded(slash, segment)).parse_next(input)? {
        Some(key) => object(class, KeyPredicate::Single(key), input),
        None => Ok(Target::Class(class)),
    }
}

fn object(class: String, key: KeyPredicate, input: &mut &str) -> Result<Target> {
    Ok(match opt(method).parse_next(input)? {
        Some(method) => Target::ObjectMethod { class, key, method },
        None => Target::Object { class, key },
    })
}

/// `/AdminService.Method`.
fn method(input: &mut &str) -> Result<String> {
    preceded((slash, Caseless("AdminService.")), name)
        .map(str::to_owned)
        .parse_next(input)
}

fn predicate(input: &mut &str) -> Result<KeyPredicate> {
    let named = separated_pair(name, (multispace0, '=', multispace0), value)
        .map(|(name, value)| (name.to_owned(), value));
    preceded(
        multispace0,
        alt((
            separated(1.., named, (multispace0, ',', multispace0)).map(KeyPredicate::Named),
            separated(2.., value, (multispace0, ',', multispace0)).map(KeyPredicate::Unnamed),
            value.map(KeyPredicate::Single),
        )),
    )
    .parse_next(input)
}

fn value(input: &mut &str) -> Result<KeyValue> {
    alt((
        quoted.map(KeyValue::Quoted),
        take_while(1.., |c: char| !c.is_whitespace() && !"'(),=/".contains(c))
            .map(|text: &str| KeyValue::Bare(text.to_owned())),
    ))
    .parse_next(input)
}

/// A key as a path segment: as it is, or in quotes.
fn segment(input: &mut &str) -> Result<KeyValue> {
    alt((
        quoted.map(KeyValue::Quoted),
        take_while(1.., |c: char| !"'()/$".contains(c))
            .map(|text: &str| KeyValue::Bare(text.to_owned())),
    ))
    .parse_next(input)
}

fn quoted(input: &mut &str) -> Result<String> {
    let pieces = repeat(0.., alt((take_till(1.., '\''), "''".value("'")))).fold(
        String::new,
        |mut text, piece| {
            text.push_str(piece);
            text
        },
    );
    delimited('\'', pieces, '\'').parse_next(input)
}

fn name<'i>(input: &mut &'i str) -> Result<&'i str> {
    (
        one_of(('A'..='Z', 'a'..='z', '_')),
        take_while(0.., ('A'..='Z', 'a'..='z', '0'..='9', '_')),
    )
        .take()
        .parse_next(input)
}

/// One slash or, from clients that join carelessly, several.
fn slash(input: &mut &str) -> Result<()> {
    take_while(1.., '/').void().parse_next(input)
}

fn slashes(input: &mut &str) -> Result<()> {
    take_while(0.., '/').void().parse_next(input)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(class: &str, key: KeyPredicate) -> Target {
        Target::Object {
            class: class.to_owned(),
            key,
        }
    }

    fn bare(text: &str) -> KeyPredicate {
        KeyPredicate::Single(KeyValue::Bare(text.to_owned()))
    }

    #[test]
    fn the_paths_of_public_clients_are_read() {
        let rule = Target::ObjectMethod {
            class: "SMS_Collection".into(),
            key: bare("LAB00021"),
            method: "AddMembershipRule".into(),
        };
        for (path, target) in [
            ("/AdminService/wmi/", Target::Service),
            ("/AdminService/wmi", Target::Service),
            ("/adminservice/wmi/%24metadata", Target::Metadata),
            (
                "/AdminService_TokenAuth/wmi/SMS_Site",
                Target::Class("SMS_Site".into()),
            ),
            (
                "/AdminService/wmi//SMS_Site/",
                Target::Class("SMS_Site".into()),
            ),
            (
                "/AdminService/wmi/SMS_Collection/$count",
                Target::Count("SMS_Collection".into()),
            ),
            (
                "/AdminService/wmi/SMS_Package('ABC00001')",
                object("SMS_Package", KeyPredicate::text("ABC00001")),
            ),
            (
                "/AdminService/wmi/SMS_Package(ABC00001)",
                object("SMS_Package", bare("ABC00001")),
            ),
            (
                "/AdminService/wmi/SMS_machinesettings(16777219)",
                object("SMS_machinesettings", KeyPredicate::number(16_777_219)),
            ),
            (
                "/AdminService/wmi/SMS_Scripts(98b0ac33-6742-4422-8751-eb13cf8d37fd)",
                object("SMS_Scripts", bare("98b0ac33-6742-4422-8751-eb13cf8d37fd")),
            ),
            (
                "/AdminService/wmi/SMS_Collection/LAB00021/AdminService.AddMembershipRule",
                rule,
            ),
            (
                "/AdminService/wmi/SMS_Scripts.CreateScripts/",
                Target::StaticMethod {
                    class: "SMS_Scripts".into(),
                    method: "CreateScripts".into(),
                },
            ),
            (
                "/AdminService/wmi//SMS_DistributionPoint/AdminService.CancelDistribution",
                Target::ClassMethod {
                    class: "SMS_DistributionPoint".into(),
                    method: "CancelDistribution".into(),
                },
            ),
        ] {
            assert_eq!(Target::parse(path), Ok(target), "{path}");
        }
    }

    #[test]
    fn a_composite_key_comes_in_any_order_and_with_spaces() {
        assert_eq!(
            Target::parse(
                "/AdminService/wmi/SMS_Program(ProgramName='x%2F64 Install', PackageID='ABC00001')"
            ),
            Ok(object(
                "SMS_Program",
                KeyPredicate::Named(vec![
                    ("ProgramName".into(), KeyValue::text("x/64 Install")),
                    ("PackageID".into(), KeyValue::text("ABC00001")),
                ])
            ))
        );
    }

    #[test]
    fn the_other_route_is_told_from_a_malformed_path() {
        assert!(matches!(
            Target::parse("/AdminService/v1.0/Device"),
            Err(PathError::Elsewhere(_))
        ));
        assert!(matches!(
            Target::parse("/AdminService/wmix"),
            Err(PathError::Elsewhere(_))
        ));
        for path in [
            "SMS_Package('open",
            "SMS_Package('A')/Name",
            "SMS_Package()",
            "7up",
            "SMS_Site.A.B",
        ] {
            let path = format!("/AdminService/wmi/{path}");
            assert!(
                matches!(Target::parse(&path), Err(PathError::Malformed(_))),
                "{path}"
            );
        }
    }
}
