//! What the account may see and do, as far as the site lets one know. Unknown is told as unknown.

use super::super::super::failure::Failure;
use super::super::report::Report;
use crate::error::SiteError;
use crate::provider::transport::auth::SignedIn;
use crate::provider::{Provider, Standing};
use crate::sms::advertisement::AdvertisementRow;
use crate::sms::collection::CollectionRow;
use crate::sms::distribution_point::PointRow;
use crate::sms::package::PackageRow;
use crate::sms::program::ProgramRow;
use crate::sms::resource::DeviceRow;
use crate::sms::rights::Rights;

/// What a plan does with each class.
const WANTED: [(&str, Rights); 4] = [
    (
        "packages",
        Rights::READ.union(Rights::CREATE).union(Rights::MODIFY),
    ),
    (
        "collections",
        Rights::READ
            .union(Rights::CREATE)
            .union(Rights::MODIFY)
            .union(Rights::ADVERTISE)
            .union(Rights::READ_RESOURCE),
    ),
    ("points", Rights::READ.union(Rights::DISTRIBUTE)),
    (
        "deployments",
        Rights::READ.union(Rights::CREATE).union(Rights::MODIFY),
    ),
];

/// Reads one of each class, and says what may be done to it.
pub async fn ask(
    provider: &Provider,
    signed_in: &SignedIn,
    report: &mut Report,
) -> Result<(), Failure> {
    let asked = [
        ("packages", provider.standing::<PackageRow>().await),
        ("programs", provider.standing::<ProgramRow>().await),
        ("collections", provider.standing::<CollectionRow>().await),
        ("points", provider.standing::<PointRow>().await),
        ("deployments", provider.standing::<AdvertisementRow>().await),
        ("devices", provider.standing::<DeviceRow>().await),
    ];
    let mut known = Vec::new();
    for (class, standing) in asked {
        known.extend(seen(class, standing, report)?.map(|rights| (class, rights)));
    }
    actions(&known, report)?;
    roles(provider, signed_in, report).await
}

fn seen(
    class: &'static str,
    standing: Result<Standing, SiteError>,
    report: &mut Report,
) -> Result<Option<Rights>, Failure> {
    let Some(standing) = report.told(class, standing)? else {
        return Ok(None);
    };
    if standing.sees_one {
        report.ok(class, "can be read")?;
    } else {
        let says = "the list is empty: there are none, or this account sees none";
        report.unknown(class, says)?;
    }
    Ok(standing.rights)
}

/// Whether a plan would be let through.
fn actions(known: &[(&str, Rights)], report: &mut Report) -> Result<(), Failure> {
    let (mut missing, mut unknown) = (Vec::new(), Vec::new());
    for (class, wanted) in WANTED {
        match known.iter().find(|(known, _)| *known == class) {
            Some((_, rights)) => {
                let lacks = rights.missing(wanted);
                if !lacks.is_empty() {
                    missing.push(format!("{class}: {}", lacks.join(", ")));
                }
            }
            None => unknown.push(format!("{class}: {}", wanted.words().join(", "))),
        }
    }
    if !missing.is_empty() {
        let says = format!("seem to be missing: {}", missing.join("; "));
        return report.note(
            "rights",
            says,
            "ask the site's administrator for a role that has them",
        );
    }
    if unknown.is_empty() {
        return report.ok(
            "rights",
            "everything a plan needs, on the objects looked at",
        );
    }
    let says = format!(
        "the site does not say whether this account has {}",
        unknown.join("; ")
    );
    report.unknown("rights", says)
}

/// The roles of the account, if it is named itself and may see that.
async fn roles(
    provider: &Provider,
    signed_in: &SignedIn,
    report: &mut Report,
) -> Result<(), Failure> {
    let administrators = provider.administrators().await;
    let unsaid = "the site does not show who administers it";
    let Some(administrators) = report.told_if_said("roles", administrators, unsaid)? else {
        return Ok(());
    };
    let Some(user) = &signed_in.user else {
        return report.unknown("roles", "the sign-in does not say whose roles to look for");
    };
    let own = administrators.iter().find(|one| one.is(user));
    match own.map(|own| own.role_names.clone().unwrap_or_default()) {
        Some(roles) if !roles.is_empty() => {
            report.ok("roles", format!("{user}: {}", roles.join(", ")))
        }
        _ => report.unknown(
            "roles",
            format!("{user} is not named; its roles may come from a group"),
        ),
    }
}
