//! Where in a step the cursor can stand, and what each step asks. Pure.

use jiff::Zoned;

use crate::distribution::course;
use crate::distribution::draft::{Draft, Origin};
use crate::distribution::field::{Control, FieldId, Latitude, Level, Pick, Step};
use crate::distribution::occasion::Occasion;

/// One thing the cursor can stand on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    /// What goes out: package and program in one.
    What,
    /// When: the usual occasions.
    When,
    Field(FieldId),
    /// The fold over the settings few people need.
    More,
}

impl Place {
    /// The field it is, or the one it answers first.
    pub fn field(self) -> Option<FieldId> {
        match self {
            Self::What => Some(FieldId::PackageUse),
            Self::When => Some(FieldId::AdvertisementPurpose),
            Self::Field(id) => Some(id),
            Self::More => None,
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::What => "Software",
            Self::When => "When",
            Self::Field(id) => id.field().label,
            Self::More => "More settings",
        }
    }

    /// The line of help that is always on screen.
    pub fn help(self, latitude: Latitude) -> &'static str {
        match self {
            Self::What if latitude.new_packages => {
                "Type part of the name, maker, version or ID. The last row is for something new."
            }
            Self::What => "Type part of the name, maker, version or ID.",
            Self::When => "Nothing is chosen for you. Other… opens purpose, times and all else.",
            Self::Field(id) => id.field().help,
            Self::More => "Settings with a default that suits most. What was changed is named.",
        }
    }

    /// The objects it chooses from, one or several.
    pub fn pick(self) -> Option<Pick> {
        match self {
            Self::What => Some(Pick::AnyProgram),
            Self::Field(id) => match id.field().control {
                Control::Pick(pick) | Control::PickMany(pick) => Some(pick),
                _ => None,
            },
            Self::When | Self::More => None,
        }
    }

    /// Whether it only says where the answers come from, so that the cursor begins behind it.
    fn is_mode(self) -> bool {
        matches!(
            self,
            Self::Field(FieldId::PackageMode | FieldId::ProgramMode | FieldId::CollectionMode)
        )
    }
}

/// Everything the cursor can stand on in a step, from top to bottom.
pub fn places(
    step: Step,
    draft: &Draft,
    latitude: Latitude,
    shows_more: bool,
    opened: bool,
) -> Vec<Place> {
    let mut places = Vec::new();
    match step {
        Step::Start => places.push(Place::What),
        Step::Advertisement => places.push(Place::When),
        _ => {}
    }
    // The occasion answers purpose and deadline; they are opened by its last choice.
    if step != Step::Advertisement || opened || shows_more {
        places.extend(fields(step, Level::Essential, draft, latitude));
    }
    let mut more = fields(step, Level::More, draft, latitude).peekable();
    if more.peek().is_some() {
        places.push(Place::More);
        if shows_more {
            places.extend(more);
        }
    }
    places
}

fn fields(
    step: Step,
    level: Level,
    draft: &Draft,
    latitude: Latitude,
) -> impl Iterator<Item = Place> {
    course::asked(step, level, draft, latitude).map(|field| Place::Field(field.id))
}

/// Where the cursor begins in a step: the first place without an answer, else the first.
pub fn first(places: &[Place], draft: &Draft, now: &Zoned) -> Place {
    let asking = || places.iter().copied().filter(|place| !place.is_mode());
    asking()
        .find(|place| !is_answered(*place, draft, now) && *place != Place::More)
        .or_else(|| asking().next())
        .unwrap_or(Place::More)
}

/// Whether something was said there.
pub fn is_answered(place: Place, draft: &Draft, now: &Zoned) -> bool {
    match place {
        Place::What => {
            draft.package_origin() == Origin::Existing
                && !draft.text(FieldId::PackageUse).is_empty()
                && !draft.text(FieldId::ProgramUse).is_empty()
        }
        Place::When => Occasion::of(draft, now).is_some(),
        Place::Field(id) => draft.value(id).is_some_and(|value| !value.is_blank()),
        Place::More => true,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::datetime;
    use jiff::tz::TimeZone;

    use super::*;
    use crate::distribution::draft::Value;

    fn now() -> Zoned {
        datetime(2026, 11, 25, 14, 2, 0, 0)
            .to_zoned(TimeZone::UTC)
            .unwrap()
    }

    #[test]
    fn the_first_question_of_each_step_needs_no_tab() {
        let draft = Draft::begin("lab");
        let first = |step| {
            first(
                &places(step, &draft, Latitude::default(), false, false),
                &draft,
                &now(),
            )
        };
        assert_eq!(first(Step::Start), Place::What);
        assert_eq!(first(Step::Package), Place::Field(FieldId::PackageName));
        assert_eq!(
            first(Step::Collection),
            Place::Field(FieldId::CollectionUse)
        );
        assert_eq!(first(Step::Advertisement), Place::When);
    }

    #[test]
    fn the_fold_hides_what_few_people_need() {
        let draft = Draft::begin("lab");
        let all = Latitude::default();
        let folded = places(Step::Package, &draft, all, false, false);
        assert_eq!(folded.last(), Some(&Place::More));
        assert!(places(Step::Package, &draft, all, true, false).len() > folded.len());
        let guided = Latitude { more: false, ..all };
        let guided = places(Step::Package, &draft, guided, true, false);
        assert_eq!(guided, folded[..folded.len() - 1]);
    }

    #[test]
    fn purpose_and_deadline_open_with_the_last_occasion() {
        let mut draft = Draft::begin("lab");
        draft
            .put(
                FieldId::AdvertisementPurpose,
                Some(&Value::from("required")),
            )
            .unwrap();
        let has = |opened| {
            places(
                Step::Advertisement,
                &draft,
                Latitude::default(),
                false,
                opened,
            )
            .contains(&Place::Field(FieldId::AdvertisementDeadline))
        };
        assert!(!has(false));
        assert!(has(true));
    }
}
