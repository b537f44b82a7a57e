//! Rules of the package (wizard.md 4) and of the first step.

use super::{Case, Finding, Found, Rule, too_long};
use crate::distribution::draft::{Origin, Priority, Value};
use crate::distribution::facts::PackageFact;
use crate::distribution::field::FieldId;

mod elsewhere;
mod source;

pub(super) const RULES: &[Rule] = &[
    reason_too_long,
    none_chosen,
    elsewhere::locked,
    being_deleted,
    content_behind,
    no_name,
    name_too_long,
    same_exists,
    elsewhere::is_an_application,
    elsewhere::not_looked_up,
    elsewhere::applications_not_looked_up,
    version_too_long,
    no_version,
    manufacturer_too_long,
    manufacturer_spelling,
    language_too_long,
    description_too_long,
    source::no_source,
    source::source_too_long,
    source::source_long,
    source::source_not_absolute,
    source::source_on_server_drive,
    source::source_no_path,
    source::source_out_of_sight,
    source::source_unreadable,
    source::source_empty,
    source::source_hidden_files,
    source::source_shared,
    high_priority,
    kept_in_cache,
    bad_share_name,
    share_taken,
    share_costs_room,
];

fn is_new(case: &Case<'_>) -> bool {
    case.draft.package_origin() == Origin::New
}

fn new_with_files(case: &Case<'_>) -> bool {
    is_new(case) && case.draft.has_source()
}

fn reason_too_long(case: &Case<'_>) -> Option<Finding> {
    too_long(case, FieldId::StartReason, "ST-E06")
}

fn none_chosen(case: &Case<'_>) -> Option<Finding> {
    if is_new(case) {
        return None;
    }
    let said = case.text(FieldId::PackageUse);
    let what = match case.package() {
        _ if said.is_empty() => "Choose a package.".into(),
        Found::Nothing => format!(
            "There is no package called '{said}', by id or name{}.",
            case.that_is_seen()
        ),
        Found::Several(packages) => {
            let ids: Vec<&str> = packages
                .iter()
                .map(|package| package.id().as_str())
                .collect();
            format!(
                "{} packages are called '{said}' ({}); choose one by its id.",
                packages.len(),
                ids.join(", ")
            )
        }
        Found::One(_) | Found::Unknown => return None,
    };
    Some(Finding::stops("PKG-E02", what).at(FieldId::PackageUse))
}

fn being_deleted(case: &Case<'_>) -> Option<Finding> {
    let package = case.package().one()?;
    package.row.is_being_deleted().then(|| {
        Finding::stops("PKG-W03", "This package is being deleted on the site.")
            .because("Its programs and files go with it.")
            .at(FieldId::PackageUse)
    })
}

fn content_behind(case: &Case<'_>) -> Option<Finding> {
    let package = case.package().one()?;
    if !package.row.needs_distribution_points() {
        return None;
    }
    let fact = case.facts.content(&case.text(FieldId::PackageUse));
    let content = fact.value()?;
    let (ok, all) = (content.current().count(), content.copies.len());
    (ok < all).then(|| {
        Finding::note(
            "PKG-W04",
            format!("Content: {ok} of {all} distribution points have the current version."),
        )
        .because("Devices near the others wait for it.")
        .at(FieldId::PackageUse)
    })
}

fn no_name(case: &Case<'_>) -> Option<Finding> {
    (is_new(case) && case.text(FieldId::PackageName).is_empty())
        .then(|| Finding::stops("PKG-E05", "Give the package a name.").at(FieldId::PackageName))
}

fn name_too_long(case: &Case<'_>) -> Option<Finding> {
    let mut finding = too_long(case, FieldId::PackageName, "PKG-E06")?;
    let length = case.text(FieldId::PackageName).encode_utf16().count();
    finding.what = format!("Package names are limited to 50 characters (this has {length}).");
    Some(finding)
}

fn same_exists(case: &Case<'_>) -> Option<Finding> {
    if !is_new(case) {
        return None;
    }
    let fact = case.facts.packages(&case.text(FieldId::PackageName));
    let same = fact
        .value()?
        .iter()
        .find(|package| !package.row.is_locked() && is_same(case, package))?;
    let id = same.id().to_string();
    Some(
        Finding::confirm(
            "PKG-W07",
            format!("{} already exists as {id}. Use it?", same.title()),
        )
        .because("Two packages alike are hard to tell apart.")
        .at(FieldId::PackageName)
        .set("Use it", [(FieldId::PackageUse, Value::Text(id))]),
    )
}

fn is_same(case: &Case<'_>, package: &PackageFact) -> bool {
    let row = &package.row;
    [
        (FieldId::PackageName, &row.name),
        (FieldId::PackageVersion, &row.version),
        (FieldId::PackageManufacturer, &row.manufacturer),
        (FieldId::PackageLanguage, &row.language),
    ]
    .into_iter()
    .all(|(id, there)| case.text(id).to_lowercase() == there.trim().to_lowercase())
}

fn version_too_long(case: &Case<'_>) -> Option<Finding> {
    too_long(case, FieldId::PackageVersion, "PKG-E09")
}

fn no_version(case: &Case<'_>) -> Option<Finding> {
    (is_new(case) && case.text(FieldId::PackageVersion).is_empty()).then(|| {
        Finding::note(
            "PKG-W10",
            "Without a version, the next one will be hard to tell apart.",
        )
        .at(FieldId::PackageVersion)
    })
}

fn manufacturer_too_long(case: &Case<'_>) -> Option<Finding> {
    too_long(case, FieldId::PackageManufacturer, "PKG-E11")
}

fn manufacturer_spelling(case: &Case<'_>) -> Option<Finding> {
    let said = case.text(FieldId::PackageManufacturer);
    if !is_new(case) || said.is_empty() {
        return None;
    }
    let fact = case.facts.makers();
    let makers = fact.value()?;
    if makers.contains(&said) {
        return None;
    }
    let other = makers.iter().find(|maker| bare(maker) == bare(&said))?;
    Some(
        Finding::note(
            "PKG-W12",
            format!("You already use '{other}'. Use the same spelling?"),
        )
        .at(FieldId::PackageManufacturer)
        .set(
            "Use it",
            [(FieldId::PackageManufacturer, Value::Text(other.clone()))],
        ),
    )
}

/// A maker's name without what people write differently: case, marks, and the form of the company.
fn bare(maker: &str) -> String {
    const FORMS: [&str; 8] = [
        "inc",
        "ltd",
        "llc",
        "gmbh",
        "ag",
        "corp",
        "corporation",
        "co",
    ];
    maker
        .to_lowercase()
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty() && !FORMS.contains(word))
        .collect()
}

fn language_too_long(case: &Case<'_>) -> Option<Finding> {
    too_long(case, FieldId::PackageLanguage, "PKG-E13")
}

fn description_too_long(case: &Case<'_>) -> Option<Finding> {
    too_long(case, FieldId::PackageDescription, "PKG-E14")
}

fn high_priority(case: &Case<'_>) -> Option<Finding> {
    (new_with_files(case) && case.draft.priority() == Priority::High).then(|| {
        Finding::note(
            "PKG-W25",
            "High priority jumps ahead of everyone's content.",
        )
        .at(FieldId::PackagePriority)
    })
}

fn kept_in_cache(case: &Case<'_>) -> Option<Finding> {
    (new_with_files(case) && case.draft.is_on(FieldId::PackagePersistCache)).then(|| {
        Finding::note(
            "PKG-W26",
            "Kept content is never cleared to make room; large packages can fill the cache.",
        )
        .at(FieldId::PackagePersistCache)
    })
}

fn share(case: &Case<'_>) -> Option<String> {
    let name = case.text(FieldId::PackageShareName);
    (case.shows(FieldId::PackageShareName) && !name.is_empty()).then_some(name)
}

fn bad_share_name(case: &Case<'_>) -> Option<Finding> {
    const FORBIDDEN: &[char] = &[
        '"', '/', '[', ']', ':', '|', '<', '>', '+', '=', ';', ',', '?', '*',
    ];
    let name = share(case)?;
    let what = if name.contains(FORBIDDEN) || name.encode_utf16().count() > 127 {
        "At most 127 characters and none of \" / [ ] : | < > + = ; , ? *"
    } else if name.contains('\\')
        && name
            .split('\\')
            .any(|part| part.encode_utf16().count() > 80)
    {
        "Each part of a share name may have at most 80 characters."
    } else {
        return None;
    };
    Some(Finding::stops("PKG-E27", what).at(FieldId::PackageShareName))
}

fn share_taken(case: &Case<'_>) -> Option<Finding> {
    let name = share(case)?;
    let fact = case.facts.share_users(&name);
    let user = fact.value()?.first()?;
    Some(
        Finding::stops(
            "PKG-E28",
            format!(
                "The share '{name}' is already used by {} ({}).",
                user.name, user.id
            ),
        )
        .at(FieldId::PackageShareName),
    )
}

fn share_costs_room(case: &Case<'_>) -> Option<Finding> {
    (new_with_files(case) && case.draft.is_on(FieldId::PackageCopyToShare)).then(|| {
        Finding::note(
            "PKG-W29",
            "Uses extra disk space on every distribution point.",
        )
        .at(FieldId::PackageCopyToShare)
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::distribution::check::trial::{Known, MAKING, USING, by_draft, by_facts, found, row};
    use crate::distribution::facts::{Answer, Named, PackageFact, Question, SourceFact};
    use crate::sms::status::ContentState;

    #[test]
    fn rules_about_the_draft() {
        let long = |key: &str, length: usize| format!("package.{key} = \"{}\"", "x".repeat(length));
        let reason = format!("start.reason = \"{}\"", "x".repeat(101));
        let source = |length: usize| format!("package.source = \"/{}\"", "x".repeat(length - 1));
        let share = "package.copy_to_share = true\npackage.share_name = ";
        by_draft(
            MAKING,
            &[
                ("ST-E06", &reason, "start.reason = \"CHG0042\""),
                (
                    "PKG-E02",
                    "package.use = \"\"",
                    "package.use = \"LAB00012\"",
                ),
                ("PKG-E05", "package.name = \" \"", ""),
                ("PKG-E06", &long("name", 51), &long("name", 50)),
                ("PKG-E09", &long("version", 33), &long("version", 32)),
                ("PKG-W10", "package.version = \"\"", ""),
                (
                    "PKG-E11",
                    &long("manufacturer", 33),
                    &long("manufacturer", 32),
                ),
                ("PKG-E13", &long("language", 33), &long("language", 32)),
                (
                    "PKG-E14",
                    &long("description", 129),
                    &long("description", 128),
                ),
                ("PKG-E15", "package.source = \"\"", ""),
                (
                    "PKG-E15",
                    "package.source = \"\"",
                    "package.source = \"\"\npackage.has_source = false",
                ),
                ("PKG-E16", &source(257), &source(256)),
                ("PKG-W17", &source(141), &source(140)),
                ("PKG-E20", "package.source = \"http://files/7zip\"", ""),
                (
                    "PKG-W25",
                    "package.priority = \"high\"",
                    "package.priority = \"normal\"",
                ),
                ("PKG-W26", "package.persist_cache = true", ""),
                (
                    "PKG-E27",
                    &format!("{share}\"a:b\""),
                    &format!("{share}\"a\\\\b\""),
                ),
                (
                    "PKG-E27",
                    &format!("{share}\"{}\\\\b\"", "a".repeat(81)),
                    &format!("{share}\"tools\""),
                ),
                ("PKG-W29", "package.copy_to_share = true", ""),
            ],
        );
    }

    #[test]
    fn a_limit_counts_what_the_sites_columns_count() {
        let emoji = format!("package.name = \"{}\"", "\u{1f4e6}".repeat(26));
        by_draft(MAKING, &[("PKG-E06", &emoji, "")]);
    }

    #[test]
    fn rules_about_an_existing_package() {
        let several = |count: usize| {
            let one: PackageFact = PackageFact {
                row: row(json!({ "PackageID": "LAB00012", "Name": "7-Zip" })),
                programs: Vec::new(),
            };
            Known::here().with(
                Question::Package("LAB00012".into()),
                Answer::Packages(vec![one; count]),
            )
        };
        let deleting = Known::here().package(json!({ "ActionInProgress": 3 }), &[]);
        by_facts(
            USING,
            &[
                ("PKG-E02", "", several(0), several(1)),
                ("PKG-E02", "", several(2), several(1)),
                ("PKG-W03", "", deleting, Known::usual()),
                (
                    "PKG-W04",
                    "",
                    Known::usual().content(1, ContentState::Installed),
                    Known::usual(),
                ),
                (
                    "PKG-W04",
                    "",
                    Known::usual().content(2, ContentState::InstallFailed),
                    Known::usual(),
                ),
            ],
        );
    }

    #[test]
    fn rules_about_a_new_package() {
        let same = |version: &str| {
            let row = row(json!({
                "PackageID": "LAB00099", "Name": "line tool", "Version": version, "Manufacturer": "Example Works",
            }));
            let fact = PackageFact {
                row,
                programs: Vec::new(),
            };
            Known::here().with(
                Question::Package("Line Tool".into()),
                Answer::Packages(vec![fact]),
            )
        };
        let makers =
            |maker: &str| Known::here().with(Question::Makers, Answer::Makers(vec![maker.into()]));
        let users = |question: Question, count: usize| {
            let user = Named {
                id: "LAB00007".into(),
                name: "Other".into(),
            };
            Known::here().with(question, Answer::Users(vec![user; count]))
        };
        let source = |count| users(Question::SourceUsers("/srv/line-tool".into()), count);
        let share = |count| users(Question::ShareUsers("tools".into()), count);
        let named = "package.copy_to_share = true\npackage.share_name = \"tools\"";
        by_facts(
            MAKING,
            &[
                ("PKG-W07", "", same("3.1"), same("3.0")),
                (
                    "PKG-W12",
                    "",
                    makers("EXAMPLE WORKS, Inc."),
                    makers("Example Works"),
                ),
                ("PKG-W24", "", source(1), source(0)),
                ("PKG-E28", named, share(1), share(0)),
            ],
        );
    }

    #[test]
    fn the_source_folder_follows_the_site() {
        let unc = r"package.source = '\\files\apps'";
        let drive = r"package.source = 'D:\apps'";
        let trouble = SourceFact::Trouble {
            full_path: "/srv/line-tool".into(),
            reason: "it is not there".into(),
        };
        let trouble = Known::here().with(
            Question::Source("/srv/line-tool".into()),
            Answer::Source(trouble),
        );
        by_facts(
            MAKING,
            &[
                ("PKG-E18", "", Known::real(), Known::here()),
                ("PKG-W19", drive, Known::real(), Known::here()),
                ("PKG-W21", unc, Known::real(), Known::here()),
                ("PKG-E20", unc, Known::here(), Known::real()),
                ("PKG-E21", "", trouble, Known::usual()),
                ("PKG-E22", "", Known::usual().source(0, &[]), Known::usual()),
                (
                    "PKG-W23",
                    "",
                    Known::usual().source(1, &[".git"]),
                    Known::usual(),
                ),
            ],
        );
    }

    #[test]
    fn a_site_that_does_not_say_what_machine_it_is_on_is_told_as_that() {
        let told = |known: &Known| {
            let findings = found(MAKING, "", known);
            let unlike = findings.iter().find(|finding| finding.code == "PKG-E18");
            unlike.unwrap().text()
        };
        let doubt = "does not say what machine it is on";
        let guessed = told(&Known::guessed());
        assert!(guessed.contains(doubt), "{guessed}");
        assert!(!told(&Known::real()).contains(doubt));
    }
}
