//! What is asked in a step, in its order. Pure.

use crate::distribution::course;
use crate::distribution::draft::Draft;
use crate::distribution::field::{FieldId, Latitude, Level, Step};

/// One question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Question {
    /// What goes out: package and program in one.
    What,
    /// When: the usual occasions.
    When,
    Field(FieldId),
}

/// How much of a step is asked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reach {
    /// What the person may choose at all.
    pub latitude: Latitude,
    /// The further settings as well.
    pub more: bool,
    /// Purpose and deadline one by one, as no usual occasion fits.
    pub by_hand: bool,
}

/// Every question of a step that counts for this draft.
pub fn questions(step: Step, draft: &Draft, reach: Reach) -> Vec<Question> {
    let mut questions = match step {
        Step::Start => vec![Question::What],
        Step::Advertisement => vec![Question::When],
        _ => Vec::new(),
    };
    // The occasion answers purpose and deadline.
    if step != Step::Advertisement || reach.by_hand || reach.more {
        questions.extend(fields(step, Level::Essential, draft, reach.latitude));
    }
    if reach.more {
        questions.extend(fields(step, Level::More, draft, reach.latitude));
    }
    questions
}

/// How many further settings a step has.
pub fn further(step: Step, draft: &Draft, latitude: Latitude) -> usize {
    fields(step, Level::More, draft, latitude).count()
}

fn fields(
    step: Step,
    level: Level,
    draft: &Draft,
    latitude: Latitude,
) -> impl Iterator<Item = Question> {
    course::asked(step, level, draft, latitude).map(|field| Question::Field(field.id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::Value;

    #[test]
    fn only_fields_that_count_now_are_asked() {
        let mut draft = Draft::begin("lab");
        let asks = |draft: &Draft, id| {
            questions(Step::Package, draft, Reach::default()).contains(&Question::Field(id))
        };
        assert!(asks(&draft, FieldId::PackageSource));
        assert!(!asks(&draft, FieldId::PackageUse));
        let no = Some(Value::Flag(false));
        draft.put(FieldId::PackageHasSource, no.as_ref()).unwrap();
        assert!(!asks(&draft, FieldId::PackageSource));
    }

    #[test]
    fn further_settings_are_asked_when_they_are_wanted() {
        let draft = Draft::begin("lab");
        let usual = questions(Step::Package, &draft, Reach::default());
        let latitude = Latitude::default();
        let all = Reach {
            more: true,
            ..Reach::default()
        };
        let all = questions(Step::Package, &draft, all);
        assert!(all.starts_with(&usual));
        assert_eq!(
            all.len(),
            usual.len() + further(Step::Package, &draft, latitude)
        );
    }

    #[test]
    fn purpose_and_deadline_are_asked_one_by_one_where_no_occasion_fits() {
        let draft = Draft::begin("lab");
        let purpose = Question::Field(FieldId::AdvertisementPurpose);
        let by_hand = Reach {
            by_hand: true,
            ..Reach::default()
        };
        let usual = questions(Step::Advertisement, &draft, Reach::default());
        assert_eq!(usual, [Question::When]);
        assert!(questions(Step::Advertisement, &draft, by_hand).contains(&purpose));
    }
}
