//! Rules of the advertisement (wizard.md 9): name, purpose, times, what people see, how files travel, and what is
//! deployed already.

use jiff::ToSpan;
use jiff::civil::DateTime;

use super::{Case, Finding, Rule, too_long};

mod overlap;
mod times;
mod travel;

use crate::distribution::draft::{Answer, Origin, Purpose, Rerun, RunWhen, Trigger, Value};
use crate::distribution::facts::Fact;
use crate::distribution::field::FieldId;
use crate::distribution::words::devices;

pub(super) const RULES: &[Rule] = &[
    no_name,
    name_too_long,
    name_exists,
    comment_too_long,
    runs_although_available,
    offered_to_nobody,
    required_but_asks,
    times::available_far_ahead,
    no_trigger,
    sign_out_with_users,
    sign_in_without_users,
    times::deadline_before_available,
    times::deadline_soon,
    times::deadline_in_working_hours,
    times::off_devices_run_later,
    times::expires_too_early,
    times::expires_soon_after,
    never_again,
    always_again,
    wakes,
    no_early_run,
    no_windows,
    windows_do_not_hold_people,
    travel::run_from_without_share,
    travel::far_devices_left_out,
    travel::large_over_slow_lines,
    overlap::same_collection,
    overlap::shared_devices,
];

/// The moment a deadline names, when one counts.
fn deadline(case: &Case<'_>) -> Option<DateTime> {
    case.draft.deadline().map(|when| case.digits(when))
}

fn no_name(case: &Case<'_>) -> Option<Finding> {
    let blank = case
        .draft
        .advertisement
        .name
        .as_ref()
        .is_some_and(|name| name.trim().is_empty());
    blank.then(|| {
        let finding =
            Finding::stops("ADV-E01", "Give the deployment a name.").at(FieldId::AdvertisementName);
        match (FieldId::AdvertisementName.field().default)(case.draft) {
            Some(usual) => finding.set("Use the usual name", [(FieldId::AdvertisementName, usual)]),
            None => finding,
        }
    })
}

fn name_too_long(case: &Case<'_>) -> Option<Finding> {
    too_long(case, FieldId::AdvertisementName, "ADV-E36")
}

fn name_exists(case: &Case<'_>) -> Option<Finding> {
    let name = case.draft.advertisement.name.as_ref()?.trim();
    let fact = case.facts.advertisements_named(name);
    let other = fact.value()?.first()?;
    Some(
        Finding::note(
            "ADV-W02",
            format!("'{}' exists already ({}).", other.name, other.id),
        )
        .because("Two deployments of one name are hard to tell apart.")
        .at(FieldId::AdvertisementName),
    )
}

fn comment_too_long(case: &Case<'_>) -> Option<Finding> {
    too_long(case, FieldId::AdvertisementComment, "ADV-E37")
}

fn runs_although_available(case: &Case<'_>) -> Option<Finding> {
    let has_time = case.draft.advertisement.deadline.is_some() || !case.draft.triggers().is_empty();
    (!case.draft.is_required() && has_time).then(|| {
        Finding::stops(
            "ADV-E03",
            "This would install by itself although it says Available.",
        )
        .because("A deadline or an event makes it required.")
        .at(FieldId::AdvertisementPurpose)
        .set(
            "Make it required",
            [(FieldId::AdvertisementPurpose, Purpose::Required.to_value())],
        )
    })
}

fn offered_to_nobody(case: &Case<'_>) -> Option<Finding> {
    let nobody = case.running()?.run_when == RunWhen::NoUser;
    (!case.draft.is_required() && nobody).then(|| {
        Finding::note(
            "ADV-W04",
            "People must be signed in to start it, and it waits until nobody is.",
        )
        .at(FieldId::AdvertisementPurpose)
    })
}

fn required_but_asks(case: &Case<'_>) -> Option<Finding> {
    let asks = case.running()?.interacts;
    (case.draft.is_required() && asks).then(|| {
        Finding::note(
            "ADV-W05",
            "It starts by itself and then waits for somebody to answer.",
        )
        .at(FieldId::AdvertisementPurpose)
    })
}

fn no_trigger(case: &Case<'_>) -> Option<Finding> {
    let triggers = case.draft.triggers();
    let lacks_time =
        triggers.contains(&Trigger::Time) && case.draft.advertisement.deadline.is_none();
    (case.draft.is_required() && (triggers.is_empty() || lacks_time)).then(|| {
        Finding::stops("ADV-E08", "A required deployment needs a time or an event.")
            .at(FieldId::AdvertisementDeadline)
    })
}

fn sign_out_with_users(case: &Case<'_>) -> Option<Finding> {
    let run_when = case.running()?.run_when;
    (case.draft.is_required() && case.draft.has_trigger(Trigger::SignOut) && run_when != RunWhen::NoUser).then(|| {
        let finding = Finding::stops(
            "ADV-E09",
            "At sign-out nobody is signed in; the program does not allow that, so it would never be offered.",
        )
        .at(FieldId::AdvertisementTrigger);
        match case.draft.program_origin() {
            Origin::New => finding.set("Fix the program", [(FieldId::ProgramRunWhen, RunWhen::NoUser.to_value())]),
            Origin::Existing => finding,
        }
    })
}

fn sign_in_without_users(case: &Case<'_>) -> Option<Finding> {
    let run_when = case.running()?.run_when;
    (case.draft.is_required()
        && case.draft.has_trigger(Trigger::SignIn)
        && run_when == RunWhen::NoUser)
        .then(|| {
            let finding = Finding::stops(
                "ADV-E10",
                "At sign-in somebody is signed in; the program runs only when nobody is.",
            )
            .at(FieldId::AdvertisementTrigger);
            match case.draft.program_origin() {
                Origin::New => finding.set(
                    "Fix the program",
                    [(FieldId::ProgramRunWhen, RunWhen::Any.to_value())],
                ),
                Origin::Existing => finding,
            }
        })
}

fn never_again(case: &Case<'_>) -> Option<Finding> {
    if !case.draft.is_required() || case.draft.rerun() != Rerun::Never {
        return None;
    }
    let ran = match case.facts.history(&case.named_program()?, &case.target()?) {
        Fact::Known { value, .. } => value.ran(),
        _ => return None,
    };
    (ran > 0).then(|| {
        Finding::note(
            "ADV-W24",
            format!("{} ran it before and will skip it.", devices(ran)),
        )
        .because("Even after failing, and even after new files.")
        .at(FieldId::AdvertisementRerun)
    })
}

fn always_again(case: &Case<'_>) -> Option<Finding> {
    (case.draft.is_required() && case.draft.rerun() == Rerun::Always).then(|| {
        Finding::note("ADV-W25", "Always re-run, and nothing repeats it: it runs once more on everyone, whatever came before.")
            .at(FieldId::AdvertisementRerun)
    })
}

fn wakes(case: &Case<'_>) -> Option<Finding> {
    (case.draft.is_required() && case.draft.is_on(FieldId::AdvertisementWake)).then(|| {
        Finding::note(
            "ADV-I26",
            "Waking devices needs wake-on-LAN set up on the site and the network.",
        )
        .at(FieldId::AdvertisementWake)
    })
}

fn no_early_run(case: &Case<'_>) -> Option<Finding> {
    (case.draft.is_required() && !case.draft.is_on(FieldId::AdvertisementRunEarly)).then(|| {
        Finding::note(
            "ADV-W27",
            "Nobody can choose a better moment: people do not see it before it runs.",
        )
        .at(FieldId::AdvertisementRunEarly)
        .set(
            "Let people run it",
            [(FieldId::AdvertisementRunEarly, Value::Flag(true))],
        )
    })
}

fn respects_windows(case: &Case<'_>) -> bool {
    case.draft.is_required() && !case.draft.is_on(FieldId::AdvertisementOverrideMw)
}

/// Somebody counts on windows, and some of the devices have none. Where nobody has any there is nothing to expect.
fn no_windows(case: &Case<'_>) -> Option<Finding> {
    if !respects_windows(case) {
        return None;
    }
    let fact = case.facts.windows(&case.target()?).map(Clone::clone);
    let windows = fact.value()?;
    let (without, with) = (windows.without_windows(), windows.with_windows());
    let what = format!(
        "{} of {} have no window at all and install at the deadline anyway.",
        without,
        devices(without + with)
    );
    match (without, with) {
        (0, _) => None,
        (_, 0) => Some(Finding::note("ADV-I29", what).at(FieldId::CollectionUse)),
        _ => Some(Finding::confirm("ADV-I29", what).at(FieldId::CollectionUse)),
    }
}

fn windows_do_not_hold_people(case: &Case<'_>) -> Option<Finding> {
    let early = case.draft.is_on(FieldId::AdvertisementRunEarly);
    let has_windows = case.facts.windows(&case.target()?).value()?.with_windows() > 0;
    (respects_windows(case) && early && has_windows).then(|| {
        Finding::note(
            "ADV-I30",
            "Who starts it by hand is not held back by windows.",
        )
        .at(FieldId::AdvertisementRunEarly)
    })
}

/// A day from a moment on.
fn days_after(at: DateTime, days: i32) -> Option<DateTime> {
    at.checked_add(days.days()).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::distribution::check::Weight;
    use crate::distribution::check::trial::{
        Known, MAKING, USING, by_draft, by_facts, found, named, using,
    };
    use crate::distribution::facts::{Advertised, Answer, ContentFact, History, Named, Question};

    #[test]
    fn rules_about_purpose_and_triggers() {
        let offer = "advertisement.purpose = \"available\"";
        let trigger = |words: &str| format!("advertisement.trigger = [{words}]");
        let nobody = "program.run_when = \"no-user\"";
        by_draft(
            MAKING,
            &[
                (
                    "ADV-E01",
                    "advertisement.name = \" \"",
                    "advertisement.name = \"Pilot\"",
                ),
                (
                    "ADV-E36",
                    &format!("advertisement.name = \"{}\"", "x".repeat(101)),
                    "",
                ),
                (
                    "ADV-E37",
                    &format!("advertisement.comment = \"{}\"", "x".repeat(256)),
                    "",
                ),
                ("ADV-E03", offer, ""),
                ("ADV-W04", &format!("{offer}\n{nobody}"), offer),
                ("ADV-W05", "program.interact = true", ""),
                ("ADV-E08", &trigger(""), &trigger("\"asap\"")),
                (
                    "ADV-E09",
                    &trigger("\"sign-out\""),
                    &format!("{}\n{nobody}", trigger("\"sign-out\"")),
                ),
                (
                    "ADV-E10",
                    &format!("{}\n{nobody}", trigger("\"sign-in\"")),
                    &trigger("\"sign-in\""),
                ),
                ("ADV-W25", "advertisement.rerun = \"always\"", ""),
                ("ADV-I26", "advertisement.wake = true", ""),
                ("ADV-W27", "advertisement.run_early = false", ""),
            ],
        );
    }

    #[test]
    fn a_required_one_without_any_time_stops() {
        let base = "advertisement.purpose = \"required\"";
        by_draft(base, &[("ADV-E08", "", "advertisement.deadline = \"now\"")]);
    }

    #[test]
    fn rules_about_times() {
        let available = |text: &str| format!("advertisement.available = \"{text}\"");
        let deadline = |text: &str| format!("advertisement.deadline = \"{text}\"");
        let expires = |text: &str| format!("advertisement.expires = \"{text}\"");
        let restart = "program.after = \"restart\"\n";
        by_draft(
            MAKING,
            &[
                (
                    "ADV-W07",
                    &available("2026-12-26 08:00"),
                    &available("2026-12-25 08:00"),
                ),
                (
                    "ADV-E12",
                    &available("2026-11-28 08:00"),
                    &available("2026-11-27 20:00"),
                ),
                (
                    "ADV-W13",
                    &deadline("2026-11-25 14:01"),
                    &deadline("2026-11-25 15:02"),
                ),
                ("ADV-W13", &deadline("+59m"), &deadline("+60m")),
                (
                    "ADV-W14",
                    &format!("{restart}{}", deadline("2026-11-27 07:00")),
                    &format!("{restart}{}", deadline("2026-11-28 12:00")),
                ),
                (
                    "ADV-W14",
                    &format!("{restart}{}", deadline("2026-11-27 17:59")),
                    &deadline("2026-11-27 12:00"),
                ),
                ("ADV-I15", "", "advertisement.trigger = [\"sign-in\"]"),
                (
                    "ADV-E22",
                    &expires("2026-11-27 20:00"),
                    &expires("2026-11-27 20:01"),
                ),
                (
                    "ADV-E22",
                    &format!(
                        "{}\n{}",
                        available("2026-12-01 08:00"),
                        expires("2026-12-01 07:00")
                    ),
                    "",
                ),
                (
                    "ADV-W23",
                    &expires("2026-11-28 19:59"),
                    &expires("2026-11-28 20:00"),
                ),
            ],
        );
    }

    #[test]
    fn rules_about_the_files() {
        let share = "advertisement.fast = \"run-from\"";
        let far = "advertisement.slow = \"do-not-run\"";
        by_draft(
            MAKING,
            &[
                ("ADV-W32", far, ""),
                (
                    "ADV-W32",
                    far,
                    &format!("{far}\npackage.has_source = false"),
                ),
            ],
        );
        let shared =
            Known::usual().package(json!({ "PkgSourceFlag": 2, "PkgFlags": 128 }), &[json!({})]);
        let large = |size: u64| {
            let content = ContentFact {
                package: "LAB00012".into(),
                source_version: 2,
                size_kb: Some(size),
                copies: Vec::new(),
            };
            Known::usual().with(
                Question::Content("LAB00012".into()),
                Answer::Content(content),
            )
        };
        by_facts(
            USING,
            &[
                ("ADV-E31", share, Known::usual(), shared),
                ("ADV-W33", "", large(500 * 1024), large(499 * 1024)),
            ],
        );
        // A new package is copied to the share as soon as something runs from there.
        assert!(
            found(MAKING, share, &Known::usual())
                .iter()
                .all(|finding| finding.code != "ADV-E31")
        );
    }

    #[test]
    fn rules_about_what_happened_before() {
        let ran = |failed| {
            let question = Question::History {
                program: named(),
                target: using(),
            };
            Known::usual().with(
                question,
                Answer::History(History {
                    succeeded: 0,
                    failed,
                }),
            )
        };
        let name = "advertisement.name = \"Pilot\"";
        let called = |count: usize| {
            let other = Named {
                id: "LAB20001".into(),
                name: "Pilot".into(),
            };
            Known::usual().with(
                Question::AdvertisementNamed("Pilot".into()),
                Answer::Users(vec![other; count]),
            )
        };
        let deployed = |collection: &str, shared| {
            let other = Advertised {
                id: "LAB20001".into(),
                name: "7-Zip to pilot".into(),
                collection: collection.into(),
                collection_name: String::new(),
                is_required: true,
                words: "Required, Mon 20:00".into(),
                shared,
            };
            let question = Question::Advertised {
                program: named(),
                target: using(),
            };
            Known::usual().with(question, Answer::Advertised(vec![other]))
        };
        by_facts(
            USING,
            &[
                ("ADV-W02", name, called(1), called(0)),
                ("ADV-W24", "advertisement.rerun = \"never\"", ran(9), ran(0)),
                (
                    "ADV-W34",
                    "",
                    deployed("LAB00014", Some(37)),
                    deployed("LAB00099", Some(0)),
                ),
                (
                    "ADV-W35",
                    "",
                    deployed("LAB00099", Some(3)),
                    deployed("LAB00099", Some(0)),
                ),
                (
                    "ADV-W35",
                    "",
                    deployed("LAB00099", None),
                    deployed("LAB00014", Some(37)),
                ),
            ],
        );
    }

    #[test]
    fn devices_without_a_window_are_confirmed_only_where_others_have_one() {
        let hour: &[&str] = &["0034394008100008"];
        let mixed = Known::usual().windows(using(), &[(25, hour), (12, &[])]);
        let all = Known::usual().windows(using(), &[(37, hour)]);
        by_facts(
            USING,
            &[
                ("ADV-I29", "", mixed.clone(), all.clone()),
                ("ADV-I30", "", all, Known::usual()),
            ],
        );
        let weight = |known: &Known| {
            let findings = found(USING, "", known);
            findings
                .into_iter()
                .find(|finding| finding.code == "ADV-I29")
                .map(|finding| (finding.weight, finding.what))
        };
        let what = "12 of 37 devices have no window at all and install at the deadline anyway.";
        assert_eq!(weight(&mixed), Some((Weight::Confirm, what.into())));
        assert_eq!(
            weight(&Known::usual()).map(|(weight, _)| weight),
            Some(Weight::Note)
        );
    }
}
