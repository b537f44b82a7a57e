//! Software the site has by other means than packages of software distribution: other types of package, applications.

use super::is_new;
use crate::distribution::alike::{Likeness, likeness};
use crate::distribution::check::{Case, Finding};
use crate::distribution::facts::Fact;
use crate::distribution::field::FieldId;
use crate::sms::application::ApplicationRow;

pub(super) fn locked(case: &Case<'_>) -> Option<Finding> {
    let package = case.package().one()?;
    package.row.is_locked().then(|| {
        Finding::stops(
            "PKG-E30",
            format!(
                "{} ({}) is no package of software: its package type is {}.",
                package.title(),
                package.id(),
                package.row.package_type
            ),
        )
        .because("Such packages are shown here, and never changed or advertised.")
        .at(FieldId::PackageUse)
    })
}

/// The nearest application by name, so that nobody packages what is there already.
pub(super) fn is_an_application(case: &Case<'_>) -> Option<Finding> {
    if !is_new(case) {
        return None;
    }
    let (name, maker) = (
        case.text(FieldId::PackageName),
        case.text(FieldId::PackageManufacturer),
    );
    let fact = case.facts.applications(&name, &maker);
    let in_use = fact
        .value()?
        .iter()
        .filter(|it| it.is_expired != Some(true));
    let near = in_use.filter_map(|it| Some((likeness((&name, &maker), it.named())?, it)));
    let (likeness, application) = near.min_by_key(|(likeness, _)| *likeness != Likeness::Same)?;
    let told = told(application);
    let finding = match likeness {
        Likeness::Same => Finding::confirm(
            "PKG-W31",
            format!("It is there as an application already: {told}."),
        ),
        Likeness::Near => Finding::note(
            "PKG-W31",
            format!("An application of a similar name is there: {told}."),
        ),
    };
    let why = "A device that gets both has it installed twice, by two rules.";
    Some(finding.because(why).at(FieldId::PackageName))
}

/// A second package of one name is not noticed by itself later: whoever makes it says that nobody looked.
pub(super) fn not_looked_up(case: &Case<'_>) -> Option<Finding> {
    let named = is_new(case).then(|| case.text(FieldId::PackageName))?;
    let Fact::Unknown { reason } = case.facts.packages(&named) else {
        return None;
    };
    let what = format!(
        "Whether a package of this name is there already could not be looked up: {reason}."
    );
    Some(Finding::confirm("PKG-W32", what).at(FieldId::PackageName))
}

pub(super) fn applications_not_looked_up(case: &Case<'_>) -> Option<Finding> {
    let (name, maker) = (
        case.text(FieldId::PackageName),
        case.text(FieldId::PackageManufacturer),
    );
    match case.facts.applications(&name, &maker) {
        Fact::Unknown { reason } if is_new(case) => Some(
            Finding::note(
                "PKG-I33",
                format!("Whether it is an application already could not be looked up: {reason}."),
            )
            .at(FieldId::PackageName),
        ),
        _ => None,
    }
}

/// `Google Chrome 131.0, deployed twice`.
fn told(application: &ApplicationRow) -> String {
    let deployed = match application.number_of_deployments {
        None => "",
        Some(0) => ", not deployed",
        Some(1) => ", deployed once",
        Some(2) => ", deployed twice",
        Some(_) => ", deployed several times",
    };
    let (name, version) = (
        application.localized_display_name.trim(),
        application.software_version.trim(),
    );
    if version.is_empty() || name.contains(version) {
        format!("{name}{deployed}")
    } else {
        format!("{name} {version}{deployed}")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::distribution::check::Weight;
    use crate::distribution::check::trial::{Known, MAKING, USING, by_facts, found, row};
    use crate::distribution::facts::{Answer, Fact, Question};

    fn application(name: &str, expired: bool) -> Known {
        let row = row(json!({
            "CI_ID": 16_777_500, "LocalizedDisplayName": name, "SoftwareVersion": "3.1", "IsExpired": expired,
            "NumberOfDeployments": 2,
        }));
        Known::here().with(
            Question::Applications {
                name: "Line Tool".into(),
                maker: "Example Works".into(),
            },
            Answer::Applications(vec![row]),
        )
    }

    #[test]
    fn what_is_an_application_already_is_said() {
        by_facts(
            MAKING,
            &[
                (
                    "PKG-W31",
                    "",
                    application("Line tool (x64)", false),
                    application("Line tool", true),
                ),
                (
                    "PKG-W31",
                    "",
                    application("Line Tool Viewer", false),
                    application("Screwdriver", false),
                ),
            ],
        );
    }

    #[test]
    fn the_same_name_is_confirmed_and_a_similar_one_noted() {
        let weight = |name| {
            let findings = found(MAKING, "", &application(name, false));
            let own = findings.iter().find(|finding| finding.code == "PKG-W31");
            own.map(|finding| (finding.weight, finding.what.clone()))
                .unwrap()
        };
        let same =
            "It is there as an application already: Example Works Line Tool 3.1, deployed twice.";
        assert_eq!(
            weight("Example Works Line Tool"),
            (Weight::Confirm, same.to_owned())
        );
        let near =
            "An application of a similar name is there: Line Tool Viewer 3.1, deployed twice.";
        assert_eq!(weight("Line Tool Viewer"), (Weight::Note, near.to_owned()));
    }

    #[test]
    fn what_could_not_be_looked_up_is_said() {
        let unread = |question: Question| {
            let mut known = Known::here();
            known
                .0
                .learn(question, Fact::unknown("the site refused (500)"));
            known
        };
        let named = Question::Package("Line Tool".into());
        let application = Question::Applications {
            name: "Line Tool".into(),
            maker: "Example Works".into(),
        };
        let weight = |known: &Known, code: &str| {
            let findings = found(MAKING, "", known).into_iter();
            let mut own = findings.filter(|finding| finding.code == code);
            own.next().map(|finding| finding.weight)
        };
        assert_eq!(weight(&unread(named), "PKG-W32"), Some(Weight::Confirm));
        assert_eq!(weight(&unread(application), "PKG-I33"), Some(Weight::Note));
        for code in ["PKG-W32", "PKG-I33"] {
            assert_eq!(weight(&Known::here(), code), None);
        }
    }

    #[test]
    fn a_package_of_another_type_is_shown_and_never_advertised() {
        let typed = |number: u32| Known::here().package(json!({ "PackageType": number }), &[]);
        by_facts(USING, &[("PKG-E30", "", typed(258), typed(0))]);
    }
}
