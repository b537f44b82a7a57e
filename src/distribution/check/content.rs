//! Rules of the distribution points (wizard.md 8). Room and boundary groups have no class here: where they would matter,
//! it is said that nobody can tell.

use jiff::ToSpan;

use super::{Case, Finding, Rule};
use crate::distribution::draft::settled::listed;
use crate::distribution::draft::{Origin, Wait};
use crate::distribution::facts::{ContentFact, CopyFact, Fact, PointsFact};
use crate::distribution::field::FieldId;
use crate::distribution::words::{few, number};
use crate::sms::distribution_point::PointRow;
use crate::sms::status::ContentState;

pub(super) const RULES: &[Rule] = &[
    nowhere,
    unknown_server,
    unknown_group,
    failed_before,
    prestaged,
    older_version,
    no_time_to_copy,
    empty_group,
    areas_unread,
    room_unread,
];

/// From this size on it matters how much room a point has.
const LARGE_MB: u64 = 500;

/// Points and groups as far as they are read, when the package has files.
fn points<'a>(case: &Case<'a>) -> Option<&'a PointsFact> {
    if case.has_files() == Some(false) {
        return None;
    }
    match case.facts.points() {
        Fact::Known { value, .. } => Some(value),
        _ => None,
    }
}

fn content<'a>(case: &Case<'a>) -> Option<&'a ContentFact> {
    if case.draft.package_origin() == Origin::New {
        return None;
    }
    match case.facts.content(&case.text(FieldId::PackageUse)) {
        Fact::Known { value, .. } => Some(value),
        _ => None,
    }
}

fn names_any(case: &Case<'_>) -> bool {
    let points = &case.draft.distribution_points;
    listed(points.servers.as_ref())
        .chain(listed(points.groups.as_ref()))
        .next()
        .is_some()
}

/// None chosen, and none there already.
fn nowhere(case: &Case<'_>) -> Option<Finding> {
    let is_new = case.draft.package_origin() == Origin::New;
    let none_there = is_new || content(case)?.copies.is_empty();
    (case.has_files()? && !names_any(case) && none_there).then(|| {
        Finding::stops(
            "CNT-E01",
            "Choose at least one distribution point or group.",
        )
        .because("Devices cannot install before the files are on at least one distribution point.")
        .at(FieldId::PointsServers)
    })
}

fn unknown_server(case: &Case<'_>) -> Option<Finding> {
    let points = points(case)?;
    let mut servers = listed(case.draft.distribution_points.servers.as_ref());
    let lost = servers.find(|server| points.point(server).is_none())?;
    let there: Vec<&str> = points.points.iter().map(PointRow::server).collect();
    let known = if there.is_empty() {
        "This site has none.".into()
    } else {
        format!("This site has {}.", few(&there))
    };
    Some(
        Finding::stops(
            "CNT-E09",
            format!("There is no distribution point called '{lost}'."),
        )
        .because(known)
        .at(FieldId::PointsServers),
    )
}

fn unknown_group(case: &Case<'_>) -> Option<Finding> {
    let points = points(case)?;
    let mut groups = listed(case.draft.distribution_points.groups.as_ref());
    let lost = groups.find(|group| points.group(group).is_none())?;
    let what = match &points.groups_hidden {
        None => format!("There is no distribution point group called '{lost}'."),
        Some(why) => format!("Whether there is a group called '{lost}' cannot be seen: {why}."),
    };
    Some(Finding::stops("CNT-E10", what).at(FieldId::PointsGroups))
}

/// Copies on the chosen points, for an existing package.
fn chosen_copies<'a>(case: &Case<'a>) -> Option<Vec<&'a CopyFact>> {
    let content = content(case)?;
    let chosen = case.chosen_points()?;
    Some(
        chosen
            .iter()
            .filter_map(|path| content.copy_on(path))
            .collect(),
    )
}

fn servers(copies: &[&CopyFact]) -> String {
    let names: Vec<&str> = copies.iter().map(|copy| copy.server()).collect();
    few(&names)
}

/// A copy that is not as it should be: somebody must know before it is required of devices.
fn weigh(case: &Case<'_>, code: &'static str, what: String) -> Finding {
    if case.draft.is_required() {
        Finding::confirm(code, what)
    } else {
        Finding::note(code, what)
    }
}

fn failed_before(case: &Case<'_>) -> Option<Finding> {
    let copies = if names_any(case) {
        chosen_copies(case)?
    } else {
        content(case)?.copies.iter().collect()
    };
    let failed: Vec<&CopyFact> = copies
        .into_iter()
        .filter(|copy| copy.state.is_some_and(ContentState::is_failed))
        .collect();
    (!failed.is_empty()).then(|| {
        weigh(
            case,
            "CNT-W04",
            format!("The last copy to {} failed.", servers(&failed)),
        )
        .because("This plan does not send the files there again: devices near it may go without.")
        .at(FieldId::PointsServers)
    })
}

fn prestaged(case: &Case<'_>) -> Option<Finding> {
    let points = points(case)?;
    let chosen = case.chosen_points()?;
    let names: Vec<&str> = points
        .points
        .iter()
        .filter(|point| point.pre_staging_allowed && chosen.contains(&point.nal_path))
        .map(PointRow::server)
        .collect();
    (!names.is_empty()).then(|| {
        Finding::note(
            "CNT-W05",
            format!("{}: marked for prestaged content.", few(&names)),
        )
        .because("Depending on the package, files must be carried there by hand.")
        .at(FieldId::PointsServers)
    })
}

fn older_version(case: &Case<'_>) -> Option<Finding> {
    let current = content(case)?.source_version;
    let old: Vec<&CopyFact> = chosen_copies(case)?
        .into_iter()
        .filter(|copy| copy.version < current)
        .collect();
    let version = old.iter().map(|copy| copy.version).min()?;
    Some(
        weigh(
            case,
            "CNT-W06",
            format!(
                "{} has an older version ({version} of {current}).",
                servers(&old)
            ),
        )
        .because("The site brings it up to date by itself; until then devices near it wait.")
        .at(FieldId::PointsServers),
    )
}

/// Nothing waits for the files, and devices run within the hour.
fn no_time_to_copy(case: &Case<'_>) -> Option<Finding> {
    if !case.has_files()?
        || case.draft.wait() != Wait::Never
        || !case.draft.is_required()
        || !names_any(case)
    {
        return None;
    }
    let soon = case.now.datetime().checked_add(1.hour()).ok()?;
    (case.due()? < soon).then(|| {
        Finding::confirm(
            "CNT-W08",
            "Devices may reach their deadline before the files arrive; they will wait or fail.",
        )
        .at(FieldId::PointsWait)
    })
}

fn empty_group(case: &Case<'_>) -> Option<Finding> {
    let points = points(case)?;
    let mut groups = listed(case.draft.distribution_points.groups.as_ref())
        .filter_map(|name| points.group(name));
    let empty = groups.find(|group| group.members.value().is_some_and(Vec::is_empty))?;
    Some(
        Finding::note(
            "CNT-W11",
            format!("The group '{}' has no distribution points.", empty.row.name),
        )
        .because("The files go to points that join it later.")
        .at(FieldId::PointsGroups),
    )
}

/// Every point of an embedded site serves every device; a real site has areas, which are not read here.
fn areas_unread(case: &Case<'_>) -> Option<Finding> {
    let is_real = !case.is_embedded()?;
    (is_real && case.has_files()? && names_any(case)).then(|| {
        Finding::note(
            "CNT-W02",
            "Whether these points serve the areas of the devices cannot be read here.",
        )
        .because("Devices whose area has none of them depend on what is set for far points.")
        .at(FieldId::PointsServers)
    })
}

/// No class read here tells of the disks of a point.
fn room_unread(case: &Case<'_>) -> Option<Finding> {
    let megabytes = case.megabytes()?;
    (case.has_files()? && names_any(case) && megabytes >= LARGE_MB).then(|| {
        Finding::note(
            "CNT-W03",
            format!(
                "Each point needs some {} MB of room, and how much it has cannot be read here.",
                number(megabytes * 2)
            ),
        )
        .because("While files are copied, old and new lie there side by side.")
        .at(FieldId::PointsServers)
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::distribution::check::trial::{Known, MAKING, USING, by_draft, by_facts, dp01, row};
    use crate::distribution::facts::{Answer, ContentFact, PointsFact, Question};
    use crate::sms::status::ContentState;

    #[test]
    fn rules_about_the_draft() {
        let soon = "distribution_points.wait = \"none\"\nadvertisement.deadline = \"+30m\"";
        by_draft(
            MAKING,
            &[
                ("CNT-E01", "distribution_points.servers = []", ""),
                (
                    "CNT-E01",
                    "distribution_points.servers = []",
                    "distribution_points.groups = [\"Everywhere\"]",
                ),
                (
                    "CNT-E01",
                    "distribution_points.servers = []",
                    "distribution_points.servers = []\npackage.has_source = false",
                ),
                (
                    "CNT-E09",
                    "distribution_points.servers = [\"dp09\"]",
                    "distribution_points.servers = [\"DP01\"]",
                ),
                (
                    "CNT-E10",
                    "distribution_points.groups = [\"Elsewhere\"]",
                    "distribution_points.groups = [\"everywhere\"]",
                ),
                (
                    "CNT-W11",
                    "distribution_points.groups = [\"Nowhere\"]",
                    "distribution_points.groups = [\"Everywhere\"]",
                ),
                (
                    "CNT-W08",
                    soon,
                    &format!("{soon}\ndistribution_points.wait = \"one\""),
                ),
                (
                    "CNT-W08",
                    soon,
                    &format!("{soon}\nadvertisement.deadline = \"+2h\""),
                ),
            ],
        );
    }

    #[test]
    fn rules_about_copies_and_points() {
        let nowhere = ContentFact {
            package: "LAB00012".into(),
            source_version: 2,
            size_kb: None,
            copies: Vec::new(),
        };
        let nowhere = Known::usual().with(
            Question::Content("LAB00012".into()),
            Answer::Content(nowhere),
        );
        let prestaged = row(json!({
            "NALPath": dp01(), "ResourceType": "Windows NT Server", "SiteCode": "LAB", "ServerName": "dp01.lab.example",
            "PreStagingAllowed": true,
        }));
        let prestaged = PointsFact {
            points: vec![prestaged],
            ..PointsFact::default()
        };
        by_facts(
            USING,
            &[
                (
                    "CNT-E01",
                    "distribution_points.servers = []",
                    nowhere,
                    Known::usual(),
                ),
                (
                    "CNT-W04",
                    "",
                    Known::usual().content(2, ContentState::InstallFailed),
                    Known::usual(),
                ),
                (
                    "CNT-W05",
                    "",
                    Known::usual().with(Question::Points, Answer::Points(prestaged)),
                    Known::usual(),
                ),
                (
                    "CNT-W06",
                    "",
                    Known::usual().content(1, ContentState::Installed),
                    Known::usual(),
                ),
            ],
        );
    }

    #[test]
    fn what_nobody_can_read_of_a_point_is_said_where_it_matters() {
        let large = |megabytes: u64| {
            let content = ContentFact {
                package: "LAB00012".into(),
                source_version: 2,
                size_kb: Some(megabytes * 1024),
                copies: Vec::new(),
            };
            let question = Question::Content("LAB00012".into());
            Known::usual().with(question, Answer::Content(content))
        };
        by_facts(
            USING,
            &[
                ("CNT-W02", "", Known::ahead(0), Known::usual()),
                ("CNT-W03", "", large(500), large(499)),
            ],
        );
    }
}
