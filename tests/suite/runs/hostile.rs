//! Whole plans against a site that plays a difficult real one: whatever it does, the plan ends right, nothing is made twice
//! and nothing is lost.

use consign::config::Limits;
use consign::distribution::Draft;
use consign::distribution::draft::{Purpose, When};
use consign::distribution::run::{Cause, End, Offer, Run};
use consign::error::SiteError;
use consign::odata::Order;
use consign::provider::{Patience, Position, Provider, WindowAsk};
use consign::site::strict::{Quirk, Script, Trouble, TroubleKind};
use consign::sms::advertisement::{Advertisement, AdvertisementRow};
use consign::sms::advertisement_flags::AdvertFlags;
use consign::sms::ids::ProgramId;
use consign::sms::package::PackageRow;
use consign::sms::program::{Program, ProgramChanges};
use consign::sms::resource::DeviceRow;
use futures_util::future::join_all;
use strum::IntoEnumIterator;

use super::bench::{Bench, carry_out, roll_back};
use super::{NOTHING, ONE_OF_EACH, assert_done, objects};

fn quirks(quirks: impl IntoIterator<Item = Quirk>) -> Script {
    Script {
        quirks: quirks.into_iter().collect(),
        ..Script::default()
    }
}

fn in_trouble(kind: TroubleKind, number: usize) -> Script {
    Script {
        troubles: vec![Trouble::at(kind, number)],
        ..Script::default()
    }
}

/// Carries on until it is done, as a person would who chooses to retry.
async fn to_its_end(run: &mut Run, provider: &Provider, context: &str) -> usize {
    for attempt in 0..30 {
        match carry_out(run, provider).await {
            End::Done { .. } => return attempt,
            End::Failed(failure) => {
                let again = [Offer::Retry, Offer::RetryRest, Offer::WaitMore];
                let can_go_on = again.iter().any(|offer| failure.offers.contains(offer));
                assert!(can_go_on, "{context}: {failure:?}");
            }
            End::Stopped(_) => panic!("{context}: nobody stopped it"),
        }
    }
    panic!("{context}: it never ends");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_plan_ends_right_in_every_trouble_and_is_taken_back_in_it() {
    let bench = Bench::new().await;
    let one = async |kind: TroubleKind| {
        let name = format!("In {kind}");
        // Looking for what became of a request takes seven good answers in a row.
        let provider = bench.playing_to(in_trouble(kind, 11), Patience::default().repeats);
        // Who shows nothing to sign in with does not ask again; who shows a token is told of in `cli::served`.
        let planner = if kind == TroubleKind::SignedOut {
            bench.provider()
        } else {
            provider.clone()
        };
        let plan = Bench::planned(&planner, &bench.draft(&name), &Limits::default()).await;
        let mut run = bench.open(&plan);
        to_its_end(&mut run, &provider, &name).await;
        assert_eq!(objects(&bench, &name).await, ONE_OF_EACH, "{name}");
        for _ in 0..30 {
            if roll_back(&mut run, &provider).await.is_whole() {
                break;
            }
        }
        assert_eq!(objects(&bench, &name).await, NOTHING, "{name}");
    };
    // One byte a second is told of below: whole plans would take a day.
    let kinds = TroubleKind::iter().filter(|kind| *kind != TroubleKind::Slow);
    join_all(kinds.map(one)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_line_cut_at_any_request_makes_nothing_twice_and_loses_nothing() {
    let bench = Bench::new().await;
    let one = async |(kind, number): (TroubleKind, usize)| {
        let name = format!("{kind} {number}");
        let provider = bench.playing(in_trouble(kind, number));
        let plan = bench.plan(&bench.draft(&name)).await;
        let mut run = bench.open(&plan);
        let times = to_its_end(&mut run, &provider, &name).await;
        assert_eq!(objects(&bench, &name).await, ONE_OF_EACH, "{name}");
        // One cut needs a person once, if at all.
        assert!(times <= 1, "{name}: taken up {times} times");
    };
    for kind in [TroubleKind::CutBefore, TroubleKind::CutAfter] {
        for first in [1, 9, 17] {
            join_all((first..first + 8).map(|number| one((kind, number)))).await;
        }
    }
}

fn required(bench: &Bench, name: &str) -> Draft {
    let mut draft = bench.draft(name);
    draft.advertisement.purpose = Some(Purpose::Required);
    draft.advertisement.deadline = Some(When::At("2031-11-30T20:00".parse().unwrap()));
    draft
}

fn without_schedules() -> Limits {
    Limits {
        takes_schedules: Some(false),
        ..Limits::default()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_a_strict_site_a_deadline_is_written_as_the_moment_it_begins() {
    let bench = Bench::new().await;
    let mut script = Script::strict();
    script.quirks.insert(Quirk::NoPut);
    let strict = bench.playing(script);
    let plan = bench
        .plan_within(&required(&bench, "Strict"), &without_schedules())
        .await;
    let notes = &plan.demand.notes;
    assert!(notes.iter().any(|note| note.code == "PLN-I03"), "{notes:?}");
    let mut run = bench.open(&plan);
    assert_done(&carry_out(&mut run, &strict).await, "strict");
    assert_eq!(objects(&bench, "Strict").await, ONE_OF_EACH);
    let made = run.made();
    let advertised = made.iter().find(|made| made.title == "Advertisement");
    let id = advertised.unwrap().id.as_str();
    let made: Advertisement = strict.get(&id.into()).await.unwrap();
    assert!(made.advert_flags.contains(AdvertFlags::IMMEDIATE));
    assert!(made.assigned_schedule.is_empty());
    assert_eq!(
        made.present_time.unwrap().to_string(),
        "2031-11-30T20:00:00Z"
    );
    // The one thing it cannot do is told in the end, and keeps what hangs on it.
    let back = roll_back(&mut run, &strict).await;
    assert!(!back.is_whole());
    assert!(back.words().contains("not possible here"), "{back:?}");
    let [packages, programs, collections, _, advertisements] = objects(&bench, "Strict").await;
    assert_eq!((packages, programs), (1, 0), "{back:?}");
    assert_eq!((collections, advertisements), (0, 0), "{back:?}");
    assert!(bench.roll_back(&mut run).await.is_whole());
    assert_eq!(objects(&bench, "Strict").await, NOTHING);
}

/// The program a run made.
fn program(run: &Run) -> ProgramId {
    let made = run.made();
    let program = made.iter().find(|made| made.title == "Program");
    program.unwrap().id.parse().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_of_several_parts_are_written_as_the_site_takes_them() {
    let bench = Bench::new().await;
    for quirk in [Quirk::TurnedKeys, Quirk::UnnamedKeys] {
        let name = quirk.to_string();
        let provider = bench.playing(quirks([quirk]));
        let mut run = bench.open(&bench.plan(&bench.draft(&name)).await);
        assert_done(&carry_out(&mut run, &provider).await, &name);
        assert_eq!(objects(&bench, &name).await, ONE_OF_EACH, "{name}");
        let read: Program = provider.get(&program(&run)).await.unwrap();
        assert_eq!(read.command_line, "install.sh --quiet");
        assert!(roll_back(&mut run, &provider).await.is_whole(), "{name}");
        assert_eq!(objects(&bench, &name).await, NOTHING, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_no_key_of_several_parts_is_taken_what_stays_is_told() {
    let bench = Bench::new().await;
    let blind = bench.playing(quirks([Quirk::NoPartedKeys]));
    let mut run = bench.open(&bench.plan(&bench.draft("Blind")).await);
    assert_done(&carry_out(&mut run, &blind).await, "blind");
    let id = program(&run);
    let told = blind.get::<Program>(&id).await.unwrap_err().to_string();
    assert!(
        told.contains("cannot read a key of several parts"),
        "{told}"
    );
    let changes = ProgramChanges {
        comment: Some("changed".into()),
        ..ProgramChanges::default()
    };
    blind.update(&id, &changes).await.unwrap();
    let read: Program = bench.provider().get(&id).await.unwrap();
    assert_eq!(read.comment, "changed");
    let back = roll_back(&mut run, &blind).await;
    assert!(
        back.words().contains("cannot read a key of several parts"),
        "{back:?}"
    );
    assert_eq!(objects(&bench, "Blind").await, [1, 1, 0, 1, 0]);
    assert!(bench.roll_back(&mut run).await.is_whole());
    assert_eq!(objects(&bench, "Blind").await, NOTHING);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_schedule_that_is_refused_advertises_nothing_and_says_what_to_set() {
    let bench = Bench::new().await;
    let strict = bench.playing(Script::strict());
    let plan = bench.plan(&required(&bench, "Refused")).await;
    let End::Failed(failure) = carry_out(&mut bench.open(&plan), &strict).await else {
        panic!("a strict site takes no schedule");
    };
    assert_eq!(failure.cause, Cause::Refused);
    assert!(
        failure.reason.contains("takes_schedules = false"),
        "{failure:?}"
    );
    assert_eq!(objects(&bench, "Refused").await, [1, 1, 1, 1, 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clock_that_shifts_times_stops_the_run_with_both_values() {
    let bench = Bench::new().await;
    let shifting = bench.playing(quirks([Quirk::ShiftedClock]));
    let plan = bench.plan(&required(&bench, "Shifted")).await;
    let mut run = bench.open(&plan);
    let End::Failed(failure) = carry_out(&mut run, &shifting).await else {
        panic!("the times are not what was sent");
    };
    assert_eq!(failure.cause, Cause::StoredOtherwise);
    assert!(failure.offers.contains(&Offer::RollBack), "{failure:?}");
    let [stored, sent] = times(&failure.words);
    let apart = stored.duration_since(sent).as_secs();
    assert_eq!(apart, 3600, "{}", failure.words);
    assert!(roll_back(&mut run, &shifting).await.is_whole());
    assert_eq!(objects(&bench, "Shifted").await, NOTHING);
}

/// The times that were said to be stored and sent.
fn times(words: &str) -> [jiff::Timestamp; 2] {
    let said = words.split(' ').filter_map(|word| word.parse().ok());
    let said: Vec<jiff::Timestamp> = said.collect();
    said.try_into().unwrap_or_else(|_| panic!("{words}"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_may_only_look_is_told_so_and_changes_nothing() {
    let bench = Bench::new().await;
    let viewer = bench.playing(quirks([Quirk::Viewer]));
    let all: Vec<PackageRow> = bench.provider().list(None).await.unwrap();
    let seen: Vec<PackageRow> = viewer.list(None).await.unwrap();
    assert!(!seen.is_empty() && seen.len() < all.len());
    let plan = bench.plan(&bench.draft("Looked at")).await;
    let End::Failed(failure) = carry_out(&mut bench.open(&plan), &viewer).await else {
        panic!("a viewer makes nothing");
    };
    assert_eq!(failure.cause, Cause::Refused);
    assert!(failure.reason.contains("you may not"), "{failure:?}");
    assert_eq!(objects(&bench, "Looked at").await, NOTHING);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_that_does_not_come_in_time_is_never_an_empty_one() {
    let bench = Bench::new().await;
    for (kind, said) in [
        (TroubleKind::Slow, "no whole answer came within"),
        (TroubleKind::CutBody, "the answer broke off"),
        (TroubleKind::CutBefore, "the answer broke off"),
        (TroubleKind::HalfJson, "it ends in the middle"),
        (TroubleKind::Garbage, "it is no JSON"),
        (
            TroubleKind::Html,
            "it is a web page, \"Sign in to the network\"",
        ),
        (TroubleKind::Redirect, "is the url right?"),
        (TroubleKind::SignedOut, "did not accept the sign-in"),
        (TroubleKind::FailedAfter, "the site failed to read"),
        (TroubleKind::Busy, "not ready"),
    ] {
        let provider = bench.playing(in_trouble(kind, 1));
        let list: Result<Vec<AdvertisementRow>, SiteError> = provider.list(None).await;
        let told = list.unwrap_err().to_string();
        assert!(told.contains(said), "{kind}: {told}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn short_pages_with_links_are_read_whole() {
    let bench = Bench::new().await;
    let paged = bench.playing(quirks([Quirk::NextLink]));
    let all: Vec<DeviceRow> = bench.provider().list(None).await.unwrap();
    let read: Vec<DeviceRow> = paged.list(None).await.unwrap();
    assert!(all.len() > 50, "{}", all.len());
    assert_eq!(all, read);
    let ask = WindowAsk {
        filter: None,
        order: Order {
            property: "Name".into(),
            descending: false,
        },
        from: Position::Start,
        size: 55,
    };
    let page = paged.window::<DeviceRow>(&ask).await.unwrap();
    assert_eq!((page.rows.len(), page.more), (55, true));
}
