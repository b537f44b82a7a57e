//! What holds for every plan as a document.

use proptest::prelude::*;

use super::samples::{any_plan, everything, plan_of};
use super::*;
use crate::sms::advertisement_flags::AdvertFlags;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_plan_is_read_back_as_it_was_written(plan in any_plan()) {
        let text = plan.to_json().unwrap();
        let back: Plan = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(back, plan);
    }
}

#[test]
fn the_json_of_a_plan_is_stable() {
    let mut plan = everything();
    plan.id = "7f3a0000000040008000000000000001".parse().unwrap();
    insta::assert_snapshot!(plan.to_json().unwrap());
}

#[test]
fn a_plan_of_a_later_form_is_refused_with_both_numbers() {
    let text = everything()
        .to_json()
        .unwrap()
        .replace("\"consign_plan\": 1", "\"consign_plan\": 2");
    let error = Plan::from_json(&text).unwrap_err().to_string();
    assert!(
        error.contains("form 2") && error.contains("form 1"),
        "{error}"
    );
}

#[test]
fn a_plan_with_a_word_it_does_not_know_is_refused() {
    let text =
        everything()
            .to_json()
            .unwrap()
            .replacen("\"reason\"", "\"extra\": 1,\n  \"reason\"", 1);
    assert!(Plan::from_json(&text).is_err());
}

#[test]
fn an_operation_needs_only_what_comes_before_it() {
    let mut plan = everything();
    plan.operations.swap(0, 1);
    let error = Plan::from_json(&plan.to_json().unwrap()).unwrap_err();
    assert!(
        matches!(
            error,
            NotAPlan::Order {
                number: OpNumber(1),
                ..
            }
        ),
        "{error}"
    );
}

#[test]
fn the_advertisement_is_always_last() {
    let mut plan = everything();
    let mut advertisement = plan.operations.pop().unwrap();
    advertisement.needs.clear();
    plan.operations.insert(6, advertisement);
    let error = Plan::from_json(&plan.to_json().unwrap()).unwrap_err();
    assert!(
        matches!(error, NotAPlan::AdvertisementNotLast(OpNumber(7))),
        "{error}"
    );
}

#[test]
fn a_plan_expires_after_a_day() {
    let plan = everything();
    let hours = |hours| {
        plan.made_at
            .saturating_add(SignedDuration::from_hours(hours))
            .unwrap()
    };
    assert!(!plan.is_expired(hours(23)));
    assert!(plan.is_expired(hours(24)));
}

#[test]
fn a_sentence_says_what_is_made_and_to_whom_it_happens() {
    let mut plan = everything();
    plan.relied.target.members = Counted::Known(37);
    plan.relied.target.impact = Impact {
        workstations: Some(35),
        servers: Some(2),
        site_systems: Some(0),
    };
    assert_eq!(
        plan.sentence(),
        "Create package Line Tool 3.1 with program Install, send 1.6 MB to 1 server, make collection Line Tool - \
         Pilot, and install it on 37 devices (35 workstations, 2 servers) from Mon 30 Nov 20:00 device time, in \
         maintenance windows only, restarting none."
    );
}

#[test]
fn a_sentence_names_every_trigger() {
    let mut plan = everything();
    let advertisement = plan
        .operations
        .iter_mut()
        .find_map(|line| match &mut line.operation {
            Operation::Advertisement(advertisement) => Some(advertisement),
            _ => None,
        })
        .unwrap();
    advertisement.flags |= AdvertFlags::IMMEDIATE | AdvertFlags::ONUSERLOGON;
    let sentence = plan.sentence();
    assert!(
        sentence.contains(
            "from Mon 30 Nov 20:00 device time or as soon as they hear about it from Sat 28 Nov 08:00 device time on \
             or when somebody signs in"
        ),
        "{sentence}"
    );
}

#[test]
fn a_plan_without_operations_says_so() {
    assert_eq!(plan_of(Vec::new()).sentence(), "Nothing is to be done.");
}
