//! Runs against a site that misbehaves: whatever happens, nothing is made twice and nothing is lost.

mod fake;
mod silence;

use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::date;
use serde_json::json;
use tempfile::TempDir;
use tokio::sync::watch;

use super::*;
use crate::config::{Access, Limits, Rule};
use crate::distribution::guard::Acceptance;
use crate::distribution::journal::Doing;
use crate::distribution::operation::MakeAdvertisement;
use crate::distribution::plan::samples::everything;
use crate::distribution::plan::{Counted, LIFETIME};
use crate::sms::collection_rule::CollectionRule;
use crate::sms::schedule::Token;
use crate::sms::time::Moment;
use fake::{FakeSite, Fate};

fn advertisement(plan: &mut Plan) -> &mut MakeAdvertisement {
    let last = plan.operations.last_mut().unwrap();
    match &mut last.operation {
        Operation::Advertisement(advertisement) => advertisement,
        other => panic!("{other:?}"),
    }
}

/// A site, a journal and a plan that makes everything.
struct Bench {
    site: FakeSite,
    journals: Journals,
    accepted: Accepted,
    progress: watch::Sender<Progress>,
    _folder: TempDir,
}

impl Bench {
    fn new() -> Self {
        Self::of(&everything())
    }

    fn of(plan: &Plan) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut plan = plan.clone();
        plan.expires_at = Timestamp::now().saturating_add(LIFETIME).unwrap();
        // Whenever the tests are run, its evening is still to come.
        advertisement(&mut plan).assigned = vec![Token::once(Moment::DeviceClock(
            date(2126, 11, 30).at(20, 0, 0, 0),
        ))];
        Self {
            site: FakeSite::default(),
            journals: Journals::at(folder.path()),
            progress: watch::Sender::new(Progress::new(&plan)),
            accepted: plan.accept(&Acceptance::default()).unwrap(),
            _folder: folder,
        }
    }

    fn open(&self) -> Run {
        Run::open(&self.journals, &self.accepted, Actor::here("anna")).unwrap()
    }

    async fn carry_out(&self, run: &mut Run) -> End {
        let (_switch, stop) = stop_switch();
        run.carry_out(&self.site.provider(), &self.progress, stop)
            .await
    }

    async fn roll_back(&self, run: &mut Run) -> RolledBack {
        let (_switch, stop) = stop_switch();
        run.roll_back(&self.site.provider(), &self.progress, stop)
            .await
            .unwrap()
    }

    fn states(&self) -> Vec<State> {
        self.progress
            .borrow()
            .lines
            .iter()
            .map(|line| line.state)
            .collect()
    }

    /// Everything is there, and once.
    fn assert_made_once(&self, context: &str) {
        for class in [
            "SMS_Package",
            "SMS_Program",
            "SMS_Collection",
            "SMS_DistributionPoint",
            "SMS_Advertisement",
        ] {
            assert_eq!(self.site.table(class).len(), 1, "{class}: {context}");
        }
        let rules = self.site.table("SMS_Collection")[0]["CollectionRules"].clone();
        assert_eq!(rules.as_array().unwrap().len(), 2, "{context}");
    }
}

fn failure(end: End) -> Failure {
    match end {
        End::Failed(failure) => failure,
        other => panic!("{other:?}"),
    }
}

/// How many requests a run sends when all goes well.
async fn requests_of_a_good_run() -> usize {
    let bench = Bench::new();
    assert!(matches!(
        bench.carry_out(&mut bench.open()).await,
        End::Done { .. }
    ));
    bench.site.requests().len()
}

#[tokio::test(start_paused = true)]
async fn a_plan_is_carried_out_in_its_order() {
    let bench = Bench::new();
    let mut run = bench.open();
    let End::Done { made } = bench.carry_out(&mut run).await else {
        panic!("done")
    };
    bench.assert_made_once("");
    assert!(
        bench.states().iter().all(|state| *state == State::Done),
        "{:?}",
        bench.states()
    );
    let ids: Vec<&str> = made.iter().map(|object| object.title).collect();
    assert_eq!(
        ids,
        [
            "Package",
            "Program",
            "Collection",
            "Content",
            "Advertisement"
        ]
    );
    let writes: Vec<String> = bench
        .site
        .requests()
        .into_iter()
        .filter(|request| !request.starts_with("GET"))
        .collect();
    assert_eq!(
        writes,
        [
            "POST SMS_Package",
            "POST SMS_Program",
            "POST SMS_Collection",
            "POST SMS_Collection.AddMembershipRule",
            "POST SMS_Collection.AddMembershipRule",
            "POST SMS_Collection.RequestRefresh",
            "POST SMS_DistributionPoint",
            "POST SMS_Advertisement",
        ]
    );
    assert!(!bench.journals.list().unwrap().0[0].is_open());
}

#[tokio::test(start_paused = true)]
async fn whichever_answer_is_lost_nothing_is_made_twice() {
    for number in 0..requests_of_a_good_run().await {
        let bench = Bench::new();
        bench.site.decide(number, Fate::AnswerLost);
        let mut run = bench.open();
        let mut end = bench.carry_out(&mut run).await;
        if !matches!(end, End::Done { .. }) {
            end = bench.carry_out(&mut run).await;
        }
        assert!(matches!(end, End::Done { .. }), "{number}: {end:?}");
        bench.assert_made_once(&format!("request {number}"));
    }
}

#[tokio::test(start_paused = true)]
async fn a_site_that_refuses_stamps_gets_them_as_the_last_line_of_the_comment() {
    let refusing = || {
        let bench = Bench::new();
        bench.site.refuse_stamps();
        bench
    };
    let first = refusing();
    let end = first.carry_out(&mut first.open()).await;
    assert!(matches!(end, End::Done { .. }), "{end:?}");
    first.assert_made_once("without a fault");
    for (class, comment) in [
        ("SMS_Package", "Description"),
        ("SMS_Program", "Comment"),
        ("SMS_Collection", "Comment"),
        ("SMS_Advertisement", "Comment"),
    ] {
        let made = &first.site.table(class)[0];
        let last = made[comment].as_str().unwrap().lines().last();
        assert!(last.unwrap().starts_with("consign:1:"), "{class}: {made:?}");
    }
    for number in 0..first.site.requests().len() {
        let bench = refusing();
        bench.site.decide(number, Fate::AnswerLost);
        let mut run = bench.open();
        let mut end = bench.carry_out(&mut run).await;
        if !matches!(end, End::Done { .. }) {
            end = bench.carry_out(&mut run).await;
        }
        assert!(matches!(end, End::Done { .. }), "{number}: {end:?}");
        bench.assert_made_once(&format!("request {number}"));
        let back = bench.roll_back(&mut run).await;
        assert!(back.is_whole(), "{number}: {back:?}");
        assert_eq!(bench.site.made(), 0, "{number}");
    }
}

#[tokio::test(start_paused = true)]
async fn whichever_request_is_lost_it_is_looked_for_before_it_is_repeated() {
    for number in 0..requests_of_a_good_run().await {
        let bench = Bench::new();
        bench.site.decide(number, Fate::RequestLost);
        let mut run = bench.open();
        let mut end = bench.carry_out(&mut run).await;
        if let End::Failed(failure) = &end {
            assert!(
                matches!(failure.cause, Cause::Unknown | Cause::Unreachable),
                "{number}: {failure:?}"
            );
            end = bench.carry_out(&mut run).await;
        }
        assert!(matches!(end, End::Done { .. }), "{number}: {end:?}");
        bench.assert_made_once(&format!("request {number}"));
    }
}

#[tokio::test(start_paused = true)]
async fn whatever_breaks_down_after_the_work_is_found_and_not_made_twice() {
    for number in 0..requests_of_a_good_run().await {
        for fate in [Fate::BrokenAfter, Fate::RefusedAfter] {
            let bench = Bench::new();
            bench.site.decide(number, fate);
            let mut run = bench.open();
            let context = format!("{fate:?} {number}");
            let mut end = bench.carry_out(&mut run).await;
            if !matches!(end, End::Done { .. }) {
                end = bench.carry_out(&mut run).await;
            }
            assert!(matches!(end, End::Done { .. }), "{context}: {end:?}");
            bench.assert_made_once(&context);
            let back = bench.roll_back(&mut run).await;
            assert!(back.is_whole(), "{context}: {back:?}");
            assert_eq!(bench.site.made(), 0, "{context}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_breakdown_before_the_work_is_told_as_one_and_can_be_retried() {
    for number in 0..requests_of_a_good_run().await {
        let bench = Bench::new();
        bench.site.decide(number, Fate::Broken);
        let mut run = bench.open();
        let mut end = bench.carry_out(&mut run).await;
        if let End::Failed(failure) = &end {
            assert!(
                matches!(failure.cause, Cause::Refused | Cause::Partly),
                "{number}: {failure:?}"
            );
            assert!(failure.words.contains("the site failed to"), "{failure:?}");
            end = bench.carry_out(&mut run).await;
        }
        assert!(matches!(end, End::Done { .. }), "{number}: {end:?}");
        bench.assert_made_once(&format!("request {number}"));
    }
}

#[tokio::test(start_paused = true)]
async fn a_failure_says_once_what_is_left_and_offers_what_fits_it() {
    for number in 0..requests_of_a_good_run().await {
        let bench = Bench::new();
        bench.site.decide(number, Fate::Broken);
        let End::Failed(failure) = bench.carry_out(&mut bench.open()).await else {
            continue;
        };
        let context = format!("{number}: {failure:?}");
        let is_nothing_made = bench.site.made() == 0;
        let is_told = failure.left == "Nothing was changed on the site.";
        assert_eq!(is_told, is_nothing_made, "{context}");
        assert_eq!(
            failure.offers.contains(&Offer::Stop),
            is_nothing_made,
            "{context}"
        );
        assert_eq!(
            failure.offers.contains(&Offer::RollBack),
            !is_nothing_made,
            "{context}"
        );
        for claim in ["made", "changed"] {
            assert!(!failure.reason.contains(claim), "{context}");
        }
        // A look that broke down is not told as the request itself, whose answer was looked up.
        let of_the_request = ["asked afterwards", "takes_schedules"];
        let is_told = of_the_request
            .iter()
            .any(|words| failure.reason.contains(words));
        let is_write = !bench.site.requests()[number].starts_with("GET");
        assert_eq!(is_told, is_write, "{context}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_halt_before_the_first_operation_is_not_told_as_its_failure() {
    let bench = Bench::new();
    bench.site.decide(0, Fate::Broken);
    let failure = failure(bench.carry_out(&mut bench.open()).await);
    assert!(
        failure
            .halt()
            .starts_with("The run stopped before Package "),
        "{failure:?}"
    );
}

#[test]
fn what_is_still_going_is_not_told_as_gone() {
    let told = |removed, going| {
        let back = RolledBack {
            removed,
            going,
            ..RolledBack::default()
        };
        back.words()
    };
    assert!(told(3, 0).starts_with("Removed 3 of 3. "));
    assert!(told(2, 1).starts_with("Removed 2 of 3; the site is still removing 1. "));
    assert!(told(0, 3).starts_with("The site is removing 3 of 3. "));
    assert!(told(0, 0).starts_with("There was nothing to remove. "));
}

#[tokio::test(start_paused = true)]
async fn every_write_may_break_down_after_its_work() {
    let bench = Bench::new();
    bench.site.decide_writes(Fate::BrokenAfter);
    let end = bench.carry_out(&mut bench.open()).await;
    assert!(matches!(end, End::Done { .. }), "{end:?}");
    bench.assert_made_once("every write");
}

#[tokio::test(start_paused = true)]
async fn a_refused_schedule_is_told_with_the_way_out() {
    let writes = {
        let bench = Bench::new();
        bench.carry_out(&mut bench.open()).await;
        bench.site.requests()
    };
    let last = writes
        .iter()
        .rposition(|name| name == "POST SMS_Advertisement");
    let bench = Bench::new();
    bench.site.decide(last.unwrap(), Fate::Broken);
    let failed = failure(bench.carry_out(&mut bench.open()).await);
    assert!(
        failed.reason.contains("takes_schedules = false"),
        "{failed:?}"
    );
    assert!(failed.offers.contains(&Offer::Edit));
}

#[tokio::test(start_paused = true)]
async fn a_process_killed_at_any_request_leaves_a_run_that_is_taken_up() {
    for number in 0..requests_of_a_good_run().await {
        let bench = Bench::new();
        bench.site.decide(number, Fate::Hanging);
        let mut run = bench.open();
        let killed = tokio::time::timeout(Duration::from_secs(50), bench.carry_out(&mut run)).await;
        assert!(killed.is_err(), "{number}: it hangs");
        let plan = run.plan().id.clone();
        drop(run);

        let found = bench.journals.list().unwrap().0;
        assert!(found[0].is_open(), "{number}");
        let mut run = Run::resume(&bench.journals, &plan, Actor::here("anna")).unwrap();
        let end = bench.carry_out(&mut run).await;
        assert!(matches!(end, End::Done { .. }), "{number}: {end:?}");
        bench.assert_made_once(&format!("request {number}"));
    }
}

#[tokio::test(start_paused = true)]
async fn a_killed_run_can_be_rolled_back_from_any_request_on() {
    for number in 0..requests_of_a_good_run().await {
        let bench = Bench::new();
        bench.site.decide(number, Fate::Hanging);
        let mut run = bench.open();
        let _killed =
            tokio::time::timeout(Duration::from_secs(50), bench.carry_out(&mut run)).await;
        let plan = run.plan().id.clone();
        drop(run);
        let mut run = Run::resume(&bench.journals, &plan, Actor::here("anna")).unwrap();
        let back = bench.roll_back(&mut run).await;
        assert!(back.is_whole(), "{number}: {back:?}");
        assert_eq!(bench.site.made(), 0, "{number}");
        assert!(!bench.journals.list().unwrap().0[0].is_open(), "{number}");
    }
}

#[tokio::test(start_paused = true)]
async fn whatever_the_site_refuses_can_be_retried_or_taken_back() {
    for number in 0..requests_of_a_good_run().await {
        let bench = Bench::new();
        bench.site.decide(number, Fate::Refused);
        let mut run = bench.open();
        let failed = failure(bench.carry_out(&mut run).await);
        assert!(
            matches!(failed.cause, Cause::Refused | Cause::Partly),
            "{number}: {failed:?}"
        );
        assert!(
            failed.words.contains("Insufficient space"),
            "{number}: {}",
            failed.words
        );
        assert_eq!(
            failed.offers.contains(&Offer::RollBack),
            bench.site.made() > 0,
            "{number}: {:?}",
            failed.offers
        );
        if number % 2 == 0 {
            assert!(
                matches!(bench.carry_out(&mut run).await, End::Done { .. }),
                "{number}"
            );
            bench.assert_made_once(&format!("request {number}"));
        } else {
            assert!(bench.roll_back(&mut run).await.is_whole(), "{number}");
            assert_eq!(bench.site.made(), 0, "{number}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn rolling_back_survives_a_lost_answer_at_any_request() {
    let before = requests_of_a_good_run().await;
    for number in 0..14 {
        let bench = Bench::new();
        bench.site.decide(before + number, Fate::AnswerLost);
        let mut run = bench.open();
        bench.carry_out(&mut run).await;
        let mut back = bench.roll_back(&mut run).await;
        if !back.is_whole() {
            back = bench.roll_back(&mut run).await;
        }
        assert!(back.is_whole(), "{number}: {back:?}");
        assert_eq!(bench.site.made(), 0, "{number}");
    }
}

#[tokio::test(start_paused = true)]
async fn rolling_back_survives_a_line_that_is_down_for_half_a_minute() {
    let before = requests_of_a_good_run().await;
    for number in 0..14 {
        for fate in [Fate::DownAfter, Fate::DownBefore, Fate::BrokenAfter] {
            let bench = Bench::new();
            bench.site.decide(before + number, fate);
            let mut run = bench.open();
            bench.carry_out(&mut run).await;
            let mut back = bench.roll_back(&mut run).await;
            // One that has not begun yet is not begun, and a site that breaks down is not waited for.
            if !back.is_whole() && (number == 0 || fate == Fate::BrokenAfter) {
                tokio::time::sleep(Duration::from_secs(30)).await;
                back = bench.roll_back(&mut run).await;
            }
            assert!(back.is_whole(), "{fate:?} {number}: {back:?}");
            assert_eq!(bench.site.made(), 0, "{fate:?} {number}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn rolling_back_takes_only_what_this_plan_made() {
    let bench = Bench::new();
    bench.site.put(
        "SMS_Package",
        json!({ "PackageID": "LAB0FFFF", "Name": "Line Tool", "Version": "3.0", "ISVString": "AcmeTool" }),
    );
    bench.site.put(
        "SMS_Collection",
        json!({ "CollectionID": "LAB0FFFE", "Name": "Other", "CollectionType": 2 }),
    );
    let mut run = bench.open();
    assert!(matches!(bench.carry_out(&mut run).await, End::Done { .. }));
    let back = bench.roll_back(&mut run).await;
    assert!(back.is_whole(), "{back:?}");
    assert_eq!((back.removed, back.going), (2, 3));
    assert!(
        back.words()
            .starts_with("Removed 2 of 5; the site is still removing 3. "),
        "{}",
        back.words()
    );
    assert!(
        back.words().contains("next fetch policy"),
        "{}",
        back.words()
    );
    assert_eq!(bench.site.made(), 2);
    assert!(bench.states().contains(&State::Undone));
}

#[tokio::test(start_paused = true)]
async fn what_others_use_by_now_stays_and_is_named() {
    let bench = Bench::new();
    let mut run = bench.open();
    assert!(matches!(bench.carry_out(&mut run).await, End::Done { .. }));
    let package = bench.site.table("SMS_Package")[0]["PackageID"].clone();
    bench.site.put(
        "SMS_Program",
        json!({ "PackageID": package, "ProgramName": "Repair", "ISVString": null }),
    );
    let back = bench.roll_back(&mut run).await;
    assert!(!back.is_whole());
    assert!(
        back.words()
            .contains("Package Line Tool 3.1 stays: it also has the program Repair."),
        "{}",
        back.words()
    );
    assert_eq!(bench.site.table("SMS_Advertisement").len(), 0);
    assert_eq!(bench.site.table("SMS_Package").len(), 1);
    assert!(
        bench.journals.list().unwrap().0[0].record.ended.is_none(),
        "it stays open"
    );
    run.keep().await.unwrap();
    drop(run);
    assert!(!bench.journals.list().unwrap().0[0].is_open());
}

#[tokio::test(start_paused = true)]
async fn an_object_that_lost_our_stamp_is_not_touched_nor_what_it_needs() {
    let bench = Bench::new();
    let mut run = bench.open();
    assert!(matches!(bench.carry_out(&mut run).await, End::Done { .. }));
    let made = bench.site.made();
    bench.site.change("SMS_Advertisement", |row| {
        row.insert("ISVString".into(), "AcmeTool".into());
    });
    let back = bench.roll_back(&mut run).await;
    let words = back.words();
    assert!(words.starts_with("Removed 0 of 5."), "{words}");
    assert!(
        words.contains("does not carry this plan's stamp"),
        "{words}"
    );
    assert!(words.contains("Content dp01.lab.example stays: Advertisement Line Tool 3.1 to pilot stays and needs it."), "{words}");
    assert_eq!(bench.site.made(), made);
}

#[tokio::test(start_paused = true)]
async fn a_plan_like_one_that_was_carried_out_finds_everything_already_so() {
    let bench = Bench::new();
    assert!(matches!(
        bench.carry_out(&mut bench.open()).await,
        End::Done { .. }
    ));
    let again = Bench {
        site: bench.site.clone(),
        ..Bench::new()
    };
    let mut run = again.open();
    let end = again.carry_out(&mut run).await;
    assert!(matches!(end, End::Done { .. }), "{end:?}");
    again.assert_made_once("the second time");
    let made = run.made();
    assert!(made.iter().all(|object| object.already), "{made:?}");
    let back = again.roll_back(&mut run).await;
    assert_eq!((back.removed, back.going), (0, 0), "{back:?}");
    again.assert_made_once("what was there before is not rolled back");
}

#[tokio::test(start_paused = true)]
async fn the_same_digits_by_another_clock_are_not_already_so() {
    let bench = Bench::new();
    assert!(matches!(
        bench.carry_out(&mut bench.open()).await,
        End::Done { .. }
    ));
    bench.site.change("SMS_Advertisement", |there| {
        there.insert("AssignedScheduleIsGMT".into(), json!(true));
    });
    let again = Bench {
        site: bench.site.clone(),
        ..Bench::new()
    };
    let end = again.carry_out(&mut again.open()).await;
    assert!(matches!(end, End::Done { .. }), "{end:?}");
    assert_eq!(again.site.table("SMS_Advertisement").len(), 2);
}

#[tokio::test(start_paused = true)]
async fn applying_the_same_plan_again_repeats_nothing() {
    let bench = Bench::new();
    assert!(matches!(
        bench.carry_out(&mut bench.open()).await,
        End::Done { .. }
    ));
    let before = bench.site.requests().len();
    assert!(matches!(
        bench.carry_out(&mut bench.open()).await,
        End::Done { .. }
    ));
    assert_eq!(bench.site.requests().len(), before, "the journal knows");
}

#[tokio::test(start_paused = true)]
async fn somebody_elses_collection_of_that_name_is_never_given_our_rules() {
    let bench = Bench::new();
    bench.site.put(
        "SMS_Collection",
        json!({
            "CollectionID": "LAB0FFFE", "Name": "Line Tool - Pilot", "CollectionType": 2,
            "LimitToCollectionID": "SMS00001", "CollectionRules": [], "CurrentStatus": 1,
        }),
    );
    let failed = failure(bench.carry_out(&mut bench.open()).await);
    assert_eq!(failed.cause, Cause::Taken);
    assert!(
        failed.words.contains("LAB0FFFE") && failed.words.contains("CollectionRules"),
        "{}",
        failed.words
    );
    assert_eq!(failed.offers.first(), Some(&Offer::Retry));
    assert!(failed.offers.contains(&Offer::ChooseExisting));
    assert_eq!(
        bench.site.table("SMS_Collection")[0]["CollectionRules"],
        json!([])
    );
}

#[tokio::test(start_paused = true)]
async fn a_collection_that_grew_stops_the_run_before_the_advertisement() {
    let mut plan = everything();
    plan.relied.target.members = Counted::Known(20);
    let bench = Bench::of(&plan);
    let failed = failure(bench.carry_out(&mut bench.open()).await);
    assert_eq!(
        (failed.op, failed.cause),
        (OpNumber(8), Cause::FactsChanged)
    );
    assert!(
        failed
            .words
            .contains("had 20 members when this was planned and has 2 now"),
        "{}",
        failed.words
    );
    assert!(bench.site.table("SMS_Advertisement").is_empty());
    assert!(
        failed.left.contains("no device is affected"),
        "{}",
        failed.left
    );
}

#[tokio::test(start_paused = true)]
async fn members_nobody_could_count_before_stop_the_run_where_other_rules_begin() {
    let mut plan = everything();
    plan.relied.target.members = Counted::Unknown("it could not be previewed".into());
    plan.relied.thresholds = vec![2, 500];
    let uncounted = || Bounds {
        limits: Limits {
            unknown_impact: Rule::Allow,
            ..Limits::default()
        },
        ..Bounds::default()
    };
    let bench = Bench::of(&plan);
    let mut run = bench.open().within(uncounted());
    let failed = failure(bench.carry_out(&mut run).await);
    assert_eq!(
        (failed.op, failed.cause),
        (OpNumber(8), Cause::FactsChanged)
    );
    assert!(
        failed.words.contains("the site counts 2 now"),
        "{}",
        failed.words
    );
    assert!(bench.site.table("SMS_Advertisement").is_empty());
    plan.relied.thresholds = vec![100, 500];
    let bench = Bench::of(&plan);
    let mut run = bench.open().within(uncounted());
    let end = bench.carry_out(&mut run).await;
    assert!(matches!(end, End::Done { .. }), "{end:?}");
}

#[tokio::test(start_paused = true)]
async fn an_evaluation_with_other_members_than_planned_stops_the_run() {
    let mut plan = everything();
    let Operation::Evaluation(evaluate) = &mut plan.operations[4].operation else {
        panic!("evaluation")
    };
    evaluate.expected = Counted::Known(50);
    let bench = Bench::of(&plan);
    let failed = failure(bench.carry_out(&mut bench.open()).await);
    assert_eq!(
        (failed.op, failed.cause),
        (OpNumber(5), Cause::FactsChanged)
    );
}

#[tokio::test(start_paused = true)]
async fn a_site_that_keeps_other_times_than_it_was_sent_is_found_out() {
    let bench = Bench::new();
    bench.site.shift_clock(-1);
    let mut run = bench.open();
    let failed = failure(bench.carry_out(&mut run).await);
    assert_eq!(failed.cause, Cause::StoredOtherwise);
    assert!(
        failed
            .words
            .contains("2026-11-28T07:00:00Z where 2026-11-28T08:00:00Z"),
        "{}",
        failed.words
    );
    assert_eq!(failed.offers, [Offer::RollBack, Offer::Keep]);
    assert!(bench.roll_back(&mut run).await.is_whole());
    assert_eq!(bench.site.made(), 0);
}

#[tokio::test(start_paused = true)]
async fn an_evaluation_that_takes_too_long_can_be_waited_for_once_more() {
    let bench = Bench::new();
    bench.site.get_stuck(true);
    let mut run = bench.open();
    let failed = failure(bench.carry_out(&mut run).await);
    assert_eq!((failed.op, failed.cause), (OpNumber(5), Cause::Late));
    assert_eq!(failed.offers.first(), Some(&Offer::WaitMore));
    assert!(
        !failed.offers.contains(&Offer::GoOn),
        "never go on with an unknown count"
    );
    bench.site.get_stuck(false);
    assert!(matches!(bench.carry_out(&mut run).await, End::Done { .. }));
    bench.assert_made_once("");
}

#[tokio::test(start_paused = true)]
async fn files_that_take_too_long_can_be_advertised_anyway() {
    let mut plan = everything();
    plan.operations.drain(2..5);
    let bench = Bench::of(&renumbered(plan));
    bench.site.put(
        "SMS_Collection",
        json!({ "CollectionID": "LAB00014", "Name": "Pilot PCs", "CollectionType": 2, "MemberCount": 2, "CurrentStatus": 1 }),
    );
    bench.site.get_stuck(true);
    let mut run = bench.open();
    let failed = failure(bench.carry_out(&mut run).await);
    assert_eq!(failed.cause, Cause::Late);
    assert!(failed.offers.contains(&Offer::GoOn));
    run.go_on(failed.op).await.unwrap();
    assert!(matches!(bench.carry_out(&mut run).await, End::Done { .. }));
}

#[tokio::test(start_paused = true)]
async fn files_that_could_not_be_copied_are_sent_again_when_the_run_is_taken_up() {
    let mut plan = everything();
    plan.operations.drain(2..5);
    let bench = Bench::of(&renumbered(plan));
    bench.site.put(
        "SMS_Collection",
        json!({ "CollectionID": "LAB00014", "Name": "Pilot PCs", "CollectionType": 2, "MemberCount": 2, "CurrentStatus": 1 }),
    );
    bench.site.get_stuck(true);
    let mut run = bench.open();
    let (switch, stop) = stop_switch();
    let provider = bench.site.provider();
    let failing = async {
        tokio::time::sleep(Duration::from_secs(5)).await;
        let failed = |row: &mut serde_json::Map<_, _>| {
            row.insert("State".into(), 3.into());
        };
        bench
            .site
            .change("SMS_PackageStatusDistPointsSummarizer", failed);
    };
    let (end, ()) = tokio::join!(run.carry_out(&provider, &bench.progress, stop), failing);
    drop(switch);
    assert_eq!(failure(end).cause, Cause::Refused);
    bench.site.get_stuck(false);
    let end = bench.carry_out(&mut run).await;
    assert!(matches!(end, End::Done { .. }), "{end:?}");
    assert_eq!(bench.site.table("SMS_DistributionPoint").len(), 1);
}

/// The plan without its collection operations, on an existing one.
fn renumbered(mut plan: Plan) -> Plan {
    use crate::distribution::plan::Ref;
    for line in &mut plan.operations {
        if let Operation::Advertisement(advertisement) = &mut line.operation {
            advertisement.collection = Ref::Id("LAB00014".into());
        }
        line.needs = line.operation.referred();
    }
    plan
}

#[tokio::test(start_paused = true)]
async fn a_run_stops_after_the_operation_under_way_and_goes_on_later() {
    let bench = Bench::new();
    let mut run = bench.open();
    let (switch, stop) = stop_switch();
    switch.press();
    let end = run
        .carry_out(&bench.site.provider(), &bench.progress, stop)
        .await;
    let End::Stopped(halt) = end else {
        panic!("{end:?}");
    };
    assert_eq!(halt.before, OpNumber(1));
    assert!(!halt.offers.contains(&Offer::RollBack), "nothing was made");
    assert!(
        bench
            .states()
            .iter()
            .all(|state| *state == State::NotStarted)
    );
    assert!(bench.site.requests().is_empty());
    assert!(matches!(bench.carry_out(&mut run).await, End::Done { .. }));
}

#[tokio::test(start_paused = true)]
async fn a_wait_is_left_at_once() {
    let bench = Bench::new();
    bench.site.get_stuck(true);
    let mut run = bench.open();
    let (switch, stop) = stop_switch();
    let provider = bench.site.provider();
    let pressing = async {
        tokio::time::sleep(Duration::from_secs(5)).await;
        switch.press();
    };
    let (end, ()) = tokio::join!(run.carry_out(&provider, &bench.progress, stop), pressing);
    let End::Stopped(halt) = end else {
        panic!("{end:?}");
    };
    assert_eq!(halt.before, OpNumber(5));
    assert!(halt.offers.contains(&Offer::RollBack));
    let record = run.record();
    assert!(
        record.past(OpNumber(5)).may_have(Doing::Make),
        "the evaluation was asked for"
    );
}

#[tokio::test(start_paused = true)]
async fn the_figures_of_the_copy_are_shown_while_it_is_under_way() {
    let bench = Bench::new();
    bench.site.get_stuck(true);
    let mut plan = everything();
    plan.operations.drain(2..5);
    let bench = Bench {
        site: bench.site,
        ..Bench::of(&renumbered(plan))
    };
    let mut run = bench.open();
    bench.carry_out(&mut run).await;
    let mut seen = bench.progress.subscribe();
    let (_switch, stop) = stop_switch();
    let provider = bench.site.provider();
    let watching = async {
        loop {
            seen.changed().await.unwrap();
            let copied = seen.borrow().lines[2].copied;
            if let Some(copied) = copied {
                return copied;
            }
        }
    };
    let copied = tokio::select! {
        _ = run.carry_out(&provider, &bench.progress, stop) => panic!("it ended"),
        copied = watching => copied,
    };
    assert_eq!(
        (copied.done_bytes, copied.total_bytes, copied.total_files),
        (150, 300, 3)
    );
}

#[tokio::test(start_paused = true)]
async fn a_plan_that_waited_too_long_is_not_carried_on() {
    let bench = Bench::new();
    bench.site.decide(4, Fate::Refused);
    let mut run = bench.open();
    bench.carry_out(&mut run).await;
    let mut late = run.plan().clone();
    late.expires_at = Timestamp::now();
    let late = Bench {
        site: bench.site.clone(),
        accepted: late.accept(&Acceptance::default()).unwrap(),
        ..Bench::new()
    };
    let before = late.site.requests().len();
    let failed = failure(late.carry_out(&mut late.open()).await);
    assert_eq!(failed.cause, Cause::FactsChanged);
    assert_eq!(late.site.requests().len(), before);
}

#[tokio::test]
async fn a_second_process_is_told_which_one_runs_the_plan() {
    let bench = Bench::new();
    let _run = bench.open();
    let error = Run::open(&bench.journals, &bench.accepted, Actor::here("bert")).unwrap_err();
    assert!(
        matches!(error, JournalError::LiveElsewhere { .. }),
        "{error}"
    );
}

/// A run that failed right after its package was made.
async fn cut_run(bench: &Bench) -> Run {
    bench.site.decide(4, Fate::Refused);
    let mut run = bench.open();
    failure(bench.carry_out(&mut run).await);
    assert_eq!(bench.site.made(), 1);
    run
}

#[tokio::test(start_paused = true)]
async fn a_run_is_neither_carried_on_nor_taken_back_on_another_site() {
    let renamed = |bench: &Bench| bench.site.called("prod");
    let other_code = |bench: &Bench| {
        bench.site.clear("SMS_Identification");
        let identity = json!({ "ThisSiteCode": "PRD", "ThisSiteName": "Lab" });
        bench.site.put("SMS_Identification", identity);
        bench.site.provider()
    };
    let other_title = |bench: &Bench| {
        bench.site.clear("SMS_Identification");
        let identity = json!({ "ThisSiteCode": "LAB", "ThisSiteName": "Berlin" });
        bench.site.put("SMS_Identification", identity);
        bench.site.provider()
    };
    let silent = |bench: &Bench| {
        bench.site.clear("SMS_Identification");
        bench.site.provider()
    };
    let others: [&dyn Fn(&Bench) -> Provider; 4] = [&renamed, &other_code, &other_title, &silent];
    for (number, other) in others.into_iter().enumerate() {
        let mut plan = everything();
        plan.site.title = "Lab".into();
        let bench = Bench::of(&plan);
        let mut run = cut_run(&bench).await;
        let provider = other(&bench);
        let before = bench.site.requests().len();
        let (_switch, stop) = stop_switch();
        let end = run
            .carry_out(&provider, &bench.progress, stop.clone())
            .await;
        let failed = failure(end);
        assert_eq!(failed.cause, Cause::OtherSite, "{number}");
        assert_eq!(failed.offers, [Offer::Later], "{number}");
        let back = run
            .roll_back(&provider, &bench.progress, stop)
            .await
            .unwrap();
        assert!(
            !back.is_whole() && back.refused.is_some(),
            "{number}: {back:?}"
        );
        let asked = bench.site.requests().split_off(before);
        assert!(
            asked
                .iter()
                .all(|request| request == "GET SMS_Identification"),
            "{number}: {asked:?}"
        );
        drop(run);
        assert!(bench.journals.list().unwrap().0[0].is_open(), "{number}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_site_that_cannot_say_which_one_it_is_stops_the_run_before_anything_is_made() {
    let bench = Bench::new();
    bench.site.decide(0, Fate::Refused);
    let mut run = bench.open();
    failure(bench.carry_out(&mut run).await);
    assert_eq!(bench.site.requests(), ["GET SMS_Identification"]);
    assert!(matches!(bench.carry_out(&mut run).await, End::Done { .. }));
}

#[tokio::test(start_paused = true)]
async fn a_site_that_is_only_read_is_not_written_to_by_a_run_that_was_cut() {
    let bench = Bench::new();
    let run = cut_run(&bench).await;
    let mut run = run.within(Bounds {
        access: Access::ReadOnly,
        ..Bounds::default()
    });
    let before = bench.site.requests().len();
    let failed = failure(bench.carry_out(&mut run).await);
    assert_eq!(failed.cause, Cause::Forbidden);
    let back = bench.roll_back(&mut run).await;
    assert!(back.words().contains("only read from here"), "{back:?}");
    assert_eq!(bench.site.requests().len(), before);
}

#[tokio::test(start_paused = true)]
async fn where_two_are_wanted_the_planner_does_not_carry_a_run_on_but_may_take_it_back() {
    let mut plan = everything();
    plan.author = "anna".into();
    let bench = Bench::of(&plan);
    let run = cut_run(&bench).await;
    let mut run = run.within(Bounds {
        limits: Limits {
            two_person: true,
            ..Limits::default()
        },
        access: Access::Write,
    });
    let failed = failure(bench.carry_out(&mut run).await);
    assert_eq!(failed.cause, Cause::Forbidden);
    assert!(bench.roll_back(&mut run).await.is_whole());
}

#[tokio::test(start_paused = true)]
async fn after_a_half_finished_roll_back_a_run_is_not_carried_on() {
    let bench = Bench::new();
    let mut run = bench.open();
    assert!(matches!(bench.carry_out(&mut run).await, End::Done { .. }));
    let package = bench.site.table("SMS_Package")[0]["PackageID"].clone();
    let others = json!({ "PackageID": package, "ProgramName": "Repair", "ISVString": null });
    bench.site.put("SMS_Program", others);
    assert!(!bench.roll_back(&mut run).await.is_whole());
    drop(run);
    let plan = &bench.accepted.plan().id;
    let mut run = Run::resume(&bench.journals, plan, Actor::here("anna")).unwrap();
    let before = bench.site.made();
    let failed = failure(bench.carry_out(&mut run).await);
    assert_eq!(failed.cause, Cause::Undoing);
    assert_eq!(failed.offers, [Offer::RollBack, Offer::Keep, Offer::Later]);
    assert_eq!(bench.site.made(), before, "nothing is made anew");
}

#[tokio::test(start_paused = true)]
async fn an_advertisement_that_may_still_be_under_way_keeps_a_roll_back_open() {
    let bench = Bench::new();
    let sent = requests_of_a_good_run().await - 2;
    bench.site.decide(sent, Fate::RequestLost);
    let mut run = bench.open();
    let failed = failure(bench.carry_out(&mut run).await);
    assert_eq!((failed.op, failed.cause), (OpNumber(8), Cause::Unknown));
    let made = bench.site.made();
    let back = bench.roll_back(&mut run).await;
    assert!(!back.is_whole());
    assert!(
        back.words().contains("may still be under way"),
        "{}",
        back.words()
    );
    assert_eq!(bench.site.made(), made, "what it needs stays");

    // The site finishes it late.
    let record = run.record();
    let id = |op| record.past(OpNumber(op)).id.clone().unwrap();
    let stamp = format!("consign:1:{}:8", run.plan().id);
    bench.site.put(
        "SMS_Advertisement",
        json!({
            "AdvertisementID": "LAB20FFF", "AdvertisementName": "Line Tool 3.1 to pilot",
            "CollectionID": id(3), "PackageID": id(1), "ProgramName": "Install", "ISVString": stamp,
        }),
    );
    let back = bench.roll_back(&mut run).await;
    assert!(back.is_whole(), "{back:?}");
    assert!(back.was_advertised);
    assert_eq!(bench.site.made(), 0);
}

#[tokio::test(start_paused = true)]
async fn what_was_advertised_is_not_denied_by_a_later_roll_back() {
    let bench = Bench::new();
    let mut run = bench.open();
    assert!(matches!(bench.carry_out(&mut run).await, End::Done { .. }));
    let package = bench.site.table("SMS_Package")[0]["PackageID"].clone();
    let others = json!({ "PackageID": package, "ProgramName": "Repair", "ISVString": null });
    bench.site.put("SMS_Program", others);
    assert!(bench.roll_back(&mut run).await.was_advertised);
    bench.site.clear("SMS_Program");
    let second = bench.roll_back(&mut run).await;
    assert!(second.is_whole(), "{second:?}");
    assert!(second.words().contains("next fetch policy"), "{second:?}");
}

#[tokio::test(start_paused = true)]
async fn an_advertisement_deleted_by_hand_was_there_all_the_same() {
    let bench = Bench::new();
    let mut run = bench.open();
    assert!(matches!(bench.carry_out(&mut run).await, End::Done { .. }));
    bench.site.clear("SMS_Advertisement");
    let back = bench.roll_back(&mut run).await;
    assert!(back.was_advertised, "{back:?}");
}

#[tokio::test(start_paused = true)]
async fn a_run_that_comes_too_late_makes_no_advertisement() {
    let mut plan = everything();
    plan.made_at = Timestamp::now() - jiff::SignedDuration::from_hours(14);
    let bench = Bench::of(&plan);
    let hours_ago = Timestamp::now() - jiff::SignedDuration::from_hours(2);
    let mut late = bench.accepted.plan().clone();
    advertisement(&mut late).assigned = vec![Token::once(Moment::Utc(hours_ago))];
    let late = Bench {
        accepted: late.accept(&Acceptance::default()).unwrap(),
        ..bench
    };
    let failed = failure(late.carry_out(&mut late.open()).await);
    assert_eq!(failed.cause, Cause::FactsChanged);
    assert!(
        failed.words.contains("which has passed"),
        "{}",
        failed.words
    );
    assert!(late.site.requests().is_empty(), "nothing was even asked");
}

#[tokio::test(start_paused = true)]
async fn limits_that_became_stricter_hold_for_a_run_that_is_taken_up() {
    let bench = Bench::new();
    let run = cut_run(&bench).await;
    let mut run = run.within(Bounds {
        limits: Limits {
            max_members: 1,
            ..Limits::default()
        },
        access: Access::Write,
    });
    let failed = failure(bench.carry_out(&mut run).await);
    assert_eq!(failed.cause, Cause::FactsChanged);
    assert!(failed.words.contains("allowed here"), "{}", failed.words);
    assert_eq!(bench.site.made(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_time_that_passes_while_the_run_waits_stops_the_advertisement_itself() {
    let bench = Bench::new();
    // The advertisement is in doubt, so that the gate lets it be looked for; it is not there.
    let sent = requests_of_a_good_run().await - 2;
    bench.site.decide(sent, Fate::RequestLost);
    let mut run = bench.open();
    failure(bench.carry_out(&mut run).await);
    let mut run = run.within(Bounds {
        limits: Limits {
            max_members: 1,
            ..Limits::default()
        },
        access: Access::Write,
    });
    let failed = failure(bench.carry_out(&mut run).await);
    assert_eq!(
        (failed.op, failed.cause),
        (OpNumber(8), Cause::FactsChanged)
    );
    assert!(bench.site.table("SMS_Advertisement").is_empty());
}

#[tokio::test(start_paused = true)]
async fn nobody_goes_on_without_a_rule_that_leaves_devices_out() {
    for excludes in [false, true] {
        let mut plan = everything();
        let Operation::Rules(rules) = &mut plan.operations[3].operation else {
            panic!("rules")
        };
        if excludes {
            rules.rules.push(CollectionRule::Exclude {
                name: "Kiosks".into(),
                collection: "LAB00015".into(),
            });
        }
        let total = rules.rules.len();
        let bench = Bench::of(&plan);
        let requests = {
            let good = Bench::of(&plan);
            good.carry_out(&mut good.open()).await;
            good.site.requests()
        };
        let mut adds =
            (0..requests.len()).filter(|at| requests[*at].ends_with("AddMembershipRule"));
        bench.site.decide(adds.next_back().unwrap(), Fate::Refused);
        let failed = failure(bench.carry_out(&mut bench.open()).await);
        assert_eq!(failed.cause, Cause::Partly);
        assert_eq!(
            failed.offers.contains(&Offer::GoOn),
            !excludes,
            "{failed:?}"
        );
        let asked = failed.going_on(&plan);
        assert!(
            asked.contains(&format!("{} of {total} done", total - 1))
                && asked.contains("2 devices"),
            "{asked}"
        );
    }
}
