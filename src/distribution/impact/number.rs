//! The numbers of the impact panel: whom each counts, and how those can be listed. Pure.

use crate::distribution::facts::{Impact, Named, NamedProgram, Target};
use crate::sms::ids::CollectionId;

/// Whom a number counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    Members,
    Workstations,
    Servers,
    Others,
    SiteSystems,
    WithClient,
    Active,
    /// Devices that obey exactly one of these lists of windows; the empty list is that of devices without any.
    Obeying(Vec<Vec<String>>),
    /// Devices that ran the program, however it ended.
    Ran(NamedProgram),
    Failed(NamedProgram),
    /// The members of a collection that this one includes.
    Included(Named),
    /// Members the site counts and does not show.
    Hidden,
}

/// One number of the panel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number {
    pub who: Who,
    /// How many rows a list of them has.
    pub count: u64,
    /// Which number it is, where the panel is out of sight: `12 have no maintenance window`.
    pub title: String,
}

/// Devices of a target that only this console has told from the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reached {
    pub target: Target,
    pub who: Who,
}

/// Members as the site itself can be asked for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    All,
    WithClient,
    Active,
}

/// How the devices behind a number are listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Way {
    /// The site knows them by a property of membership: it is asked page by page, however many they are.
    Asked(CollectionId, Kept),
    /// They were told apart device by device, and are found again so.
    Counted(Reached),
}

impl Number {
    pub fn new(who: Who, count: u64, title: impl Into<String>) -> Self {
        Self {
            who,
            count,
            title: title.into(),
        }
    }

    /// How they are listed, or why nobody can list them here, with the way out.
    pub fn way(&self, target: &Target, impact: &Impact) -> Result<Way, String> {
        let collection = impact.collection.as_ref();
        let collection = collection.map(|named| CollectionId::new(&named.id));
        let kept = match &self.who {
            Who::Hidden => return Err(OUT_OF_SIGHT.to_owned()),
            Who::Included(named) => {
                return Ok(Way::Asked(CollectionId::new(&named.id), Kept::All));
            }
            Who::Members => Some(Kept::All),
            Who::WithClient => Some(Kept::WithClient),
            Who::Active => Some(Kept::Active),
            // Users are members too, and have no row among the devices.
            Who::Others if self.count == impact.seen() => Some(Kept::All),
            _ => None,
        };
        Ok(match (collection, kept) {
            (Some(collection), Some(kept)) => Way::Asked(collection, kept),
            _ => Way::Counted(Reached {
                target: target.clone(),
                who: self.who.clone(),
            }),
        })
    }
}

/// The site tells how many they are and nothing else. Short enough for the smallest screen, the way out included.
const OUT_OF_SIGHT: &str = "hidden from your account; ask for Read Resource on them";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::facts::Fact;

    fn impact(members: u64, is_made: bool) -> Impact {
        Impact {
            members,
            hidden: 0,
            fingerprint: String::new(),
            sample: Vec::new(),
            kinds: Fact::NotAsked,
            largest_included: None,
            collection: is_made.then(|| {
                Box::new(Named {
                    id: "LAB00014".into(),
                    name: "Pilot PCs".into(),
                })
            }),
            parts: None,
        }
    }

    fn way(who: Who, count: u64, is_made: bool) -> Result<Way, String> {
        let target = Target::Existing("Pilot PCs".into());
        Number::new(who, count, "").way(&target, &impact(37, is_made))
    }

    #[test]
    fn what_is_a_property_of_membership_is_asked_of_the_site() {
        let asked = |id: &str, kept| Ok(Way::Asked(CollectionId::new(id), kept));
        assert_eq!(way(Who::Members, 37, true), asked("LAB00014", Kept::All));
        assert_eq!(way(Who::Active, 34, true), asked("LAB00014", Kept::Active));
        let included = Named {
            id: "LAB00020".into(),
            name: "Finance PCs".into(),
        };
        assert_eq!(
            way(Who::Included(included), 64, true),
            asked("LAB00020", Kept::All)
        );
    }

    #[test]
    fn what_was_told_apart_here_is_found_again_as_it_was_counted() {
        for (who, is_made) in [
            (Who::Servers, true),
            (Who::Obeying(vec![Vec::new()]), true),
            (Who::Members, false),
        ] {
            let counted = way(who.clone(), 2, is_made);
            assert!(
                matches!(&counted, Ok(Way::Counted(reached)) if reached.who == who),
                "{counted:?}"
            );
        }
    }

    #[test]
    fn members_without_a_platform_are_users_and_no_devices() {
        let all = way(Who::Others, 37, true);
        assert!(matches!(all, Ok(Way::Asked(_, Kept::All))), "{all:?}");
        let some = way(Who::Others, 3, true);
        assert!(matches!(some, Ok(Way::Counted(_))), "{some:?}");
    }

    #[test]
    fn who_is_hidden_is_not_listed_and_the_way_out_is_named() {
        let reason = way(Who::Hidden, 6, true).unwrap_err();
        assert!(reason.contains("ask for Read Resource"), "{reason}");
    }
}
