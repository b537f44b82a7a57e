//! *When?* asked once: the usual occasions of an advertisement, each of which answers several fields. Pure.

use jiff::civil::{DateTime, Time};
use jiff::{ToSpan, Zoned};

use super::draft::{Draft, Misfit, Purpose, Value, When};
use super::facts::{Fact, Facts};
use super::field::FieldId;
use super::words;

/// A usual answer to *when?*. Nothing is preselected: an advertisement is never made by default.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Occasion {
    /// Required, from 20:00 on.
    Evening,
    /// Required now, which maintenance windows hold back until they open.
    NextWindow,
    /// Offered; people choose.
    Offer,
    /// The fields are answered one by one.
    Other,
}

/// One occasion as it is offered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offered {
    pub occasion: Occasion,
    pub label: &'static str,
    /// What choosing it does, with its time.
    pub help: String,
    /// Why it is not the one a person may look for.
    pub note: Option<String>,
    /// Why it cannot be chosen.
    pub refused: Option<String>,
}

impl Offered {
    /// What choosing it does, and why it is not another.
    pub fn in_words(&self) -> String {
        match &self.note {
            Some(note) => format!("{}; {note}", self.help),
            None => self.help.clone(),
        }
    }
}

/// Required software of an evening starts now.
const EVENING: i8 = 20;

impl Occasion {
    pub const ALL: [Self; 4] = [Self::Evening, Self::NextWindow, Self::Offer, Self::Other];

    /// The occasion the answers amount to; `None` while nobody has said whether it is required.
    pub fn of(draft: &Draft, now: &Zoned) -> Option<Self> {
        let purpose = draft.advertisement.purpose?;
        let fits = |occasion: &Self| {
            let mut tried = draft.clone();
            occasion.answer(&mut tried, now).is_ok() && tried == *draft
        };
        let usual = [Self::Evening, Self::NextWindow, Self::Offer];
        usual.into_iter().find(fits).or(match purpose {
            Purpose::Available | Purpose::Required => Some(Self::Other),
        })
    }

    /// Answers the fields this occasion stands for. *Other* leaves them as they are.
    pub fn answer(self, draft: &mut Draft, now: &Zoned) -> Result<(), Misfit> {
        let deadline = match self {
            Self::Other => return Ok(()),
            Self::Offer => None,
            Self::NextWindow => Some(When::Now),
            Self::Evening => Some(When::At(evening(draft.clock(now)))),
        };
        let purpose = if deadline.is_some() {
            "required"
        } else {
            "available"
        };
        draft.put(FieldId::AdvertisementPurpose, Some(&Value::from(purpose)))?;
        draft.put(FieldId::AdvertisementTrigger, None)?;
        draft.put(
            FieldId::AdvertisementDeadline,
            deadline.map(Value::Moment).as_ref(),
        )
    }

    /// Every occasion with what it would do now.
    pub fn offered(draft: &Draft, facts: &Facts, now: &Zoned) -> Vec<Offered> {
        Self::ALL
            .into_iter()
            .map(|occasion| occasion.offer(draft, facts, now))
            .collect()
    }

    fn offer(self, draft: &Draft, facts: &Facts, now: &Zoned) -> Offered {
        let clock = draft.clock(now);
        let at = evening(clock);
        let is_today = at.date() == clock.date();
        let (label, help) = match self {
            Self::Evening => (
                if is_today {
                    "Tonight"
                } else {
                    "Tomorrow night"
                },
                format!(
                    "Required from {} {}",
                    words::moment(at, clock),
                    words::clock(draft)
                ),
            ),
            Self::NextWindow => (
                "Next maintenance window",
                "Required now; each device waits for its window".to_owned(),
            ),
            Self::Offer => (
                "Let people choose",
                "Offered now; nothing runs by itself".to_owned(),
            ),
            Self::Other => ("Other…", "Purpose, times and all else by hand".to_owned()),
        };
        Offered {
            occasion: self,
            label,
            help,
            note: (self == Self::Evening && !is_today).then(|| not_tonight(clock)),
            refused: (self == Self::NextWindow)
                .then(|| without_windows(draft, facts))
                .flatten(),
        }
    }
}

/// Why tonight is not offered any more.
fn not_tonight(clock: DateTime) -> String {
    let how = if clock.hour() < EVENING {
        "is less than an hour away"
    } else {
        "has passed"
    };
    format!("tonight {EVENING}:00 {how}")
}

/// This evening, or tomorrow's where this one is less than an hour away.
fn evening(clock: DateTime) -> DateTime {
    let time = Time::new(EVENING, 0, 0, 0).unwrap_or(Time::midnight());
    let today = clock.date().to_datetime(time);
    let is_far = clock.checked_add(1.hour()).is_ok_and(|soon| soon <= today);
    if is_far {
        today
    } else {
        today.checked_add(1.day()).unwrap_or(today)
    }
}

/// Where no device has a window, the next one never comes and all would run at once.
fn without_windows(draft: &Draft, facts: &Facts) -> Option<String> {
    let Fact::Known { value, .. } = facts.windows(&draft.target()?) else {
        return None;
    };
    (value.with_windows() == 0).then(|| "no device has a window: all would run it at once".into())
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use jiff::civil::datetime;
    use jiff::tz::TimeZone;

    use super::*;
    use crate::distribution::facts::{Answer, Question, WindowGroup, WindowsFact};

    fn at(hour: i8, minute: i8) -> Zoned {
        datetime(2026, 11, 25, hour, minute, 0, 0)
            .to_zoned(TimeZone::UTC)
            .unwrap()
    }

    #[test]
    fn nobody_has_said_when_until_somebody_does() {
        assert_eq!(Occasion::of(&Draft::begin("lab"), &at(14, 0)), None);
    }

    #[test]
    fn an_occasion_answers_purpose_and_deadline_and_is_known_again() {
        for (occasion, purpose, deadline) in [
            (
                Occasion::Evening,
                Purpose::Required,
                Some("2026-11-25T20:00"),
            ),
            (Occasion::NextWindow, Purpose::Required, Some("now")),
            (Occasion::Offer, Purpose::Available, None),
        ] {
            let mut draft = Draft::begin("lab");
            occasion.answer(&mut draft, &at(14, 0)).unwrap();
            assert_eq!(draft.purpose(), purpose);
            let said = draft.deadline().map(|when| when.to_string());
            assert_eq!(said.as_deref(), deadline);
            assert_eq!(Occasion::of(&draft, &at(14, 0)), Some(occasion));
        }
    }

    #[test]
    fn another_deadline_is_another_occasion() {
        let mut draft = Draft::begin("lab");
        Occasion::Evening.answer(&mut draft, &at(14, 0)).unwrap();
        assert_eq!(
            Occasion::of(&draft, &at(21, 0)),
            Some(Occasion::Other),
            "an evening later"
        );
    }

    #[test]
    fn less_than_an_hour_before_it_the_evening_is_tomorrows() {
        let offered = |now: Zoned| {
            let all = Occasion::offered(&Draft::begin("lab"), &Facts::default(), &now);
            let first = &all[0];
            (first.label, first.note.clone().unwrap_or_default())
        };
        let told = |label, note: &str| (label, note.to_owned());
        assert_eq!(offered(at(19, 0)), told("Tonight", ""));
        assert_eq!(
            offered(at(19, 1)),
            told("Tomorrow night", "tonight 20:00 is less than an hour away")
        );
        assert_eq!(
            offered(at(22, 0)),
            told("Tomorrow night", "tonight 20:00 has passed")
        );
        assert_eq!(offered(at(0, 0)), told("Tonight", ""), "the day is young");
    }

    #[test]
    fn the_next_window_is_refused_where_nobody_has_one() {
        let mut draft = Draft::begin("lab");
        draft.collection.existing = Some("LAB00014".into());
        let mut facts = Facts::default();
        let windows = |schedules: Vec<String>| WindowsFact {
            groups: vec![WindowGroup {
                devices: 37,
                schedules,
            }],
        };
        let question = Question::Windows(draft.target().unwrap());
        let mut refused = |fact| {
            facts.learn(
                question.clone(),
                Fact::known(Answer::Windows(fact), Timestamp::UNIX_EPOCH),
            );
            Occasion::offered(&draft, &facts, &at(14, 0))[1]
                .refused
                .is_some()
        };
        assert!(refused(windows(Vec::new())));
        assert!(!refused(windows(vec!["some".into()])));
    }
}
