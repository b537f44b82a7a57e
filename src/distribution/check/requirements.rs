//! Rules of what a program needs (wizard.md 6).

use super::{Case, Finding, Rule, Running, needs_minutes, too_long};
use crate::distribution::draft::{Origin, RunTime, Value};
use crate::distribution::facts::{DependencyFact, Fact};
use crate::distribution::field::FieldId;
use crate::distribution::words::{devices, few};

pub(super) const RULES: &[Rule] = &[
    waits_for_itself,
    first_program_missing,
    first_program_without_content,
    order_kept_once,
    disk_no_number,
    disk_no_unit,
    text_too_long,
    no_minutes,
    too_many_minutes,
    run_time_unknown,
    longer_than_windows,
    stopped_or_left,
];

fn is_new(case: &Case<'_>) -> bool {
    case.draft.program_origin() == Origin::New
}

fn dependency<'a>(case: &Case<'a>) -> Option<&'a DependencyFact> {
    match case.facts.dependency(&case.draft.dependency()?) {
        Fact::Known { value, .. } => Some(value),
        _ => None,
    }
}

/// The package and program a draft adds to, where the package exists already.
fn itself(case: &Case<'_>) -> Option<String> {
    let package = case.package().one()?;
    Some(format!("{}/{}", package.id(), case.text(FieldId::ProgramName)).to_lowercase())
}

fn waits_for_itself(case: &Case<'_>) -> Option<Finding> {
    let fact = dependency(case)?;
    let path: Vec<String> = fact
        .links
        .iter()
        .map(|link| link.program.to_string())
        .collect();
    let own = itself(case);
    let is_own = path.iter().any(|link| Some(link.to_lowercase()) == own);
    (fact.is_circular || is_own).then(|| {
        let name = case.text(FieldId::ProgramName);
        Finding::stops(
            "REQ-E01",
            format!(
                "'{name}' would wait for itself through {}.",
                path.join(", ")
            ),
        )
        .at(FieldId::ProgramDependsOn)
    })
}

fn first_program_missing(case: &Case<'_>) -> Option<Finding> {
    let written = case.text(FieldId::ProgramDependsOn);
    let what = match dependency(case) {
        Some(DependencyFact {
            missing: Some(missing),
            ..
        }) => format!("There is no program {missing}."),
        None if is_new(case) && !written.is_empty() && case.draft.dependency().is_none() => {
            format!("'{written}' names no package; write it as LAB00012/Install.")
        }
        _ => return None,
    };
    Some(
        Finding::stops("REQ-E14", what)
            .because("The client runs it first, and cannot go on without it.")
            .at(FieldId::ProgramDependsOn),
    )
}

fn first_program_without_content(case: &Case<'_>) -> Option<Finding> {
    let fact = dependency(case)?;
    let chosen = case.chosen_points()?;
    let lacking: Vec<&str> = fact
        .links
        .iter()
        .filter(|link| link.has_files)
        .filter(|link| link.on.is_empty() || chosen.iter().any(|point| !link.on.contains(point)))
        .map(|link| link.package_name.as_str())
        .collect();
    (!lacking.is_empty()).then(|| {
        Finding::confirm(
            "REQ-W02",
            format!(
                "The files of {} are not on all chosen distribution points.",
                few(&lacking)
            ),
        )
        .because("Devices near the others cannot run it first, and so never run this program.")
        .at(FieldId::ProgramDependsOn)
    })
}

fn order_kept_once(case: &Case<'_>) -> Option<Finding> {
    (is_new(case) && case.draft.dependency().is_some()).then(|| {
        Finding::note(
            "REQ-I03",
            "The order is kept only the first time the program runs.",
        )
        .at(FieldId::ProgramDependsOn)
    })
}

/// The disk space as written, split into number and unit.
fn disk(case: &Case<'_>) -> Option<(String, String)> {
    let said = case.text(FieldId::ProgramDisk);
    if !is_new(case) || said.is_empty() {
        return None;
    }
    let end = said.find(|c: char| c.is_alphabetic()).unwrap_or(said.len());
    let (number, unit) = said.split_at(end);
    Some((number.trim().into(), unit.trim().to_uppercase()))
}

fn disk_no_number(case: &Case<'_>) -> Option<Finding> {
    let (number, _) = disk(case)?;
    number.parse::<u32>().is_err().then(|| {
        Finding::stops(
            "REQ-E07",
            "A whole number, 0 or more, and its unit: 200 MB.",
        )
        .at(FieldId::ProgramDisk)
    })
}

fn disk_no_unit(case: &Case<'_>) -> Option<Finding> {
    let (number, unit) = disk(case)?;
    (number.parse::<u32>().is_ok() && !matches!(unit.as_str(), "KB" | "MB" | "GB")).then(|| {
        Finding::stops(
            "REQ-E08",
            "The unit is missing: write KB, MB or GB after the number.",
        )
        .at(FieldId::ProgramDisk)
        .set(
            "Use MB",
            [(FieldId::ProgramDisk, Value::Text(format!("{number} MB")))],
        )
    })
}

fn text_too_long(case: &Case<'_>) -> Option<Finding> {
    too_long(case, FieldId::ProgramRequirementsText, "REQ-E15")
}

fn minutes(case: &Case<'_>) -> Option<u32> {
    match case.draft.max_minutes() {
        RunTime::Minutes(minutes) if is_new(case) => Some(minutes),
        _ => None,
    }
}

fn no_minutes(case: &Case<'_>) -> Option<Finding> {
    (minutes(case)? == 0).then(|| {
        Finding::stops("REQ-E09", "A whole number of minutes, more than 0.")
            .because("Write unknown when nobody knows.")
            .at(FieldId::ProgramMaxMinutes)
    })
}

fn too_many_minutes(case: &Case<'_>) -> Option<Finding> {
    (minutes(case)? > 720).then(|| {
        Finding::stops("REQ-E10", "At most 720 minutes (12 hours).")
            .at(FieldId::ProgramMaxMinutes)
            .set(
                "Use 720",
                [(FieldId::ProgramMaxMinutes, Value::Number(720))],
            )
    })
}

fn place(case: &Case<'_>) -> FieldId {
    if is_new(case) {
        FieldId::ProgramMaxMinutes
    } else {
        FieldId::ProgramUse
    }
}

fn run_time_unknown(case: &Case<'_>) -> Option<Finding> {
    (case.running()?.max == RunTime::Unknown).then(|| {
        Finding::note(
            "REQ-W11",
            "The run time is unknown: treated as 720 minutes.",
        )
        .because("It starts in a maintenance window and may run past its end.")
        .at(place(case))
    })
}

fn longer_than_windows(case: &Case<'_>) -> Option<Finding> {
    if !case.draft.is_required() || case.draft.is_on(FieldId::AdvertisementOverrideMw) {
        return None;
    }
    let forecast = case.forecast()?;
    let minutes = needs_minutes(case.running()?.max);
    (forecast.never > 0).then(|| {
        let window = forecast.longest_too_short;
        Finding::confirm(
            "REQ-W12",
            format!(
                "On {} the longest maintenance window is {window} min; this program needs {minutes}, so it will never \
                 run there.",
                devices(forecast.never)
            ),
        )
        .at(place(case))
    })
}

fn stopped_or_left(case: &Case<'_>) -> Option<Finding> {
    let Running {
        interacts,
        rights,
        max,
        ..
    } = case.running()?;
    let is_stopped = !interacts && rights == crate::distribution::draft::Rights::Administrative;
    (matches!(max, RunTime::Minutes(_)) && !is_stopped).then(|| {
        Finding::note(
            "REQ-I13",
            "When the time is up the program is left running.",
        )
        .because("The client stops only what has administrative rights and asks nobody.")
        .at(place(case))
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::distribution::check::trial::{
        Known, MAKING, USING, by_draft, by_facts, dp01, found, has, using,
    };
    use crate::distribution::facts::{
        Answer, DependencyFact, DependencyLink, NamedProgram, Question,
    };
    use crate::sms::ids::ProgramId;
    use crate::sms::nal::NalPath;

    #[test]
    fn rules_about_the_draft() {
        let disk = |text: &str| format!("program.disk = \"{text}\"");
        let minutes = |text: &str| format!("program.max_minutes = {text}");
        let text =
            |length: usize| format!("program.requirements_text = \"{}\"", "x".repeat(length));
        by_draft(
            MAKING,
            &[
                ("REQ-I03", "program.depends_on = \"LAB00007/Base\"", ""),
                (
                    "REQ-E14",
                    "program.depends_on = \"Base\"",
                    "program.depends_on = \"LAB00007/Base\"",
                ),
                ("REQ-E07", &disk("much MB"), &disk("200 MB")),
                ("REQ-E08", &disk("200"), &disk("1 gb")),
                ("REQ-E09", &minutes("0"), &minutes("1")),
                ("REQ-E10", &minutes("721"), &minutes("720")),
                ("REQ-W11", &minutes("\"unknown\""), ""),
                ("REQ-I13", "program.interact = true", ""),
                ("REQ-E15", &text(128), &text(127)),
            ],
        );
    }

    fn waits_for(fact: DependencyFact) -> Known {
        let program = NamedProgram {
            package: "LAB00007".into(),
            program: "Base".into(),
        };
        Known::usual().with(Question::Dependency(program), Answer::Dependency(fact))
    }

    fn link(package: &str, name: &str, on: Vec<NalPath>) -> DependencyLink {
        DependencyLink {
            program: ProgramId::new(package, name),
            package_name: "Base".into(),
            has_files: true,
            on,
        }
    }

    #[test]
    fn rules_about_a_program_that_runs_first() {
        let first = "program.depends_on = \"LAB00007/Base\"";
        let chain = |on| DependencyFact {
            links: vec![link("LAB00007", "Base", on)],
            ..DependencyFact::default()
        };
        let good = || waits_for(chain(vec![dp01()]));
        let circle = waits_for(DependencyFact {
            is_circular: true,
            ..chain(vec![dp01()])
        });
        let missing = waits_for(DependencyFact {
            missing: Some("LAB00007/Base".into()),
            ..DependencyFact::default()
        });
        by_facts(
            MAKING,
            &[
                ("REQ-E01", first, circle, good()),
                ("REQ-E14", first, missing, good()),
                ("REQ-W02", first, waits_for(chain(Vec::new())), good()),
            ],
        );
    }

    #[test]
    fn a_program_never_waits_for_itself_by_way_of_others() {
        let base =
            "package.use = \"LAB00012\"\nprogram.name = \"new\"\nprogram.command = \"x.exe\"";
        let fact = |name: &str| {
            let links = vec![
                link("LAB00007", "Base", vec![dp01()]),
                link("LAB00012", name, vec![dp01()]),
            ];
            waits_for(DependencyFact {
                links,
                ..DependencyFact::default()
            })
        };
        by_facts(
            base,
            &[(
                "REQ-E01",
                "program.depends_on = \"LAB00007/Base\"",
                fact("New"),
                fact("Other"),
            )],
        );
    }

    #[test]
    fn a_program_longer_than_every_window_never_runs() {
        // Every day at 01:00, one hour.
        let hour = |devices| Known::usual().windows(using(), &[(devices, &["0034394008100008"])]);
        let long = hour(5).package(json!({}), &[json!({ "Duration": 90 })]);
        by_facts(USING, &[("REQ-W12", "", long.clone(), hour(5))]);
        assert!(!has(
            &found(USING, "advertisement.override_mw = true", &long),
            "REQ-W12"
        ));
    }
}
