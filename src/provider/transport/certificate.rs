//! What a certificate says of itself, for a person who is to judge it.

use std::net::IpAddr;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use rustls::client::verify_server_name;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::server::ParsedCertificate;
use sha2::{Digest, Sha256};
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::{ASN1Time, FromDer, X509Certificate, X509Name};

use crate::config::Pin;

/// One certificate. Its texts are the server's own, cleaned of what a terminal would take for commands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    pub fingerprint: Pin,
    /// Absent where the certificate cannot be read; then only the fingerprint names it.
    pub words: Option<Box<Words>>,
}

/// What stands in a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    pub subject: String,
    pub issuer: String,
    /// Servers it is for.
    pub names: Vec<String>,
    pub from: Timestamp,
    pub until: Timestamp,
    /// Whether it names itself as its issuer.
    pub is_self_signed: bool,
}

impl Certificate {
    pub fn of(leaf: &CertificateDer<'_>) -> Self {
        let fingerprint = Pin(Sha256::digest(leaf).into());
        let words = X509Certificate::from_der(leaf).ok();
        let words = words.map(|(_, certificate)| Box::new(Words::of(&certificate)));
        Self { fingerprint, words }
    }

    /// What is odd about it although it may be believed: its dates, and the server's name.
    pub fn oddities(
        &self,
        leaf: &CertificateDer<'_>,
        name: &ServerName<'_>,
        now: Timestamp,
    ) -> Vec<String> {
        let mut oddities = Vec::new();
        if let Some(words) = &self.words {
            oddities.extend(words.out_of_date(now));
        }
        let parsed = ParsedCertificate::try_from(leaf);
        if !parsed.is_ok_and(|parsed| verify_server_name(&parsed, name).is_ok()) {
            oddities.push(self.other_name(&name.to_str()));
        }
        oddities
    }

    /// That it is for other servers than this one.
    pub(super) fn other_name(&self, name: &str) -> String {
        match &self.words {
            Some(words) if !words.names.is_empty() => {
                format!("it is for {}, not for {name}", words.names.join(", "))
            }
            _ => format!("it does not say that it is for {name}"),
        }
    }

    pub(super) fn is_self_signed(&self) -> bool {
        self.words
            .as_ref()
            .is_some_and(|words| words.is_self_signed)
    }

    /// Name and value of each line a person compares.
    pub fn lines(&self) -> Vec<(&'static str, String)> {
        let mut lines = Vec::new();
        if let Some(words) = &self.words {
            let issuer = if words.is_self_signed {
                "itself".to_owned()
            } else {
                words.issuer.clone()
            };
            lines.push(("issued to", words.subject.clone()));
            lines.push(("issued by", issuer));
            lines.push(("for", words.servers()));
            lines.push(("valid", words.validity()));
        }
        lines.push(("fingerprint", self.fingerprint.to_string()));
        lines
    }

    /// The same on one line, without the fingerprint.
    pub fn brief(&self) -> String {
        let Some(words) = &self.words else {
            return "a certificate that cannot be read".to_owned();
        };
        let issuer = if words.is_self_signed {
            "itself"
        } else {
            &words.issuer
        };
        format!(
            "{}, issued by {issuer}, for {}, valid {}",
            words.subject,
            words.servers(),
            words.validity()
        )
    }
}

impl Words {
    fn of(certificate: &X509Certificate<'_>) -> Self {
        Self {
            subject: told(certificate.subject()),
            issuer: told(certificate.issuer()),
            names: names(certificate),
            from: moment(certificate.validity().not_before),
            until: moment(certificate.validity().not_after),
            is_self_signed: certificate.subject().as_raw() == certificate.issuer().as_raw(),
        }
    }

    fn servers(&self) -> String {
        if self.names.is_empty() {
            return "no server by name".to_owned();
        }
        self.names.join(", ")
    }

    /// First and last day, in UTC.
    pub fn validity(&self) -> String {
        format!("{} to {}", day(self.from), day(self.until))
    }

    fn out_of_date(&self, now: Timestamp) -> Option<String> {
        if now > self.until {
            Some(format!("it expired on {}", day(self.until)))
        } else if now < self.from {
            Some(format!("it is not valid before {}", day(self.from)))
        } else {
            None
        }
    }
}

/// The day of a moment in UTC, `2026-11-22`.
pub(super) fn day(moment: Timestamp) -> String {
    moment.to_zoned(TimeZone::UTC).date().to_string()
}

/// Moments a certificate cannot mean are the ends of time.
fn moment(time: ASN1Time) -> Timestamp {
    let seconds = time.timestamp();
    Timestamp::from_second(seconds).unwrap_or(if seconds < 0 {
        Timestamp::MIN
    } else {
        Timestamp::MAX
    })
}

fn told(name: &X509Name<'_>) -> String {
    match clean(&name.to_string()) {
        told if told.is_empty() => "(no name)".to_owned(),
        told => told,
    }
}

fn names(certificate: &X509Certificate<'_>) -> Vec<String> {
    let Ok(Some(extension)) = certificate.subject_alternative_name() else {
        return Vec::new();
    };
    let names = extension.value.general_names.iter();
    names.filter_map(server).collect()
}

fn server(name: &GeneralName<'_>) -> Option<String> {
    match name {
        GeneralName::DNSName(name) => Some(clean(name)),
        GeneralName::IPAddress(bytes) => match bytes.len() {
            4 => Some(IpAddr::from(<[u8; 4]>::try_from(*bytes).ok()?).to_string()),
            16 => Some(IpAddr::from(<[u8; 16]>::try_from(*bytes).ok()?).to_string()),
            _ => None,
        },
        _ => None,
    }
}

/// One line of a reasonable length that a terminal shows as it is.
fn clean(text: &str) -> String {
    const LONGEST: usize = 200;
    text.chars()
        .take(LONGEST)
        .map(|character| {
            if character.is_control() {
                ' '
            } else {
                character
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use rcgen::{CertificateParams, DnType, KeyPair, date_time_ymd};

    use super::*;

    fn made(change: impl FnOnce(&mut CertificateParams)) -> CertificateDer<'static> {
        let names = ["sccm01.corp.example".to_owned(), "10.0.0.7".to_owned()];
        let mut parameters = CertificateParams::new(names).unwrap();
        parameters
            .distinguished_name
            .push(DnType::CommonName, "SMS\u{1b}[2J Role");
        parameters.not_before = date_time_ymd(2020, 1, 2);
        parameters.not_after = date_time_ymd(2021, 3, 4);
        change(&mut parameters);
        let key = KeyPair::generate().unwrap();
        parameters.self_signed(&key).unwrap().der().clone()
    }

    #[test]
    fn what_a_person_compares_is_read_and_harmless() {
        let certificate = Certificate::of(&made(|_| ()));
        let words = certificate.words.clone().unwrap();
        assert!(words.is_self_signed);
        assert_eq!(words.names, ["sccm01.corp.example", "10.0.0.7"]);
        assert_eq!(words.validity(), "2020-01-02 to 2021-03-04");
        let brief = certificate.brief();
        assert!(brief.contains("SMS [2J Role"), "{brief}");
        assert!(!brief.contains('\u{1b}'), "{brief:?}");
    }

    #[test]
    fn dates_and_names_that_do_not_fit_are_odd() {
        let leaf = made(|_| ());
        let certificate = Certificate::of(&leaf);
        let odd = |name: &str, now: &str| {
            let name = ServerName::try_from(name.to_owned()).unwrap();
            certificate.oddities(&leaf, &name, now.parse().unwrap())
        };
        let (in_time, late) = ("2020-06-01T00:00:00Z", "2022-01-01T00:00:00Z");
        assert_eq!(odd("sccm01.corp.example", in_time), Vec::<String>::new());
        assert_eq!(odd("10.0.0.7", in_time), Vec::<String>::new());
        assert_eq!(
            odd("SCCM01.corp.example", late),
            ["it expired on 2021-03-04"]
        );
        assert_eq!(
            odd("sccm01", "2019-01-01T00:00:00Z"),
            [
                "it is not valid before 2020-01-02",
                "it is for sccm01.corp.example, 10.0.0.7, not for sccm01"
            ]
        );
    }

    #[test]
    fn what_is_no_certificate_still_has_a_fingerprint() {
        let certificate = Certificate::of(&CertificateDer::from(vec![1, 2, 3]));
        assert_eq!(certificate.words, None);
        assert_eq!(certificate.lines().len(), 1);
    }
}
