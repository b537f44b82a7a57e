//! The wizard walked with keys alone: how many the shortest way takes, and which of them changes anything.

use consign::client::{Request, RunAsk};
use consign::distribution::field::{FieldId, Step};
use consign::error::SiteError;
use consign::tui::event::Effect;
use consign::tui::wizard::Page;
use consign::tui::wizard::running::Stage;

use crate::support::played::Played;
use crate::support::wizard_ways as ways;

fn runs(played: &Played) -> Vec<&RunAsk> {
    let asked = played.asked.iter();
    asked
        .filter_map(|request| match request {
            Request::Run(ask) => Some(ask),
            _ => None,
        })
        .collect()
}

/// Types text and presses keys, counting both.
struct Counted {
    played: Played,
    keys: usize,
}

impl Counted {
    fn press(&mut self, keys: &str) {
        self.keys += keys.split(' ').count();
        self.played.press(keys).ring();
    }

    fn type_text(&mut self, text: &str) {
        self.keys += text.chars().count();
        self.played.type_text(text).ring();
    }
}

#[test]
fn software_that_is_packaged_is_sent_off_with_26_keys_at_most() {
    let mut played = Played::at(80, 24);
    played.press("5");
    let mut person = Counted { played, keys: 0 };
    person.press("w");
    person.type_text("7-zip");
    person.press("enter");
    person.type_text("pilot lap");
    person.press("enter");
    person.press("t enter");
    for _ in 0..person.played.wizard().review.demand.confirm.len() {
        person.press("ctrl-r space");
    }
    person.press("R");
    assert!(
        matches!(runs(&person.played)[..], [RunAsk::Start(_)]),
        "{}",
        person.played.text()
    );
    assert!(person.keys <= 26, "{} keys", person.keys);
}

/// Pilot PCs is marked, not taken, and the cursor is on its numbers.
fn on_numbers() -> Played {
    let mut played = ways::with_software(80, 24);
    played.type_text("pilot").ring();
    played.press("ctrl-d");
    played
}

#[test]
fn a_number_opens_as_a_list_and_closing_it_is_where_one_was() {
    let mut played = on_numbers();
    let draft = played.wizard().draft.clone();
    played.press("right right enter").ring();
    let text = played.text();
    assert!(text.contains("Pilot PCs (LAB00014): 2 servers"), "{text}");
    assert!(text.contains("SRV-0020") && text.contains("SRV-0040"));
    played.press("enter");
    assert!(played.text().contains("[Summary]"), "{}", played.text());
    played.press("esc esc");
    let number = played.wizard().number().unwrap();
    assert_eq!((number.title.as_str(), number.count), ("2 servers", 2));
    played.press("esc");
    assert!(played.wizard().number().is_none() && played.app.takes_text());
    assert_eq!(played.wizard().draft, draft);
    // What was typed and what is marked are still there.
    played.type_text(" pc").press("enter");
    let taken = played.wizard().draft.collection.existing.clone();
    assert_eq!(taken.as_deref(), Some("LAB00014"));
}

#[test]
fn tab_goes_from_the_last_field_through_the_numbers_to_the_first() {
    let mut played = ways::with_software(80, 24);
    played.type_text("pilot").ring();
    let place = played.wizard().place;
    let mut titles = Vec::new();
    for _ in 0..20 {
        played.press("tab");
        match played.wizard().number() {
            Some(number) => titles.push(number.title),
            None => break,
        }
    }
    assert_eq!(
        titles,
        [
            "37 devices",
            "35 workstations",
            "2 servers",
            "0 site systems",
            "36 with a client",
            "34 active this week",
            "25 have a maintenance window",
            "12 have no maintenance window",
            "9 already ran this program",
            "0 failed when they ran this program",
        ]
    );
    assert_ne!(played.wizard().place, place, "the first field");
}

#[test]
fn shift_tab_in_front_of_the_numbers_is_back_at_the_field() {
    let mut played = on_numbers();
    let place = played.wizard().place;
    played.press("right shift-tab shift-tab");
    assert!(played.wizard().number().is_none());
    assert_eq!(played.wizard().place, place);
    assert_eq!(played.wizard().glanced().as_deref(), Some("LAB00014"));
}

#[test]
fn arrows_go_from_line_to_line_and_above_the_first_to_the_field() {
    let mut played = on_numbers();
    let mut titles = Vec::new();
    for key in ["right", "down", "down", "down", "down", "up"] {
        played.press(key);
        titles.push(played.wizard().number().unwrap().title);
    }
    assert_eq!(
        titles,
        [
            "35 workstations",
            "34 active this week",
            "12 have no maintenance window",
            "0 failed when they ran this program",
            "0 failed when they ran this program",
            "12 have no maintenance window",
        ]
    );
    played.press("up up up");
    assert!(played.wizard().number().is_none());
}

#[test]
fn from_a_list_over_the_wizard_nothing_leads_away_but_back() {
    let mut played = on_numbers();
    played.press("enter 1 w s");
    assert!(played.app.shows_roll());
    for command in [
        "packages",
        "advertisements pilot",
        "quit",
        "site prod",
        "run",
    ] {
        played.press(":").type_text(command).press("enter");
        assert!(
            played.app.shows_roll() && !played.app.is_done(),
            "{command}"
        );
        assert!(
            played.text().contains("this list lies over the wizard"),
            "{command}: {}",
            played.text()
        );
    }
    played.press("/").type_text("000").press("enter").ring();
    played.press("q");
    assert!(!played.app.shows_roll());
    assert!(played.wizard().number().is_some());
}

#[test]
fn what_is_typed_narrows_a_list_and_never_widens_the_number() {
    let mut played = on_numbers();
    played.press("down enter");
    assert!(played.text().contains("36 with a client"));
    assert!(played.text().contains("row 1 of 36"), "{}", played.text());
    // Nine names begin so, and one of those devices has no client.
    played
        .press("/")
        .type_text("\"PC-000\"")
        .press("enter")
        .ring();
    assert!(played.text().contains("row 1 of 8"), "{}", played.text());
    played.press("esc").ring();
    assert!(played.text().contains("row 1 of 36"), "{}", played.text());
}

#[test]
fn a_list_that_could_not_be_read_is_tried_again_by_itself() {
    fn away(request: &Request) -> Option<SiteError> {
        matches!(request, Request::Reached(_)).then(|| SiteError::Unreachable {
            site: "lab".to_owned(),
            reason: "connection refused".to_owned(),
            after_sending: false,
        })
    }
    let mut played = on_numbers();
    played.script.fault = away;
    played.press("right right enter");
    assert!(played.text().contains("unreachable"), "{}", played.text());
    played.script.fault = |_| None;
    played.ring();
    assert!(played.text().contains("SRV-0020"), "{}", played.text());
}

#[test]
fn what_was_hidden_is_counted_as_soon_as_it_is_listed() {
    let mut played = ways::with_software(80, 24);
    played.type_text("all desk").press("enter").ring();
    assert!(played.text().contains("400 devices"), "{}", played.text());
}

#[test]
fn what_was_asked_below_the_list_is_answered_there() {
    let mut played = on_numbers();
    played.hold = true;
    // The laptops are being counted when the list of the others is opened.
    played.press("esc down").ring();
    played.press("up ctrl-d enter");
    assert!(played.app.shows_roll());
    played.release();
    assert!(played.text().contains("row 1 of 37"), "{}", played.text());
    played.press("esc esc down");
    assert!(played.text().contains("12 devices"), "{}", played.text());
}

#[test]
fn an_account_that_sees_a_part_is_told_of_those_nobody_can_list() {
    let mut played = Played::at(80, 24);
    played.script.fleet.hidden = 6;
    played.press("5 w").ring();
    played.type_text("7-zip").press("enter").ring();
    played.type_text("pilot").ring();
    played.press("ctrl-d down enter");
    assert!(!played.app.shows_roll());
    let text = played.text();
    assert!(text.contains("ask for Read Resource on them"), "{text}");
    played.press("up enter");
    let text = played.text();
    assert!(text.contains("37 devices, 6 hidden from you"), "{text}");
    assert!(text.contains("row 1 of 31"), "{text}");
}

#[test]
fn enter_alone_never_runs_anything() {
    for way in [ways::calm, ways::warned, ways::all_new] {
        let mut played = way(80, 24);
        for _ in 0..40 {
            played.press("enter").ring();
        }
        let count = runs(&played).len();
        assert_eq!(count, 0, "{}", played.text());
    }
}

#[test]
fn a_typed_name_runs_with_enter_and_only_when_it_is_the_name() {
    let mut played = ways::warned(80, 24);
    for _ in 0..played.wizard().review.demand.confirm.len() {
        played.press("ctrl-r space");
    }
    played.press("ctrl-r").type_text("Pilot P").press("enter");
    assert!(runs(&played).is_empty());
    played.type_text("Cs").press("enter");
    assert!(matches!(runs(&played)[..], [RunAsk::Start(_)]));
}

#[test]
fn what_was_left_is_offered_again_and_not_written_over() {
    let mut played = ways::with_software(80, 24);
    played.press("esc enter");
    assert!(played.app.wizard.is_none());
    assert!(
        played
            .done
            .iter()
            .any(|effect| matches!(effect, Effect::KeepDraft(_)))
    );
    played.press("w");
    assert!(played.text().contains("unfinished"), "{}", played.text());
    played.press("enter").ring();
    let draft = &played.wizard().draft;
    assert_eq!(draft.package.existing.as_deref(), Some("LAB0000C"));
}

#[test]
fn beginning_anew_throws_the_other_away_in_so_many_words() {
    let mut played = ways::with_software(80, 24);
    played.press("esc enter w").done.clear();
    played.press("tab enter");
    assert!(played.done.contains(&Effect::DropDraft));
    assert_eq!(played.wizard().draft.package.existing, None);
}

#[test]
fn nothing_is_asked_of_somebody_who_said_nothing() {
    let mut played = Played::at(80, 24);
    played.press("w esc");
    assert!(played.app.wizard.is_none() && played.app.layers.is_empty());
}

#[test]
fn editing_after_a_failure_keeps_the_answers_and_the_run() {
    let mut played = ways::failed(80, 24);
    let answers = played.wizard().draft.clone();
    played.press("down enter").ring();
    assert!(matches!(played.wizard().page, Page::Fields(_)));
    assert_eq!(played.wizard().draft, answers);
    assert!(
        runs(&played)
            .iter()
            .all(|ask| matches!(ask, RunAsk::Start(_)))
    );
    // Leaving the answers comes back to the run, which can still be rolled back.
    played.press("esc");
    assert_eq!(played.wizard().page, Page::Run);
    played.press("R");
    assert!(matches!(runs(&played)[..], [.., RunAsk::RollBack(_)]));
    let stage = &played.wizard().run.as_ref().unwrap().stage;
    assert!(matches!(stage, Stage::RolledBack(_)));
}

#[test]
fn leaving_after_a_roll_back_keeps_the_answers() {
    let mut played = ways::failed(80, 24);
    played.press("R");
    let answers = played.wizard().draft.clone();
    played.done.clear();
    played.press("esc");
    let is_kept =
        |effect: &Effect| matches!(effect, Effect::KeepDraft(draft) if **draft == answers);
    assert!(played.done.iter().any(is_kept), "{:?}", played.done);
}

#[test]
fn the_keys_of_review_and_run_are_listed() {
    for mut played in [ways::warned(80, 24), ways::failed(80, 24)] {
        played.press("?");
        assert!(
            played.text().contains("carry the plan out")
                || played.text().contains("keep what was made")
        );
        played.press("esc");
        assert!(matches!(played.wizard().page, Page::Review | Page::Run));
    }
}

#[test]
fn another_plan_runs_only_when_the_run_before_is_closed() {
    let mut played = ways::failed(80, 24);
    played.press("down enter ctrl-r").ring();
    played.press("R");
    assert!(
        matches!(runs(&played)[..], [RunAsk::Start(_)]),
        "asks first"
    );
    played.press("tab tab enter").ring();
    assert!(matches!(
        runs(&played)[..],
        [RunAsk::Start(_), RunAsk::Keep(_), RunAsk::Start(_)]
    ));
}

#[test]
fn tab_completes_a_source_folder_and_then_goes_on() {
    let mut played = ways::new_package("", 80, 24);
    let source = |played: &Played| played.wizard().draft.package.source.clone();
    played.press("tab");
    for _ in 0..8 {
        if played.wizard().place.field() == Some(FieldId::PackageSource) {
            break;
        }
        played.press("tab");
    }
    played.type_text("/srv/apps/l").press("tab");
    assert_eq!(source(&played).as_deref(), Some("/srv/apps/line-tool"));
    assert!(
        played.text().contains("line-tools-old"),
        "{}",
        played.text()
    );
    played.type_text("s").press("tab");
    assert_eq!(source(&played).as_deref(), Some("/srv/apps/line-tools-old"));
    played.press("tab");
    assert_ne!(played.wizard().place.field(), Some(FieldId::PackageSource));
}

#[test]
fn points_that_hold_the_files_are_fixed() {
    let mut played = ways::with_target("pilot laptops", 80, 24);
    played.press("ctrl-p").ring();
    assert!(played.text().contains("already there"), "{}", played.text());
    played.press("down space");
    assert_eq!(played.wizard().draft.distribution_points.servers, None);
}

#[test]
fn another_like_this_keeps_the_answers_and_asks_who_gets_it() {
    let mut played = ways::done(80, 24);
    let began = played.done.len();
    played.press("n").ring();
    let wizard = played.wizard();
    assert_eq!(
        wizard.page,
        Page::Fields(Step::Collection),
        "{}",
        played.app.layers.len()
    );
    let draft = &wizard.draft;
    assert_eq!(
        draft.text(FieldId::PackageUse),
        "LAB0001F",
        "what was new is there now"
    );
    assert_eq!(draft.text(FieldId::ProgramUse), "Install");
    assert_eq!(draft.text(FieldId::CollectionName), "");
    assert!(draft.advertisement.purpose.is_some() && draft.advertisement.deadline.is_some());
    let kept = |effect: &Effect| matches!(effect, Effect::KeepDraft(_));
    assert!(
        played.done[began.min(played.done.len())..].iter().any(kept)
            || played.done.iter().any(kept)
    );
}

#[test]
fn a_tick_goes_on_to_what_is_not_ticked_and_then_to_the_name() {
    let mut played = ways::warned(80, 24);
    let count = played.wizard().review.demand.confirm.len();
    assert!(count > 0, "something is to be ticked");
    for _ in 0..count {
        played.press("space");
    }
    assert!(played.wizard().review.is_on_name(), "{}", played.text());
    assert!(played.wizard().review.wanted().unwrap().confirm.is_empty());
}
