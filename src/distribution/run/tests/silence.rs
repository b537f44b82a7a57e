//! Lines that are down for a while, and sites that are silent: what is waited for, for how long, and what is said.

use std::time::Duration;

use tokio::time::Instant;

use super::fake::Fate;
use super::{Bench, failure, requests_of_a_good_run};
use crate::distribution::run::{Cause, End, Offer, Progress};

#[tokio::test(start_paused = true)]
async fn a_line_that_is_down_for_half_a_minute_is_waited_for_at_any_request() {
    let mut left_to_a_person = 0;
    for number in 0..requests_of_a_good_run().await {
        for fate in [Fate::DownAfter, Fate::DownBefore] {
            let bench = Bench::new();
            bench.site.decide(number, fate);
            let mut run = bench.open();
            let mut end = bench.carry_out(&mut run).await;
            if let End::Failed(failure) = &end {
                // What was sent may still be under way: a person says whether it is sent again.
                let in_doubt = fate == Fate::DownBefore && failure.cause == Cause::Unknown;
                assert!(in_doubt, "{fate:?} {number}: {failure:?}");
                left_to_a_person += 1;
                tokio::time::sleep(Duration::from_secs(30)).await;
                end = bench.carry_out(&mut run).await;
            }
            let context = format!("{fate:?} {number}");
            assert!(matches!(end, End::Done { .. }), "{context}: {end:?}");
            bench.assert_made_once(&context);
        }
    }
    // The four objects that are made by a request of their own.
    assert_eq!(left_to_a_person, 4);
}

#[tokio::test(start_paused = true)]
async fn what_is_waited_for_is_said_while_the_site_is_silent() {
    let bench = Bench::new();
    bench.site.decide(4, Fate::DownAfter);
    let mut seen = bench.progress.subscribe();
    let watching = tokio::spawn(async move {
        let silent = |progress: &Progress| {
            let mut lines = progress.lines.iter();
            lines.any(|line| line.words.contains("(no route to host); trying again"))
        };
        seen.wait_for(silent).await.is_ok()
    });
    let end = bench.carry_out(&mut bench.open()).await;
    assert!(matches!(end, End::Done { .. }), "{end:?}");
    assert!(watching.await.unwrap());
}

#[tokio::test(start_paused = true)]
async fn a_line_that_goes_down_between_two_requests_needs_nobody() {
    for number in 1..requests_of_a_good_run().await {
        let bench = Bench::new();
        bench.site.decide(number, Fate::DownUnsent);
        let end = bench.carry_out(&mut bench.open()).await;
        assert!(matches!(end, End::Done { .. }), "{number}: {end:?}");
        bench.assert_made_once(&format!("request {number}"));
    }
}

#[tokio::test(start_paused = true)]
async fn a_site_that_is_mute_for_half_a_minute_is_looked_at_again_at_any_request() {
    for number in 1..requests_of_a_good_run().await {
        for fate in [Fate::MuteAfter, Fate::MuteBefore] {
            let bench = Bench::new();
            bench.site.decide(number, fate);
            let mut run = bench.open();
            let mut end = bench.carry_out(&mut run).await;
            if let End::Failed(failure) = &end {
                assert_eq!(fate, Fate::MuteBefore, "{number}: {failure:?}");
                assert_eq!(failure.cause, Cause::Unknown, "{number}: {failure:?}");
                end = bench.carry_out(&mut run).await;
            }
            assert!(
                matches!(end, End::Done { .. }),
                "{fate:?} {number}: {end:?}"
            );
            bench.assert_made_once(&format!("{fate:?} {number}"));
        }
    }
}

/// Where a request is in a run in which the line was down at some others.
async fn number_of_last(name: &str, down_at: Option<usize>) -> usize {
    let bench = Bench::new();
    if let Some(number) = down_at {
        bench.site.decide(number, Fate::DownUnsent);
    }
    bench.carry_out(&mut bench.open()).await;
    let requests = bench.site.requests();
    requests
        .iter()
        .rposition(|request| request == name)
        .unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_line_that_is_down_twice_in_one_operation_is_waited_for_twice() {
    let add = "POST SMS_Collection.AddMembershipRule";
    let first = number_of_last(add, None).await - 1;
    let second = number_of_last(add, Some(first)).await;
    let bench = Bench::new();
    bench.site.set_outage(Duration::from_secs(75));
    bench.site.decide(first, Fate::DownUnsent);
    bench.site.decide(second, Fate::DownUnsent);
    let begun = Instant::now();
    let end = bench.carry_out(&mut bench.open()).await;
    assert!(matches!(end, End::Done { .. }), "{end:?}");
    assert!(begun.elapsed() >= Duration::from_secs(150));
    bench.assert_made_once("");
}

#[tokio::test(start_paused = true)]
async fn a_site_that_stays_silent_is_left_to_a_person_in_time() {
    for (fate, at_most) in [
        (Fate::DownUnsent, 100),
        (Fate::DownAfter, 100),
        // A minute for the answer, and one for the look at what became of it.
        (Fate::MuteAfter, 120),
    ] {
        let bench = Bench::new();
        bench.site.set_outage(Duration::from_hours(1));
        let create = number_of_last("POST SMS_Collection", None).await;
        bench.site.decide(create, fate);
        let begun = Instant::now();
        let failure = failure(bench.carry_out(&mut bench.open()).await);
        let waited = begun.elapsed().as_secs();
        assert!((90..=at_most).contains(&waited), "{fate:?}: {waited} s");
        let in_doubt = fate != Fate::DownUnsent;
        assert_eq!(failure.cause == Cause::Unknown, in_doubt, "{failure:?}");
        assert!(failure.offers.contains(&Offer::Retry), "{failure:?}");
    }
}
