//! What a journal promises: nothing that was written is lost, and what was cut short is found.

use std::io::Write as _;

use super::*;
use crate::distribution::guard::Acceptance;
use crate::distribution::plan::samples::everything;
use crate::distribution::plan::{OpNumber, Plan};
use serde_json::{Value, json};

fn accepted() -> Accepted {
    everything().accept(&Acceptance::default()).unwrap()
}

fn me() -> Actor {
    Actor::here("anna")
}

fn folder() -> (tempfile::TempDir, Journals) {
    let folder = tempfile::tempdir().unwrap();
    let journals = Journals::at(folder.path().join("journal"));
    (folder, journals)
}

fn intent(op: usize) -> Event {
    Event::Intent {
        op: OpNumber(op),
        doing: Doing::Make,
        request: "create SMS_Package".into(),
        values: json!({ "Name": "Line Tool" }),
        before: Value::Null,
    }
}

fn done(op: usize) -> Event {
    Event::Answered {
        op: OpNumber(op),
        answer: Answered::Done {
            after: json!({ "PackageID": "LAB0001F" }),
        },
    }
}

fn settled(op: usize, state: Settled) -> Event {
    Event::Settled {
        op: OpNumber(op),
        state,
        id: Some("LAB0001F".into()),
        words: String::new(),
    }
}

fn entry(event: Event) -> Entry {
    Entry {
        at: Timestamp::now(),
        event,
    }
}

fn file_of(journals: &Journals, accepted: &Accepted) -> PathBuf {
    journals.path(&accepted.plan().id)
}

#[tokio::test]
async fn a_run_is_read_back_in_the_state_it_had() {
    let (_keep, journals) = folder();
    let plan = accepted();
    let (journal, mut record) = journals.open(&plan, &me()).unwrap();
    for event in [intent(1), done(1), settled(1, Settled::Done), intent(2)] {
        record.apply(&journal.write(event).await.unwrap());
    }
    drop(journal);
    let (runs, faults) = journals.list().unwrap();
    assert!(faults.is_empty());
    let [run] = runs.as_slice() else {
        panic!("one run")
    };
    assert!(run.is_open());
    assert_eq!(run.record, record);
    assert!(run.record.past(OpNumber(1)).is_behind());
    assert!(run.record.past(OpNumber(2)).is_in_doubt(Doing::Make));
}

#[tokio::test]
async fn while_a_run_is_live_nobody_else_can_open_it_and_its_process_is_told() {
    let (_keep, journals) = folder();
    let plan = accepted();
    let (_journal, _) = journals.open(&plan, &me()).unwrap();
    let error = journals.resume(&plan.plan().id, &me()).unwrap_err();
    assert!(
        matches!(error, JournalError::LiveElsewhere { pid, .. } if pid == std::process::id()),
        "{error}"
    );
    let (runs, _) = journals.list().unwrap();
    assert_eq!(
        runs.first().and_then(|run| run.live),
        Some(std::process::id())
    );
    assert!(!runs.first().unwrap().is_open());
}

#[tokio::test]
async fn a_line_cut_short_is_tolerated_and_said() {
    let (_keep, journals) = folder();
    let plan = accepted();
    let (journal, _) = journals.open(&plan, &me()).unwrap();
    journal.write(intent(1)).await.unwrap();
    drop(journal);
    let path = file_of(&journals, &plan);
    let mut file = OpenOptions::new().append(true).open(&path).unwrap();
    file.write_all(br#"{"at":"2026-11-27T14:0"#).unwrap();
    drop(file);

    let (runs, _) = journals.list().unwrap();
    assert_eq!(runs.first().unwrap().record.torn_lines, 1);
    let (journal, record) = journals.resume(&plan.plan().id, &me()).unwrap();
    assert_eq!(record.torn_lines, 1);
    journal.write(done(1)).await.unwrap();
    drop(journal);
    let (runs, faults) = journals.list().unwrap();
    assert!(faults.is_empty(), "{faults:?}");
    let record = &runs.first().unwrap().record;
    assert_eq!(record.torn_lines, 1);
    assert!(
        !record.past(OpNumber(1)).is_in_doubt(Doing::Make),
        "what was written later counts"
    );
}

#[tokio::test]
async fn a_run_killed_while_it_was_opened_is_opened_anew() {
    let (_keep, journals) = folder();
    let plan = accepted();
    journals.make_folder().unwrap();
    fs::write(file_of(&journals, &plan), br#"{"at":"2026-"#).unwrap();
    assert!(journals.list().unwrap().0.is_empty(), "it did nothing yet");
    let (journal, _) = journals.open(&plan, &me()).unwrap();
    journal.write(intent(1)).await.unwrap();
    drop(journal);
    assert_eq!(journals.list().unwrap().0.len(), 1);
}

#[test]
fn a_journal_that_is_none_is_named_with_its_line() {
    let (_keep, journals) = folder();
    let plan = accepted();
    journals.open(&plan, &me()).unwrap();
    let path = file_of(&journals, &plan);
    let mut file = OpenOptions::new().append(true).open(&path).unwrap();
    file.write_all(b"nonsense\nmore\n").unwrap();
    let (runs, faults) = journals.list().unwrap();
    assert!(runs.is_empty());
    let told = faults.first().unwrap().to_string();
    assert!(
        told.contains("line 2") && told.contains(&path.display().to_string()),
        "{told}"
    );
}

#[tokio::test]
async fn a_closed_run_is_not_open_and_the_same_plan_opens_it_again() {
    let (_keep, journals) = folder();
    let plan = accepted();
    let (journal, _) = journals.open(&plan, &me()).unwrap();
    journal.write(settled(1, Settled::Done)).await.unwrap();
    let words = String::new();
    journal
        .write(Event::Closed {
            how: Ending::Done,
            words,
        })
        .await
        .unwrap();
    drop(journal);
    assert!(!journals.list().unwrap().0.first().unwrap().is_open());
    let (_journal, record) = journals.open(&plan, &me()).unwrap();
    assert!(
        record.past(OpNumber(1)).is_behind(),
        "what it did is not forgotten"
    );
    assert_eq!(record.ended, None);
}

#[test]
fn a_plan_that_was_changed_after_its_run_began_does_not_open_that_run() {
    let (_keep, journals) = folder();
    let begun = accepted();
    journals.open(&begun, &me()).unwrap();
    let mut changed = begun.plan().clone();
    changed.operations.pop();
    let changed = changed.accept(&Acceptance::default()).unwrap();
    let error = journals.open(&changed, &me()).unwrap_err();
    assert!(
        matches!(error, JournalError::OtherPlan { .. }) && error.to_string().contains("resume"),
        "{error}"
    );
    let read = Plan::from_json(&begun.plan().to_json().unwrap()).unwrap();
    let read = read.accept(&Acceptance::default()).unwrap();
    assert!(journals.open(&read, &me()).is_ok(), "the same from a file");
}

#[tokio::test]
async fn a_roll_back_that_was_cut_is_remembered_until_the_run_is_closed() {
    let (_keep, journals) = folder();
    let plan = accepted();
    let (journal, _) = journals.open(&plan, &me()).unwrap();
    journal
        .write(Event::RollingBack { by: me() })
        .await
        .unwrap();
    drop(journal);
    let (journal, record) = journals.resume(&plan.plan().id, &me()).unwrap();
    assert!(record.is_rolling_back);
    let words = String::new();
    let how = Ending::Kept;
    journal.write(Event::Closed { how, words }).await.unwrap();
    drop(journal);
    let (_journal, record) = journals.open(&plan, &me()).unwrap();
    assert!(!record.is_rolling_back, "it was accepted anew");
}

fn begun() -> Record {
    let plan = accepted();
    Record::begin(&entry(Event::Opened {
        by: me(),
        plan: Box::new(plan.plan().clone()),
        acceptance: plan.acceptance().clone(),
    }))
    .unwrap()
}

#[test]
fn an_advertisement_that_was_taken_back_is_not_forgotten() {
    let refused = Event::Answered {
        op: OpNumber(8),
        answer: Answered::Refused {
            words: String::new(),
        },
    };
    for (answer, was_advertised) in [(done(8), true), (refused, false)] {
        let mut record = begun();
        assert!(!record.was_advertised());
        for event in [intent(8), answer, settled(8, Settled::Undone)] {
            record.apply(&entry(event));
        }
        assert_eq!(record.was_advertised(), was_advertised);
        assert!(!record.past(OpNumber(8)).may_have(Doing::Make));
    }
}

#[test]
fn a_request_without_an_answer_is_under_way_for_minutes_not_for_ever() {
    let mut record = begun();
    let sent = entry(intent(1));
    record.apply(&sent);
    let after = |minutes| {
        let now = sent.at + jiff::SignedDuration::from_mins(minutes);
        record.past(OpNumber(1)).may_be_under_way(Doing::Make, now)
    };
    assert!(after(1) && after(9));
    assert!(!after(10));
    record.apply(&entry(done(1)));
    let past = record.past(OpNumber(1));
    assert!(!past.may_be_under_way(Doing::Make, sent.at));
}

#[test]
fn an_operation_taken_back_is_as_if_it_had_never_been() {
    let plan = accepted();
    let mut record = Record::begin(&Entry {
        at: plan.plan().made_at,
        event: Event::Opened {
            by: me(),
            plan: Box::new(plan.plan().clone()),
            acceptance: plan.acceptance().clone(),
        },
    })
    .unwrap();
    for event in [
        intent(1),
        done(1),
        settled(1, Settled::Done),
        settled(1, Settled::Undone),
    ] {
        record.apply(&entry(event));
    }
    let past = record.past(OpNumber(1));
    assert!(!past.may_have(Doing::Make) && !past.is_behind() && past.id.is_none());
}

#[cfg(unix)]
#[test]
fn journals_are_for_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let (_keep, journals) = folder();
    let plan = accepted();
    let (_journal, _) = journals.open(&plan, &me()).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&file_of(&journals, &plan)), 0o600);
    assert_eq!(mode(&journals.folder), 0o700);
}

#[test]
fn a_folder_that_is_not_there_holds_no_runs() {
    let (_keep, journals) = folder();
    assert!(journals.list().unwrap().0.is_empty());
    let fresh = PlanId::fresh();
    assert!(matches!(
        journals.resume(&fresh, &me()),
        Err(JournalError::NoSuchRun(_))
    ));
}
