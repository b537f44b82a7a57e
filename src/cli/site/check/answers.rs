//! What the site says once somebody has signed in: which one it is, where else it answers, and how far its clock is off.

use jiff::SignedDuration;
use url::Url;

use super::super::super::exit::Exit;
use super::super::super::failure::Failure;
use super::super::address::is_numeric;
use super::super::report::Report;
use super::{rights, versions};
use crate::provider::Provider;
use crate::provider::transport::auth::{Mechanism, SignedIn};
use crate::sms::site::{IdentificationRow, SiteRow, SiteType};

/// The classes a plan is made of.
const NEEDED: [&str; 5] = [
    "SMS_Package",
    "SMS_Program",
    "SMS_Collection",
    "SMS_DistributionPoint",
    "SMS_Advertisement",
];

/// Clocks that differ by less are told as equal.
const EQUAL: SignedDuration = SignedDuration::from_secs(60);

pub async fn ask(
    provider: &Provider,
    url: &Url,
    signed_in: &SignedIn,
    report: &mut Report,
) -> Result<(), Failure> {
    service(provider, report).await?;
    let site = site(provider, url, report).await?;
    kind(provider, site.as_ref(), report).await?;
    providers(provider, report).await?;
    rights::ask(provider, signed_in, report).await?;
    clock(provider, report).await?;
    version(site.as_ref(), signed_in, report)
}

async fn service(provider: &Provider, report: &mut Report) -> Result<(), Failure> {
    let Some(classes) = report.told("service", provider.classes().await)? else {
        return Ok(());
    };
    let missing = NEEDED.iter().filter(|needed| {
        let mut named = classes.iter();
        !named.any(|class| class.eq_ignore_ascii_case(needed))
    });
    let missing: Vec<&str> = missing.copied().collect();
    if missing.is_empty() {
        return report.ok(
            "service",
            format!("the service names {} classes", classes.len()),
        );
    }
    let says = format!("the service does not name {}", missing.join(", "));
    report.note(
        "service",
        says,
        "is the path of the url right, and the site's version recent enough?",
    )
}

/// Which site answers, and whether it knows its server by the name of the url.
async fn site(
    provider: &Provider,
    url: &Url,
    report: &mut Report,
) -> Result<Option<IdentificationRow>, Failure> {
    let Some(rows) = report.told("site", provider.list::<IdentificationRow>(None).await)? else {
        return Ok(None);
    };
    let Some(site) = rows.into_iter().next() else {
        let what = "the server answers, and does not say which site it is";
        let failure = Failure::new(Exit::Refused, what)
            .with("is this account an administrative user of the site?");
        report.failed("site", &failure)?;
        return Ok(None);
    };
    let says = format!(
        "{} ({}), version {}",
        site.this_site_code, site.this_site_name, site.sms_version
    );
    let host = url.host_str().unwrap_or_default();
    if is_numeric(url) || is_one_server(host, &site.sms_provider_server) {
        report.ok("site", says)?;
    } else {
        let says = format!(
            "{says}; it calls its server {}, and the url {host}",
            site.sms_provider_server
        );
        report.note(
            "site",
            says,
            "if that is an alias, use the server's own full name in `url`",
        )?;
    }
    Ok(Some(site))
}

/// A short name and a full one may mean the same server; what is not said is not held against it.
fn is_one_server(one: &str, other: &str) -> bool {
    let (one, other) = (one.to_lowercase(), other.to_lowercase());
    let label = |name: &str| name.split('.').next().unwrap_or_default().to_owned();
    let is_short = !one.contains('.') || !other.contains('.');
    other.is_empty() || one == other || (is_short && label(&one) == label(&other))
}

async fn kind(
    provider: &Provider,
    site: Option<&IdentificationRow>,
    report: &mut Report,
) -> Result<(), Failure> {
    let Some(sites) = report.told("kind", provider.list::<SiteRow>(None).await)? else {
        return Ok(());
    };
    let own = site.and_then(|site| {
        let mut sites = sites.iter();
        sites.find(|row| row.site_code == site.this_site_code)
    });
    match own.and_then(|own| own.kind) {
        Some(SiteType::Primary) => report.ok("kind", "a primary site"),
        Some(SiteType::CentralAdministration) => report.note(
            "kind",
            "a central administration site: it has no devices of its own",
            "states and members come from the primary sites, later than there",
        ),
        Some(SiteType::Secondary) => report.note(
            "kind",
            "a secondary site: it has no provider of its own",
            "use the server of the primary site above it",
        ),
        _ => report.unknown(
            "kind",
            "the site does not show whether it is a primary or a central one",
        ),
    }
}

async fn providers(provider: &Provider, report: &mut Report) -> Result<(), Failure> {
    let servers = provider.provider_servers().await;
    let servers = servers.map(|servers| servers.filter(|servers| !servers.is_empty()));
    let unsaid = "the site does not show whether it has other providers";
    match report.told_if_said("providers", servers, unsaid)? {
        Some(servers) => report.ok("providers", servers.join(", ")),
        None => Ok(()),
    }
}

async fn clock(provider: &Provider, report: &mut Report) -> Result<(), Failure> {
    let Some(ahead) = report.told("clock", provider.clock_ahead().await)? else {
        return Ok(());
    };
    let Some(ahead) = ahead else {
        return report.unknown("clock", "the site's answers carry no date");
    };
    if ahead.abs() < EQUAL {
        return report.ok("clock", "within a minute of this machine's");
    }
    let way = if ahead.is_positive() {
        "ahead of"
    } else {
        "behind"
    };
    let says = format!("{} minutes {way} this machine's", ahead.abs().as_mins());
    report.note(
        "clock",
        says,
        "set the clock that is wrong: Kerberos allows five minutes",
    )
}

fn version(
    site: Option<&IdentificationRow>,
    signed_in: &SignedIn,
    report: &mut Report,
) -> Result<(), Failure> {
    let build = site.and_then(|site| versions::build(&site.sms_version));
    let Some(build) = build else {
        return report.unknown("version", "what this version cannot do is not known");
    };
    let mut limits = versions::cannot(build);
    if !versions::takes_ntlm(build) {
        limits.push("NTLM is refused from 2509 on".to_owned());
    } else if signed_in.mechanism == Mechanism::Ntlm {
        limits.push("NTLM will be refused from 2509 on".to_owned());
    }
    limits.push(
        "a deadline with a schedule may be refused, and is then said as available from that time"
            .to_owned(),
    );
    report.note(
        "version",
        limits.join("; "),
        "a plan names what it cannot do here before anything is changed",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_told_from_its_alias() {
        for (url, own, is_one) in [
            ("sccm01.corp.example", "SCCM01.corp.example", true),
            ("sccm01", "sccm01.corp.example", true),
            ("sccm01.corp.example", "SCCM01", true),
            ("configmgr.corp.example", "sccm01.corp.example", false),
            ("sccm01.other.example", "sccm01.corp.example", false),
            ("anything", "", true),
        ] {
            assert_eq!(is_one_server(url, own), is_one, "{url} {own}");
        }
    }
}
